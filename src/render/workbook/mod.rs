//! `access-review.xlsx`: the package as one workbook for reviewers (Office Open XML, ECMA-376).
//!
//! The sheets have the rows and the column names of the CSV files, with real numbers and dates, and without the
//! apostrophes: a text of a workbook is never a formula. The same report gives the same bytes.

mod administrators;
mod cells;
mod sheet;
mod summary;
mod waivers;

use std::io;

use rust_xlsxwriter::{DocProperties, Workbook, Worksheet, XlsxError};

use super::csv::{COMPLETENESS, FINDINGS, POPULATION, completeness_rows, finding_rows, population_rows};
use crate::model::{Access, Report};
use crate::wording::thousands;
use sheet::Sheet;

/// Rows of the population that the workbook takes: 20,000 take half a second and 150 MiB. `population.csv` has all rows of
/// a larger one.
const POPULATION_ROWS: usize = 20_000;

/// What a reader looks at first, of each sheet.
const FINDINGS_FIRST: [&str; 7] = ["severity", "title", "account_name", "state", "first_seen", "evidence", "advice"];
const POPULATION_FIRST: [&str; 9] = [
    "user_name",
    "display_name",
    "account_name",
    "entitlement",
    "path",
    "standing",
    "administrative",
    "expected_by",
    "reviewed_by",
];
const COMPLETENESS_FIRST: [&str; 6] = ["record", "source", "what", "status", "why", "advice"];

/// Writes `access-review.xlsx`.
///
/// # Errors
/// Where `out` does.
pub fn workbook(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    out.write_all(&bytes(report).map_err(io::Error::other)?)
}

fn bytes(report: &Report<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = cells::moment(report.world.stamp.as_of)?;
    let program = format!("Rollcall {}", report.world.stamp.version);
    workbook.set_properties(
        &DocProperties::new().set_title("Access review").set_author(program).set_creation_datetime(&made),
    );
    summary::write(report, workbook.add_worksheet())?;
    let mut findings = Sheet::begin(workbook.add_worksheet(), "Findings", &FINDINGS, &FINDINGS_FIRST)?;
    finding_rows(report).try_for_each(|cells| findings.row(&cells))?;
    findings.end()?;
    administrators::write(report, workbook.add_worksheet())?;
    population(report, workbook.add_worksheet())?;
    waivers::write(report, workbook.add_worksheet())?;
    let mut completeness = Sheet::begin(workbook.add_worksheet(), "Completeness", &COMPLETENESS, &COMPLETENESS_FIRST)?;
    completeness_rows(report).try_for_each(|cells| completeness.row(&cells))?;
    completeness.end()?;
    workbook.save_to_buffer()
}

fn population(report: &Report<'_>, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(worksheet, "Population", &POPULATION, &POPULATION_FIRST)?;
    let access: Vec<Access> = report.access().take(POPULATION_ROWS + 1).collect();
    if access.len() > POPULATION_ROWS {
        sheet.note(&format!(
            "The population has more than {} rows: open `population.csv`, which has all of them",
            thousands(POPULATION_ROWS as u64)
        ))?;
    } else {
        population_rows(report, &access, |cells| sheet.row(&cells))?;
    }
    sheet.end()
}
