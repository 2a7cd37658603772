//! Lines of LDIF: one that begins with a blank goes on with the one before, be that a comment or not (RFC 2849, note 2;
//! a tab counts as a blank too).

use std::borrow::Cow;

use crate::expect::error::Damage;

/// A line that may be folded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    /// The physical line that it begins on.
    pub(crate) number: u32,
    /// That line.
    pub(crate) first: &'a str,
    /// The lines that it goes on with, as they stand there.
    pub(crate) more: &'a str,
}

impl<'a> Line<'a> {
    pub(crate) fn is_blank(&self) -> bool {
        self.first.trim_ascii().is_empty()
    }

    /// The whole line.
    pub(crate) fn unfolded(&self) -> Cow<'a, str> {
        if self.more.is_empty() {
            return Cow::Borrowed(self.first);
        }
        let mut whole = String::with_capacity(self.first.len() + self.more.len());
        whole.push_str(self.first);
        let mut rest = self.more;
        while !rest.is_empty() {
            let (physical, after) = split_line(rest);
            whole.push_str(&physical[1..]);
            rest = after;
        }
        Cow::Owned(whole)
    }
}

/// The lines of a text.
pub(crate) struct Lines<'a> {
    rest: &'a str,
    number: u32,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Lines { rest: text, number: 0 }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (first, below) = split_line(self.rest);
        let mut line = Line { number: self.number + 1, first, more: "" };
        self.number += 1;
        self.rest = below;
        // A separator goes on with nothing: some programs separate entries by a line of one blank. For the same reason
        // blank lines belong to a folded line only where more of it follows.
        if line.is_blank() {
            return Some(line);
        }
        let mut ahead = below;
        let mut passed = 0;
        while ahead.starts_with([' ', '\t']) {
            let (physical, after) = split_line(ahead);
            ahead = after;
            passed += 1;
            if !physical.trim_ascii().is_empty() {
                line.more = &below[..below.len() - after.len()];
                self.rest = after;
                self.number = line.number + passed;
            }
        }
        Some(line)
    }
}

/// The first physical line without its end, and what follows.
fn split_line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.strip_suffix('\r').unwrap_or(line), rest)
}

/// Why an LDIF file is refused, at this line.
pub(crate) fn damaged(line: u32, what: &str) -> Damage {
    Damage::Ldif { line, what: what.to_owned() }
}
