//! What a job's recipients have been told: the record that one run leaves for the next.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::Fingerprint;

/// What the recipients know. Findings that are still open and were told by an earlier message are in here too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Open findings that they have been told of.
    pub findings: BTreeSet<Fingerprint>,
    /// Gaps that they have been told of, as one line each.
    pub gaps: BTreeSet<String>,
}

/// Format 1 of a record.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    channel: String,
    message_id: Option<String>,
    findings: BTreeSet<Fingerprint>,
    gaps: BTreeSet<String>,
}

const VERSION: u32 = 1;

/// A record that this build does not understand.
#[derive(Debug, thiserror::Error)]
#[error("the record of what was told cannot be understood")]
pub struct BadTold(#[source] serde_json::Error);

impl Told {
    /// Reads a record.
    ///
    /// # Errors
    /// Where the bytes are no record, or one of another version.
    pub fn decode(record: &[u8]) -> Result<Self, BadTold> {
        let document: Document = serde_json::from_slice(record).map_err(BadTold)?;
        if document.version != VERSION {
            let unknown = format!("version {} (this build reads version {VERSION})", document.version);
            return Err(BadTold(serde::de::Error::custom(unknown)));
        }
        Ok(Told { findings: document.findings, gaps: document.gaps })
    }

    /// The record of a message that went out on `channel`.
    ///
    /// # Panics
    /// Never: fingerprints and texts are JSON.
    #[must_use]
    pub fn encode(&self, channel: &str, message_id: Option<&str>) -> Vec<u8> {
        let document = Document {
            version: VERSION,
            channel: channel.to_owned(),
            message_id: message_id.map(str::to_owned),
            findings: self.findings.clone(),
            gaps: self.gaps.clone(),
        };
        serde_json::to_vec_pretty(&document).expect("a record is JSON")
    }
}
