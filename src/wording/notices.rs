//! What page one says besides the verdict.

use chrono::TimeDelta;

use crate::model::{
    Account, Employment, Expectation, ExpectedFile, Extent, IamScope, Ix, Nesting, Origin, Person, Report, Snapshot,
    StandingWord, leavers_without_account, waivers_of_leavers,
};

use super::call_ledger::{facts_apart, origin_words};
use super::sources::set_aside;
use super::weak_matches::weak_matches;
use super::{count, cross_checks, hours, instance_notices, instant, list, store_notices, thousands, visible};

/// What page one has to say besides the verdict, because a reader could otherwise believe more than was shown.
#[must_use]
pub fn notices(report: &Report<'_>) -> Vec<String> {
    let snapshot = &report.world.snapshot;
    let expectation = &report.world.expectation;
    let mut notices = Vec::new();
    if let Some(endpoint) = &snapshot.redirected_to {
        notices.push(format!(
            "The answers came from `{}`, not from AWS: this report is not evidence about AWS",
            visible(endpoint)
        ));
    }
    notices.extend(not_live(report));
    notices.extend(store_notices(report));
    notices.extend(instance_notices(report));
    notices.extend(out_of_scope(snapshot));
    notices.extend(unlisted_accounts(report));
    notices.extend(of_sources(snapshot, expectation));
    match report.verdict.unreviewed_rows {
        0 => {}
        rows => notices.push(format!(
            "{} in expected lists without a reviewer (`reviewed_by`): an unreviewed draft, not an approval",
            count(rows, "row")
        )),
    }
    notices.extend(cross_checks(report));
    let off: Vec<String> = report.verdict.switched_off.iter().map(|rule| format!("`{rule}`")).collect();
    if !off.is_empty() {
        notices.push(format!("The settings switch off {}", list(&off)));
    }
    notices.extend(pending(report));
    notices.extend(provisioning(report));
    notices.extend(weak_matches(report));
    notices.extend(set_aside(&report.world.expectation));
    notices.extend(leavers(report));
    match waivers_of_leavers(expectation, report.world.stamp.as_of.date_naive()) {
        0 => {}
        1 => notices.push("1 waiver was approved by a person who has left".to_owned()),
        waivers => notices.push(format!("{} were approved by people who have left", count(waivers, "waiver"))),
    }
    match expectation.people.seen().filter(|person| person.employment == Employment::Unstated).count() {
        0 => {}
        people => {
            notices.push(format!("Employment status unknown for {}; treated as current", count(people, "person")))
        }
    }
    notices
}

/// What the settings left out of the run.
fn out_of_scope(snapshot: &Snapshot) -> Vec<String> {
    let mut notices = Vec::new();
    if !snapshot.scope.identity_center {
        notices.push("Identity Center was out of scope".to_owned());
    }
    match snapshot.scope.iam {
        IamScope::Nowhere => notices.push("IAM users were out of scope".to_owned()),
        IamScope::CallerAccount => notices.push("IAM users were read in the caller's account only".to_owned()),
        IamScope::Organization => {}
    }
    let closed = snapshot.accounts.seen().filter(|account| {
        Account::is_out_of_use(account.state.as_deref()) && !snapshot.scope.excluded.contains_key(&account.id)
    });
    match (snapshot.scope.iam, closed.count()) {
        (IamScope::Nowhere | IamScope::CallerAccount, _) | (IamScope::Organization, 0) => {}
        (IamScope::Organization, closed) => {
            notices.push(format!("Not active in the organization, so IAM was not read: {}", count(closed, "account")));
        }
    }
    for (account, reason) in &snapshot.scope.excluded {
        notices.push(format!("Account {account} was excluded: {}", visible(reason)));
        let whole = matches!(snapshot.accounts.extent(), Extent::Whole(_));
        if whole && !snapshot.accounts.seen().any(|known| known.listed && known.id == *account) {
            notices.push(format!(
                "`aws.exclude` names account {account}, which is not in the organization: correct or remove it"
            ));
        }
    }
    notices
}

/// Sources without proof of their end, and rows that could not be used.
fn of_sources(snapshot: &Snapshot, expectation: &Expectation) -> Vec<String> {
    let mut notices = Vec::new();
    let sources = snapshot.sources.iter().chain(&expectation.sources);
    match sources.filter(|source| source.vouched_by.is_none()).count() {
        0 => {}
        1 => notices.push("1 source has no proof that it is complete; it is treated as complete".to_owned()),
        many => notices.push(format!(
            "{} have no proof that they are complete; they are treated as complete",
            count(many, "source")
        )),
    }
    match expectation.refused.len() {
        0 => {}
        refused => notices.push(format!("{} in expected lists could not be used", count(refused, "row"))),
    }
    notices
}

