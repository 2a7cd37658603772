//! What a package keeps of its inputs, so that it can be replayed: the pages of AWS, the records of the lists, and the
//! run's own circumstances.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::collect::journal::lines;
use crate::collect::journal::page::Page;
use crate::compare;
use crate::expect::{self, Records};
use crate::model::{
    AccountId, AuditPolicy, Closure, Earlier, EarlierFinding, Fingerprint, IdentitySource, Level, Nesting, Origin,
    PolicyHolder, RuleId, SaidLeft, Scope, Stamp, StoreNote,
};
use crate::store::draft::Draft;

use super::PipelineError;

/// The pages of AWS, as a journal.
pub(super) const PAGES: &str = "inputs/aws.jsonl";
/// The records of the expected lists.
pub(super) const RECORDS: &str = "inputs/expected.jsonl";
/// The run's own circumstances.
pub(super) const RUN: &str = "inputs/run.json";

const JSON_LINES: &str = "application/jsonl";

/// The run's own circumstances, which a report depends on as well.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Run {
    pub(super) stamp: Stamp,
    pub(super) policy: AuditPolicy,
    pub(super) earlier: Option<Earlier>,
    pub(super) store_notes: Vec<StoreNote>,
}

/// All that was read.
pub(super) struct Read {
    pub(super) scope: Scope,
    pub(super) pages: Vec<Page>,
    pub(super) records: Arc<Records>,
}

/// Adds the inputs to a draft, in canonical form. What has been written down is not kept.
pub(super) fn add(draft: &Draft, read: Read, run: &Run) -> Result<(), PipelineError> {
    let Read { scope, pages, records } = read;
    draft.add(PAGES, JSON_LINES, |out| lines::write(out, &scope, &pages))?;
    drop(pages);
    draft.add(RECORDS, JSON_LINES, |out| expect::write(&records, out))?;
    draft.add(RUN, "application/json", |out| {
        serde_json::to_writer_pretty(&mut *out, &Document::of(run))?;
        out.write_all(b"\n")
    })?;
    Ok(())
}

/// Format 1 of `inputs/run.json`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    run_id: String,
    as_of: DateTime<Utc>,
    /// Where AWS's side came from; earlier versions did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    job: Option<String>,
    rollcall: String,
    organization: Option<String>,
    identity_source: Option<IdentitySource>,
    nested_groups: Option<Nesting>,
    max_age_seconds: i64,
    sync_grace_seconds: i64,
    /// Absent in packages of runs that knew no longest time.
    #[serde(default = "max_waiver_seconds")]
    max_waiver_seconds: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_max_age_seconds: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unused_after_seconds: Option<i64>,
    /// Absent in packages of runs that did not look at it.
    #[serde(default = "answers_within_seconds")]
    answers_within_seconds: i64,
    /// Levels of rules that have not their own.
    rules: BTreeMap<String, String>,
    earlier: Option<EarlierDocument>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    store_notes: Vec<StoreNote>,
}

fn max_waiver_seconds() -> i64 {
    AuditPolicy::MAX_WAIVER.num_seconds()
}

