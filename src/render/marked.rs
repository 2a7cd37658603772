//! Sentences in HTML: escaped, and what stands in backticks set as code.

use std::fmt;

use askama::filters::{Escaper, Html, HtmlSafe};

/// A sentence that is HTML once it is displayed.
#[derive(Debug, Clone)]
pub(super) struct Marked(String);

impl<T: Into<String>> From<T> for Marked {
    fn from(text: T) -> Self {
        Marked(text.into())
    }
}

/// It escapes itself, so the template does not escape it again.
impl HtmlSafe for Marked {}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_str();
        while let Some((before, name, after)) = next_name(rest) {
            Html.write_escaped_str(&mut *f, before)?;
            f.write_str("<code>")?;
            Html.write_escaped_str(&mut *f, name)?;
            f.write_str("</code>")?;
            rest = after;
        }
        Html.write_escaped_str(f, rest)
    }
}

/// What stands before the first pair of backticks, in it, and behind it.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('`')?;
    let (name, after) = rest.split_once('`')?;
    Some((before, name, after))
}
