//! The report as tables for a spreadsheet: RFC 4180 with CRLF, in UTF-8 with a byte order mark.
//!
//! The mark is there because Excel takes a CSV without one for the machine's old code page and breaks every name that
//! is not ASCII. Programs are better served by `report.json`, which has neither the mark nor the apostrophes.

mod completeness;
mod findings;
mod findings_by_subject;
mod in_parallel;
mod population;
mod population_columns;
mod population_principal;
mod record;

pub use completeness::completeness_csv;
pub(super) use completeness::{COMPLETENESS, completeness_rows};
pub use findings::findings_csv;
pub(super) use findings::{FINDINGS, finding_rows};
pub use population::population_csv;
pub(super) use population::population_rows;
pub(super) use population_columns::POPULATION;
pub(super) use record::record_csv;

use std::borrow::Cow;
use std::io;

use crate::wording::phrase;

/// A table that is being written: every cell passes [`cell`].
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

/// Whether a cell is shown and written as it is: neither [`cell`] nor [`quoted`] would change it.
fn is_plain(text: &str) -> bool {
    let is_name = |byte: u8| matches!(byte, b'!' | b'#'..=b'+' | b'-'..=b':' | b'<'..=b'~');
    let mut bytes = text.bytes();
    bytes.next().is_none_or(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| is_name(byte) || byte == b' ')
        && !text.ends_with(' ')
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"): where it would begin one, also behind
/// blanks, in full width, or behind a `;` at which a spreadsheet may split, an apostrophe goes in front. So it does
/// before an id of digits that would become a number. Controls, tab and line breaks among them, are written out.
fn cell(text: &str) -> Cow<'_, str> {
    let shown = phrase(text);
    // A tab or a line break in front is already written out, but a reader may undo that.
    let needs_mark = text.starts_with(['\t', '\r', '\n']) || changes_as_number(&shown);
    let has_formula = begins_formula(&shown) || (shown.contains(';') && shown.split(';').any(begins_formula));
    if !needs_mark && !has_formula {
        return shown;
    }
    let parts: Vec<String> = (shown.split(';').enumerate())
        .map(|(number, part)| {
            let mark = if begins_formula(part) || (number == 0 && needs_mark) { "'" } else { "" };
            format!("{mark}{part}")
        })
        .collect();
    Cow::Owned(parts.join(";"))
}

fn begins_formula(text: &str) -> bool {
    text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Whether a spreadsheet would show another number than the digits that stand there: one loses the zeros in front, what
/// is beyond 15 digits, and takes `8e3` for 8,000 (Microsoft, "Excel specifications and limits").
fn changes_as_number(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !text.starts_with(|char: char| char.is_ascii_digit()) {
        return false;
    }
    match text.split_once(['e', 'E']) {
        Some((number, power)) => is_digits(number) && is_digits(power),
        None => is_digits(text) && (text.len() > 15 || (text.len() > 1 && text.starts_with('0'))),
    }
}

/// The cell in quotes (RFC 4180) where a separator of some spreadsheet is in it, a quote, or a blank at an end.
fn quoted(cell: Cow<'_, str>) -> Cow<'_, str> {
    let separates = |byte| matches!(byte, b',' | b';' | b'"' | b'\t' | b'\r' | b'\n');
    if cell.bytes().any(separates) || cell.starts_with(' ') || cell.ends_with(' ') {
        return Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")));
    }
    cell
}

/// A text, or nothing.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
