//! What PowerShell's `Export-Csv` made of Active Directory: users, groups, members of one group, members of many.

use crate::model::{ListFormat, What, quoted};
use std::collections::BTreeMap;

use super::staff_columns;
use super::unread_states::UnreadStates;
use crate::expect::Told;
use crate::expect::active_directory::account_state::StateColumns;
use crate::expect::active_directory::columns::Columns;
use crate::expect::active_directory::distinguished_name::{Dn, split_list};
use crate::expect::active_directory::expiry::Expiry;
use crate::expect::active_directory::global_catalog::{self, Scoped};
use crate::expect::active_directory::member_of::{MemberOf, group_reference, known_values};
use crate::expect::active_directory::names_ending_in_dollar::DollarNames;
use crate::expect::active_directory::ranged_columns::RangedColumns;
use crate::expect::csv::cell::value;
use crate::expect::csv::table::{self, Row, Table};
use crate::expect::error::Damage;
use crate::expect::provenance::group_in_file_name::group_of_file;
use crate::expect::records::directory_records::{Entry, EntryKind, Membership, Reference, Roll, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::dates;
use crate::expect::text::encoding::{Text, has_lost};

/// An export: its rows, where they have what, and whether names in them lost characters.
struct Export<'a> {
    table: &'a Table<'a>,
    columns: Columns,
    lossy: bool,
}

/// Reads an export. `name` may say whose members it lists.
pub(crate) fn read(file: u32, name: &str, text: &Text<'_>, told: &Told) -> Result<Reading, Damage> {
    let table = table::read(&text.text)?;
    if table.is_empty() {
        return Err(Damage::Nobody { what: "it has a header but no rows" });
    }
    let columns = Columns::of(&table);
    let lossy = text.may_have_lost() && table.rows().any(|row| columns.has_lost(&row, text));
    let export = Export { table: &table, columns, lossy };
    let mut reading = if export.columns.group.is_some() {
        export.members_of_many(file)?
    } else if export.columns.group_scope.is_some() {
        export.groups(file)?
    } else if export.lists_members() {
        export.members_of_one(file, name)?
    } else {
        export.users(file, told.culture.as_ref())?
    };
    reading.ages = true;
    reading.lossy = lossy;
    reading.notes.extend(table.notes);
    if lossy {
        let note = "the export replaced characters with `?`; such names are not used to recognize people (export \
                    again with `-Encoding UTF8`)";
        reading.notes.push(note.to_owned());
    }
    Ok(reading)
}

