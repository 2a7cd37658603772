//! Foreign names within phrases of ours.

use std::fmt;

/// A foreign name as it stands in a phrase that a gap, a refusal or a note keeps: in backticks.
///
/// What stands in backticks is shown as code, so a backtick of the name itself is written out (`\u{60}`): no name ends
/// its own quotation and goes on as a sentence of ours.
#[must_use]
pub fn quoted(name: &(impl fmt::Display + ?Sized)) -> String {
    format!("`{}`", name.to_string().replace('`', "\\u{60}"))
}
