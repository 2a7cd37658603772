//! The steps of a change: derived from the change and from what was observed of its target, never read from a plan.
//!
//! Pure. What is so already needs no step, so that the same derivation goes on with a change that was interrupted.

mod iam_user;
mod identity_center;

use super::observed::Observed;
use super::step::{Mark, Step};
use crate::change::{Change, Place};

/// Why a change has no steps.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSteps {
    /// It would make something that is there.
    #[error("{0} exists already, and this change did not make it")]
    Exists(String),
    /// It would give something to what is not there.
    #[error("{0} no longer exists")]
    Gone(String),
    /// What has the name is another one than the one that was planned for.
    #[error("{name} was replaced: its id is now `{is}`, and the plan names `{planned}`")]
    AnotherOne {
        /// What it is called.
        name: String,
        /// The id that the plan has.
        planned: String,
        /// The id that it has.
        is: String,
    },
    /// Something hangs on it that must be taken away first, by changes of its own.
    #[error("{name} still has {memberships} memberships and {assignments} assignments; plan their removal first")]
    StillHas {
        /// What it is called.
        name: String,
        /// How many memberships.
        memberships: usize,
        /// How many assignments.
        assignments: usize,
    },
    /// It is not known where in AWS the change is made.
    #[error("the plan does not name the {0}; create the plan again from the answers of an Identity Center instance")]
    NoPlace(&'static str),
    /// What was observed is not what the change is about. This is a fault of Rollcall.
    #[error("AWS returned something other than the object of the change")]
    NotObserved,
}

/// The steps of a change, in their order: what is left to do of it. None where all of it is so already.
///
/// At no step the policies of a user allow more than before it, unless the change itself gives access.
///
/// # Errors
/// Where the change cannot be made as it was planned.
pub fn steps(change: &Change, place: &Place, mark: &Mark, observed: &Observed) -> Result<Vec<Step>, NoSteps> {
    match change {
        Change::CreateIamUser { .. }
        | Change::DisableIamUser { .. }
        | Change::EnableIamUser { .. }
        | Change::DeleteIamUser { .. }
        | Change::DeactivateIamKey { .. }
        | Change::ActivateIamKey { .. }
        | Change::AttachIamPolicy { .. }
        | Change::DetachIamPolicy { .. }
        | Change::AddIamGroupMember { .. }
        | Change::RemoveIamGroupMember { .. } => match observed {
            Observed::IamUser(user) => iam_user::steps(change, place, mark, user.as_ref()),
            Observed::Named(_)
            | Observed::User(_)
            | Observed::Group(_)
            | Observed::Membership { .. }
            | Observed::Assignment { .. } => Err(NoSteps::NotObserved),
        },
        Change::CreateUser { .. }
        | Change::DeleteUser { .. }
        | Change::CreateGroup { .. }
        | Change::DeleteGroup { .. }
        | Change::AddMember { .. }
        | Change::RemoveMember { .. }
        | Change::AddAssignment { .. }
        | Change::RemoveAssignment { .. } => identity_center::steps(change, place, observed),
    }
}

/// That what was observed is what the plan is about. Without an id, the plan itself makes it.
fn same(name: &str, planned: Option<&str>, is: &str) -> Result<(), NoSteps> {
    match planned {
        Some(planned) if planned != is => {
            Err(NoSteps::AnotherOne { name: name.to_owned(), planned: planned.to_owned(), is: is.to_owned() })
        }
        Some(_) | None => Ok(()),
    }
}
