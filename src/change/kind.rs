//! The kinds of changes: what each does to access, what it is counted as, and what undoes it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A kind of change, without what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is documented at the change of its name")]
pub enum ChangeKind {
    CreateIamUser,
    DisableIamUser,
    EnableIamUser,
    DeleteIamUser,
    DeactivateIamKey,
    ActivateIamKey,
    AttachIamPolicy,
    DetachIamPolicy,
    AddIamGroupMember,
    RemoveIamGroupMember,
    CreateUser,
    DeleteUser,
    CreateGroup,
    DeleteGroup,
    AddMember,
    RemoveMember,
    AddAssignment,
    RemoveAssignment,
}

/// What a kind of change does to access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// It makes something that has no access yet, or that has what the change says.
    Creates,
    /// It gives access.
    Grants,
    /// It takes access away, and what is left can have it again.
    Removes,
    /// It deletes a user or a group for good.
    Deletes,
}

/// What a change is counted as, where removals are capped by their share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// A user of IAM, with its credentials.
    IamUser,
    /// A managed policy of an IAM user.
    IamPolicy,
    /// An IAM user in an IAM group.
    IamGroupMembership,
    /// A user of Identity Center.
    User,
    /// A group of Identity Center.
    Group,
    /// A user in a group of Identity Center.
    Membership,
    /// A permission set of a principal in an account.
    Assignment,
}

impl ChangeKind {
    /// Every kind: word, what it does, what it is counted as, what undoes it.
    const TABLE: [(ChangeKind, &'static str, Does, Thing, Option<ChangeKind>); 18] = {
        use ChangeKind as K;
        use Does::{Creates, Deletes, Grants, Removes};
        [
            (K::CreateIamUser, "create-iam-user", Creates, Thing::IamUser, Some(K::DeleteIamUser)),
            (K::DisableIamUser, "disable-iam-user", Removes, Thing::IamUser, Some(K::EnableIamUser)),
            (K::EnableIamUser, "enable-iam-user", Grants, Thing::IamUser, Some(K::DisableIamUser)),
            (K::DeleteIamUser, "delete-iam-user", Deletes, Thing::IamUser, None),
            (K::DeactivateIamKey, "deactivate-iam-key", Removes, Thing::IamUser, Some(K::ActivateIamKey)),
            (K::ActivateIamKey, "activate-iam-key", Grants, Thing::IamUser, Some(K::DeactivateIamKey)),
            (K::AttachIamPolicy, "attach-iam-policy", Grants, Thing::IamPolicy, Some(K::DetachIamPolicy)),
            (K::DetachIamPolicy, "detach-iam-policy", Removes, Thing::IamPolicy, Some(K::AttachIamPolicy)),
            (
                K::AddIamGroupMember,
                "add-iam-group-member",
                Grants,
                Thing::IamGroupMembership,
                Some(K::RemoveIamGroupMember),
            ),
            (
                K::RemoveIamGroupMember,
                "remove-iam-group-member",
                Removes,
                Thing::IamGroupMembership,
                Some(K::AddIamGroupMember),
            ),
            (K::CreateUser, "create-user", Creates, Thing::User, Some(K::DeleteUser)),
            (K::DeleteUser, "delete-user", Deletes, Thing::User, None),
            (K::CreateGroup, "create-group", Creates, Thing::Group, Some(K::DeleteGroup)),
            (K::DeleteGroup, "delete-group", Deletes, Thing::Group, None),
            (K::AddMember, "add-member", Grants, Thing::Membership, Some(K::RemoveMember)),
            (K::RemoveMember, "remove-member", Removes, Thing::Membership, Some(K::AddMember)),
            (K::AddAssignment, "add-assignment", Grants, Thing::Assignment, Some(K::RemoveAssignment)),
            (K::RemoveAssignment, "remove-assignment", Removes, Thing::Assignment, Some(K::AddAssignment)),
        ]
    };

    /// Every kind.
    pub fn all() -> impl Iterator<Item = ChangeKind> {
        ChangeKind::TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> &'static (ChangeKind, &'static str, Does, Thing, Option<ChangeKind>) {
        // The table is in the order of the kinds, which a test holds.
        &ChangeKind::TABLE[self as usize]
    }

    /// The word for it, in files and settings: `remove-assignment`.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.row().1
    }

    /// What it does to access.
    #[must_use]
    pub fn does(self) -> Does {
        self.row().2
    }

    /// What it is counted as.
    #[must_use]
    pub fn thing(self) -> Thing {
        self.row().3
    }

    /// The kind by which it is undone; `None` where it is final.
    #[must_use]
    pub fn undone_by(self) -> Option<ChangeKind> {
        self.row().4
    }

    /// Whether it takes something away: what the caps on removals count.
    #[must_use]
    pub fn is_removal(self) -> bool {
        matches!(self.does(), Does::Removes | Does::Deletes)
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for ChangeKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        ChangeKind::all().find(|kind| kind.word() == text).ok_or_else(|| {
            let words: Vec<String> = ChangeKind::all().map(|kind| format!("`{}`", kind.word())).collect();
            format!("unknown change `{text}`; known changes are {}", words.join(", "))
        })
    }
}

impl Thing {
    /// The word for it in files for machines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Thing::IamUser => "iam-user",
            Thing::IamPolicy => "iam-policy",
            Thing::IamGroupMembership => "iam-group-membership",
            Thing::User => "user",
            Thing::Group => "group",
            Thing::Membership => "membership",
            Thing::Assignment => "assignment",
        }
    }
}
