//! `[change]`: what a plan may do before it is held.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::ChangeKind;
use super::protect::Pattern;
use crate::model::Age;

/// What plans may change, and how much at once. Without this table, plans can still be made and reviewed.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// The kinds of changes that a plan may have: `remove-member`, `disable-iam-user`. Any other kind blocks the plan.
    pub allow: Vec<ChangeKind>,
    /// How many removals a plan may have.
    #[serde(default = "removals")]
    pub removals: usize,
    /// How much of each kind a plan may remove, as a share of the existing ones: `5%`. One is always allowed.
    #[serde(default)]
    pub removal_share: Share,
    /// How many people must keep administrative access: in the management account, and in each account where as many have
    /// it now.
    #[serde(default = "administrators")]
    pub min_administrators: usize,
    /// How long an IAM user must have been disabled by Rollcall before it can be deleted without `--at-once`: `36h`, `14d`.
    #[serde(default = "quarantine")]
    pub quarantine: Age,
    /// What plans never change: `user:NAME`, `group:NAME`, `permission-set:NAME`, `account:ID`,
    /// `iam-user:ACCOUNT/NAME`; `*` is any characters, `?` is one.
    #[serde(default)]
    pub protect: Vec<Pattern>,
    /// For how many seconds a change that was made is looked for before `rollcall apply` stops: AWS does not show every
    /// change at once.
    #[serde(default = "shows_within")]
    pub shows_within_seconds: u16,
    /// The folder where `rollcall apply` writes each console password into a new file, before AWS gets it: an absolute path.
    #[serde(default)]
    pub passwords_to: Option<PathBuf>,
}

impl Default for Options {
    /// What holds without the table: every kind is allowed.
    fn default() -> Self {
        Options {
            allow: ChangeKind::all().collect(),
            removals: removals(),
            removal_share: Share::default(),
            min_administrators: administrators(),
            quarantine: quarantine(),
            protect: Vec::new(),
            shows_within_seconds: shows_within(),
            passwords_to: None,
        }
    }
}

fn removals() -> usize {
    10
}

fn administrators() -> usize {
    2
}

fn quarantine() -> Age {
    Age(TimeDelta::days(14))
}

fn shows_within() -> u16 {
    120
}

/// A share in whole percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub struct Share(u8);

impl Default for Share {
    fn default() -> Self {
        Share(5)
    }
}

impl Share {
    /// How many of so many: rounded down, and at least one.
    #[must_use]
    pub fn of(self, number: usize) -> usize {
        (number.saturating_mul(self.0.into()) / 100).max(1)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", self.0)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let percent = text.strip_suffix('%').and_then(|number| number.parse().ok()).filter(|percent| *percent <= 100);
        percent.map(Share).ok_or_else(|| format!("`{text}` is not a share; write a whole percentage, like `5%`"))
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
