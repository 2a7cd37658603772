//! What a user or a group has that its plan did not see: deleting it would take that away unseen.

use std::collections::BTreeSet;

use crate::change::{Planned, SeenIamUser};
use crate::operate::{Observed, ObservedIamUser, ObservedPolicies};

/// Whether a user has more than its plan saw. Less is no difference: an earlier step or an earlier change took it away.
/// `denied` is the policy that a deletion itself attaches.
pub(super) fn has_more(seen: &SeenIamUser, now: &ObservedIamUser, denied: impl Fn(&str) -> bool) -> bool {
    let active = |held: &[crate::operate::ObservedCredential]| held.iter().filter(|one| one.active).count();
    let more = |seen: Option<usize>, is: usize| seen.is_some_and(|seen| is > seen);
    let beyond = |known: &[String], ways: &[ObservedPolicies]| {
        let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        ways.iter().any(|way| !known.contains(way.name.as_str()) && !denied(&way.name))
    };
    (now.password && seen.password == Some(false))
        || more(seen.active_keys.map(usize::from), active(&now.access_keys))
        || more(seen.active_certificates.map(usize::from), active(&now.certificates))
        || more(seen.service_credentials.map(usize::from), active(&now.service_credentials))
        || beyond(&seen.attached, &now.attached)
        || beyond(&seen.inline, &now.inline)
        || beyond(&seen.groups, &now.groups)
}

/// Whether a user or a group of Identity Center is assigned to an application that its plan did not see.
pub(super) fn has_other_applications(planned: &Planned, observed: &Observed) -> bool {
    let holds = match observed {
        Observed::User(user) => user.as_ref().map(|user| &user.holds),
        Observed::Group(group) => group.as_ref().map(|group| &group.holds),
        Observed::IamUser(_) | Observed::Named(_) | Observed::Membership { .. } | Observed::Assignment { .. } => None,
    };
    holds.is_some_and(|holds| holds.applications.iter().any(|arn| !planned.seen.applications.contains(arn)))
}
