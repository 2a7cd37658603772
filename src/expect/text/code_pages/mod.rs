//! Old code pages: those of the WHATWG Encoding Standard, and the three of the Windows console that it lacks.
//!
//! Two code pages give the same bytes different letters. Which one a file was written in has to be told; a wrong answer
//! is caught where it makes text that nobody writes, such as a line of a box inside a name.

mod cp437;
mod cp850;
mod cp852;

use std::borrow::Cow;

use encoding_rs::Encoding;

/// A code page of files that are not Unicode.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CodePage {
    /// One that the Encoding Standard knows.
    Web(&'static Encoding),
    /// One of the Windows console (`-Encoding OEM`, `cmd.exe`).
    Console {
        /// Its name.
        name: &'static str,
        /// What the bytes 0x80 to 0xFF mean.
        upper_half: &'static [char; 128],
    },
}

impl CodePage {
    /// The code page of this name: `windows-1252`, `cp850`, `ibm850`, `850`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let lower = name.trim().to_ascii_lowercase();
        let number = ["cp", "ibm", "dos"].into_iter().find_map(|prefix| lower.strip_prefix(prefix)).unwrap_or(&lower);
        let console = |name, upper_half| Some(CodePage::Console { name, upper_half });
        match number.trim_start_matches(['-', '_']) {
            "437" => console("CP437", &cp437::UPPER_HALF),
            "850" => console("CP850", &cp850::UPPER_HALF),
            "852" => console("CP852", &cp852::UPPER_HALF),
            _ => Encoding::for_label_no_replacement(lower.as_bytes()).map(CodePage::Web),
        }
    }

    /// Its name, for a reader.
    pub(crate) fn name(self) -> &'static str {
        match self {
            CodePage::Web(encoding) => encoding.name(),
            CodePage::Console { name, .. } => name,
        }
    }

    /// The text that these bytes are; `None` where they are none.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        match self {
            CodePage::Web(encoding) => encoding.decode_without_bom_handling_and_without_replacement(bytes),
            CodePage::Console { upper_half, .. } => {
                let char = |&byte: &u8| match byte.checked_sub(0x80) {
                    Some(upper) => upper_half[usize::from(upper)],
                    None => char::from(byte),
                };
                Some(Cow::Owned(bytes.iter().map(char).collect()))
            }
        }
    }
}

/// The first word that a wrong code page left: a control character, or a sign between two letters that no name has
/// there. `Jörg` in code page 850 is `J”rg` in Windows-1252, and `J÷rg` the other way round.
pub(crate) fn mangled(text: &str) -> Option<(usize, &str)> {
    let mut before = None;
    let mut chars = text.char_indices().peekable();
    while let Some((position, char)) = chars.next() {
        let after = chars.peek().map(|&(_, char)| char);
        let inside = before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic);
        if matches!(char, '\u{80}'..='\u{9f}') || (inside && never_inside(char)) {
            let begun = text[..position].rsplit(char::is_whitespace).next().map_or(0, str::len);
            let word =
                text[position - begun..].split([' ', ',', ';', '"', '\t', '\r', '\n']).find(|word| !word.is_empty());
            return Some((position, word.unwrap_or_default()));
        }
        before = Some(char);
    }
    None
}

/// Signs that code pages have in the place of each other's letters, and that stand in no word.
fn never_inside(char: char) -> bool {
    matches!(char, '\u{2500}'..='\u{259f}' | '‚' | '„' | '“' | '”' | '†' | '‡' | 'ˆ' | '‰' | '‹' | '›' | '˜' | '™')
        || matches!(char, '¡' | '¢' | '£' | '¤' | '¥' | '¦' | '¬' | '±' | '³' | '¹' | '¼' | '½' | '¾' | '÷' | '×' | '¨')
}
