//! What `csvde` writes: one value bare, several joined by `;`, and bytes, or text that the code page lacks, as `X'…'`.

use std::borrow::Cow;

use crate::expect::active_directory::account;
use crate::expect::active_directory::columns;
use crate::expect::active_directory::distinguished_name::Dn;
use crate::expect::active_directory::global_catalog::{self, Scoped};
use crate::expect::active_directory::names_ending_in_dollar::DollarNames;
use crate::expect::active_directory::ranged_columns::RangedColumns;
use crate::expect::csv::cell;
use crate::expect::csv::cell::value;
use crate::expect::csv::header::column_key;
use crate::expect::csv::table::{self, Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{
    Affects, At, Entry, EntryKind, Hole, Membership, Reference, Roll, Tells, Unclear,
};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::mail_cells;
use crate::model::{Guid, ListFormat, Unseen, What};

const EXPORT: &str = "export with `csvde -u -f directory.csv -r \"(|(&(objectCategory=person)(objectClass=user))(objectClass=group))\" \
     -l objectClass,objectGUID,objectSid,sAMAccountName,userPrincipalName,displayName,mail,userAccountControl,\
     accountExpires,member,whenChanged`";

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text)?;
    if table.is_empty() {
        return Err(Damage::Nobody { what: "it has a header but no rows" });
    }
    let missing = |column: &str| Damage::MissingColumn { column: column.to_owned(), remedy: EXPORT };
    if ![["objectguid"], ["objectsid"], ["samaccountname"]].iter().any(|key| table.has(key)) {
        return Err(missing("`objectGUID`, `objectSid` or `sAMAccountName`"));
    }
    if !table.has(&["objectclass"]) {
        return Err(missing("`objectClass`"));
    }
    let mut reading = Reading::new(file, ListFormat::Csvde);
    reading.ages = true;
    reading.notes.extend(table.notes.iter().cloned());
    if !table.has(&["objectguid"]) && !table.has(&["objectsid"]) {
        let note = "it has neither `objectGUID` nor `objectSid` (the option `-m` leaves them out), so renamed \
                    accounts are not recognized";
        reading.notes.push(note.to_owned());
    }
    let (members, groups) = (RangedColumns::of(&table, &["member"])?, RangedColumns::of(&table, &["memberof"])?);
    let mut scopes = Vec::new();
    let mut dollars = DollarNames::default();
    for row in table.rows() {
        let cells = Cells { table: &table, row };
        if cells.text("isDeleted")?.is_some_and(|deleted| deleted.eq_ignore_ascii_case("true")) {
            reading.count(EntryKind::Other);
            continue;
        }
        let entry = cells.entry(reading.at(row.line))?;
        reading.newest_change = reading.newest_change.max(entry.changed);
        reading.count(entry.kind);
        if entry.kind == EntryKind::Group && !members.is_empty() {
            let has_members = list_members(&mut reading, &row, &members)?;
            scopes.push(Scoped { universal: cells.number("groupType")?.map(account::is_universal), has_members });
        }
        if entry.kind != EntryKind::Other {
            list_groups(&mut reading, &row, &groups)?;
        }
        dollars.look(&entry, entry.enabled.is_some() || cells.cell("sAMAccountType").is_some());
        tell(&mut reading, &entry, !members.is_empty(), !groups.is_empty());
        reading.entries.push(entry);
    }
    global_catalog::mark_hidden(&mut reading.rolls, &scopes);
    reading.notes.extend(dollars.note());
    if reading.tells.contains(&Tells::People) && !table.has(&["useraccountcontrol"]) {
        reading.notes.push("it has no column `userAccountControl`, so it does not say who has left".to_owned());
    }
    Ok(reading)
}

fn tell(reading: &mut Reading, entry: &Entry, has_members: bool, has_groups: bool) {
    match entry.kind {
        EntryKind::Person => {
            reading.tells.insert(Tells::People);
            if has_groups {
                reading.tells.extend([Tells::Groups, Tells::MemberOf]);
            }
        }
        EntryKind::Group => {
            reading.tells.insert(Tells::Groups);
            if has_members {
                reading.tells.insert(Tells::Members);
            }
            if has_groups {
                reading.tells.insert(Tells::NestedIn);
            }
        }
        EntryKind::Other => {}
    }
}

/// Takes the members of the group in this row; whether there is any.
fn list_members(reading: &mut Reading, row: &Row<'_>, columns: &RangedColumns) -> Result<bool, Damage> {
    let (at, group) = (reading.at(row.line), Reference::Row(row.line));
    let members = values(row, "member", columns)?;
    let any = !members.is_empty();
    let membership = |member: String| Membership { at, group: group.clone(), member: Reference::Dn(member.into()) };
    reading.memberships.extend(members.into_iter().map(membership));
    reading.rolls.push(Roll { at, group, cut: columns.cut(row) });
    Ok(any)
}

fn list_groups(reading: &mut Reading, row: &Row<'_>, groups: &RangedColumns) -> Result<(), Damage> {
    let at = reading.at(row.line);
    for group in values(row, "memberof", groups)? {
        reading.memberships.push(Membership {
            at,
            group: Reference::Dn(group.into()),
            member: Reference::Row(row.line),
        });
    }
    if let Some(cut) = groups.cut(row) {
        reading.holes.push(Hole {
            at,
            affects: Affects::GroupNames,
            unseen: Unseen::from(What::GroupsOfLine).number(row.line as usize),
            detail: format!("{cut}; export groups with their members"),
        });
    }
    Ok(())
}

