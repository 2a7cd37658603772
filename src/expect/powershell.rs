//! What PowerShell's `Export-Csv` made of Active Directory: users, groups, members of one group, members of many.
//!
//! Columns are found by name, in any order and any case, by the names of PowerShell and of LDAP alike.

use chrono::NaiveDate;

use super::account;
use super::dn::{Dn, split_list};
use super::encoding::Text;
use super::error::Damage;
use super::reading::Reading;
use super::records::{Affects, Entry, EntryKind, Hole, Membership, Reference, Roll, Tells};
use super::table::{self, Row, Table};

const DN: &[&str] = &["distinguishedname", "dn"];
const SAM: &[&str] = &["samaccountname", "samid", "logonname"];
const UPN: &[&str] = &["userprincipalname", "upn"];
const MAIL: &[&str] = &["mail", "emailaddress", "email", "primarysmtpaddress"];
const ENABLED: &[&str] = &["enabled", "accountenabled"];
const CONTROL: &[&str] = &["useraccountcontrol"];
const EXPIRES: &[&str] = &["accountexpires"];
const EXPIRATION_DATE: &[&str] = &["accountexpirationdate"];
const GUID: &[&str] = &["objectguid", "guid"];
const SID: &[&str] = &["sid", "objectsid"];
const CLASS: &[&str] = &["objectclass"];
const NAME: &[&str] = &["name", "cn"];
const DISPLAY_NAME: &[&str] = &["displayname"];
const GROUP: &[&str] = &["group", "groupname"];
const GROUP_SCOPE: &[&str] = &["groupscope", "groupcategory"];
const MEMBER_OF: &[&str] = &["memberof"];

/// Reads an export. `name` may say whose members it lists.
pub(super) fn read(file: u32, name: &str, text: &Text) -> Result<Reading, Damage> {
    let table = table::read(&text.text)?;
    if table.rows.is_empty() {
        return Err(Damage::Nobody { what: "it has a header and no rows" });
    }
    let holds_lost =
        |row: &Row| [DN, UPN, SAM, NAME].iter().any(|column| cell(&table, row, column).is_some_and(is_lost));
    let lossy = !text.is_unicode() && table.rows.iter().any(holds_lost);
    let mut reading = if table.has(GROUP) {
        members_of_many(file, &table, lossy)?
    } else if table.has(GROUP_SCOPE) {
        groups(file, &table, lossy)?
    } else if is_member_list(&table) {
        members_of_one(file, name, &table, lossy)?
    } else {
        users(file, &table, lossy)?
    };
    reading.ages = true;
    reading.notes.extend(table.notes);
    if lossy {
        let note = "characters were lost in the export and stand as `?`; names with one are not used to recognise anybody \
                    (export again with `-Encoding UTF8`)";
        reading.notes.push(note.to_owned());
    }
    Ok(reading)
}

/// Whether a name has lost characters, if its encoding can lose any.
fn is_lost(name: &str) -> bool {
    name.contains('?')
}

fn cell<'a>(table: &Table, row: &'a Row, column: &[&str]) -> Option<&'a str> {
    row.cell(table.column(column))
}

/// Whether these are the columns of `Get-ADGroupMember`, which knows nothing of its members but who they are.
fn is_member_list(table: &Table) -> bool {
    let of_principals = table.type_name.as_deref().is_some_and(|name| name.ends_with(".ADPrincipal"));
    let bare =
        table.has(CLASS) && !table.has(ENABLED) && !table.has(UPN) && !table.has(CONTROL) && !table.has(MEMBER_OF);
    of_principals || bare
}

fn users(file: u32, table: &Table, lossy: bool) -> Result<Reading, Damage> {
    if ![GUID, SID, SAM, UPN, MAIL].into_iter().any(|column| table.has(column)) {
        let remedy = "export them with `Get-ADUser`, whose default columns have all of these";
        let column = "`ObjectGUID`, `SamAccountName` or `UserPrincipalName`".to_owned();
        return Err(Damage::MissingColumn { column, remedy });
    }
    let mut reading = Reading::new(file, "PowerShell CSV (`Get-ADUser`)");
    reading.tells.insert(Tells::People);
    if !table.has(ENABLED) && !table.has(CONTROL) {
        reading.notes.push("it has no column `Enabled`, so it does not say who has left".to_owned());
    }
    let groups = MemberOf::of(table, &mut reading);
    for row in &table.rows {
        let entry = entry(&reading, table, row, lossy)?;
        reading.rows_read += 1;
        if entry.kind == EntryKind::Person {
            reading.rows_used += 1;
            groups.read(table, row, &mut reading);
        }
        reading.entries.push(entry);
    }
    groups.tell(&mut reading);
    refuse_dates(table, &mut reading);
    Ok(reading)
}

