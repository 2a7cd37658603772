//! Foreign names and texts within phrases of ours.

use std::borrow::Cow;
use std::fmt;

/// What stands in place of a backtick of a foreign text: the modifier letter apostrophe, which reads like one and ends
/// no quotation.
const TICK: &str = "\u{2bc}";

/// A foreign name as it stands in a phrase that a gap, a refusal or a note keeps: in backticks.
///
/// What stands in backticks is shown as code, so a backtick of the name itself becomes an apostrophe: no name ends its
/// own quotation and goes on as a sentence of ours. Files for machines have the name as it is.
#[must_use]
pub fn quoted(name: &(impl fmt::Display + ?Sized)) -> String {
    format!("`{}`", unticked(&name.to_string()))
}

/// A foreign text within a phrase of ours, without backticks: none of it can pass for a name that we quote.
#[must_use]
pub fn unticked(text: &str) -> Cow<'_, str> {
    if text.contains('`') { Cow::Owned(text.replace('`', TICK)) } else { Cow::Borrowed(text) }
}

/// Characters of a foreign value that a message quotes: enough to find it, too few for a row of personal data.
const QUOTED: usize = 40;

/// The beginning of a foreign value, for a message: no further than its first line, and no longer than 40 characters.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let mut kept: String = text.chars().take(QUOTED).take_while(|character| !character.is_control()).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    kept
}

/// The same in backticks, as [`quoted`] has it.
#[must_use]
pub fn quoted_excerpt(text: &str) -> String {
    quoted(&excerpt(text))
}

/// A parser's message in which each value that it quotes is shortened.
#[must_use]
pub fn shortened(message: &str) -> String {
    let (mut words, mut rest) = (String::new(), message);
    while let Some(opens) = rest.find(['"', '`']) {
        let quote = char::from(rest.as_bytes()[opens]);
        let inside = &rest[opens + 1..];
        let closes = quote_end(inside, quote);
        words += &rest[..=opens];
        words += &excerpt(&inside[..closes]);
        rest = &inside[closes..];
        if let Some(after) = rest.strip_prefix(quote) {
            words.push(quote);
            rest = after;
        }
    }
    words + rest
}

/// What a parser says of a foreign text, within a phrase of ours: shortened, and without anything that could pass for a
/// name that we quote.
#[must_use]
pub fn parser_words(error: &(impl fmt::Display + ?Sized)) -> String {
    shortened(&error.to_string()).replace('`', "'")
}

/// Where the quotation ends that begins here. Rust writes a quote within a quotation with a backslash before it.
fn quote_end(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if character == quote => return at,
            _ => {}
        }
    }
    text.len()
}
