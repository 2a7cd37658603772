//! Bytes to text. It never guesses an old code page: a wrong guess would change names silently.
//!
//! Order: byte order mark, UTF-16 without one (every other byte is zero), strict UTF-8, then the encoding that the
//! settings name, else an error with the first offending line.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::code_pages::{CodePage, mangled};
use crate::expect::error::Damage;
use crate::model::quoted;

/// A file's text, and how it was encoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    /// The text, without byte order marks.
    pub(crate) text: Cow<'a, str>,
    /// The encoding, for a reader.
    pub(crate) encoding: String,
    /// Whether it has every character.
    is_unicode: bool,
    /// What a reader should know.
    pub(crate) notes: Vec<String>,
}

impl Text<'_> {
    /// Whether the export may have lost characters: an encoding that lacks a character has `?` in its place.
    pub(crate) fn may_have_lost(&self) -> bool {
        self.text.contains(LOST)
    }

    /// Whether a name has lost characters.
    pub(crate) fn has_lost(&self, name: &str) -> bool {
        name.contains('\u{fffd}') || (!self.is_unicode && has_lost(name))
    }
}

/// The encoding of text that has no other letters.
const ASCII: &str = "ASCII";

/// What stands in the place of a lost character.
const LOST: [char; 2] = ['?', '\u{fffd}'];

/// Whether the name of an account has lost characters, whatever the file's encoding is now: no account has one of these
/// in its name, and who saves a file as UTF-8 does not bring back what an export in ASCII lost.
pub(crate) fn has_lost(account: &str) -> bool {
    account.contains(LOST)
}

/// Decodes a file. `otherwise` is the encoding of files that are neither UTF-8 nor UTF-16.
///
/// # Errors
/// Where the bytes are text in no encoding that may be assumed.
pub(crate) fn decode(bytes: &[u8], otherwise: Option<CodePage>) -> Result<Text<'_>, Damage> {
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(Damage::NotAList { what: "UTF-32 text", instead: "export again with `-Encoding UTF8`" });
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let name = if encoding == UTF_16LE || encoding == UTF_16BE {
            encoding.name().to_owned()
        } else {
            "UTF-8 with byte order mark".to_owned()
        };
        return strictly(&bytes[mark..], encoding, name);
    }
    if let Some(encoding) = utf_16_without_mark(bytes) {
        return strictly(bytes, encoding, format!("{} without byte order mark", encoding.name()));
    }
    let Err(fault) = std::str::from_utf8(bytes) else {
        let name = if bytes.is_ascii() { ASCII } else { "UTF-8" };
        return strictly(bytes, encoding_rs::UTF_8, name.to_owned());
    };
    let line = line_at(bytes, fault.valid_up_to());
    if !bytes[..fault.valid_up_to()].is_ascii() {
        return Err(Damage::MixedEncoding { line });
    }
    match otherwise {
        Some(code_page) => by_code_page(bytes, code_page),
        None => Err(Damage::Undecodable { line, encoding: "UTF-8".to_owned() }),
    }
}

fn strictly<'a>(bytes: &'a [u8], encoding: &'static Encoding, name: String) -> Result<Text<'a>, Damage> {
    let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) else {
        let line = first_bad_line(bytes, encoding);
        return Err(Damage::Undecodable { line, encoding: encoding.name().to_owned() });
    };
    // What is in ASCII may have been written by a program that knows no other letters.
    let is_unicode = name != ASCII;
    finish(text, name, is_unicode)
}

fn by_code_page(bytes: &[u8], code_page: CodePage) -> Result<Text<'_>, Damage> {
    let Some(text) = code_page.decode(bytes) else {
        let line = if let CodePage::Web(encoding) = code_page { first_bad_line(bytes, encoding) } else { 1 };
        return Err(Damage::Undecodable { line, encoding: code_page.name().to_owned() });
    };
    if let Some((position, word)) = mangled(&text) {
        let (line, word) = (line_at(text.as_bytes(), position), word.to_owned());
        return Err(Damage::WrongEncoding { line, encoding: code_page.name(), word });
    }
    finish(text, code_page.name().to_owned(), false)
}

