//! Whom an earlier run of the job knew as a former employee, by a list that is gone, or lost its column or the row.
//!
//! They stay one until a list says so again, another list says that they are current, or what they have is gone. What a
//! list does not say any more is no news of the person.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    Earlier, EarlierFinding, Employment, Fingerprint, IamAccount, IamUser, Ix, Judged, Matching, Person, RowRef,
    RuleId, SaidLeft, Standing, Subject, User, World, file_name_time,
};

use super::fingerprint;
use super::former_employees::{FormerEmployees, HadLeft};
use super::rule_context::Case;

/// The rules that find what former employees still have.
const OF_LEAVERS: [RuleId; 2] = [RuleId("leaver-with-access"), RuleId("leaver-with-key")];

/// Everyone who is known so.
pub(super) fn of(world: &World, matching: &Matching, judged: &[Judged]) -> FormerEmployees {
    let no_one_yet = FormerEmployees::default();
    match world.earlier.as_ref().filter(|earlier| knows_leavers(earlier)) {
        Some(earlier) => {
            let case = Case::new(world, matching, judged, &no_one_yet);
            FormerEmployees { users: users(&case, earlier), iam_users: iam_users(&case, earlier) }
        }
        None => no_one_yet,
    }
}

fn users(case: &Case<'_>, earlier: &Earlier) -> BTreeMap<Ix<User>, HadLeft> {
    let users = case.world.snapshot.users.positions().filter_map(|(user, _)| {
        let before = before(case, earlier, Subject::User(user))?;
        Some((user, remembered(case, earlier, before, said_current(case, user))?))
    });
    users.collect()
}

/// IAM users for which somebody answered who had left, unless another owner is named by now. Where none is named any
/// more, the list or the tag that named them is gone or could not be read.
fn iam_users(case: &Case<'_>, earlier: &Earlier) -> BTreeMap<(Ix<IamAccount>, Ix<IamUser>), HadLeft> {
    let iam_users = case.judged.iter().filter_map(|judged| {
        let Subject::IamUser(account, user) = judged.subject else { return None };
        let before = before(case, earlier, judged.subject)?;
        let owner = case.owner_of(account, user);
        // Reports of earlier versions do not say whom they knew as the owner.
        let is_another = matches!((&before.owner, &owner), (Some(then), Some(now)) if then != now);
        if is_another || case.owner_left(account, user).is_some() {
            return None;
        }
        let owner_then = before.owner.clone().filter(|_| owner.is_none());
        let named = owner.as_deref().or(owner_then.as_deref());
        let current = named.map(|owner| owner_said_current(case, owner)).unwrap_or_default();
        let known = remembered(case, earlier, before, current)?;
        Some(((account, user), HadLeft { owner_then, ..known }))
    });
    iam_users.collect()
}

/// The rows that say that the person is current who is called so as an owner.
pub(super) fn owner_said_current(case: &Case<'_>, owner: &str) -> Vec<RowRef> {
    let people = case.owners.people(owner).into_iter().map(|person| &case.world.expectation.people[person]);
    people.flat_map(rows_of_current).collect()
}

/// The rows that say that a user's person is current.
pub(super) fn said_current(case: &Case<'_>, user: Ix<User>) -> Vec<RowRef> {
    let own = case.matching.people[user.number()].map(|matched| &case.world.expectation.people[matched.with]);
    own.into_iter().flat_map(rows_of_current).collect()
}

fn rows_of_current(person: &Person) -> impl Iterator<Item = RowRef> + '_ {
    person.statements.iter().filter(|said| said.employment == Employment::Current).map(|said| said.row)
}

fn knows_leavers(earlier: &Earlier) -> bool {
    earlier.open.values().any(|before| OF_LEAVERS.iter().any(|rule| rule.0 == before.rule))
}

/// The earlier run's finding about it, unless this run has one of its own.
fn before<'e>(case: &Case<'_>, earlier: &'e Earlier, subject: Subject) -> Option<&'e EarlierFinding> {
    match case.standing(subject) {
        // These say themselves what is wrong.
        Standing::Pending(_) | Standing::Unintended(_) => None,
        Standing::Expected(_)
        | Standing::Differs(_)
        | Standing::Missing(..)
        | Standing::Unknown(_)
        | Standing::Unlisted => {
            let keys = fingerprint::of(case.world, subject);
            OF_LEAVERS.iter().find_map(|rule| earlier.open.get(&Fingerprint::of(*rule, &keys)))
        }
    }
}

/// What is remembered, unless a list says that they are current that did not say so then.
fn remembered(case: &Case<'_>, earlier: &Earlier, before: &EarlierFinding, current: Vec<RowRef>) -> Option<HadLeft> {
    let said = before.said_left.clone().unwrap_or(SaidLeft { at: earlier.as_of, by: None });
    let is_known = current.iter().all(|row| said_so_then(case.world, before, *row));
    is_known.then_some(HadLeft { said: Arc::new(said), still_current: current, owner_then: None })
}

/// Whether the list of a row that says that somebody is current said so already in the run of this finding.
pub(super) fn said_so_then(world: &World, before: &EarlierFinding, row: RowRef) -> bool {
    let name = &world.expectation.files[row.file.number()].name;
    before.said_current.iter().any(|known| file_name_time::have_one_name(known, name))
}
