//! Assignments by principal, beside those of each permission set in each account.
//!
//! Whether AWS tells of a user what its groups have is not documented. An entry may name the group, and then it is the
//! group's; or the user, and then it is no contradiction where one of the user's groups has it: nobody has more by it.

use std::collections::{BTreeMap, BTreeSet};

use super::{AboutRead, AskingRead, CheckedRead, ContradictionRead, GrantRead, Unanswered, disproved};
use crate::collect::api::responses::{AssignmentOfPrincipal, ListAccountAssignmentsForPrincipal};
use crate::collect::build::entries::Read;
use crate::collect::build::identity_store::People;
use crate::collect::build::page_reader::{Reader, Wanted};
use crate::collect::build::permission_sets::{self, PlacementRead, PrincipalRead, SetRead, Sets};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{AccountId, AskedAbout, Extent, GroupId, Hides, Instance, Kind, Scope, UserId, What, Why, quoted};

const FIRST: Operation = Operation::ListAccountAssignments;
const SECOND: Operation = Operation::ListAccountAssignmentsForPrincipal;

/// A permission set, by its place, in an account.
type Pair = (usize, AccountId);

/// What the second way says of one principal.
struct Told {
    principal: PrincipalRead,
    shows: BTreeSet<(PrincipalRead, Pair)>,
    /// The listing: what it shows is shown, be it cut or not.
    asking: AskingRead,
    /// Whether it was read to its end, so that it can be said to lack something.
    whole: bool,
}

/// Compares the assignments of `sets` with what the second way says, and adds what only that shows.
pub(in crate::collect::build) fn assignments(
    reader: &mut Reader<'_>,
    scope: &Scope,
    instance: &Instance,
    sets: &mut Sets,
    people: &People,
) -> Option<CheckedRead> {
    let groups = people.groups.seen.iter().filter(|group| group.listed).count();
    let there_are = [people.users.seen.len(), groups];
    let mut unanswered = Unanswered::default();
    let names = people.groups.seen.iter().map(|group| (group.id.clone(), group.name.clone())).collect();
    let names = Names { people, groups: names };
    let told = told(reader, &instance.arn, sets, &names, &mut unanswered);
    if told.is_empty() && (scope.cross_check.is_none() || matches!(sets.sets.extent, Extent::Part(_))) {
        return None;
    }
    let answered = unanswered.answered;
    unanswered.note(reader, scope, (What::AssignmentsAgain, SECOND), &there_are);
    let asked = told.iter().filter_map(|told| told.principal.user().cloned()).collect();
    let mut comparison = Comparison {
        instance: &instance.arn,
        names,
        first: First::of(sets, people, &asked),
        found: BTreeMap::new(),
        by_first: BTreeMap::new(),
        by_second: BTreeMap::new(),
    };
    let differing = told.iter().filter(|told| comparison.compare(reader, &mut sets.sets, told)).count();
    let contradictions = comparison.conclude(reader, &mut sets.sets);
    Some(CheckedRead {
        kind: Kind::Assignment,
        first: FIRST,
        second: SECOND,
        about: AskedAbout::UsersAndGroups,
        there_are: there_are.iter().sum(),
        answered,
        differing,
        contradictions,
    })
}

fn told(
    reader: &mut Reader<'_>,
    instance: &str,
    sets: &mut Sets,
    names: &Names<'_>,
    unanswered: &mut Unanswered,
) -> Vec<Told> {
    let mut told = Vec::new();
    for question in reader.asked_of::<ListAccountAssignmentsForPrincipal>("InstanceArn", instance) {
        let (kind, id) = (question.get("PrincipalType"), question.get("PrincipalId"));
        let asked_about = kind.zip(id).ok_or_else(|| "the call names no principal".to_owned());
        let principal = match asked_about.and_then(|(kind, id)| PrincipalRead::of(kind, id.to_owned())) {
            Ok(principal) => principal,
            Err(detail) => {
                unanswered.add(Err(Why::Unreadable { detail }));
                continue;
            }
        };
        let name = names.of(&principal);
        let (pages, ended) = reader.try_read::<ListAccountAssignmentsForPrincipal>(None, question.clone());
        let mut shows = BTreeSet::new();
        for entry in pages.into_iter().flat_map(|page| page.account_assignments) {
            match understood(reader, instance, sets, &principal, entry) {
                Ok(shown) => _ = shows.insert(shown),
                Err(detail) => {
                    let wanted = Wanted::new(What::AssignmentOf.of(name), Hides::Grants);
                    reader.unreadable::<ListAccountAssignmentsForPrincipal>(None, &wanted, detail);
                }
            }
        }
        let whole = unanswered.add(ended);
        if whole {
            reader.vouched(SECOND, Some(quoted(name)), "its last page");
        }
        let window = reader.window(SECOND, None, question).expect("it is a question that was asked");
        let asking = AskingRead { operation: SECOND, about: AboutRead::Principal(principal.clone()), window };
        told.push(Told { principal, shows, asking, whole });
    }
    told
}

