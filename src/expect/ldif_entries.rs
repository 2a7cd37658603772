//! What LDIF entries of Active Directory say: people, groups and members. Attribute by attribute, in any order.

use std::collections::BTreeMap;

use super::account;
use super::dn::{Dn, DnKey};
use super::error::Damage;
use super::ldif::{self, Attribute, LdifEntry, Search, Value};
use super::reading::Reading;
use super::records::{Affects, At, End, Entry, EntryKind, Hole, Membership, Reference, Roll, Tells};
use crate::model::Guid;

pub(super) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let ldif = ldif::read(text)?;
    if ldif.entries.is_empty() && ldif.search.failed.is_none() {
        return Err(Damage::Nobody { what: "it has no entries" });
    }
    let mut reading = Reading::new(file, "LDIF (`ldapsearch`)");
    reading.ages = true;
    reading.end = end(&ldif.search, ldif.entries.len());
    let mut groups: BTreeMap<DnKey, Slices> = BTreeMap::new();
    for entry in &ldif.entries {
        reading.rows_read += 1;
        if entry.text("isdeleted").is_some_and(|deleted| deleted.eq_ignore_ascii_case("true")) {
            continue;
        }
        let dn = Dn::parse(&entry.dn).ok_or_else(|| Damage::Ldif {
            line: entry.line,
            what: format!("`{}` is no distinguished name", entry.dn),
        })?;
        // A search by ranges gives a group once for each of them.
        let first = !groups.contains_key(&dn.key());
        let changed = entry.text("whenchanged").and_then(account::generalized_time);
        reading.newest_change = reading.newest_change.max(changed);
        let mut known = object(&reading, entry, &dn, !first)?;
        known.changed = changed;
        reading.rows_used += u32::from(known.kind != EntryKind::Other);
        match known.kind {
            EntryKind::Person => member_of(&mut reading, entry),
            EntryKind::Group => {
                groups.entry(dn.key()).or_insert_with(|| Slices::of(known.at)).take(&mut reading, entry)?
            }
            EntryKind::Other => {}
        }
        if first {
            reading.entries.push(known);
        }
    }
    close(&mut reading, groups);
    Ok(reading)
}

/// Whether the file is there to its end.
fn end(search: &Search, entries: usize) -> End {
    if let Some(result) = &search.failed {
        return End::Cut(format!("the search ended with `{result}`"));
    }
    match (&search.cookie, search.entries) {
        (Some(cookie), _) if !cookie.is_empty() => End::Cut("the last page announces another one".to_owned()),
        (_, Some(said)) if said != entries => {
            End::Cut(format!("the search found {said} entries, and {entries} are here"))
        }
        (_, Some(_)) => End::Vouched("its own count of entries".to_owned()),
        (Some(_), None) => End::Vouched("the end of its last page".to_owned()),
        (None, None) if search.commented => End::Cut("the count of entries at its end is missing".to_owned()),
        (None, None) => End::Unvouched,
    }
}

/// What an entry says of its object. A further slice of a known group need not say again what it is.
fn object(reading: &Reading, entry: &LdifEntry, dn: &Dn, of_known_group: bool) -> Result<Entry, Damage> {
    let control = number(entry, "useraccountcontrol")?;
    let kind = if of_known_group { EntryKind::Group } else { kind(entry, dn, control)? };
    let mut object = Entry::new(reading.at(entry.line), kind);
    object.dn = Some(entry.dn.clone());
    object.domain = dn.domain();
    object.guid = guid(entry)?;
    object.sid = entry.all("objectsid").find_map(|attribute| match &attribute.value {
        Value::Bytes(bytes) => account::sid(bytes),
        Value::Text(text) => Some(text.clone()),
        Value::Elsewhere => None,
    });
    object.sam = entry.text("samaccountname").map(str::to_owned);
    object.user_name = entry.text("userprincipalname").map(str::to_owned);
    object.mails = entry.all("mail").filter_map(|mail| mail.value.text()).map(str::to_owned).collect();
    object.display_name = entry.text("displayname").map(str::to_owned);
    object.common_name = Some(dn.leaf().to_owned()).filter(|name| !name.is_empty());
    object.enabled = control.map(account::is_enabled);
    object.expires = number(entry, "accountexpires")?.and_then(account::expires);
    Ok(object)
}

/// What an object is: by its classes, else by attributes that only one kind has.
fn kind(entry: &LdifEntry, dn: &Dn, control: Option<i64>) -> Result<EntryKind, Damage> {
    let has_class = |class: &str| {
        entry.all("objectclass").any(|value| value.value.text().is_some_and(|text| text.eq_ignore_ascii_case(class)))
    };
    let has = |name: &str| entry.all(name).next().is_some();
    let computer =
        entry.text("samaccountname").is_some_and(|sam| sam.ends_with('$')) || control.is_some_and(account::is_computer);
    Ok(if has_class("group") || has("grouptype") || has("member") {
        EntryKind::Group
    } else if has_class("computer") || has_class("contact") || has_class("foreignSecurityPrincipal") || computer {
        EntryKind::Other
    } else if has_class("user") || has_class("inetOrgPerson") || control.is_some() || has("userprincipalname") {
        EntryKind::Person
    } else if has("objectclass") || dn.is_foreign() {
        EntryKind::Other
    } else {
        return Err(Damage::Kindless { line: entry.line, name: entry.dn.clone() });
    })
}

