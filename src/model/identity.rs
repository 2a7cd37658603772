//! Users and groups of Identity Center.

use chrono::{DateTime, Utc};

use super::{GroupId, Guid, Ix, Listing, Made, UserId};

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

/// Who an assignment is made to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// A group, and so all its members.
    Group(Ix<Group>),
    /// One user.
    User(Ix<User>),
}
