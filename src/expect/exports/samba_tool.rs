//! What `samba-tool group` writes: the names of all groups, bare or as a table, and the members of one group, one
//! `sAMAccountName` a line. Nothing in a bare list says what it is; the file's name does.

use crate::expect::active_directory::distinguished_name::Dn;
use crate::expect::error::Damage;
use crate::expect::ldif::notes::Names;
use crate::expect::provenance::group_in_file_name::without_date;
use crate::expect::records::directory_records::{Entry, EntryKind, Membership, Reference, Roll, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{ListFormat, quoted};

/// What a list of names lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameList<'a> {
    /// The members of this group.
    MembersOf(&'a str),
    Groups,
}

/// What a list of names lists, by the file's name: `group-listmembers-AWS-Admins.txt`, `group-list.txt`.
pub(crate) fn by_name(name: &str) -> Option<NameList<'_>> {
    let mut stem = name.rsplit('/').next()?;
    while let Some(shorter) =
        [".txt", ".lst", ".list", ".out", ".samba-tool"].into_iter().find_map(|end| strip_end(stem, end))
    {
        stem = shorter;
    }
    let lower = stem.to_ascii_lowercase();
    if let Some(start) = lower.find("listmembers") {
        let group = without_date(stem[start + "listmembers".len()..].trim_start_matches(['-', '_', ' ', '.'])).trim();
        return (!group.is_empty()).then_some(NameList::MembersOf(group));
    }
    ["group-list", "group_list", "grouplist"].iter().any(|marker| lower.contains(marker)).then_some(NameList::Groups)
}

fn strip_end<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(text.len().checked_sub(end.len())?)?;
    tail.eq_ignore_ascii_case(end).then_some(head)
}

/// Whether a text is the table of `samba-tool group list --verbose`.
pub(crate) fn is_table(text: &str) -> bool {
    text.lines().next().is_some_and(|header| header.split_whitespace().eq(COLUMNS))
}

const COLUMNS: [&str; 7] = ["Group", "Name", "Group", "Type", "Group", "Scope", "Members"];

/// Reads a list of names.
pub(crate) fn read(file: u32, list: NameList<'_>, text: &str) -> Result<Reading, Damage> {
    let mut reading = match list {
        NameList::MembersOf(group) => of_members(file, group),
        NameList::Groups => of_groups(file, ListFormat::SambaToolGroups),
    };
    let mut contacts = Contacts::default();
    for (line, name) in names(text) {
        let at = reading.at(line);
        let found =
            written(name).ok_or_else(|| wrong(line, "sAMAccountName", name, "the name of an account or a group"))?;
        match (list, found) {
            (NameList::MembersOf(group), Written::Account | Written::Dn) => {
                let member = match found {
                    Written::Dn => Reference::Dn(name.into()),
                    Written::Account | Written::Contact => Reference::Account(name.into()),
                };
                reading.count(EntryKind::Person);
                reading.memberships.push(Membership { at, group: Reference::Name(group.into()), member });
            }
            (NameList::MembersOf(_), Written::Contact) => {
                reading.count(EntryKind::Other);
                contacts.add(line, name);
            }
            (NameList::Groups, Written::Account) => {
                reading.count(EntryKind::Group);
                reading.entries.push(group(&reading, line, name));
            }
            (NameList::Groups, Written::Dn | Written::Contact) => {
                return Err(wrong(line, "sAMAccountName", name, "the name of an account or a group"));
            }
        }
    }
    if let Some((line, name)) = contacts.first.as_ref().filter(|_| reading.rows_used == 0) {
        return Err(wrong(
            *line,
            "sAMAccountName",
            name,
            "the name of an account or a group, and no other line has one",
        ));
    }
    reading.notes.extend(contacts.note());
    if reading.rows_read == 0 {
        let note = "it is empty, so the group counts as empty; the list of a group that could not be read is empty \
                    too";
        reading.notes.push(note.to_owned());
    }
    Ok(reading)
}

/// How a line names a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    Account,
    /// By its distinguished name (`--full-dn`).
    Dn,
    /// By a common name that no `sAMAccountName` can be: contacts have no other.
    Contact,
}

