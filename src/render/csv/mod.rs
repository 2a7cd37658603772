//! The report as tables for a spreadsheet: RFC 4180 with CRLF, in UTF-8 with a byte order mark.
//!
//! The mark is there because Excel takes a CSV without one for the machine's old code page and breaks every name that
//! is not ASCII. Programs are better served by `report.json`, which has neither the mark nor the apostrophes.

mod applied_changes;
mod completeness;
mod findings;
mod findings_by_subject;
mod formula_safe;
mod in_parallel;
mod population;
mod population_columns;
mod population_principal;

pub(super) use applied_changes::record_csv;
pub use completeness::completeness_csv;
pub(super) use completeness::{COMPLETENESS, completeness_rows};
pub use findings::findings_csv;
pub(super) use findings::{FINDINGS, finding_rows};
pub use population::population_csv;
pub(super) use population::population_rows;
pub(super) use population_columns::POPULATION;

use std::borrow::Cow;
use std::io;

use formula_safe::{cell, is_plain, quoted};

/// A table that is being written: every cell passes [`formula_safe`].
struct Sheet<'o>(csv::Writer<&'o mut dyn io::Write>);

impl<'o> Sheet<'o> {
    fn open(out: &'o mut dyn io::Write, columns: &[&str]) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut sheet = Sheet::below(out);
        sheet.0.write_record(columns)?;
        Ok(sheet)
    }

    /// The rest of a table whose columns stand already.
    fn below(out: &'o mut dyn io::Write) -> Self {
        let mut writer = csv::WriterBuilder::new();
        // The writer's own quotes leave a `;` bare, and there are spreadsheets that split at it.
        writer.terminator(csv::Terminator::CRLF).quote_style(csv::QuoteStyle::Never);
        Sheet(writer.from_writer(out))
    }

    fn row<const N: usize>(&mut self, cells: [impl AsRef<str>; N]) -> io::Result<()> {
        for text in &cells {
            let text = text.as_ref();
            // Most cells are plain, and there are many of them.
            let cell = if is_plain(text) { Cow::Borrowed(text) } else { quoted(cell(text)) };
            self.0.write_field(cell.as_bytes())?;
        }
        self.0.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn close(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A text, or nothing.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
