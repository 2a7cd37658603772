//! What an operation needs: who calls it, and for which part of the collecting.

/// What one operation needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Who calls it.
    pub by: By,
    /// What it is part of, and so what the settings must ask for.
    pub part: Part,
    /// What it is called for, as a noun phrase.
    pub why: &'static str,
    /// Whether every run calls it that reads this part; otherwise what the run finds makes it necessary, or not.
    pub always: bool,
}

/// Who calls an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// AWS lets everybody; no policy has to.
    Everybody,
    /// The principal that Rollcall runs as, in the management account or a delegated administrator's.
    Rollcall,
    /// Whoever reads IAM of an account: the member role, and in its own account the principal that Rollcall runs as.
    Reader,
}

/// A part of what is collected; its operations are allowed together or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Who asks.
    Caller,
    /// The accounts of the organization.
    Organization,
    /// Users, groups and memberships of Identity Center.
    Directory,
    /// Permission sets and what they allow.
    PermissionSets,
    /// Who has which permission set where.
    Assignments,
    /// The same by principal, to check it.
    CrossCheck,
    /// Who may use which application of Identity Center.
    Applications,
    /// Who may be which IAM role by account access manager.
    AccountAccess,
    /// The role in the accounts.
    MemberRole,
    /// IAM of an account.
    Iam,
}

impl Part {
    /// The name of its statement in a policy.
    #[must_use]
    pub fn sid(self) -> &'static str {
        match self {
            Part::Caller => "Caller",
            Part::Organization => "Organization",
            Part::Directory => "Directory",
            Part::PermissionSets => "PermissionSets",
            Part::Assignments => "Assignments",
            Part::CrossCheck => "CrossCheck",
            Part::Applications => "Applications",
            Part::AccountAccess => "AccountAccess",
            Part::MemberRole => "MemberRole",
            Part::Iam => "Iam",
        }
    }
}
