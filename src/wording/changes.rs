//! What changed since the earlier run, each finding with the sentence that it had or has.

use std::collections::BTreeMap;
use std::fmt;

use crate::model::{Changes, Closure, Earlier, Finding, Fingerprint, Listed, Report, StoreNote};

use super::{instant, list, phrase, row, thousands, title, visible};

/// One finding that appeared, stayed, went, was accepted, or is out of sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub what: Became,
    /// Which.
    pub fingerprint: Fingerprint,
    /// Its sentence.
    pub title: String,
    /// Why it is not open any more, or is open again.
    pub cause: Option<String>,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Became {
    /// A change of an applied plan had put it in order, and it is open.
    Back,
    /// The earlier run did not have it.
    New,
    /// AWS changed.
    Resolved,
    /// A row expects it by now.
    NowListed,
    /// No row expects any more what was missing.
    NoLongerListed,
    /// It belongs to another finding by now.
    PartOfAnother,
    /// A waiver accepts it.
    Accepted,
    /// Nobody can say.
    OutOfSight,
    /// It is open as before.
    StillOpen,
}

impl Became {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Became::Back => "back",
            Became::New => "new",
            Became::Resolved => "resolved",
            Became::NowListed => "now-listed",
            Became::NoLongerListed => "no-longer-listed",
            Became::PartOfAnother => "part-of-another",
            Became::Accepted => "accepted",
            Became::OutOfSight => "out-of-sight",
            Became::StillOpen => "still-open",
        }
    }

    /// Whether the finding was open, and is not any more.
    #[must_use]
    pub fn is_gone(self) -> bool {
        !matches!(self, Became::Back | Became::New | Became::StillOpen)
    }

    fn counted(self) -> &'static str {
        match self {
            Became::Back => "back after a change had resolved them",
            Became::New => "new",
            Became::Resolved => "resolved",
            Became::NowListed => "now listed",
            Became::NoLongerListed => "no longer listed",
            Became::PartOfAnother => "part of another finding",
            Became::Accepted => "accepted by waivers",
            Became::OutOfSight => "not checked in this run",
            Became::StillOpen => "still open",
        }
    }
}

