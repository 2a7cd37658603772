//! Roles that Identity Center makes in accounts, one for each permission set that is provisioned there. Its name says of
//! which permission set it is, and it allows what that does.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::model::{
    Boundary, Gap, Hides, IamAccount, IamPolicy, IamRole, Known, PermissionSet, PermissionSetPolicies, Side, Sight,
    Snapshot, What, Why, World, quoted,
};

/// The permission set of a role; `None` where the role is not Identity Center's, or that is out of scope.
pub(super) fn permission_set<'s>(snapshot: &'s Snapshot, role: &IamRole) -> Option<Sight<&'s PermissionSet>> {
    let name = role.permission_set_name().filter(|_| snapshot.scope.identity_center)?;
    let found = snapshot.permission_sets.seen().find(|set| set.name.eq_ignore_ascii_case(name));
    Some(found.map_or_else(|| snapshot.permission_sets.of_unseen(), Sight::Seen))
}

/// The name of the permission set whose role this was, where Identity Center has no such permission set any more.
pub(super) fn leftover_of<'r>(snapshot: &Snapshot, role: &'r IamRole) -> Option<&'r str> {
    role.permission_set_name().filter(|_| matches!(permission_set(snapshot, role), Some(Sight::Absent(_))))
}

/// The gaps of roles that hold other policies than their permission set, where the newest version of it is in force.
pub(super) fn contradicted(world: &World) -> impl Iterator<Item = Arc<Gap>> + '_ {
    let snapshot = &world.snapshot;
    snapshot.iam.iter().flat_map(move |iam| {
        iam.roles.seen().filter_map(move |role| {
            let set = permission_set(snapshot, role)?.seen()?;
            let Known::Is(policies) = &set.policies else { return None };
            let is_outdated = set.outdated.seen().any(|account| *account == iam.account);
            (!is_outdated && !holds(role, policies)).then(|| Arc::new(gap(snapshot, iam, role, set)))
        })
    })
}

/// Whether a role has the policies of a permission set, and no others.
fn holds(role: &IamRole, set: &PermissionSetPolicies) -> bool {
    let own = |policy: &&IamPolicy| !policy.is_aws_managed();
    let attached = || role.policies.iter().filter(|policy| policy.arn.is_some());
    let lower = |text: &String| text.to_ascii_lowercase();
    let aws_managed: BTreeSet<&String> =
        attached().filter(|policy| !own(policy)).filter_map(|one| one.arn.as_ref()).collect();
    let customer_managed: BTreeSet<String> = attached().filter(own).map(|policy| lower(&policy.name)).collect();
    let inline: Vec<Option<Value>> =
        role.policies.iter().filter(|one| one.arn.is_none()).map(|one| one.document.as_deref().map(json)).collect();
    let boundary = match &set.boundary {
        Some(Boundary::AwsManaged(arn)) => role.boundary.as_ref().is_some_and(|own| own.arn.as_ref() == Some(arn)),
        Some(Boundary::CustomerManaged(name)) => {
            role.boundary.as_ref().is_some_and(|own| lower(&own.name) == lower(name))
        }
        None => role.boundary.is_none(),
    };
    aws_managed == set.aws_managed.iter().collect()
        && customer_managed == set.customer_managed.iter().map(lower).collect()
        && inline == set.inline.iter().map(|text| Some(json(text))).collect::<Vec<_>>()
        && boundary
}

/// A document without its blanks. Two that cannot be read are the same only where their texts are.
fn json(document: &str) -> Value {
    serde_json::from_str(document).unwrap_or_else(|_| Value::String(document.to_owned()))
}

fn gap(snapshot: &Snapshot, iam: &IamAccount, role: &IamRole, set: &PermissionSet) -> Gap {
    let detail = format!("the role's policies differ from those of the permission set {}", quoted(&set.name));
    Gap {
        side: Side::Aws,
        source: "iam:GetAccountAuthorizationDetails".to_owned(),
        account: Some(snapshot.accounts[iam.account].id),
        unseen: What::AllowedByRole.of(&role.name),
        why: Why::Unreadable { detail },
        hides: Hides::Grants,
    }
}
