//! What happens in IAM: roles that trust somebody, root users, passwords.

use serde_json::{Value, json};

use super::{IamUser, Role, Root, Story, managed};

impl Story {
    /// A role whose trust policy allows these principals (`{"AWS": "*"}`), under a condition or none.
    pub fn role(&mut self, account: &str, name: &str, principal: &Value, condition: &Value) -> &mut Self {
        let action = match principal.get("Federated").and_then(Value::as_str) {
            Some(provider) if provider.contains(":saml-provider/") => "sts:AssumeRoleWithSAML",
            Some(_) => "sts:AssumeRoleWithWebIdentity",
            None => "sts:AssumeRole",
        };
        let mut statement = json!({"Effect": "Allow", "Principal": principal, "Action": action});
        if !condition.is_null() {
            statement["Condition"] = condition.clone();
        }
        let trust = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        self.aws
            .roles
            .insert((account.to_owned(), name.to_owned()), Role { path: "/".to_owned(), trust, attached: Vec::new() });
        self
    }

    /// A role that an account may assume under an external id.
    pub fn role_for(&mut self, account: &str, name: &str, trusted: &str) -> &mut Self {
        let principal = json!({"AWS": format!("arn:aws:iam::{trusted}:root")});
        self.role(account, name, &principal, &json!({"StringEquals": {"sts:ExternalId": "acme-42"}}))
    }

    pub fn attach_to_role(&mut self, account: &str, name: &str, policy: &str) -> &mut Self {
        let role = self.aws.roles.get_mut(&(account.to_owned(), name.to_owned())).expect("the role is there");
        role.attached.push(managed(policy));
        self
    }

    /// A row of `trusts.csv`, which is there from the first one on.
    pub fn expect_trust(&mut self, account: &str, role: &str, trusted: &str) -> &mut Self {
        self.expect_trust_under(account, role, trusted, "")
    }

    /// The same with the conditions that are expected.
    pub fn expect_trust_under(&mut self, account: &str, role: &str, trusted: &str, conditions: &str) -> &mut Self {
        let rows = self.lists.trusts.get_or_insert_default();
        rows.insert((account.to_owned(), role.to_owned(), trusted.to_owned(), conditions.to_owned()));
        self
    }

    /// A permission set refers to a policy that each account defines for itself.
    pub fn customer_managed(&mut self, permission_set: &str, policy: &str) -> &mut Self {
        let set = self.aws.permission_sets.get_mut(permission_set).expect("the permission set is there");
        set.customer.push(policy.to_owned());
        self
    }

    /// A managed policy of an account.
    pub fn managed_policy(&mut self, account: &str, name: &str, document: &Value) -> &mut Self {
        self.aws.policies.insert((account.to_owned(), name.to_owned()), document.to_string());
        self
    }

    /// What the credential report says of an account's root user.
    pub fn root(&mut self, account: &str, password: &str, mfa: bool, keys: u8) -> &mut Self {
        self.aws.roots.insert(account.to_owned(), Root { password: password.to_owned(), mfa, keys });
        self
    }

    /// Something else about an IAM user.
    pub fn change(&mut self, account: &str, name: &str, change: impl FnOnce(&mut IamUser)) -> &mut Self {
        let users = self.aws.iam.get_mut(account).expect("the account is there");
        change(users.get_mut(name).expect("the user is there"));
        self
    }
}
