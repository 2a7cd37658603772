//! What a run covers, in words: which kinds, how far each was read, and what it says nothing about.

use std::collections::BTreeMap;

use crate::model::{Coverage, Kind, ReadExtent, Report};

use super::{count, list, thousands};

/// What was assessed and how far, and what was not, in two sentences at most.
#[must_use]
pub fn coverage(report: &Report<'_>) -> Vec<String> {
    let assessed = by_extent(report, |kind, coverage| kind_counted(kind, coverage.assessed()))
        .map(|kinds| format!("Assessed: {kinds}"));
    let unlisted = unlisted(report).map(|kinds| format!("Not assessed, because no expected list covers them: {kinds}"));
    [assessed, unlisted].into_iter().flatten().collect()
}

/// The kinds that are assessed, each with how far it was read: `users and groups, and IAM users in 1 of 12 accounts`.
pub(super) fn claims(report: &Report<'_>) -> Option<String> {
    by_extent(report, |kind, coverage| match coverage.unlisted {
        0 => kind_word(kind).to_owned(),
        _ => format!("{} of {}", thousands(coverage.assessed() as u64), kind_counted(kind, coverage.number)),
    })
}

fn by_extent(report: &Report<'_>, words: impl Fn(Kind, &Coverage) -> String) -> Option<String> {
    let mut by_extent: Vec<(ReadExtent, Vec<String>)> = Vec::new();
    for (&kind, coverage) in report.verdict.coverage.iter().filter(|(_, coverage)| coverage.is_assessed()) {
        let words = words(kind, coverage);
        match by_extent.iter_mut().find(|(read, _)| *read == coverage.read) {
            Some((_, of_extent)) => of_extent.push(words),
            None => by_extent.push((coverage.read, vec![words])),
        }
    }
    let parts: Vec<String> = by_extent.iter().map(|(read, kinds)| with_extent(&list(kinds), *read)).collect();
    (!parts.is_empty()).then(|| parts.join(", and "))
}

fn with_extent(kinds: &str, read: ReadExtent) -> String {
    match read {
        ReadExtent::Whole => kinds.to_owned(),
        ReadExtent::ByName => format!("{kinds} (those with access or named in a list)"),
        ReadExtent::Accounts { .. } => format!("{kinds} {}", extent_words(read)),
        ReadExtent::Part | ReadExtent::Unread | ReadExtent::Unsupported | ReadExtent::OutOfScope => {
            format!("{kinds} ({})", extent_words(read))
        }
    }
}

/// How far a kind was read: `in 1 of 12 accounts`.
#[must_use]
pub fn extent_words(read: ReadExtent) -> String {
    match read {
        ReadExtent::Whole => "all".to_owned(),
        ReadExtent::ByName => "those with access or named in a list".to_owned(),
        ReadExtent::Accounts { read, known: Some(known) } if read == known && known > 1 => {
            format!("in all {}", count(known, "account"))
        }
        ReadExtent::Accounts { read, known: Some(known) } => {
            format!("in {} of {}", thousands(read as u64), count(known, "account"))
        }
        ReadExtent::Accounts { read, known: None } => {
            format!("in {}; total not known", count(read, "account"))
        }
        ReadExtent::Part => "in part".to_owned(),
        ReadExtent::Unread => "not read".to_owned(),
        ReadExtent::Unsupported => "not in this instance of Identity Center".to_owned(),
        ReadExtent::OutOfScope => "out of scope".to_owned(),
    }
}

/// What of AWS the run was not told to read, or could not read at all.
pub(super) fn not_read(report: &Report<'_>) -> Option<String> {
    let left_out = |wanted: ReadExtent| -> Vec<Kind> {
        let of_kind = report.verdict.coverage.iter().filter(|(_, coverage)| coverage.read == wanted);
        of_kind.map(|(kind, _)| *kind).collect()
    };
    let mut parts = Vec::new();
    let out_of_scope = left_out(ReadExtent::OutOfScope);
    if out_of_scope.contains(&Kind::User) {
        parts.push("Identity Center (out of scope)".to_owned());
    }
    if out_of_scope.contains(&Kind::IamUser) {
        parts.push("IAM (out of scope)".to_owned());
    }
    let words = |kinds: Vec<Kind>| kinds.into_iter().map(|kind| kind_word(kind).to_owned()).collect::<Vec<String>>();
    let unsupported = words(left_out(ReadExtent::Unsupported));
    if !unsupported.is_empty() {
        parts.push(format!("{} ({})", list(&unsupported), extent_words(ReadExtent::Unsupported)));
    }
    let unread = words(left_out(ReadExtent::Unread));
    if !unread.is_empty() && !report.verdict.reached_nothing() {
        parts.push(format!("{} (see the gaps)", list(&unread)));
    }
    (!parts.is_empty()).then(|| list(&parts))
}

/// The kinds that no list speaks for, with how many of each were seen.
pub(super) fn unlisted(report: &Report<'_>) -> Option<String> {
    counted(&report.verdict.unlisted())
}

fn counted(kinds: &BTreeMap<Kind, usize>) -> Option<String> {
    let parts: Vec<String> = kinds.iter().map(|(kind, number)| kind_counted(*kind, *number)).collect();
    (!parts.is_empty()).then(|| list(&parts))
}

/// The kind in the plural.
#[must_use]
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "users",
        Kind::Group => "groups",
        Kind::Membership => "memberships",
        Kind::Assignment => "assignments",
        Kind::Application => "application assignments",
        Kind::Entitlement => "entitlements",
        Kind::PermissionSet => "permission sets",
        Kind::IamUser => "IAM users",
        Kind::Policy => "IAM policies",
        Kind::Trust => "external trusts",
    }
}

/// A number of this kind: `4,012 assignments`.
#[must_use]
pub fn kind_counted(kind: Kind, number: usize) -> String {
    let one = match kind {
        Kind::User => "user",
        Kind::Group => "group",
        Kind::Membership => "membership",
        Kind::Assignment => "assignment",
        Kind::Application => "application assignment",
        Kind::Entitlement => "entitlement",
        Kind::PermissionSet => "permission set",
        Kind::IamUser => "IAM user",
        Kind::Policy => "IAM policy",
        Kind::Trust => "external trust",
    };
    count(number, one)
}
