//! The script of the page, which searches, filters and sorts what is there without it, and its hash: the page's
//! Content-Security-Policy allows this script and no other (W3C, "Content Security Policy Level 3").

use base64::Engine as _;
use sha2::{Digest as _, Sha256};

/// The text between the tags of the script, to the byte.
pub(super) const SCRIPT: &str = include_str!("../../../templates/report/report.js");

/// The source of the policy that allows it: `sha256-…`.
pub(super) fn allowed() -> String {
    let digest = Sha256::digest(SCRIPT.as_bytes());
    format!("sha256-{}", base64::engine::general_purpose::STANDARD.encode(digest))
}
