//! What can be judged, and how it was judged.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    Absence, Account, Application, ApplicationRow, AssignmentRow, DirectoryGroup, Entitled, Entitlement,
    EntitlementRow, ExpectedFile, Gap, Group, IamAccount, IamPolicy, IamRole, IamUser, IamUserRow, IdleRow, Ix,
    PermissionSet, PermissionSetRow, Person, Principal, RowRef, Trust, TrustRow, User, Waiver,
};

/// A kind of thing that an expected list can speak for, in report order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Users of Identity Center.
    User,
    /// Groups of Identity Center.
    Group,
    /// Who is in which group.
    Membership,
    /// Who has which permission set in which account.
    Assignment,
    /// Who may use which application of Identity Center.
    Application,
    /// Who may be which IAM role by account access manager.
    Entitlement,
    /// What each permission set allows.
    PermissionSet,
    /// Users of IAM.
    IamUser,
    /// Policies of IAM users.
    Policy,
    /// Whom roles trust that is not of the organization.
    Trust,
}

impl Kind {
    /// Every kind, in report order.
    pub const ALL: [Kind; 10] = [
        Kind::User,
        Kind::Group,
        Kind::Membership,
        Kind::Assignment,
        Kind::Application,
        Kind::Entitlement,
        Kind::PermissionSet,
        Kind::IamUser,
        Kind::Policy,
        Kind::Trust,
    ];

    /// The kind in files for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::User => "user",
            Kind::Group => "group",
            Kind::Membership => "membership",
            Kind::Assignment => "assignment",
            Kind::Application => "application",
            Kind::Entitlement => "entitlement",
            Kind::PermissionSet => "permission-set",
            Kind::IamUser => "iam-user",
            Kind::Policy => "policy",
            Kind::Trust => "trust",
        }
    }
}

/// What a standing or a finding is about. Things that are there point into the snapshot; things that are due but not
/// there point into the expectation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A user of Identity Center.
    User(Ix<User>),
    /// A person who is expected to be a user of Identity Center.
    DueUser(Ix<Person>),
    /// A group of Identity Center.
    Group(Ix<Group>),
    /// A group that rows of assignments expect in Identity Center: the first of those rows.
    DueGroup(Ix<AssignmentRow>),
    /// A user in a group of Identity Center.
    Membership(Ix<Group>, Ix<User>),
    /// A person who is expected in a group of Identity Center, and whom that group does not have.
    DueMembership(Ix<Group>, Ix<DirectoryGroup>, Ix<Person>),
    /// A permission set of a principal in an account.
    Assignment(Ix<Account>, Ix<PermissionSet>, Principal),
    /// A permission set of a principal, in whichever accounts.
    PermissionSetOf(Ix<PermissionSet>, Principal),
    /// An assignment that a row expects.
    DueAssignment(Ix<AssignmentRow>),
    /// An application of a principal; of every user of Identity Center where there is none.
    Application(Ix<Application>, Option<Principal>),
    /// An application that a row expects somebody to have.
    DueApplication(Ix<ApplicationRow>),
    /// An entitlement of a principal to an IAM role in an account.
    Entitlement(Ix<Entitled>, Ix<Entitlement>),
    /// An entitlement that a row expects.
    DueEntitlement(Ix<EntitlementRow>),
    /// A permission set as such, with what it allows.
    PermissionSet(Ix<PermissionSet>),
    /// A permission set that a row expects.
    DuePermissionSet(Ix<PermissionSetRow>),
    /// An IAM user.
    IamUser(Ix<IamAccount>, Ix<IamUser>),
    /// An IAM user that a row expects.
    DueIamUser(Ix<IamUserRow>),
    /// A policy of an IAM user.
    Policy(Ix<IamAccount>, Ix<IamUser>, Ix<IamPolicy>),
    /// A policy that a row expects an IAM user to have, by its place in the row.
    DuePolicy(Ix<IamUserRow>, u32),
    /// Somebody outside the organization whom a role trusts, by the place among those whom it trusts.
    Trust(Ix<IamAccount>, Ix<IamRole>, Ix<Trust>),
    /// A trust that a row expects.
    DueTrust(Ix<TrustRow>),
    /// The root user of an account.
    Root(Ix<IamAccount>),
    /// All people and groups of the lists together.
    Directory,
    /// What a list spoke for in the earlier run of the job and none does any more: the first kind of such a list.
    GoneList(Kind),
    /// An expected list as such.
    List(Ix<ExpectedFile>),
    /// A waiver as such.
    Waiver(Ix<Waiver>),
    /// A row that means nothing that exists.
    IdleRow(Ix<IdleRow>),
}

