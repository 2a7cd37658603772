//! `entitlements.csv`: who is expected to be entitled to which IAM role, in which accounts.

use super::account_pattern::AccountPattern;
use super::table::{self, cell, day, digest, presence, principal, required, reviewer, role, yes_or_no};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{EntitlementRecord, PrincipalType, Refused, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, quoted_excerpt};

const REQUIRED: [&str; 4] = ["principal_type", "principal", "account", "role"];
/// `owner`, `ticket` and `comment` are for people; they are not read.
const OPTIONAL: [&str; 8] =
    ["presence", "expires", "administrative", "digest", "reviewed_by", "owner", "ticket", "comment"];

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text, &REQUIRED, &OPTIONAL)?;
    let mut reading = Reading::new(file, "list of entitlements");
    reading.tells.insert(Tells::Entitlements);
    for row in table.rows() {
        reading.rows_read += 1;
        reading.review(row.line, reviewer(&table, &row));
        match entitlement(&reading, &table, &row) {
            Ok(entitlement) => {
                reading.rows_used += 1;
                reading.entitlements.push(entitlement);
            }
            Err(reason) => {
                reading.rows_refused += 1;
                let refused = refused(&reading, &table, &row, reason);
                reading.refusals.push(refused);
            }
        }
    }
    Ok(reading)
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

fn refused(reading: &Reading, table: &Table, row: &Row, reason: String) -> Refused {
    Refused {
        at: reading.at(row.line),
        reason,
        kind: Kind::Entitlement,
        principal: principal(table, row).map(str::to_owned),
        account: cell(table, row, "account").and_then(|account| account.parse().ok()),
        // What is no name of a role may mean any.
        what: cell(table, row, "role").and_then(|cell| role(cell).ok()),
    }
}