/// Notes accounts that may have expired: `AccountExpirationDate` is written in the exporting user's own way of writing
/// dates, and `03/04/2026` is two days. A date that is not understood is no statement that somebody is still there.
fn refuse_dates(table: &Table, reading: &mut Reading) {
    if table.has(EXPIRES) {
        return;
    }
    let dated: Vec<&Row> = table.rows.iter().filter(|row| cell(table, row, EXPIRATION_DATE).is_some()).collect();
    let Some(first) = dated.first() else { return };
    reading.holes.push(Hole {
        at: reading.at(first.line),
        affects: Affects::Employment,
        unseen: format!("whether the accounts of {} people have expired (`AccountExpirationDate`)", dated.len()),
        detail: "the order of day and month depends on who exported; export `accountExpires` too".to_owned(),
    });
}

fn groups(file: u32, table: &Table, lossy: bool) -> Result<Reading, Damage> {
    let mut reading = Reading::new(file, "PowerShell CSV (`Get-ADGroup`)");
    reading.tells.insert(Tells::Groups);
    for row in &table.rows {
        let mut entry = entry(&reading, table, row, lossy)?;
        entry.kind = EntryKind::Group;
        reading.rows_read += 1;
        reading.rows_used += 1;
        reading.entries.push(entry);
    }
    Ok(reading)
}

fn members_of_one(file: u32, name: &str, table: &Table, lossy: bool) -> Result<Reading, Damage> {
    let group = group_of_file(name).ok_or(Damage::NamelessGroup)?;
    let mut reading = Reading::new(file, "PowerShell CSV (`Get-ADGroupMember`)");
    reading.notes.push(format!("the file's name says that it lists the members of `{group}`"));
    let roll = Roll { at: reading.at(table.header_line), group: Reference::Name(group.clone()), cut: None };
    reading.rolls.push(roll);
    for row in &table.rows {
        member(&mut reading, table, row, Reference::Name(group.clone()), lossy)?;
    }
    reading.tells.extend([Tells::Groups, Tells::Members]);
    Ok(reading)
}

fn members_of_many(file: u32, table: &Table, lossy: bool) -> Result<Reading, Damage> {
    let mut reading = Reading::new(file, "PowerShell CSV (list of memberships)");
    let mut listed = std::collections::BTreeSet::new();
    for row in &table.rows {
        let Some(group) = cell(table, row, GROUP).map(str::trim) else {
            let (line, column) = (row.line, "Group".to_owned());
            return Err(Damage::Value { line, column, value: String::new(), expected: "the name of a group" });
        };
        let group_name = group_reference(group);
        if listed.insert(group.to_lowercase()) {
            reading.rolls.push(Roll { at: reading.at(row.line), group: group_name.clone(), cut: None });
        }
        // A row that names the group and nothing else says that nobody is in it.
        if row.filled() == 1 && table.has_any(&[GUID, SID, SAM, UPN, DN]) {
            reading.rows_read += 1;
            reading.rows_used += 1;
            continue;
        }
        member(&mut reading, table, row, group_name, lossy)?;
    }
    reading.tells.extend([Tells::Groups, Tells::Members]);
    Ok(reading)
}

fn member(reading: &mut Reading, table: &Table, row: &Row, group: Reference, lossy: bool) -> Result<(), Damage> {
    let member = entry(reading, table, row, lossy)?;
    reading.rows_read += 1;
    reading.rows_used += u32::from(member.kind != EntryKind::Other);
    reading.memberships.push(Membership { at: member.at, group, member: Reference::Row(row.line) });
    reading.entries.push(member);
    Ok(())
}

/// What a row says of one object.
fn entry(reading: &Reading, table: &Table, row: &Row, lossy: bool) -> Result<Entry, Damage> {
    let text = |column| cell(table, row, column).map(str::to_owned);
    // Two people whose names lost the same characters would be one.
    let key = |column| cell(table, row, column).map(|key| key.trim().to_owned()).filter(|key| !(lossy && is_lost(key)));
    let control = number(table, row, CONTROL)?;
    let mut entry = Entry::new(reading.at(row.line), EntryKind::Person);
    entry.dn = key(DN);
    entry.domain = cell(table, row, DN).and_then(Dn::parse).and_then(|dn| dn.domain());
    entry.guid = match cell(table, row, GUID).map(str::trim) {
        Some(guid) => Some(guid.parse().map_err(|_| value(row, "ObjectGUID", guid, "a GUID"))?),
        None => None,
    };
    entry.sid = text(SID);
    entry.sam = key(SAM);
    entry.user_name = key(UPN);
    entry.mails = cell(table, row, MAIL).map(|mail| mail.trim().to_owned()).into_iter().collect();
    entry.display_name = text(DISPLAY_NAME);
    entry.common_name = text(NAME);
    entry.enabled = enabled(table, row, control)?;
    entry.expires = number(table, row, EXPIRES)?.and_then(account::expires);
    entry.kind = kind(cell(table, row, CLASS), entry.sam.as_deref(), control);
    let nameless = entry.guid.is_none() && entry.sid.is_none() && entry.sam.is_none() && entry.user_name.is_none();
    if nameless && entry.mails.is_empty() && entry.dn.is_none() {
        return Err(value(row, "SamAccountName", "", "a name; the row names nobody"));
    }
    Ok(entry)
}

