//! Former employees: who has left by a list, and still is in AWS.

use super::held_access::account_name;
use super::person_access::anchor;
use crate::model::{Because, IamAccount, IamUser, Ix, Report, RowRef, Standing, Subject, User, UserStatus};
use crate::wording::{count, instant, match_key, row, visible};

/// Rows of each kind that the page lists.
const LISTED: usize = 300;

/// Somebody who has left and is still there.
pub(super) struct FormerRow {
    pub(super) anchor: Option<String>,
    pub(super) name: String,
    /// What of them is still there.
    pub(super) what: String,
    pub(super) said_by: String,
    pub(super) since: String,
}

/// Users of Identity Center whose holder has left.
pub(super) fn users<'r>(report: &'r Report<'_>) -> impl Iterator<Item = Ix<User>> + 'r {
    let people = &report.world.expectation.people;
    let known = report.matching.people.len();
    let users = report.world.snapshot.users.positions().map(|(user, _)| user).take(known);
    users.filter(|user| report.matching.leaver(people, *user).is_some())
}

/// All of them, and how many more there are.
pub(super) fn of(report: &Report<'_>) -> (Vec<FormerRow>, Option<String>) {
    let users = users(report).map(|user| of_user(report, user));
    let mut rows: Vec<FormerRow> = users.chain(iam_users(report)).collect();
    let left_out = rows.len().saturating_sub(LISTED);
    rows.truncate(LISTED);
    (rows, (left_out > 0).then(|| count(left_out, "more former employee")))
}

fn of_user(report: &Report<'_>, position: Ix<User>) -> FormerRow {
    let expectation = &report.world.expectation;
    let user = &report.world.snapshot.users[position];
    let leaver = report.matching.leaver(&expectation.people, position);
    let person = leaver.map(|person| &expectation.people[person]);
    let matched = report.matching.people[position.number()].map(|matched| match_key(matched.by));
    let status = match user.status {
        Some(UserStatus::Enabled) => "enabled",
        Some(UserStatus::Disabled) => "disabled",
        None => "status unknown",
    };
    FormerRow {
        anchor: Some(anchor(report, position)),
        name: visible(&user.user_name).into(),
        what: match matched {
            Some(by) => format!("user of Identity Center, {status} (matched by {by})"),
            None => format!("user of Identity Center, {status}"),
        },
        said_by: person.map_or_else(String::new, |person| row(expectation, person.decided_by())),
        since: person.and_then(|person| person.ended()).map_or_else(|| "not dated".to_owned(), instant),
    }
}

fn iam_users<'r>(report: &'r Report<'_>) -> impl Iterator<Item = FormerRow> + 'r {
    report.judged.iter().filter_map(move |judged| {
        let Subject::IamUser(account, user) = judged.subject else { return None };
        let Standing::Unintended(Because::HolderLeft(at)) = &judged.standing else { return None };
        Some(of_iam_user(report, account, user, *at))
    })
}

fn of_iam_user(report: &Report<'_>, account: Ix<IamAccount>, user: Ix<IamUser>, at: RowRef) -> FormerRow {
    let of = &report.world.snapshot.iam[account.number()];
    FormerRow {
        anchor: None,
        name: visible(&of.users[user].name).into(),
        what: format!("IAM user in {}, whose owner has left", account_name(report, of.account)),
        said_by: row(&report.world.expectation, at),
        since: "not dated".to_owned(),
    }
}
