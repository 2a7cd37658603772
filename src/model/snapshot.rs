//! All that AWS said, with how far each part of it was read.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::{
    AccountId, Application, Caller, CrossChecked, Entitled, Gap, GroupId, Guid, IamAccount, Ix, Known, Ledger, Listing,
    LookedUp, Made, OnceEach, PermissionSetArn, Scope, Source, UserId, Window,
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
    /// Names of the organization's units, by id, as far as they were asked for.
    pub units: BTreeMap<String, String>,
    /// Accounts of the organization, by id.
    pub accounts: Listing<Account>,
    /// Users of the identity store, by name.
    pub users: Listing<User>,
    /// Groups of the identity store, by name.
    pub groups: Listing<Group>,
    /// Who made memberships, as AWS writes it; [`Made::by`] points here.
    pub makers: Vec<String>,
    /// The names of users that were asked for, where users are not listed.
    pub looked_up_users: Option<LookedUp>,
    /// The names of groups that were asked for, where groups are not listed.
    pub looked_up_groups: Option<LookedUp>,
    /// Permission sets, by name.
    pub permission_sets: Listing<PermissionSet>,
    /// Applications of Identity Center, by name.
    pub applications: Listing<Application>,
    /// Who may be which IAM role by account access manager, by account.
    pub entitled: Listing<Entitled>,
    /// What came of asking for memberships and for assignments by a second way, where that was done.
    pub cross_checked: Vec<CrossChecked>,
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
    /// Whose access it manages, where that can be told.
    pub kind: Option<InstanceKind>,
    /// `ACTIVE`, `CREATE_IN_PROGRESS` … as AWS writes it, where AWS said so.
    pub status: Option<String>,
}

/// Whose access an instance of IAM Identity Center manages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceKind {
    /// The organization's: accounts, by permission sets, and applications.
    Organization,
    /// That of one account: applications of that account, and no account at all.
    Account,
}

impl InstanceKind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            InstanceKind::Organization => "organization",
            InstanceKind::Account => "account",
        }
    }
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
    /// Where it stands in the organization, from the root down, as AWS Organizations writes it; empty where it did not
    /// say.
    pub paths: Vec<String>,
    /// Whether the organization's list has it; otherwise only an assignment or a caller named it.
    pub listed: bool,
}

impl Account {
    /// The states in which nobody can use an account, as AWS Organizations writes them.
    pub const OUT_OF_USE: [&str; 4] = ["PENDING_ACTIVATION", "SUSPENDED", "PENDING_CLOSURE", "CLOSED"];

    /// Whether a state is one in which nobody can use an account. A state that is not known, or that AWS invented
    /// since, is none: such an account is asked, and refuses if it must.
    #[must_use]
    pub fn is_out_of_use(state: Option<&str>) -> bool {
        state.is_some_and(|state| Account::OUT_OF_USE.contains(&state))
    }
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
    /// Whether AWS calls the first of them the primary one.
    pub has_primary_mail: bool,
    /// What the identity provider calls it.
    pub external_ids: Vec<ExternalId>,
    /// Whether it can sign in; `None` where AWS did not say.
    pub status: Option<UserStatus>,
    /// When it was created, where AWS said so.
    pub created: Option<DateTime<Utc>>,
    /// By whom it was created, where AWS said so.
    pub created_by: Option<String>,
    /// Whether the roster lists it; otherwise only a membership or an assignment named it.
    pub listed: bool,
}

impl User {
    /// The mail addresses that say who the user is: the primary one, and the others only where none is primary. Anybody
    /// who may edit a user can add a further address, be it somebody else's.
    pub fn own_mails(&self) -> &[String] {
        if self.has_primary_mail { &self.mails[..self.mails.len().min(1)] } else { &self.mails }
    }
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

    /// Whether AWS's own synchronization from Active Directory gave it: its issuer is the directory's ARN, and that of
    /// every SCIM client is an endpoint of AWS.
    #[must_use]
    pub fn is_of_directory(&self) -> bool {
        self.issuer.starts_with("arn:") && self.issuer.contains(":directory/")
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
    /// When it was created, where AWS said so.
    pub created: Option<DateTime<Utc>>,
    /// By whom it was created, where AWS said so.
    pub created_by: Option<String>,
    /// Its members.
    pub members: Listing<Ix<User>>,
    /// When and by whom members were put into it, where AWS said so; by member.
    pub made: Vec<(Ix<User>, Made)>,
    /// Whether the list of groups has it; otherwise only an assignment named it.
    pub listed: bool,
}

impl Group {
    /// When and by whom a member was put into the group, where AWS said so.
    #[must_use]
    pub fn made(&self, member: Ix<User>) -> Option<Made> {
        let place = self.made.binary_search_by_key(&member, |(user, _)| *user).ok()?;
        Some(self.made[place].1)
    }
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
    /// The accounts in which an older version of it is in force: it was changed, and not provisioned there since.
    pub outdated: Listing<Ix<Account>>,
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
    /// The policy that limits all the others, where there is one.
    pub boundary: Option<Boundary>,
}

/// A permissions boundary: what it does not allow, no policy beside it can give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Boundary {
    /// The ARN of an AWS-managed policy.
    AwsManaged(String),
    /// The name of a customer-managed policy, which each account defines for itself.
    CustomerManaged(String),
}

impl PermissionSetPolicies {
    /// Whether they say all that the permission set allows: none of them is defined by each account for itself.
    #[must_use]
    pub fn is_self_contained(&self) -> bool {
        let of_account = matches!(self.boundary, Some(Boundary::CustomerManaged(_)));
        self.customer_managed.is_empty() && !of_account
    }

    /// The digest of what they allow: the same for the same policies, however their documents are laid out. SHA-256 of
    /// their canonical JSON, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut allowed = serde_json::json!({
            "aws_managed": self.aws_managed,
            "customer_managed": self.customer_managed,
            "inline": self.inline.as_deref().map(document),
        });
        // Left out where there is none, so that digests stay what they were before boundaries were read.
        match &self.boundary {
            Some(Boundary::AwsManaged(arn)) => allowed["boundary"] = serde_json::json!({ "aws_managed": arn }),
            Some(Boundary::CustomerManaged(name)) => {
                allowed["boundary"] = serde_json::json!({ "customer_managed": name });
            }
            None => {}
        }
        digest(&allowed)
    }
}

/// A policy document as a value, or as a text where it is none.
pub(super) fn document(text: &str) -> serde_json::Value {
    match serde_json::from_str(text) {
        Ok(OnceEach(document)) => document,
        Err(_) => serde_json::Value::String(text.to_owned()),
    }
}

/// Keys of objects are in order, so the same value is the same text.
pub(super) fn digest(value: &serde_json::Value) -> String {
    hex::encode(Sha256::digest(value.to_string()))
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
