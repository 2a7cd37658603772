//! Who is who: users of Identity Center and people of the lists, groups and directory groups.
//!
//! Keys are tried from the surest to the weakest, each for all users before the next one: a guess by mail never takes
//! a person whom a GUID has claimed. Where a key fits more than one, nobody is matched by it, and a gap says so. The
//! same where a name fits and the ids contradict it: a person may have got the name of one who left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::apart_lists::{self, ApartLists};
use super::keys::{Key, LADDER, directory_group_keys, group_keys, key, person_keys, user_keys};
use super::leavers_by_other_list::{self, LeftElsewhere};
use super::nested_groups::{self, Depending};
use super::{borrowed_ids, unmatched_leaver_lists, wrong_key};
use crate::model::{
    DirectoryGroup, Expectation, Extent, Gap, Group, Guid, Hides, IdentitySource, Ix, Listing, MatchKey, Matched,
    Matching, Nesting, Person, Provisioning, Reach, Side, Unseen, User, What, Why, World, effective_members,
};

/// The matching, what follows from it, and who could not be told apart.
pub(crate) struct WhoIsWho {
    pub(crate) matching: Matching,
    /// By user: the gap that forbids to say who it is.
    pub(crate) undecided: BTreeMap<Ix<User>, Arc<Gap>>,
    /// The same for groups.
    pub(crate) undecided_groups: BTreeMap<Ix<Group>, Arc<Gap>>,
    /// By user: why a list other than the one that it was matched by leaves open whether its holder has left.
    may_have_left: BTreeMap<Ix<User>, Arc<Gap>>,
    /// Who is expected in each group that AWS has, nested groups as the policy says.
    pub(crate) effective: BTreeMap<Ix<Group>, Listing<Reach>>,
    /// Memberships of which nothing is concluded, because the setting of nested groups is probably wrong.
    pub(crate) depending: Depending,
    /// People of lists that share no key with the lists of those who are users.
    pub(crate) apart: ApartLists,
    /// What could not be decided, or is not known of these groups.
    pub(crate) gaps: Vec<Arc<Gap>>,
}

impl WhoIsWho {
    /// Why nobody can say whether the holder of a user has left, where that is so.
    pub(crate) fn doubt<'a>(&'a self, world: &'a World, user: Ix<User>) -> Option<&'a Arc<Gap>> {
        let own = self.matching.people[user.number()].map(|matched| &world.expectation.people[matched.with]);
        own.and_then(|person| person.doubt.as_ref()).or_else(|| self.may_have_left.get(&user))
    }
}

impl WhoIsWho {
    /// The gap that forbids to conclude anything about people who were not matched, where nearly nobody was.
    pub(crate) fn unrecognized(&self) -> Option<&Arc<Gap>> {
        self.matching.unrecognized.as_ref().map(|unrecognized| &unrecognized.gap)
    }

    /// The same for a user who was not.
    pub(crate) fn unrecognized_user(&self, user: Ix<User>) -> Option<&Arc<Gap>> {
        let unrecognized = self.matching.unrecognized.as_ref()?;
        unrecognized.strangers.contains(&user).then_some(&unrecognized.gap)
    }

    /// The gap that forbids to conclude anything about a membership that depends on the setting of nested groups.
    pub(crate) fn depends_on_nesting(&self, group: Ix<Group>, person: Ix<Person>) -> Option<&Arc<Gap>> {
        let mismatch = self.matching.nesting_mismatch.as_ref()?;
        self.depending.get(&group)?.contains(&person).then_some(&mismatch.gap)
    }
}

/// Who is expected in each group of AWS that is one of the directory.
fn effective(
    expectation: &Expectation,
    matched: &[Option<Matched<DirectoryGroup>>],
    nesting: Nesting,
) -> BTreeMap<Ix<Group>, Listing<Reach>> {
    let groups = matched.iter().enumerate().filter_map(|(number, matched)| Some((number, matched.as_ref()?.with)));
    groups.map(|(number, with)| (Ix::new(number), effective_members(&expectation.groups, with, nesting))).collect()
}

