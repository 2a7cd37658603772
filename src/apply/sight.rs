//! What was observed, as a journal keeps it.

use crate::change::record::{Sight, SightOfIamUser, SightOfPrincipal};
use crate::operate::{Observed, ObservedIamUser, ObservedPolicies, ObservedPrincipal};

/// What was observed, by ids and names.
pub(super) fn sight(observed: &Observed) -> Sight {
    match observed {
        Observed::Membership { membership, .. } => Sight::Membership { id: membership.clone() },
        Observed::Assignment { assigned, .. } => Sight::Assignment { assigned: *assigned },
        Observed::Named(named) => Sight::Named { id: named.as_ref().map(|named| named.id.clone()) },
        Observed::User(user) => {
            Sight::User { user: user.as_ref().map(|user| principal(user.id.as_str(), &user.holds)) }
        }
        Observed::Group(group) => {
            Sight::Group { group: group.as_ref().map(|group| principal(group.id.as_str(), &group.holds)) }
        }
        Observed::IamUser(user) => Sight::IamUser { user: user.as_ref().map(iam_user) },
    }
}

fn principal(id: &str, holds: &ObservedPrincipal) -> SightOfPrincipal {
    SightOfPrincipal {
        id: id.to_owned(),
        memberships: holds.memberships,
        assignments: holds.assignments,
        applications: holds.applications.len(),
    }
}

fn iam_user(user: &ObservedIamUser) -> SightOfIamUser {
    let credentials =
        [&user.access_keys, &user.ssh_keys, &user.certificates, &user.service_credentials].into_iter().flatten();
    let names = |ways: &[ObservedPolicies]| ways.iter().map(|way| way.name.clone()).collect::<Vec<_>>();
    SightOfIamUser {
        id: user.id.clone(),
        password: user.password,
        credentials: credentials.map(|credential| (credential.id.clone(), credential.active)).collect(),
        mfa_devices: user.mfa_devices.len(),
        policies: [names(&user.attached), names(&user.inline)].concat(),
        groups: names(&user.groups),
    }
}
