//! The verdict in words. "In order" is said only where nothing is open and nothing was hidden, and always for what.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Account, Employment, Extent, IamScope, Kind, Level, Nesting, Report, Severity, StandingWord};

use super::{count, cross_checks, hours, instance_notices, list, thousands, visible};

/// The verdict in one line: `3 findings; complete for users, groups and memberships; not judged: 4,012 assignments`.
#[must_use]
pub fn headline(report: &Report<'_>) -> String {
    let verdict = &report.verdict;
    let judged = list(&verdict.judged.keys().map(|kind| kind_word(*kind).to_owned()).collect::<Vec<_>>());
    let first = match (verdict.open(), verdict.complete()) {
        _ if verdict.judged.is_empty() && verdict.open() == 0 => {
            "Nothing was judged: no expected list speaks of what was seen".to_owned()
        }
        (0, true) if !verdict.reviewed() => format!(
            "Matches an unreviewed draft for {judged}: {} without a reviewer",
            count(verdict.unreviewed_rows, "row")
        ),
        (0, true) => format!("In order for {judged}"),
        (0, false) => format!("No findings, but incomplete: {} hide access", could(verdict.hiding_gaps)),
        (open, true) if judged.is_empty() => count(open, "finding"),
        (open, true) => format!("{}; complete for {judged}", count(open, "finding")),
        (open, false) => {
            format!("{}; incomplete: {} hide more", count(open, "finding"), could(verdict.hiding_gaps))
        }
    };
    match not_judged(&verdict.not_judged) {
        Some(rest) => format!("{first}; not judged: {rest}"),
        None => first,
    }
}

fn could(gaps: usize) -> String {
    format!("{} could", count(gaps, "gap"))
}

fn not_judged(kinds: &BTreeMap<Kind, usize>) -> Option<String> {
    let parts: Vec<String> = kinds.iter().map(|(kind, number)| kind_counted(*kind, *number)).collect();
    (!parts.is_empty()).then(|| list(&parts))
}

/// The numbers under the headline: findings by severity, what waivers accept, gaps.
#[must_use]
pub fn subline(report: &Report<'_>) -> String {
    let verdict = &report.verdict;
    let mut parts: Vec<String> = Severity::ALL
        .into_iter()
        .rev()
        .filter_map(|severity| Some((severity, *verdict.findings.get(&severity)?)))
        .filter(|(_, number)| *number > 0)
        .map(|(severity, number)| format!("{} {severity}", thousands(number as u64)))
        .collect();
    if parts.is_empty() {
        parts.push("no open finding".to_owned());
    }
    parts.push(format!("{} accepted by waivers", thousands(verdict.waived as u64)));
    parts.push(match (verdict.hiding_gaps, verdict.stated_gaps) {
        (0, 0) => "no gap".to_owned(),
        (hiding, 0) => format!("{} hide access", could(hiding)),
        (0, 1) => "1 gap that hides no access".to_owned(),
        (0, stated) => format!("{} that hide no access", count(stated, "gap")),
        (hiding, 1) => format!("{} hide access; 1 other hides none", could(hiding)),
        (hiding, stated) => format!("{} hide access; {} others hide none", could(hiding), thousands(stated as u64)),
    });
    parts.join(" · ")
}

/// What was judged and what was not, in two sentences at most.
#[must_use]
pub fn coverage(report: &Report<'_>) -> Vec<String> {
    let counted = |kinds: &BTreeMap<Kind, usize>| not_judged(kinds);
    let judged = counted(&report.verdict.judged).map(|kinds| format!("Judged: {kinds}"));
    let rest = counted(&report.verdict.not_judged)
        .map(|kinds| format!("Not judged, because no expected list speaks of them: {kinds}"));
    [judged, rest].into_iter().flatten().collect()
}

