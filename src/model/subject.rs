//! What a standing or a finding is about.

use super::{
    Account, Application, ApplicationRow, AssignmentRow, DirectoryGroup, Entitled, Entitlement, EntitlementRow,
    ExpectedFile, Group, IamAccount, IamPolicy, IamRole, IamUser, IamUserRow, IdleRow, Ix, Kind, PermissionSet,
    PermissionSetRow, Person, Principal, Trust, TrustRow, User, Waiver,
};

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
    /// What it is, as one stable word: `user`, `due-user`, `membership`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.sort().0
    }

    /// The kind that it is counted under; `None` for what every account has, for a list, for a waiver, and for a row
    /// that means nothing.
    #[must_use]
    pub fn kind(self) -> Option<Kind> {
        self.sort().1
    }

    /// Whether it is expected and not there.
    #[must_use]
    pub fn is_due(self) -> bool {
        self.sort().2
    }

    /// Its word, its kind, and whether it is expected and not there.
    fn sort(self) -> (&'static str, Option<Kind>, bool) {
        match self {
            Subject::User(_) => ("user", Some(Kind::User), false),
            Subject::DueUser(_) => ("due-user", Some(Kind::User), true),
            Subject::Group(_) => ("group", Some(Kind::Group), false),
            Subject::DueGroup(_) => ("due-group", Some(Kind::Group), true),
            Subject::Membership(..) => ("membership", Some(Kind::Membership), false),
            Subject::DueMembership(..) => ("due-membership", Some(Kind::Membership), true),
            Subject::Assignment(..) => ("assignment", Some(Kind::Assignment), false),
            Subject::PermissionSetOf(..) => ("permission-set-of", Some(Kind::Assignment), false),
            Subject::DueAssignment(_) => ("due-assignment", Some(Kind::Assignment), true),
            Subject::Application(..) => ("application", Some(Kind::Application), false),
            Subject::DueApplication(_) => ("due-application", Some(Kind::Application), true),
            Subject::Entitlement(..) => ("entitlement", Some(Kind::Entitlement), false),
            Subject::DueEntitlement(_) => ("due-entitlement", Some(Kind::Entitlement), true),
            Subject::PermissionSet(_) => ("permission-set", Some(Kind::PermissionSet), false),
            Subject::DuePermissionSet(_) => ("due-permission-set", Some(Kind::PermissionSet), true),
            Subject::IamUser(..) => ("iam-user", Some(Kind::IamUser), false),
            Subject::DueIamUser(_) => ("due-iam-user", Some(Kind::IamUser), true),
            Subject::Policy(..) => ("policy", Some(Kind::Policy), false),
            Subject::DuePolicy(..) => ("due-policy", Some(Kind::Policy), true),
            Subject::Trust(..) => ("trust", Some(Kind::Trust), false),
            Subject::DueTrust(_) => ("due-trust", Some(Kind::Trust), true),
            Subject::Root(_) => ("root", None, false),
            Subject::Directory => ("directory", None, false),
            Subject::GoneList(_) => ("gone-list", None, false),
            Subject::List(_) => ("list", None, false),
            Subject::Waiver(_) => ("waiver", None, false),
            Subject::IdleRow(_) => ("idle-row", None, false),
        }
    }
}