/// Matches both halves of the world.
pub(crate) fn of(world: &World) -> WhoIsWho {
    let (snapshot, expectation) = (&world.snapshot, &world.expectation);
    let directory: BTreeSet<Guid> = expectation.people.seen().filter_map(|person| person.guid).collect();
    let source = world.policy.identity_source.or_else(|| IdentitySource::of(snapshot, &directory));
    let (people, foreign_ids) = recognized(world, source);
    let groups =
        match_up(&snapshot.groups, &expectation.groups, group_keys, directory_group_keys, |_, group| group.listed);
    let users = users_of_people(world, &people.matched);
    let LeftElsewhere { left: left_elsewhere, doubtful: may_have_left } =
        leavers_by_other_list::of(world, &people.matched);
    let nesting = world.policy.nesting.or(source.map(IdentitySource::nesting)).unwrap_or_default();
    let unrecognized = wrong_key::unrecognized(world, &people.matched, &people.undecided, &groups.matched);
    let mut undecided = people.gaps(|user| What::WhoUserIs.of(&snapshot.users[user].user_name));
    if let Some(unrecognized) = &unrecognized {
        undecided.extend(unrecognized.strangers.iter().map(|user| (*user, Arc::clone(&unrecognized.gap))));
    }
    let undecided_groups = groups.gaps(|group| What::WhichGroup.of(&snapshot.groups[group].name));
    let effective = effective(expectation, &groups.matched, nesting);
    let unseen_members = effective.values().filter_map(|members| match members.extent() {
        Extent::Part(gap) => Some(gap),
        Extent::Whole(_) => None,
    });
    // Where hardly anybody was recognised, that is the cause of this too.
    let apart = match &unrecognized {
        Some(_) => ApartLists::default(),
        None => apart_lists::of(world, &people.matched, &effective),
    };
    let mut matching = Matching {
        people: people.matched,
        users,
        left_elsewhere,
        directory_groups: groups.matched,
        provisioning: Provisioning { source, nesting, foreign_ids, ..Provisioning::default() },
        unrecognized,
        nesting_mismatch: None,
    };
    let depending = nested_groups::compare_nesting(world, &mut matching);
    let strange = unmatched_leaver_lists::gaps(world, &matching);
    let of_settings = matching.nesting_mismatch.iter().map(|mismatch| &mismatch.gap);
    WhoIsWho {
        gaps: undecided
            .values()
            .chain(undecided_groups.values())
            .chain(unseen_members)
            .chain(of_settings)
            .chain(&strange)
            .chain(&apart.of_leavers)
            .cloned()
            .collect(),
        effective,
        depending,
        apart,
        matching,
        may_have_left,
        undecided,
        undecided_groups,
    }
}

/// Users and people, and whether the external ids of Identity Center are those of another directory.
fn recognized(world: &World, source: Option<IdentitySource>) -> (MatchUp<User, Person>, bool) {
    let mut people = match_people(world, &BTreeMap::new());
    let borrowed = borrowed_ids::of(world, &people.matched);
    if !borrowed.is_empty() {
        // Somebody else may have the name of the person whose id this is.
        people = match_people(world, &borrowed);
        people.undecided.extend(borrowed);
    }
    let contradicted = contradictions(world, source, &people.matched);
    // Ids of which none is known are those of another directory, and contradict nobody.
    let by_guid = people.matched.iter().flatten().any(|matched| matched.by == MatchKey::Guid);
    let foreign_ids = !by_guid && !contradicted.is_empty();
    if !foreign_ids {
        people.take_back(contradicted);
    }
    (people, foreign_ids)
}

/// The user of each person, by person.
fn users_of_people(world: &World, matched: &[Option<Matched<Person>>]) -> Vec<Option<Ix<User>>> {
    let mut users = vec![None; world.expectation.people.seen().count()];
    for (number, matched) in matched.iter().enumerate() {
        if let Some(Matched { with, .. }) = matched {
            users[with.number()] = Some(Ix::new(number));
        }
    }
    users
}

/// Users and people, but for users of whom it is known that they are not whom their ids say.
fn match_people(world: &World, but: &BTreeMap<Ix<User>, Why>) -> MatchUp<User, Person> {
    let can_match = |position, user: &User| user.listed && !but.contains_key(&position);
    match_up(&world.snapshot.users, &world.expectation.people, user_keys, person_keys, can_match)
}

/// The result of matching entries `A` of AWS with entries `B` of the lists.
struct MatchUp<A, B> {
    matched: Vec<Option<Matched<B>>>,
    undecided: BTreeMap<Ix<A>, Why>,
}

impl<A, B> MatchUp<A, B> {
    /// Takes matches back that are none.
    fn take_back(&mut self, contradicted: BTreeMap<Ix<A>, Why>) {
        for (entry, why) in contradicted {
            self.matched[entry.number()] = None;
            self.undecided.insert(entry, why);
        }
    }

