//! `report.html`: one file for an auditor, complete without its script and without anything from outside.
//!
//! Each section is put together as plain cells in a file of its own; how it looks is in `templates/report/`, which
//! escapes.

mod account_access;
mod administrators;
mod blind_spots;
mod controls;
mod coverage_tables;
mod finding_cards;
mod former_employees;
mod held_access;
mod iam_credentials;
mod page;
mod permission_sets;
mod person_access;
mod script;
mod waiver_register;

use std::io;

use askama::Template as _;

use crate::model::Report;

/// Findings, gaps and changes that the page lists before the rest is only counted: a browser stays quick, and nobody
/// reads further on a page.
const LISTED: usize = 500;

/// Writes `report.html`.
///
/// # Errors
/// Where `out` does.
pub fn html(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let page = page::Page::of(report);
    let mut out = io::BufWriter::new(out);
    page.write_into(&mut out)?;
    io::Write::flush(&mut out)
}
