//! Several exports of one source: the newest one speaks.
//!
//! Whoever keeps exports by date has last week's beside this week's. Taken together, somebody who is gone from the newer
//! one would stay expected by the older one. So an older export that lists mostly the same as a newer one of its kind is
//! set aside, and so is an older list of a group's members. Exports of different domains or of different parts of a
//! directory have little in common, and stay together. Where another kind of export is the newer one (LDIF beside CSV),
//! or one that says less of each person, it speaks of each person whom it has; whom it does not have may be gone.
//!
//! Whoever has left by any list has left: a leaver of the older list stays one, unless the newer one says of the same
//! person whether they are there. A list of leavers alone names those of its own week; it replaces nothing and nothing
//! replaces it. Nothing but its name says from which program a list of people comes, so such lists are of one source only
//! if they are called the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::export_order::{self, Age};
use crate::expect::active_directory::distinguished_name::{Dn, DnKey};
use crate::expect::records::directory_records::{
    End, Entry, EntryKind, FileRecord, Records, Reference, Tells, Unclear,
};
use crate::model::{ListFormat, NameKey, file_name_time, quoted};

/// Two exports of one source of which nothing says which one is newer: their places among the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Undecided {
    pub(crate) file: usize,
    pub(crate) other: usize,
}

/// Sets aside what a newer export of the same source replaces; what cannot be decided is given back. `now` says whose
/// last day is past.
pub(crate) fn settle(records: &mut Records, now: Option<DateTime<Utc>>) -> Vec<Undecided> {
    let contents: Vec<Contents> = contents(records, now);
    let mut undecided = Vec::new();
    let mut whole: BTreeMap<usize, usize> = BTreeMap::new();
    let mut people: Vec<(usize, usize)> = Vec::new();
    for older in 0..records.files.len() {
        for newer in (0..records.files.len()).filter(|newer| *newer != older) {
            let [one, other] = [older, newer].map(|file| &records.files[file]);
            if !contents[older].are_of_one_source_as(&contents[newer], [one, other]) {
                continue;
            }
            match export_order::age(one, other) {
                Age::Same | Age::Newer => {}
                Age::Older if contents[older].is_replaced_by(&contents[newer], [one, other]) => {
                    let newest = whole.entry(older).or_insert(newer);
                    if export_order::age(&records.files[*newest], other) == Age::Older {
                        *newest = newer;
                    }
                }
                Age::Older if contents[older].tells.contains(&Tells::People) => people.push((older, newer)),
                Age::Older => {}
                Age::Unknown if older < newer && export_order::are_copies(&one.name, &other.name) => {
                    undecided.push(Undecided { file: newer, other: older });
                }
                Age::Unknown => {}
            }
        }
    }
    people.retain(|(older, newer)| !whole.contains_key(older) && !whole.contains_key(newer));
    for (older, newer) in people {
        speak_of_people(records, older, newer, contents[older].kind);
    }
    for (older, newer) in whole {
        set_aside(records, older, newer, now);
    }
    undecided
}

/// What a file lists, by which it is known again.
#[derive(Debug, Default)]
struct Contents {
    kind: Option<Kind>,
    tells: BTreeSet<Tells>,
    /// By person: every key.
    people: Vec<Vec<String>>,
    keys: BTreeSet<String>,
    /// Groups, or where it lists members only, the groups whose members these are.
    groups: BTreeSet<String>,
    domains: BTreeSet<String>,
    /// What it says of people.
    says: BTreeSet<Says>,
    /// Whether it names anybody who has not left.
    anybody_there: bool,
}

/// What a list may say of a person, but for names that nobody is recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Name,
    Guid,
    EntraId,
    Sid,
    Account,
    UserName,
    Mail,
    EmployeeId,
    State,
    LastDay,
}

