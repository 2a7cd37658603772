//! What the next run reads of an earlier `report.json`; all else in it is skipped.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::model::{
    AccountId, Closure, Earlier, EarlierFinding, Fingerprint, PolicyHolder, PolicyHolderKind, SaidLeft,
};

use super::VERSION;

/// The format before this one, whose keys of gaps were sentences.
const BEFORE: u32 = 1;

/// A file that is not the `report.json` it should be.
#[derive(Debug, thiserror::Error)]
pub enum NotAReport {
    /// It is not JSON, or lacks what an earlier run must say.
    #[error("the earlier `report.json` cannot be read")]
    Unreadable(#[source] serde_json::Error),
    /// Another version of Rollcall wrote it.
    #[error(
        "the earlier `report.json` has format version {0}, but this version of Rollcall reads versions {BEFORE} and \
         {VERSION}"
    )]
    Version(u32),
}

/// What the next run needs of an earlier run's `report.json`.
///
/// # Errors
/// Where the bytes are no such file, or one of another version.
pub fn earlier(bytes: &[u8], manifest_sha256: &str) -> Result<Earlier, NotAReport> {
    let version: Versioned = serde_json::from_slice(bytes).map_err(NotAReport::Unreadable)?;
    if ![BEFORE, VERSION].contains(&version.version) {
        return Err(NotAReport::Version(version.version));
    }
    let read: ReadBack = serde_json::from_slice(bytes).map_err(NotAReport::Unreadable)?;
    let open = read.findings.into_iter().filter(|finding| finding.state == "open").map(|finding| {
        let said_left = said_left(&finding, read.run.as_of);
        let seen = EarlierFinding {
            said_left,
            owner: finding.evidence.iter().find_map(|piece| piece.owner.clone()),
            first_seen: finding.first_seen,
            rule: finding.rule,
            title: finding.title,
            subject: finding.subject.word,
            account: finding.subject.account_id,
            content: finding.content_sha256,
            said_current: finding.evidence.into_iter().filter_map(|piece| piece.said_current).collect(),
        };
        (finding.fingerprint, seen)
    });
    let list_digests = read.files.iter().map(|file| (file.name.clone(), file.sha256.clone())).collect();
    Ok(Earlier {
        run_id: read.run.run_id,
        as_of: read.run.as_of,
        manifest_sha256: manifest_sha256.to_owned(),
        open: open.collect(),
        gaps: read.gaps.into_iter().map(|gap| gap.key).collect::<BTreeSet<String>>(),
        list_rows: read.files.into_iter().map(|file| (file.name, file.rows_used)).collect::<BTreeMap<String, u32>>(),
        list_digests,
        judged_in_full: read.verdict.listed_in_full(),
        judged: read.verdict.listed(),
        harmless: read.harmless.into_iter().filter_map(ReadHolder::known).collect(),
        pending: read.pending.into_iter().map(|pending| (pending.fingerprint, pending.since)).collect(),
        closed: read.closed.into_iter().map(ReadClosed::closure).collect(),
    })
}

/// When a list last said that the person had left whom a finding is about: in that run, or before it.
fn said_left(finding: &ReadFinding, as_of: DateTime<Utc>) -> Option<SaidLeft> {
    let before = finding.evidence.iter().find_map(|piece| piece.said_left.clone());
    let in_that_run = || SaidLeft { at: as_of, by: finding.list_row.clone() };
    finding.rule.starts_with("leaver-").then(|| before.unwrap_or_else(in_that_run))
}

/// What asking AWS took in an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Took {
    /// Requests that were sent.
    pub calls: u64,
    /// From the first of them to the last answer.
    pub seconds: u64,
}

/// What asking AWS took in the run of a `report.json`, where it says so.
#[must_use]
pub fn took(bytes: &[u8]) -> Option<Took> {
    let CallsReadBack { run, ledger } = serde_json::from_slice(bytes).ok()?;
    let seconds = (run.collected_to? - run.collected_from?).num_seconds();
    let calls = ledger.into_values().map(|tally| tally.calls).sum();
    Some(Took { calls, seconds: seconds.try_into().ok()? })
}

