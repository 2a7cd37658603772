//! All that one comparison depends on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    AccountId, Closure, Expectation, Fingerprint, IdentitySource, Level, Nesting, Origin, PolicyHolder, RuleId,
    SaidLeft, Snapshot, StoreNote,
};

/// All that one comparison depends on; the same world gives the same report.
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// What AWS said.
    pub snapshot: Snapshot,
    /// What the lists say.
    pub expectation: Expectation,
    /// How to judge.
    pub policy: AuditPolicy,
    /// What the earlier run of the same job left, where there is one.
    pub earlier: Option<Earlier>,
    /// What was met in the store, and did not end the run.
    pub store_notes: Vec<StoreNote>,
    /// Which run this is.
    pub stamp: Stamp,
}

/// The part of the settings that a report depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPolicy {
    /// What fills the identity store, where the settings say so; else the external ids tell.
    pub identity_source: Option<IdentitySource>,
    /// Whether members of nested groups count, where the settings say so; else the identity source decides.
    pub nesting: Option<Nesting>,
    /// How long the synchronization may take: a younger difference is pending.
    pub sync_grace: TimeDelta,
    /// How much rules matter here, where not as they come.
    pub levels: BTreeMap<RuleId, Level>,
    /// How old a directory export may be.
    pub max_list_age: TimeDelta,
    /// How far ahead of the run a waiver's last day may be.
    pub max_waiver: TimeDelta,
    /// How old an access key may be; any age where the settings do not say.
    pub key_max_age: Option<TimeDelta>,
    /// After how long without use a credential or a permission set counts as unused; never where the settings do not
    /// say.
    pub unused_after: Option<TimeDelta>,
    /// How far apart AWS's answers may lie to belong together.
    pub answers_within: TimeDelta,
}

impl AuditPolicy {
    /// How far ahead a waiver's last day may be where the settings do not say.
    pub const MAX_WAIVER: TimeDelta = TimeDelta::days(180);
    /// How far apart answers may lie where the settings do not say.
    pub const ANSWERS_WITHIN: TimeDelta = TimeDelta::hours(6);
}

impl Default for AuditPolicy {
    /// What holds where the settings say nothing.
    fn default() -> Self {
        AuditPolicy {
            identity_source: None,
            nesting: None,
            sync_grace: TimeDelta::hours(4),
            levels: BTreeMap::new(),
            max_list_age: TimeDelta::days(7),
            max_waiver: AuditPolicy::MAX_WAIVER,
            key_max_age: None,
            unused_after: None,
            answers_within: AuditPolicy::ANSWERS_WITHIN,
        }
    }
}

/// Which run this is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The run's own id.
    pub run_id: String,
    /// The instant that the run speaks about: expiry and age are judged by it.
    pub as_of: DateTime<Utc>,
    /// Where AWS's side comes from; `None` in packages of versions that did not keep it.
    pub origin: Option<Origin>,
    /// The job that it belongs to; `None` for a run by hand.
    pub job: Option<String>,
    /// Rollcall's version.
    pub version: String,
    /// What the audited organization is called in the report.
    pub organization: Option<String>,
}

/// What an earlier run of the same job left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// That run's id.
    pub run_id: String,
    /// The instant that it spoke about.
    pub as_of: DateTime<Utc>,
    /// Digest of its package's manifest, in hexadecimal.
    pub manifest_sha256: String,
    /// Its open findings.
    pub open: BTreeMap<Fingerprint, EarlierFinding>,
    /// Its gaps, as one line each.
    pub gaps: BTreeSet<String>,
    /// Its expected lists, each with the number of rows that said something.
    pub list_rows: BTreeMap<String, u32>,
    /// The same lists, each with the SHA-256 of its bytes, in hexadecimal.
    pub list_digests: BTreeMap<String, String>,
    /// The kinds that its lists spoke of, each by its word.
    pub judged: BTreeSet<String>,
    /// Of these, the ones of which its lists named all, or lists before it that were missing then.
    pub judged_in_full: BTreeSet<String>,
    /// What it saw not to be administrative, or to have become so without approval.
    pub harmless: BTreeSet<PolicyHolder>,
    /// Differences that it excused by a change of the directory, or that an earlier run excused so and that were still
    /// there: each as the finding that it would be, with the instant of the first run of the job that showed it.
    pub pending: BTreeMap<Fingerprint, DateTime<Utc>>,
    /// Findings that changes of applied plans put in order: as earlier runs knew, and as the store has it since.
    pub closed: BTreeMap<Fingerprint, Closure>,
}

impl Earlier {
    /// Since when runs of the job have shown a difference, as pending or as a finding, where they have.
    #[must_use]
    pub fn knew(&self, difference: &Fingerprint) -> Option<DateTime<Utc>> {
        let open = self.open.get(difference).map(|finding| finding.first_seen);
        self.pending.get(difference).copied().into_iter().chain(open).min()
    }
}

/// A finding of an earlier run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierFinding {
    /// When a run first had it.
    pub first_seen: DateTime<Utc>,
    /// The rule.
    pub rule: String,
    /// Its sentence in that run's report.
    pub title: String,
    /// The word for what it was about, as `report.json` has it (`user`, `assignment`); empty where nobody said.
    pub subject: String,
    /// The account that it was about, where it was about one.
    pub account: Option<AccountId>,
    /// The digest of what its subject allowed, where that was said.
    pub content: Option<String>,
    /// The lists that said that the person it was about is current, though another one said that they had left.
    pub said_current: BTreeSet<String>,
    /// Of a finding about a former employee: when, and by which row, a list last said that they had left.
    pub said_left: Option<SaidLeft>,
    /// Of a finding about an IAM user: who answered for it, as the list or a tag named them.
    pub owner: Option<String>,
}