/// What an object is, by its class; where that is not said, by what only computers have.
fn kind(class: Option<&str>, sam: Option<&str>, control: Option<i64>) -> EntryKind {
    let computer = sam.is_some_and(|sam| sam.ends_with('$')) || control.is_some_and(account::is_computer);
    match class.map(str::to_lowercase).as_deref() {
        Some("group") => EntryKind::Group,
        Some("user" | "inetorgperson") | None if !computer => EntryKind::Person,
        Some(_) | None => EntryKind::Other,
    }
}

fn enabled(table: &Table, row: &Row, control: Option<i64>) -> Result<Option<bool>, Damage> {
    let by_word = match cell(table, row, ENABLED) {
        Some(word) => Some(account::truth(word).ok_or_else(|| value(row, "Enabled", word, "`True` or `False`"))?),
        None => None,
    };
    let by_control = control.map(account::is_enabled);
    match (by_word, by_control, control) {
        (Some(enabled), Some(other), Some(control)) if enabled != other => {
            Err(Damage::Contradiction { line: row.line, enabled, control })
        }
        (by_word, by_control, _) => Ok(by_word.or(by_control)),
    }
}

fn number(table: &Table, row: &Row, column: &[&str]) -> Result<Option<i64>, Damage> {
    let Some(text) = cell(table, row, column).map(str::trim) else { return Ok(None) };
    let expected = "a whole number; a spreadsheet probably rounded it";
    text.parse().map(Some).map_err(|_| value(row, column[0], text, expected))
}

fn value(row: &Row, column: &str, value: &str, expected: &'static str) -> Damage {
    Damage::Value { line: row.line, column: column.to_owned(), value: value.to_owned(), expected }
}

/// The groups of each user, where the export has them.
struct MemberOf {
    column: Option<usize>,
}

impl MemberOf {
    /// Looks at the column. PowerShell writes the name of a type in place of a list of values, whatever the list holds:
    /// that is no statement about groups.
    fn of(table: &Table, reading: &mut Reading) -> Self {
        let column = table.column(MEMBER_OF);
        let placeholder = |cell: &str| {
            cell.starts_with("Microsoft.ActiveDirectory.Management.AD")
                || cell.starts_with("System.String[]")
                || cell.starts_with("System.Object[]")
                || cell.starts_with("System.Collections.")
        };
        let replaced = table.rows.iter().find(|row| row.cell(column).is_some_and(placeholder));
        let Some(row) = replaced else { return MemberOf { column } };
        let detail = "PowerShell wrote the name of a type in place of the groups; join them in the export, as \
                      `expected/README.md` shows";
        reading.holes.push(Hole {
            at: reading.at(row.line),
            affects: Affects::Groups,
            unseen: "the groups of each user (`MemberOf`)".to_owned(),
            detail: detail.to_owned(),
        });
        MemberOf { column: None }
    }

    fn read(&self, table: &Table, row: &Row, reading: &mut Reading) {
        let Some(cell) = row.cell(self.column) else { return };
        for group in split_groups(cell) {
            let at = reading.at(row.line);
            // A name that ends in a backslash was cut at an escaped comma by a pattern for common names.
            if group.ends_with('\\') {
                reading.holes.push(Hole {
                    at,
                    affects: Affects::GroupNames,
                    unseen: format!("a group in `{}`", table.header[self.column.unwrap_or_default()]),
                    detail: format!("the name `{group}` was cut at a comma; export distinguished names instead"),
                });
                continue;
            }
            let group = group_reference(group);
            reading.memberships.push(Membership { at, group, member: Reference::Row(row.line) });
        }
    }

    fn tell(&self, reading: &mut Reading) {
        if self.column.is_some() {
            reading.tells.extend([Tells::Groups, Tells::MemberOf]);
        }
    }
}

/// A group, as a cell names it.
fn group_reference(group: &str) -> Reference {
    match Dn::parse(group) {
        Some(_) => Reference::Dn(group.to_owned()),
        None => Reference::Name(group.to_owned()),
    }
}

/// The groups in a cell: distinguished names by their own rules, plain names by `;` or `|`.
fn split_groups(cell: &str) -> Vec<&str> {
    let parts = split_list(cell);
    if parts.iter().all(|part| Dn::parse(part).is_some()) {
        return parts;
    }
    cell.split([';', '|', '\n']).map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// The group whose members a file lists, by its name: `AWS-Admins.csv`, `get-adgroupmember_AWS-Admins-2026-11-19.csv`.
/// Only a date at the end is taken off: names of groups often end in an account's id.
fn group_of_file(name: &str) -> Option<String> {
    let name = name.rsplit('/').next()?;
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let marker = "adgroupmember_";
    let name = name.to_ascii_lowercase().find(marker).map_or(name, |start| &name[start + marker.len()..]);
    let name = without_date(name).trim();
    (!name.is_empty()).then(|| name.to_owned())
}

fn without_date(name: &str) -> &str {
    let dated = [("%Y-%m-%d", 10), ("%Y%m%d", 8)].into_iter().find_map(|(format, length)| {
        let (before, date) = name.split_at_checked(name.len().checked_sub(length)?)?;
        NaiveDate::parse_from_str(date, format).ok()?;
        before.strip_suffix(['-', '_', '.', ' '])
    });
    dated.unwrap_or(name)
}
