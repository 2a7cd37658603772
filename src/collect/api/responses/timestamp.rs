//! Instants in answers: text of RFC 3339, or seconds since 1970, which is how version 1 of the AWS CLI prints the
//! instants of JSON services.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant, to the millisecond: the services send no more, and seconds in a floating-point number hold no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(DateTime<Utc>);

impl Timestamp {
    /// The instant so many milliseconds after 1970 began, where the calendar reaches that far.
    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(Timestamp)
    }

    /// The instant.
    #[must_use]
    pub fn instant(self) -> DateTime<Utc> {
        self.0
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrSeconds)
    }
}

struct TextOrSeconds;

impl Visitor<'_> for TextOrSeconds {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp as RFC 3339 text or as seconds since 1970")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Timestamp, E> {
        let instant = DateTime::parse_from_rfc3339(text).map_err(E::custom)?;
        Timestamp::from_millis(instant.timestamp_millis()).ok_or_else(|| E::custom("a timestamp out of range"))
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Timestamp, E> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a cast saturates, and the calendar refuses what is beyond"
        )]
        let millis = (seconds * 1000.0).round() as i64;
        Timestamp::from_millis(millis).ok_or_else(|| E::custom("a timestamp out of range"))
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Timestamp, E> {
        Timestamp::from_millis(seconds.saturating_mul(1000)).ok_or_else(|| E::custom("a timestamp out of range"))
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Timestamp, E> {
        self.visit_i64(i64::try_from(seconds).map_err(E::custom)?)
    }
}