fn understood(
    reader: &mut Reader<'_>,
    instance: &str,
    Sets { sets }: &mut Sets,
    asked: &PrincipalRead,
    entry: AssignmentOfPrincipal,
) -> Result<(PrincipalRead, Pair), String> {
    let account = entry.account_id.parse::<AccountId>().map_err(|error| error.to_string())?;
    let holder = match entry.principal_type.zip(entry.principal_id) {
        Some((kind, id)) => PrincipalRead::of(&kind, id)?,
        None => asked.clone(),
    };
    let known = sets.seen.iter().position(|set| set.arn.as_str() == entry.permission_set_arn);
    let set = known.unwrap_or_else(|| {
        // A set that no list names is one of which nobody asked what it allows, and where it is.
        sets.seen.push(permission_sets::set(reader, instance, entry.permission_set_arn, None));
        sets.seen.len() - 1
    });
    Ok((holder, (set, account)))
}

/// The names of principals.
struct Names<'c> {
    people: &'c People,
    groups: BTreeMap<GroupId, String>,
}

impl Names<'_> {
    /// The name of a principal; the id where nothing lists it.
    fn of<'n>(&'n self, principal: &'n PrincipalRead) -> &'n str {
        match principal {
            PrincipalRead::Group(id) => self.groups.get(id).map_or(id.as_str(), String::as_str),
            PrincipalRead::User(id) => {
                let user = self.people.ids.find(id.as_str());
                let listed = user.and_then(|user| self.people.users.seen.get(user.number()));
                listed.map_or(id.as_str(), |user| &user.user_name)
            }
        }
    }
}

/// What the first way says, by what it is looked for.
struct First {
    held: BTreeMap<PrincipalRead, BTreeSet<Pair>>,
    /// The groups of the users who were asked about.
    groups: BTreeMap<UserId, Vec<GroupId>>,
}

impl First {
    fn of(sets: &Sets, people: &People, asked: &BTreeSet<UserId>) -> Self {
        let mut first = First { held: BTreeMap::new(), groups: BTreeMap::new() };
        for (set, read) in sets.sets.seen.iter().enumerate() {
            for place in &read.placements.seen {
                for holder in &place.principals.seen {
                    first.held.entry(holder.clone()).or_default().insert((set, place.account));
                }
            }
        }
        for group in &people.groups.seen {
            let members = group.members.seen.iter().map(|user| UserId::new(people.ids.text(*user)));
            for member in members.filter(|member| asked.contains(member)) {
                first.groups.entry(member).or_default().push(group.id.clone());
            }
        }
        first
    }

    fn has(&self, holder: &PrincipalRead, pair: &Pair) -> bool {
        self.held.get(holder).is_some_and(|held| held.contains(pair))
    }

    /// Whether it is a user one of whose groups has it.
    fn has_by_a_group(&self, holder: &PrincipalRead, pair: &Pair) -> bool {
        let groups = holder.user().and_then(|user| self.groups.get(user)).into_iter().flatten();
        groups.cloned().any(|group| self.has(&PrincipalRead::Group(group), pair))
    }
}

struct Comparison<'c> {
    instance: &'c str,
    names: Names<'c>,
    first: First,
    found: BTreeMap<(GrantRead, AboutRead), ContradictionRead>,
    /// By permission set and account: who is lacking.
    by_first: BTreeMap<(Pair, Operation), BTreeSet<String>>,
    /// By principal: what is lacking.
    by_second: BTreeMap<String, BTreeSet<String>>,
}

