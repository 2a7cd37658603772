//! `report.json`: a versioned copy of the report for machines, with a published JSON Schema, and how the next run
//! reads it back as the earlier one.
//!
//! The shapes here are the format, apart from the internal types, so that those may change. Names are as AWS and the
//! lists write them, without apostrophes; sentences are as in every other format.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Earlier, EarlierFinding, Evidence, Finding, Fingerprint, Gap, Hides, Kind, Report, Severity, Side};
use crate::wording::{self, Names};

/// The version of the format. It changes where a reader of the old one would be misled; new fields do not change it.
const VERSION: u32 = 1;

/// Writes `report.json`.
///
/// # Errors
/// Where `out` does.
pub fn json(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::of(report))?;
    out.write_all(b"\n")
}

/// The JSON Schema of `report.json`.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain JSON");
    text.push('\n');
    text
}

/// A file that is not the `report.json` it should be.
#[derive(Debug, thiserror::Error)]
pub enum NotAReport {
    /// It is not JSON, or lacks what an earlier run must say.
    #[error("the earlier `report.json` cannot be read")]
    Unreadable(#[source] serde_json::Error),
    /// Another version of Rollcall wrote it.
    #[error("the earlier `report.json` has format version {0}, and this Rollcall reads version {VERSION}")]
    Version(u32),
}

/// What the next run needs of an earlier run's `report.json`.
///
/// # Errors
/// Where the bytes are no such file, or one of another version.
pub fn earlier(bytes: &[u8], manifest_sha256: &str) -> Result<Earlier, NotAReport> {
    let version: Versioned = serde_json::from_slice(bytes).map_err(NotAReport::Unreadable)?;
    if version.version != VERSION {
        return Err(NotAReport::Version(version.version));
    }
    let read: ReadBack = serde_json::from_slice(bytes).map_err(NotAReport::Unreadable)?;
    let open = read.findings.into_iter().filter(|finding| finding.state == "open").map(|finding| {
        let seen = EarlierFinding { first_seen: finding.first_seen, rule: finding.rule, title: finding.title };
        (finding.fingerprint, seen)
    });
    Ok(Earlier {
        run_id: read.run.run_id,
        as_of: read.run.as_of,
        manifest_sha256: manifest_sha256.to_owned(),
        open: open.collect(),
        gaps: read.gaps.into_iter().map(|gap| gap.line).collect::<BTreeSet<String>>(),
    })
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
}

#[derive(Deserialize)]
struct ReadGap {
    line: String,
}

/// One audit by Rollcall.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Rollcall report", rename = "Report")]
struct Document {
    /// The version of this format.
    version: u32,
    /// Which run this is, and its circumstances.
    run: Run,
    /// What it concludes.
    verdict: Verdict,
    /// How many of each standing, by kind.
    counts: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
    /// Every finding, the worst first; waived ones too.
    findings: Vec<JsonFinding>,
    /// Everything that could not be seen.
    gaps: Vec<JsonGap>,
    /// What changed since the earlier run; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<JsonChanges>,
    /// The files of the expected lists.
    files: Vec<JsonFile>,
    /// Rows of expected lists that could not be used.
    refused: Vec<JsonRefusal>,
    /// Users of Identity Center and the people of the lists that they were matched with.
    matching: Vec<JsonMatch>,
    /// Calls to AWS, by operation.
    ledger: BTreeMap<String, JsonTally>,
}

#[derive(Serialize, JsonSchema)]
struct Run {
    run_id: String,
    as_of: DateTime<Utc>,
    job: Option<String>,
    rollcall: String,
    organization: Option<String>,
    collected_from: Option<DateTime<Utc>>,
    collected_to: Option<DateTime<Utc>>,
    caller_arn: Option<String>,
    instance_arn: Option<String>,
    /// The endpoint that answered, where it was not AWS's own.
    redirected_to: Option<String>,
    excluded_accounts: BTreeMap<String, String>,
    earlier_run_id: Option<String>,
    earlier_manifest_sha256: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Verdict {
    headline: String,
    /// Whether an open finding exists: `none` or `found`.
    findings: &'static str,
    /// Whether all that was to be seen was seen: `complete` or `incomplete`.
    completeness: &'static str,
    open: usize,
    open_by_severity: BTreeMap<&'static str, usize>,
    waived: usize,
    hiding_gaps: usize,
    stated_gaps: usize,
    judged: BTreeMap<&'static str, usize>,
    not_judged: BTreeMap<&'static str, usize>,
    /// What a reader has to know besides.
    notices: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct JsonFinding {
    /// The same in every run for the same rule and subject.
    fingerprint: String,
    rule: &'static str,
    severity: Severity,
    /// `open` or `waived`.
    state: &'static str,
    title: String,
    subject: JsonNames,
    /// The row of an expected list to open, as file and line.
    list_row: Option<String>,
    evidence: Vec<JsonEvidence>,
    /// What the subject holds, counted.
    holds: Option<String>,
    advice: &'static str,
    first_seen: DateTime<Utc>,
    waiver: Option<JsonWaiver>,
}

#[derive(Serialize, JsonSchema)]
struct JsonNames {
    #[serde(rename = "type")]
    subject: &'static str,
    principal_type: Option<&'static str>,
    principal: Option<String>,
    group: Option<String>,
    permission_set: Option<String>,
    policy: Option<String>,
    account_id: Option<String>,
    account_name: Option<String>,
    list: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct JsonEvidence {
    text: String,
    /// What is held, where the evidence is that the subject holds something.
    #[serde(skip_serializing_if = "Option::is_none")]
    holds: Option<JsonNames>,
}

#[derive(Serialize, JsonSchema)]
struct JsonWaiver {
    row: String,
    reason: String,
    approved_by: String,
    /// The last day on which it holds (UTC), as `YYYY-MM-DD`.
    expires: String,
}

#[derive(Serialize, JsonSchema)]
struct JsonGap {
    /// `aws` or `expected`.
    side: Side_,
    source: String,
    account_id: Option<String>,
    unseen: String,
    /// The word for the reason.
    why: &'static str,
    reason: String,
    /// Whether it could hide access, and so makes the run incomplete.
    hides_access: bool,
    advice: String,
    /// All of it as one line, the same in every run.
    line: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Side")]
enum Side_ {
    Aws,
    Expected,
}

#[derive(Serialize, JsonSchema)]
struct JsonChanges {
    new: Vec<String>,
    still_open: Vec<String>,
    resolved: Vec<JsonGone>,
    out_of_sight: Vec<JsonGone>,
}

#[derive(Serialize, JsonSchema)]
struct JsonGone {
    fingerprint: String,
    title: String,
}

#[derive(Serialize, JsonSchema)]
struct JsonFile {
    name: String,
    format: String,
    encoding: String,
    sha256: String,
    rows_read: u32,
    rows_used: u32,
    rows_refused: u32,
    exported_at: Option<DateTime<Utc>>,
    exported_known_by: Option<&'static str>,
    notes: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct JsonRefusal {
    row: String,
    reason: String,
}

#[derive(Serialize, JsonSchema)]
struct JsonMatch {
    user_name: String,
    /// The person's row.
    person: String,
    by: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct JsonTally {
    calls: u64,
    pages: u64,
    items: u64,
    denied: u64,
    failed: u64,
    throttled: u64,
}

impl Document {
    fn of(report: &Report<'_>) -> Self {
        let world = report.world;
        let by_word = |kinds: &BTreeMap<Kind, usize>| kinds.iter().map(|(kind, count)| (key(*kind), *count)).collect();
        let verdict = &report.verdict;
        Document {
            version: VERSION,
            run: Run::of(report),
            verdict: Verdict {
                headline: wording::headline(report),
                findings: if verdict.open() == 0 { "none" } else { "found" },
                completeness: if verdict.complete() { "complete" } else { "incomplete" },
                open: verdict.open(),
                open_by_severity: verdict.findings.iter().map(|(severity, count)| (severity.word(), *count)).collect(),
                waived: verdict.waived,
                hiding_gaps: verdict.hiding_gaps,
                stated_gaps: verdict.stated_gaps,
                judged: by_word(&verdict.judged),
                not_judged: by_word(&verdict.not_judged),
                notices: wording::notices(report),
            },
            counts: (report.counts.iter())
                .map(|(kind, standings)| {
                    let words = standings.iter().map(|(word, count)| (wording::standing_word(*word), *count));
                    (key(*kind), words.collect())
                })
                .collect(),
            findings: report.findings.iter().map(|finding| JsonFinding::of(report, finding)).collect(),
            gaps: report.gaps.iter().map(|gap| JsonGap::of(gap)).collect(),
            changes: report.earlier().map(|_| JsonChanges::of(report)),
            files: world.expectation.files.iter().map(JsonFile::of).collect(),
            refused: (world.expectation.refused.iter())
                .map(|refusal| JsonRefusal {
                    row: wording::row(&world.expectation, refusal.row),
                    reason: refusal.reason.clone(),
                })
                .collect(),
            matching: matching(report),
            ledger: (world.snapshot.ledger.iter())
                .map(|(operation, t)| {
                    let (calls, pages, items) = (t.calls, t.pages, t.items);
                    let (denied, failed, throttled) = (t.denied, t.failed, t.throttled);
                    (operation.clone(), JsonTally { calls, pages, items, denied, failed, throttled })
                })
                .collect(),
        }
    }
}

impl Run {
    fn of(report: &Report<'_>) -> Self {
        let (snapshot, stamp) = (&report.world.snapshot, &report.world.stamp);
        Run {
            run_id: stamp.run_id.clone(),
            as_of: stamp.as_of,
            job: stamp.job.clone(),
            rollcall: stamp.version.clone(),
            organization: stamp.organization.clone(),
            collected_from: snapshot.window.map(|window| window.from),
            collected_to: snapshot.window.map(|window| window.to),
            caller_arn: snapshot.caller.as_ref().map(|caller| caller.arn.clone()),
            instance_arn: snapshot.instance.is().map(|instance| instance.arn.clone()),
            redirected_to: snapshot.redirected_to.clone(),
            excluded_accounts: (snapshot.scope.excluded.iter())
                .map(|(account, reason)| (account.to_string(), reason.clone()))
                .collect(),
            earlier_run_id: report.earlier().map(|earlier| earlier.run_id.clone()),
            earlier_manifest_sha256: report.earlier().map(|earlier| earlier.manifest_sha256.clone()),
        }
    }
}

impl JsonFinding {
    fn of(report: &Report<'_>, finding: &Finding) -> Self {
        let world = report.world;
        let waiver = finding.waiver.map(|waiver| &world.expectation.waivers[waiver.number()]);
        JsonFinding {
            fingerprint: finding.fingerprint.to_string(),
            rule: finding.rule.0,
            severity: finding.severity,
            state: if waiver.is_some() { "waived" } else { "open" },
            title: wording::title(report, finding),
            subject: JsonNames::of(wording::names(world, finding.subject)),
            list_row: wording::row_of(report, finding).map(|row| wording::row(&world.expectation, row)),
            evidence: (finding.evidence.iter())
                .map(|evidence| JsonEvidence {
                    text: wording::evidence(world, evidence),
                    holds: match evidence {
                        Evidence::Holds(subject) => Some(JsonNames::of(wording::names(world, *subject))),
                        Evidence::NotIn(_)
                        | Evidence::Row(_)
                        | Evidence::Employment(_)
                        | Evidence::Reaches(_)
                        | Evidence::Administrative(_)
                        | Evidence::LiveCredentials
                        | Evidence::Owner(_)
                        | Evidence::NoSuchAccount
                        | Evidence::NoSuchPermissionSet
                        | Evidence::NoSuchPrincipal
                        | Evidence::PrincipalNotListed
                        | Evidence::ExportedAt(..) => None,
                    },
                })
                .collect(),
            holds: wording::consequences(finding),
            advice: wording::advice(report, finding),
            first_seen: finding.first_seen,
            waiver: waiver.map(|waiver| JsonWaiver {
                row: wording::row(&world.expectation, waiver.row),
                reason: waiver.reason.clone(),
                approved_by: waiver.approved_by.clone(),
                expires: waiver.expires.to_string(),
            }),
        }
    }
}

impl JsonNames {
    fn of(names: Names) -> Self {
        JsonNames {
            subject: names.subject,
            principal_type: names.principal_type,
            principal: names.principal,
            group: names.group,
            permission_set: names.permission_set,
            policy: names.policy,
            account_id: names.account_id.map(|id| id.to_string()),
            account_name: names.account_name,
            list: names.list,
        }
    }
}

impl JsonGap {
    fn of(gap: &Gap) -> Self {
        JsonGap {
            side: match gap.side {
                Side::Aws => Side_::Aws,
                Side::Expected => Side_::Expected,
            },
            source: gap.source.clone(),
            account_id: gap.account.map(|account| account.to_string()),
            unseen: gap.unseen.clone(),
            why: wording::gap_why(&gap.why),
            reason: wording::gap_reason(&gap.why),
            hides_access: gap.hides == Hides::Grants,
            advice: wording::gap_advice(gap),
            line: wording::gap_line(gap),
        }
    }
}

impl JsonChanges {
    fn of(report: &Report<'_>) -> Self {
        let all = wording::changes(report);
        let gone = |what| {
            let these = all.iter().filter(move |change| change.what == what);
            these
                .map(|change| JsonGone { fingerprint: change.fingerprint.to_string(), title: change.title.clone() })
                .collect()
        };
        let here = |these: &[Fingerprint]| these.iter().map(ToString::to_string).collect();
        JsonChanges {
            new: here(&report.changes.new),
            still_open: here(&report.changes.still_open),
            resolved: gone("resolved"),
            out_of_sight: gone("out-of-sight"),
        }
    }
}

impl JsonFile {
    fn of(file: &crate::model::ExpectedFile) -> Self {
        JsonFile {
            name: file.name.clone(),
            format: file.format.clone(),
            encoding: file.encoding.clone(),
            sha256: file.sha256.clone(),
            rows_read: file.rows_read,
            rows_used: file.rows_used,
            rows_refused: file.rows_refused,
            exported_at: file.exported.map(|exported| exported.at),
            exported_known_by: file.exported.map(|exported| wording::clock_words(exported.known_by)),
            notes: file.notes.clone(),
        }
    }
}

fn matching(report: &Report<'_>) -> Vec<JsonMatch> {
    let world = report.world;
    (world.snapshot.users.positions().zip(&report.matching.people))
        .filter_map(|((_, user), matched)| Some((user, matched.as_ref()?)))
        .map(|(user, matched)| JsonMatch {
            user_name: user.user_name.clone(),
            person: wording::row(&world.expectation, world.expectation.people[matched.with].row),
            by: wording::match_key(matched.by),
        })
        .collect()
}

fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "user",
        Kind::Group => "group",
        Kind::Membership => "membership",
        Kind::Assignment => "assignment",
        Kind::IamUser => "iam-user",
        Kind::Policy => "policy",
    }
}
