//! By person: what each user of Identity Center has, where, and by which path.

use std::collections::{BTreeMap, BTreeSet};

use super::held_access::{self, HeldRow};
use crate::model::{Access, Finding, Ix, Report, Subject, User, UserStatus};
use crate::render::nesting_paths::DirectoryPaths;
use crate::wording::{count, row, visible};

/// People that the page lists; the rest is in `population.csv`.
const LISTED: usize = 700;
/// Rows per person.
const ROWS: usize = 12;

/// A user and all access.
pub(super) struct PersonRow {
    /// What a link to the person ends in.
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) display_name: String,
    pub(super) status: &'static str,
    /// The row of the list that the user was matched with; empty where there is none.
    pub(super) person: String,
    pub(super) findings: Vec<String>,
    pub(super) rows: Vec<HeldRow>,
    pub(super) more: Option<String>,
}

/// The people whom the page lists, and how many more there are.
pub(super) struct People {
    pub(super) rows: Vec<PersonRow>,
    pub(super) more: Option<String>,
}

/// Whom the page names elsewhere (`first`) is listed before all others; those who are listed stand in order of name.
pub(super) fn of(report: &Report<'_>, first: impl Iterator<Item = Ix<User>>) -> People {
    let snapshot = &report.world.snapshot;
    let findings = by_user(report);
    let all = snapshot.users.positions().map(|(user, _)| user);
    let mut listed = BTreeSet::new();
    for user in first.chain(findings.keys().copied()).chain(all) {
        if listed.len() == LISTED {
            break;
        }
        listed.insert(user);
    }
    let paths = DirectoryPaths::of(report);
    let mut held: BTreeMap<Ix<User>, Vec<Access>> = BTreeMap::new();
    for access in report.access_of(listed.iter().copied()) {
        if let Subject::User(user) = access.path()[0] {
            held.entry(user).or_default().push(access);
        }
    }
    let users = snapshot.users.seen().count();
    People {
        rows: held.iter().map(|(user, held)| person(report, &paths, *user, held, &findings)).collect(),
        more: (users > listed.len()).then(|| count(users - listed.len(), "more user")),
    }
}

/// The link to a user, where the page lists them.
pub(super) fn anchor(report: &Report<'_>, user: Ix<User>) -> String {
    let id = report.world.snapshot.users[user].id.as_str();
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    format!("p-{}", id.chars().map(plain).collect::<String>())
}

/// The findings that are about a user, or about something that a user has.
fn by_user<'r>(report: &'r Report<'_>) -> BTreeMap<Ix<User>, Vec<&'r Finding>> {
    let mut findings: BTreeMap<Ix<User>, Vec<&Finding>> = BTreeMap::new();
    for finding in report.open() {
        if let Subject::User(user) | Subject::Membership(_, user) = finding.subject {
            findings.entry(user).or_default().push(finding);
        }
    }
    findings
}

fn person(
    report: &Report<'_>,
    paths: &DirectoryPaths,
    position: Ix<User>,
    held: &[Access],
    findings: &BTreeMap<Ix<User>, Vec<&Finding>>,
) -> PersonRow {
    let user = &report.world.snapshot.users[position];
    let matched = report.matching.people.get(position.number()).and_then(Option::as_ref);
    let expectation = &report.world.expectation;
    let mut rows = held_access::rows(report, paths, held);
    let left_out = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    PersonRow {
        anchor: anchor(report, position),
        name: visible(&user.user_name).into(),
        display_name: user.display_name.as_deref().map_or_else(String::new, |name| visible(name).into()),
        status: match user.status {
            Some(UserStatus::Enabled) => "enabled",
            Some(UserStatus::Disabled) => "disabled",
            None => "status unknown",
        },
        person: matched.map_or_else(String::new, |matched| row(expectation, expectation.people[matched.with].row)),
        findings: (findings.get(&position).into_iter().flatten())
            .map(|finding| finding.fingerprint.to_string())
            .collect(),
        rows,
        more: (left_out > 0).then(|| count(left_out, "more entitlement")),
    }
}
