//! Foreign text, made safe to look at.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::model::unticked;

/// A foreign text, with every character that hides, moves or imitates others written out: `\u{202e}`.
///
/// A backtick becomes an apostrophe ([`unticked`]), since what stands between two is shown as code: a name that held some
/// could end its own quotation and go on as a sentence of ours.
///
/// Controls could drive a terminal, bidirectional marks could turn a name around (Unicode Technical Report 36), and
/// characters without width or with a blank's look make two names look like one. The price: scripts and emoji that
/// need joiners show them; the machine formats keep the text as it is.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    // Most names are plain, and there are many of them.
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b'`');
    if plain {
        return Cow::Borrowed(text);
    }
    match unticked(text) {
        Cow::Borrowed(text) => shown(text),
        Cow::Owned(text) => Cow::Owned(shown(&text).into_owned()),
    }
}

/// A phrase of ours that was made elsewhere, made safe like [`visible`]: its backticks are ours too, and those of the
/// names in it are apostrophes already ([`quoted`](crate::model::quoted)).
#[must_use]
pub fn phrase(text: &str) -> Cow<'_, str> {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if plain {
        return Cow::Borrowed(text);
    }
    shown(text)
}

fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hides) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hides(character) {
            write!(shown, "\\u{{{:x}}}", u32::from(character)).expect("a string takes every text");
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

fn hides(character: char) -> bool {
    if matches!(character, ' '..='~' | '→') {
        return false;
    }
    character.is_control()
        || matches!(character,
            // Blanks other than the plain one and the ideographic one, which is visibly wide.
            '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Bidirectional marks, embeddings, overrides and isolates.
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Without width: soft hyphen, joiners, fillers, invisible operators, byte order mark, selectors, tags.
            | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}
