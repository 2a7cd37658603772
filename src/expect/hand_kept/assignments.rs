//! `assignments.csv`: who is expected to have which permission set in which accounts.

use super::account_pattern::{ACCOUNT, AccountPattern};
use super::table::{self, cell, day, presence, principal, required, reviewer};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{Assignment, PrincipalType, Refused, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, quoted_excerpt};

/// What stands for the permission set in a naming convention.
pub(crate) const PERMISSION_SET: &str = "{permission_set}";

const REQUIRED: [&str; 4] = ["principal_type", "principal", "account", "permission_set"];
/// `owner`, `ticket` and `comment` are for people; they are not read.
const OPTIONAL: [&str; 6] = ["presence", "expires", "reviewed_by", "owner", "ticket", "comment"];

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text, &REQUIRED, &OPTIONAL)?;
    let mut reading = Reading::new(file, "list of assignments");
    reading.tells.insert(Tells::Assignments);
    for row in table.rows() {
        reading.rows_read += 1;
        reading.review(row.line, reviewer(&table, &row));
        match assignment(&reading, &table, &row) {
            Ok(assignment) => {
                reading.rows_used += 1;
                reading.assignments.push(assignment);
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

fn assignment(reading: &Reading, table: &Table, row: &Row) -> Result<Assignment, String> {
    let principal_type = match required(table, row, "principal_type")?.to_lowercase().as_str() {
        "user" => PrincipalType::User,
        "group" => PrincipalType::Group,
        other => return Err(format!("`principal_type` is {}; it must be `user` or `group`", quoted_excerpt(other))),
    };
    let account: AccountPattern =
        required(table, row, "account")?.parse().map_err(|error| format!("`account`: {error}"))?;
    required(table, row, "principal")?;
    let principal = principal(table, row).unwrap_or_default().to_owned();
    let permission_set = required(table, row, "permission_set")?.to_owned();
    check_placeholders(principal_type, &principal, &account, &permission_set)?;
    let presence = presence(table, row)?;
    let expires = day(table, row, "expires")?;
    Ok(Assignment { at: reading.at(row.line), principal_type, principal, account, permission_set, presence, expires })
}

/// A placeholder stands in a group's name and, as the whole cell, where its value goes.
fn check_placeholders(
    principal_type: PrincipalType,
    principal: &str,
    account: &AccountPattern,
    permission_set: &str,
) -> Result<(), String> {
    let rest = principal.replacen(ACCOUNT, "", 1).replacen(PERMISSION_SET, "", 1);
    if rest.contains(['{', '}']) && principal_type == PrincipalType::Group {
        return Err(format!(
            "`principal` holds a placeholder that is not known; there are `{ACCOUNT}` and `{PERMISSION_SET}`"
        ));
    }
    let named = |placeholder: &str| principal_type == PrincipalType::Group && principal.contains(placeholder);
    if named(ACCOUNT) != (*account == AccountPattern::Placeholder) {
        return Err(format!("`{ACCOUNT}` must stand in the name of a group and in `account`, or in neither"));
    }
    if named(PERMISSION_SET) != (permission_set == PERMISSION_SET) {
        return Err(format!(
            "`{PERMISSION_SET}` must stand in the name of a group and in `permission_set`, or in neither"
        ));
    }
    Ok(())
}

fn refused(reading: &Reading, table: &Table, row: &Row, reason: String) -> Refused {
    // A name with a placeholder may be any group's, and what is none may be any permission set's.
    let fixed = |cell: Option<&str>| cell.filter(|cell| !cell.contains('{')).map(str::to_owned);
    Refused {
        at: reading.at(row.line),
        reason,
        kind: Kind::Assignment,
        principal: fixed(principal(table, row)),
        account: cell(table, row, "account").and_then(|account| account.parse().ok()),
        what: fixed(cell(table, row, "permission_set")),
    }
}
