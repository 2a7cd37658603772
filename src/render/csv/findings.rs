//! `findings.csv`: one row a finding, open and waived ones.

use std::collections::BTreeSet;
use std::io;

use crate::model::{Evidence, Finding, Fingerprint, Report};
use crate::wording::{advice, consequences, evidence, instant, names, row, row_of, title};

use super::{Sheet, or_empty};

/// The columns, in order.
pub(in crate::render) const FINDINGS: [&str; 24] = [
    "fingerprint",
    "severity",
    "rule",
    "state",
    "change",
    "title",
    "subject",
    "principal_type",
    "principal",
    "group",
    "permission_set",
    "application",
    "role",
    "policy",
    "trusted",
    "account_id",
    "account_name",
    "list_row",
    "evidence",
    "holds",
    "advice",
    "first_seen",
    "waiver",
    "waiver_reason",
];

/// Writes `findings.csv`.
///
/// # Errors
/// Where `out` does.
pub fn findings_csv(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::open(out, &FINDINGS)?;
    finding_rows(report).try_for_each(|cells| sheet.row(cells))?;
    sheet.close()
}

/// One row a finding, as [`FINDINGS`] names its cells.
pub(in crate::render) fn finding_rows<'r>(report: &'r Report<'_>) -> impl Iterator<Item = [String; 24]> + 'r {
    let new: BTreeSet<&Fingerprint> = report.changes.new.iter().collect();
    report.findings.iter().map(move |finding| cells(report, finding, &new))
}

fn cells(report: &Report<'_>, finding: &Finding, new: &BTreeSet<&Fingerprint>) -> [String; 24] {
    let world = report.world;
    let named = names(world, finding.subject);
    let waiver = finding.waiver.map(|waiver| &world.expectation.waivers[waiver.number()]);
    // What is held can be thousands of sentences; a cell takes 32,767 characters. It is counted here, listed in JSON.
    let told: Vec<String> = finding
        .evidence
        .iter()
        .filter(|piece| !matches!(piece, Evidence::Holds(_)))
        .map(|piece| evidence(world, piece))
        .collect();
    let change = match (report.earlier(), waiver, new.contains(&finding.fingerprint)) {
        (None, ..) | (Some(_), Some(_), _) => "",
        (Some(_), None, true) => "new",
        (Some(_), None, false) => "still-open",
    };
    [
        finding.fingerprint.to_string(),
        finding.severity.to_string(),
        finding.rule.to_string(),
        if waiver.is_some() { "waived" } else { "open" }.to_owned(),
        change.to_owned(),
        title(report, finding),
        named.subject.to_owned(),
        or_empty(named.principal_type),
        or_empty(named.principal),
        or_empty(named.group),
        or_empty(named.permission_set),
        or_empty(named.application),
        or_empty(named.role),
        or_empty(named.policy),
        or_empty(named.trusted),
        or_empty(named.account_id),
        or_empty(named.account_name),
        or_empty(row_of(report, finding).map(|at| row(&world.expectation, at)).or(named.list)),
        told.join("; "),
        consequences(finding).unwrap_or_default(),
        advice(report, finding).to_owned(),
        instant(finding.first_seen),
        or_empty(waiver.map(|waiver| row(&world.expectation, waiver.row))),
        or_empty(
            waiver.map(|waiver| format!("{}, by {}, until {}", waiver.reason, waiver.approved_by, waiver.expires)),
        ),
    ]
}