    fn gaps(&self, unseen: impl Fn(Ix<A>) -> Unseen) -> BTreeMap<Ix<A>, Arc<Gap>> {
        let gap = |(&entry, why): (&Ix<A>, &Why)| {
            let gap = Gap {
                side: Side::Expected,
                source: "directory".to_owned(),
                account: None,
                unseen: unseen(entry),
                why: why.clone(),
                hides: Hides::Grants,
            };
            (entry, Arc::new(gap))
        };
        self.undecided.iter().map(gap).collect()
    }
}

fn match_up<A, B>(
    ours: &Listing<A>,
    theirs: &Listing<B>,
    our_keys: impl Fn(&A, MatchKey) -> Vec<Key>,
    their_keys: impl Fn(&B, MatchKey) -> Vec<Key>,
    can_match: impl Fn(Ix<A>, &A) -> bool,
) -> MatchUp<A, B>
where
    B: Labelled,
{
    let mut matched: Vec<Option<Matched<B>>> = vec![None; ours.seen().count()];
    let mut taken = vec![false; theirs.seen().count()];
    let mut undecided: BTreeMap<Ix<A>, Why> = BTreeMap::new();
    let ambiguous = |key: &Key, candidates| Why::Ambiguous { key: key.clone(), candidates };
    for by in LADDER {
        let index = theirs.index_by(|entry| their_keys(entry, by));
        let mut claims: BTreeMap<Ix<B>, Vec<(Ix<A>, Key)>> = BTreeMap::new();
        for (position, entry) in ours.positions() {
            if matched[position.number()].is_some() || undecided.contains_key(&position) || !can_match(position, entry)
            {
                continue;
            }
            let keys = our_keys(entry, by);
            let mut candidates: Vec<(Ix<B>, &Key)> = keys
                .iter()
                .filter_map(|key| index.look_up(key).seen().map(|found| (key, found)))
                .flat_map(|(key, found)| found.iter().map(move |&candidate| (candidate, key)))
                .filter(|(candidate, _)| !taken[candidate.number()])
                .collect();
            candidates.sort();
            candidates.dedup_by_key(|(candidate, _)| *candidate);
            match candidates.as_slice() {
                [] => {}
                [(candidate, key)] => claims.entry(*candidate).or_default().push((position, (*key).clone())),
                several => {
                    let names = several.iter().map(|(candidate, _)| theirs[*candidate].label()).collect();
                    undecided.insert(position, ambiguous(several[0].1, names));
                }
            }
        }
        for (candidate, claimants) in claims {
            if let [(position, _)] = claimants.as_slice() {
                matched[position.number()] = Some(Matched { with: candidate, by });
                taken[candidate.number()] = true;
                continue;
            }
            for (position, key) in claimants {
                undecided.insert(position, ambiguous(&key, vec![theirs[candidate].label()]));
            }
        }
    }
    MatchUp { matched, undecided }
}

/// Users who have a person's name and another id than that person.
fn contradictions(
    world: &World,
    source: Option<IdentitySource>,
    matched: &[Option<Matched<Person>>],
) -> BTreeMap<Ix<User>, Why> {
    let users = world.snapshot.users.positions().zip(matched);
    users
        .filter_map(|((position, user), matched)| {
            let matched = matched.as_ref().filter(|matched| matched.by != MatchKey::Guid)?;
            let person = &world.expectation.people[matched.with];
            let theirs = match source {
                Some(IdentitySource::ActiveDirectory) => person.guid,
                Some(IdentitySource::Entra) => person.entra_id,
                Some(IdentitySource::Okta | IdentitySource::IdentityCenter) | None => None,
            }?;
            let ours: Vec<Guid> = user.external_ids.iter().filter_map(|id| id.guid()).collect();
            let contradicted = !ours.is_empty() && !ours.contains(&theirs);
            let why = Why::Contradicted { key: key(&user.user_name), candidate: person.label() };
            contradicted.then_some((position, why))
        })
        .collect()
}

/// What an entry of the lists is called where it is one of several candidates.
trait Labelled {
    fn label(&self) -> String;
}

impl Labelled for Person {
    fn label(&self) -> String {
        Person::label(self)
    }
}

impl Labelled for DirectoryGroup {
    fn label(&self) -> String {
        match &self.domain {
            Some(domain) => format!("{}@{domain}", self.name),
            None => self.name.clone(),
        }
    }
}
