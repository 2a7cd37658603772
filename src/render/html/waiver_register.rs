//! The register of waivers: every waiver that was given, with what it accepts in this run.

use std::collections::BTreeMap;

use crate::model::{Evidence, Report, RowRef, Waiver};
use crate::wording::{count, row, visible};

/// Waivers that the page lists.
const LISTED: usize = 300;

/// One waiver.
pub(super) struct WaiverRow {
    pub(super) covers: String,
    pub(super) reason: String,
    pub(super) approved_by: String,
    pub(super) approved_on: String,
    pub(super) expires: String,
    pub(super) state: String,
    pub(super) at: String,
}

/// All of them in the order of the file, and how many more there are.
pub(super) fn of(report: &Report<'_>) -> (Vec<WaiverRow>, Option<String>) {
    let mut accepted: BTreeMap<usize, usize> = BTreeMap::new();
    for finding in report.waived() {
        *accepted.entry(finding.waiver.map_or(usize::MAX, |waiver| waiver.number())).or_default() += 1;
    }
    let refused = refused(report);
    let waivers = &report.world.expectation.waivers;
    let rows = waivers.iter().enumerate().take(LISTED).map(|(number, waiver)| {
        let accepts = accepted.get(&number).copied().unwrap_or(0);
        waiver_row(report, waiver, accepts, refused.get(&waiver.row).copied().unwrap_or(false))
    });
    (rows.collect(), (waivers.len() > LISTED).then(|| count(waivers.len() - LISTED, "more waiver")))
}

/// Waivers that name a finding and do not accept it.
fn refused(report: &Report<'_>) -> BTreeMap<RowRef, bool> {
    let evidence = report.findings.iter().flat_map(|finding| &finding.evidence);
    let named = evidence.filter_map(|piece| {
        let Evidence::NotAccepted { waiver, .. } = piece else { return None };
        Some((*waiver, true))
    });
    named.collect()
}

fn waiver_row(report: &Report<'_>, waiver: &Waiver, accepts: usize, refused: bool) -> WaiverRow {
    let today = report.world.stamp.as_of.date_naive();
    let days = (waiver.expires - today).num_days();
    let state = match (accepts, days) {
        (_, days) if days < 0 => "expired".to_owned(),
        (0, _) if refused => "not valid for the finding that it names".to_owned(),
        (0, _) => "accepts nothing in this run".to_owned(),
        (some, days) => {
            format!("accepts {}; {} left", count(some, "finding"), count(days.unsigned_abs() as usize, "day"))
        }
    };
    WaiverRow {
        covers: covers(waiver),
        reason: visible(&waiver.reason).into(),
        approved_by: visible(&waiver.approved_by).into(),
        approved_on: waiver.accepted.as_ref().map_or_else(|| "not recorded".to_owned(), |known| known.on.to_string()),
        expires: waiver.expires.to_string(),
        state,
        at: row(&report.world.expectation, waiver.row),
    }
}

/// What it covers: the rule, and what narrows it.
pub(super) fn covers(waiver: &Waiver) -> String {
    let principal = waiver.principal.as_ref().map(|name| format!(" of {}", visible(name))).unwrap_or_default();
    let account = waiver.account.map(|account| format!(" in account {account}")).unwrap_or_default();
    let finding = waiver.finding.as_ref().map(|finding| format!(", finding {}", visible(finding))).unwrap_or_default();
    format!("{}{principal}{account}{finding}", visible(&waiver.rule))
}
