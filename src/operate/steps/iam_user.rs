//! The steps of changes of IAM users: what closes access comes first, and what denies goes last.

use std::collections::BTreeMap;

use super::{NoSteps, same};
use crate::change::{Change, IamUserRef, Place};
use crate::model::{AccountId, Effect};
use crate::operate::observed::{ObservedCredential, ObservedIamUser, ObservedPolicies};
use crate::operate::step::{Credential, IamWrite, Mark, Step, Switch, TAG};

pub(super) fn steps(
    change: &Change,
    place: &Place,
    mark: &Mark,
    observed: Option<&ObservedIamUser>,
) -> Result<Vec<Step>, NoSteps> {
    if let Change::CreateIamUser { account, name, path, tags, boundary, policies, groups, console } = change {
        let wanted = Wanted { path, tags, boundary: boundary.as_deref(), policies, groups, console: *console };
        return create(&wanted, name, mark, observed).map(|writes| at(*account, name, writes));
    }
    let user = change.iam_user().ok_or(NoSteps::NotObserved)?;
    let name = || format!("IAM user `{}` in account {}", user.name, user.account);
    let Some(seen) = observed else {
        return if change.kind().is_removal() { Ok(Vec::new()) } else { Err(NoSteps::Gone(name())) };
    };
    same(&name(), Some(&user.id), &seen.id)?;
    writes(change, user, place, seen).map(|writes| at(user.account, &user.name, writes))
}

fn at(account: AccountId, user: &str, writes: Vec<IamWrite>) -> Vec<Step> {
    writes.into_iter().map(|write| Step::Iam { account, user: user.to_owned(), write }).collect()
}

/// What a user that is made is to have.
struct Wanted<'c> {
    path: &'c str,
    tags: &'c BTreeMap<String, String>,
    boundary: Option<&'c str>,
    policies: &'c [String],
    groups: &'c [String],
    console: bool,
}

/// The boundary comes with the user, so that it never exists without; the password comes last.
fn create(
    wanted: &Wanted<'_>,
    name: &str,
    mark: &Mark,
    observed: Option<&ObservedIamUser>,
) -> Result<Vec<IamWrite>, NoSteps> {
    let mut writes = Vec::new();
    match observed {
        // It is our own, of an apply that was interrupted: what it lacks is left to do.
        Some(seen) if mark.is_in(&seen.tags) => {}
        Some(_) => return Err(NoSteps::Exists(format!("IAM user `{name}`"))),
        None => {
            let mut tags = wanted.tags.clone();
            tags.insert(TAG.to_owned(), mark.as_str().to_owned());
            let boundary = wanted.boundary.map(str::to_owned);
            writes.push(IamWrite::CreateUser { path: wanted.path.to_owned(), tags, boundary });
        }
    }
    let has = |ways: fn(&ObservedIamUser) -> &Vec<ObservedPolicies>, name: &str| {
        observed.is_some_and(|seen| is_among(ways(seen), name))
    };
    let policies = wanted.policies.iter().filter(|policy| !has(|seen| &seen.attached, policy));
    writes.extend(policies.map(|policy| IamWrite::AttachPolicy { policy: policy.clone() }));
    let groups = wanted.groups.iter().filter(|group| !has(|seen| &seen.groups, group));
    writes.extend(groups.map(|group| IamWrite::AddToGroup { group: group.clone() }));
    if wanted.console && !observed.is_some_and(|seen| seen.password) {
        writes.push(IamWrite::CreateLoginProfile);
    }
    Ok(writes)
}

/// The writes of a change of a user that is there.
fn writes(change: &Change, user: &IamUserRef, place: &Place, seen: &ObservedIamUser) -> Result<Vec<IamWrite>, NoSteps> {
    let keys = |wanted: &dyn Fn(&str) -> bool, to| switches(&seen.access_keys, Credential::AccessKey, to, wanted);
    let some = |wanted: bool, write: IamWrite| if wanted { vec![write] } else { Vec::new() };
    Ok(match change {
        Change::DisableIamUser { .. } => disable(seen),
        Change::EnableIamUser { keys: wanted, .. } => {
            let gone = wanted.iter().find(|key| !seen.access_keys.iter().any(|seen| seen.id == **key));
            if let Some(key) = gone {
                return Err(NoSteps::Gone(format!("access key `{key}` of IAM user `{}`", user.name)));
            }
            keys(&|id| wanted.iter().any(|key| key == id), Switch::Active)
        }
        Change::ActivateIamKey { key, .. } => {
            if !seen.access_keys.iter().any(|seen| seen.id == *key) {
                return Err(NoSteps::Gone(format!("access key `{key}` of IAM user `{}`", user.name)));
            }
            keys(&|id| id == key, Switch::Active)
        }
        Change::DeactivateIamKey { key, .. } => keys(&|id| key.as_ref().is_none_or(|key| key == id), Switch::Inactive),
        Change::DeleteIamUser { .. } => delete(seen, place)?,
        Change::AttachIamPolicy { policy, .. } => {
            some(!is_among(&seen.attached, policy), IamWrite::AttachPolicy { policy: policy.clone() })
        }
        Change::DetachIamPolicy { policy, .. } => {
            some(is_among(&seen.attached, policy), IamWrite::DetachPolicy { policy: policy.clone() })
        }
        Change::AddIamGroupMember { group, .. } => {
            some(!is_among(&seen.groups, group), IamWrite::AddToGroup { group: group.clone() })
        }
        Change::RemoveIamGroupMember { group, .. } => {
            some(is_among(&seen.groups, group), IamWrite::RemoveFromGroup { group: group.clone() })
        }
        Change::CreateIamUser { .. }
        | Change::CreateUser { .. }
        | Change::DeleteUser { .. }
        | Change::CreateGroup { .. }
        | Change::DeleteGroup { .. }
        | Change::AddMember { .. }
        | Change::RemoveMember { .. }
        | Change::AddAssignment { .. }
        | Change::RemoveAssignment { .. } => return Err(NoSteps::NotObserved),
    })
}

