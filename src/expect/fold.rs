//! Records in, one [`Expectation`] out: whoever is a person, whoever is in which group, and how far each list was read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::graph::{Graph, Node, names};
use super::records::{Affects, End, Entry, EntryKind, FileRecord, Records, Reference, Tells};
use super::{dn::Dn, records};
use crate::model::{
    AssignmentRow, Concerns, DirectoryGroup, Employment, Expectation, ExpectedFile, Extent, Gap, Hides, IamUserRow, Ix,
    Kind, Listing, Member, NameKey, Person, PrincipalName, Refusal, RowRef, Side, Source, Waiver, Why,
};

/// Folds records into an expectation. Whether an account has expired is judged at `as_of`.
#[must_use]
pub fn fold(records: &Records, as_of: DateTime<Utc>) -> Expectation {
    let mut gaps = Gaps::default();
    let graph = Graph::of(records);
    let members = Members::of(records, &graph);
    let sources: Vec<Arc<Source>> = records.files.iter().map(|file| Arc::new(source(file))).collect();
    let extents = Extents { records, sources: &sources };
    let roster = extents.of(&[Tells::People, Tells::Members], "people", &mut gaps);
    let (people, places) = people(&graph, as_of, roster);
    let groups = groups(&graph, &members, &extents, &places, &mut gaps);
    let assignments = records.assignments.iter().map(assignment).collect();
    let assignments_extent = extents.of(&[Tells::Assignments], "expected assignments", &mut gaps);
    let iam_users = records.iam_users.iter().map(iam_user).collect();
    let iam_users_extent = extents.of(&[Tells::IamUsers], "expected IAM users", &mut gaps);
    for hole in records.holes.iter().filter(|hole| hole.affects == Affects::Employment) {
        hole_gap(&extents, hole, &mut gaps);
    }
    let refused = records.refusals.iter().map(|refused| refusal(records, refused, &mut gaps)).collect();
    Expectation {
        files: records.files.iter().map(file).collect(),
        speaks_for: speaks_for(records),
        people,
        groups,
        assignments: Listing::by_key(assignments, assignments_extent, |row| row.row),
        iam_users: Listing::by_key(iam_users, iam_users_extent, |row| row.row),
        waivers: records.waivers.iter().map(waiver).collect(),
        refused,
        gaps: gaps.all,
        sources,
    }
}

/// The gaps that were found, each once.
#[derive(Default)]
struct Gaps {
    all: Vec<Arc<Gap>>,
}

impl Gaps {
    fn add(&mut self, source: &str, unseen: String, why: Why) -> Arc<Gap> {
        let gap =
            Gap { side: Side::Expected, source: source.to_owned(), account: None, unseen, why, hides: Hides::Grants };
        if let Some(known) = self.all.iter().find(|known| ***known == gap) {
            return Arc::clone(known);
        }
        let gap = Arc::new(gap);
        self.all.push(Arc::clone(&gap));
        gap
    }
}

fn gap(source: &str, unseen: String, why: Why) -> Gap {
    Gap { side: Side::Expected, source: source.to_owned(), account: None, unseen, why, hides: Hides::Grants }
}

/// How far the lists of a kind were read.
struct Extents<'a> {
    records: &'a Records,
    sources: &'a [Arc<Source>],
}

impl Extents<'_> {
    fn any_tells(&self, tells: Tells) -> bool {
        self.records.files.iter().any(|file| file.tells.contains(&tells))
    }

    /// The extent of all files that tell of one of these together.
    fn of(&self, tells: &[Tells], unseen: &str, gaps: &mut Gaps) -> Extent {
        let telling = |file: &&FileRecord| tells.iter().any(|tells| file.tells.contains(tells));
        let files: Vec<&FileRecord> = self.records.files.iter().filter(telling).collect();
        for file in &files {
            if let End::Cut(detail) = &file.end {
                let why = Why::Truncated { detail: detail.clone() };
                return Extent::Part(gaps.add(&file.name, unseen.to_owned(), why));
            }
        }
        let name = match files.as_slice() {
            [] => "the expected lists".to_owned(),
            [one] => one.name.clone(),
            [first, rest @ ..] => format!("{} and {} more", first.name, rest.len()),
        };
        let vouchers: BTreeSet<&str> = files.iter().filter_map(|file| vouched_by(file)).collect();
        let vouched = files.iter().all(|file| vouched_by(file).is_some()) && !vouchers.is_empty();
        let vouched_by = vouched.then(|| vouchers.into_iter().collect::<Vec<_>>().join(", "));
        Extent::Whole(Arc::new(Source { name, vouched_by }))
    }
}