impl Subject {
    /// The kind that it is counted under; `None` for what every account has, for a list, for a waiver, and for a row
    /// that means nothing.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Subject::User(_) | Subject::DueUser(_) => Some(Kind::User),
            Subject::Group(_) | Subject::DueGroup(_) => Some(Kind::Group),
            Subject::Membership(..) | Subject::DueMembership(..) => Some(Kind::Membership),
            Subject::Assignment(..) | Subject::PermissionSetOf(..) | Subject::DueAssignment(_) => {
                Some(Kind::Assignment)
            }
            Subject::Application(..) | Subject::DueApplication(_) => Some(Kind::Application),
            Subject::Entitlement(..) | Subject::DueEntitlement(_) => Some(Kind::Entitlement),
            Subject::PermissionSet(_) | Subject::DuePermissionSet(_) => Some(Kind::PermissionSet),
            Subject::IamUser(..) | Subject::DueIamUser(_) => Some(Kind::IamUser),
            Subject::Policy(..) | Subject::DuePolicy(..) => Some(Kind::Policy),
            Subject::Trust(..) | Subject::DueTrust(_) => Some(Kind::Trust),
            Subject::Root(_)
            | Subject::Directory
            | Subject::GoneList(_)
            | Subject::List(_)
            | Subject::Waiver(_)
            | Subject::IdleRow(_) => None,
        }
    }

    /// Whether it is expected and not there.
    #[must_use]
    pub fn is_due(&self) -> bool {
        match self {
            Subject::DueUser(_)
            | Subject::DueGroup(_)
            | Subject::DuePermissionSet(_)
            | Subject::DueMembership(..)
            | Subject::DueAssignment(_)
            | Subject::DueApplication(_)
            | Subject::DueEntitlement(_)
            | Subject::DueIamUser(_)
            | Subject::DuePolicy(..)
            | Subject::DueTrust(_) => true,
            Subject::User(_)
            | Subject::Group(_)
            | Subject::Membership(..)
            | Subject::Assignment(..)
            | Subject::PermissionSetOf(..)
            | Subject::Application(..)
            | Subject::Entitlement(..)
            | Subject::PermissionSet(_)
            | Subject::IamUser(..)
            | Subject::Policy(..)
            | Subject::Trust(..)
            | Subject::Root(_)
            | Subject::Directory
            | Subject::GoneList(_)
            | Subject::List(_)
            | Subject::Waiver(_)
            | Subject::IdleRow(_) => false,
        }
    }
}

/// How something stands against the expected lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is there, and this row expects it.
    Expected(RowRef),
    /// It differs from the lists, and so recently that the synchronization may not have been there yet.
    Pending(Recent),
    /// It is there, and should not be.
    Unintended(Because),
    /// This row expects it, and it is not there: the proof.
    Missing(RowRef, Absence),
    /// It is there and expected, but it is not what this row says that it should be.
    Differs(RowRef),
    /// A gap forbids a conclusion.
    Unknown(Arc<Gap>),
    /// No list speaks for it, so it was not judged.
    Unlisted,
}

/// A change that is younger than the grace that the settings give the synchronization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recent {
    /// When it happened.
    pub at: DateTime<Utc>,
    /// The row that expects it, where one does.
    pub row: Option<RowRef>,
}

/// Why something should not be there. All are evidence that was seen: neither can be made from a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// The lists were read to their end and do not expect it.
    NotExpected(Absence),
    /// Its holder has left: the row that says so.
    HolderLeft(RowRef),
    /// The row that expected it has expired.
    Lapsed(RowRef),
}

/// The word for a standing, without its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StandingWord {
    /// See [`Standing::Expected`].
    Expected,
    /// See [`Standing::Pending`].
    Pending,
    /// See [`Standing::Unintended`].
    Unintended,
    /// See [`Standing::Missing`].
    Missing,
    /// See [`Standing::Differs`].
    Differs,
    /// See [`Standing::Unknown`].
    Unknown,
    /// See [`Standing::Unlisted`].
    Unlisted,
}

impl Standing {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> StandingWord {
        match self {
            Standing::Expected(_) => StandingWord::Expected,
            Standing::Pending(_) => StandingWord::Pending,
            Standing::Unintended(_) => StandingWord::Unintended,
            Standing::Missing(..) => StandingWord::Missing,
            Standing::Differs(_) => StandingWord::Differs,
            Standing::Unknown(_) => StandingWord::Unknown,
            Standing::Unlisted => StandingWord::Unlisted,
        }
    }
}

/// Something that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// What.
    pub subject: Subject,
    /// How it stands.
    pub standing: Standing,
}