impl Export<'_> {
    fn entry(&self, reading: &Reading, row: &Row<'_>) -> Result<Entry, Damage> {
        self.columns.entry(reading.at(row.line), row, |name| self.lossy && has_lost(name))
    }

    /// Whether these are the columns of `Get-ADGroupMember`, which knows nothing of its members but who they are.
    fn lists_members(&self) -> bool {
        let columns = &self.columns;
        let of_principals = self.table.type_name.as_deref().is_some_and(|name| name.ends_with(".ADPrincipal"));
        let bare = columns.class.is_some() && !columns.say_who_left();
        of_principals || (bare && columns.upn.is_none() && columns.member_of.is_none())
    }

    /// Whether a person is enabled, by every column that says so.
    fn state(
        &self,
        row: &Row<'_>,
        entry: &mut Entry,
        states: &StateColumns,
        unread: &UnreadStates,
    ) -> Result<(), Damage> {
        let (there, unclear) = states.read(self.table, row)?;
        entry.enabled = staff_columns::both(entry.enabled, there);
        entry.unclear = entry.unclear.take().or(unclear).filter(|_| entry.enabled.is_none());
        entry.unclear = unread.unclear(self.table, row).or(entry.unclear.take());
        Ok(())
    }

    fn users(&self, file: u32, culture: Option<&dates::Culture>) -> Result<Reading, Damage> {
        if !self.columns.name_people() {
            return Err(without_name());
        }
        let mut reading = Reading::new(file, ListFormat::PowerShellUsers);
        reading.tells.insert(Tells::People);
        let states = StateColumns::of_words(self.table, self.columns.say_who_left());
        if !self.columns.say_who_left() && !states.any() {
            reading.notes.push(
                "it has no column `Enabled`, so it does not say who has left (`Export-Csv` takes its columns from the \
                 first object)"
                    .to_owned(),
            );
        }
        reading.notes.extend(states.notes(self.table));
        let unread = UnreadStates::of(self.table, culture, |column| self.columns.read(self.table, column));
        reading.notes.extend(unread.notes(self.table));
        let groups = MemberOf::of(self.table, self.columns.member_of, &mut reading);
        // Where the number is there too, the date says nothing more.
        let has_number = |row: &Row<'_>| row.cell(self.columns.expires).is_some();
        let dates = self.columns.expiration_date.filter(|_| !self.table.rows().all(|row| has_number(&row)));
        let mut expiry = Expiry::of(self.table, dates, culture)?;
        let last_days = staff_columns::last_days(self.table);
        let of_column = |&column: &usize| Ok((column, Expiry::of(self.table, Some(column), culture)?));
        let mut last_days: Vec<(usize, Expiry)> = last_days.iter().map(of_column).collect::<Result<_, Damage>>()?;
        let mut impossible = Vec::new();
        let mut dollars = DollarNames::default();
        for row in self.table.rows() {
            let mut entry = self.entry(&reading, &row)?;
            if !has_number(&row) {
                entry.expires = expiry.read(&row);
                entry.never_expires = dates.is_some() && row.cell(dates).is_none();
            }
            if entry.kind == EntryKind::Person {
                self.state(&row, &mut entry, &states, &unread)?;
                let ends = last_days.iter_mut().filter_map(|(_, last_day)| last_day.read(&row));
                entry.expires = ends.filter_map(staff_columns::end_of).chain(entry.expires).min();
                let name = entry.user_name.as_deref();
                impossible.extend(name.filter(|name| !can_be_provisioned(name)).map(|_| row.line));
            }
            reading.newest_change = reading.newest_change.max(entry.changed);
            reading.count(entry.kind);
            dollars.look(&entry, self.columns.say_what_it_is(&row));
            if entry.kind != EntryKind::Other {
                groups.read(&row, &mut reading);
            }
            reading.entries.push(entry);
        }
        reading.notes.extend(note_of_impossible_names(&impossible));
        reading.notes.extend(dollars.note());
        groups.tell(&mut reading);
        expiry.tell(&mut reading, "AccountExpirationDate");
        for (column, last_day) in last_days {
            last_day.tell(&mut reading, &self.table.header[column]);
        }
        Ok(reading)
    }

    fn groups(&self, file: u32) -> Result<Reading, Damage> {
        let mut reading = Reading::new(file, ListFormat::PowerShellGroups);
        reading.tells.insert(Tells::Groups);
        let members = RangedColumns::of(self.table, &["member", "members"])?;
        let unseen = What::MembersOfEachGroup.of("member");
        let mut positions = members.positions();
        let known = positions.all(|column| known_values(self.table, Some(column), &unseen, &mut reading).is_some());
        let mut scopes = Vec::new();
        let outer = MemberOf::of(self.table, self.columns.member_of, &mut reading);
        for row in self.table.rows() {
            let mut entry = self.entry(&reading, &row)?;
            entry.kind = EntryKind::Group;
            reading.newest_change = reading.newest_change.max(entry.changed);
            reading.count(EntryKind::Group);
            if known && !members.is_empty() {
                let has_members = list_members(&mut reading, &row, &members)?;
                scopes.push(Scoped { universal: self.columns.is_universal(&row), has_members });
            }
            outer.read(&row, &mut reading);
            reading.entries.push(entry);
        }
        global_catalog::mark_hidden(&mut reading.rolls, &scopes);
        outer.tell(&mut reading);
        Ok(reading)
    }

    fn members_of_one(&self, file: u32, name: &str) -> Result<Reading, Damage> {
        let group = group_of_file(name).ok_or(Damage::NamelessGroup)?;
        let mut reading = Reading::new(file, ListFormat::PowerShellMembers);
        reading.notes.push(format!("by its file name, it lists the members of {}", quoted(&group)));
        let group = Reference::Name(group.into());
        reading.rolls.push(Roll { at: reading.at(self.table.header_line), group: group.clone(), cut: None });
        let mut dollars = DollarNames::default();
        for row in self.table.rows() {
            let member = self.entry(&reading, &row)?;
            reading.count(member.kind);
            dollars.look(&member, self.columns.say_what_it_is(&row));
            let group = group.clone();
            reading.memberships.push(Membership { at: member.at, group, member: Reference::Row(row.line) });
            reading.entries.push(member);
        }
        reading.notes.extend(dollars.note());
        reading.tells.extend([Tells::Groups, Tells::Members]);
        Ok(reading)
    }

    /// A list of pairs may have millions of rows, and says the same of a person once for each group: what it says is
    /// kept once.
    #[expect(clippy::disallowed_types, reason = "looked up only; what is kept stands in the order of the rows")]
    fn members_of_many(&self, file: u32) -> Result<Reading, Damage> {
        use std::collections::HashMap;
        let Some(column) = self.columns.group.filter(|_| self.columns.name_people() || self.columns.dn.is_some())
        else {
            let column = "`SamAccountName`, `ObjectGUID` or `user`".to_owned();
            return Err(Damage::MissingColumn { column, remedy: "name one member of the group in each row" });
        };
        let mut reading = Reading::new(file, ListFormat::PowerShellMemberships);
        // Of each name as it is written: the group, and its roll.
        let mut groups: HashMap<&str, (Reference, usize)> = HashMap::new();
        let mut listed: BTreeMap<String, usize> = BTreeMap::new();
        let mut said_of: Vec<SaidOf> = Vec::new();
        let mut members: HashMap<(&str, &str), (u32, EntryKind)> = HashMap::new();
        let mut dollars = DollarNames::default();
        for row in self.table.rows() {
            let at = reading.at(row.line);
            let Some(name) = row.cell(Some(column)).map(str::trim) else {
                return Err(Damage::NamelessMember { line: row.line });
            };
            let (group, roll) = groups
                .entry(name)
                .or_insert_with(|| {
                    let group = group_reference(name);
                    let roll = *listed.entry(name.to_lowercase()).or_insert_with(|| {
                        reading.rolls.push(Roll { at, group: group.clone(), cut: None });
                        said_of.push(SaidOf::default());
                        said_of.len() - 1
                    });
                    (group, roll)
                })
                .clone();
            said_of[roll].rows += 1;
            let said = row.without(column);
            let (line, kind) = match members.get(&said) {
                Some(&known) => known,
                // A row that names the group and nothing else says that nobody is in it.
                None if row.filled() == 1 => {
                    reading.count(EntryKind::Group);
                    said_of[roll].nobody.get_or_insert(row.line);
                    continue;
                }
                None => {
                    let member = self.entry(&reading, &row)?;
                    dollars.look(&member, self.columns.say_what_it_is(&row));
                    let known = (row.line, member.kind);
                    reading.entries.push(member);
                    members.insert(said, known);
                    known
                }
            };
            reading.count(kind);
            reading.memberships.push(Membership { at, group, member: Reference::Row(line) });
        }
        reading.notes.extend(dollars.note());
        for (roll, said) in reading.rolls.iter_mut().zip(&said_of) {
            roll.cut = said.cut();
        }
        reading.tells.extend([Tells::Groups, Tells::Members]);
        Ok(reading)
    }
}

