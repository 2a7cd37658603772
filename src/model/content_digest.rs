//! The digest of what a subject allows: what somebody who accepts it has looked at.
//!
//! A name can stay while what is behind it grows. Whoever accepts a deviation accepts its content, and this tells
//! whether it is still the same.

use serde_json::{Value, json};

use super::canonical_json::{digest, document};
use super::{
    Account, Boundary, IamAccount, Ix, NameKey, PermissionSet, PermissionSetPolicies, Snapshot, Subject, Trust,
};

impl Snapshot {
    /// The digest of what a subject allows or lets somebody do, in hexadecimal: a permission set's policies with the
    /// documents of the accounts that it refers to, an IAM user's policies and boundary, one policy's document, a
    /// trust's conditions with the policies of its role, the policies of an entitlement's role. `None` where the
    /// subject has no content of its own, or where it was not read.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others have no content of their own")]
    pub fn content_digest(&self, subject: Subject) -> Option<String> {
        match subject {
            Subject::Assignment(account, set, _) => self.permission_set_content(set, Some(account)),
            Subject::PermissionSetOf(set, _) | Subject::PermissionSet(set) => self.permission_set_content(set, None),
            Subject::IamUser(account, user) => self.iam[account.number()].users[user].policies_digest(),
            Subject::Policy(account, user, policy) => {
                self.iam[account.number()].users[user].policies[policy.number()].digest()
            }
            Subject::Trust(account, role, trust) => {
                let role = &self.iam[account.number()].roles[role];
                let trust: &Trust = &role.trusts.is()?[trust.number()];
                Some(digest(&json!({ "trust": trust.digest(), "policies": role.policies_digest()? })))
            }
            Subject::Entitlement(entitled, entitlement) => {
                let entitled = &self.entitled[entitled];
                let role = NameKey::of(&entitled.entitlements[entitlement].role);
                let iam = self.iam_of(entitled.account)?;
                iam.roles.look_up(&role, |role| NameKey::of(&role.name)).seen()?.policies_digest()
            }
            _ => None,
        }
    }

    /// IAM of an account, where it was read.
    #[must_use]
    pub fn iam_of(&self, account: Ix<Account>) -> Option<&IamAccount> {
        self.iam.binary_search_by_key(&account, |iam| iam.account).ok().map(|place| &self.iam[place])
    }

    /// The policies of a permission set, in one account or in all that it is provisioned to.
    fn permission_set_content(&self, set: Ix<PermissionSet>, only: Option<Ix<Account>>) -> Option<String> {
        let set = &self.permission_sets[set];
        let policies = set.policies.is()?;
        let names = own_names(policies);
        if names.is_empty() {
            return Some(policies.digest());
        }
        let placed = set.placements.seen().map(|placement| placement.account);
        let accounts = placed.filter(|account| only.is_none_or(|only| only == *account));
        let documents = accounts.map(|account| {
            let of_account =
                names.iter().map(|name| json!({ "policy": name, "document": self.document(account, name) }));
            json!({ "account": self.accounts[account].id.to_string(), "policies": of_account.collect::<Vec<_>>() })
        });
        Some(digest(&json!({ "policies": policies.digest(), "in": documents.collect::<Vec<_>>() })))
    }

    /// The document of a policy that an account defines for itself; null where it was not read.
    fn document(&self, account: Ix<Account>, name: &str) -> Value {
        let found = self.iam_of(account).and_then(|iam| {
            let policy = iam.policies.look_up(&NameKey::of(name), |policy| NameKey::of(&policy.name)).seen()?;
            policy.document.as_deref()
        });
        found.map_or(Value::Null, document)
    }
}

/// The names of the policies that each account defines for itself.
fn own_names(policies: &PermissionSetPolicies) -> Vec<&str> {
    let boundary = match &policies.boundary {
        Some(Boundary::CustomerManaged(name)) => Some(name),
        Some(Boundary::AwsManaged(_)) | None => None,
    };
    policies.customer_managed.iter().chain(boundary).map(String::as_str).collect()
}
