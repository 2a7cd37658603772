//! `waivers.toml`: accepted deviations. A waiver that is not understood is an error, because it would be one that hides
//! something else than was meant.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use crate::expect::error::Damage;
use crate::expect::records::directory_records::{AcceptedRecord, At, Tells, WaiverRecord};
use crate::expect::records::parsed_file::Reading;
use crate::model::{AccountId, ListFormat, is_placeholder, quoted, quoted_excerpt, shortened};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waiver: Vec<Spanned<Waiver>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    rule: String,
    principal: Option<String>,
    account: Option<AccountId>,
    finding: Option<String>,
    reason: String,
    approved_by: String,
    expires: toml::value::Datetime,
    accepted_on: Option<toml::value::Datetime>,
    severity: Option<String>,
    principal_id: Option<String>,
    digest: Option<String>,
}

const KEYS: [&str; 12] = [
    "waiver",
    "rule",
    "principal",
    "account",
    "finding",
    "reason",
    "approved_by",
    "expires",
    "accepted_on",
    "severity",
    "principal_id",
    "digest",
];

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let parsed: File = toml::from_str(text).map_err(|error| damage(&error, text))?;
    let mut reading = Reading::new(file, ListFormat::Waivers);
    reading.tells.insert(Tells::Waivers);
    let mut lines = Lines { text, line: 1, position: 0 };
    for waiver in parsed.waiver {
        let line = lines.at(waiver.span().start);
        let at = reading.at(u32::try_from(line).expect("a file has fewer lines than four thousand million"));
        let refused = |what| Damage::Waiver { line, what, nearest: None };
        reading.rows_read += 1;
        reading.rows_used += 1;
        reading.waivers.push(record(at, waiver.into_inner()).map_err(refused)?);
    }
    let by_name = reading.waivers.iter().filter(|waiver| waiver.accepted.is_none()).count();
    reading.notes.extend((by_name > 0).then(|| by_name_alone(by_name)));
    Ok(reading)
}

fn by_name_alone(waivers: usize) -> String {
    let (number, accept) =
        if waivers == 1 { ("1 waiver".to_owned(), "accepts") } else { (format!("{waivers} waivers"), "accept") };
    format!(
        "{number} without `digest` {accept} by name only: no administrative access, and nothing above the rule's own \
         severity; `rollcall waive` records what is accepted"
    )
}

fn record(at: At, waiver: Waiver) -> Result<WaiverRecord, String> {
    for (key, value) in [("rule", &waiver.rule), ("reason", &waiver.reason), ("approved_by", &waiver.approved_by)] {
        if value.trim().is_empty() {
            return Err(format!("{} is empty", quoted(key)));
        }
    }
    if is_placeholder(&waiver.approved_by) {
        return Err(format!("`approved_by` is {}, which names no approver", quoted_excerpt(&waiver.approved_by)));
    }
    Ok(WaiverRecord {
        at,
        expires: day("expires", &waiver.expires)?,
        accepted: accepted(&waiver)?,
        rule: waiver.rule,
        principal: waiver.principal,
        account: waiver.account,
        finding: waiver.finding,
        reason: waiver.reason,
        approved_by: waiver.approved_by,
    })
}

/// What was accepted, which says something as a whole only: with one of its keys, all of them must be there, but for the
/// id of a principal that has none.
fn accepted(waiver: &Waiver) -> Result<Option<AcceptedRecord>, String> {
    let (on, severity, digest) = match (&waiver.accepted_on, &waiver.severity, &waiver.digest) {
        (None, None, None) if waiver.principal_id.is_none() => return Ok(None),
        (Some(on), Some(severity), Some(digest)) if waiver.finding.is_some() => (on, severity, digest),
        _ => {
            return Err("`accepted_on`, `severity` and `digest` must be given together with `finding`; `rollcall \
                        waive` writes them"
                .to_owned());
        }
    };
    if digest.len() != 64 || !digest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(format!("`digest` is {}, which is not 64 hexadecimal digits", quoted(digest)));
    }
    Ok(Some(AcceptedRecord {
        on: day("accepted_on", on)?,
        severity: severity.parse()?,
        principal_id: waiver.principal_id.clone(),
        digest: digest.to_ascii_lowercase(),
    }))
}

fn day(key: &str, written: &toml::value::Datetime) -> Result<NaiveDate, String> {
    let date = written.date.filter(|_| written.time.is_none());
    let date = date.and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()));
    date.ok_or_else(|| format!("{} is not a date; write it as `2027-03-31`", quoted(key)))
}

/// The lines of positions that are asked for in order, so that a text is gone through once.
struct Lines<'a> {
    text: &'a str,
    line: usize,
    position: usize,
}

impl Lines<'_> {
    fn at(&mut self, position: usize) -> usize {
        if position < self.position {
            (self.line, self.position) = (1, 0);
        }
        self.line += self.text[self.position..position].matches('\n').count();
        self.position = position;
        self.line
    }
}

fn line_of(text: &str, position: usize) -> usize {
    1 + text[..position].matches('\n').count()
}

fn damage(error: &toml::de::Error, text: &str) -> Damage {
    let line = error.span().map_or(1, |span| line_of(text, span.start));
    let message = error.message();
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    let nearest = unknown.and_then(|key| {
        let distance = |known: &&str| strsim::damerau_levenshtein(known, key);
        KEYS.into_iter().min_by_key(distance).filter(|known| distance(known) <= 3)
    });
    let what = match unknown {
        Some(key) => format!("unknown key {}", quoted_excerpt(key)),
        None => shortened(message.lines().next().unwrap_or_default()),
    };
    Damage::Waiver { line, what, nearest }
}
