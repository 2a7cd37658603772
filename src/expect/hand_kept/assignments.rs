//! `assignments.csv`: who is expected to have which permission set in which accounts.

use super::account_pattern::{ACCOUNT, AccountPattern};
use super::list::{About, HandKept};
use super::table::{cell, day, presence, principal, required};
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::{Assignment, PrincipalType, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, ListFormat, quoted_excerpt};

/// What stands for the permission set in a naming convention.
pub(crate) const PERMISSION_SET: &str = "{permission_set}";

/// See [`HandKept`].
pub(crate) struct Assignments;

impl HandKept for Assignments {
    const FORMAT: ListFormat = ListFormat::Assignments;
    const REQUIRED: &'static [&'static str] = &["principal_type", "principal", "account", "permission_set"];
    /// `owner`, `ticket` and `comment` are for people; they are not read.
    const OPTIONAL: &'static [&'static str] = &["presence", "expires", "reviewed_by", "owner", "ticket", "comment"];
    const KIND: Kind = Kind::Assignment;
    type Record = Assignment;
    type Thing = ();
    type Says = ();

    fn tells(_: &Table<'_>) -> Vec<Tells> {
        vec![Tells::Assignments]
    }

    fn record(reading: &Reading, table: &Table<'_>, row: &Row<'_>) -> Result<Assignment, String> {
        assignment(reading, table, row)
    }

    fn thing(_: &Assignment) -> Option<(Self::Thing, Self::Says)> {
        None
    }

    fn keep(reading: &mut Reading, record: Assignment) {
        reading.assignments.push(record);
    }

    fn about(table: &Table<'_>, row: &Row<'_>) -> About {
        // A name with a placeholder may be any group's, and what is none may be any permission set's.
        let fixed = |cell: Option<&str>| cell.filter(|cell| !cell.contains('{')).map(str::to_owned);
        About {
            principal: fixed(principal(table, row)),
            account: cell(table, row, "account").and_then(|account| account.parse().ok()),
            what: fixed(cell(table, row, "permission_set")),
        }
    }
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
            "`principal` has an unknown placeholder; only `{ACCOUNT}` and `{PERMISSION_SET}` are known"
        ));
    }
    let named = |placeholder: &str| principal_type == PrincipalType::Group && principal.contains(placeholder);
    if named(ACCOUNT) != (*account == AccountPattern::Placeholder) {
        return Err(format!("`{ACCOUNT}` must be in both the group name and `account`, or in neither"));
    }
    if named(PERMISSION_SET) != (permission_set == PERMISSION_SET) {
        return Err(format!("`{PERMISSION_SET}` must be in both the group name and `permission_set`, or in neither"));
    }
    Ok(())
}
