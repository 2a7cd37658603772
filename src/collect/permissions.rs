//! Which operations a run with these settings calls.

use super::Options;
use super::api::operations::Operation;
use crate::model::IamScope;

pub use super::api::need::{By, Need, Part};

/// Whether these settings ask for a part; the walk asks by the same conditions.
fn is_wanted(part: Part, options: &Options) -> bool {
    let scope = options.scope();
    match part {
        Part::Caller => true,
        Part::Organization => scope.identity_center || options.member_role.is_some(),
        Part::Directory | Part::PermissionSets | Part::Assignments | Part::Applications | Part::AccountAccess => {
            scope.identity_center
        }
        Part::CrossCheck => !scope.cross_check.is_none(),
        Part::MemberRole => scope.iam == IamScope::Organization,
        Part::Iam => scope.iam != IamScope::Nowhere,
    }
}

/// The operations that a walk with these settings calls, each with what it needs.
pub fn needed(options: &Options) -> impl Iterator<Item = (Operation, Need)> {
    let all = Operation::ALL.iter().map(|&operation| (operation, operation.need()));
    all.filter(|(_, need)| is_wanted(need.part, options))
}
