//! Users and groups that were asked for one by one, because the identity store does not list them.
//!
//! Whoever holds something was asked for by id, and the names that the run was given by name. What nobody asked for and
//! holds nothing is not seen; that is a gap, and it hides no access.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::{
    Answer, DescribeGroup, DescribeUser, GetGroupId, GetUserId, Group, ListGroups, ListUsers, User,
};
use crate::collect::journal::page::Parameters;
use crate::model::{Extent, Gap, Hides, LookedUp, NameKey, Side, What, Why, quoted};

/// The entries that were found.
pub(super) struct Known<T> {
    pub(super) entries: Vec<T>,
    pub(super) extent: Extent,
    pub(super) looked_up: LookedUp,
}

/// `why` is why the store does not list them.
pub(super) fn users(reader: &mut Reader<'_>, store: &str, why: Why) -> Known<User> {
    found::<ListUsers, DescribeUser, GetUserId, _>(reader, store, why, |answer| answer.0, |answer| answer.user_id)
}

/// `why` is why the store does not list them.
pub(super) fn groups(reader: &mut Reader<'_>, store: &str, why: Why) -> Known<Group> {
    found::<ListGroups, DescribeGroup, GetGroupId, _>(reader, store, why, |answer| answer.0, |answer| answer.group_id)
}

/// Everyone who was found by id or by name. A call that failed otherwise than by finding nobody leaves the whole open.
fn found<L: Answer, D: ById, N: Answer, T>(
    reader: &mut Reader<'_>,
    store: &str,
    why: Why,
    entry: impl Fn(D) -> T,
    id: impl Fn(N) -> String,
) -> Known<T> {
    let word = D::WORD;
    let asked = reader.asked_of::<N>("IdentityStoreId", store);
    let others = others::<L, D>(reader, asked.is_empty(), why);
    let mut open: Option<Arc<Gap>> = None;
    let mut names = Vec::new();
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for call in asked {
        let Some(name) = call.get("AttributeValue").map(str::to_owned) else { continue };
        let wanted = Wanted::of(D::NAMED.of(&name), quoted(&name), Hides::Grants);
        let read = reader.read::<N>(None, call, &wanted);
        match read.extent {
            Extent::Whole(_) => names.push(NameKey::of(&name)),
            Extent::Part(gap) => _ = open.get_or_insert(gap),
        }
        ids.extend(read.seen.into_iter().map(&id));
    }
    let asked = reader.asked_of::<D>("IdentityStoreId", store);
    ids.extend(asked.iter().filter_map(|call| call.get(D::ID).map(str::to_owned)));
    let mut entries = Vec::new();
    for of in ids {
        let wanted = Wanted::of(D::OF_ID.of(&of), quoted(&of), Hides::Grants);
        let read = reader.read::<D>(None, Parameters::of([("IdentityStoreId", store), (D::ID, &of)]), &wanted);
        if let Extent::Part(gap) = read.extent {
            open.get_or_insert(gap);
        }
        entries.extend(read.seen.into_iter().map(&entry));
    }
    let extent = open.map_or_else(
        || {
            let of = format!("each {word} that holds something, and of the names that were asked for");
            Extent::Whole(reader.vouched(D::OPERATION, Some(of), "an answer for each"))
        },
        Extent::Part,
    );
    Known { entries, extent, looked_up: LookedUp::new(names, others, unasked::<N>(D::EXPECTED)) }
}

/// The gap that remains: who holds nothing, and was not asked for.
fn others<L: Answer, D: ById>(reader: &mut Reader<'_>, nobody_asked: bool, why: Why) -> Arc<Gap> {
    let unseen = if nobody_asked { D::WITHOUT_NAMES } else { D::NOT_NAMED };
    reader.gap(L::OPERATION, None, &Wanted::new(unseen, Hides::Nothing), why)
}

/// Why nobody can say whether somebody is there whom a list expects and nobody asked for. It is no gap of the run,
/// which does not know the lists that it is judged by.
fn unasked<N: Answer>(unseen: What) -> Arc<Gap> {
    Arc::new(Gap {
        side: Side::Aws,
        source: N::OPERATION.api().to_owned(),
        account: None,
        unseen: unseen.into(),
        why: Why::NotAsked,
        hides: Hides::Grants,
    })
}

/// An answer about one entry.
pub(super) trait ById: Answer {
    /// The parameter that names it.
    const ID: &'static str;
    /// What it is.
    const WORD: &'static str;
    /// All of the kind.
    const ALL: What;
    /// One, by its id.
    const OF_ID: What;
    /// Whether there is one of a name.
    const NAMED: What;
    /// Those that were not asked for by their ids.
    const BY_IDS: What;
    /// Those that a listing lacks.
    const UNLISTED: What;
    /// Those that hold nothing, where there were no names to ask for.
    const WITHOUT_NAMES: What;
    /// Those that hold nothing and were not asked for.
    const NOT_NAMED: What;
    /// Those among these that a list expects.
    const EXPECTED: What;
}

impl ById for DescribeUser {
    const ID: &'static str = "UserId";
    const WORD: &'static str = "user";
    const ALL: What = What::Users;
    const OF_ID: What = What::UserOfId;
    const NAMED: What = What::UserNamed;
    const BY_IDS: What = What::UsersByIds;
    const UNLISTED: What = What::UsersUnlisted;
    const WITHOUT_NAMES: What = What::UsersWithoutNames;
    const NOT_NAMED: What = What::UsersNotNamed;
    const EXPECTED: What = What::UsersExpected;
}

impl ById for DescribeGroup {
    const ID: &'static str = "GroupId";
    const WORD: &'static str = "group";
    const ALL: What = What::Groups;
    const OF_ID: What = What::GroupOfId;
    const NAMED: What = What::GroupNamed;
    const BY_IDS: What = What::GroupsByIds;
    const UNLISTED: What = What::GroupsUnlisted;
    const WITHOUT_NAMES: What = What::GroupsWithoutNames;
    const NOT_NAMED: What = What::GroupsNotNamed;
    const EXPECTED: What = What::GroupsExpected;
}

/// The extent, but that it leaves the whole open where somebody who holds something was not asked for.
pub(super) fn everyone_asked<'i, D: ById>(
    reader: &mut Reader<'_>,
    store: &str,
    extent: Extent,
    held: impl Iterator<Item = &'i str>,
) -> Extent {
    let asked: BTreeSet<String> = reader
        .asked_of::<D>("IdentityStoreId", store)
        .into_iter()
        .filter_map(|call| call.get(D::ID).map(str::to_owned))
        .collect();
    let unasked: BTreeSet<&str> = held.filter(|id| !asked.contains(*id)).collect();
    let Some(first) = unasked.first() else { return extent };
    let wanted = Wanted::new(D::BY_IDS.of(*first).number(unasked.len() - 1), Hides::Grants);
    Extent::Part(reader.gap(D::OPERATION, None, &wanted, Why::NotAsked))
}