impl Comparison<'_> {
    /// Whether the two ways say something else about this principal.
    fn compare(&mut self, reader: &Reader<'_>, sets: &mut Read<SetRead>, told: &Told) -> bool {
        let mut differs = false;
        for (holder, pair) in &told.shows {
            if self.first.has(holder, pair) || self.first.has_by_a_group(holder, pair) {
                continue;
            }
            let asked = self.asked_by_first(reader, sets, *pair);
            let was_whole = add(sets, holder, *pair);
            if let (Some(lacking), true) = (asked, was_whole) {
                let name = self.names.of(holder).to_owned();
                self.by_first.entry((*pair, lacking.operation)).or_default().insert(name);
                self.contradicted(sets, (holder, *pair), told.asking.clone(), lacking);
                differs = true;
            }
        }
        if !told.whole {
            return differs;
        }
        let held = self.first.held.get(&told.principal).cloned().unwrap_or_default();
        for pair in held.into_iter().filter(|pair| !told.shows.contains(&(told.principal.clone(), *pair))) {
            let Some(shown) = self.asked_by_first(reader, sets, pair) else { continue };
            let (name, entry) =
                (self.names.of(&told.principal).to_owned(), format!("{} in {}", sets.seen[pair.0].name, pair.1));
            self.by_second.entry(name).or_default().insert(entry);
            self.contradicted(sets, (&told.principal, pair), shown, told.asking.clone());
            differs = true;
        }
        differs
    }

    fn contradicted(
        &mut self,
        sets: &Read<SetRead>,
        (holder, (set, account)): (&PrincipalRead, Pair),
        shown: AskingRead,
        lacking: AskingRead,
    ) {
        let grant = GrantRead::Assignment(account, sets.seen[set].arn.clone(), holder.clone());
        let key = (grant.clone(), lacking.about.clone());
        self.found.entry(key).or_insert(ContradictionRead { grant, shown, lacking });
    }

    /// By what the first way says who has the permission set there, and when it was asked: where nobody was asked about
    /// the pair, what said that there is no such pair.
    fn asked_by_first(&self, reader: &Reader<'_>, sets: &Read<SetRead>, (set, account): Pair) -> Option<AskingRead> {
        let (account, arn) = (account.to_string(), &sets.seen[set].arn);
        let of_instance = Parameters::of([("InstanceArn", self.instance)]);
        let of_set = of_instance.clone().with("PermissionSetArn", arn.as_str());
        let questions = [
            (FIRST, of_set.clone().with("AccountId", &account)),
            (Operation::ListAccountsForProvisionedPermissionSet, of_set),
            (Operation::ListPermissionSetsProvisionedToAccount, of_instance.with("AccountId", &account)),
        ];
        let asked = |(operation, question)| Some((operation, reader.window(operation, None, question)?));
        let (operation, window) = questions.into_iter().find_map(asked)?;
        Some(AskingRead { operation, about: AboutRead::PermissionSet(arn.clone()), window })
    }

    /// Makes a gap of every listing that lacks something.
    fn conclude(self, reader: &mut Reader<'_>, sets: &mut Read<SetRead>) -> Vec<ContradictionRead> {
        for (((set, account), lacking), shows) in self.by_first {
            let unseen = What::AssignmentsOfSet.of(&sets.seen[set].name).in_account(account);
            let wanted = Wanted::new(unseen, Hides::Grants).in_account(account);
            let gap = disproved(reader, lacking, SECOND, &wanted, shows.into_iter().collect());
            for place in sets.seen[set].placements.seen.iter_mut().filter(|place| place.account == account) {
                place.principals.extent = Extent::Part(gap.clone());
            }
        }
        for (name, shows) in self.by_second {
            let wanted = Wanted::new(What::AssignmentsOf.of(&name), Hides::Grants);
            disproved(reader, SECOND, FIRST, &wanted, shows.into_iter().collect());
        }
        self.found.into_values().collect()
    }
}

/// Adds an assignment, and says whether the listing that lacks it claims to be whole.
fn add(sets: &mut Read<SetRead>, holder: &PrincipalRead, (set, account): Pair) -> bool {
    let placements = &mut sets.seen[set].placements;
    let place = match placements.seen.iter().position(|place| place.account == account) {
        Some(place) => &mut placements.seen[place],
        None => {
            let principals = Read { seen: Vec::new(), extent: placements.extent.clone() };
            placements.seen.push(PlacementRead { account, principals });
            placements.seen.last_mut().expect("it was added just now")
        }
    };
    if !place.principals.seen.contains(holder) {
        place.principals.seen.push(holder.clone());
    }
    matches!(place.principals.extent, Extent::Whole(_))
}
