//! Where an expected list says something: file and line, as an editor takes it.

use std::fmt::Write as _;

use crate::model::{Evidence, Expectation, Finding, Report, RowRef, Standing};

use super::visible;

/// `assignments.csv:12`.
#[must_use]
pub fn row(expectation: &Expectation, row: RowRef) -> String {
    let mut text = String::new();
    push_row(&mut text, expectation, row);
    text
}

/// The same at the end of a text, for those who say it a million times.
pub fn push_row(text: &mut String, expectation: &Expectation, row: RowRef) {
    text.push_str(&visible(&expectation.files[row.file.number()].name));
    write!(text, ":{}", row.line).expect("a string takes every text");
}

/// The row to open for this finding: the one that its evidence names, else the one that it is about.
#[must_use]
pub fn row_of(report: &Report<'_>, finding: &Finding) -> Option<RowRef> {
    let named = finding.evidence.iter().find_map(Evidence::row);
    named.or_else(|| report.world.describe(finding.subject).row)
}

/// The row that expects what stands so.
#[must_use]
pub fn expected_by(standing: &Standing) -> Option<RowRef> {
    match standing {
        Standing::Expected(row) | Standing::Missing(row, _) | Standing::Differs(row) => Some(*row),
        Standing::Pending(recent) => recent.row,
        Standing::Unintended(_) | Standing::Unknown(_) | Standing::Unlisted => None,
    }
}
