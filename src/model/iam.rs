//! IAM in the accounts: users and roles, what they are allowed, how they can sign in. Whom roles trust is in
//! [`trust`](super::Trust).

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::canonical_json::{digest, document};
use super::{Account, IamUserRow, Ix, Known, Listing, Trust, is_placeholder};

/// The tag that names the owner of an IAM user; keys of tags are compared without regard to case.
const OWNER_TAG: &str = "owner";

/// IAM in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamAccount {
    /// The account.
    pub account: Ix<Account>,
    /// Its users, by name.
    pub users: Listing<IamUser>,
    /// Its groups, by name.
    pub groups: Listing<IamGroup>,
    /// Its roles, by name.
    pub roles: Listing<IamRole>,
    /// The account's own managed policies, by name, which is unique without regard to case.
    pub policies: Listing<ManagedPolicy>,
    /// How its root user can sign in.
    pub root: Known<Credentials>,
    /// When AWS made the credential report that the credentials' facts come from: it may be four hours old.
    pub credentials_as_of: Option<DateTime<Utc>>,
}

/// An IAM user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamUser {
    /// Its unique id (`AIDA…`), which another user of the same name does not have, where AWS said it.
    pub id: Option<String>,
    /// Its name, unique in the account without regard to case.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// When it was created, where AWS said so.
    pub created: Option<DateTime<Utc>>,
    /// Names of the IAM groups that it is in, in order.
    pub groups: Vec<String>,
    /// Its policies by every way, in the order of way and name.
    pub policies: Vec<IamPolicy>,
    /// The policy that limits what its other policies can give, where it has one.
    pub boundary: Option<IamPolicy>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// How it can sign in.
    pub credentials: Known<Credentials>,
}

impl IamUser {
    /// Who answers for it, as its row of the list says, else as its tag does.
    #[must_use]
    pub fn owner<'a>(&'a self, row: Option<&'a IamUserRow>) -> Option<&'a str> {
        let tag = self.tags.iter().find(|(key, _)| key.eq_ignore_ascii_case(OWNER_TAG));
        let tagged = tag.map(|(_, value)| value.trim()).filter(|value| !is_placeholder(value));
        row.and_then(|row| row.owner.as_deref()).filter(|owner| !is_placeholder(owner)).or(tagged)
    }

    /// The digest of what its policies allow, by whatever way it has them: see
    /// [`digest`](super::PermissionSetPolicies::digest). A policy that AWS keeps is known by its ARN; of the others the
    /// documents count. `None` where one of these was not read.
    #[must_use]
    pub fn policies_digest(&self) -> Option<String> {
        digest_of(&self.policies, self.boundary.as_ref())
    }
}

/// The digest of policies and of the boundary that limits them.
fn digest_of(policies: &[IamPolicy], boundary: Option<&IamPolicy>) -> Option<String> {
    let policies: Vec<Value> = policies.iter().map(IamPolicy::content).collect::<Option<_>>()?;
    let content = match boundary {
        Some(boundary) => serde_json::json!({ "policies": policies, "boundary": boundary.content()? }),
        // As it was before boundaries counted, so that digests in lists stay what they were.
        None => Value::Array(policies),
    };
    Some(digest(&content))
}

/// An IAM group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamGroup {
    /// Its name, unique in the account without regard to case.
    pub name: String,
    /// The policies that its members have by it, in the order of way and name.
    pub policies: Vec<IamPolicy>,
}

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamRole {
    /// Its unique id (`AROA…`), which another role of the same name does not have, where AWS said it.
    pub id: Option<String>,
    /// Its name, unique in the account without regard to case.
    pub name: String,
    /// Its path: `/`, `/aws-service-role/…`.
    pub path: String,
    /// Its ARN.
    pub arn: String,
    /// When it was created, where AWS said so.
    pub created: Option<DateTime<Utc>>,
    /// When it was last used, where AWS said so.
    pub last_used: Option<DateTime<Utc>>,
    /// Whom it trusts, in order, each once.
    pub trusts: Known<Vec<Trust>>,
    /// Its policies, in the order of way and name.
    pub policies: Vec<IamPolicy>,
    /// The policy that limits what its other policies can give, where it has one.
    pub boundary: Option<IamPolicy>,
}

impl IamRole {
    /// Whether AWS keeps the role: nobody in the account can make a role on these paths, or change whom one trusts.
    #[must_use]
    pub fn is_kept_by_aws(&self) -> bool {
        ["/aws-service-role/", "/aws-reserved/"].iter().any(|kept| self.path.starts_with(kept))
    }

