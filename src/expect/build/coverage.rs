//! For which kinds the lists speak: for all of a kind only where a list is a list of all of them.
//!
//! The members of one group say who is in that group, and nothing of others; a list of people says who there is, and
//! the groups of all people say which groups have anybody in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::extent_of_lists::gap;
use crate::expect::records::directory_records::{Affects, EntryKind, FileRecord, Records, Reference, Tells};
use crate::model::{Extent, Kind, What, Why};

/// For which kinds the lists speak, and how far.
pub(super) struct Coverage<'a> {
    records: &'a Records,
    /// The kinds that a list speaks for, at least in part.
    pub(super) speaks_for: BTreeSet<Kind>,
    /// Of these, the ones of which the lists name some only.
    pub(super) in_part: BTreeSet<Kind>,
    /// Whether groups are named by the people in them alone.
    pub(super) by_people: bool,
}

impl<'a> Coverage<'a> {
    /// Looks at the records. `anybody_there` is whether a list of people names anybody who has not left: lists of
    /// leavers say of nobody that they are expected.
    pub(super) fn of(records: &'a Records, anybody_there: bool) -> Self {
        let told = |tells: Tells| records.files.iter().any(|file| file.tells.contains(&tells));
        let all_people = told(Tells::People) && anybody_there;
        // A list of members names people only where it says more of them than a distinguished name.
        let people = || records.entries.iter().any(|entry| entry.kind == EntryKind::Person);
        let some_people = told(Tells::SomePeople) || (told(Tells::Members) && people());
        let holes = records.holes.iter().any(|hole| hole.affects == Affects::Groups);
        let by_hand = |file: &FileRecord| !file.ages && file.tells.contains(&Tells::MemberOf);
        // Where the groups of a list could not be read, another list that names some groups still names only some.
        let hidden = holes && !told(Tells::Members);
        let all_groups = hidden || lists_groups(records) || records.files.iter().any(by_hand);
        let by_people = !all_groups && told(Tells::MemberOf);
        let members = told(Tells::Members) || told(Tells::MemberOf) || holes;
        let groups = told(Tells::Groups) || members;
        let all_groups = all_groups || by_people;
        let kinds = [
            (Kind::User, all_people || some_people, all_people),
            (Kind::Group, groups, all_groups),
            (Kind::Membership, members, all_groups),
            (Kind::Assignment, told(Tells::Assignments), true),
            (Kind::Application, told(Tells::Applications), true),
            (Kind::Entitlement, told(Tells::Entitlements), true),
            (Kind::PermissionSet, told(Tells::PermissionSets), true),
            (Kind::IamUser, told(Tells::IamUsers), true),
            (Kind::Policy, told(Tells::Policies), true),
            (Kind::Trust, told(Tells::Trusts), true),
        ];
        let those = |wanted: fn(&(Kind, bool, bool)) -> bool| {
            kinds.iter().filter(|kind| wanted(kind)).map(|(kind, ..)| *kind).collect()
        };
        Coverage {
            records,
            speaks_for: those(|(_, speaks, _)| *speaks),
            in_part: those(|(_, speaks, all)| *speaks && !*all),
            by_people,
        }
    }

    /// How far a kind is known whose lists were read so far: never to its end where they name some only.
    pub(super) fn extent(&self, kind: Kind, read: Extent, unseen: What) -> Extent {
        if !self.in_part.contains(&kind) || matches!(read, Extent::Part(_)) {
            return read;
        }
        let names_some =
            |file: &&FileRecord| [Tells::Members, Tells::SomePeople].iter().any(|one| file.tells.contains(one));
        let source = self.records.files.iter().find(names_some).map_or("the expected lists", |file| &file.name);
        let detail = "it names only some of them, and no list names all".to_owned();
        Extent::Part(Arc::new(gap(source, unseen.into(), Why::Untold { detail })))
    }
}

/// Whether a file lists groups as such, and not only the members of some.
fn lists_groups(records: &Records) -> bool {
    let of_file = |file: u32, wanted: Tells| records.files[file as usize].tells.contains(&wanted);
    // A group that a list of members is about is called by its name; one that a list of groups has is a row of it.
    let by_name: BTreeSet<u32> = records
        .rolls
        .iter()
        .filter(|roll| !matches!(roll.group, Reference::Row(_) | Reference::Named(_)))
        .map(|roll| roll.at.file)
        .collect();
    records.entries.iter().any(|entry| {
        entry.kind == EntryKind::Group && of_file(entry.at.file, Tells::Groups) && !by_name.contains(&entry.at.file)
    })
}
