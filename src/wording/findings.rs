//! A finding in sentences: who, what and where; what was seen; what follows from it; what to do.

use std::collections::BTreeMap;

use crate::model::{Employment, Evidence, Finding, Kind, Looks, Matches, Report, Subject};

use super::cross_check::lacks;
use super::{
    Names, account, count, gone_lists, grants, hours, kind_counted, list, names, recognition, thousands, visible,
};

/// Who, what and where, in one sentence.
#[must_use]
pub fn title(report: &Report<'_>, finding: &Finding) -> String {
    let world = report.world;
    let told = Told::by(finding);
    let names = names(world, finding.subject);
    let name = |name: &Option<String>| visible(name.as_deref().unwrap_or("?")).into_owned();
    let who = name(&names.principal);
    let holder = holder(&names);
    let place = place(&names);
    let set = name(&names.permission_set);
    match finding.subject {
        Subject::User(_) | Subject::Group(_) if told.contradicted > 0 => lacks(&lower(&holder), told.contradicted),
        Subject::PermissionSet(_) if told.contradicted > 0 => {
            lacks(&format!("permission set `{set}`"), told.contradicted)
        }
        Subject::User(_) | Subject::Group(_) if told.undecided => format!("Nobody can say who {} is", lower(&holder)),
        Subject::User(_) => match told.ended {
            Some(ended) => format!("User `{who}` {} and is still in Identity Center", left(ended)),
            None if told.cannot_sign_in => format!("User `{who}` is expected, and is disabled in Identity Center"),
            None if told.orphaned => {
                format!("User `{who}` still holds something, and Identity Center does not list them")
            }
            None => format!("User `{who}` is in Identity Center, and no expected list names them"),
        },
        Subject::DueGroup(_) => format!("Rows expect group `{who}`, and Identity Center does not have it"),
        Subject::PermissionSet(_) if told.differs => {
            format!("Permission set `{set}` does not allow what was approved")
        }
        Subject::PermissionSet(_) if told.became && !told.listed => {
            format!("Permission set `{set}` became administrative, and no expected list says what it may allow")
        }
        Subject::PermissionSet(_) if told.unapproved => {
            format!("Permission set `{set}` makes its holders administrators, and its row does not approve that")
        }
        Subject::PermissionSet(_) if told.outdated > 0 => format!(
            "Permission set `{set}` was changed, and an older version of it is in force in {}",
            count(told.outdated, "account")
        ),
        Subject::PermissionSet(_) => format!("Permission set `{set}` exists, and no expected list names it"),
        Subject::DuePermissionSet(_) => format!("Permission set `{set}` is expected, and is not there"),
        Subject::IdleRow(_) => format!("The row at `{}` means nothing that exists", name(&names.list)),
        Subject::DueUser(_) => format!("`{who}` is expected in Identity Center, and is not there"),
        Subject::Group(_) if told.orphaned => {
            format!("Group `{who}` still holds something, and Identity Center does not list it")
        }
        Subject::Group(_) if told.unjudged_administrative => {
            format!("Group `{who}` gives administrative access, and no expected list says who is in it")
        }
        Subject::Group(_) => format!("Group `{who}` is in Identity Center, and no expected list names it"),
        Subject::Membership(..) => match told.ended {
            Some(ended) => format!("User `{who}` {} and is still in group `{}`", left(ended), name(&names.group)),
            None => format!("User `{who}` is in group `{}`, and no expected list says so", name(&names.group)),
        },
        Subject::DueMembership(..) => {
            format!("`{who}` is expected in group `{}`, and is not in it", name(&names.group))
        }
        Subject::Assignment(..) if told.orphaned => {
            format!("`{set}` in {place} is assigned to {}, which Identity Center does not list", lower(&holder))
        }
        Subject::Assignment(..) if told.unjudged_administrative => {
            format!("{holder} has `{set}` in {place}, which is administrative, and no expected list speaks of it")
        }
        Subject::Assignment(..) if told.lapsed => {
            format!("{holder} still has `{set}` in {place}, and the row that expected it has expired")
        }
        Subject::Assignment(..) => format!("{holder} has `{set}` in {place}, and no expected list says so"),
        Subject::PermissionSetOf(..) if told.unjudged_administrative => format!(
            "{holder} has `{set}` in {}, which is administrative, and no expected list speaks of it",
            count(told.held, "account")
        ),
        Subject::PermissionSetOf(..) => match told.held {
            0 => format!("{holder} has `{set}`, and no expected list says so"),
            held => format!("{holder} has `{set}` in {}, and no expected list says so", count(held, "account")),
        },
        Subject::DueAssignment(_) => match told.nothing_such {
            Some(what) => format!("A row expects `{set}` for {} in {place}, but {what}", lower(&holder)),
            None => format!("{holder} is expected to have `{set}` in {place}, and does not"),
        },
        Subject::Application(..)
        | Subject::DueApplication(_)
        | Subject::Entitlement(..)
        | Subject::DueEntitlement(_) => grants::title(&names, finding.subject, &told),
        Subject::IamUser(..) => match told.ended {
            _ if told.unowned => format!("Nobody answers for IAM user `{who}` in {place}"),
            _ if told.no_second_factor => {
                format!("IAM user `{who}` in {place} can sign in without a second factor")
            }
            _ if told.keys > 0 => {
                format!(
                    "IAM user `{who}` in {place} has an active access key, and the person who answers for it has left"
                )
            }
            _ if told.certificates => {
                format!(
                    "IAM user `{who}` in {place} has an active signing certificate, and the person who answers for it has \
                     left"
                )
            }
            _ if told.service_keys => {
                format!(
                    "IAM user `{who}` in {place} has an active password or API key for a single service, and the person \
                     who answers for it has left"
                )
            }
            Some(ended) => format!("IAM user `{who}` is in {place}, and the person who answers for it {}", left(ended)),
            None if told.differs => {
                format!("The policies of IAM user `{who}` in {place} do not allow what was approved")
            }
            None if told.unapproved => {
                format!("IAM user `{who}` in {place} is an administrator, and its row does not approve that")
            }
            None if told.owner_left => {
                format!("IAM user `{who}` is in {place}, and the person who answers for it has left")
            }
            None if told.unjudged_administrative => {
                format!("IAM user `{who}` in {place} is administrative, and no expected list speaks of it")
            }
            None => format!("IAM user `{who}` is in {place}, and no expected list names it"),
        },
        Subject::Trust(..) => {
            let whom = match told.everyone {
                true => "everyone",
                false => "somebody outside the organization",
            };
            let trusted = name(&names.trusted);
            let but = match (told.absent, told.listed) {
                (true, _) => ", and no expected list says so",
                (false, true) if told.differs => ", and the role is not what its row approves",
                (false, true) if told.to_administer => ", and its row does not approve that the role is administrative",
                (false, true) => ", and its row does not approve the conditions",
                (false, false) => "",
            };
            format!("Role `{who}` in {place} trusts {whom} (`{trusted}`){but}")
        }
        Subject::DueTrust(_) => match told.nothing_such {
            Some(what) => {
                format!("A row expects role `{who}` in {place} to trust `{}`, but {what}", name(&names.trusted))
            }
            None => format!("Role `{who}` in {place} is expected to trust `{}`, and does not", name(&names.trusted)),
        },
        Subject::Root(_) if told.keys > 0 => format!("The root user of {place} has an active access key"),
        Subject::Root(_) => format!("The root user of {place} can sign in without a second factor"),
        Subject::DueIamUser(_) => match told.nothing_such {
            Some(what) => format!("A row expects IAM user `{who}` in {place}, but {what}"),
            None => format!("IAM user `{who}` is expected in {place}, and is not there"),
        },
        Subject::Policy(..) if told.unjudged_administrative => {
            let policy = name(&names.policy);
            format!(
                "IAM user `{who}` in {place} has administrative policy `{policy}`, and no expected list speaks of it"
            )
        }
        Subject::Policy(..) if told.not_of_aws => {
            let policy = name(&names.policy);
            format!(
                "IAM user `{who}` in {place} has a policy `{policy}` that is not the one of AWS, which its row names"
            )
        }
        Subject::Policy(..) => {
            format!("IAM user `{who}` in {place} has policy `{}`, and no expected list says so", name(&names.policy))
        }
        Subject::DuePolicy(..) => {
            format!("IAM user `{who}` in {place} is expected to have policy `{}`, and does not", name(&names.policy))
        }
        Subject::Directory => match (told.matches, told.looks) {
            (Some(matches), _) => format!("{} (is the key right?)", recognition::matches(matches)),
            (None, Some(looks)) => recognition::looks_title(looks),
            (None, None) => "The lists do not fit what AWS has".to_owned(),
        },
        Subject::GoneList(_) => gone_lists::title(finding),
        Subject::List(_) => match (told.age, told.shrunk) {
            (_, Some((rows, before))) => format!(
                "Expected list `{}` has {}, and had {} in the earlier run",
                name(&names.list),
                count(rows, "row"),
                thousands(before as u64)
            ),
            (Some(age), None) => format!(
                "Expected list `{}` was exported {} ago; the settings allow {}",
                name(&names.list),
                hours(age),
                hours(usize::try_from(world.policy.max_list_age.num_hours()).unwrap_or(0))
            ),
            (None, None) if told.cut => format!("Expected list `{}` is not there to its end", name(&names.list)),
            (None, None) => format!("Expected list `{}` lost characters of names", name(&names.list)),
        },
        Subject::Waiver(waiver) => {
            let waiver = &world.expectation.waivers[waiver.number()];
            let whom = waiver.principal.as_ref().map(|name| format!(" for `{}`", visible(name))).unwrap_or_default();
            if told.faulty {
                format!("The waiver of `{}`{whom} is not valid, and accepts nothing", visible(&waiver.rule))
            } else if waiver.expires < world.stamp.as_of.date_naive() {
                format!("The waiver of `{}`{whom} expired on {}", visible(&waiver.rule), waiver.expires)
            } else {
                format!("The waiver of `{}`{whom} accepts nothing that was found", visible(&waiver.rule))
            }
        }
    }
}

