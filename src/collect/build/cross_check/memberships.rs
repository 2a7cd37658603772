//! Memberships by the way that was not gone: by member where groups were asked, by group where members were.

use std::collections::{BTreeMap, BTreeSet};

use super::{AboutRead, AskingRead, CheckedRead, ContradictionRead, GrantRead, Unanswered, came_later, disproved};
use crate::collect::api::responses::{ListGroupMemberships, ListGroupMembershipsForMember};
use crate::collect::build::entries::Read;
use crate::collect::build::group_read::{GroupRead, unlisted};
use crate::collect::build::memberships::{Named, asked, of_group, of_member};
use crate::collect::build::page_reader::{Reader, Wanted};
use crate::collect::build::permission_sets::PrincipalRead;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::membership_strategy::Way;
use crate::model::{
    AskedAbout, Extent, Hides, Interner, Kind, Made, Scope, TextId, User, UserId, What, Window, quoted,
};

/// A membership: the place of the group, the id of the user.
type Pair = (usize, TextId);

/// What the second way shows, and when it was asked.
#[derive(Default)]
struct Second {
    shows: BTreeMap<Pair, Option<Made>>,
    /// By group's place or user's id, whichever was asked about.
    listings: BTreeMap<usize, Listing>,
}

/// A listing of the second way: what it shows is shown, be it cut or not.
#[derive(Clone, Copy)]
struct Listing {
    window: Window,
    /// Whether it was read to its end, so that it can be said to lack something.
    whole: bool,
}

impl Second {
    fn asked(
        &mut self,
        reader: &mut Reader<'_>,
        (operation, question): (Operation, Parameters),
        (about, name): (usize, &str),
        whole: bool,
    ) {
        if whole {
            reader.vouched(operation, Some(quoted(name)), "its last page");
        }
        // A question that says more than whom it is about is another one.
        let window = reader.window(operation, None, question);
        self.listings.extend(window.map(|window| (about, Listing { window, whole })));
    }
}

/// Compares the memberships of `groups` with what the second way says, and adds what only that shows.
pub(in crate::collect::build) fn memberships(
    reader: &mut Reader<'_>,
    scope: &Scope,
    store: &str,
    way: Way,
    users: &Read<User>,
    groups: &mut Read<GroupRead>,
    named: &mut Named<'_>,
) -> Option<CheckedRead> {
    let (there_are, about, again) = match way {
        Way::ByGroup => (users.seen.len(), AskedAbout::Users, What::MembershipsOfUsersAgain),
        Way::ByMember => (
            groups.seen.iter().filter(|group| is_compared(group)).count(),
            AskedAbout::Groups,
            What::MembershipsOfGroupsAgain,
        ),
    };
    let (first, second) = (way.operation(), way.other().operation());
    let mut unanswered = Unanswered::default();
    let told = match way {
        Way::ByGroup => by_member(reader, store, users, groups, named, &mut unanswered),
        Way::ByMember => by_group(reader, store, groups, named, &mut unanswered),
    };
    if unanswered.answered == 0 && told.shows.is_empty() && scope.cross_check.is_none() {
        return None;
    }
    let answered = unanswered.answered;
    unanswered.note(reader, scope, (again, second), &[there_are]);
    let contradictions = Comparison { store, way, users, ids: &*named.ids }.compare(reader, groups, &told);
    let differing = contradictions.iter().map(|(pair, _)| listing(*pair, way.other()));
    let differing = differing.collect::<BTreeSet<usize>>().len();
    let contradictions = contradictions.into_iter().map(|(_, contradiction)| contradiction).collect();
    Some(CheckedRead { kind: Kind::Membership, first, second, about, there_are, answered, differing, contradictions })
}

fn by_member(
    reader: &mut Reader<'_>,
    store: &str,
    users: &Read<User>,
    groups: &mut Read<GroupRead>,
    named: &mut Named<'_>,
    unanswered: &mut Unanswered,
) -> Second {
    let asked = asked(reader, Operation::ListGroupMembershipsForMember, "UserId", store);
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    if !asked.is_empty() {
        places.extend(groups.seen.iter().enumerate().map(|(place, group)| (group.id.as_str().to_owned(), place)));
    }
    let mut told = Second::default();
    for user in users.seen.iter().filter(|user| asked.contains(user.id.as_str())) {
        let question = of_member(store, user.id.as_str());
        let (pages, ended) = reader.try_read::<ListGroupMembershipsForMember>(None, question.clone());
        let id = named.ids.intern(user.id.as_str());
        for (group, made) in named.groups(pages) {
            let place = *places.entry(group).or_insert_with_key(|id| {
                groups.seen.push(unlisted(id.clone(), &groups.extent));
                groups.seen.len() - 1
            });
            told.shows.insert((place, id), made);
        }
        let question = (Operation::ListGroupMembershipsForMember, question);
        told.asked(reader, question, (id.number(), &user.user_name), unanswered.add(ended));
    }
    told
}

