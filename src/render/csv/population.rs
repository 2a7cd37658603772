//! `population.csv`: everyone who can reach something, what, where, by which path, and how each link of it stands.
//!
//! Rows are made one at a time from the grants. What is kept meanwhile grows with the findings and the nested
//! memberships, not with the population.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use crate::model::{
    Access, Evidence, Finding, Group, IamAccount, IamUser, Ix, Report, Standing, Subject, User, UserStatus,
};
use crate::wording::{expected_by, instant, match_key, policy_way, row, standing_word, worst};

use super::super::paths::DirectoryPaths;
use super::{Sheet, or_empty};

const COLUMNS: [&str; 26] = [
    "account_id",
    "account_name",
    "principal_type",
    "user_name",
    "display_name",
    "mail",
    "user_status",
    "entitlement_type",
    "entitlement",
    "path",
    "standing",
    "principal_standing",
    "membership_standing",
    "entitlement_standing",
    "expected_by",
    "person",
    "matched_by",
    "created",
    "last_used",
    "second_factor",
    "active_keys",
    "oldest_key",
    "key_last_used",
    "findings",
    "waiver",
    "user_id",
];

/// Writes `population.csv`.
///
/// # Errors
/// Where `out` does.
pub fn population_csv(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let context = Context { report, paths: DirectoryPaths::of(report), findings: by_subject(report) };
    let mut sheet = Sheet::open(out, &COLUMNS)?;
    // Rows come principal by principal, so what is said of one is said for all of its rows.
    let mut last: Option<(Subject, Who)> = None;
    for access in report.access() {
        let principal = access.path()[0];
        let who = match last.take() {
            Some((same, who)) if same == principal => who,
            Some(_) | None => context.who(&access),
        };
        sheet.row(context.cells(&access, &who))?;
        last = Some((principal, who));
    }
    sheet.close()
}

/// The findings that speak of a subject, or of something that holds it.
fn by_subject<'r>(report: &'r Report<'_>) -> BTreeMap<Subject, Vec<&'r Finding>> {
    let mut findings: BTreeMap<Subject, Vec<&Finding>> = BTreeMap::new();
    for finding in &report.findings {
        let held = finding.evidence.iter().filter_map(Evidence::held);
        for subject in std::iter::once(finding.subject).chain(held) {
            findings.entry(subject).or_default().push(finding);
        }
    }
    findings
}

struct Context<'r, 'w> {
    report: &'r Report<'w>,
    paths: DirectoryPaths,
    findings: BTreeMap<Subject, Vec<&'r Finding>>,
}

/// What a row says of the principal.
#[derive(Default)]
struct Who {
    principal_type: &'static str,
    name: String,
    display_name: String,
    mail: String,
    status: &'static str,
    person: String,
    matched_by: &'static str,
    created: String,
    last_used: String,
    second_factor: &'static str,
    active_keys: String,
    oldest_key: String,
    key_last_used: String,
    id: String,
}

/// What a row says of the entitlement.
#[derive(Default)]
struct What {
    account_id: String,
    account_name: String,
    entitlement_type: &'static str,
    entitlement: String,
    path: Vec<String>,
}