impl Says {
    fn of(entry: &Entry) -> impl Iterator<Item = Says> {
        let said = [
            (Says::Name, entry.dn.is_some()),
            (Says::Guid, entry.guid.is_some()),
            (Says::EntraId, entry.entra_id.is_some()),
            (Says::Sid, entry.sid.is_some()),
            (Says::Account, entry.sam.is_some()),
            (Says::UserName, entry.user_name.is_some()),
            (Says::Mail, !entry.mails.is_empty()),
            (Says::EmployeeId, !entry.employee_ids.is_empty()),
            (Says::State, entry.enabled.is_some()),
            (Says::LastDay, entry.expires.is_some() || entry.never_expires),
        ];
        said.into_iter().filter(|(_, is_said)| *is_said).map(|(what, _)| what)
    }
}

/// Whether an entry says that somebody has left, or may have.
fn has_left(entry: &Entry, now: Option<DateTime<Utc>>) -> bool {
    let is_past = |last: DateTime<Utc>| now.is_some_and(|now| last <= now);
    let may_have = match &entry.unclear {
        Some(Unclear::Called(_)) => true,
        Some(Unclear::Since { at, .. }) => is_past(*at),
        Some(Unclear::Empty(_) | Unclear::Word { .. } | Unclear::NotYet { .. } | Unclear::Absent(_)) | None => false,
    };
    may_have || entry.enabled == Some(false) || entry.expires.is_some_and(is_past)
}

/// What made a file. Files of one program are whole replacements for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    PowerShell,
    Csvde,
    Ldif,
    Entra,
    Graph,
    Staff,
    Names,
    Console,
}

impl Kind {
    fn of(file: &FileRecord) -> Option<Self> {
        let exports = file.ages && file.set_aside.is_none();
        Kind::of_format(file.format).filter(|_| exports)
    }

    fn of_format(format: ListFormat) -> Option<Self> {
        match format {
            ListFormat::PowerShellUsers
            | ListFormat::PowerShellGroups
            | ListFormat::PowerShellMembers
            | ListFormat::PowerShellMemberships => Some(Kind::PowerShell),
            ListFormat::Csvde => Some(Kind::Csvde),
            ListFormat::Ldif
            | ListFormat::LdifOfLdapsearch
            | ListFormat::LdifOfLdifde
            | ListFormat::LdifOfLdbsearch
            | ListFormat::LdifOfSambaTool => Some(Kind::Ldif),
            ListFormat::EntraUsers | ListFormat::EntraGroups | ListFormat::EntraMembers => Some(Kind::Entra),
            ListFormat::MicrosoftGraph => Some(Kind::Graph),
            ListFormat::StaffList => Some(Kind::Staff),
            ListFormat::SambaToolMembers | ListFormat::SambaToolGroups | ListFormat::SambaToolGroupTable => {
                Some(Kind::Names)
            }
            ListFormat::ConsoleList => Some(Kind::Console),
            ListFormat::People
            | ListFormat::Assignments
            | ListFormat::Applications
            | ListFormat::Entitlements
            | ListFormat::PermissionSets
            | ListFormat::IamUsers
            | ListFormat::Trusts
            | ListFormat::Waivers => None,
        }
    }

    /// Whether both export accounts of the same sort of directory.
    fn is_like(self, other: Kind) -> bool {
        let directory = |kind: Kind| matches!(kind, Kind::PowerShell | Kind::Csvde | Kind::Ldif | Kind::Console);
        let cloud = |kind: Kind| matches!(kind, Kind::Entra | Kind::Graph);
        self == other || (directory(self) && directory(other)) || (cloud(self) && cloud(other))
    }
}