/// What the evidence tells a title.
#[derive(Default)]
pub(super) struct Told {
    ended: Option<Employment>,
    orphaned: bool,
    pub(super) unjudged_administrative: bool,
    owner_left: bool,
    pub(super) nothing_such: Option<&'static str>,
    pub(super) lapsed: bool,
    pub(super) differs: bool,
    undecided: bool,
    cannot_sign_in: bool,
    cut: bool,
    held: usize,
    age: Option<usize>,
    shrunk: Option<(usize, usize)>,
    absent: bool,
    listed: bool,
    unapproved: bool,
    pub(super) to_administer: bool,
    not_of_aws: bool,
    became: bool,
    keys: u8,
    service_keys: bool,
    certificates: bool,
    no_second_factor: bool,
    unowned: bool,
    everyone: bool,
    outdated: usize,
    contradicted: usize,
    faulty: bool,
    matches: Option<Matches>,
    looks: Option<Looks>,
}

impl Told {
    fn by(finding: &Finding) -> Self {
        let mut told = Told::default();
        let (mut administrative, mut absent, mut row) = (false, false, false);
        let mut owned = false;
        for evidence in &finding.evidence {
            match evidence {
                Evidence::Employment(employment) if employment.is_over() => told.ended = Some(*employment),
                Evidence::PrincipalNotListed => told.orphaned = true,
                Evidence::NoSuchAccount => told.nothing_such = Some("the organization has no such account"),
                Evidence::NoSuchPermissionSet => told.nothing_such = Some("there is no such permission set"),
                Evidence::NoSuchApplication => told.nothing_such = Some("Identity Center has no such application"),
                Evidence::NoSuchPrincipal => told.nothing_such = Some("Identity Center has no such principal"),
                Evidence::Holds(_) => told.held += 1,
                Evidence::ExportedAt(_, age) => told.age = usize::try_from(*age).ok(),
                Evidence::Administrative(_) => administrative = true,
                Evidence::NotIn(_) => absent = true,
                Evidence::Row(_) => row = true,
                Evidence::Owner(_) => owned = true,
                Evidence::Lapsed(..) => told.lapsed = true,
                Evidence::Digest { .. } | Evidence::NotToAdminister => told.differs = true,
                Evidence::ToApprove(column, _) => {
                    told.unapproved = true;
                    told.to_administer |= *column == "administrative";
                }
                Evidence::BecameAdministrative(_) => told.became = true,
                Evidence::NotOfAws { .. } => told.not_of_aws = true,
                Evidence::OlderVersionIn(_) => told.outdated += 1,
                Evidence::Contradicted(_) => told.contradicted += 1,
                Evidence::Matches(matches) => told.matches = Some(*matches),
                Evidence::Looks(looks) => told.looks = Some(*looks),
                Evidence::CannotSignIn => told.cannot_sign_in = true,
                Evidence::Fits(..) => told.undecided = true,
                Evidence::CutOff(_) => told.cut = true,
                Evidence::Shrunk { rows, before } => told.shrunk = Some((*rows as usize, *before as usize)),
                Evidence::ActiveKeys(keys) => told.keys = *keys,
                Evidence::SigningCertificates(_) => told.certificates = true,
                Evidence::ServiceCredentials(_) => told.service_keys = true,
                Evidence::NoSecondFactor => told.no_second_factor = true,
                Evidence::NoOwner => told.unowned = true,
                Evidence::TrustsEveryone => told.everyone = true,
                Evidence::WaiverFault(_) => told.faulty = true,
                Evidence::Employment(_)
                | Evidence::SaidToBeThere(_)
                | Evidence::NamesApart(_)
                | Evidence::Gone { .. }
                | Evidence::AdministratorsAmong(_)
                | Evidence::Reaches(_)
                | Evidence::LiveCredentials
                | Evidence::SignInRefused
                | Evidence::MadeBy(_)
                | Evidence::Made(..)
                | Evidence::NotProvisionable(_)
                | Evidence::PerhapsAdministrative(_)
                | Evidence::Conditions(_)
                | Evidence::NotAccepted { .. }
                | Evidence::MeansNothing(_) => {}
            }
        }
        told.absent = absent;
        told.listed = row;
        told.unjudged_administrative = administrative && !absent && !row && !told.lapsed;
        // A row that speaks of it, and no list that lacks it: what is wrong is the one who answers for it.
        told.owner_left = row && owned && !absent;
        told.unowned |= row && owned && absent;
        told
    }
}

