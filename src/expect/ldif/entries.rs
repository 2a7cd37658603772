//! What LDIF entries of Active Directory say: people, groups and members. Attribute by attribute, in any order.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{Names, Says};
use super::notes::Seen;
use super::object_kind::{kind, kind_by_filter};
use super::parse::{Attribute, Ldif, LdifEntry, Value};
use super::ranges::Group;
use crate::expect::active_directory::account;
use crate::expect::active_directory::distinguished_name::{self, Dn, DnKey};
use crate::expect::active_directory::global_catalog::{self, Scoped};
use crate::expect::active_directory::object_class;
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{
    Affects, End, Entry, EntryKind, Hole, Reference, Roll, Tells, Unclear,
};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::mail_cells;
use crate::model::{Guid, ListFormat, What, quoted_excerpt};

/// The attributes that are read. All others are skipped, and nothing of them is kept.
const WANTED: [&str; 19] = [
    "accountExpires",
    "displayName",
    "employeeID",
    "employeeNumber",
    "groupType",
    "isDeleted",
    "lockoutTime",
    "mail",
    "member",
    "memberOf",
    "objectClass",
    "objectGUID",
    "objectSid",
    "primaryGroupID",
    "sAMAccountName",
    "sAMAccountType",
    "userAccountControl",
    "userPrincipalName",
    "whenChanged",
];

/// The attribute that says whether an account is enabled.
const CONTROL: &str = "userAccountControl";

/// Reads what an entry says of a group: its scope, its members, and the groups that it is in.
fn read_group<'a>(
    group: &mut Group,
    reading: &mut Reading,
    names: &mut Names<'a>,
    entry: &mut LdifEntry<'a>,
) -> Result<(), Damage> {
    group.universal = group.universal.or(number(entry, "groupType")?.map(account::is_universal));
    group.take(reading, names, entry)?;
    if member_of(reading, names, entry, group.at.line) {
        reading.tells.insert(Tells::NestedIn);
    }
    Ok(())
}

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let mut ldif = Ldif::new(text, &WANTED);
    let mut reading = Reading::new(file, ListFormat::Ldif);
    reading.ages = true;
    let mut groups: BTreeMap<DnKey, Group> = BTreeMap::new();
    let mut seen = Seen::default();
    let mut names = Names::default();
    while let Some(mut entry) = ldif.next()? {
        let Some(dn) = name(&entry)? else {
            reading.count(EntryKind::Other);
            continue;
        };
        if is_deleted(&entry, &dn) {
            seen.deleted += 1;
            reading.count(EntryKind::Other);
            continue;
        }
        let changed = entry.text("whenChanged").and_then(account::generalized_time);
        reading.newest_change = reading.newest_change.max(changed);
        let control = number(&entry, "userAccountControl")?;
        let found = kind(&entry, &dn, control)
            // A further slice of a known group need not say again what it is.
            .or_else(|| groups.contains_key(&dn.key()).then_some(EntryKind::Group))
            .or_else(|| Some(kind_by_filter(ldif.search.filter.as_deref()?)?.kind()))
            .ok_or_else(|| kindless(&entry))?;
        let mut object = object(&reading, &entry, &dn, found, control)?;
        object.changed = changed;
        seen.look(&entry, &object);
        reading.count(found);
        let mut first = true;
        match found {
            EntryKind::Person => {
                if member_of(&mut reading, &mut names, &mut entry, object.at.line) {
                    reading.tells.extend([Tells::Groups, Tells::MemberOf]);
                }
            }
            EntryKind::Group => {
                let known = groups.len();
                let group = groups.entry(dn.key()).or_insert_with(|| Group::at(object.at));
                read_group(group, &mut reading, &mut names, &mut entry)?;
                first = groups.len() > known;
            }
            EntryKind::Other => {}
        }
        if first {
            reading.entries.push(object);
        }
    }
    if reading.rows_read == 0 && ldif.search.failed.is_none() {
        return Err(Damage::Nobody { what: "it has no entries" });
    }
    seen.refuse_useless(&reading)?;
    reading.format = ldif.search.program(seen.ids_as_text);
    reading.end = ldif.search.end(reading.rows_read, text.ends_with('\n'));
    Unclear::mark(&mut reading.entries, CONTROL);
    reading.memberships = names.memberships(&reading.entries);
    tell(&mut reading, groups);
    reading.notes.extend(seen.notes());
    note_of_its_end(&mut reading, &ldif, text);
    Ok(reading)
}

