//! From a look to its outcome: the same comparison as an audit's, of which only what is about the one thing counts.

use crate::aws::failure::{Failure, Kind};
use crate::collect::focus::Presence;
use crate::compare::compare;
use crate::events::{Ending, Event, Found, Has, Meaning, Outcome, PlannedBy, Seen, Settled};
use crate::model::{AlsoNamed, Finding, Principal, Report, Standing, Watched, World};
use crate::wording;

use super::about::About;

/// How many names an outcome keeps of a kind.
const KEPT: usize = 100;

/// What came of a look. `planned` is the change that the events belong to, or whether the operator had none.
pub(super) fn conclude(
    world: &World,
    looked: (Presence, &[(String, Failure)]),
    settled: Settled,
    planned: Planned,
) -> Outcome {
    let (presence, failed) = looked;
    let about = About { world, watched: &settled.watched };
    let report = compare(world);
    let mut unread: Vec<(String, String)> =
        failed.iter().map(|(action, failure)| (action.clone(), failure.code.clone())).collect();
    unread.sort();
    unread.dedup();
    let first_denied = failed.iter().find(|(_, failure)| failure.kind == Kind::Denied);
    let ending = match presence {
        Presence::OutOfScope => Ending::OutOfScope,
        Presence::NotListedYet => Ending::NotListedYet,
        Presence::Unread => match (first_denied, failed.first()) {
            (Some((action, failure)), _) => Ending::NotAllowed(action.clone(), failure.code.clone()),
            (None, Some((action, failure))) => Ending::Unread(action.clone(), failure.code.clone()),
            (None, None) => Ending::Undecided(Vec::new()),
        },
        Presence::Gone => match found(&report, about) {
            (open, _) if !open.is_empty() => Ending::NotExpected(open),
            _ => Ending::Gone,
        },
        Presence::There => present(&report, about, &settled),
    };
    if matches!(ending, Ending::NotAllowed(..) | Ending::Unread(..)) {
        unread.clear();
    }
    let (planned, operator_without_plan) = match planned {
        Planned::By(planned) => (Some(planned), false),
        Planned::WithoutPlan => (None, true),
        Planned::ByOthers => (None, false),
    };
    Outcome {
        looked_at: Some(world.stamp.as_of),
        watched: Some(seen(about)),
        events: settled.events,
        ending,
        planned,
        operator_without_plan,
        unread,
    }
}

/// Whether the events belong to a plan.
pub(super) enum Planned {
    /// To this change of it.
    By(PlannedBy),
    /// The role that applies plans was used, and no plan has the change.
    WithoutPlan,
    /// Others did it, who need no plan.
    ByOthers,
}

/// The open findings about it, the worst first, and those that waivers accept.
fn found(report: &Report<'_>, about: About<'_>) -> (Vec<Found>, Vec<Found>) {
    let as_found = |finding: &Finding| Found {
        rule: finding.rule,
        severity: finding.severity,
        title: wording::title(report, finding),
        fingerprint: finding.fingerprint.clone(),
    };
    let open = report.open().filter(|finding| about.is(finding.subject)).map(as_found);
    let waived = report.waived().filter(|finding| about.is(finding.subject)).map(as_found);
    (open.collect(), waived.collect())
}

fn present(report: &Report<'_>, about: About<'_>, settled: &Settled) -> Ending {
    let (open, waived) = found(report, about);
    if !open.is_empty() {
        return Ending::NotExpected(open);
    }
    if is_in_progress(about, settled) {
        return Ending::InProgress;
    }
    let (mut rows, mut why) = (Vec::new(), Vec::new());
    let mut is_pending = false;
    for judged in report.judged.iter().filter(|judged| about.is(judged.subject)) {
        match &judged.standing {
            Standing::Expected(row) => rows.push(wording::row(&report.world.expectation, *row)),
            Standing::Pending(_) => is_pending = true,
            Standing::Unknown(gap) => why.push(wording::gap_line(gap)),
            // Where lists speak of it, the settings switched off the rule that would find it.
            Standing::Unlisted | Standing::Unintended(_) | Standing::Differs(_) | Standing::Missing(..) => {}
        }
    }
    for of_kind in [&mut rows, &mut why] {
        of_kind.sort();
        of_kind.dedup();
        of_kind.truncate(KEPT);
    }
    match () {
        () if !why.is_empty() => Ending::Undecided(why),
        () if is_pending => Ending::Pending,
        () if !waived.is_empty() => Ending::Accepted(waived),
        () if !rows.is_empty() => Ending::Expected(rows),
        () => Ending::NotAssessed,
    }
}

