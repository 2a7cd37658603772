//! The report as tables for a spreadsheet: RFC 4180 with CRLF, in UTF-8 with a byte order mark.
//!
//! The mark is there because Excel takes a CSV without one for the machine's old code page and breaks every name that
//! is not ASCII. Programs are better served by `report.json`, which has neither the mark nor the apostrophes.

mod by_subject;
mod completeness;
mod findings;
mod population;

pub use completeness::completeness_csv;
pub use findings::findings_csv;
pub use population::population_csv;

use std::borrow::Cow;
use std::io;

use crate::wording::phrase;

/// A table that is being written: every cell passes [`cell`].
struct Sheet<'o>(csv::Writer<&'o mut dyn io::Write>);

impl<'o> Sheet<'o> {
    fn open(out: &'o mut dyn io::Write, columns: &[&str]) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        writer.write_record(columns)?;
        Ok(Sheet(writer))
    }

    fn row<const N: usize>(&mut self, cells: [impl AsRef<str>; N]) -> io::Result<()> {
        for text in &cells {
            self.0.write_field(cell(text.as_ref()).as_bytes())?;
        }
        self.0.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn close(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"): where it would begin one, also behind
/// blanks or in full width, an apostrophe goes in front. Controls, tab and line breaks among them, are written out.
fn cell(text: &str) -> Cow<'_, str> {
    let shown = phrase(text);
    match shown.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => Cow::Owned(format!("'{shown}")),
        // A tab or a line break in front is already written out, but a reader may undo that.
        Some(_) if text.starts_with(['\t', '\r', '\n']) => Cow::Owned(format!("'{shown}")),
        Some(_) | None => shown,
    }
}

/// A text, or nothing.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
