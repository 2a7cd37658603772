//! What is not as a plan saw it, in words.

use serde_json::Value;

use super::{clash, code};
use crate::change::{Difference, Differs};
use crate::wording::visible;

/// What is not as a plan saw it.
#[must_use]
pub fn difference(difference: &Difference) -> String {
    let change = &difference.change;
    match &difference.what {
        Differs::Clash(why) => format!("{change} cannot be made: {}", clash(why)),
        Differs::Name { planned, is } => {
            format!("{change} names {}, but its id belongs to {}", code(planned), code(is))
        }
        Differs::Seen { what, planned, is } => {
            let said = |value: &Option<Value>| value.as_ref().map_or_else(|| "missing".to_owned(), value_words);
            format!("{change}: {} is {} in the plan, but {} now", code(what), said(planned), said(is))
        }
    }
}

fn value_words(value: &Value) -> String {
    match value {
        Value::Null => "not known".to_owned(),
        Value::Array(values) if values.is_empty() => "empty".to_owned(),
        Value::Bool(_) | Value::Number(_) => visible(&value.to_string()).into_owned(),
        Value::String(text) => code(text),
        Value::Array(values) => values.iter().map(value_words).collect::<Vec<_>>().join(", "),
        Value::Object(_) => code(&value.to_string()),
    }
}
