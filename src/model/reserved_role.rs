//! Roles that Identity Center makes in accounts, one for each permission set that is provisioned there: the name says which.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::{Account, IamRole, Ix, PermissionSet, Snapshot};

const PATH: &str = "/aws-reserved/sso.amazonaws.com/";
const PREFIX: &str = "AWSReservedSSO_";
/// What follows the permission set's name: `_` and a hash.
const END: usize = 17;

impl IamRole {
    /// The name of the permission set of this role, where Identity Center keeps it.
    #[must_use]
    pub fn permission_set_name(&self) -> Option<&str> {
        let name = self.name.strip_prefix(PREFIX).filter(|_| self.path.starts_with(PATH))?;
        name.get(..name.len().checked_sub(END)?)
    }
}

impl Snapshot {
    /// When the role of a permission set in an account was last used, where IAM says so. IAM keeps that for 400 days.
    #[must_use]
    pub fn last_uses(&self) -> BTreeMap<(Ix<PermissionSet>, Ix<Account>), DateTime<Utc>> {
        let sets: BTreeMap<String, Ix<PermissionSet>> =
            self.permission_sets.positions().map(|(set, entry)| (entry.name.to_ascii_lowercase(), set)).collect();
        let roles = self.iam.iter().flat_map(|iam| iam.roles.seen().map(move |role| (iam.account, role)));
        let used = roles.filter_map(|(account, role)| {
            let set = sets.get(&role.permission_set_name()?.to_ascii_lowercase())?;
            Some(((*set, account), role.last_used?))
        });
        used.collect()
    }
}
