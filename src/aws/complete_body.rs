//! Whether an answer is there as a whole, by its raw body.
//!
//! The SDK takes an XML element that is never closed for one that ends there, and a list that JSON leaves out for an
//! empty one. A proxy that cuts an answer, or writes one of its own, would so make a listing that looks whole. Which
//! fields an answer must have is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use serde::de::IgnoredAny;
use xmlparser::{ElementEnd, Token, Tokenizer};

/// What the answer of one operation has, by the names on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fields {
    /// All of these, even where there is nothing to list.
    All(&'static [&'static str]),
    /// Any of these. The service leaves out what is empty, so an answer may have none; it has nothing else then.
    Any(&'static [&'static str]),
    /// Not told: the answer only has to be well-formed.
    Some,
}

/// Refuses an answer that is cut, or that lacks what it must have: give it to a client as an interceptor.
#[derive(Clone)]
pub struct Whole(Arc<Needs>);

/// The fields of an operation, by its name; `None` where its answers are not looked at.
type Needs = dyn Fn(&str) -> Option<Fields> + Send + Sync;

impl Whole {
    /// An interceptor that looks at the answers of the operations that `needs` knows.
    pub fn of(needs: impl Fn(&str) -> Option<Fields> + Send + Sync + 'static) -> Self {
        Whole(Arc::new(needs))
    }
}

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Whole")
    }
}

impl Intercept for Whole {
    fn name(&self) -> &'static str {
        "Whole"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let fields = config.load::<Metadata>().and_then(|metadata| (self.0)(metadata.name()));
        let (Some(fields), Ok(_)) = (fields, context.output_or_error()) else {
            return Ok(());
        };
        match context.response().body().bytes() {
            Some(body) => check(body, fields).map_err(Into::into),
            // A body that is streamed is read by whoever asked.
            None => Ok(()),
        }
    }
}

/// Why an answer is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWhole {
    /// It has no body.
    #[error("the answer is empty")]
    Empty,
    /// An element is not closed.
    #[error("the answer is truncated: the element {element} is not closed")]
    Cut {
        /// The innermost of them.
        element: String,
    },
    /// It is neither well-formed XML nor a JSON object.
    #[error("the answer is not well-formed: {0}")]
    Malformed(String),
    /// A field is not there.
    #[error("the answer has no field {field}")]
    Lacks {
        /// Its name.
        field: &'static str,
    },
    /// It has fields, and none of those that the operation answers with.
    #[error("the answer has none of the fields of this operation")]
    Foreign,
}

impl NotWhole {
    /// Why an answer was not taken, where that is why a call failed.
    #[must_use]
    pub fn of<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Self> {
        std::iter::successors(Some(error), |&error| error.source()).find_map(|error| error.downcast_ref())
    }
}

/// Checks the body of an answer.
///
/// # Errors
/// Where it is cut, or lacks what it must have.
pub fn check(body: &[u8], fields: Fields) -> Result<(), NotWhole> {
    let has = match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err(NotWhole::Empty),
        Some(b'<') => fields_of_xml(body)?,
        Some(_) => fields_of_json(body)?,
    };
    match fields {
        Fields::All(all) => match all.iter().find(|field| !has.contains(**field)) {
            Some(field) => Err(NotWhole::Lacks { field }),
            None => Ok(()),
        },
        Fields::Any(any) if !has.is_empty() && !any.iter().any(|field| has.contains(*field)) => Err(NotWhole::Foreign),
        Fields::Any(_) | Fields::Some => Ok(()),
    }
}

/// The fields of an object that are there: `null` is how JSON says that one is not.
fn fields_of_json(body: &[u8]) -> Result<BTreeSet<String>, NotWhole> {
    let fields: BTreeMap<String, Option<IgnoredAny>> =
        serde_json::from_slice(body).map_err(|error| NotWhole::Malformed(error.to_string()))?;
    Ok(fields.into_iter().filter_map(|(name, value)| value.map(|_| name)).collect())
}

/// How deep the fields of an answer are in AWS's query protocol: `<ListUsersResponse><ListUsersResult><Users>`.
const DEPTH: usize = 3;

/// The elements that are fields of the answer, once every element is closed.
fn fields_of_xml(body: &[u8]) -> Result<BTreeSet<String>, NotWhole> {
    let malformed = |error: &dyn fmt::Display| NotWhole::Malformed(error.to_string());
    let text = std::str::from_utf8(body).map_err(|error| malformed(&error))?;
    let mut open: Vec<&str> = Vec::new();
    let mut fields = BTreeSet::new();
    for token in Tokenizer::from(text) {
        match token.map_err(|error| malformed(&error))? {
            Token::ElementStart { local, .. } => {
                open.push(local.as_str());
                if open.len() == DEPTH {
                    fields.insert(local.to_string());
                }
            }
            Token::ElementEnd { end: ElementEnd::Empty, .. } => _ = open.pop(),
            Token::ElementEnd { end: ElementEnd::Close(_, name), .. } if open.pop() != Some(name.as_str()) => {
                return Err(NotWhole::Malformed(format!("closing tag `{name}` does not match the open element")));
            }
            Token::ElementEnd { end: ElementEnd::Close(..) | ElementEnd::Open, .. }
            | Token::Declaration { .. }
            | Token::ProcessingInstruction { .. }
            | Token::Comment { .. }
            | Token::DtdStart { .. }
            | Token::EmptyDtd { .. }
            | Token::EntityDeclaration { .. }
            | Token::DtdEnd { .. }
            | Token::Attribute { .. }
            | Token::Text { .. }
            | Token::Cdata { .. } => {}
        }
    }
    match open.last() {
        Some(element) => Err(NotWhole::Cut { element: (*element).to_owned() }),
        None => Ok(fields),
    }
}