/// Notes why some of its entries may be missing.
fn note_of_its_end(reading: &mut Reading, ldif: &Ldif<'_>, text: &str) {
    if ldif.search.pages_are_uneven() {
        let note =
            "a page has more entries than the first one, so several searches were joined; pages of them may be missing";
        reading.notes.push(note.to_owned());
    }
    if reading.end == End::Unvouched && ldif.open_at_end && text.ends_with('\n') {
        let note = "its last entry has no empty line after it; the file may have been cut off there";
        reading.notes.push(note.to_owned());
    }
}

/// The name of an entry. The entry above all others, which some programs of Windows write along, has none.
fn name(entry: &LdifEntry<'_>) -> Result<Option<Dn>, Damage> {
    let name = distinguished_name::without_ids(&entry.dn);
    if name.trim().is_empty() {
        return Ok(None);
    }
    let what = || format!("{} is not a distinguished name", quoted_excerpt(name));
    Dn::parse(name).map(Some).ok_or_else(|| Damage::Ldif { line: entry.line, what: what() })
}

/// Whether this is what is left of an object after its deletion.
fn is_deleted(entry: &LdifEntry<'_>, dn: &Dn) -> bool {
    entry.text("isDeleted").is_some_and(|deleted| deleted.eq_ignore_ascii_case("true")) || dn.leaf().contains("\nDEL:")
}

/// What an entry says of its object.
fn object(
    reading: &Reading,
    entry: &LdifEntry<'_>,
    dn: &Dn,
    kind: EntryKind,
    control: Option<i64>,
) -> Result<Entry, Damage> {
    let mut object = Entry::new(reading.at(entry.line), kind);
    object.dn = Some(distinguished_name::without_ids(&entry.dn).to_owned());
    object.domain = dn.domain();
    object.guid = guid(entry)?;
    object.sid = entry.all("objectSid").iter().find_map(|attribute| match &attribute.value {
        Value::Bytes(bytes) => account::sid(bytes),
        Value::Text(text) => Some(text.clone().into_owned()).filter(|text| !text.is_empty()),
        Value::Elsewhere => None,
    });
    object.sam = entry.text("sAMAccountName").map(str::to_owned);
    object.user_name = entry.text("userPrincipalName").map(str::to_owned);
    let mails = entry.all("mail").iter().filter_map(|mail| mail.value.text()).filter(|mail| !mail.is_empty());
    object.mails = mails.flat_map(mail_cells::of_account).collect();
    let numbers = ["employeeID", "employeeNumber"].into_iter().filter_map(|name| entry.text(name));
    object.employee_ids = numbers.filter(|id| !id.trim().is_empty()).map(|id| id.trim().to_owned()).collect();
    object.display_name = entry.text("displayName").map(str::to_owned);
    object.common_name = Some(dn.leaf().to_owned()).filter(|name| !name.is_empty());
    object.enabled = control.map(account::is_enabled);
    let is_elsewhere = control.is_none() && !entry.all(CONTROL).is_empty() && kind == EntryKind::Person;
    object.unclear = is_elsewhere.then(|| Unclear::Empty(CONTROL.to_owned()));
    object.take_expiry(number(entry, "accountExpires")?);
    // The directory has one value of each, so nobody knows where another one comes from.
    if let Some(unclear) = [CONTROL, "accountExpires"].into_iter().find_map(|name| several(entry, name)) {
        (object.enabled, object.expires, object.never_expires) = (None, None, false);
        object.unclear = Some(unclear);
    }
    object.primary_group = number(entry, "primaryGroupID")?.and_then(|id| u32::try_from(id).ok());
    Ok(object)
}

