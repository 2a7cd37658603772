//! `report.json`: a versioned copy of the report for machines, with a published JSON Schema, and how the next run
//! reads it back as the earlier one.
//!
//! Names are as AWS and the lists write them, without apostrophes; sentences are as in every other format.

mod earlier;
mod from_report;
mod schema;

use std::io;

use crate::model::Report;

pub use earlier::{NotAReport, Took, earlier, took};
use schema::Document;

/// The version of the format. It changes where a reader of the old one would be misled; new fields do not change it.
const VERSION: u32 = 2;

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
