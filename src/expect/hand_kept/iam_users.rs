//! `iam-users.csv`: which IAM users are expected in which account, with which policies, and who answers for them.

use super::list::{About, HandKept};
use super::reviewer::{reviewer, tells_reviewers};
use super::table::{cell, digest, required, values, yes_or_no};
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::{IamUserRecord, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{AccountId, Kind, ListFormat, NameKey, PolicyCell};

/// See [`HandKept`].
pub(crate) struct IamUsers;

impl HandKept for IamUsers {
    const FORMAT: ListFormat = ListFormat::IamUsers;
    const REQUIRED: &'static [&'static str] = &["account", "user"];
    /// `comment` and `ticket` are for people; they are not read.
    const OPTIONAL: &'static [&'static str] =
        &["policies", "administrative", "owner", "digest", "reviewed_by", "ticket", "comment"];
    const KIND: Kind = Kind::IamUser;
    type Record = IamUserRecord;
    type Thing = (AccountId, NameKey);
    type Says = (Option<Vec<String>>, Option<bool>, Option<String>, Option<String>);

    fn tells(table: &Table<'_>) -> Vec<Tells> {
        let policies = table.has(&["policies"]).then_some(Tells::Policies);
        [Tells::IamUsers].into_iter().chain(policies).collect()
    }

    fn record(reading: &Reading, table: &Table<'_>, row: &Row<'_>) -> Result<IamUserRecord, String> {
        user(reading, table, row)
    }

    fn thing(record: &IamUserRecord) -> Option<(Self::Thing, Self::Says)> {
        let says = (record.policies.clone(), record.administrative, record.owner.clone(), record.digest.clone());
        Some(((record.account, NameKey::of(&record.user)), says))
    }

    fn keep(reading: &mut Reading, record: IamUserRecord) {
        reading.iam_users.push(record);
    }

    fn about(table: &Table<'_>, row: &Row<'_>) -> About {
        About {
            principal: cell(table, row, "user").map(str::to_owned),
            account: cell(table, row, "account").and_then(|account| account.parse().ok()),
            what: None,
        }
    }
}

fn user(reading: &Reading, table: &Table, row: &Row) -> Result<IamUserRecord, String> {
    let account = required(table, row, "account")?.parse().map_err(|error| format!("`account`: {error}"))?;
    let policies = table.has(&["policies"]).then(|| cell(table, row, "policies").map(values).unwrap_or_default());
    for policy in policies.iter().flatten() {
        PolicyCell::parse(policy)?;
    }
    Ok(IamUserRecord {
        at: reading.at(row.line),
        account,
        user: required(table, row, "user")?.to_owned(),
        policies,
        administrative: yes_or_no(table, row, "administrative")?,
        owner: cell(table, row, "owner").map(str::to_owned),
        digest: digest(table, row)?,
        unreviewed: tells_reviewers(table) && reviewer(table, row).is_none(),
    })
}
