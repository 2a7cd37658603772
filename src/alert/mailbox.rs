//! An e-mail address with the name that it may have (RFC 5322, section 3.4).

use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// An e-mail address in ASCII, and the name that is shown with it: `Rollcall <rollcall@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox(pub(super) lettre::message::Mailbox);

impl Mailbox {
    /// The part behind the `@`.
    pub(super) fn domain(&self) -> &str {
        self.0.email.domain()
    }
}

impl FromStr for Mailbox {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{}` is not an e-mail address in ASCII", text.escape_debug());
        // A line end would begin another header.
        if text.chars().any(char::is_control) {
            return Err(refused());
        }
        // A name is written as it is read, with commas or not; the header quotes or encodes it.
        let (name, address) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"'), address),
            None => ("", text.trim()),
        };
        let address = Some(address).filter(|address| address.is_ascii()).and_then(|address| address.parse().ok());
        let name = Some(name).filter(|name| !name.is_empty()).map(str::to_owned);
        Ok(Mailbox(lettre::message::Mailbox::new(name, address.ok_or_else(refused)?)))
    }
}

impl<'de> Deserialize<'de> for Mailbox {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
