//! A clock that is wrong: AWS takes a signature for some minutes only, and says both times where it does not.
//!
//! The SDK learns the difference from the answer, so a call that is sent again is signed with AWS's time.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// What AWS says, with how far the clock is off, where an error with this code and message is about the clock. `body` is
/// the answer itself, in which S3 writes the times.
pub(super) fn told(code: &str, message: &str, body: &str) -> Option<String> {
    let is_about_time = match code {
        "RequestTimeTooSkewed" | "RequestInTheFuture" => true,
        "SignatureDoesNotMatch" | "InvalidSignatureException" => {
            message.contains("Signature expired") || message.contains("Signature not yet current")
        }
        _ => false,
    };
    if !is_about_time {
        return None;
    }
    let (ours, theirs) = in_message(message).or_else(|| in_body(body)).unzip();
    Some(match ours.zip(theirs).map(|(ours, theirs)| theirs - ours) {
        Some(off) if off > TimeDelta::zero() => format!("{message}: the clock of this machine is {} behind", span(off)),
        Some(off) => format!("{message}: the clock of this machine is {} ahead", span(-off)),
        None => format!("{message}: the clock of this machine is wrong"),
    })
}

/// When the request was signed, and what time it was then at AWS: the first and the last instant of `Signature expired:
/// 20261120T100000Z is now earlier than 20261120T101500Z (20261120T103000Z - 15 min.)`.
fn in_message(message: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let words = message.split(|character: char| !character.is_ascii_alphanumeric());
    let mut instants = words.filter_map(compact);
    let first = instants.next()?;
    Some((first, instants.next_back()?))
}

/// The same of an answer of S3: `<RequestTime>20261120T100000Z</RequestTime><ServerTime>2026-11-20T10:30:00Z</ServerTime>`.
fn in_body(body: &str) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let instant = |text: &str| compact(text).or_else(|| text.parse().ok());
    Some((instant(element(body, "RequestTime")?)?, instant(element(body, "ServerTime")?)?))
}

fn compact(text: &str) -> Option<DateTime<Utc>> {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok().map(|instant| instant.and_utc())
}

/// What stands in the first element of this name.
pub(super) fn element<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inner, _)| inner)
}

/// How long that is, in words.
fn span(span: TimeDelta) -> String {
    match span.num_minutes() {
        0..=179 => format!("{} minutes", span.num_minutes()),
        180..=4319 => format!("{} hours", span.num_hours()),
        _ => format!("{} days", span.num_days()),
    }
}