impl fmt::Display for Became {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Every change, the new ones first; empty where there is no earlier run.
#[must_use]
pub fn changes(report: &Report<'_>) -> Vec<Change> {
    let Some(earlier) = report.earlier() else { return Vec::new() };
    let here: BTreeMap<&Fingerprint, &Finding> =
        report.findings.iter().map(|finding| (&finding.fingerprint, finding)).collect();
    let sentence = |fingerprint: &Fingerprint| match (here.get(fingerprint), earlier.open.get(fingerprint)) {
        (Some(finding), _) => title(report, finding),
        (None, Some(before)) => phrase(&before.title).into_owned(),
        (None, None) => format!("finding {fingerprint}"),
    };
    let change = |what: Became, fingerprint: &Fingerprint, cause: Option<String>| Change {
        what,
        fingerprint: fingerprint.clone(),
        title: sentence(fingerprint),
        cause,
    };
    let plain = |what: Became, these: &[Fingerprint]| -> Vec<Change> {
        these.iter().map(|fingerprint| change(what, fingerprint, None)).collect()
    };
    let all = &report.changes;
    let listed = all.listed.iter();
    let listed = listed.map(|(key, listed)| change(Became::NowListed, key, Some(now_listed(report, earlier, listed))));
    let unlisted = all.no_longer_listed.iter();
    let unlisted = unlisted.map(|key| {
        change(Became::NoLongerListed, key, Some("no row expects it any more; it is still missing in AWS".to_owned()))
    });
    let parts = all.part_of.iter();
    let parts = parts.map(|(key, finding)| {
        let cause = format!("now part of another finding: {} (`{finding}`)", sentence(finding));
        change(Became::PartOfAnother, key, Some(cause))
    });
    let back = all.back.iter().map(|key| change(Became::Back, key, earlier.closed.get(key).map(back)));
    let is_unread = report.world.store_notes.iter().any(|note| matches!(note, StoreNote::ChangesUnread { .. }));
    let without_change = if is_unread { UNREAD } else { OUTSIDE };
    let resolved = all.resolved.iter().map(|key| {
        let closure = earlier.closed.get(key).filter(|_| all.by_change.contains(key));
        change(Became::Resolved, key, Some(closure.map_or_else(|| without_change.to_owned(), resolved_by)))
    });
    [
        back.collect(),
        plain(Became::New, &all.new),
        resolved.collect(),
        listed.collect(),
        unlisted.collect(),
        parts.collect(),
        plain(Became::Accepted, &all.accepted),
        plain(Became::OutOfSight, &all.out_of_sight),
        plain(Became::StillOpen, &all.still_open),
    ]
    .concat()
}

/// What is said where no applied change accounts for a finding that is gone.
const OUTSIDE: &str = "outside Rollcall: no change of an applied plan accounts for it";

/// What is said of it where a package of what was applied cannot be used.
const UNREAD: &str = "it is not known by what: a package of an applied plan could not be read";

/// `` by c1 of plan `9c1f0a2b3c4d`, applied 2026-11-20 08:00:00 UTC by `arn:…` ``.
fn resolved_by(closure: &Closure) -> String {
    let by = closure.by.as_deref().map(|by| format!(" by `{}`", visible(by))).unwrap_or_default();
    let changes: Vec<String> = closure.changes.iter().map(|id| visible(id).into_owned()).collect();
    format!("by {} of plan `{}`, applied {}{by}", list(&changes), visible(&closure.plan), instant(closure.at))
}

fn back(closure: &Closure) -> String {
    format!("the access is back: it was resolved {}", resolved_by(closure))
}

/// By which row something is expected by now, since when, and who reviewed the row:
/// `` now listed by `assignments.csv:8`, new since the run of 2026-11-20 08:00:00 UTC, reviewed by `cy` ``.
fn now_listed(report: &Report<'_>, earlier: &Earlier, listed: &Listed) -> String {
    let expectation = &report.world.expectation;
    let file = &expectation.files[listed.row.file.number()];
    let since = instant(earlier.as_of);
    let (since, instead) = match &listed.changed_instead {
        Some(changed) => (format!("in a list unchanged since the run of {since}"), changed_instead(changed)),
        None => (format!("new since the run of {since}"), String::new()),
    };
    let review = match report.reviewer_of(listed.row) {
        Some(reviewer) => format!("reviewed by `{}`", visible(reviewer)),
        None if file.ages => "in an export, which has no reviewer".to_owned(),
        None => "not reviewed".to_owned(),
    };
    let further: Vec<String> = listed.further.iter().map(|at| format!("`{}`", row(expectation, *at))).collect();
    let further = match further.is_empty() {
        true => String::new(),
        false => format!("; what it holds is listed by {}", list(&further)),
    };
    format!("now listed by `{}`, {since}, {review}{further}{instead}", row(expectation, listed.row))
}

/// Lists that are named before they are only counted.
const NAMED: usize = 3;

/// What changed where the row's own list did not.
fn changed_instead(changed: &[String]) -> String {
    let mut names: Vec<String> = changed.iter().take(NAMED).map(|name| format!("`{}`", visible(name))).collect();
    let more = changed.len().saturating_sub(NAMED);
    names.extend((more > 0).then(|| format!("{} more", thousands(more as u64))));
    match names.is_empty() {
        true => "; no list has changed, so AWS, the settings or the date did".to_owned(),
        false => format!("; changed or gone since: {}", list(&names)),
    }
}

/// How many of each: `2 new, 1 resolved, 0 accepted by waivers, 0 out of sight, 17 still open`.
#[must_use]
pub fn change_counts(report: &Report<'_>) -> String {
    let all = [Became::New, Became::Resolved, Became::Accepted, Became::OutOfSight, Became::StillOpen];
    let counts = counts(&report.changes).into_iter().filter(|(what, number)| *number > 0 || all.contains(what));
    counts.map(counted).collect::<Vec<_>>().join(", ")
}

/// How many are not open any more, by what became of them, where there are any: `1 resolved, 2 out of sight`.
#[must_use]
pub fn gone_counts(report: &Report<'_>) -> Option<String> {
    let gone = counts(&report.changes).into_iter().filter(|(what, number)| what.is_gone() && *number > 0);
    let gone: Vec<String> = gone.map(counted).collect();
    (!gone.is_empty()).then(|| gone.join(", "))
}

fn counts(changes: &Changes) -> [(Became, usize); 9] {
    [
        (Became::Back, changes.back.len()),
        (Became::New, changes.new.len()),
        (Became::Resolved, changes.resolved.len()),
        (Became::NowListed, changes.listed.len()),
        (Became::NoLongerListed, changes.no_longer_listed.len()),
        (Became::PartOfAnother, changes.part_of.len()),
        (Became::Accepted, changes.accepted.len()),
        (Became::OutOfSight, changes.out_of_sight.len()),
        (Became::StillOpen, changes.still_open.len()),
    ]
}

fn counted((what, number): (Became, usize)) -> String {
    format!("{} {}", thousands(number as u64), what.counted())
}
