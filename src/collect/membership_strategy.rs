//! The two ways to who is in which group, and which of them takes fewer calls.

use super::journal::page::Operation;

/// How it is asked who is in which group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Each group, who its members are.
    ByGroup,
    /// Each user, which groups it is in.
    ByMember,
}

impl Way {
    /// The way of fewer calls, where all users and all groups are listed: each takes a call at least, and few have more
    /// groups or members than one call tells.
    pub(super) fn cheaper(users: usize, groups: usize) -> Self {
        if users < groups { Way::ByMember } else { Way::ByGroup }
    }

    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Way::ByGroup => Way::ByMember,
            Way::ByMember => Way::ByGroup,
        }
    }

    /// What is asked on it.
    pub(super) fn operation(self) -> Operation {
        match self {
            Way::ByGroup => Operation::ListGroupMemberships,
            Way::ByMember => Operation::ListGroupMembershipsForMember,
        }
    }
}