/// Whether the second way is asked about a group. One that joined since was asked by both ways at the first time.
fn is_compared(group: &GroupRead) -> bool {
    group.listed && !group.late
}

fn by_group(
    reader: &mut Reader<'_>,
    store: &str,
    groups: &Read<GroupRead>,
    named: &mut Named<'_>,
    unanswered: &mut Unanswered,
) -> Second {
    let asked = asked(reader, Operation::ListGroupMemberships, "GroupId", store);
    let mut told = Second::default();
    let is_asked = |group: &GroupRead| !group.late && asked.contains(group.id.as_str());
    for (place, group) in groups.seen.iter().enumerate().filter(|(_, group)| is_asked(group)) {
        let question = of_group(store, group.id.as_str());
        let (pages, ended) = reader.try_read::<ListGroupMemberships>(None, question.clone());
        let (members, made) = named.members(pages);
        told.shows.extend(members.into_iter().map(|member| (place, member)).zip(made));
        let question = (Operation::ListGroupMemberships, question);
        told.asked(reader, question, (place, &group.name), unanswered.add(ended));
    }
    told
}

/// Which listing of a way a membership belongs into.
fn listing((group, user): Pair, way: Way) -> usize {
    match way {
        Way::ByGroup => group,
        Way::ByMember => user.number(),
    }
}

struct Comparison<'c> {
    store: &'c str,
    way: Way,
    users: &'c Read<User>,
    ids: &'c Interner,
}