/// The contents of all files, where any two of them may be of one source.
fn contents(records: &Records, now: Option<DateTime<Utc>>) -> Vec<Contents> {
    let mut contents: Vec<Contents> = records
        .files
        .iter()
        .map(|file| Contents { kind: Kind::of(file), tells: file.tells.clone(), ..Contents::default() })
        .collect();
    let kinds: Vec<Kind> = contents.iter().filter_map(|one| one.kind).collect();
    let has_like = |kind: Kind| kinds.iter().filter(|other| kind.is_like(**other)).count() > 1;
    let looked_at: Vec<bool> = contents.iter().map(|one| one.kind.is_some_and(has_like)).collect();
    for entry in records.entries.iter().filter(|entry| looked_at[entry.at.file as usize]) {
        let of = &mut contents[entry.at.file as usize];
        of.domains.extend(entry.domain.clone());
        match entry.kind {
            EntryKind::Person if of.tells.contains(&Tells::People) => {
                of.says.extend(Says::of(entry));
                of.anybody_there |= !has_left(entry, now);
                let keys = keys(entry);
                of.keys.extend(keys.iter().cloned());
                of.people.push(keys);
            }
            EntryKind::Group if !of.tells.contains(&Tells::People) => of.groups.extend(name(entry)),
            EntryKind::Person | EntryKind::Group | EntryKind::Other => {}
        }
    }
    for roll in records.rolls.iter().filter(|roll| looked_at[roll.at.file as usize]) {
        let of = &mut contents[roll.at.file as usize];
        if !of.tells.contains(&Tells::People) {
            of.groups.extend(group_name(&roll.group));
        }
    }
    contents
}

impl Contents {
    /// Whether both files come from the same source: they list mostly the same. Of files whose names differ in their
    /// dates only, the smaller one is what counts.
    fn are_of_one_source_as(&self, other: &Contents, [file, of_other]: [&FileRecord; 2]) -> bool {
        let Some((kind, other_kind)) = self.kind.zip(other.kind) else { return false };
        let apart = !self.domains.is_empty() && !other.domains.is_empty() && self.domains.is_disjoint(&other.domains);
        if apart || !kind.is_like(other_kind) {
            return false;
        }
        let of_people = [self, other].map(|one| one.tells.contains(&Tells::People));
        let has_other_name = kind == Kind::Staff && !export_order::have_one_word(&file.name, &of_other.name);
        let (common, sizes) = match of_people {
            [true, true] if has_other_name || !self.anybody_there || !other.anybody_there => return false,
            [true, true] => {
                let known = |person: &&Vec<String>| person.iter().any(|key| other.keys.contains(key));
                (self.people.iter().filter(known).count(), [self.people.len(), other.people.len()])
            }
            [false, false] if self.tells == other.tells => {
                (self.groups.intersection(&other.groups).count(), [self.groups.len(), other.groups.len()])
            }
            _ => return false,
        };
        let [one, two] = sizes;
        let measure =
            if file_name_time::have_one_name(&file.name, &of_other.name) { one.min(two) } else { one.max(two) };
        common > 0 && 2 * common >= measure
    }

    /// Whether the newer file says all that this one can say. A list of the members of other groups too, which is not
    /// called the same, speaks for those: of each group, the newest list speaks.
    fn is_replaced_by(&self, newer: &Contents, [file, of_newer]: [&FileRecord; 2]) -> bool {
        let has_groups =
            self.groups.is_subset(&newer.groups) || file_name_time::have_one_name(&file.name, &of_newer.name);
        let says_it = self.tells.is_subset(&newer.tells) && self.says.is_subset(&newer.says);
        self.kind == newer.kind && says_it && has_groups
    }
}

/// Every key of a person.
fn keys(entry: &Entry) -> Vec<String> {
    let mut keys = Vec::new();
    keys.extend(entry.guid.map(|guid| format!("guid {guid}")));
    keys.extend(entry.entra_id.map(|id| format!("entra {id}")));
    keys.extend(entry.sid.iter().map(|sid| format!("sid {sid}")));
    keys.extend(entry.dn.as_deref().and_then(DnKey::of).map(|dn| format!("dn {dn:?}")));
    let folded = |kind: &str, name: &String| format!("{kind} {}", NameKey::of(name).as_str());
    keys.extend(entry.user_name.iter().map(|name| folded("name", name)));
    keys.extend(entry.sam.iter().map(|name| folded("account", name)));
    keys.extend(entry.mails.iter().map(|mail| folded("mail", mail)));
    keys
}