fn vouched_by(file: &FileRecord) -> Option<&str> {
    match &file.end {
        End::Vouched(by) => Some(by),
        // Whoever keeps a list by hand vouches for it.
        End::Unvouched if !file.ages => Some("whoever keeps it"),
        End::Unvouched | End::Cut(_) => None,
    }
}

fn source(file: &FileRecord) -> Source {
    Source { name: file.name.clone(), vouched_by: vouched_by(file).map(str::to_owned) }
}

/// Who is in which group, by group.
struct Members<'a> {
    people: BTreeMap<Node, BTreeMap<Node, RowRef>>,
    groups: BTreeMap<Node, BTreeSet<Node>>,
    /// Names that the lists do not resolve.
    outside: BTreeMap<Node, Vec<String>>,
    /// Lists of members: the file, and what of it is missing.
    rolls: BTreeMap<Node, Vec<(u32, Option<&'a str>)>>,
}

impl<'a> Members<'a> {
    fn of(records: &'a Records, graph: &Graph) -> Self {
        let mut members = Members {
            people: BTreeMap::new(),
            groups: BTreeMap::new(),
            outside: BTreeMap::new(),
            rolls: BTreeMap::new(),
        };
        for roll in &records.rolls {
            if let Some(group) = graph.resolve(roll.at.file, &roll.group) {
                members.rolls.entry(group).or_default().push((roll.at.file, roll.cut.as_deref()));
            }
        }
        for membership in &records.memberships {
            match graph.resolve(membership.at.file, &membership.group) {
                Some(group) => members.add(graph, group, membership),
                // Several groups of that name: whoever is in one of them may be in any.
                None => {
                    for &group in graph.groups_named(&membership.group) {
                        let who = members_name(graph, membership);
                        members.outside.entry(group).or_default().push(who);
                    }
                }
            }
        }
        members
    }

    fn add(&mut self, graph: &Graph, group: Node, membership: &records::Membership) {
        let Some(member) = graph.resolve(membership.at.file, &membership.member) else {
            let Reference::Dn(name) = &membership.member else { return };
            // Identity Center syncs no foreign security principals.
            if !Dn::parse(name).is_some_and(|dn| dn.is_foreign()) {
                self.outside.entry(group).or_default().push(name.clone());
            }
            return;
        };
        match graph.objects[member].kind {
            EntryKind::Person => {
                self.people.entry(group).or_default().entry(member).or_insert_with(|| membership.at.into());
            }
            EntryKind::Group => {
                self.groups.entry(group).or_default().insert(member);
            }
            EntryKind::Other => {}
        }
    }
}

/// The name of a member, for a gap.
fn members_name(graph: &Graph, membership: &records::Membership) -> String {
    let member = graph.resolve(membership.at.file, &membership.member).map(|node| &graph.objects[node]);
    let names = member.map(|member| [&member.user_name, &member.sam, &member.common_name]);
    names.and_then(|names| names.into_iter().flatten().next().cloned()).unwrap_or_else(|| "somebody".to_owned())
}

/// People in report order, and where each object went.
fn people(graph: &Graph, as_of: DateTime<Utc>, roster: Extent) -> (Listing<Person>, BTreeMap<Node, Ix<Person>>) {
    let is_person = |(_, object): &(Node, &Entry)| object.kind == EntryKind::Person;
    let mut persons: Vec<(Node, Person)> = graph
        .objects
        .iter()
        .enumerate()
        .filter(is_person)
        .map(|(node, object)| (node, person(object, as_of)))
        .collect();
    persons.sort_by_cached_key(|(_, person)| (NameKey::of(&person.name), person.row));
    let places = persons.iter().enumerate().map(|(place, (node, _))| (*node, Ix::new(place))).collect();
    let persons = persons.into_iter().map(|(_, person)| person).collect();
    (Listing::by_key(persons, roster, |person| (NameKey::of(&person.name), person.row)), places)
}

