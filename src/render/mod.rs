//! Reports as bytes: one format a file, each a function of the report and of nothing else.
//!
//! Renderers lay out what [`wording`](crate::wording) says and escape for their own format. They know neither where
//! the bytes go nor the time.

mod access_facts;
mod csv;
mod explain;
mod html;
mod json;
mod legend;
mod markup;
mod nesting_paths;
pub mod plan;
mod record;
mod text;
mod workbook;

use std::io;

use crate::model::Report;

pub use csv::{completeness_csv, findings_csv, population_csv};
pub use explain::{Explanation, Found, ThingKind, Wanted, explain, explain_json, explain_schema, explain_text};
pub use html::html;
pub use json::{NotAReport, Took, earlier, json, schema, took};
pub use record::{RECORD_FILES, RecordFile};
pub use text::text;
pub use workbook::workbook;

/// A file of a package.
#[derive(Debug, Clone, Copy)]
pub struct File {
    /// Its name in the package.
    pub name: &'static str,
    /// Its media type (RFC 6838).
    pub media_type: &'static str,
    /// Writes it.
    pub render: fn(&Report<'_>, &mut dyn io::Write) -> io::Result<()>,
}

/// Every file that a report becomes in a package, the one to open first in front.
pub const FILES: &[File] = &[
    File { name: "report.html", media_type: "text/html; charset=utf-8", render: html },
    File {
        name: "access-review.xlsx",
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        render: workbook,
    },
    File { name: "findings.csv", media_type: "text/csv; charset=utf-8", render: findings_csv },
    File { name: "population.csv", media_type: "text/csv; charset=utf-8", render: population_csv },
    File { name: "completeness.csv", media_type: "text/csv; charset=utf-8", render: completeness_csv },
    File { name: "report.json", media_type: "application/json", render: json },
];
