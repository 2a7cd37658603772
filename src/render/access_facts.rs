//! What every format says of an access besides who, what and where: whether it is administrative, who answers for it,
//! who reviewed it.

use crate::model::{Administrative, IamAccount, IamUser, Ix, Report, Standing, Subject};
use crate::wording::expected_by;

/// `yes`, `no` or `unknown`, and by which policy or why not; nothing where nothing is granted, or AWS does not say.
pub(super) fn administrative(known: Option<&Administrative>) -> (&'static str, &str) {
    match known {
        Some(Administrative::Yes(how)) => ("yes", how),
        Some(Administrative::No) => ("no", ""),
        Some(Administrative::Unknown(why)) => ("unknown", why),
        None => ("", ""),
    }
}

/// Who answers for an IAM user, as its row of the list says, else as its tag does.
pub(super) fn owner<'r>(report: &'r Report<'_>, account: Ix<IamAccount>, user: Ix<IamUser>) -> Option<&'r str> {
    let at = report.standing(Subject::IamUser(account, user)).and_then(expected_by);
    let row = at.and_then(|at| report.world.expectation.iam_users.look_up(&at, |row| row.row).seen());
    report.world.snapshot.iam[account.number()].users[user].owner(row)
}

/// Whether an IAM user is a person's: one who signs in with a password is, one that has no password is a service's.
pub(super) fn account_type(user: &IamUser) -> &'static str {
    match user.credentials.is().and_then(|credentials| credentials.password) {
        Some(true) => "person",
        Some(false) => "service",
        None => "unknown",
    }
}

/// Who reviewed the rows that expect the links of a path, each once. A row of an export has no reviewer.
pub(super) fn reviewers(report: &Report<'_>, standings: &[Option<&Standing>]) -> String {
    let rows = standings.iter().flatten().filter_map(|standing| expected_by(standing));
    let mut reviewers: Vec<&str> = rows.filter_map(|row| report.reviewer_of(row)).collect();
    reviewers.dedup();
    reviewers.join("; ")
}