impl Context<'_, '_> {
    fn cells<'a>(&self, access: &Access, who: &'a Who) -> [Cow<'a, str>; 26] {
        let expectation = &self.report.world.expectation;
        let what = self.what(access);
        let links = access.path();
        let standings: Vec<Option<&Standing>> = links.iter().map(|link| self.report.standing(*link)).collect();
        let words = standings.iter().flatten().map(|standing| standing.word());
        let of_link = |wanted: fn(&Subject) -> bool| {
            let standing = links.iter().position(wanted).and_then(|place| standings[place]);
            standing.map_or("", |standing| standing_word(standing.word()))
        };
        let expected: Vec<String> =
            standings.iter().flatten().filter_map(|s| expected_by(s)).map(|at| row(expectation, at)).collect();
        let mut about: Vec<&Finding> =
            links.iter().filter_map(|link| self.findings.get(link)).flatten().copied().collect();
        about.sort_by_key(|finding| &finding.fingerprint);
        about.dedup_by_key(|finding| &finding.fingerprint);
        let fingerprints: Vec<&str> = about.iter().map(|finding| finding.fingerprint.as_str()).collect();
        let mut waivers: Vec<String> = about
            .iter()
            .filter_map(|finding| finding.waiver)
            .map(|waiver| row(expectation, expectation.waivers[waiver.number()].row))
            .collect();
        waivers.sort();
        waivers.dedup();
        [
            what.account_id.into(),
            what.account_name.into(),
            who.principal_type.into(),
            who.name.as_str().into(),
            who.display_name.as_str().into(),
            who.mail.as_str().into(),
            who.status.into(),
            what.entitlement_type.into(),
            what.entitlement.into(),
            what.path.join(" → ").into(),
            worst(words).map_or("", standing_word).into(),
            of_link(|link| matches!(link, Subject::User(_) | Subject::Group(_) | Subject::IamUser(..))).into(),
            of_link(|link| matches!(link, Subject::Membership(..))).into(),
            of_link(|link| matches!(link, Subject::Assignment(..) | Subject::Policy(..))).into(),
            expected.join("; ").into(),
            who.person.as_str().into(),
            who.matched_by.into(),
            who.created.as_str().into(),
            who.last_used.as_str().into(),
            who.second_factor.into(),
            who.active_keys.as_str().into(),
            who.oldest_key.as_str().into(),
            who.key_last_used.as_str().into(),
            fingerprints.join(" ").into(),
            waivers.join("; ").into(),
            who.id.as_str().into(),
        ]
    }

    fn who(&self, access: &Access) -> Who {
        match *access {
            Access::PermissionSet { user, .. } | Access::NoPermissionSet { user } => self.user(user),
            Access::EmptyGroup { group, .. } => {
                let group = &self.report.world.snapshot.groups[group];
                Who { principal_type: "group", name: group.name.clone(), id: group.id.to_string(), ..Who::default() }
            }
            Access::IamPolicy { account, user, .. } | Access::NoIamPolicy { account, user } => {
                self.iam_user(account, user)
            }
        }
    }

    fn user(&self, position: Ix<User>) -> Who {
        let user = &self.report.world.snapshot.users[position];
        let matched = self.report.matching.people.get(position.number()).and_then(Option::as_ref);
        let people = &self.report.world.expectation.people;
        Who {
            principal_type: "user",
            name: user.user_name.clone(),
            display_name: or_empty(user.display_name.as_ref()),
            mail: or_empty(user.mails.first()),
            status: match user.status {
                Some(UserStatus::Enabled) => "enabled",
                Some(UserStatus::Disabled) => "disabled",
                None => "unknown",
            },
            person: or_empty(matched.map(|matched| row(&self.report.world.expectation, people[matched.with].row))),
            matched_by: matched.map_or("", |matched| match_key(matched.by)),
            created: or_empty(user.created.map(instant)),
            id: user.id.to_string(),
            ..Who::default()
        }
    }

    fn iam_user(&self, account: Ix<IamAccount>, user: Ix<IamUser>) -> Who {
        let user = &self.report.world.snapshot.iam[account.number()].users[user];
        let known = user.credentials.is();
        let status = match known {
            Some(credentials) if credentials.live() => "can-sign-in",
            Some(_) => "no-credentials",
            None => "unknown",
        };
        Who {
            principal_type: "iam-user",
            name: user.name.clone(),
            status,
            created: or_empty(user.created.map(instant)),
            last_used: or_empty(known.and_then(|known| known.last_used).map(instant)),
            second_factor: known.map_or("unknown", |known| if known.mfa { "yes" } else { "no" }),
            active_keys: or_empty(known.map(|known| known.active_keys)),
            oldest_key: or_empty(known.and_then(|known| known.oldest_key).map(instant)),
            key_last_used: or_empty(known.and_then(|known| known.key_used).map(instant)),
            id: user.arn.clone(),
            ..Who::default()
        }
    }

    fn what(&self, access: &Access) -> What {
        let snapshot = &self.report.world.snapshot;
        match *access {
            Access::PermissionSet { user, group, permission_set, account } => {
                let mut path = vec![snapshot.users[user].user_name.clone()];
                if let Some(group) = group {
                    path.extend(self.by_directory(user, group));
                    path.push(snapshot.groups[group].name.clone());
                }
                placed(self.report, path, permission_set, account)
            }
            Access::EmptyGroup { group, permission_set, account } => {
                placed(self.report, vec![snapshot.groups[group].name.clone()], permission_set, account)
            }
            Access::NoPermissionSet { user } => {
                What { entitlement_type: "none", path: vec![snapshot.users[user].user_name.clone()], ..What::default() }
            }
            Access::IamPolicy { account, user, policy } => {
                let user = &snapshot.iam[account.number()].users[user];
                let policy = &user.policies[policy];
                let way = policy_way(&policy.way);
                What {
                    entitlement_type: "iam-policy",
                    entitlement: policy.name.clone(),
                    path: vec![user.name.clone(), way, policy.name.clone()],
                    ..self.in_account(account)
                }
            }
            Access::NoIamPolicy { account, user } => What {
                entitlement_type: "none",
                path: vec![snapshot.iam[account.number()].users[user].name.clone()],
                ..self.in_account(account)
            },
        }
    }

    fn by_directory(&self, user: Ix<User>, group: Ix<Group>) -> Vec<String> {
        let matched = self.report.matching.people.get(user.number()).and_then(Option::as_ref);
        let groups = &self.report.world.expectation.groups;
        matched.map_or_else(Vec::new, |matched| {
            let between = self.paths.between(matched.with, group);
            between.map(|inner| format!("{} (directory)", groups[inner].name)).collect()
        })
    }

    fn in_account(&self, account: Ix<IamAccount>) -> What {
        let snapshot = &self.report.world.snapshot;
        let account = &snapshot.accounts[snapshot.iam[account.number()].account];
        What { account_id: account.id.to_string(), account_name: or_empty(account.name.as_ref()), ..What::default() }
    }
}

fn placed(
    report: &Report<'_>,
    mut path: Vec<String>,
    permission_set: Ix<crate::model::PermissionSet>,
    account: Ix<crate::model::Account>,
) -> What {
    let account = &report.world.snapshot.accounts[account];
    let permission_set = &report.world.snapshot.permission_sets[permission_set];
    path.push(permission_set.name.clone());
    path.push(account.name.clone().unwrap_or_else(|| account.id.to_string()));
    What {
        account_id: account.id.to_string(),
        account_name: or_empty(account.name.as_ref()),
        entitlement_type: "permission-set",
        entitlement: permission_set.name.clone(),
        path,
    }
}
