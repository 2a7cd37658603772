//! `trusts.csv`: which outsider is expected to be trusted by which role, and who answers for it.

use super::list::{About, HandKept};
use super::table::{cell, digest, required, role, values, yes_or_no};
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::{Tells, TrustRecord};
use crate::expect::records::parsed_file::Reading;
use crate::model::{AccountId, Kind, ListFormat, NameKey, TrustConditions, quoted_excerpt};

/// See [`HandKept`].
pub(crate) struct Trusts;

impl HandKept for Trusts {
    const FORMAT: ListFormat = ListFormat::Trusts;
    const REQUIRED: &'static [&'static str] = &["account", "role", "trusted"];
    /// `comment` and `ticket` are for people; they are not read.
    const OPTIONAL: &'static [&'static str] =
        &["owner", "conditions", "administrative", "digest", "reviewed_by", "ticket", "comment"];
    const KIND: Kind = Kind::Trust;
    type Record = TrustRecord;
    type Thing = (AccountId, NameKey, NameKey);
    type Says = (Option<String>, TrustConditions, Option<bool>, Option<String>);

    fn tells(_: &Table<'_>) -> Vec<Tells> {
        vec![Tells::Trusts]
    }

    fn record(reading: &Reading, table: &Table<'_>, row: &Row<'_>) -> Result<TrustRecord, String> {
        trust(reading, table, row)
    }

    fn thing(record: &TrustRecord) -> Option<(Self::Thing, Self::Says)> {
        let key = (record.account, NameKey::of(&record.role), NameKey::of(&record.trusted));
        Some((key, (record.owner.clone(), record.conditions.clone(), record.administrative, record.digest.clone())))
    }

    fn keep(reading: &mut Reading, record: TrustRecord) {
        reading.trusts.push(record);
    }

    fn about(table: &Table<'_>, row: &Row<'_>) -> About {
        About {
            principal: cell(table, row, "role").and_then(|cell| role(cell).ok()),
            account: cell(table, row, "account").and_then(|account| account.parse().ok()),
            what: cell(table, row, "trusted").and_then(|cell| trusted(cell).ok()),
        }
    }
}

fn trust(reading: &Reading, table: &Table, row: &Row) -> Result<TrustRecord, String> {
    Ok(TrustRecord {
        at: reading.at(row.line),
        account: required(table, row, "account")?.parse().map_err(|error| format!("`account`: {error}"))?,
        role: role(required(table, row, "role")?)?,
        trusted: trusted(required(table, row, "trusted")?)?,
        owner: cell(table, row, "owner").map(str::to_owned),
        conditions: cell(table, row, "conditions").map_or(Ok(TrustConditions::Unsaid), conditions)?,
        administrative: yes_or_no(table, row, "administrative")?,
        digest: digest(table, row)?,
    })
}

/// `none`, a digest, or keys with patterns: `sts:ExternalId=*; aws:PrincipalOrgID=o-a1b2c3d4e5`.
fn conditions(cell: &str) -> Result<TrustConditions, String> {
    if cell.eq_ignore_ascii_case("none") {
        return Ok(TrustConditions::Any);
    }
    if cell.len() == 64 && cell.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(TrustConditions::Digest(cell.to_ascii_lowercase()));
    }
    let pattern = |text: String| {
        let (key, pattern) = text.split_once('=')?;
        let (key, pattern) = (key.trim(), pattern.trim());
        let is_whole = !key.is_empty() && !key.contains(char::is_whitespace) && !pattern.is_empty();
        is_whole.then(|| (key.to_owned(), pattern.to_owned()))
    };
    let patterns = values(cell).into_iter().map(pattern).collect::<Option<Vec<_>>>();
    patterns.filter(|patterns| !patterns.is_empty()).map(TrustConditions::Of).ok_or_else(|| {
        format!(
            "`conditions` is {}; it must be `none`, a digest, or keys with their values, such as `sts:ExternalId=*`",
            quoted_excerpt(cell)
        )
    })
}

/// Whom a cell means, by the name that [`Trusted::name`](crate::model::Trusted::name) gives them.
fn trusted(cell: &str) -> Result<String, String> {
    if let Some(arn) = cell.strip_prefix("arn:") {
        return of_arn(cell, arn);
    }
    let provider = cell.strip_prefix("https://").unwrap_or(cell);
    let is_organization = cell.strip_prefix("o-").is_some_and(|id| id.chars().all(|id| id.is_ascii_alphanumeric()));
    let is_provider = provider.contains('.') && !provider.contains(char::is_whitespace);
    if provider.ends_with(".amazonaws.com") && !provider.starts_with("oidc.") && !provider.contains("cognito-identity")
    {
        return Err(format!("`trusted` is {}, an AWS service; services need no row", quoted_excerpt(cell)));
    }
    if cell == "*" || cell.parse::<AccountId>().is_ok() || is_organization || is_provider {
        return Ok(provider.trim_end_matches('/').to_owned());
    }
    Err(format!(
        "`trusted` is {}; it must be an account ID, an ARN, a provider's host and path, an organization ID, or `*`",
        quoted_excerpt(cell)
    ))
}

fn of_arn(cell: &str, arn: &str) -> Result<String, String> {
    let parts: Vec<&str> = arn.splitn(5, ':').collect();
    let [_, _, _, account, resource] = parts.as_slice() else {
        return Err(format!("`trusted` is {}, which is not a complete ARN", quoted_excerpt(cell)));
    };
    Ok(match resource.strip_prefix("oidc-provider/") {
        Some(provider) => provider.to_owned(),
        None if *resource == "root" => (*account).to_owned(),
        None => cell.to_owned(),
    })
}