/// How many leavers of each list match no account, but for those whom an identity provider calls by their user names.
fn leavers(report: &Report<'_>) -> impl Iterator<Item = String> {
    let expectation = &report.world.expectation;
    let has_user_name = |person: &&&Person| person.user_name.as_deref().is_some_and(|name| name.contains('@'));
    let by_list = leavers_without_account(expectation, &report.matching).into_iter();
    let number = move |(file, people): (Ix<ExpectedFile>, Vec<&Person>)| {
        let number = people.iter().filter(|person| !has_user_name(person)).count();
        let list = visible(&expectation.files[file.number()].name).to_string();
        let match_ = if number == 1 { "matches" } else { "match" };
        (number > 0).then(|| format!("{} in `{list}` {match_} no account", count(number, "former employee")))
    };
    by_list.filter_map(number)
}

/// Whether AWS was asked in this run, and how far its answers lie from the instant that the run speaks about.
fn not_live(report: &Report<'_>) -> impl Iterator<Item = String> {
    let stamp = &report.world.stamp;
    let saved = match stamp.origin {
        None | Some(Origin::Live) => None,
        Some(Origin::SavedFiles | Origin::Journal) => Some(format!(
            "This run did not query AWS: the AWS data comes from {}, without proof that AWS gave these answers",
            origin_words(stamp.origin)
        )),
    };
    let apart = facts_apart(report).map(|(facts, apart)| {
        let hours = hours(usize::try_from(apart.num_hours().abs()).unwrap_or(0));
        let (as_of, facts) = (instant(stamp.as_of), instant(facts));
        match apart > TimeDelta::zero() {
            true => format!(
                "The report is as of {as_of}, but the oldest AWS data is from {facts}, {hours} earlier: \
                             changes in AWS in between are not included"
            ),
            false => format!(
                "The report is as of {as_of}, but the oldest AWS data is from {facts}, {hours} later: \
                              what expired in between still counts"
            ),
        }
    });
    saved.into_iter().chain(apart)
}

/// Accounts that permission sets are provisioned to and the organization does not list.
fn unlisted_accounts(report: &Report<'_>) -> Option<String> {
    let snapshot = &report.world.snapshot;
    let unlisted = snapshot.unlisted_accounts();
    let first = unlisted.first()?;
    let number = count(unlisted.len(), "account");
    Some(format!(
        "Permission sets are provisioned to {number} that the organization does not list: {first}{}",
        match unlisted.len() {
            1 => String::new(),
            more => format!(" and {} more", more - 1),
        }
    ))
}

/// How many differences are too young to count.
pub(super) fn pending_differences(report: &Report<'_>) -> usize {
    report.counts.values().filter_map(|standings| standings.get(&StandingWord::Pending)).sum()
}

/// The same, said.
fn pending(report: &Report<'_>) -> Option<String> {
    let pending = pending_differences(report);
    let grace = hours(usize::try_from(report.world.policy.sync_grace.num_hours()).unwrap_or(0));
    (pending > 0).then(|| {
        let differences = count(pending, "difference");
        format!("{differences} pending: the synchronization may not have run yet (`expect.sync_grace` allows {grace})")
    })
}

/// Whether what is seen fits what is known of how Identity Center is filled.
fn provisioning(report: &Report<'_>) -> impl Iterator<Item = String> {
    let provisioning = report.matching.provisioning;
    let foreign = provisioning.foreign_ids.then(|| {
        "No external id in Identity Center matches the directory: the identity source probably changed, or the lists \
         are from another directory; people were matched by name"
            .to_owned()
    });
    let (like_set, like_other, set, other) = match provisioning.nesting {
        Nesting::Flatten => (provisioning.like_nested, provisioning.like_direct, "flatten", "direct"),
        Nesting::Direct => (provisioning.like_direct, provisioning.like_nested, "direct", "flatten"),
    };
    let nesting = (like_other > like_set && report.matching.nesting_mismatch.is_none()).then(|| {
        format!(
            "{} in AWS with nested members look like `nested_groups = \"{other}\"`, and {} like `{set}`, the value \
             in use",
            count(like_other, "group"),
            thousands(like_set as u64)
        )
    });
    foreign.into_iter().chain(nesting)
}
