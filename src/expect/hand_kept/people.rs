//! `people.csv`: people and their groups, for those who have no directory to export.

use super::reviewer::{reviewer, tells_reviewers};
use super::table::{self, cell, values};
use crate::expect::csv::cell::account_name;
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{At, Entry, EntryKind, Membership, Reference, Refused, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::mail_cells;
use crate::model::{Kind, ListFormat, quoted_excerpt, seen};

const COLUMNS: [&str; 7] = ["user", "mail", "name", "groups", "status", "reviewed_by", "comment"];

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text, &[], &COLUMNS)?;
    if !table.has(&["user"]) && !table.has(&["mail"]) {
        let remedy = "name people by their user names in Identity Center, or by their email addresses";
        return Err(Damage::MissingColumn { column: "`user` or `mail`".to_owned(), remedy });
    }
    if table.is_empty() {
        return Err(Damage::Nobody { what: "it has a header but no rows" });
    }
    let mut reading = Reading::new(file, ListFormat::People);
    reading.tells.insert(Tells::People);
    if table.has(&["groups"]) {
        reading.tells.extend([Tells::Groups, Tells::MemberOf]);
    }
    for row in table.rows() {
        reading.rows_read += 1;
        // A list of people without the column is what another system wrote, as an export of a directory is.
        if tells_reviewers(&table) {
            reading.review(row.line, reviewer(&table, &row));
        }
        match person(&reading, &table, &row) {
            Ok(person) => {
                reading.rows_used += 1;
                let at = person.at;
                let groups = cell(&table, &row, "groups").map(values).unwrap_or_default();
                reading.entries.push(person);
                reading.memberships.extend(groups.into_iter().map(|group| Membership {
                    at,
                    group: Reference::Name(group.into()),
                    member: Reference::Row(row.line),
                }));
            }
            Err(reason) => {
                reading.rows_refused += 1;
                reading.refusals.extend(refusals(reading.at(row.line), &table, &row, &reason));
            }
        }
    }
    Ok(reading)
}

/// All that a refused row may have spoken about: the person by every name, the groups, and the memberships.
fn refusals(at: At, table: &Table, row: &Row, reason: &str) -> Vec<Refused> {
    let user = cell(table, row, "user").map(|user| account_name(user).to_owned());
    let mails = cell(table, row, "mail").and_then(mail_cells::addresses).unwrap_or_default();
    let mut names: Vec<Option<String>> = user.into_iter().chain(mails).map(Some).collect();
    if names.is_empty() {
        names.push(None);
    }
    let groups: Vec<Option<String>> =
        cell(table, row, "groups").map(values).unwrap_or_default().into_iter().map(Some).collect();
    let refused = |kind: Kind, principal: &Option<String>, what: &Option<String>| Refused {
        at,
        reason: reason.to_owned(),
        kind,
        principal: principal.clone(),
        account: None,
        what: what.clone(),
    };
    let people = names.iter().map(|name| refused(Kind::User, name, &None));
    let themselves = groups.iter().map(|group| refused(Kind::Group, &None, group));
    let memberships =
        names.iter().flat_map(|name| groups.iter().map(move |group| refused(Kind::Membership, name, group)));
    people.chain(themselves).chain(memberships).collect()
}

fn person(reading: &Reading, table: &Table, row: &Row) -> Result<Entry, String> {
    let (user, mail) = (cell(table, row, "user").map(seen), cell(table, row, "mail"));
    let user = user.as_deref();
    if user.is_none() && mail.is_none() {
        return Err("neither `user` nor `mail` is given".to_owned());
    }
    let mut person = Entry::new(reading.at(row.line), EntryKind::Person);
    // The domain's short name cannot be translated into its long one: of `CORP\alice`, `alice` is known.
    person.user_name = user.map(|user| account_name(user).to_owned());
    person.sam = user.filter(|user| user.contains('\\')).map(|user| account_name(user).to_owned());
    let no_address = |cell| format!("`mail` is {}; it must be {}", quoted_excerpt(cell), mail_cells::EXPECTED);
    let mails = mail.map(|cell| mail_cells::addresses(cell).ok_or_else(|| no_address(cell))).transpose()?;
    person.mails = mails.unwrap_or_default();
    person.display_name = cell(table, row, "name").map(str::to_owned);
    person.enabled = cell(table, row, "status").map(is_active).transpose()?;
    Ok(person)
}

fn is_active(status: &str) -> Result<bool, String> {
    match status.to_lowercase().as_str() {
        "active" => Ok(true),
        "disabled" | "left" => Ok(false),
        other => Err(format!("`status` is {}; it must be `active`, `disabled` or `left`", quoted_excerpt(other))),
    }
}