fn person(object: &Entry, as_of: DateTime<Utc>) -> Person {
    let names = [&object.display_name, &object.common_name, &object.user_name, &object.sam];
    let name = names.into_iter().flatten().chain(&object.mails).next().cloned().unwrap_or_default();
    let employment = match object.enabled {
        Some(false) => Employment::Left,
        _ if object.expires.is_some_and(|expires| expires <= as_of) => Employment::Expired,
        Some(true) => Employment::Current,
        None => Employment::Unstated,
    };
    Person {
        name,
        user_name: object.user_name.clone(),
        sam: object.sam.clone(),
        domain: object.domain.clone(),
        mails: object.mails.clone(),
        guid: object.guid,
        employment,
        row: object.at.into(),
    }
}

fn groups(
    graph: &Graph,
    members: &Members<'_>,
    extents: &Extents<'_>,
    people: &BTreeMap<Node, Ix<Person>>,
    gaps: &mut Gaps,
) -> Listing<DirectoryGroup> {
    let is_group = |(_, object): &(Node, &Entry)| object.kind == EntryKind::Group;
    let mut nodes: Vec<(Node, &Entry)> = graph.objects.iter().enumerate().filter(is_group).collect();
    nodes.sort_by_cached_key(|(_, object)| (NameKey::of(&name(object)), object.at));
    let places: BTreeMap<Node, Ix<DirectoryGroup>> =
        nodes.iter().enumerate().map(|(place, (node, _))| (*node, Ix::new(place))).collect();
    let all = nodes.iter().map(|&(node, object)| {
        let within = members.people.get(&node).into_iter().flatten();
        let within = within.map(|(person, &row)| Member { person: people[person], row }).collect();
        let nested = members.groups.get(&node).into_iter().flatten();
        DirectoryGroup {
            name: name(object),
            names: names(object).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect(),
            domain: object.domain.clone(),
            guid: object.guid,
            members: Listing::new(within, members_extent(node, object, members, extents)),
            groups: nested.map(|inner| places[inner]).collect(),
            row: object.at.into(),
        }
    });
    let all: Vec<DirectoryGroup> = all.collect();
    let extent = groups_extent(extents, gaps);
    Listing::by_key(all, extent, |group| (NameKey::of(&group.name), group.row))
}

fn name(group: &Entry) -> String {
    names(group).next().unwrap_or_default().to_owned()
}

/// How far the list of groups itself was read: a hole in the groups of users may hide any of them.
fn groups_extent(extents: &Extents<'_>, gaps: &mut Gaps) -> Extent {
    let told_elsewhere = !extents.records.rolls.is_empty() || extents.any_tells(Tells::MemberOf);
    let hole = extents.records.holes.iter().find(|hole| match hole.affects {
        Affects::Groups => !told_elsewhere,
        Affects::GroupNames => true,
        Affects::Employment => false,
    });
    match hole {
        Some(hole) => Extent::Part(hole_gap(extents, hole, gaps)),
        None => extents.of(&[Tells::Groups, Tells::Members, Tells::MemberOf], "groups", gaps),
    }
}

fn hole_gap(extents: &Extents<'_>, hole: &records::Hole, gaps: &mut Gaps) -> Arc<Gap> {
    let file = &extents.records.files[hole.at.file as usize].name;
    gaps.add(file, hole.unseen.clone(), Why::Unreadable { detail: hole.detail.clone() })
}

