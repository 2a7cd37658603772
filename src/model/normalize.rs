//! The form in which names are compared.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// A name in Unicode normal form C, then lower case, independent of any locale, without blanks around it. Most names
/// are in that form already.
#[must_use]
pub fn folded(name: &str) -> Cow<'_, str> {
    let name = name.trim();
    // All bytes are looked at, because that is quicker than to stop at the first.
    if !name.bytes().fold(false, |other, byte| other | !byte.is_ascii() | byte.is_ascii_uppercase()) {
        return Cow::Borrowed(name);
    }
    if name.is_ascii() {
        return Cow::Owned(name.to_ascii_lowercase());
    }
    // Lower-casing can take a text out of normal form C, so it is composed again afterwards.
    let composed: String = name.nfc().collect();
    Cow::Owned(composed.to_lowercase().nfc().collect())
}
