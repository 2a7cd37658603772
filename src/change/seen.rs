//! What was seen of what a change is about: what must still be so when it is made.

use super::{Change, Seen, SeenGroup, SeenIamUser, SeenUser, effect, source};
use crate::model::{Credentials, Group, IamUser, Ix, PolicyWay, Principal, Report, User};

/// What was seen. Of what the plan itself makes, nothing was.
#[must_use]
pub fn of(report: &Report<'_>, change: &Change) -> Seen {
    let snapshot = &report.world.snapshot;
    let user = change.user().and_then(|named| effect::user(snapshot, named));
    let group = change.group().and_then(|named| effect::group(snapshot, named));
    let iam_user = change.iam_user().and_then(|named| effect::iam_user(snapshot, named));
    let deleted = match change {
        Change::DeleteUser { .. } => user.map(Principal::User),
        Change::DeleteGroup { .. } => group.map(Principal::Group),
        Change::CreateIamUser { .. }
        | Change::DisableIamUser { .. }
        | Change::EnableIamUser { .. }
        | Change::DeleteIamUser { .. }
        | Change::DeactivateIamKey { .. }
        | Change::ActivateIamKey { .. }
        | Change::AttachIamPolicy { .. }
        | Change::DetachIamPolicy { .. }
        | Change::AddIamGroupMember { .. }
        | Change::RemoveIamGroupMember { .. }
        | Change::CreateUser { .. }
        | Change::CreateGroup { .. }
        | Change::AddMember { .. }
        | Change::RemoveMember { .. }
        | Change::AddAssignment { .. }
        | Change::RemoveAssignment { .. } => None,
    };
    let applications = snapshot.applications.seen().filter(|application| {
        deleted.is_some_and(|deleted| application.principals.seen().any(|held| *held == deleted))
    });
    Seen {
        user: user.map(|user| of_user(report, user)),
        group: group.map(|group| of_group(report, group)),
        iam_user: iam_user.map(|(account, user)| of_iam_user(&snapshot.iam[account.number()].users[user])),
        membership: None,
        applications: applications.map(|application| application.arn.clone()).collect(),
    }
}

fn of_user(report: &Report<'_>, user: Ix<User>) -> SeenUser {
    SeenUser { source: source::of_user(report, user), listed: report.world.snapshot.users[user].listed }
}

fn of_group(report: &Report<'_>, group: Ix<Group>) -> SeenGroup {
    let entry = &report.world.snapshot.groups[group];
    SeenGroup { source: source::of_group(report, group), listed: entry.listed, members: entry.members.seen().count() }
}

fn of_iam_user(user: &IamUser) -> SeenIamUser {
    let credentials = user.credentials.is();
    let known = |count: fn(&Credentials) -> u8| credentials.map(count);
    let of_way = |way: &PolicyWay| user.policies.iter().filter(move |policy| policy.way == *way).collect::<Vec<_>>();
    SeenIamUser {
        password: credentials.and_then(|credentials| credentials.password),
        active_keys: known(|credentials| credentials.active_keys),
        active_certificates: known(|credentials| credentials.active_certificates),
        service_credentials: credentials.and_then(|credentials| credentials.service_credentials),
        attached: of_way(&PolicyWay::Attached).into_iter().filter_map(|policy| policy.arn.clone()).collect(),
        inline: of_way(&PolicyWay::Inline).into_iter().map(|policy| policy.name.clone()).collect(),
        groups: user.groups.clone(),
        boundary: user.boundary.as_ref().and_then(|boundary| boundary.arn.clone()),
    }
}