fn guid(entry: &LdifEntry) -> Result<Option<Guid>, Damage> {
    let Some(attribute) = entry.all("objectguid").next() else { return Ok(None) };
    let read = match &attribute.value {
        Value::Bytes(bytes) => <[u8; 16]>::try_from(bytes.as_slice()).ok().map(Guid::from_object_guid),
        Value::Text(text) => text.parse().ok(),
        Value::Elsewhere => return Ok(None),
    };
    read.map(Some).ok_or_else(|| value(attribute, "objectGUID", "a GUID"))
}

fn number(entry: &LdifEntry, name: &str) -> Result<Option<i64>, Damage> {
    let Some(attribute) = entry.all(name).next() else { return Ok(None) };
    match attribute.value.text().filter(|text| !text.is_empty()) {
        Some(text) => text.parse().map(Some).map_err(|_| value(attribute, name, "a whole number")),
        None => Ok(None),
    }
}

fn value(attribute: &Attribute, column: &str, expected: &'static str) -> Damage {
    let value = match &attribute.value {
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Value::Elsewhere => "a value in another file".to_owned(),
    };
    Damage::Value { line: attribute.line, column: column.to_owned(), value, expected }
}

fn member_of(reading: &mut Reading, entry: &LdifEntry) {
    let groups: Vec<Membership> = entry
        .all("memberof")
        .filter_map(|attribute| {
            let group = Reference::Dn(attribute.value.text()?.to_owned());
            Some(Membership { at: reading.at(attribute.line), group, member: Reference::Row(entry.line) })
        })
        .collect();
    if !groups.is_empty() {
        reading.tells.extend([Tells::Groups, Tells::MemberOf]);
    }
    reading.memberships.extend(groups);
    let cut = |option: &String| option.starts_with("range=") && !option.ends_with("-*");
    if let Some(attribute) = entry.all("memberof").find(|attribute| attribute.options.iter().any(cut)) {
        reading.holes.push(Hole {
            at: reading.at(attribute.line),
            affects: Affects::GroupNames,
            unseen: format!("the groups of `{}`", entry.dn),
            detail: "Active Directory gave only the first of them; export groups with their members".to_owned(),
        });
    }
}

/// What was seen of a group's members: all at once, or by ranges (MS-ADTS 3.1.1.3.1.3.3).
struct Slices {
    at: At,
    ranges: Vec<(usize, Option<usize>)>,
    elsewhere: bool,
}

impl Slices {
    fn of(at: At) -> Self {
        Slices { at, ranges: Vec::new(), elsewhere: false }
    }

    fn take(&mut self, reading: &mut Reading, entry: &LdifEntry) -> Result<(), Damage> {
        for attribute in entry.all("member") {
            if let Some(range) = attribute.options.iter().find_map(|option| option.strip_prefix("range=")) {
                let range = parse_range(range).ok_or_else(|| value(attribute, "member", "a range of members"))?;
                if self.ranges.last() != Some(&range) {
                    self.ranges.push(range);
                }
            }
            let Some(member) = attribute.value.text() else {
                self.elsewhere = true;
                continue;
            };
            if !member.is_empty() {
                reading.tells.insert(Tells::Members);
                let (at, group) = (reading.at(attribute.line), Reference::Row(self.at.line));
                reading.memberships.push(Membership { at, group, member: Reference::Dn(member.to_owned()) });
            }
        }
        Ok(())
    }

    /// Which part of the members is there, where it is not all of them.
    fn cut(mut self) -> Option<String> {
        if self.elsewhere {
            return Some("a member's name was written to another file".to_owned());
        }
        self.ranges.sort();
        let mut next = 0;
        for (first, last) in self.ranges {
            match last {
                _ if first != next => {
                    return Some(format!("members {next} to {} are missing", first.saturating_sub(1)));
                }
                None => return None,
                Some(last) => next = last + 1,
            }
        }
        (next > 0).then(|| format!("only the first {next} members are there"))
    }
}

fn parse_range(range: &str) -> Option<(usize, Option<usize>)> {
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, if last == "*" { None } else { Some(last.parse().ok()?) }))
}

/// Says what the file tells of. Where any group has members, one without is empty; where none has, they were not asked
/// for.
fn close(reading: &mut Reading, groups: BTreeMap<DnKey, Slices>) {
    if reading.entries.iter().any(|entry| entry.kind == EntryKind::Person) {
        reading.tells.insert(Tells::People);
    }
    if !groups.is_empty() {
        reading.tells.insert(Tells::Groups);
    }
    if reading.tells.contains(&Tells::Members) {
        for slices in groups.into_values() {
            let (at, group) = (slices.at, Reference::Row(slices.at.line));
            reading.rolls.push(Roll { at, group, cut: slices.cut() });
        }
    }
}
