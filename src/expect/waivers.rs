//! `waivers.toml`: accepted deviations. A waiver that is not understood is an error, because it would be one that hides
//! something else than was meant.

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::error::Damage;
use super::reading::Reading;
use super::records::{Tells, WaiverRecord};
use crate::model::{AccountId, quoted, quoted_excerpt, shortened};

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
}

const KEYS: [&str; 8] = ["waiver", "rule", "principal", "account", "finding", "reason", "approved_by", "expires"];

pub(super) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let parsed: File = toml::from_str(text).map_err(|error| damage(&error, text))?;
    let mut reading = Reading::new(file, "list of waivers");
    reading.tells.insert(Tells::Waivers);
    for waiver in parsed.waiver {
        let line = line_of(text, waiver.span().start);
        let waiver = waiver.into_inner();
        let refused = |what: &str| Damage::Waiver { line, what: what.to_owned(), nearest: None };
        for (key, value) in [("rule", &waiver.rule), ("reason", &waiver.reason), ("approved_by", &waiver.approved_by)] {
            if value.trim().is_empty() {
                return Err(refused(&format!("{} is empty", quoted(key))));
            }
        }
        let expires = day(&waiver.expires).ok_or_else(|| refused("`expires` is no day; write it as `2027-03-31`"))?;
        reading.rows_read += 1;
        reading.rows_used += 1;
        reading.waivers.push(WaiverRecord {
            at: reading.at(u32::try_from(line).expect("a file has fewer lines than four thousand million")),
            rule: waiver.rule,
            principal: waiver.principal,
            account: waiver.account,
            finding: waiver.finding,
            reason: waiver.reason,
            approved_by: waiver.approved_by,
            expires,
        });
    }
    Ok(reading)
}

fn day(expires: &toml::value::Datetime) -> Option<NaiveDate> {
    let date = expires.date.filter(|_| expires.time.is_none())?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
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