/// What a list of pairs says of one group.
#[derive(Default)]
struct SaidOf {
    rows: u32,
    /// The first row that names nobody.
    nobody: Option<u32>,
}

impl SaidOf {
    /// One row that names nobody says that the group is empty; beside others it is a member without a name.
    fn cut(&self) -> Option<String> {
        let line = self.nobody.filter(|_| self.rows > 1)?;
        Some(format!("line {line} names the group without a member, but other rows name the group too"))
    }
}

/// Takes the members of a group from cells that join their distinguished names; whether there is any.
fn list_members(reading: &mut Reading, row: &Row<'_>, members: &RangedColumns) -> Result<bool, Damage> {
    let (at, group) = (reading.at(row.line), Reference::Row(row.line));
    let (mut any, cut) = (false, members.cut(row));
    for name in members.cells(row).flat_map(split_list) {
        if Dn::parse(name).is_none() {
            // What is left of a name where the list was cut.
            if cut.is_some() {
                continue;
            }
            return Err(value(row, "member", name, "a distinguished name"));
        }
        let member = Reference::Dn(name.into());
        reading.memberships.push(Membership { at, group: group.clone(), member });
        any = true;
    }
    reading.rolls.push(Roll { at, group, cut });
    reading.tells.insert(Tells::Members);
    Ok(any)
}

/// Whether Identity Center takes a user name: at most 128 characters, none of `< > ; : %`.
fn can_be_provisioned(user_name: &str) -> bool {
    user_name.chars().count() <= 128 && !user_name.contains(['<', '>', ';', ':', '%'])
}

/// A list of people without a column that names them.
fn without_name() -> Damage {
    let remedy = "export with `Get-ADUser`, whose default columns have all of these; `Export-Csv` takes its columns from \
                  the first object, so name them in a `Select-Object` before it";
    let column = "`ObjectGUID`, `SamAccountName` or `UserPrincipalName`".to_owned();
    Damage::MissingColumn { column, remedy }
}

/// A note of user names that no user of Identity Center can have, by the lines in which they are.
fn note_of_impossible_names(lines: &[u32]) -> Option<String> {
    let first = lines.first()?;
    Some(format!(
        "{} of its user names cannot exist in Identity Center, the first in line {first}: they have more than 128 characters, \
         or one of `< > ; : %`",
        lines.len()
    ))
}
