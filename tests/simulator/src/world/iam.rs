//! The IAM of one account. Nothing in it holds the account's number, so that accounts can share it.

use super::{BEGINNING, World};

/// Users, groups, roles and policies.
#[derive(Debug, Clone, Default)]
pub struct Iam {
    /// The users.
    pub users: Vec<IamUser>,
    /// The groups.
    pub groups: Vec<IamGroup>,
    /// The roles.
    pub roles: Vec<IamRole>,
    /// The account's own policies.
    pub policies: Vec<IamPolicy>,
    /// The credentials of the root user.
    pub root: Credentials,
    /// The alias of the account.
    pub alias: Option<String>,
    /// Whether the account has a password policy.
    pub password_policy: bool,
    /// Keys of a user for one service: user name, service, status.
    pub service_credentials: Vec<(String, String, String)>,
}

/// A user.
#[derive(Debug, Clone, Default)]
pub struct IamUser {
    /// The name.
    pub name: String,
    /// The path.
    pub path: String,
    /// The names of the user's groups.
    pub groups: Vec<String>,
    /// Attached policies, by ARN; an ARN of the account itself may have `*` for its number.
    pub attached: Vec<String>,
    /// Policies that exist only in the user: name and document.
    pub inline: Vec<(String, String)>,
    /// The ARN of the policy that bounds the user.
    pub boundary: Option<String>,
    /// Tags.
    pub tags: Vec<(String, String)>,
    /// Password, keys and second factor.
    pub credentials: Credentials,
}

/// A group.
#[derive(Debug, Clone, Default)]
pub struct IamGroup {
    /// The name.
    pub name: String,
    /// Attached policies, by ARN.
    pub attached: Vec<String>,
    /// Policies that exist only in the group: name and document.
    pub inline: Vec<(String, String)>,
}

/// A role.
#[derive(Debug, Clone, Default)]
pub struct IamRole {
    /// The name.
    pub name: String,
    /// The path.
    pub path: String,
    /// Who may assume it, as JSON.
    pub trust: String,
    /// Attached policies, by ARN.
    pub attached: Vec<String>,
    /// Policies that exist only in the role: name and document.
    pub inline: Vec<(String, String)>,
    /// When it was last used, in seconds since 1970.
    pub last_used: Option<i64>,
}

/// A policy of the account.
#[derive(Debug, Clone, Default)]
pub struct IamPolicy {
    /// The name.
    pub name: String,
    /// Its document.
    pub document: String,
}

/// Password, keys and second factor, as the credential report tells them.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// Whether there is a password.
    pub password: bool,
    /// When it was last used, in seconds since 1970.
    pub password_used: Option<i64>,
    /// Whether there is a second factor.
    pub mfa: bool,
    /// At most two access keys.
    pub keys: Vec<Key>,
}

/// An access key.
#[derive(Debug, Clone)]
pub struct Key {
    /// Whether it can be used.
    pub active: bool,
    /// When it was made, in seconds since 1970.
    pub rotated: i64,
    /// When it was last used, in seconds since 1970.
    pub used: Option<i64>,
}

/// A policy that allows everything of one service.
pub(crate) fn allowing(action: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#)
}

/// A trust policy that lets this principal of AWS assume a role.
pub(crate) fn trusting(kind: &str, who: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"{kind}":"{who}"}},"Action":"sts:AssumeRole"}}]}}"#
    )
}

impl World {
    /// Adds an IAM user with one active key to an account, to be changed further.
    ///
    /// # Panics
    /// Where there is no such account.
    pub fn add_iam_user(&mut self, account: &str, name: &str) -> &mut IamUser {
        let iam = self.iam(account);
        iam.users.push(IamUser {
            name: name.to_owned(),
            path: "/".to_owned(),
            credentials: Credentials {
                keys: vec![Key { active: true, rotated: BEGINNING, used: Some(BEGINNING + 86_400) }],
                ..Credentials::default()
            },
            ..IamUser::default()
        });
        iam.users.last_mut().expect("it was added just now")
    }

    /// Adds a role that an account trusts another account with, to be changed further.
    ///
    /// # Panics
    /// Where there is no such account.
    pub fn add_iam_role(&mut self, account: &str, name: &str, trusted: &str) -> &mut IamRole {
        let iam = self.iam(account);
        iam.roles.push(IamRole {
            name: name.to_owned(),
            path: "/".to_owned(),
            trust: trusting("AWS", &format!("arn:aws:iam::{trusted}:root")),
            ..IamRole::default()
        });
        iam.roles.last_mut().expect("it was added just now")
    }
}
