//! Whether so few users are people of the lists that the key must be wrong.
//!
//! A list with another column for user names than the one that Identity Center is filled from makes a stranger of
//! everybody, and the advice would be to remove real administrators. So it is said once, with what the names have in
//! common, and nothing is concluded about the users who match nobody: the run is incomplete, never in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::keys::key;
use crate::model::{
    Alike, DirectoryGroup, Extent, Gap, Hides, Ix, Kind, Matched, Matches, NameForm, NamesApart, Person, Side,
    Unrecognized, User, What, Why, World,
};

/// Fewer users may well be strangers one by one.
const FEWEST: usize = 3;

/// Whether the key is wrong. `undecided` are users who fit several people: the key is right for them.
pub(crate) fn unrecognized(
    world: &World,
    matched: &[Option<Matched<Person>>],
    undecided: &BTreeMap<Ix<User>, Why>,
    groups: &[Option<Matched<DirectoryGroup>>],
) -> Option<Unrecognized> {
    let expectation = &world.expectation;
    // What was cut off may name them. A list of some people is whole, as far as it goes.
    if let Extent::Part(gap) = expectation.people.extent()
        && !matches!(gap.why, Why::Untold { .. })
    {
        return None;
    }
    // Somebody who has left is not there where all is well.
    let people: Vec<&Person> = expectation.people.seen().filter(|person| !person.employment.is_over()).collect();
    let users = spoken_for(world, groups);
    let is_known = |user: &Ix<User>| matched[user.number()].is_some() || undecided.contains_key(user);
    let strangers: BTreeSet<Ix<User>> = users.iter().copied().filter(|user| !is_known(user)).collect();
    let matches = Matches {
        users: users.len(),
        matched: users.len() - strangers.len(),
        people: expectation.people.seen().count(),
    };
    if strangers.len() < FEWEST || people.is_empty() {
        return None;
    }
    let entries: Vec<&User> = strangers.iter().map(|user| &world.snapshot.users[*user]).collect();
    let names = apart(&entries, &people);
    let nearly_none = matches.matched * 5 < matches.users && names.alike != Alike::Nothing;
    let is_wrong = matches.matched == 0 || nearly_none;
    is_wrong.then(|| Unrecognized { matches, names, strangers, gap: Arc::new(gap(matches)) })
}

/// The users of whom a list says whether they should be there: all that Identity Center lists, or, where the lists name
/// some people only, those in groups that the lists have too.
fn spoken_for(world: &World, groups: &[Option<Matched<DirectoryGroup>>]) -> BTreeSet<Ix<User>> {
    let (snapshot, expectation) = (&world.snapshot, &world.expectation);
    let listed = snapshot.users.positions().filter(|(_, user)| user.listed).map(|(user, _)| user);
    if expectation.speaks_for.contains(&Kind::User) && !expectation.speaks_in_part.contains(&Kind::User) {
        return listed.collect();
    }
    if !expectation.speaks_for.contains(&Kind::Membership) {
        return BTreeSet::new();
    }
    let known = snapshot.groups.seen().zip(groups).filter(|(_, matched)| matched.is_some());
    let members: BTreeSet<Ix<User>> = known.flat_map(|(group, _)| group.members.seen().copied()).collect();
    listed.filter(|user| members.contains(user)).collect()
}

fn gap(matches: Matches) -> Gap {
    Gap {
        side: Side::Expected,
        source: "directory".to_owned(),
        account: None,
        unseen: What::StrangeUsers.into(),
        why: Why::Unrecognized { matches },
        hides: Hides::Grants,
    }
}

/// What tells the names of users from those of people, and what most of them share.
fn apart(strangers: &[&User], people: &[&Person]) -> NamesApart {
    let (mut called, mut before, mut shown) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for person in people {
        called
            .extend(person.user_name.as_deref().or(person.sam.as_deref()).or(person.mails.first().map(String::as_str)));
        let names = person.user_names().chain(&person.sam).chain(&person.mails);
        before.extend(names.map(|name| before_the_at(name)));
        shown.insert(key(&person.name));
    }
    let most = |alike: usize| (alike * 2 >= strangers.len()).then_some(alike);
    let alike = strangers.iter().filter(|user| before.contains(&before_the_at(&user.user_name))).count();
    let is_shown = |user: &&&User| user.display_name.as_deref().is_some_and(|name| shown.contains(&key(name)));
    let alike_shown = strangers.iter().filter(is_shown).count();
    NamesApart {
        ours: form_of_most(strangers.iter().map(|user| user.user_name.as_str())),
        theirs: form_of_most(called.into_iter()),
        alike: match (most(alike), most(alike_shown)) {
            (Some(alike), _) => Alike::BeforeTheAt(alike),
            (None, Some(alike)) => Alike::ShownName(alike),
            (None, None) => Alike::Nothing,
        },
    }
}

fn before_the_at(name: &str) -> String {
    let key = key(name);
    key.split_once('@').map_or(key.as_str(), |(name, _)| name).to_owned()
}

/// The form that most of these names have; of two that as many have, the first in order.
fn form_of_most<'n>(names: impl Iterator<Item = &'n str>) -> NameForm {
    let mut forms: BTreeMap<NameForm, usize> = BTreeMap::new();
    for name in names {
        *forms.entry(form(name)).or_default() += 1;
    }
    let most = forms.iter().rev().max_by_key(|(_, number)| **number);
    most.map_or(NameForm::Word, |(form, _)| form.clone())
}

fn form(name: &str) -> NameForm {
    let key = key(name);
    match key.rsplit_once('@') {
        Some((_, domain)) => NameForm::AtDomain(domain.to_owned()),
        None if key.bytes().all(|byte| byte.is_ascii_digit()) => NameForm::Number,
        None => NameForm::Word,
    }
}
