//! The form in which names are compared.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A name in Unicode normal form C, then lower case, independent of any locale, without blanks around it. Most names
/// are in that form already.
#[must_use]
pub fn folded(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    // All bytes are looked at, because that is quicker than to stop at the first.
    if !name.bytes().fold(false, |other, byte| other | !byte.is_ascii() | byte.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    if name.is_ascii() {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    // Lower-casing can take a text out of normal form C, so it is composed again afterwards.
    let composed: String = name.nfc().collect();
    Cow::Owned(composed.to_lowercase().nfc().collect())
}

/// A text without the characters that nobody sees: joiners and blanks without width, marks of direction, soft hyphens.
/// Copying from a page or a letter brings them along.
#[must_use]
pub fn seen(text: &str) -> Cow<'_, str> {
    let hidden = |character: char| {
        matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
    };
    match text.is_ascii() || !text.contains(hidden) {
        true => Cow::Borrowed(text.trim()),
        false => Cow::Owned(text.replace(hidden, "").trim().to_owned()),
    }
}

/// What a person is called, as people write it, in the form in which such names are compared: without characters that
/// nobody sees, with one blank between words, `Last, First` turned round, and letters of all widths alike.
#[must_use]
pub fn full_name(name: &str) -> String {
    let plain: String = seen(name).nfkc().collect();
    let (first, last) = match plain.split_once(',') {
        Some((last, first)) if !first.contains(',') => (first, last),
        Some(_) | None => (plain.as_str(), ""),
    };
    let words: Vec<&str> = first.split_whitespace().chain(last.split_whitespace()).collect();
    folded(&words.join(" ")).into_owned()
}

/// What people write into a cell that has to be filled and that they have nothing for.
#[must_use]
pub fn is_placeholder(cell: &str) -> bool {
    const WORDS: [&str; 18] = [
        "na",
        "n/a",
        "n.a",
        "nil",
        "no",
        "no one",
        "nobody",
        "none",
        "not applicable",
        "not reviewed",
        "null",
        "open",
        "pending",
        "tba",
        "tbc",
        "tbd",
        "todo",
        "unknown",
    ];
    let cell = full_name(cell);
    let bare = cell.trim_matches(|character: char| !character.is_alphanumeric());
    bare.is_empty() || WORDS.contains(&bare) || bare == "x" || bare == "xxx"
}

/// A number of an employee in the form in which it is compared: a spreadsheet drops zeros at the beginning, and may write it
/// as `1003.0`.
#[must_use]
pub fn employee_number(id: &str) -> String {
    let id = folded(id);
    let id = id.strip_suffix(".0").unwrap_or(&id);
    let significant = id.trim_start_matches('0');
    let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
    if significant.is_empty() || !is_number { id.to_owned() } else { significant.to_owned() }
}
