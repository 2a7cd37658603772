//! What a finding is, in the form in which a waiver keeps it: how severe, about which principal, and with what behind it.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::compare::{fingerprint, rules};
use crate::model::{Accepted, Employment, Evidence, Finding, Kind, Principal, Report, Subject, Used, World};

use super::subject_names::principal_id;

/// What somebody accepts who accepts a finding of this report.
#[must_use]
pub fn accepted(report: &Report<'_>, finding: &Finding) -> Accepted {
    // The settings' level is in a report's severities already.
    Accepted { severity: finding.severity, ..now(report.world, finding) }
}

/// What a finding is now, to which the settings have not given its level yet.
pub(super) fn now(world: &World, finding: &Finding) -> Accepted {
    Accepted {
        on: world.stamp.as_of.date_naive(),
        severity: rules::leveled(world, finding.rule, finding.severity),
        principal_id: principal_id(world, finding.subject),
        digest: digest(world, finding),
    }
}

/// The digest of all that makes the finding what it is and may grow behind the same names.
fn digest(world: &World, finding: &Finding) -> String {
    let mut held: Vec<Value> = Vec::new();
    let mut facts: Vec<Value> = Vec::new();
    for evidence in &finding.evidence {
        match evidence.held().filter(|_| holdings_count(finding.subject)) {
            Some(subject) => held.push(content(world, subject)),
            None => facts.extend(fact(world, evidence)),
        }
    }
    // A list that was back in between was lost anew.
    let lost_anew = matches!(finding.subject, Subject::GoneList(_));
    facts.extend(lost_anew.then(|| json!({ "lost by": finding.first_seen })));
    // Neither the order in which they were found nor how often one was counts.
    for values in [&mut held, &mut facts] {
        values.sort_by_cached_key(Value::to_string);
        values.dedup();
    }
    let all = json!({ "subject": content(world, finding.subject), "holds": held, "facts": facts });
    hex::encode(Sha256::digest(all.to_string()))
}

/// Whether what the subject holds belongs to this one finding. What a permission set is assigned to is judged for
/// itself, and what is missing with something is no access.
fn holdings_count(subject: Subject) -> bool {
    !subject.is_due() && subject.kind() != Some(Kind::PermissionSet)
}

/// A subject, by what it is called and by what it allows.
#[expect(clippy::wildcard_enum_match_arm, reason = "all others are what their names and their policies say")]
fn content(world: &World, subject: Subject) -> Value {
    let snapshot = &world.snapshot;
    let also = match subject {
        // The group of this name may have been made anew as well, and what it gives may have grown.
        Subject::Membership(group, _) => Some(json!({
            "id": snapshot.groups[group].id.to_string(),
            "gives": given_to(world, Principal::Group(group)),
        })),
        // The same policies, with another way to use them.
        Subject::IamUser(account, user) => {
            snapshot.iam[account.number()].users[user].credentials.is().map(|credentials| {
                json!({
                    "password": credentials.password,
                    "keys": credentials.active_keys,
                    "certificates": credentials.active_certificates,
                    "service credentials": credentials.service_credentials,
                })
            })
        }
        _ => None,
    };
    json!({
        "keys": fingerprint::of(world, subject),
        "id": principal_id(world, subject),
        "in": also,
        "allows": world.snapshot.content_digest(subject),
    })
}

/// What a principal is given by assignments, applications and entitlements, in order.
fn given_to(world: &World, principal: Principal) -> Vec<Vec<String>> {
    let snapshot = &world.snapshot;
    let assignments = snapshot.permission_sets.positions().flat_map(|(set, entry)| {
        let placements = entry.placements.seen().filter(|one| one.principals.seen().any(|held| *held == principal));
        placements.map(move |one| Subject::Assignment(one.account, set, principal))
    });
    let applications = snapshot.applications.positions().filter_map(|(position, application)| {
        let is_assigned = application.principals.seen().any(|held| *held == principal);
        is_assigned.then_some(Subject::Application(position, Some(principal)))
    });
    let entitlements = snapshot.entitled.positions().flat_map(|(place, entitled)| {
        let held = entitled.entitlements.positions().filter(|(_, held)| held.principal == principal);
        held.map(move |(position, _)| Subject::Entitlement(place, position))
    });
    let all = assignments.chain(applications).chain(entitlements);
    let mut keys: Vec<Vec<String>> = all.map(|subject| fingerprint::of(world, subject)).collect();
    keys.sort_unstable();
    keys
}

