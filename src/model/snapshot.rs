//! All that AWS said, with how far each part of it was read.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    AccountId, Caller, Gap, GroupId, Guid, Ix, Known, Ledger, Listing, PermissionSetArn, Scope, Source, UserId, Window,
};

/// All that AWS said in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// What the run was told to look at.
    pub scope: Scope,
    /// Who asked, where AWS said so.
    pub caller: Option<Caller>,
    /// The endpoint that answered, where it was not AWS's own: a redirected run is no evidence about AWS.
    pub redirected_to: Option<String>,
    /// From the first request to the last answer; `None` where nothing was asked.
    pub window: Option<Window>,
    /// The Identity Center instance.
    pub instance: Known<Instance>,
    /// The organization, where the accounts' list names it.
    pub organization: Option<Organization>,
    /// Accounts of the organization, by id.
    pub accounts: Listing<Account>,
    /// Users of the identity store, by name.
    pub users: Listing<User>,
    /// Groups of the identity store, by name.
    pub groups: Listing<Group>,
    /// Permission sets, by name.
    pub permission_sets: Listing<PermissionSet>,
    /// IAM in each account in scope, by account.
    pub iam: Vec<IamAccount>,
    /// Documents of AWS-managed policies that an account's answer holds, by ARN: they are the same in all.
    pub aws_managed: BTreeMap<String, Arc<str>>,
    /// All that could not be seen.
    pub gaps: Vec<Arc<Gap>>,
    /// All that was read to its end.
    pub sources: Vec<Arc<Source>>,
    /// How often each operation was called.
    pub ledger: Ledger,
}

/// An instance of IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its ARN.
    pub arn: String,
    /// The identity store that holds its users and groups.
    pub identity_store: String,
    /// The account that owns it, where AWS said so.
    pub owner: Option<AccountId>,
}

/// An organization of AWS Organizations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id: `o-a1b2c3d4e5`.
    pub id: String,
    /// The account that manages it.
    pub management: AccountId,
}

/// An AWS account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its name in the organization.
    pub name: Option<String>,
    /// `ACTIVE`, `SUSPENDED` … as AWS Organizations writes it.
    pub state: Option<String>,
    /// Whether the organization's list has it; otherwise only an assignment or a caller named it.
    pub listed: bool,
}

/// A user of the identity store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// The name that it signs in with; the id again where the roster does not list it.
    pub user_name: String,
    /// The name that people see.
    pub display_name: Option<String>,
    /// Its mail addresses, the primary one first.
    pub mails: Vec<String>,
    /// What the identity provider calls it.
    pub external_ids: Vec<ExternalId>,
    /// Whether it can sign in; `None` where AWS did not say.
    pub status: Option<UserStatus>,
    /// When it was created, and by whom, where AWS said so.
    pub created: Option<DateTime<Utc>>,
    /// By whom it was created, where AWS said so.
    pub created_by: Option<String>,
    /// Whether the roster lists it; otherwise only a membership or an assignment named it.
    pub listed: bool,
}

/// Whether a user of the identity store can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserStatus {
    /// It can.
    Enabled,
    /// It cannot.
    Disabled,
}

/// What an identity provider calls a user or a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId {
    /// Who gave the id: a directory's ARN, a SCIM client.
    pub issuer: String,
    /// The id.
    pub id: String,
}

impl ExternalId {
    /// The id as a directory's GUID, where it is one.
    #[must_use]
    pub fn guid(&self) -> Option<Guid> {
        self.id.parse().ok()
    }
}

/// A group of the identity store. Identity Center has no nested groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name; the id again where the list of groups does not have it.
    pub name: String,
    /// What the identity provider calls it.
    pub external_ids: Vec<ExternalId>,
    /// Its members.
    pub members: Listing<Ix<User>>,
    /// Whether the list of groups has it; otherwise only an assignment named it.
    pub listed: bool,
}

/// A permission set, and where it is assigned to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSet {
    /// Its ARN.
    pub arn: PermissionSetArn,
    /// Its name; the ARN again where the name is not known.
    pub name: String,
    /// Why its name is not known, where it is not: then no row can be said not to mean it.
    pub unnamed: Option<Arc<Gap>>,
    /// What it allows.
    pub policies: Known<PermissionSetPolicies>,
    /// How long a session lasts (ISO 8601), where AWS said so.
    pub session_duration: Option<String>,
    /// The accounts that it is provisioned to, each with its principals.
    pub placements: Listing<Placement>,
}

/// The policies of a permission set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PermissionSetPolicies {
    /// ARNs of AWS-managed policies.
    pub aws_managed: Vec<String>,
    /// Names of customer-managed policies, which each account defines for itself.
    pub customer_managed: Vec<String>,
    /// The inline policy's document, as JSON.
    pub inline: Option<String>,
}

/// A permission set in one account, with its principals there. Ordered by account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The account.
    pub account: Ix<Account>,
    /// Who is assigned the permission set in that account.
    pub principals: Listing<Principal>,
}

/// Who an assignment is made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// A group, and so all its members.
    Group(Ix<Group>),
    /// One user.
    User(Ix<User>),
}

/// IAM in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamAccount {
    /// The account.
    pub account: Ix<Account>,
    /// Its users, by name.
    pub users: Listing<IamUser>,
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
    /// Its name, unique in the account without regard to case.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// When it was created, where AWS said so.
    pub created: Option<DateTime<Utc>>,
    /// Its policies by every way, in the order of way and name.
    pub policies: Vec<IamPolicy>,
    /// The policy that limits what its other policies can give, where it has one.
    pub boundary: Option<IamPolicy>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// How it can sign in.
    pub credentials: Known<Credentials>,
}

/// An IAM role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamRole {
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

/// A principal that a role's trust policy lets assume it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// Who.
    pub trusted: Trusted,
    /// The keys of the conditions that must hold, in order; empty where one statement asks for none.
    pub conditions: Vec<String>,
}

/// Who can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trusted {
    /// Anyone in any AWS account.
    Anyone,
    /// Everyone in an organization, by its id.
    Organization(String),
    /// An account, or with an ARN one principal of it.
    Account(AccountId, Option<String>),
    /// A SAML provider, by its ARN.
    Saml(String),
    /// An OpenID Connect provider: host and path (`token.actions.githubusercontent.com`).
    Oidc(String),
    /// A service of AWS.
    Service(String),
    /// A principal that is gone: IAM writes its unique id in the place of its ARN, and nobody can be it again.
    Gone(String),
}

impl Trusted {
    /// What `trusts.csv` calls them: `*`, an organization's or an account's id, an ARN, a provider's host and path.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Trusted::Anyone => "*".to_owned(),
            Trusted::Account(account, None) => account.to_string(),
            Trusted::Organization(name)
            | Trusted::Account(_, Some(name))
            | Trusted::Saml(name)
            | Trusted::Oidc(name)
            | Trusted::Service(name)
            | Trusted::Gone(name) => name.clone(),
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
    /// Whether a second factor is set up.
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
    /// Whether anyone could use the user now: a password or an active key.
    #[must_use]
    pub fn live(&self) -> bool {
        self.password != Some(false) || self.active_keys > 0
    }
}
