//! Cells of mail addresses, as people and programs fill them: one address or several, with what copying from a letter, a
//! page or an address book leaves at it. What is then still no plain address is none: it would match nobody, silently.

use crate::model::seen;

/// What is expected of a cell.
pub(crate) const EXPECTED: &str = "an email address, or several separated by `;`";

/// The addresses in a cell, each once; `None` where anything in it is no address.
pub(crate) fn addresses(cell: &str) -> Option<Vec<String>> {
    // In front of an address in angle brackets stands what somebody is called.
    let has_names = cell.contains('<');
    let is_between =
        |char: char| char.is_whitespace() || char.is_control() || matches!(char, ';' | ',' | '|' | '<' | '>');
    let mut found: Vec<String> = Vec::new();
    for piece in seen(cell).split(is_between).map(bare).filter(|piece| !piece.is_empty()) {
        match is_address(piece) {
            true if found.iter().any(|known| known == piece) => {}
            true => found.push(piece.to_owned()),
            false if has_names && !piece.contains('@') => {}
            false => return None,
        }
    }
    (!has_names || !found.is_empty()).then_some(found)
}

/// The addresses in a cell of a directory, which knows its accounts by surer keys: what is no address stays as it is.
pub(crate) fn of_account(cell: &str) -> Vec<String> {
    addresses(cell).unwrap_or_else(|| vec![cell.trim().to_owned()])
}

/// An address without quotes, the scheme of a link, and dots at its end.
fn bare(piece: &str) -> &str {
    let mut piece = unquoted(piece);
    for scheme in ["mailto:", "smtp:"] {
        if piece.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)) {
            piece = unquoted(&piece[scheme.len()..]);
        }
    }
    piece
}

fn unquoted(text: &str) -> &str {
    let quotes = ['\'', '"', '`', '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{ab}', '\u{bb}'];
    text.trim_start_matches(quotes).trim_end_matches(|char| quotes.contains(&char) || char == '.')
}

fn is_address(piece: &str) -> bool {
    let is_foreign = |char: char| matches!(char, '(' | ')' | '[' | ']' | ':' | '"' | '\\');
    let Some((name, domain)) = piece.split_once('@') else { return false };
    !name.is_empty() && !domain.is_empty() && !domain.contains('@') && !piece.contains(is_foreign)
}
