//! How bad a finding is, and whether a rule is applied at all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How severe a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// For information; nothing to do.
    Info,
    /// Fix it when there is time.
    Low,
    /// Look at it this week.
    Medium,
    /// Look at it today.
    High,
    /// Look at it now.
    Critical,
}

impl Severity {
    /// Every severity, the mildest first.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// What this severity is where the one that it is measured by is not `from` but `to`: as many steps above or below.
    #[must_use]
    pub fn moved(self, from: Severity, to: Severity) -> Self {
        let step = |severity: Severity| Severity::ALL.iter().position(|one| *one == severity).unwrap_or_default();
        let place = (step(self) + step(to)).saturating_sub(step(from)).min(Severity::ALL.len() - 1);
        Severity::ALL[place]
    }

    /// One step up; the worst stays the worst.
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Severity::Info => Severity::Low,
            Severity::Low => Severity::Medium,
            Severity::Medium => Severity::High,
            Severity::High | Severity::Critical => Severity::Critical,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.word() == text)
            .ok_or_else(|| format!("`{text}` is not a severity; use `info`, `low`, `medium`, `high` or `critical`"))
    }
}

/// How much a rule matters in this organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Its findings are not reported, and page one says that they are not.
    Off,
    /// This much, where nothing raises it.
    At(Severity),
}

impl Level {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::At(severity) => severity.word(),
        }
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "off" => Ok(Level::Off),
            _ => text.parse().map(Level::At).map_err(|_: String| {
                format!("`{text}` is not a level; use `off`, `info`, `low`, `medium`, `high` or `critical`")
            }),
        }
    }
}