    /// The digest of what its policies allow: see [`IamUser::policies_digest`].
    #[must_use]
    pub fn policies_digest(&self) -> Option<String> {
        digest_of(&self.policies, self.boundary.as_ref())
    }

    /// Who makes roles of this name, where it is known: a label and no proof, because anyone can give a role a name.
    #[must_use]
    pub fn made_by(&self) -> Option<&'static str> {
        let begins = |with: &str| self.name.starts_with(with);
        match () {
            () if self.path.starts_with("/aws-reserved/sso.amazonaws.com/") => Some("IAM Identity Center"),
            () if self.is_kept_by_aws() => Some("an AWS service"),
            () if begins("AWSControlTower") || begins("aws-controltower-") => Some("AWS Control Tower"),
            () if self.name == "OrganizationAccountAccessRole" => Some("AWS Organizations"),
            () if begins("AWSCloudFormationStackSet") || begins("stacksets-exec-") => Some("AWS CloudFormation"),
            () => None,
        }
    }
}

/// A managed policy of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedPolicy {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// Its default version's document as JSON, where AWS gave it.
    pub document: Option<Arc<str>>,
}

/// A policy of an IAM user or a role, and the way by which it is had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct IamPolicy {
    /// How the user has it.
    pub way: PolicyWay,
    /// Its name.
    pub name: String,
    /// Its ARN, where it is a managed policy.
    pub arn: Option<String>,
    /// Its document as JSON, where AWS gave it.
    pub document: Option<Arc<str>>,
}

impl IamPolicy {
    /// Whether AWS keeps it.
    #[must_use]
    pub fn is_aws_managed(&self) -> bool {
        self.arn.as_deref().is_some_and(|arn| aws_managed_path(arn).is_some())
    }

    /// The digest of what it allows, where that was read: see [`IamUser::policies_digest`].
    #[must_use]
    pub fn digest(&self) -> Option<String> {
        Some(digest(&self.content()?))
    }

    fn content(&self) -> Option<Value> {
        let by_name = self.arn.as_ref().unwrap_or(&self.name);
        let text = if self.is_aws_managed() { None } else { Some(document(self.document.as_deref()?)) };
        let way = match &self.way {
            PolicyWay::Attached => "attached".to_owned(),
            PolicyWay::Inline => "inline".to_owned(),
            PolicyWay::Group(group) => format!("group {group}"),
        };
        Some(serde_json::json!({ "way": way, "policy": by_name, "document": text }))
    }
}

/// Path and name of a policy that AWS keeps, from its ARN: `job-function/Billing` of
/// `arn:aws:iam::aws:policy/job-function/Billing`. The owner is the fifth part of the ARN: a path of a customer's own
/// policy may hold any text, colons too.
#[must_use]
pub fn aws_managed_path(arn: &str) -> Option<&str> {
    match arn.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", _, "iam", "", "aws", resource] => resource.strip_prefix("policy/"),
        _ => None,
    }
}

/// How an IAM user has a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PolicyWay {
    /// Attached to the user.
    Attached,
    /// Written into the user.
    Inline,
    /// Attached to, or written into, a group of which the user is a member.
    Group(String),
}

/// How an IAM user or the root user can sign in, from the credential report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Credentials {
    /// Whether it has a console password; `None` where the report does not say.
    pub password: Option<bool>,
    /// How many active access keys it has.
    pub active_keys: u8,
    /// How many active signing certificates it has.
    pub active_certificates: u8,
    /// How many passwords and API keys for single services (CodeCommit, Keyspaces, Bedrock) it has that are active; the
    /// credential report says nothing of them, so `None` where AWS was not asked or did not answer.
    pub service_credentials: Option<u16>,
    /// Whether MFA is set up.
    pub mfa: bool,
    /// The latest use of the password or of a key that the report knows.
    pub last_used: Option<DateTime<Utc>>,
    /// The latest use of the password that the report knows.
    pub password_used: Option<DateTime<Utc>>,
    /// The latest use of an active key that the report knows.
    pub key_used: Option<DateTime<Utc>>,
    /// When the oldest active key was made.
    pub oldest_key: Option<DateTime<Utc>>,
}

impl Credentials {
    /// Whether anyone could use the user now: a password, an active key or certificate, or a password for a single
    /// service. What is not known may be there.
    #[must_use]
    pub fn live(&self) -> bool {
        let keys = self.active_keys > 0 || self.active_certificates > 0;
        self.password != Some(false) || keys || self.service_credentials != Some(0)
    }

    /// Whether it has something that works without a sign-in and that whoever made it may have taken along.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        let service = self.service_credentials.is_some_and(|active| active > 0);
        self.active_keys > 0 || self.active_certificates > 0 || service
    }
}
