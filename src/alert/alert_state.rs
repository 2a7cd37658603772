//! What a job's recipients have been told: the record that one run leaves for the next.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::basis::Basis;
use super::owed::Owed;
use crate::model::{Fingerprint, Gap, Hides, Report, Severity};
use crate::wording;

/// What the recipients know. Findings that are still open and were told by an earlier message are in here too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Open findings that they have been told of.
    pub findings: BTreeMap<Fingerprint, KnownFinding>,
    /// Gaps that they have been told of, by their keys.
    pub gaps: BTreeSet<String>,
    /// The instant of the last run whose message had a summary.
    pub summarized: Option<DateTime<Utc>>,
    /// The instant of the last run that read everything.
    pub complete: Option<DateTime<Utc>>,
    /// Findings that the watcher has told them of; no part of the record of a run.
    pub by_watcher: BTreeMap<Fingerprint, KnownFinding>,
    /// What the run assessed whose message they got last; `None` where that was not kept.
    pub basis: Option<Basis>,
    /// What a message said that did not reach them.
    pub owed: Owed,
}

/// What they know of a finding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownFinding {
    /// How severe it was said to be; `None` where that was not kept.
    pub severity: Option<Severity>,
    /// The instant of the run that told them; `None` where that was not kept.
    pub told: Option<DateTime<Utc>>,
    /// How many reminders of it were due since.
    pub reminded: u8,
}

/// A message that went out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// By which channel.
    pub channel: &'static str,
    /// What the channel calls it, where it said so.
    pub message_id: Option<String>,
    /// The recipients that were refused for good, by their place in the settings from zero; the others have it.
    pub refused: Vec<usize>,
}

/// Whether a gap has one of these keys; earlier versions of Rollcall wrote other ones.
fn is_among(keys: &BTreeSet<String>, gap: &Gap) -> bool {
    keys.contains(&gap.key()) || keys.contains(&wording::old_gap_key(gap))
}

/// Format 4 of a record; format 3 had no basis, and nothing owed. Channel and message are those of the run that left it, where it told anything.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    channel: Option<String>,
    message_id: Option<String>,
    findings: BTreeMap<Fingerprint, KnownFinding>,
    gaps: BTreeSet<String>,
    summarized: Option<DateTime<Utc>>,
    complete: Option<DateTime<Utc>>,
    #[serde(default)]
    basis: Option<Basis>,
    #[serde(default)]
    owed: Owed,
}

/// Format 2: it did not say when a finding was told, and there were no summaries.
#[derive(Deserialize)]
struct SecondDocument {
    findings: BTreeMap<Fingerprint, Option<Severity>>,
    gaps: BTreeSet<String>,
}

/// Format 1: it did not say how severe a finding was.
#[derive(Deserialize)]
struct FirstDocument {
    findings: BTreeSet<Fingerprint>,
    gaps: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

const VERSION: u32 = 4;

/// A record that this build does not understand.
#[derive(Debug, thiserror::Error)]
#[error("the record of sent alerts cannot be understood")]
pub struct BadTold(#[source] serde_json::Error);

impl Told {
    /// Reads a record.
    ///
    /// # Errors
    /// Where the bytes are no record, or one of another version.
    pub fn decode(record: &[u8]) -> Result<Self, BadTold> {
        let Versioned { version } = serde_json::from_slice(record).map_err(BadTold)?;
        match version {
            1 => {
                let FirstDocument { findings, gaps } = serde_json::from_slice(record).map_err(BadTold)?;
                let findings = findings.into_iter().map(|finding| (finding, KnownFinding::default())).collect();
                Ok(Told { findings, gaps, ..Told::default() })
            }
            2 => {
                let SecondDocument { findings, gaps } = serde_json::from_slice(record).map_err(BadTold)?;
                let known = |severity| KnownFinding { severity, ..KnownFinding::default() };
                let findings = findings.into_iter().map(|(finding, severity)| (finding, known(severity))).collect();
                Ok(Told { findings, gaps, ..Told::default() })
            }
            3 | VERSION => {
                let Document { findings, gaps, summarized, complete, basis, owed, .. } =
                    serde_json::from_slice(record).map_err(BadTold)?;
                Ok(Told { findings, gaps, summarized, complete, basis, owed, ..Told::default() })
            }
            _ => {
                let unknown = format!("version {version} (this build reads versions 1 to {VERSION})");
                Err(BadTold(serde::de::Error::custom(unknown)))
            }
        }
    }

    /// What of it still holds: what is there, and has been in every run since. Where it was not kept how severe a finding
    /// was, or when it was told, it counts as told as it is now, when a run first had it.
    #[must_use]
    pub fn still(&self, report: &Report<'_>) -> Told {
        let complete = if report.verdict.complete() { Some(report.world.stamp.as_of) } else { self.complete };
        let (summarized, basis) = (self.summarized, self.basis.clone());
        let Some(earlier) = report.earlier() else { return Told { complete, summarized, basis, ..Told::default() } };
        let findings = report.open().filter(|finding| earlier.open.contains_key(&finding.fingerprint));
        let findings = findings.filter_map(|finding| {
            let told = self.findings.get(&finding.fingerprint)?;
            let (severity, told_at) =
                (told.severity.or(Some(finding.severity)), told.told.or(Some(finding.first_seen)));
            Some((finding.fingerprint.clone(), KnownFinding { severity, told: told_at, reminded: told.reminded }))
        });
        let gaps = report.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
        let gaps = gaps.filter(|gap| is_among(&self.gaps, gap) && is_among(&earlier.gaps, gap));
        let mut findings: BTreeMap<_, _> = findings.collect();
        // What the watcher told before the earlier run, that run has counted as told, or has seen that it was gone.
        let since = self.by_watcher.iter().filter(|(_, known)| known.told.is_some_and(|told| told > earlier.as_of));
        let since: BTreeMap<&Fingerprint, &KnownFinding> = since.collect();
        for finding in report.open() {
            if let Some(known) = since.get(&finding.fingerprint) {
                findings.entry(finding.fingerprint.clone()).or_insert(**known);
            }
        }
        let gaps = gaps.map(|gap| gap.key()).collect();
        Told { findings, gaps, summarized, complete, basis, ..Told::default() }
    }

    /// The record of a run that sent this message, or none.
    ///
    /// # Panics
    /// Never: fingerprints and texts are JSON.
    #[must_use]
    pub fn encode(&self, sent: Option<&Sent>) -> Vec<u8> {
        let document = Document {
            version: VERSION,
            channel: sent.map(|sent| sent.channel.to_owned()),
            message_id: sent.and_then(|sent| sent.message_id.clone()),
            findings: self.findings.clone(),
            gaps: self.gaps.clone(),
            summarized: self.summarized,
            complete: self.complete,
            basis: self.basis.clone(),
            owed: self.owed.clone(),
        };
        serde_json::to_vec_pretty(&document).expect("a record is JSON")
    }
}
