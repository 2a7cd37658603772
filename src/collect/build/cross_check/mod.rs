//! What a second way says of facts that were read by a first one.
//!
//! What either way shows counts as held. Where one shows what the other, read to its end, does not, one of the two is
//! not whole although it says so; nobody can say which, so both are told. A grant that AWS says was made when the
//! listing without it was being asked for is no contradiction: it came in between. Of one that disappears AWS says
//! nothing, so a live run asks for both listings again before it leaves a difference behind.

mod assignments;
mod memberships;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::page_reader::{Reader, Wanted};
use super::permission_sets::PrincipalRead;
use crate::collect::cross_check_sample::SAMPLE;
use crate::collect::journal::page::Operation;
use crate::model::{
    AccountId, AskedAbout, CrossCheck, Gap, GroupId, Hides, Kind, Made, PermissionSetArn, Scope, Unseen, UserId, What,
    Why, Window,
};

pub(super) use assignments::assignments;
pub(super) use memberships::memberships;

/// How long a change of AWS may take until every listing shows it. AWS documents no bound; this is many times what is
/// seen.
const SEEN_EVERYWHERE: TimeDelta = TimeDelta::minutes(5);

/// What came of one comparison, before what it names is found.
pub(super) struct CheckedRead {
    pub(super) kind: Kind,
    pub(super) first: Operation,
    pub(super) second: Operation,
    pub(super) about: AskedAbout,
    pub(super) there_are: usize,
    pub(super) answered: usize,
    pub(super) differing: usize,
    pub(super) contradictions: Vec<ContradictionRead>,
}

/// A grant that one way shows and the other does not.
pub(super) struct ContradictionRead {
    pub(super) grant: GrantRead,
    pub(super) shown: AskingRead,
    pub(super) lacking: AskingRead,
}

/// A listing that AWS was asked for.
#[derive(Clone)]
pub(super) struct AskingRead {
    pub(super) operation: Operation,
    pub(super) about: AboutRead,
    pub(super) window: Window,
}

/// A grant by ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GrantRead {
    Membership(GroupId, UserId),
    Assignment(AccountId, PermissionSetArn, PrincipalRead),
}

/// What a listing was asked about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AboutRead {
    Principal(PrincipalRead),
    PermissionSet(PermissionSetArn),
}

/// Whether a grant came after the listing without it was asked for, or was too young then to be in it.
fn came_later(made: Option<Made>, lacking: Window) -> bool {
    is_younger(made.and_then(Made::at), lacking)
}

/// Whether something was made after a listing was asked for, or too shortly before to be in it.
pub(super) fn is_younger(made: Option<DateTime<Utc>>, listing: Window) -> bool {
    made.is_some_and(|at| listing.from - at <= SEEN_EVERYWHERE)
}

/// Takes note of the questions of a second way that were not answered. It hides nothing: what the first way says stands
/// as it would without a second.
#[derive(Default)]
struct Unanswered {
    asked: usize,
    failed: Option<Why>,
    answered: usize,
}

impl Unanswered {
    fn add(&mut self, ended: Result<(), Why>) -> bool {
        self.asked += 1;
        match ended {
            Ok(()) => {
                self.answered += 1;
                true
            }
            Err(why) => {
                self.failed.get_or_insert(why);
                false
            }
        }
    }

    /// `there_are` so many of each kind that is asked about.
    fn note(self, reader: &mut Reader<'_>, scope: &Scope, checked: (What, Operation), there_are: &[usize]) {
        let wanted: usize = match scope.cross_check {
            // A way that was tried first and refused is no second one.
            CrossCheck::None => return,
            CrossCheck::Sample => there_are.iter().map(|number| SAMPLE.min(*number)).sum(),
            CrossCheck::All => there_are.iter().sum(),
        };
        let wanted = wanted.max(self.asked);
        let lacking = wanted - self.answered;
        if lacking == 0 {
            return;
        }
        let (what, second) = checked;
        let unseen = Unseen::from(what).number(lacking).out_of(wanted);
        reader.gap(second, None, &Wanted::new(unseen, Hides::Nothing), self.failed.unwrap_or(Why::NotAsked));
    }
}

/// Takes note that a listing lacks what the other way shows.
fn disproved(
    reader: &mut Reader<'_>,
    lacking: Operation,
    by: Operation,
    wanted: &Wanted,
    shows: Vec<String>,
) -> Arc<Gap> {
    reader.gap(lacking, None, wanted, Why::Disproved { by: by.api().to_owned(), shows })
}
