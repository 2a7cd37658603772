//! How everything stands: each thing that is there against the lists, each row of the lists against what is there.

mod applications;
mod approval;
mod assignments;
mod entitlements;
mod grants;
mod groups;
mod holders;
mod iam;
mod memberships;
mod names_in_rows;
mod permission_sets;
mod trusts;
mod users;

use std::sync::Arc;

use crate::model::{Absence, Asked, Because, Gap, Ix, Judged, Kind, Sight, Standing, StandingWord, Subject, World};

use super::matching::who_is_who::WhoIsWho;
use super::pending;
use names_in_rows::Principals;

pub(super) use permission_sets::unapproved as unapproved_sets;

/// Judges everything, in the order of subjects.
///
/// Later kinds stand on earlier ones: a membership of somebody whom no list knows is unintended for that reason, and
/// so belongs to that cause. With what is pending, and since when.
pub(super) fn everything(world: &World, who: &WhoIsWho) -> (Vec<Judged>, pending::Since) {
    let principals = Principals::of(world, who);
    let users = users::judge(world, who, &principals);
    let groups = groups::judge(world, who);
    let memberships = memberships::judge(world, who, &users, &groups);
    let mut judged = users.judged;
    judged.extend(groups.into_iter().map(|(group, standing)| Judged { subject: Subject::Group(group), standing }));
    judged.extend(memberships);
    judged.extend(assignments::judge(world, who, &principals));
    judged.extend(applications::judge(world, who, &principals));
    judged.extend(entitlements::judge(world, who, &principals));
    judged.extend(permission_sets::judge(world));
    judged.extend(iam::judge(world, &who.matching));
    judged.extend(trusts::judge(world));
    judged.sort_by_key(|judged| judged.subject);
    let since = pending::settle(world, who, &mut judged);
    (judged, since)
}

/// Whether a list speaks for this kind.
fn speaks_for(world: &World, kind: Kind) -> bool {
    world.expectation.speaks_for.contains(&kind)
}

/// Whether the lists name only some of this kind.
fn names_some_only(world: &World, kind: Kind) -> bool {
    world.expectation.speaks_in_part.contains(&kind)
}

/// How something that is there stands, by what the list answered when it was asked for it.
fn standing_of_present(world: &World, answer: Sight<Standing>, asked: impl FnOnce() -> Asked) -> Standing {
    match world.expectation.unless_refused(answer, asked) {
        Sight::Seen(standing) => standing,
        Sight::Absent(absence) => Standing::Unintended(Because::NotExpected(absence)),
        Sight::Unseen(gap) => Standing::Unknown(gap),
    }
}

/// How something stands by the row that is kindest to it, of all that are found: one that expects it as it is, one of
/// which nobody can say, any.
fn by_kindest_row<R>(
    look_up: impl Fn(&dyn Fn(Ix<R>) -> bool) -> Sight<Ix<R>>,
    by_row: impl Fn(Ix<R>) -> Standing,
) -> Sight<Standing> {
    for wanted in [StandingWord::Expected, StandingWord::Unknown] {
        if let Sight::Seen(row) = look_up(&|row| by_row(row).word() == wanted) {
            return Sight::Seen(by_row(row));
        }
    }
    look_up(&|_| true).map(by_row)
}

/// How something that a row expects stands where it was not seen.
enum NotThere {
    Proved(Absence),
    Unseen(Arc<Gap>),
}

impl NotThere {
    fn standing(self, row: crate::model::RowRef) -> Standing {
        match self {
            NotThere::Proved(absence) => Standing::Missing(row, absence),
            NotThere::Unseen(gap) => Standing::Unknown(gap),
        }
    }
}

/// Splits an answer into what was seen and why it was not.
fn seen<T>(answer: Sight<T>) -> Result<T, NotThere> {
    match answer {
        Sight::Seen(entry) => Ok(entry),
        Sight::Absent(absence) => Err(NotThere::Proved(absence)),
        Sight::Unseen(gap) => Err(NotThere::Unseen(gap)),
    }
}
