//! `assignments.csv`: who is expected to have which permission set in which account.

use super::error::Damage;
use super::own_list::{self, cell, required};
use super::reading::Reading;
use super::records::{Assignment, PrincipalType, Refused, Tells};
use super::table::{Row, Table};
use crate::model::Kind;

const REQUIRED: [&str; 4] = ["principal_type", "principal", "account", "permission_set"];
/// Columns for people; they are not read.
const OPTIONAL: [&str; 3] = ["owner", "ticket", "comment"];

pub(super) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = own_list::read(text, &REQUIRED, &OPTIONAL)?;
    let mut reading = Reading::new(file, "list of assignments");
    reading.tells.insert(Tells::Assignments);
    for row in table.rows() {
        reading.rows_read += 1;
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
        other => return Err(format!("`principal_type` is `{other}`; it must be `user` or `group`")),
    };
    let account = required(table, row, "account")?.parse().map_err(|error| format!("`account`: {error}"))?;
    Ok(Assignment {
        at: reading.at(row.line),
        principal_type,
        principal: required(table, row, "principal")?.to_owned(),
        account,
        permission_set: required(table, row, "permission_set")?.to_owned(),
    })
}

fn refused(reading: &Reading, table: &Table, row: &Row, reason: String) -> Refused {
    Refused {
        at: reading.at(row.line),
        reason,
        kind: Kind::Assignment,
        principal: cell(table, row, "principal").map(str::to_owned),
        account: cell(table, row, "account").and_then(|account| account.parse().ok()),
        what: cell(table, row, "permission_set").map(str::to_owned),
    }
}