/// Whether an assignment that was asked for is not there yet, or one that was to go is there still.
fn is_in_progress(about: About<'_>, settled: &Settled) -> bool {
    let snapshot = &about.world.snapshot;
    let is_there = |also: &AlsoNamed| {
        let AlsoNamed::Assignment(arn, account) = also else { return false };
        let sets = snapshot.permission_sets.seen().filter(|set| set.arn == *arn);
        let placements = sets.flat_map(|set| set.placements.seen());
        let placements = placements.filter(|placement| snapshot.accounts[placement.account].id == *account);
        placements.flat_map(|placement| placement.principals.seen()).any(|held| about.is_principal(*held))
    };
    let last_of = |also: &AlsoNamed| settled.events.iter().rev().find(|event| names(event, about.watched, also));
    settled.also.iter().any(|also| {
        let last = last_of(also).map(|event| event.operation.as_str());
        match last {
            Some("CreateAccountAssignment") => !is_there(also),
            Some("DeleteAccountAssignment") => is_there(also),
            Some(_) | None => false,
        }
    })
}

fn names(event: &Event, watched: &Watched, also: &AlsoNamed) -> bool {
    let Meaning::Look(places) = &event.meaning else { return false };
    places.iter().any(|(of, beside)| of == watched && beside.as_ref() == Some(also))
}

/// What was looked at, by the names that the answers have for it, and what it has.
fn seen(about: About<'_>) -> Seen {
    let snapshot = &about.world.snapshot;
    let (mut name, mut has) = (None, Vec::new());
    match about.watched {
        Watched::IamUser(..) => {
            let iam = snapshot.iam.iter().filter(|iam| about.is_in(iam.account));
            if let Some(user) = iam.flat_map(|iam| iam.users.seen()).find(|user| about.is_iam_user(user)) {
                name = Some(user.name.clone());
                let mut policies: Vec<String> = user.policies.iter().map(|policy| policy.name.clone()).collect();
                policies.dedup();
                has.push(Has::Policies(policies));
                if let Some(credentials) = user.credentials.is() {
                    let password = credentials.password == Some(true);
                    has.extend(password.then_some(Has::Password { mfa: credentials.mfa }));
                    has.extend((credentials.active_keys > 0).then_some(Has::AccessKeys(credentials.active_keys)));
                }
            }
        }
        Watched::User(id) => {
            let user = snapshot.users.positions().find(|(_, user)| user.id == *id && user.listed);
            if let Some((place, user)) = user {
                name = Some(user.user_name.clone());
                let of_user =
                    snapshot.groups.seen().filter(|group| group.members.seen().any(|member| *member == place));
                let groups: Vec<String> = of_user.map(|group| group.name.clone()).collect();
                has.extend((!groups.is_empty()).then_some(Has::Groups(groups)));
            }
        }
        Watched::Group(id) => {
            name = snapshot.groups.seen().find(|group| group.id == *id).map(|group| group.name.clone());
        }
        Watched::PermissionSet(arn) => {
            name = snapshot.permission_sets.seen().find(|set| set.arn == *arn).map(|set| set.name.clone());
        }
        Watched::IamGroup(..) | Watched::IamRole(..) | Watched::IamPolicy(..) => {}
    }
    let mut sets = Vec::new();
    for set in snapshot.permission_sets.seen() {
        for placement in set.placements.seen() {
            let holds = |held: &Principal| about.is_principal(*held);
            if placement.principals.seen().any(holds) {
                sets.push((set.name.clone(), snapshot.accounts[placement.account].id));
            }
        }
    }
    has.extend((!sets.is_empty()).then_some(Has::PermissionSets(sets)));
    let of_account = |id| snapshot.accounts.seen().find(|account| account.id == id);
    let account_name = about.watched.account().and_then(of_account).and_then(|account| account.name.clone());
    Seen { watched: about.watched.clone(), name, account_name, has }
}

/// An outcome without a look.
pub(super) fn without_look(event: Event, ending: Ending) -> Outcome {
    Outcome {
        watched: None,
        events: vec![event],
        looked_at: None,
        ending,
        planned: None,
        operator_without_plan: false,
        unread: Vec::new(),
    }
}
