//! `iam-users.csv`: which IAM users are expected in which account, with which policies, and who answers for them.

use super::table::{self, OneRowEach, cell, digest, required, reviewer, tells_reviewers, values, yes_or_no};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{IamUserRecord, Refused, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, NameKey, PolicyCell};

const REQUIRED: [&str; 2] = ["account", "user"];
/// `comment` and `ticket` are for people; they are not read.
const OPTIONAL: [&str; 7] = ["policies", "administrative", "owner", "digest", "reviewed_by", "ticket", "comment"];

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text, &REQUIRED, &OPTIONAL)?;
    let mut reading = Reading::new(file, "list of IAM users");
    reading.tells.insert(Tells::IamUsers);
    if table.has(&["policies"]) {
        reading.tells.insert(Tells::Policies);
    }
    let mut users = OneRowEach::new();
    for row in table.rows() {
        reading.rows_read += 1;
        reading.review(row.line, reviewer(&table, &row));
        let user = user(&reading, &table, &row).and_then(|user| {
            let says = (user.policies.clone(), user.administrative, user.owner.clone(), user.digest.clone());
            users.take(row.line, (user.account, NameKey::of(&user.user)), says)?;
            Ok(user)
        });
        match user {
            Ok(user) => {
                reading.rows_used += 1;
                reading.iam_users.push(user);
            }
            Err(reason) => {
                reading.rows_refused += 1;
                let at = reading.at(row.line);
                let principal = cell(&table, &row, "user").map(str::to_owned);
                let account = cell(&table, &row, "account").and_then(|account| account.parse().ok());
                reading.refusals.push(Refused { at, reason, kind: Kind::IamUser, principal, account, what: None });
            }
        }
    }
    Ok(reading)
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
