//! Policy documents as values, and their digest.

use sha2::{Digest as _, Sha256};

use super::OnceEach;

/// A policy document as a value, or as a text where it is none.
pub(super) fn document(text: &str) -> serde_json::Value {
    match serde_json::from_str(text) {
        Ok(OnceEach(document)) => document,
        Err(_) => serde_json::Value::String(text.to_owned()),
    }
}

/// Keys of objects are in order, so the same value is the same text.
pub(super) fn digest(value: &serde_json::Value) -> String {
    hex::encode(Sha256::digest(value.to_string()))
}