fn left(ended: Employment) -> &'static str {
    match ended {
        Employment::Expired => "has an expired account",
        Employment::Left | Employment::Current | Employment::Unstated | Employment::Unknown => "has left",
    }
}

/// The principal with what it is, fit to begin a sentence.
pub(super) fn holder(names: &Names) -> String {
    let who = visible(names.principal.as_deref().unwrap_or("?"));
    match names.principal_type {
        Some("group") => format!("Group `{who}`"),
        Some("everyone") => "Everyone".to_owned(),
        Some(_) | None => format!("User `{who}`"),
    }
}

/// The same within a sentence.
pub(super) fn lower(holder: &str) -> String {
    let mut letters = holder.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

pub(super) fn place(names: &Names) -> String {
    names.account_id.map(|id| account(id, names.account_name.as_deref())).unwrap_or_default()
}

/// What the subject holds, or what it lacks because it is not there, as counts: `Holds 6 memberships and 40
/// assignments`. `None` where nothing is known to follow.
#[must_use]
pub fn consequences(finding: &Finding) -> Option<String> {
    let mut held: BTreeMap<Kind, usize> = BTreeMap::new();
    for evidence in &finding.evidence {
        if let Evidence::Holds(subject) = evidence
            && let Some(kind) = subject.kind()
        {
            *held.entry(kind).or_default() += 1;
        }
    }
    let parts: Vec<String> = held.into_iter().map(|(kind, number)| kind_counted(kind, number)).collect();
    let verb = if finding.subject.is_due() { "Lacks" } else { "Holds" };
    (!parts.is_empty()).then(|| format!("{verb} {}", list(&parts)))
}

/// What to do about it, and where.
#[must_use]
pub fn advice(report: &Report<'_>, finding: &Finding) -> &'static str {
    report.rule(finding.rule).advice
}
