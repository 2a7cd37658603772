//! What the watcher has told by one channel: the record that one pass leaves for the next, and for the next audit.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::KnownFinding;
use crate::events::{Ending, Found, Outcome};
use crate::model::{Fingerprint, Severity};

/// How long an event may come back: SQS keeps a message for two weeks at most.
const KEPT: TimeDelta = TimeDelta::days(15);
/// After how long a storm is told again.
const STORM_AGAIN: TimeDelta = TimeDelta::hours(1);

/// What recipients know by the watcher.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchMemory {
    version: u32,
    /// What each thing that was looked at had, when it was looked at last.
    looked: BTreeMap<String, Look>,
    /// Events that they were told of, with when.
    events: BTreeMap<String, DateTime<Utc>>,
    /// When they were told of a storm.
    storm: Option<DateTime<Utc>>,
}

/// A look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Look {
    at: DateTime<Utc>,
    /// The open findings that they know of.
    findings: BTreeMap<Fingerprint, KnownFinding>,
}

/// What they know by audits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ByAudits {
    /// The open findings that they were told of.
    pub findings: BTreeMap<Fingerprint, KnownFinding>,
    /// The instant of the last audit; `None` where there is none.
    pub as_of: Option<DateTime<Utc>>,
}

/// The version of the format.
const VERSION: u32 = 1;

impl WatchMemory {
    /// Reads a record; `None` where it cannot be understood: then they may be told something twice.
    #[must_use]
    pub fn decode(record: &[u8]) -> Option<Self> {
        serde_json::from_slice(record).ok().filter(|memory: &WatchMemory| memory.version == VERSION)
    }

    /// The record.
    ///
    /// # Panics
    /// Never: texts and instants are JSON.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(&WatchMemory { version: VERSION, ..self.clone() }).expect("a record is JSON")
    }

    /// All findings that they were told of.
    #[must_use]
    pub fn findings(&self) -> BTreeMap<Fingerprint, KnownFinding> {
        let known = self.looked.values().flat_map(|look| &look.findings);
        known.map(|(fingerprint, known)| (fingerprint.clone(), *known)).collect()
    }

    /// Whether an outcome is news to them. `all` is whether they are
    /// told of what is in order too.
    #[must_use]
    pub fn is_news(&self, outcome: &Outcome, audits: &ByAudits, min_severity: Severity, all: bool) -> bool {
        let is_new_event = || outcome.events.iter().any(|event| !self.events.contains_key(&event.id));
        if outcome.operator_without_plan {
            return is_new_event();
        }
        match &outcome.ending {
            Ending::NotExpected(found) => {
                let known = self.known(outcome, audits);
                found.iter().any(|found| found.severity >= min_severity && !is_known(known, found))
                    || (all && is_new_event())
            }
            Ending::NotAllowed(..)
            | Ending::Unread(..)
            | Ending::Undecided(_)
            | Ending::InProgress
            | Ending::NotListedYet
            | Ending::NotUnderstood => is_new_event(),
            Ending::Expected(_)
            | Ending::Accepted(_)
            | Ending::Gone
            | Ending::Planned
            | Ending::Pending
            | Ending::NotAssessed
            | Ending::OutOfScope => all && is_new_event(),
            Ending::OfIdentityCenter(..) | Ending::Refused(_) | Ending::Reads => false,
        }
    }

    /// Whether it is time to tell of a storm.
    #[must_use]
    pub fn is_storm_news(&self, now: DateTime<Utc>) -> bool {
        self.storm.is_none_or(|told| now - told >= STORM_AGAIN || told > now)
    }

    /// What they know after a pass; those of `told` were told.
    #[must_use]
    pub fn after(&self, outcomes: &[Outcome], told: &[&Outcome], audits: &ByAudits, now: DateTime<Utc>) -> Self {
        let mut after = self.clone();
        for outcome in outcomes {
            let (Some(key), true) = (key(outcome), is_conclusive(outcome)) else { continue };
            let before = self.known(outcome, audits);
            let is_told = told.contains(&outcome);
            let found = if let Ending::NotExpected(found) = &outcome.ending { found.as_slice() } else { &[] };
            let found = found.iter().filter_map(|found| {
                let known = before.get(&found.fingerprint).copied();
                let now = KnownFinding { severity: Some(found.severity), told: Some(now), reminded: 0 };
                let known = known.filter(|known| known.severity >= Some(found.severity));
                Some((found.fingerprint.clone(), known.or(is_told.then_some(now))?))
            });
            let findings = found.collect();
            after.looked.insert(key, Look { at: now, findings });
        }
        after.looked.retain(|_, look| now - look.at <= KEPT);
        after.events.retain(|_, at| now - *at <= KEPT);
        let events = told.iter().flat_map(|outcome| &outcome.events);
        after.events.extend(events.map(|event| (event.id.clone(), now)));
        after
    }

    /// What they know once they were told of a storm.
    #[must_use]
    pub fn after_storm(&self, now: DateTime<Utc>) -> Self {
        WatchMemory { storm: Some(now), ..self.clone() }
    }

    /// What they know of what was looked at: by the last look where no audit came after it, else by audits.
    fn known<'a>(&'a self, outcome: &Outcome, audits: &'a ByAudits) -> &'a BTreeMap<Fingerprint, KnownFinding> {
        let look = key(outcome).and_then(|key| self.looked.get(&key));
        let look = look.filter(|look| audits.as_of.is_none_or(|audit| look.at > audit));
        look.map_or(&audits.findings, |look| &look.findings)
    }
}

fn is_known(known: &BTreeMap<Fingerprint, KnownFinding>, found: &Found) -> bool {
    known.get(&found.fingerprint).is_some_and(|known| known.severity.is_none_or(|known| known >= found.severity))
}

/// Whether the look says what there is: only then is what is not found gone.
fn is_conclusive(outcome: &Outcome) -> bool {
    matches!(
        outcome.ending,
        Ending::NotExpected(_) | Ending::Expected(_) | Ending::Accepted(_) | Ending::Gone | Ending::NotAssessed
    )
}

/// What is looked at, as records name it.
fn key(outcome: &Outcome) -> Option<String> {
    let watched = &outcome.watched.as_ref()?.watched;
    let account = watched.account().map(|account| format!("{account}/")).unwrap_or_default();
    Some(format!("{}:{account}{}", watched.kind(), watched.name()))
}