/// What of a piece of evidence makes the finding another one. Times, places in lists and words do not.
fn fact(world: &World, evidence: &Evidence) -> Option<Value> {
    Some(match evidence {
        Evidence::Administrative(_) => json!("administrative"),
        Evidence::PerhapsAdministrative(_) => json!("perhaps administrative"),
        Evidence::Employment(employment) => json!({ "employment": match employment {
            Employment::Left => "left",
            Employment::Expired => "expired",
            Employment::Current | Employment::Unstated | Employment::Unknown => "current",
        } }),
        Evidence::LiveCredentials => json!("live credentials"),
        // A key that is replaced is two for a while.
        Evidence::ActiveKeys(_) => json!("active keys"),
        Evidence::SigningCertificates(_) => json!("signing certificates"),
        Evidence::ServiceCredentials(_) => json!("service credentials"),
        Evidence::WithoutMfa => json!("no second factor"),
        Evidence::Owner(owner) => json!({ "owner": owner.to_lowercase() }),
        Evidence::NoOwner => json!("no owner"),
        Evidence::TrustsEveryone => json!("trusts everyone"),
        Evidence::Conditions(keys) => json!({ "conditions": keys }),
        Evidence::Gone { kinds, in_part, .. } => {
            let words = |kinds: &[Kind]| kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>();
            match in_part.as_slice() {
                [] => json!({ "unlisted": words(kinds) }),
                [..] => json!({ "unlisted": words(kinds), "listed in part": words(in_part) }),
            }
        }
        Evidence::Shrunk { rows, before } => json!({ "rows": rows, "before": before }),
        Evidence::Lapsed(_, last) => json!({ "lapsed": last.to_string() }),
        Evidence::Digest { now, approved } => json!({ "now": now, "approved": approved }),
        Evidence::NotToAdminister => json!("not to administer"),
        Evidence::OlderVersionIn(account) => {
            json!({ "older version in": world.snapshot.accounts[*account].id.to_string() })
        }
        Evidence::CannotSignIn => json!("cannot sign in"),
        Evidence::OldestKey(made) => json!({ "key made": made }),
        Evidence::LastUsed(used, _) => json!({ "unused": match used {
            Used::Password => "password".to_owned(),
            Used::Keys => "keys".to_owned(),
            Used::RoleIn(account) => world.snapshot.accounts[*account].id.to_string(),
        } }),
        Evidence::Fits(key, candidates) => json!({ "fits": key, "candidates": candidates }),
        Evidence::NotIn(_)
        | Evidence::Row(_)
        | Evidence::Holds(_)
        | Evidence::Reaches(_)
        | Evidence::MadeBy(_)
        | Evidence::Made(..)
        | Evidence::NoSuchAccount
        | Evidence::NoSuchPermissionSet
        | Evidence::NoSuchApplication
        | Evidence::NoSuchPrincipal
        | Evidence::PrincipalNotListed
        | Evidence::ExportedAt(..)
        | Evidence::CutOff(_)
        | Evidence::SignInRefused
        | Evidence::NotProvisionable(_)
        | Evidence::Contradicted(_)
        | Evidence::MeansNothing(_)
        | Evidence::SaidToBeThere(_)
        | Evidence::StillSaidCurrent(_)
        | Evidence::LeftBefore(_)
        | Evidence::PendingSince(_)
        | Evidence::ToApprove(..)
        // What an earlier run saw is not part of what is there.
        | Evidence::BecameAdministrative(_)
        | Evidence::NotOfAws { .. }
        // How many fit changes with every joiner, and what it says of the key does not.
        | Evidence::Matches(_)
        | Evidence::NamesApart(_)
        | Evidence::AdministratorsAmong(_)
        | Evidence::Looks(_)
        | Evidence::NotAccepted { .. }
        | Evidence::WaiverFault(_) => return None,
    })
}
