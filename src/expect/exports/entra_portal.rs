//! What the portal of Entra ID lets one download: users, groups, and members of one group; and what
//! `Get-MgUser | Export-Csv` writes, whose columns are the same.
//!
//! An object id of Entra ID is not the GUID of Active Directory: that one is in `onPremisesImmutableId`.

use super::staff_columns::EMPLOYEE_ID;
use crate::expect::active_directory::account_state::StateColumns;
use crate::expect::active_directory::columns::{object_guid, truth};
use crate::expect::active_directory::object_class;
use crate::expect::csv::cell::value;
use crate::expect::csv::table::{self, Row, Table};
use crate::expect::error::Damage;
use crate::expect::provenance::group_in_file_name::group_of_file;
use crate::expect::records::directory_records::{Entry, EntryKind, Membership, Reference, Roll, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::mail_cells;
use crate::model::{ListFormat, quoted};

/// Columns that only a list of members has.
const MEMBER_TYPE: [&str; 2] = ["objecttype", "membertype"];
const IS_USER: [&str; 1] = ["isuser"];
const IS_GROUP: [&str; 1] = ["isgroup"];
const USER_NAME: [&str; 1] = ["userprincipalname"];
const ID: [&str; 2] = ["id", "objectid"];

/// Whether these columns, in the form of [`column_key`](crate::expect::csv::header::column_key), are of a list of Entra ID.
pub(crate) fn is_header(keys: &[String]) -> bool {
    let has = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
    let on_premises = has(&["objectguid", "samaccountname", "distinguishedname"]);
    let user = has(&USER_NAME) && has(&ID);
    let group = has(&["displayname"]) && has(&ID) && has(&["grouptype", "membershiptype", "securityenabled"]);
    !on_premises && (user || group)
}

/// Reads a list. `name` may say whose members it lists.
pub(crate) fn read(file: u32, name: &str, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text)?;
    if table.is_empty() {
        return Err(Damage::Nobody { what: "it has a header but no rows" });
    }
    let members = table.has(&MEMBER_TYPE) || table.has(&IS_USER);
    let mut reading = if members {
        members_of_one(file, name, &table)?
    } else if table.has(&USER_NAME) {
        objects(file, &table, EntryKind::Person, ListFormat::EntraUsers)?
    } else {
        objects(file, &table, EntryKind::Group, ListFormat::EntraGroups)?
    };
    reading.ages = true;
    reading.notes.extend(table.notes);
    Ok(reading)
}

fn objects(file: u32, table: &Table, kind: EntryKind, format: ListFormat) -> Result<Reading, Damage> {
    let mut reading = Reading::new(file, format);
    reading.tells.insert(if kind == EntryKind::Group { Tells::Groups } else { Tells::People });
    let states = StateColumns::of(table);
    reading.notes.extend(states.notes(table));
    for row in table.rows() {
        let entry = entry(&reading, table, &states, &row, kind)?;
        reading.count(kind);
        reading.entries.push(entry);
    }
    if kind == EntryKind::Person && reading.entries.iter().all(|entry| entry.enabled.is_none()) {
        reading.notes.push(
            "it has no value in a column `accountEnabled` or `Block credential`, so it does not say who has left"
                .to_owned(),
        );
    }
    Ok(reading)
}

fn members_of_one(file: u32, name: &str, table: &Table) -> Result<Reading, Damage> {
    let group = group_of_file(name).ok_or(Damage::NamelessGroup)?;
    let mut reading = Reading::new(file, ListFormat::EntraMembers);
    reading.notes.push(format!("by its file name, it lists the members of {}", quoted(&group)));
    let group = Reference::Name(group.into());
    reading.rolls.push(Roll { at: reading.at(table.header_line), group: group.clone(), cut: None });
    let states = StateColumns::of(table);
    for row in table.rows() {
        let member = entry(&reading, table, &states, &row, member_kind(table, &row)?)?;
        reading.count(member.kind);
        let group = group.clone();
        reading.memberships.push(Membership { at: member.at, group, member: Reference::Row(row.line) });
        reading.entries.push(member);
    }
    reading.tells.extend([Tells::Groups, Tells::Members]);
    Ok(reading)
}

fn member_kind(table: &Table, row: &Row<'_>) -> Result<EntryKind, Damage> {
    if let Some(word) = row.cell(table.column(&MEMBER_TYPE)) {
        let expected = "a known type (`user`, `group`, `device`, …), so this may or may not be a person";
        return object_class::of_entra(word).ok_or_else(|| value(row, "objectType", word, expected));
    }
    let is = |names: &[&str]| row.cell(table.column(names)).map(|word| truth(row, names[0], word)).transpose();
    match (is(&IS_USER)?, is(&IS_GROUP)?) {
        (Some(true), _) => Ok(EntryKind::Person),
        (_, Some(true)) => Ok(EntryKind::Group),
        (Some(false), Some(false)) => Ok(EntryKind::Other),
        // Only users have one.
        (None, _) if row.cell(table.column(&USER_NAME)).is_some() => Ok(EntryKind::Person),
        (None, _) | (_, None) => {
            let name = row.cell(table.column(&["displayname"])).or(row.cell(table.column(&ID))).unwrap_or_default();
            Err(Damage::Kindless { line: row.line, name: name.trim().to_owned() })
        }
    }
}

fn entry(
    reading: &Reading,
    table: &Table,
    states: &StateColumns,
    row: &Row<'_>,
    kind: EntryKind,
) -> Result<Entry, Damage> {
    let text = |name: &str| row.cell(table.column(&[name])).map(|cell| cell.trim().to_owned());
    let mut entry = Entry::new(reading.at(row.line), kind);
    entry.entra_id = match row.cell(table.column(&ID)).map(str::trim) {
        Some(id) => Some(id.parse().map_err(|_| value(row, "id", id, "an object id of Entra ID"))?),
        None => None,
    };
    entry.guid = text("onpremisesimmutableid").or(text("immutableid")).as_deref().and_then(object_guid);
    entry.sid = text("onpremisessecurityidentifier");
    entry.sam = text("onpremisessamaccountname");
    entry.domain = text("onpremisesdomainname").map(|domain| domain.to_lowercase());
    entry.dn = text("onpremisesdistinguishedname");
    entry.user_name = text("userprincipalname");
    let mail = text("mail").or_else(|| primary_address(row.cell(table.column(&["proxyaddresses"]))?));
    entry.mails = mail.as_deref().map(mail_cells::of_account).unwrap_or_default();
    entry.employee_ids = EMPLOYEE_ID.into_iter().filter_map(text).collect();
    entry.display_name = text("displayname");
    if kind == EntryKind::Person {
        (entry.enabled, entry.unclear) = states.read(table, row)?;
    }
    if entry.entra_id.is_none() && entry.user_name.is_none() && entry.mails.is_empty() {
        return Err(Damage::NamesNobody { line: row.line });
    }
    Ok(entry)
}

/// The address at which somebody gets mail, among all that Microsoft 365 joins: `SMTP:a@example.com+smtp:b@example.com`.
fn primary_address(proxy_addresses: &str) -> Option<String> {
    let mut addresses = proxy_addresses.split(['+', ';', ',']).map(str::trim);
    addresses.find_map(|address| address.strip_prefix("SMTP:")).map(str::to_owned)
}
