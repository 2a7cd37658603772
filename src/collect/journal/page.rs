//! One answer of AWS, or one failure to get it, together with the question.
//!
//! An answer alone does not say what was asked (`{"GroupMemberships": []}`), so the two are never kept apart. What an
//! answer means is not known here: it is kept as the text that the AWS CLI would print.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::payload::{Line, Text};
use crate::aws::failure::Failure;
use crate::model::AccountId;

pub use crate::collect::api::operations::{Operation, UnknownOperation};

/// One page: a call, which of its pages this is, and how it ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// What was asked.
    pub call: Call,
    /// Which page of the answer, counted from one.
    pub page: u32,
    /// When the first attempt was sent.
    pub started: DateTime<Utc>,
    /// When the answer was there, or no further attempt was made.
    pub ended: DateTime<Utc>,
    /// AWS's id of the request, where AWS answered.
    pub request_id: Option<String>,
    /// How often the request was sent.
    pub attempts: u32,
    /// How many of the attempts AWS throttled.
    pub throttled: u32,
    /// The endpoint that was asked, where it is none of AWS's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirected_to: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
}

impl Page {
    /// Pages in the order of their questions; of two that are the same page of the same call, the later one is last,
    /// and of two within one second the one that was answered.
    #[must_use]
    pub fn order(&self, other: &Page) -> Ordering {
        let answered = |page: &Page| matches!(page.outcome, Outcome::Answer(_));
        let key = |page: &Page| (page.page, page.ended, page.started, answered(page));
        self.call.cmp(&other.call).then_with(|| key(self).cmp(&key(other)))
    }

    /// The page without its answer, which lies in this line of a journal.
    #[must_use]
    pub fn left_in(self, line: Line) -> Page {
        match self.outcome {
            Outcome::Answer(_) => Page { outcome: Outcome::Answer(Text::Written(line)), ..self },
            Outcome::Failure(_) | Outcome::Unreadable(_) => self,
        }
    }
}

/// A question to AWS: the same call has the same pages, whoever asks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The operation.
    pub operation: Operation,
    /// The account that was asked, for what every account answers for itself (IAM).
    pub account: Option<AccountId>,
    /// What it was asked with, page tokens and sizes left out.
    pub parameters: Parameters,
}

/// How a page ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// AWS answered.
    Answer(Text),
    /// AWS refused, or no answer came.
    Failure(Failure),
    /// There is an answer and it cannot be read.
    Unreadable(String),
}

impl Outcome {
    /// The answer with this text, without the blanks that the AWS CLI indents with: a journal has one line a page.
    ///
    /// # Errors
    /// Where the text is not JSON.
    pub fn of_text(text: &str) -> Result<Self, serde_json::Error> {
        match RawValue::from_string(compact(text)) {
            Ok(answer) => Ok(Outcome::Answer(Text::Held(answer))),
            // Lines and columns are those of the text as it lies there.
            Err(error) => Err(serde_json::from_str::<&RawValue>(text).err().unwrap_or(error)),
        }
    }

    /// The answer that holds this.
    ///
    /// # Panics
    /// Never for the answers of this program: all of them are JSON objects with text as keys.
    #[must_use]
    pub fn of_answer(answer: &impl Serialize) -> Self {
        let json = serde_json::value::to_raw_value(answer).expect("an answer is a JSON object");
        Outcome::Answer(Text::Held(json))
    }
}

/// JSON without the blanks between its tokens. Where it is no JSON, it is none afterwards either: two tokens with
/// nothing but a blank between them stay two.
fn compact(text: &str) -> String {
    let joins = |byte: u8| matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"');
    let mut compact = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let string = rest.iter().position(|&byte| byte == b'"').unwrap_or(rest.len());
        let (outside, inside) = rest.split_at(string);
        let tokens = outside.split(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        for token in tokens.filter(|token| !token.is_empty()) {
            if compact.last().is_some_and(|&last| !joins(last)) && !joins(token[0]) {
                compact.push(b' ');
            }
            compact.extend_from_slice(token);
        }
        let (string, after) = inside.split_at(string_end(inside));
        compact.extend_from_slice(string);
        rest = after;
    }
    String::from_utf8(compact).expect("only whole characters were left out")
}

/// Where the string ends that begins here.
fn string_end(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(length) = text.get(at..).and_then(|rest| rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))) {
        at += length;
        if text[at] == b'"' {
            return at + 1;
        }
        // What stands behind a backslash ends no string.
        at += 2;
    }
    text.len()
}

/// Parameters of a call, by their names in the API (`IdentityStoreId`).
///
/// Every page has some, and a map would take half a kilobyte for two.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "BTreeMap<Box<str>, Box<str>>", into = "BTreeMap<Box<str>, Box<str>>")]
pub struct Parameters(Box<[(Box<str>, Box<str>)]>);

impl From<BTreeMap<Box<str>, Box<str>>> for Parameters {
    fn from(named: BTreeMap<Box<str>, Box<str>>) -> Self {
        Parameters(named.into_iter().collect())
    }
}

impl From<Parameters> for BTreeMap<Box<str>, Box<str>> {
    fn from(parameters: Parameters) -> Self {
        parameters.0.into_iter().collect()
    }
}

impl Parameters {
    /// These parameters.
    #[must_use]
    pub fn of<const N: usize>(named: [(&str, &str); N]) -> Self {
        BTreeMap::from(named.map(|(name, value)| (name.into(), value.into()))).into()
    }

    /// The value of a parameter, where it was given.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| **known == *name).map(|(_, value)| &**value)
    }

    /// The parameters and one more.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> Self {
        let mut named = BTreeMap::from(self);
        named.insert(name.into(), value.into());
        named.into()
    }

    /// The parameters but for these.
    #[must_use]
    pub fn without(self, names: &[&str]) -> Self {
        Parameters(self.0.into_iter().filter(|(name, _)| !names.contains(&&**name)).collect())
    }
}