/// The text of a file, once its encoding is known.
fn finish(text: Cow<'_, str>, encoding: String, is_unicode: bool) -> Result<Text<'_>, Damage> {
    if text.contains('\0') {
        return Err(Damage::NotAList { what: "binary data", instead: "give a CSV or LDIF file" });
    }
    let mut notes = Vec::new();
    let text = if text.contains('\u{feff}') {
        let note = if text.contains("\n\u{feff}") {
            "byte order marks inside the text were skipped; several files were probably joined"
        } else {
            "an invisible character (U+FEFF) inside a value was skipped"
        };
        notes.push(note.to_owned());
        Cow::Owned(text.replace('\u{feff}', ""))
    } else {
        text
    };
    if let Some((position, word)) = twice_encoded(&text) {
        let line = line_at(text.as_bytes(), position);
        notes.push(format!(
            "{} in line {line} is UTF-8 that was read as another encoding and saved again; names with such letters are \
             damaged, so export again",
            quoted(word)
        ));
    }
    // Old systems end lines so, and so does Excel where one saves as `CSV (Macintosh)`.
    let text = if text.contains('\r') && !text.contains('\n') {
        notes.push("its lines end in a lone carriage return".to_owned());
        Cow::Owned(text.replace('\r', "\n"))
    } else {
        text
    };
    Ok(Text { text, encoding, is_unicode, notes })
}

/// The first word with a letter that was encoded twice, and where the letter is: `MÃ¼ller`. Its two characters are, in
/// Windows-1252, the bytes of one letter in UTF-8. The first of them is a capital letter behind another letter, or the
/// second is a sign; no word has that.
fn twice_encoded(text: &str) -> Option<(usize, &str)> {
    if text.is_ascii() {
        return None;
    }
    let mut chars = text.char_indices().peekable();
    while let Some((position, first)) = chars.next() {
        let second = chars.peek().map(|&(_, second)| second);
        if matches!(first, '\u{c3}' | '\u{c4}' | '\u{c5}' | '\u{d0}' | '\u{d1}' | '\u{ce}' | '\u{cf}')
            && second.is_some_and(|second| continues(second) && (second != '\u{a0}' || first == '\u{c3}'))
        {
            let begun = text[..position].rsplit(separates).next().map_or(0, str::len);
            let word = text[position - begun..].split(separates).next().unwrap_or_default();
            return Some((position, word));
        }
    }
    None
}

/// Whether a character is, in Windows-1252, a byte that goes on a letter in UTF-8, and no letter that could be meant.
fn continues(char: char) -> bool {
    matches!(
        char,
        '\u{80}'
            ..='\u{bf}'
                | '€'
                | '‚'
                | '„'
                | '…'
                | '†'
                | '‡'
                | 'ˆ'
                | '‰'
                | '‹'
                | '‘'
                | '’'
                | '“'
                | '”'
                | '•'
    ) || matches!(char, '–' | '—' | '˜' | '™' | '›' | 'ƒ' | 'œ' | 'Œ' | 'Ÿ' | 'š' | 'ž')
}

fn separates(char: char) -> bool {
    matches!(char, ' ' | ',' | ';' | '"' | '\t' | '\r' | '\n' | '=')
}

/// Text of Windows in UTF-16 is mostly Latin, so one byte of each pair is mostly zero.
fn utf_16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |offset: usize| head.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let many = head.len() * 3 / 20;
    let (even, odd) = (zeros(0), zeros(1));
    match (odd > many && even <= odd / 8, even > many && odd <= even / 8) {
        (true, _) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        (false, false) => None,
    }
}

/// The line, counted from one, that holds the byte at `position`.
fn line_at(bytes: &[u8], position: usize) -> usize {
    let before = &bytes[..position];
    let ends = |end: u8| before.iter().filter(|&&byte| byte == end).count();
    1 + match ends(b'\n') {
        0 => ends(b'\r'),
        lines => lines,
    }
}

fn first_bad_line(bytes: &[u8], encoding: &'static Encoding) -> usize {
    if encoding == encoding_rs::UTF_8 {
        return std::str::from_utf8(bytes).map_or_else(|fault| line_at(bytes, fault.valid_up_to()), |_| 1);
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let before = text.split('\u{fffd}').next().unwrap_or_default();
    line_at(before.as_bytes(), before.len())
}