fn is_among(ways: &[ObservedPolicies], name: &str) -> bool {
    ways.iter().any(|way| way.name == name)
}

/// The switches of those credentials that are wanted and are not so yet.
fn switches(
    credentials: &[ObservedCredential],
    of: fn(String) -> Credential,
    to: Switch,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<IamWrite> {
    let other = credentials.iter().filter(|seen| seen.active != (to == Switch::Active) && wanted(&seen.id));
    other.map(|seen| IamWrite::Switch { credential: of(seen.id.clone()), to }).collect()
}

/// Credentials of one sort, and what one with an id is.
type OfSort<'s> = (&'s [ObservedCredential], fn(String) -> Credential);

/// The credentials of every sort.
fn credentials(seen: &ObservedIamUser) -> [OfSort<'_>; 4] {
    [
        (&seen.access_keys, Credential::AccessKey),
        (&seen.service_credentials, Credential::ServiceCredential),
        (&seen.ssh_keys, Credential::SshKey),
        (&seen.certificates, Credential::Certificate),
    ]
}

/// What can be taken back comes first: all but the password.
fn disable(seen: &ObservedIamUser) -> Vec<IamWrite> {
    let mut writes: Vec<IamWrite> =
        credentials(seen).into_iter().flat_map(|(held, of)| switches(held, of, Switch::Inactive, &|_| true)).collect();
    writes.extend(seen.password.then_some(IamWrite::DeleteLoginProfile));
    writes
}

/// Credentials first, then policies and groups, then the user; its boundary goes with it, because taken away before it
/// could let the user do more.
fn delete(seen: &ObservedIamUser, place: &Place) -> Result<Vec<IamWrite>, NoSteps> {
    let mut writes: Vec<IamWrite> = seen.password.then_some(IamWrite::DeleteLoginProfile).into_iter().collect();
    for (held, of) in credentials(seen) {
        writes.extend(held.iter().map(|one| IamWrite::DeleteCredential { credential: of(one.id.clone()) }));
    }
    for serial in &seen.mfa_devices {
        writes.push(IamWrite::DeactivateMfaDevice { serial: serial.clone() });
        // `arn:aws:iam::111122223333:mfa/name`; a device of hardware has a number, a security key `…:u2f/…`.
        if serial.contains(":mfa/") {
            writes.push(IamWrite::DeleteMfaDevice { serial: serial.clone() });
        }
    }
    writes.extend(take_policies(seen, place)?);
    writes.push(IamWrite::DeleteUser);
    Ok(writes)
}

/// What a way to policies does: the order in which ways are taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    Allows,
    AllowsAndDenies,
    Denies,
    DeniesEverything,
}

/// Takes all policies and groups away. Those that only allow go first, and those that only deny last: sessions that were
/// given before still have the user's rights. Where several both allow and deny, each may deny what another one allows,
/// and no order is safe; then AWS's policy that denies everything is attached before them, and goes last.
fn take_policies(seen: &ObservedIamUser, place: &Place) -> Result<Vec<IamWrite>, NoSteps> {
    let is_deny_all = |arn: &str| arn.starts_with("arn:") && arn.ends_with(":iam::aws:policy/AWSDenyAll");
    let says = |way: &ObservedPolicies| match (way.has(Effect::Allow), way.has(Effect::Deny)) {
        (_, false) => Says::Allows,
        (true, true) => Says::AllowsAndDenies,
        (false, true) => Says::Denies,
    };
    let inline = seen.inline.iter().map(|way| (says(way), IamWrite::DeletePolicy { policy: way.name.clone() }));
    let attached = seen.attached.iter().map(|way| {
        let says = if is_deny_all(&way.name) { Says::DeniesEverything } else { says(way) };
        (says, IamWrite::DetachPolicy { policy: way.name.clone() })
    });
    let groups = seen.groups.iter().map(|way| (says(way), IamWrite::RemoveFromGroup { group: way.name.clone() }));
    let mut ways: Vec<(Says, IamWrite)> = inline.chain(attached).chain(groups).collect();
    ways.sort_by_key(|(says, _)| *says);
    let count = |wanted: Says| ways.iter().filter(|(says, _)| *says == wanted).count();
    if count(Says::AllowsAndDenies) > 1 && count(Says::DeniesEverything) == 0 {
        let partition = place.partition.as_deref().ok_or(NoSteps::NoPlace("partition of AWS"))?;
        let policy = format!("arn:{partition}:iam::aws:policy/AWSDenyAll");
        // Only then: a user can have ten policies attached, and what only allows is gone by then.
        let first = ways.iter().position(|(says, _)| *says > Says::Allows).unwrap_or(ways.len());
        ways.insert(first, (Says::DeniesEverything, IamWrite::AttachPolicy { policy: policy.clone() }));
        ways.push((Says::DeniesEverything, IamWrite::DetachPolicy { policy }));
    }
    Ok(ways.into_iter().map(|(_, write)| write).collect())
}
