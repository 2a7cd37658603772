//! Cells that no spreadsheet takes for a formula or another number, and the quotes around those that need them.

use std::borrow::Cow;

use crate::wording::phrase;

/// Whether a cell is shown and written as it is: neither [`cell`] nor [`quoted`] would change it.
pub(super) fn is_plain(text: &str) -> bool {
    let is_name = |byte: u8| matches!(byte, b'!' | b'#'..=b'+' | b'-'..=b':' | b'<'..=b'~');
    let mut bytes = text.bytes();
    bytes.next().is_none_or(|first| first.is_ascii_alphabetic())
        && bytes.all(|byte| is_name(byte) || byte == b' ')
        && !text.ends_with(' ')
}

/// A cell that no spreadsheet takes for a formula (OWASP, "CSV Injection"): where it would begin one, also behind
/// blanks, in full width, or behind a `;` at which a spreadsheet may split, an apostrophe goes in front. So it does
/// before an id of digits that would become a number. Controls, tab and line breaks among them, are written out.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
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
pub(super) fn quoted(cell: Cow<'_, str>) -> Cow<'_, str> {
    let separates = |byte| matches!(byte, b',' | b';' | b'"' | b'\t' | b'\r' | b'\n');
    if cell.bytes().any(separates) || cell.starts_with(' ') || cell.ends_with(' ') {
        return Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")));
    }
    cell
}
