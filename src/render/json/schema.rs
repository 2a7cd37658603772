//! The format itself, apart from the internal types, so that those may change.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{SaidLeft, Severity};

/// One audit by Rollcall.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Rollcall report", rename = "Report")]
pub(super) struct Document {
    /// The version of this format.
    pub(super) version: u32,
    /// Which run this is, and its circumstances.
    pub(super) run: Run,
    /// The verdict.
    pub(super) verdict: Verdict,
    /// The number of each standing (`expected`, `unintended`, …), by kind.
    pub(super) counts: BTreeMap<&'static str, BTreeMap<&'static str, usize>>,
    /// Every finding, the worst first; waived ones too.
    pub(super) findings: Vec<JsonFinding>,
    /// Every gap: what could not be read or decided.
    pub(super) gaps: Vec<JsonGap>,
    /// What changed since the earlier run; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) changes: Option<JsonChanges>,
    /// The files of the expected lists.
    pub(super) files: Vec<JsonFile>,
    /// Rows of expected lists that could not be used.
    pub(super) refused: Vec<JsonRefusal>,
    /// Users of Identity Center and the people of the lists that they were matched with.
    pub(super) matching: Vec<JsonMatch>,
    /// Results of the cross-check; absent if there was none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) cross_checks: Vec<JsonCrossCheck>,
    /// What is not administrative, or became administrative without approval; the next run compares with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) harmless: Vec<JsonHolder>,
    /// Differences that a change of the directory excuses or excused, and that are still there: what the next run
    /// compares with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) pending: Vec<JsonPending>,
    /// Findings that changes of applied plans put in order: what the next run compares with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) closed: Vec<JsonClosed>,
    /// Calls to AWS, by operation.
    pub(super) ledger: BTreeMap<String, JsonTally>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Run {
    pub(super) run_id: String,
    /// The point in time that the run assesses.
    pub(super) as_of: DateTime<Utc>,
    /// Where the AWS data comes from: `live`, `saved-files` or `journal`; `null` if unknown.
    pub(super) facts_from: Option<&'static str>,
    pub(super) job: Option<String>,
    pub(super) rollcall: String,
    pub(super) organization: Option<String>,
    pub(super) collected_from: Option<DateTime<Utc>>,
    pub(super) collected_to: Option<DateTime<Utc>>,
    pub(super) caller_arn: Option<String>,
    /// The partition of the caller: `aws`, `aws-cn`, `aws-us-gov`.
    pub(super) partition: Option<String>,
    /// The region of Identity Center.
    pub(super) region: Option<String>,
    pub(super) instance_arn: Option<String>,
    /// Whose access the instance of Identity Center manages: `organization` or `account`; `null` if unknown.
    pub(super) instance_kind: Option<&'static str>,
    /// The account that owns the instance.
    pub(super) instance_owner: Option<String>,
    /// `ACTIVE`, `CREATE_IN_PROGRESS` … as AWS writes it.
    pub(super) instance_status: Option<String>,
    /// The endpoint that answered, where it was not AWS's own.
    pub(super) redirected_to: Option<String>,
    pub(super) excluded_accounts: BTreeMap<String, String>,
    pub(super) earlier_run_id: Option<String>,
    pub(super) earlier_manifest_sha256: Option<String>,
    /// Problems in the store that did not stop the run; absent if there were none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) store_notes: Vec<JsonStoreNote>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonStoreNote {
    /// `passed-over`: a link or a package of an earlier run that this run could not be compared with; `told-unknown`:
    /// an unusable record of sent alerts; `stray`: something that is neither link nor package.
    pub(super) kind: &'static str,
    /// The object's name in the store.
    pub(super) object: String,
    /// What is wrong with it: `missing`, `changed`, `unreadable`, `malformed`, `other-format`.
    pub(super) why: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct Verdict {
    pub(super) headline: String,
    /// Whether an open finding exists: `none` or `found`.
    pub(super) findings: &'static str,
    /// Whether everything in scope was read: `complete` or `incomplete`.
    pub(super) completeness: &'static str,
    pub(super) open: usize,
    pub(super) open_by_severity: BTreeMap<&'static str, usize>,
    pub(super) waived: usize,
    pub(super) hiding_gaps: usize,
    pub(super) stated_gaps: usize,
    /// The kinds that were assessed (an expected list covers them, and some were read), with the number of each.
    pub(super) judged: BTreeMap<&'static str, usize>,
    /// The kinds that were read but that no expected list covers, with the number of each.
    pub(super) not_judged: BTreeMap<&'static str, usize>,
    /// The number of rows without a reviewer, in lists maintained by hand.
    pub(super) unreviewed_rows: usize,
    /// How far each kind was read and assessed.
    pub(super) coverage: Vec<JsonCoverage>,
    /// The rules that the settings switch off: the verdict says nothing about what they look for.
    pub(super) switched_off: Vec<&'static str>,
    /// Further notices for the reader.
    pub(super) notices: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Coverage")]
pub(super) struct JsonCoverage {
    /// `user`, `assignment`, `iam-user` …
    pub(super) kind: &'static str,
    /// How many exist, or are expected but missing.
    pub(super) number: usize,
    /// How many of these are not assessed, because no expected list covers them.
    pub(super) unlisted: usize,
    /// Whether an expected list covers at least some of the kind.
    pub(super) listed: bool,
    /// Whether the expected lists name all of the kind, or did until a list went missing and nobody accepted that.
    pub(super) listed_in_full: bool,
    /// How far it was read: `whole`, `by-name` (AWS does not list the kind), `accounts` (whole in so many accounts),
    /// `part`, `unread`, `unsupported` (this instance of Identity Center has none) or `out-of-scope`.
    pub(super) read: &'static str,
    /// In how many accounts it was read, if `read` is `accounts`.
    pub(super) accounts_read: Option<usize>,
    /// How many accounts the organization has; `null` where that is not known.
    pub(super) accounts_known: Option<usize>,
    /// Whether the verdict says anything about the kind.
    pub(super) assessed: bool,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonFinding {
    /// The same in every run for the same rule and subject.
    pub(super) fingerprint: String,
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    /// `open` or `waived`.
    pub(super) state: &'static str,
    pub(super) title: String,
    pub(super) subject: JsonNames,
    /// The row of an expected list to open, as file and line.
    pub(super) list_row: Option<String>,
    pub(super) evidence: Vec<JsonEvidence>,
    /// What the subject holds, counted.
    pub(super) holds: Option<String>,
    pub(super) advice: &'static str,
    pub(super) first_seen: DateTime<Utc>,
    /// The digest of what the subject allows; absent where it has no content of its own, or where that was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_sha256: Option<String>,
    pub(super) waiver: Option<JsonWaiver>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonNames {
    #[serde(rename = "type")]
    pub(super) subject: &'static str,
    pub(super) principal_type: Option<&'static str>,
    pub(super) principal: Option<String>,
    pub(super) group: Option<String>,
    pub(super) permission_set: Option<String>,
    /// The application of Identity Center.
    pub(super) application: Option<String>,
    /// The IAM role of an entitlement.
    pub(super) role: Option<String>,
    pub(super) policy: Option<String>,
    /// Whom the role trusts.
    pub(super) trusted: Option<String>,
    pub(super) account_id: Option<String>,
    pub(super) account_name: Option<String>,
    pub(super) list: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonEvidence {
    pub(super) text: String,
    /// What the subject holds, if the evidence is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) holds: Option<JsonNames>,
    /// The list that says that the person is current, if another one says or said that they have left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) said_current: Option<String>,
    /// Which run last read that the person had left, and by which row, if no list says so any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) said_left: Option<SaidLeft>,
    /// Who answers for the IAM user, if the evidence is about that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonWaiver {
    pub(super) row: String,
    pub(super) reason: String,
    pub(super) approved_by: String,
    /// The last day on which it holds (UTC), as `YYYY-MM-DD`.
    pub(super) expires: String,
    /// The day on which the accepted state was recorded; `null` if the waiver accepts by name only.
    pub(super) accepted_on: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonGap {
    /// `aws` or `expected`.
    pub(super) side: JsonSide,
    pub(super) source: String,
    pub(super) account_id: Option<String>,
    /// The word for what was not seen.
    pub(super) what: &'static str,
    /// What it is of, as AWS or a list calls it: a group, a permission set, a column.
    pub(super) object: Option<String>,
    /// What was not seen, in words.
    pub(super) unseen: String,
    /// The word for the reason.
    pub(super) why: &'static str,
    pub(super) reason: String,
    /// Whether it could hide access, and so makes the run incomplete.
    pub(super) hides_access: bool,
    pub(super) advice: String,
    /// The identity of the gap across runs: where, what and why, in machine words and names.
    pub(super) key: String,
    /// All of it as one line.
    pub(super) line: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Side")]
pub(super) enum JsonSide {
    Aws,
    Expected,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonChanges {
    pub(super) new: Vec<String>,
    pub(super) still_open: Vec<String>,
    /// Findings that are no longer open, because AWS changed.
    pub(super) resolved: Vec<JsonGone>,
    /// Findings that a list row now expects, although AWS is unchanged.
    pub(super) now_listed: Vec<JsonListed>,
    /// Findings about something that is still missing, but that no row expects any more.
    pub(super) no_longer_listed: Vec<JsonGone>,
    /// Findings that are now part of another finding.
    pub(super) part_of_another: Vec<JsonGone>,
    /// Findings that a waiver now accepts.
    pub(super) accepted: Vec<JsonGone>,
    pub(super) out_of_sight: Vec<JsonGone>,
    /// Open findings that a change of an applied plan had put in order: the access is back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) back: Vec<JsonGone>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonGone {
    pub(super) fingerprint: String,
    pub(super) title: String,
    /// Why it is not open any more, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonListed {
    pub(super) fingerprint: String,
    pub(super) title: String,
    /// The row that expects it, as file and line.
    pub(super) row: String,
    /// Who reviewed the row; `null` if no one did, and for exports.
    pub(super) reviewed_by: Option<String>,
    /// Rows of lists that changed, and that expect what was part of the finding.
    pub(super) further_rows: Vec<String>,
    /// Whether the list is the same as in the earlier run, so that something else changed.
    pub(super) list_unchanged: bool,
    /// All of it as a sentence.
    pub(super) cause: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonFile {
    pub(super) name: String,
    pub(super) format: String,
    pub(super) encoding: String,
    pub(super) sha256: String,
    pub(super) rows_read: u32,
    pub(super) rows_used: u32,
    pub(super) rows_refused: u32,
    pub(super) rows_unreviewed: u32,
    pub(super) exported_at: Option<DateTime<Utc>>,
    pub(super) exported_known_by: Option<&'static str>,
    pub(super) notes: Vec<String>,
    /// The newer export of the same source for which this list was set aside; this list is then not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) set_aside_for: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonRefusal {
    pub(super) row: String,
    pub(super) reason: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonMatch {
    pub(super) user_name: String,
    /// The person's row.
    pub(super) person: String,
    pub(super) by: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonCrossCheck {
    /// The kind of the facts: `membership`, `assignment`.
    pub(super) kind: &'static str,
    /// The operation that they are taken from.
    pub(super) first: &'static str,
    /// The operation of the second query.
    pub(super) second: &'static str,
    /// What it was asked about: `user`, `group`, `user or group`.
    pub(super) about: &'static str,
    /// How many of those there are.
    pub(super) there_are: usize,
    /// For how many of those the second query was answered completely.
    pub(super) answered: usize,
    /// For how many the two queries differ, including those with incomplete answers.
    pub(super) differing: usize,
    /// How many grants one way shows and the other lacks: the evidence of findings of `contradicted-listing`.
    pub(super) contradictions: usize,
    /// All of it as a sentence.
    pub(super) line: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonHolder {
    /// `permission-set`, `iam-user` or `role`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) account_id: Option<String>,
    /// In the form in which names are compared.
    pub(super) name: String,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonPending {
    /// Of the finding that the difference is once it is not pending.
    pub(super) fingerprint: String,
    /// The instant of the first run of the job that showed the difference.
    pub(super) since: DateTime<Utc>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonClosed {
    /// Of the finding.
    pub(super) fingerprint: String,
    /// The first twelve digits of the plan's digest.
    pub(super) plan: String,
    /// The ids of the changes within the plan.
    pub(super) changes: Vec<String>,
    /// When the last of them was done.
    pub(super) at: DateTime<Utc>,
    /// The ARN of the session that made it.
    pub(super) by: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct JsonTally {
    pub(super) calls: u64,
    pub(super) pages: u64,
    pub(super) items: u64,
    pub(super) denied: u64,
    pub(super) failed: u64,
    pub(super) throttled: u64,
    /// Requests that were sent again, throttled ones among them.
    pub(super) retried: u64,
    /// When the first request was sent.
    pub(super) first: Option<DateTime<Utc>>,
    /// When the last answer was received.
    pub(super) last: Option<DateTime<Utc>>,
}
