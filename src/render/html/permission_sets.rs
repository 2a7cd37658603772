//! Permission sets: what each allows, whether that is administrative, and how far it reaches.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::model::{
    Account, Administrative, Boundary, Ix, Known, PermissionSet, PermissionSetPolicies, Report, Subject,
};
use crate::render::markup::Marked;
use crate::wording::{count, list, phrase, standing_word, visible};

/// Permission sets that the page lists.
const LISTED: usize = 300;

/// One permission set.
pub(super) struct PermissionSetRow {
    pub(super) name: String,
    pub(super) allows: String,
    pub(super) administrative: Marked,
    pub(super) reaches: String,
    pub(super) last_used: String,
    pub(super) standing: &'static str,
}

/// All of them by name, and how many more there are.
pub(super) fn of(report: &Report<'_>) -> (Vec<PermissionSetRow>, Option<String>) {
    let sets = &report.world.snapshot.permission_sets;
    let last_uses = report.world.snapshot.last_uses();
    let rows: Vec<PermissionSetRow> =
        sets.positions().take(LISTED).map(|(position, set)| row(report, position, set, &last_uses)).collect();
    let left_out = sets.seen().count() - rows.len();
    (rows, (left_out > 0).then(|| count(left_out, "more permission set")))
}

fn row(
    report: &Report<'_>,
    position: Ix<PermissionSet>,
    set: &PermissionSet,
    last_uses: &BTreeMap<(Ix<PermissionSet>, Ix<Account>), DateTime<Utc>>,
) -> PermissionSetRow {
    let placed = set.placements.seen().filter(|placement| placement.principals.seen().next().is_some());
    let accounts: BTreeSet<Ix<Account>> = placed.map(|placement| placement.account).collect();
    let assignments: usize = set.placements.seen().map(|placement| placement.principals.seen().count()).sum();
    let used = last_uses.iter().filter(|((of, _), _)| *of == position).map(|(_, at)| *at).max();
    let standing = report.standing(Subject::PermissionSet(position));
    PermissionSetRow {
        name: visible(&set.name).into(),
        allows: match &set.policies {
            Known::Is(policies) => allows(policies),
            Known::Unknown(_) => "not read".to_owned(),
        },
        administrative: match report.administrators.permission_set(position) {
            Some(Administrative::Yes(how)) => format!("yes: {}", phrase(how)).into(),
            Some(Administrative::No) => "no".into(),
            Some(Administrative::Unknown(why)) => format!("unknown: {}", phrase(why)).into(),
            None => "".into(),
        },
        reaches: match assignments {
            0 => "not assigned".to_owned(),
            _ => format!("{} in {}", count(assignments, "assignment"), count(accounts.len(), "account")),
        },
        last_used: used.map_or_else(|| "no use known".to_owned(), |at| at.date_naive().to_string()),
        standing: standing.map_or("", |standing| standing_word(standing.word())),
    }
}

/// The policies by name, and what limits them.
fn allows(policies: &PermissionSetPolicies) -> String {
    let name = |arn: &String| visible(arn.rsplit('/').next().unwrap_or(arn)).into_owned();
    let aws_managed = policies.aws_managed.iter().map(name);
    let own = policies.customer_managed.iter().map(|one| format!("{} (of each account)", visible(one)));
    let inline = policies.inline.iter().map(|_| "an inline policy".to_owned());
    let all: Vec<String> = aws_managed.chain(own).chain(inline).collect();
    let all = if all.is_empty() { "nothing".to_owned() } else { list(&all) };
    match &policies.boundary {
        Some(Boundary::AwsManaged(arn)) => format!("{all}, within the boundary {}", name(arn)),
        Some(Boundary::CustomerManaged(own)) => format!("{all}, within the boundary {}", visible(own)),
        None => all,
    }
}