#[derive(Deserialize)]
struct CallsReadBack {
    run: ReadWindow,
    ledger: BTreeMap<String, ReadTally>,
}

#[derive(Deserialize)]
struct ReadWindow {
    collected_from: Option<DateTime<Utc>>,
    collected_to: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct ReadTally {
    calls: u64,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Deserialize)]
struct ReadBack {
    run: ReadRun,
    findings: Vec<ReadFinding>,
    gaps: Vec<ReadGap>,
    files: Vec<ReadFile>,
    verdict: ReadVerdict,
    #[serde(default)]
    harmless: Vec<ReadHolder>,
    #[serde(default)]
    pending: Vec<ReadPending>,
    #[serde(default)]
    closed: Vec<ReadClosed>,
}

#[derive(Deserialize)]
struct ReadPending {
    fingerprint: Fingerprint,
    since: DateTime<Utc>,
}

#[derive(Deserialize)]
struct ReadClosed {
    fingerprint: Fingerprint,
    plan: String,
    changes: Vec<String>,
    at: DateTime<Utc>,
    by: Option<String>,
}

impl ReadClosed {
    fn closure(self) -> (Fingerprint, Closure) {
        let ReadClosed { fingerprint, plan, changes, at, by } = self;
        (fingerprint, Closure { plan, changes, at, by })
    }
}

#[derive(Deserialize)]
struct ReadHolder {
    #[serde(rename = "type")]
    word: String,
    account_id: Option<AccountId>,
    name: String,
}

impl ReadHolder {
    /// Of a sort that a later version added, this one knows nothing.
    fn known(self) -> Option<PolicyHolder> {
        Some(PolicyHolder::new(PolicyHolderKind::of(&self.word)?, self.account_id, &self.name))
    }
}

#[derive(Deserialize)]
struct ReadVerdict {
    judged: BTreeMap<String, usize>,
    #[serde(default)]
    coverage: Vec<ReadCoverage>,
}

#[derive(Deserialize)]
struct ReadCoverage {
    kind: String,
    listed: bool,
    #[serde(default)]
    listed_in_full: bool,
}

impl ReadVerdict {
    /// The kinds that lists named all of, as far as that run says so.
    fn listed_in_full(&self) -> BTreeSet<String> {
        let in_full = self.coverage.iter().filter(|coverage| coverage.listed_in_full);
        in_full.map(|coverage| coverage.kind.clone()).collect()
    }

    /// The kinds that lists spoke for, whether anything of them was read or not.
    fn listed(self) -> BTreeSet<String> {
        let listed = self.coverage.into_iter().filter(|coverage| coverage.listed).map(|coverage| coverage.kind);
        self.judged.into_keys().chain(listed).collect()
    }
}

#[derive(Deserialize)]
struct ReadRun {
    run_id: String,
    as_of: DateTime<Utc>,
}

#[derive(Deserialize)]
struct ReadFinding {
    fingerprint: Fingerprint,
    state: String,
    first_seen: DateTime<Utc>,
    rule: String,
    title: String,
    subject: ReadSubject,
    #[serde(default)]
    list_row: Option<String>,
    #[serde(default)]
    content_sha256: Option<String>,
    #[serde(default)]
    evidence: Vec<ReadEvidence>,
}

#[derive(Deserialize)]
struct ReadEvidence {
    said_current: Option<String>,
    said_left: Option<SaidLeft>,
    owner: Option<String>,
}

#[derive(Deserialize)]
struct ReadSubject {
    #[serde(rename = "type")]
    word: String,
    account_id: Option<AccountId>,
}

#[derive(Deserialize)]
struct ReadFile {
    name: String,
    sha256: String,
    rows_used: u32,
}

#[derive(Deserialize)]
struct ReadGap {
    key: String,
}
