//! What was read from expected lists: one record for each statement, with its file and line.
//!
//! Records are what a package keeps of the lists: only the columns that were read, in canonical order, so that an
//! `Expectation` can be folded again from them. They know nothing of how statements of several files fit together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub(crate) use super::hand_kept_records::{
    AcceptedRecord, ApplicationRecord, Assignment, EntitlementRecord, Holder, IamUserRecord, PermissionSetRecord,
    PrincipalType, Refused, TrustRecord, WaiverRecord,
};
pub(crate) use super::unclear_employment::Unclear;
use crate::expect::active_directory::account;
use crate::model::{Exported, Guid, Ix, ListFormat, RowRef, Unseen};

/// All that was read, in canonical order: files by name, the rest by file and line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// The files.
    pub files: Vec<FileRecord>,
    /// Objects of a directory: people, groups, and what is neither.
    pub entries: Vec<Entry>,
    /// Groups whose members a file lists.
    pub rolls: Vec<Roll>,
    /// Who is in which group.
    pub memberships: Vec<Membership>,
    /// What a file was to say and does not.
    pub holes: Vec<Hole>,
    /// Rows of `assignments.csv`.
    pub assignments: Vec<Assignment>,
    /// Rows of `applications.csv`.
    pub applications: Vec<ApplicationRecord>,
    /// Rows of `entitlements.csv`.
    pub entitlements: Vec<EntitlementRecord>,
    /// Rows of `permission-sets.csv`.
    pub permission_sets: Vec<PermissionSetRecord>,
    /// Rows of `iam-users.csv`.
    pub iam_users: Vec<IamUserRecord>,
    /// Rows of `trusts.csv`.
    pub trusts: Vec<TrustRecord>,
    /// Tables of `waivers.toml`.
    pub waivers: Vec<WaiverRecord>,
    /// Rows that could not be used.
    pub refusals: Vec<Refused>,
}

impl Records {
    /// Brings the records into canonical order. Files keep theirs: every row points at its file by number.
    pub(crate) fn sort(&mut self) {
        self.entries.sort_unstable();
        self.rolls.sort();
        self.memberships.sort_unstable();
        self.memberships.dedup();
        self.holes.sort();
        self.assignments.sort();
        self.applications.sort();
        self.entitlements.sort();
        self.permission_sets.sort();
        self.iam_users.sort();
        self.trusts.sort();
        self.waivers.sort();
        self.refusals.sort();
    }
}

/// File and line of a statement: the file by its number among the file records (from zero), the line from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "(u32, u32)", from = "(u32, u32)")]
pub struct At {
    /// The file.
    pub file: u32,
    /// The line.
    pub line: u32,
}

impl From<At> for (u32, u32) {
    fn from(at: At) -> Self {
        (at.file, at.line)
    }
}

impl From<(u32, u32)> for At {
    fn from((file, line): (u32, u32)) -> Self {
        At { file, line }
    }
}

impl From<At> for RowRef {
    fn from(at: At) -> Self {
        RowRef { file: Ix::new(at.file as usize), line: at.line }
    }
}

/// A file, as it was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRecord {
    /// Its name below the folder of expected lists.
    pub name: String,
    /// Its format.
    pub format: ListFormat,
    /// Its encoding, for a reader.
    pub encoding: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Rows or entries.
    pub rows_read: u32,
    /// Of those, the ones that say something Rollcall uses.
    pub rows_used: u32,
    /// Of those, the ones that were refused.
    pub rows_refused: u32,
    /// Of those, the ones about what is never a user of AWS, or cannot be recognised as one.
    #[serde(default)]
    pub rows_other: u32,
    /// Of those, the ones that no reviewer has signed, in a list that is kept by hand.
    #[serde(default)]
    pub rows_unreviewed: u32,
    /// The lines that each reviewer signed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reviewers: BTreeMap<String, Vec<u32>>,
    /// When it was exported.
    pub exported: Option<Exported>,
    /// Whether it grows old.
    pub ages: bool,
    /// Whether names in it lost characters when it was exported.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lossy: bool,
    /// What it tells of.
    pub tells: BTreeSet<Tells>,
    /// Whether it was exported to its end.
    pub end: End,
    /// What a reader should know about it.
    pub notes: Vec<String>,
    /// The newer export of the same source for which it was set aside, so that it says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<String>,
}

