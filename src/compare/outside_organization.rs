//! Whether somebody whom a role trusts is of the organization.

use std::sync::Arc;

use super::reserved_roles;
use crate::model::{Extent, Gap, IamAccount, IamRole, Sight, Snapshot, Trust, Trusted};

/// Where somebody is.
pub(super) enum Whereabouts {
    /// In the organization, or a service of AWS: nothing to judge.
    Inside,
    /// Outside of it, or of nobody knows which permission set.
    Outside,
    /// The organization's accounts were not read to their end.
    Unknown(Arc<Gap>),
}

/// Where a trusted principal is.
pub(super) fn whereabouts(snapshot: &Snapshot, account: &IamAccount, role: &IamRole, trust: &Trust) -> Whereabouts {
    match reserved_roles::permission_set(snapshot, role) {
        Some(Sight::Absent(_)) => return Whereabouts::Outside,
        Some(Sight::Unseen(gap)) => return Whereabouts::Unknown(gap),
        Some(Sight::Seen(_)) | None if role.is_kept_by_aws() => return Whereabouts::Inside,
        Some(Sight::Seen(_)) | None => {}
    }
    match &trust.trusted {
        Trusted::Service(_) | Trusted::Gone(_) => Whereabouts::Inside,
        Trusted::Anyone | Trusted::Saml(_) | Trusted::Oidc(_) => Whereabouts::Outside,
        Trusted::Account(id, _) => {
            let own = snapshot.accounts[account.account].id == *id;
            let listed = snapshot.accounts.look_up(id, |account| account.id).seen().is_some_and(|found| found.listed);
            if own || listed { Whereabouts::Inside } else { elsewhere(snapshot) }
        }
        Trusted::Organization(id) if id == Trusted::OWN_ORGANIZATION => Whereabouts::Inside,
        Trusted::Organization(id) => match &snapshot.organization {
            Some(organization) if organization.id == *id => Whereabouts::Inside,
            Some(_) => Whereabouts::Outside,
            None => elsewhere(snapshot),
        },
    }
}

/// Outside, if the organization's accounts were read to their end.
fn elsewhere(snapshot: &Snapshot) -> Whereabouts {
    match snapshot.accounts.extent() {
        Extent::Whole(_) => Whereabouts::Outside,
        Extent::Part(gap) => Whereabouts::Unknown(Arc::clone(gap)),
    }
}