/// How far the members of one group were read: by the first list of its members that is whole, else by the groups of
/// all people.
///
/// Its gap stays with the group. A directory has many groups that AWS has not, and what is missing of those hides
/// nothing: which gaps matter, the comparison knows.
fn members_extent(node: Node, object: &Entry, members: &Members<'_>, extents: &Extents<'_>) -> Extent {
    let unseen = format!("members of `{}`", name(object));
    let files = &extents.records.files;
    let part = |file: u32, why: Why| Extent::Part(Arc::new(gap(&files[file as usize].name, unseen.clone(), why)));
    if let Some(outside) = members.outside.get(&node) {
        return part(object.at.file, Why::Outside { names: outside.clone() });
    }
    let rolls = members.rolls.get(&node).map(Vec::as_slice).unwrap_or_default();
    let cut_file = |file: u32| match &files[file as usize].end {
        End::Cut(detail) => Some(detail.as_str()),
        End::Vouched(_) | End::Unvouched => None,
    };
    let whole = rolls.iter().find(|(file, cut)| cut.is_none() && cut_file(*file).is_none());
    if let Some(&(file, _)) = whole {
        return Extent::Whole(Arc::clone(&extents.sources[file as usize]));
    }
    if let Some(&(file, cut)) = rolls.first() {
        let detail = cut.or_else(|| cut_file(file)).unwrap_or_default().to_owned();
        return part(file, Why::Truncated { detail });
    }
    if let Some(hole) = extents.records.holes.iter().find(|hole| hole.affects != Affects::Employment) {
        return part(hole.at.file, Why::Unreadable { detail: hole.detail.clone() });
    }
    if extents.any_tells(Tells::MemberOf) {
        return extents.of(&[Tells::MemberOf], &unseen, &mut Gaps::default());
    }
    part(object.at.file, Why::Unreadable { detail: "no list says who is in it".to_owned() })
}

fn speaks_for(records: &Records) -> BTreeSet<Kind> {
    let told = |tells: Tells| records.files.iter().any(|file| file.tells.contains(&tells));
    let members = told(Tells::Members) || told(Tells::MemberOf);
    let people = records.entries.iter().any(|entry| entry.kind == EntryKind::Person);
    let holes = records.holes.iter().any(|hole| hole.affects == Affects::Groups);
    [
        // A list of members names people only where it says more of them than a distinguished name.
        (Kind::User, told(Tells::People) || (told(Tells::Members) && people)),
        (Kind::Group, told(Tells::Groups) || members || holes),
        (Kind::Membership, members || holes),
        (Kind::Assignment, told(Tells::Assignments)),
        (Kind::IamUser, told(Tells::IamUsers)),
        (Kind::Policy, told(Tells::Policies)),
    ]
    .into_iter()
    .filter_map(|(kind, speaks)| speaks.then_some(kind))
    .collect()
}

fn file(record: &FileRecord) -> ExpectedFile {
    ExpectedFile {
        name: record.name.clone(),
        format: record.format.clone(),
        encoding: record.encoding.clone(),
        sha256: record.sha256.clone(),
        rows_read: record.rows_read,
        rows_used: record.rows_used,
        rows_refused: record.rows_refused,
        exported: record.exported,
        ages: record.ages,
        notes: record.notes.clone(),
    }
}

fn assignment(row: &records::Assignment) -> AssignmentRow {
    let principal = match row.principal_type {
        records::PrincipalType::User => PrincipalName::User(row.principal.clone()),
        records::PrincipalType::Group => PrincipalName::Group(row.principal.clone()),
    };
    AssignmentRow { principal, permission_set: row.permission_set.clone(), account: row.account, row: row.at.into() }
}

fn iam_user(row: &records::IamUserRecord) -> IamUserRow {
    IamUserRow {
        account: row.account,
        name: row.user.clone(),
        policies: row.policies.clone(),
        owner: row.owner.clone(),
        row: row.at.into(),
    }
}

fn waiver(record: &records::WaiverRecord) -> Waiver {
    Waiver {
        rule: record.rule.clone(),
        principal: record.principal.clone(),
        account: record.account,
        reason: record.reason.clone(),
        approved_by: record.approved_by.clone(),
        expires: record.expires,
        row: record.at.into(),
    }
}

fn refusal(records: &Records, refused: &records::Refused, gaps: &mut Gaps) -> Refusal {
    let why = Why::Refused { line: refused.at.line, reason: refused.reason.clone() };
    let file = &records.files[refused.at.file as usize].name;
    Refusal {
        row: refused.at.into(),
        reason: refused.reason.clone(),
        concerns: Concerns {
            kind: refused.kind,
            principal: refused.principal.as_deref().map(NameKey::of),
            account: refused.account,
            what: refused.what.as_deref().map(NameKey::of),
        },
        gap: gaps.add(file, "what a refused row expects".to_owned(), why),
    }
}