fn name(group: &Entry) -> Option<String> {
    let names = [&group.sam, &group.common_name, &group.display_name];
    names.into_iter().flatten().next().map(|name| NameKey::of(name).as_str().to_owned())
}

fn group_name(group: &Reference) -> Option<String> {
    let name = match group {
        Reference::Name(name) | Reference::Account(name) => name.to_string(),
        Reference::Dn(dn) => Dn::parse(dn)?.leaf().to_owned(),
        Reference::Row(_) | Reference::Named(_) => return None,
    };
    Some(NameKey::of(&name).as_str().to_owned())
}

/// Takes everything away that a file says, but for who has left: unless the newer file says of them whether they are
/// there.
fn set_aside(records: &mut Records, older: usize, newer: usize, now: Option<DateTime<Utc>>) {
    let states: BTreeSet<Says> = persons_of(records, newer).flat_map(Says::of).collect();
    let by_last_day = !states.contains(&Says::State) && states.contains(&Says::LastDay);
    let is_stated = |entry: &&Entry| entry.enabled.is_some() || (by_last_day && entry.unclear.is_none());
    let stated: BTreeSet<String> = persons_of(records, newer).filter(is_stated).flat_map(keys).collect();
    let file = u32::try_from(older).expect("files are numbered in four bytes");
    let stays_gone = |entry: &Entry| {
        let is_person = entry.kind == EntryKind::Person;
        is_person && has_left(entry, now) && !keys(entry).iter().any(|key| stated.contains(key))
    };
    records.entries.retain(|entry| entry.at.file != file || stays_gone(entry));
    records.rolls.retain(|roll| roll.at.file != file);
    records.memberships.retain(|membership| membership.at.file != file);
    records.holes.retain(|hole| hole.at.file != file);
    records.refusals.retain(|refused| refused.at.file != file);
    let gone = persons_of(records, older).count();
    let newer = records.files[newer].name.clone();
    let older = &mut records.files[older];
    older.tells.clear();
    older.notes.push(format!("set aside: {} is a newer export of the same source", quoted(&newer)));
    if gone > 0 {
        let those = if gone == 1 { "1 person".to_owned() } else { format!("{gone} people") };
        older.notes.push(format!("{those} had left according to it, and {} does not say otherwise", quoted(&newer)));
    }
    older.set_aside = Some(newer);
}

/// Lets the newer file say of each person of the older one whether they are still there. Whom it does not have may be
/// gone, if it is there to its end.
fn speak_of_people(records: &mut Records, older: usize, newer: usize, kind: Option<Kind>) {
    let is_whole = !matches!(records.files[newer].end, End::Cut(_));
    let (mut known, mut stated) = (BTreeSet::new(), BTreeSet::new());
    for entry in persons_of(records, newer) {
        known.extend(keys(entry));
        if entry.enabled.is_some() {
            stated.extend(keys(entry));
        }
    }
    let newer = records.files[newer].name.clone();
    for entry in records.entries.iter_mut().filter(|entry| is_person_of(entry, older)) {
        let keys = keys(entry);
        // Two lists of people that say different things may come from two programs all the same.
        if kind != Some(Kind::Staff) && keys.iter().any(|key| stated.contains(key)) {
            (entry.enabled, entry.expires, entry.never_expires, entry.unclear) = (None, None, false, None);
        } else if is_whole && !keys.iter().any(|key| known.contains(key)) {
            entry.unclear = Some(Unclear::Absent(newer.clone()));
        }
    }
    let note = format!("{} is a newer export of the same people and decides whether they have left", quoted(&newer));
    records.files[older].notes.push(note);
}

/// The people of a file.
fn persons_of(records: &Records, file: usize) -> impl Iterator<Item = &Entry> {
    records.entries.iter().filter(move |entry| is_person_of(entry, file))
}

fn is_person_of(entry: &Entry, file: usize) -> bool {
    entry.at.file as usize == file && entry.kind == EntryKind::Person
}
