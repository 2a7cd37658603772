//! A length of time as people write it into settings.

use std::str::FromStr;

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length of time in whole hours or days: `36h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub struct Age(pub TimeDelta);

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("`{text}` is not a length of time; write hours or days, like `36h` or `7d`");
        let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(refused)?;
        let number: u16 = number.parse().map_err(|_| refused())?;
        match unit {
            "h" => Ok(Age(TimeDelta::hours(number.into()))),
            "d" => Ok(Age(TimeDelta::days(number.into()))),
            _ => Err(refused()),
        }
    }
}

impl<'de> Deserialize<'de> for Age {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Age {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}h", self.0.num_hours()))
    }
}

/// A length of time that is not rounded, so that what is longer than another one is also written otherwise: `6 hours`,
/// `6 hours 12 minutes`, `21 days 8 hours`.
#[must_use]
pub fn exact_span(time: TimeDelta) -> String {
    let (days, hours) = match time.num_hours() {
        hours @ ..48 => (0, hours),
        hours => (hours / 24, hours % 24),
    };
    let parts =
        [(days, "day"), (hours, "hour"), (time.num_minutes() % 60, "minute"), (time.num_seconds() % 60, "second")];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> =
        parts.map(|(number, unit)| format!("{number} {unit}{}", if number == 1 { "" } else { "s" })).collect();
    parts.join(" ")
}