/// The cells of a row, by the names of their attributes.
struct Cells<'a> {
    table: &'a Table<'a>,
    row: Row<'a>,
}

impl<'a> Cells<'a> {
    fn cell(&self, attribute: &str) -> Option<&'a str> {
        self.row.cell(self.table.column(&[&column_key(attribute)]))
    }

    fn text(&self, attribute: &str) -> Result<Option<Cow<'a, str>>, Damage> {
        self.cell(attribute).map(|cell| text(&self.row, attribute, cell)).transpose()
    }

    fn owned(&self, attribute: &str) -> Result<Option<String>, Damage> {
        Ok(self.text(attribute)?.map(Cow::into_owned))
    }

    fn number(&self, attribute: &str) -> Result<Option<i64>, Damage> {
        self.cell(attribute).map(|text| cell::number(&self.row, attribute, text)).transpose()
    }

    /// What the row says of its object.
    fn entry(&self, at: At) -> Result<Entry, Damage> {
        let mut entry = Entry::new(at, EntryKind::Other);
        let control = self.number("userAccountControl")?;
        entry.dn = self.owned("DN")?;
        let dn = entry.dn.as_deref().and_then(Dn::parse);
        let dn = dn.ok_or_else(|| value(&self.row, "DN", entry.dn.as_deref().unwrap_or(""), "a distinguished name"))?;
        entry.domain = dn.domain();
        entry.guid = self.guid()?;
        entry.sid = self.sid()?;
        entry.sam = self.owned("sAMAccountName")?;
        entry.user_name = self.owned("userPrincipalName")?;
        entry.mails = self.owned("mail")?.as_deref().map(mail_cells::of_account).unwrap_or_default();
        entry.display_name = self.owned("displayName")?;
        entry.common_name = Some(dn.leaf().to_owned()).filter(|name| !name.is_empty());
        entry.employee_ids = [self.owned("employeeID")?, self.owned("employeeNumber")?].into_iter().flatten().collect();
        entry.enabled = control.map(account::is_enabled);
        entry.take_expiry(self.number("accountExpires")?);
        entry.changed = self.text("whenChanged")?.as_deref().and_then(account::generalized_time);
        // Only the last of an object's classes is there: a computer is no `user`.
        let class = self.text("objectClass")?;
        let stored = self.number("sAMAccountType")?.map(account::stored_as);
        let is_machine = account::is_machine(control, stored, self.number("primaryGroupID")?);
        let kind = columns::kind(&self.row, class.as_deref(), &entry, is_machine)?;
        let name = || entry.dn.clone().unwrap_or_default();
        entry.kind = kind.ok_or_else(|| Damage::Kindless { line: self.row.line, name: name() })?;
        let is_open = control.is_none() && self.table.has(&["useraccountcontrol"]) && entry.kind == EntryKind::Person;
        entry.unclear = is_open.then(|| Unclear::Empty("userAccountControl".to_owned()));
        Ok(entry)
    }

    fn guid(&self) -> Result<Option<Guid>, Damage> {
        let Some(cell) = self.cell("objectGUID") else { return Ok(None) };
        let bytes = octets(cell).and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        let guid = bytes.map(Guid::from_object_guid).or_else(|| cell.trim().parse().ok());
        guid.map(Some).ok_or_else(|| value(&self.row, "objectGUID", cell, "a GUID"))
    }

    fn sid(&self) -> Result<Option<String>, Damage> {
        let Some(cell) = self.cell("objectSid") else { return Ok(None) };
        let sid = match octets(cell) {
            Some(bytes) => account::sid(&bytes),
            None => Some(cell.trim().to_owned()).filter(|sid| sid.starts_with("S-1-")),
        };
        sid.map(Some).ok_or_else(|| value(&self.row, "objectSid", cell, "a SID"))
    }
}

/// The distinguished names in these columns.
fn values(row: &Row<'_>, attribute: &str, columns: &RangedColumns) -> Result<Vec<String>, Damage> {
    let parts = columns.cells(row).flat_map(split);
    parts.map(|part| Ok(text(row, attribute, &part)?.into_owned())).collect()
}

/// The values of a cell. In a list, a semicolon of a value is `\;` and a backslash is `\\`.
fn split(cell: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut chars = cell.chars().peekable();
    while let Some(char) = chars.next() {
        let last = values.last_mut().expect("there is always one");
        match char {
            ';' => values.push(String::new()),
            '\\' => last.push(chars.next_if(|&next| matches!(next, '\\' | ';')).unwrap_or('\\')),
            other => last.push(other),
        }
    }
    values.retain(|value| !value.trim().is_empty());
    values
}

/// The bytes of `X'…'`.
fn octets(cell: &str) -> Option<Vec<u8>> {
    hex::decode(cell.trim().strip_prefix("X'")?.strip_suffix('\'')?).ok()
}

/// The text of a value: as it stands, or where the code page lacks a character, the bytes of its UTF-8.
fn text<'a>(row: &Row<'_>, attribute: &str, cell: &'a str) -> Result<Cow<'a, str>, Damage> {
    match octets(cell) {
        Some(bytes) => {
            let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
            text.map(Cow::Owned).ok_or_else(|| value(row, attribute, cell, "text in UTF-8"))
        }
        None => Ok(Cow::Borrowed(cell)),
    }
}
