//! `trusts.csv`: the row of somebody outside whom a role trusts. Who answers for it is for people to say.

use crate::model::{AccountId, IamRole, Ix, Trust};

use super::Cells;
use super::sheet::cell;

pub(super) const NAME: &str = "trusts.csv";

/// The row of a trust with its conditions, where it was read whom the role trusts.
pub(super) fn cells(account: AccountId, role: &IamRole, trust: Ix<Trust>, conditions: &str) -> Option<Cells> {
    let trusted = role.trusts.is()?[trust.number()].trusted.name();
    Some(vec![
        ("account", account.to_string()),
        ("role", cell(&role.name)),
        ("trusted", cell(&trusted)),
        ("conditions", cell(conditions)),
        ("digest", role.policies_digest().unwrap_or_default()),
    ])
}
