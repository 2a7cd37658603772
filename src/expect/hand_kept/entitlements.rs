//! `entitlements.csv`: who is expected to be entitled to which IAM role, in which accounts.

use super::account_pattern::AccountPattern;
use super::list::{About, HandKept};
use super::table::{cell, day, digest, presence, principal, required, role, yes_or_no};
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::{EntitlementRecord, PrincipalType, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, ListFormat, quoted_excerpt};

/// See [`HandKept`].
pub(crate) struct Entitlements;

impl HandKept for Entitlements {
    const FORMAT: ListFormat = ListFormat::Entitlements;
    const REQUIRED: &'static [&'static str] = &["principal_type", "principal", "account", "role"];
    /// `owner`, `ticket` and `comment` are for people; they are not read.
    const OPTIONAL: &'static [&'static str] =
        &["presence", "expires", "administrative", "digest", "reviewed_by", "owner", "ticket", "comment"];
    const KIND: Kind = Kind::Entitlement;
    type Record = EntitlementRecord;
    type Thing = ();
    type Says = ();

    fn tells(_: &Table<'_>) -> Vec<Tells> {
        vec![Tells::Entitlements]
    }

    fn record(reading: &Reading, table: &Table<'_>, row: &Row<'_>) -> Result<EntitlementRecord, String> {
        entitlement(reading, table, row)
    }

    fn thing(_: &EntitlementRecord) -> Option<(Self::Thing, Self::Says)> {
        None
    }

    fn keep(reading: &mut Reading, record: EntitlementRecord) {
        reading.entitlements.push(record);
    }

    fn about(table: &Table<'_>, row: &Row<'_>) -> About {
        About {
            principal: principal(table, row).map(str::to_owned),
            account: cell(table, row, "account").and_then(|account| account.parse().ok()),
            // What is no name of a role may mean any.
            what: cell(table, row, "role").and_then(|cell| role(cell).ok()),
        }
    }
}

fn entitlement(reading: &Reading, table: &Table, row: &Row) -> Result<EntitlementRecord, String> {
    let principal_type = match required(table, row, "principal_type")?.to_lowercase().as_str() {
        "user" => PrincipalType::User,
        "group" => PrincipalType::Group,
        other => return Err(format!("`principal_type` is {}; it must be `user` or `group`", quoted_excerpt(other))),
    };
    let account = match required(table, row, "account")?.parse() {
        Ok(AccountPattern::Placeholder) => {
            return Err("`account` holds a placeholder; only `assignments.csv` has them".to_owned());
        }
        Ok(account) => account,
        Err(error) => return Err(format!("`account`: {error}")),
    };
    Ok(EntitlementRecord {
        at: reading.at(row.line),
        principal_type,
        principal: required(table, row, "principal").map(|cell| principal(table, row).unwrap_or(cell))?.to_owned(),
        account,
        role: role(required(table, row, "role")?)?,
        presence: presence(table, row)?,
        expires: day(table, row, "expires")?,
        administrative: yes_or_no(table, row, "administrative")?,
        digest: digest(table, row)?,
    })
}