fn answers_within_seconds() -> i64 {
    AuditPolicy::ANSWERS_WITHIN.num_seconds()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierDocument {
    run_id: String,
    as_of: DateTime<Utc>,
    manifest_sha256: String,
    open: BTreeMap<Fingerprint, FindingDocument>,
    gaps: BTreeSet<String>,
    list_rows: BTreeMap<String, u32>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    list_digests: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    judged: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    judged_in_full: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    harmless: BTreeSet<PolicyHolder>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pending: BTreeMap<Fingerprint, DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    closed: BTreeMap<Fingerprint, Closure>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingDocument {
    first_seen: DateTime<Utc>,
    rule: String,
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    subject: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    said_current: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said_left: Option<SaidLeft>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
}

const VERSION: u32 = 1;

impl Document {
    fn of(run: &Run) -> Self {
        let Run { stamp, policy, earlier, store_notes } = run.clone();
        Document {
            version: VERSION,
            run_id: stamp.run_id,
            as_of: stamp.as_of,
            origin: stamp.origin,
            job: stamp.job,
            rollcall: stamp.version,
            organization: stamp.organization,
            identity_source: policy.identity_source,
            nested_groups: policy.nesting,
            max_age_seconds: policy.max_list_age.num_seconds(),
            sync_grace_seconds: policy.sync_grace.num_seconds(),
            max_waiver_seconds: policy.max_waiver.num_seconds(),
            key_max_age_seconds: policy.key_max_age.map(|age| age.num_seconds()),
            unused_after_seconds: policy.unused_after.map(|age| age.num_seconds()),
            answers_within_seconds: policy.answers_within.num_seconds(),
            rules: policy.levels.iter().map(|(rule, level)| (rule.to_string(), level.word().to_owned())).collect(),
            earlier: earlier.map(|earlier| EarlierDocument {
                run_id: earlier.run_id,
                as_of: earlier.as_of,
                manifest_sha256: earlier.manifest_sha256,
                open: earlier.open.into_iter().map(|(fingerprint, finding)| (fingerprint, finding.into())).collect(),
                gaps: earlier.gaps,
                list_rows: earlier.list_rows,
                list_digests: earlier.list_digests,
                judged: earlier.judged,
                judged_in_full: earlier.judged_in_full,
                harmless: earlier.harmless,
                pending: earlier.pending,
                closed: earlier.closed,
            }),
            store_notes,
        }
    }
}

impl From<EarlierFinding> for FindingDocument {
    fn from(finding: EarlierFinding) -> Self {
        let EarlierFinding { first_seen, rule, title, subject, account, content, said_current, said_left, owner } =
            finding;
        FindingDocument { first_seen, rule, title, subject, account, content, said_current, said_left, owner }
    }
}

impl From<FindingDocument> for EarlierFinding {
    fn from(finding: FindingDocument) -> Self {
        let FindingDocument { first_seen, rule, title, subject, account, content, said_current, said_left, owner } =
            finding;
        EarlierFinding { first_seen, rule, title, subject, account, content, said_current, said_left, owner }
    }
}

impl Run {
    /// Reads `inputs/run.json` back.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        let document: Document = serde_json::from_slice(bytes)?;
        if document.version != VERSION {
            let unknown = format!("version {} (this build reads version {VERSION})", document.version);
            return Err(serde::de::Error::custom(unknown));
        }
        let earlier = document.earlier.map(|earlier| Earlier {
            run_id: earlier.run_id,
            as_of: earlier.as_of,
            manifest_sha256: earlier.manifest_sha256,
            open: earlier.open.into_iter().map(|(fingerprint, finding)| (fingerprint, finding.into())).collect(),
            gaps: earlier.gaps,
            list_rows: earlier.list_rows,
            list_digests: earlier.list_digests,
            judged: earlier.judged,
            judged_in_full: earlier.judged_in_full,
            harmless: earlier.harmless,
            pending: earlier.pending,
            closed: earlier.closed,
        });
        let level = |(rule, level): (&String, &String)| Ok((compare::rule_id(rule)?, level.parse()?));
        let levels: Result<BTreeMap<RuleId, Level>, String> = document.rules.iter().map(level).collect();
        Ok(Run {
            stamp: Stamp {
                run_id: document.run_id,
                as_of: document.as_of,
                origin: document.origin,
                job: document.job,
                version: document.rollcall,
                organization: document.organization,
            },
            policy: AuditPolicy {
                identity_source: document.identity_source,
                nesting: document.nested_groups,
                max_list_age: seconds(document.max_age_seconds)?,
                sync_grace: seconds(document.sync_grace_seconds)?,
                max_waiver: seconds(document.max_waiver_seconds)?,
                key_max_age: document.key_max_age_seconds.map(seconds).transpose()?,
                unused_after: document.unused_after_seconds.map(seconds).transpose()?,
                answers_within: seconds(document.answers_within_seconds)?,
                levels: levels.map_err(serde::de::Error::custom)?,
            },
            earlier,
            store_notes: document.store_notes,
        })
    }
}

/// A length of time; a package that somebody wrote by hand may hold more seconds than there is time.
fn seconds(number: i64) -> Result<TimeDelta, serde_json::Error> {
    TimeDelta::try_seconds(number).ok_or_else(|| serde::de::Error::custom(format!("{number} seconds is out of range")))
}
