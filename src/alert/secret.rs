//! Where a secret is: never in the settings.

use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

/// Where a secret is. It is never in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    /// In this variable of the environment.
    Env(String),
    /// In this file, without the end of the line.
    File(PathBuf),
}

impl FromStr for Secret {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // What stands there otherwise may be the secret itself, and is not repeated.
        let refused = || "a secret is not written into the settings: write `env:NAME` or `file:PATH`".to_owned();
        match text.split_once(':') {
            Some((_, "")) | None => Err(refused()),
            Some(("env", name)) => Ok(Secret::Env(name.to_owned())),
            Some(("file", path)) => Ok(Secret::File(PathBuf::from(path))),
            Some(_) => Err(refused()),
        }
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
