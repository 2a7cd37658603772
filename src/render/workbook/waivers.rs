//! The sheet of waivers: every waiver that was given, and how many findings it accepts in this run.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::Sheet;
use crate::model::{Report, Waiver};
use crate::wording::row;

const COLUMNS: [&str; 10] = [
    "rule",
    "principal",
    "account_id",
    "finding",
    "reason",
    "approved_by",
    "approved_on",
    "expires",
    "accepts",
    "list_row",
];

const FIRST: [&str; 6] = ["rule", "principal", "reason", "approved_by", "expires", "accepts"];

/// Writes the sheet.
pub(super) fn write(report: &Report<'_>, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(worksheet, "Waivers", &COLUMNS, &FIRST)?;
    for (number, waiver) in report.world.expectation.waivers.iter().enumerate() {
        let accepts = report.waived().filter(|finding| finding.waiver.is_some_and(|by| by.number() == number)).count();
        sheet.row(&cells(report, waiver, accepts))?;
    }
    sheet.end()
}

fn cells(report: &Report<'_>, waiver: &Waiver, accepts: usize) -> [String; 10] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        waiver.rule.clone(),
        text(&waiver.principal),
        waiver.account.map(|account| account.to_string()).unwrap_or_default(),
        text(&waiver.finding),
        waiver.reason.clone(),
        waiver.approved_by.clone(),
        waiver.accepted.as_ref().map(|accepted| accepted.on.to_string()).unwrap_or_default(),
        waiver.expires.to_string(),
        accepts.to_string(),
        row(&report.world.expectation, waiver.row),
    ]
}
