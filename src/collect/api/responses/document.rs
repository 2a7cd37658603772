//! Policy documents: percent-encoded text from the API, JSON text in Identity Center, a JSON object from the AWS CLI.
//! All become the same text, so that the same policy is the same policy wherever it was read.

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::de::{Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::model::OnceEach;

/// A policy document as JSON without blanks, the keys of each object in order.
///
/// A document that is not JSON, or says a key twice, is kept as it came: AWS does not store such a thing, and if it did,
/// a reader should see it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Document(String);

impl Document {
    /// The document that IAM sent, percent-encoded as RFC 3986 has it, or plain.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        // A JSON text may hold a percent sign of its own (a policy variable, say), so it is read plainly first.
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        let parsed = serde_json::from_str::<OnceEach>(text).or_else(|_| serde_json::from_str(&decoded));
        Document(parsed.map_or_else(|_| decoded.clone().into_owned(), |OnceEach(value)| value.to_string()))
    }

    /// The document's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(&self.0) {
            Ok(object) => object.serialize(serializer),
            Err(_) => serializer.serialize_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrObject)
    }
}

struct TextOrObject;

impl<'de> Visitor<'de> for TextOrObject {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy document, as text or as an object")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Document, E> {
        Ok(Document::from_text(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Document, A::Error> {
        // One document, a few kilobytes: here a tree of values is what sorts the keys.
        let OnceEach(value) = OnceEach::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Document(value.to_string()))
    }
}