/// What a file tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tells {
    /// All people.
    People,
    /// Some people: those of one part of a directory.
    SomePeople,
    /// Groups.
    Groups,
    /// The groups that each of its people is in.
    MemberOf,
    /// The groups that each of its groups is in.
    NestedIn,
    /// Members of groups, group by group; each such group has a [`Roll`].
    Members,
    /// Assignments of permission sets.
    Assignments,
    /// Assignments to applications.
    Applications,
    /// Entitlements to IAM roles.
    Entitlements,
    /// Permission sets.
    PermissionSets,
    /// IAM users.
    IamUsers,
    /// Policies of IAM users.
    Policies,
    /// Whom roles trust.
    Trusts,
    /// Accepted deviations.
    Waivers,
}

/// Whether an export is there to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// It is, and this vouches for it.
    Vouched(String),
    /// Nothing says that it is not, and nothing vouches for it.
    Unvouched,
    /// It is not: this is how one knows.
    Cut(String),
}

/// An object of a directory, as one row or entry describes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The row.
    pub at: At,
    /// What it is.
    pub kind: EntryKind,
    /// `distinguishedName`; absent too where the export lost characters of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dn: Option<String>,
    /// The DNS name of its domain, from its DN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// `objectGUID`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guid: Option<Guid>,
    /// The object id of Entra ID, which is no GUID of Active Directory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entra_id: Option<Guid>,
    /// `objectSid`, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `sAMAccountName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sam: Option<String>,
    /// `userPrincipalName`, or the user column of `people.csv`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Other names by which other lists say that the same person signs in: no row has any, and objects of several do.
    #[serde(skip)]
    pub other_user_names: Vec<String>,
    /// Mail addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mails: Vec<String>,
    /// `displayName`, or the name column of `people.csv`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// `cn`, or PowerShell's `Name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub common_name: Option<String>,
    /// A name without a domain by which somebody signs in to some program: it may be that of an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
    /// The employee's number, in whatever columns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub employee_ids: Vec<String>,
    /// Whether the account is enabled, or the person active.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Why that is not known, where the list has a column that says it of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unclear: Option<Unclear>,
    /// When the account expires; absent too where it never does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<DateTime<Utc>>,
    /// Whether the export says that the account never expires.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub never_expires: bool,
    /// When the directory last changed the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<DateTime<Utc>>,
    /// `primaryGroupID`: the last part of the SID of a group that Identity Center never sees the account in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_group: Option<u32>,
}

impl Entry {
    /// An entry of which nothing is known yet.
    pub(crate) fn new(at: At, kind: EntryKind) -> Self {
        Entry {
            at,
            kind,
            dn: None,
            domain: None,
            guid: None,
            entra_id: None,
            sid: None,
            sam: None,
            user_name: None,
            other_user_names: Vec::new(),
            mails: Vec::new(),
            display_name: None,
            common_name: None,
            login: None,
            employee_ids: Vec::new(),
            enabled: None,
            unclear: None,
            expires: None,
            never_expires: false,
            changed: None,
            primary_group: None,
        }
    }
}

impl Entry {
    /// Takes the attribute `accountExpires`, where the export has it.
    pub(crate) fn take_expiry(&mut self, account_expires: Option<i64>) {
        self.expires = account_expires.and_then(account::expires);
        self.never_expires = account_expires.is_some() && self.expires.is_none();
    }
}

/// What an object of a directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A person, or an account of the same class that a person set up for a program.
    Person,
    /// A group.
    Group,
    /// A computer, a managed service account, a contact, a foreign security principal: never a user of AWS.
    Other,
}

/// A group whose members a file lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roll {
    /// Where the list of members begins.
    pub at: At,
    /// The group.
    pub group: Reference,
    /// Which part of the members is there, where it is not all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
}

/// Somebody, or a group, in a group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// The row.
    pub at: At,
    /// The group.
    pub group: Reference,
    /// Who is in it.
    pub member: Reference,
}

/// An object, as another one refers to it. A million memberships share the texts of a hundred thousand names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reference {
    /// The entry on this line of the same file, which says so itself.
    Row(u32),
    /// The entry on this line of the same file, which another entry calls by its distinguished name.
    Named(u32),
    /// By its distinguished name.
    Dn(Arc<str>),
    /// A group, by its name.
    Name(Arc<str>),
    /// A person or a group, by its `sAMAccountName`.
    Account(Arc<str>),
}

/// What a file was to say and does not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hole {
    /// The first row concerned.
    pub at: At,
    /// What is affected.
    pub affects: Affects,
    /// What is not seen.
    pub unseen: Unseen,
    /// Why.
    pub detail: String,
}

/// What a [`Hole`] affects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Affects {
    /// All groups and memberships, unless another file tells of them.
    Groups,
    /// Groups that are not found by name.
    GroupNames,
    /// Whether people may still have access.
    Employment,
}