/// What page one has to say besides the verdict, because a reader could otherwise believe more than was shown.
#[must_use]
pub fn notices(report: &Report<'_>) -> Vec<String> {
    let snapshot = &report.world.snapshot;
    let expectation = &report.world.expectation;
    let mut notices = Vec::new();
    if let Some(endpoint) = &snapshot.redirected_to {
        notices.push(format!(
            "The answers came from `{}`, not from AWS: this is no evidence about AWS",
            visible(endpoint)
        ));
    }
    notices.extend(instance_notices(report));
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
            notices.push(format!(
                "IAM was not read in {} that the organization does not call active",
                count(closed, "account")
            ));
        }
    }
    for (account, reason) in &snapshot.scope.excluded {
        notices.push(format!("Account {account} was excluded: {}", visible(reason)));
    }
    notices.extend(unlisted_accounts(report));
    let sources = snapshot.sources.iter().chain(&expectation.sources);
    match sources.filter(|source| source.vouched_by.is_none()).count() {
        0 => {}
        1 => notices.push("Nobody vouches for the completeness of 1 source; it counts as complete".to_owned()),
        many => notices
            .push(format!("Nobody vouches for the completeness of {}; they count as complete", count(many, "source"))),
    }
    match expectation.refused.len() {
        0 => {}
        refused => notices.push(format!("{} of expected lists could not be used", count(refused, "row"))),
    }
    match report.verdict.unreviewed_rows {
        0 => {}
        rows => notices.push(format!(
            "{} of expected lists without a reviewer (`reviewed_by`): what matches them matches a draft",
            count(rows, "row")
        )),
    }
    notices.extend(cross_checks(report));
    let off: Vec<String> = (report.world.policy.levels.iter())
        .filter(|(_, level)| **level == Level::Off)
        .map(|(rule, _)| format!("`{rule}`"))
        .collect();
    if !off.is_empty() {
        notices.push(format!("The settings switch off {}", list(&off)));
    }
    notices.extend(pending(report));
    notices.extend(provisioning(report));
    match expectation.people.seen().filter(|person| person.employment == Employment::Unstated).count() {
        0 => {}
        people => notices.push(format!(
            "The lists do not say of {} whether they are current; they count as current",
            count(people, "person")
        )),
    }
    notices
}

/// Accounts that permission sets are provisioned to and the organization does not list.
fn unlisted_accounts(report: &Report<'_>) -> Option<String> {
    let snapshot = &report.world.snapshot;
    let Extent::Whole(_) = snapshot.accounts.extent() else { return None };
    let placements = snapshot.permission_sets.seen().flat_map(|set| set.placements.seen());
    let accounts = placements.map(|placement| &snapshot.accounts[placement.account]);
    let unlisted: BTreeSet<_> = accounts.filter(|account| !account.listed).map(|account| account.id).collect();
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
fn pending(report: &Report<'_>) -> Option<String> {
    let counts = report.counts.values().filter_map(|standings| standings.get(&StandingWord::Pending));
    let pending: usize = counts.sum();
    let grace = hours(usize::try_from(report.world.policy.sync_grace.num_hours()).unwrap_or(0));
    (pending > 0).then(|| {
        let differences = count(pending, "difference");
        format!("{differences} may only wait for the synchronization, which the settings give {grace}; no finding yet")
    })
}

/// Whether what is seen fits what is known of how Identity Center is filled.
fn provisioning(report: &Report<'_>) -> impl Iterator<Item = String> {
    let provisioning = report.matching.provisioning;
    let foreign = provisioning.foreign_ids.then(|| {
        "No external id of Identity Center is one of the directory's: the identity source was probably changed, or the \
         lists are those of another directory; people were matched by their names"
            .to_owned()
    });
    let (like_set, like_other, set, other) = match provisioning.nesting {
        Nesting::Flatten => (provisioning.like_nested, provisioning.like_direct, "flatten", "direct"),
        Nesting::Direct => (provisioning.like_direct, provisioning.like_nested, "direct", "flatten"),
    };
    let nesting = (like_other > like_set).then(|| {
        format!(
            "{} of AWS with nested members look like `nested_groups = \"{other}\"`, and {} like `{set}`, by which they \
             were judged",
            count(like_other, "group"),
            thousands(like_set as u64)
        )
    });
    foreign.into_iter().chain(nesting)
}

/// The kind in the plural.
#[must_use]
pub fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "users",
        Kind::Group => "groups",
        Kind::Membership => "memberships",
        Kind::Assignment => "assignments",
        Kind::Application => "application assignments",
        Kind::Entitlement => "entitlements",
        Kind::PermissionSet => "permission sets",
        Kind::IamUser => "IAM users",
        Kind::Policy => "IAM policies",
        Kind::Trust => "outside trusts",
    }
}

/// A number of this kind: `4,012 assignments`.
#[must_use]
pub fn kind_counted(kind: Kind, number: usize) -> String {
    let one = match kind {
        Kind::User => "user",
        Kind::Group => "group",
        Kind::Membership => "membership",
        Kind::Assignment => "assignment",
        Kind::Application => "application assignment",
        Kind::Entitlement => "entitlement",
        Kind::PermissionSet => "permission set",
        Kind::IamUser => "IAM user",
        Kind::Policy => "IAM policy",
        Kind::Trust => "outside trust",
    };
    count(number, one)
}