/// How a line names a member; `None` for what neither does: an error message, or another kind of file under this name.
fn written(line: &str) -> Option<Written> {
    let other = ['"', '[', ']', ':', '|', '=', '*', '?', '<', '>', '\t'];
    if line.contains('=') && Dn::parse(line).is_some() {
        Some(Written::Dn)
    } else if line.contains(other) {
        None
    } else if line.contains(['/', '\\', ';', ',', '+']) {
        Some(Written::Contact)
    } else {
        Some(Written::Account)
    }
}

/// Contacts in a list of members.
#[derive(Default)]
struct Contacts {
    count: usize,
    first: Option<(u32, String)>,
}

impl Contacts {
    fn add(&mut self, line: u32, name: &str) {
        self.count += 1;
        self.first.get_or_insert_with(|| (line, name.to_owned()));
    }

    fn note(&self) -> Option<String> {
        let (line, name) = self.first.as_ref()?;
        let more = match self.count {
            1 => String::new(),
            many => format!(" and {} more", many - 1),
        };
        Some(format!(
            "not an account name, so treated as a contact, which Identity Center does not have: {} in line \
             {line}{more}",
            quoted(name)
        ))
    }
}

fn of_members(file: u32, group: &str) -> Reading {
    let mut reading = Reading::new(file, ListFormat::SambaToolMembers);
    reading.ages = true;
    reading.tells.extend([Tells::Groups, Tells::Members]);
    reading.rolls.push(Roll { at: reading.at(1), group: Reference::Name(group.into()), cut: None });
    reading.notes.push(format!("by its file name, it lists the members of {}", quoted(group)));
    let primary = "it also lists accounts with this primary group, a membership that Identity Center never receives. \
                   They are left out if the lists have `primaryGroupID` and `objectSid` of the account, and the \
                   group's SID";
    reading.notes.push(primary.to_owned());
    reading
}

fn of_groups(file: u32, format: ListFormat) -> Reading {
    let mut reading = Reading::new(file, format);
    reading.ages = true;
    reading.tells.insert(Tells::Groups);
    reading
}

/// Reads the table of `samba-tool group list --verbose`. How many members a group has is not used: others count
/// differently.
pub(crate) fn read_table(file: u32, text: &str) -> Result<Reading, Damage> {
    let mut reading = of_groups(file, ListFormat::SambaToolGroupTable);
    let mut distribution = Names::default();
    for (line, row) in names(text).skip(1).filter(|(_, row)| !row.bytes().all(|byte| byte == b'-')) {
        let Some((name, kind)) = cells(row) else {
            return Err(wrong(line, "Group Name", row, "a group with its type, its scope and a number of members"));
        };
        reading.rows_read += 1;
        reading.rows_used += 1;
        let entry = group(&reading, line, name);
        if kind == "Distribution" {
            distribution.add(&entry);
        }
        reading.entries.push(entry);
    }
    if reading.rows_read == 0 {
        return Err(Damage::Nobody { what: "it has a header but no rows" });
    }
    reading.notes.extend(distribution.note_of_distribution());
    Ok(reading)
}

/// Name and type of a group: names may hold blanks, and may be longer than their column.
fn cells(row: &str) -> Option<(&str, &str)> {
    let (rest, members) = row.rsplit_once(char::is_whitespace)?;
    let (rest, _scope) = rest.trim_end().rsplit_once(char::is_whitespace)?;
    let (name, kind) = rest.trim_end().rsplit_once(char::is_whitespace)?;
    let known = matches!(kind, "Security" | "Distribution") && members.parse::<u32>().is_ok();
    known.then_some((name.trim_end(), kind))
}

/// The lines that hold anything, each with its number.
fn names(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines()).map(|(line, name)| (line, name.trim())).filter(|(_, name)| !name.is_empty())
}

fn group(reading: &Reading, line: u32, name: &str) -> Entry {
    let mut group = Entry::new(reading.at(line), EntryKind::Group);
    group.sam = Some(name.to_owned());
    group
}

fn wrong(line: u32, column: &str, value: &str, expected: &'static str) -> Damage {
    Damage::Value { line, column: column.to_owned(), value: value.to_owned(), expected }
}
