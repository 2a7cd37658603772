//! The JSON that the store's own protocols keep: versioned, and the same bytes for the same value.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::StoreError;

/// The bytes of a document: indented, because auditors read them, and ended by a newline.
pub(super) fn encode(document: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(document).expect("the store's documents have text keys only");
    bytes.push(b'\n');
    bytes
}

/// Reads a document of this format. `name` is for the error.
///
/// The version is looked at before the rest: a newer format may have fields that this one refuses.
pub(super) fn decode<T: DeserializeOwned>(name: &str, bytes: &[u8], known: u32) -> Result<T, StoreError> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }

    let unreadable = |source| StoreError::Document { name: name.to_owned(), source };
    let Versioned { version } = serde_json::from_slice(bytes).map_err(unreadable)?;
    if version != known {
        return Err(StoreError::Format { name: name.to_owned(), version, known });
    }
    serde_json::from_slice(bytes).map_err(unreadable)
}