/// Several values of an attribute that has one.
fn several(entry: &LdifEntry<'_>, name: &str) -> Option<Unclear> {
    let values: BTreeSet<&str> = entry.all(name).iter().filter_map(|attribute| attribute.value.text()).collect();
    let word = values.iter().copied().collect::<Vec<_>>().join(" and ");
    (values.len() > 1).then(|| Unclear::Word { column: name.to_owned(), word })
}

fn guid(entry: &LdifEntry<'_>) -> Result<Option<Guid>, Damage> {
    let Some(attribute) = entry.all("objectGUID").iter().find(|attribute| !attribute.value.is_empty()) else {
        return Ok(None);
    };
    let by_bytes = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).ok().map(Guid::from_object_guid);
    let read = match &attribute.value {
        Value::Bytes(bytes) => by_bytes(bytes),
        // Sixteen bytes that all happen to be letters are not encoded.
        Value::Text(text) => text.parse().ok().or_else(|| by_bytes(text.as_bytes())),
        Value::Elsewhere => return Ok(None),
    };
    read.map(Some).ok_or_else(|| value(attribute, "objectGUID", "a GUID"))
}

fn number(entry: &LdifEntry<'_>, name: &'static str) -> Result<Option<i64>, Damage> {
    let Some(attribute) = entry.all(name).first() else { return Ok(None) };
    match attribute.value.text().filter(|text| !text.is_empty()) {
        Some(text) => text.trim().parse().map(Some).map_err(|_| value(attribute, name, "a whole number")),
        None => Ok(None),
    }
}

/// The refusal of a value.
fn kindless(entry: &LdifEntry<'_>) -> Damage {
    match entry.all("objectClass").last() {
        Some(class) => value(class, "objectClass", object_class::EXPECTED),
        None => Damage::Kindless { line: entry.line, name: entry.dn.to_string() },
    }
}

pub(crate) fn value(attribute: &Attribute<'_>, column: &str, expected: &'static str) -> Damage {
    let value = match &attribute.value {
        Value::Text(text) => text.to_string(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Elsewhere => "a value in another file".to_owned(),
    };
    Damage::Value { line: attribute.line, column: column.to_owned(), value, expected }
}

/// Takes the groups that the object in this row is in; whether there is any.
fn member_of<'a>(reading: &mut Reading, names: &mut Names<'a>, entry: &mut LdifEntry<'a>, row: u32) -> bool {
    let (mut any, mut why) = (false, None);
    for attribute in entry.take("memberOf") {
        let at = reading.at(attribute.line);
        if attribute.range().is_some_and(|range| range != "0-*") {
            why.get_or_insert((
                at,
                "Active Directory returned only the first of them; export groups with their \
                                    members",
            ));
        }
        if attribute.value.is_empty() {
            continue;
        }
        if names.take(at, row, Says::MemberOf, attribute) {
            any = true;
        } else {
            why.get_or_insert((at, "their names were written to another file"));
        }
    }
    if let Some((at, detail)) = why {
        let unseen = What::GroupsOfEntry.of(entry.dn.as_ref());
        reading.holes.push(Hole { at, affects: Affects::GroupNames, unseen, detail: detail.to_owned() });
    }
    any
}

/// Says what the file tells of. Where any group has members, one without is empty; where none has, they were not asked
/// for. The same of the groups that people are in: they were asked for of groups too.
fn tell(reading: &mut Reading, groups: BTreeMap<DnKey, Group>) {
    if reading.entries.iter().any(|entry| entry.kind == EntryKind::Person) {
        reading.tells.insert(Tells::People);
    }
    if !groups.is_empty() {
        reading.tells.insert(Tells::Groups);
        if reading.tells.contains(&Tells::MemberOf) {
            reading.tells.insert(Tells::NestedIn);
        }
    }
    if !reading.tells.contains(&Tells::Members) {
        return;
    }
    let mut scopes = Vec::new();
    for group in groups.into_values() {
        let (at, reference) = (group.at, Reference::Row(group.at.line));
        scopes.push(Scoped { universal: group.universal, has_members: group.has_members });
        reading.rolls.push(Roll { at, group: reference, cut: group.cut() });
    }
    global_catalog::mark_hidden(&mut reading.rolls, &scopes);
}
