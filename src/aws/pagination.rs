//! Turning pages by hand.
//!
//! The SDK's paginators end silently when a service repeats a token, and never end when told not to: either would
//! make a listing that looks whole. So the token is looked at here. An empty page that carries a token goes on.

use std::collections::BTreeSet;

use super::failure::{Failure, Kind};

/// The page tokens that one listing has given so far.
#[derive(Debug, Default)]
pub struct Tokens {
    given: BTreeSet<String>,
}

impl Tokens {
    /// The token to ask the next page with, or `None` where this was the last page.
    ///
    /// # Errors
    /// [`Kind::TokenRepeated`] where the service gave this token before.
    pub fn next(&mut self, token: Option<&str>) -> Result<Option<String>, Failure> {
        // The SDK fills a required string that is absent with "".
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        if self.given.insert(token.to_owned()) {
            return Ok(Some(token.to_owned()));
        }
        Err(Failure::new(
            Kind::TokenRepeated,
            "RepeatedToken",
            format!("the service returned the same page token twice within {} pages", self.given.len() + 1),
        ))
    }
}