impl Comparison<'_> {
    /// What the two ways do not both show, by the pair that it is about. What only the second shows is added.
    fn compare(
        &self,
        reader: &mut Reader<'_>,
        groups: &mut Read<GroupRead>,
        told: &Second,
    ) -> Vec<(Pair, ContradictionRead)> {
        let first: BTreeSet<Pair> = self.first(groups, told);
        let mut contradictions = Vec::new();
        for (&pair, &made) in told.shows.iter().filter(|(pair, _)| !first.contains(pair)) {
            let group = &mut groups.seen[pair.0];
            group.members.seen.push(pair.1);
            group.made.extend(made.map(|made| (pair.1, made)));
            let asked = (self.shown_by_second(told, pair), self.asked_by_first(reader, group, pair.1));
            if let (Some(shown), Some(lacking)) = asked
                && matches!(group.members.extent, Extent::Whole(_))
                && !came_later(made, lacking.1)
            {
                contradictions.push((pair, self.contradiction(group, pair.1, self.way, (shown, lacking))));
            }
        }
        let only_first = contradictions.len();
        for &pair in first.iter().filter(|pair| !told.shows.contains_key(pair)) {
            let group = &groups.seen[pair.0];
            let made = group.made.iter().find(|(user, _)| *user == pair.1).map(|(_, made)| *made);
            let asked = (self.asked_by_first(reader, group, pair.1), self.lacked_by_second(told, pair));
            if let (Some(shown), Some(lacking)) = asked
                && !came_later(made, lacking.1)
            {
                contradictions.push((pair, self.contradiction(group, pair.1, self.way.other(), (shown, lacking))));
            }
        }
        let (lacked_by_first, lacked_by_second) = contradictions.split_at(only_first);
        self.disprove(reader, groups, self.way, lacked_by_first);
        self.disprove(reader, groups, self.way.other(), lacked_by_second);
        contradictions
    }

    /// Makes a gap of each listing of a way that lacks something. What it is the first way's to tell is left open then.
    fn disprove(
        &self,
        reader: &mut Reader<'_>,
        groups: &mut Read<GroupRead>,
        way: Way,
        lacked: &[(Pair, ContradictionRead)],
    ) {
        let mut listings: BTreeMap<usize, Vec<&(Pair, ContradictionRead)>> = BTreeMap::new();
        for one in lacked {
            listings.entry(listing(one.0, way)).or_default().push(one);
        }
        for (listing, lacked) in listings {
            let shows = lacked.iter().map(|((group, user), _)| self.entry(&groups.seen[*group], *user, way)).collect();
            let (_, ContradictionRead { shown, lacking, .. }) = lacked[0];
            let wanted = self.unseen(groups, listing, way);
            let gap = disproved(reader, lacking.operation, shown.operation, &wanted, shows);
            for ((group, _), _) in lacked.iter().filter(|_| way == self.way) {
                groups.seen[*group].members.extent = Extent::Part(gap.clone());
            }
        }
    }

    /// What the first way shows of those whom the second was asked about to the end.
    fn first(&self, groups: &Read<GroupRead>, told: &Second) -> BTreeSet<Pair> {
        let members = groups.seen.iter().enumerate().flat_map(|(place, group)| {
            let members = group.members.seen.iter();
            members.map(move |&member| (place, member))
        });
        let of_asked =
            members.filter(|pair| told.shows.contains_key(pair) || self.lacked_by_second(told, *pair).is_some());
        of_asked.collect()
    }

    /// The listing of the second way that a membership belongs into, if it was asked for.
    fn of_second(&self, told: &Second, pair: Pair) -> Option<Listing> {
        told.listings.get(&listing(pair, self.way.other())).copied()
    }

    fn shown_by_second(&self, told: &Second, pair: Pair) -> Option<(Operation, Window)> {
        Some((self.way.other().operation(), self.of_second(told, pair)?.window))
    }

    /// The same of a listing that can lack it: one that was read to its end.
    fn lacked_by_second(&self, told: &Second, pair: Pair) -> Option<(Operation, Window)> {
        self.shown_by_second(told, pair).filter(|_| self.of_second(told, pair).is_some_and(|listing| listing.whole))
    }

    /// When the first way was asked about it. Of a group that is not listed nobody asked, and the list is what lacks
    /// it; users who are not listed are a finding anyway.
    fn asked_by_first(&self, reader: &Reader<'_>, group: &GroupRead, user: TextId) -> Option<(Operation, Window)> {
        let (operation, question) = match self.way {
            Way::ByGroup if group.listed => (self.way.operation(), of_group(self.store, group.id.as_str())),
            Way::ByGroup => (Operation::ListGroups, Parameters::of([("IdentityStoreId", self.store)])),
            Way::ByMember => (self.way.operation(), of_member(self.store, self.ids.text(user))),
        };
        Some((operation, reader.window(operation, None, question)?))
    }

    /// What a listing of a way lacks, by its name.
    fn entry(&self, group: &GroupRead, user: TextId, way: Way) -> String {
        match way {
            Way::ByGroup => self.user_name(user).to_owned(),
            Way::ByMember => group.name.clone(),
        }
    }

    fn unseen(&self, groups: &Read<GroupRead>, listing: usize, way: Way) -> Wanted {
        let unseen = match way {
            Way::ByGroup => What::Members.of(&groups.seen[listing].name),
            Way::ByMember => {
                let user = self.ids.texts().nth(listing).expect("a listing is of a user who has an id");
                What::GroupsOfUser.of(self.users.seen.get(listing).map_or(user, |user| &user.user_name))
            }
        };
        Wanted::new(unseen, Hides::Grants)
    }

    /// The name of a user; the id where the user is not listed.
    fn user_name(&self, user: TextId) -> &str {
        let listed = self.users.seen.get(user.number());
        listed.map_or_else(|| self.ids.text(user), |listed| &listed.user_name)
    }

    fn contradiction(
        &self,
        group: &GroupRead,
        user: TextId,
        lacked_by: Way,
        (shown, lacking): ((Operation, Window), (Operation, Window)),
    ) -> ContradictionRead {
        let user = UserId::new(self.ids.text(user));
        let asking = |way: Way, (operation, window)| AskingRead {
            operation,
            about: AboutRead::Principal(match way {
                Way::ByGroup => PrincipalRead::Group(group.id.clone()),
                Way::ByMember => PrincipalRead::User(user.clone()),
            }),
            window,
        };
        ContradictionRead {
            grant: GrantRead::Membership(group.id.clone(), user.clone()),
            shown: asking(lacked_by.other(), shown),
            lacking: asking(lacked_by, lacking),
        }
    }
}
