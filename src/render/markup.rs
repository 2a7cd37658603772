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
            if is_operation(name) {
                breakable(name, f)?
            } else {
                Html.write_escaped_str(&mut *f, name)?
            }
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

/// Whether it is an operation of AWS: `iam:GetAccountAuthorizationDetails`.
fn is_operation(name: &str) -> bool {
    name.split_once(':').is_some_and(|(service, operation)| {
        let is_service = |letter: char| letter.is_ascii_lowercase() || letter == '-';
        !service.is_empty() && service.chars().all(is_service) && operation.chars().all(|c| c.is_ascii_alphanumeric())
    })
}

/// An operation that a narrow column breaks between its words; it has nothing to escape.
fn breakable(operation: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut before = ' ';
    for letter in operation.chars() {
        let begins_a_word = letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || before == ':');
        if begins_a_word {
            f.write_str("<wbr>")?;
        }
        write!(f, "{letter}")?;
        before = letter;
    }
    Ok(())
}
