//! `root-without-mfa`: the root user of an account can sign in with a password alone.
//!
//! AWS's credential report may say `not_supported` for whether the root user has a password. Then it is taken to have
//! one where it has signed in by it, and in the account that manages the organization, whose root user nobody can be
//! rid of; the root user of a member account that was made by the organization has none until somebody asks for it.

use crate::compare::rule_context::Case;
use crate::model::{Account, Credentials, Evidence, Finding, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("root-without-mfa"),
    severity: Severity::High,
    meaning: "The root user of an account can sign in with a password alone, without a second factor.",
    advice: "Sign in as the root user and set up a second factor, or remove root credentials of member accounts \
             centrally in IAM of the management account.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.roots()
        .filter(|(account, root)| {
            !root.mfa && has_password(case, case.world.snapshot.iam[account.number()].account, root)
        })
        .map(|(account, _)| case.finding(&RULE, RULE.severity, Subject::Root(account), vec![Evidence::NoSecondFactor]))
        .collect()
}

fn has_password(case: &Case<'_>, account: Ix<Account>, root: &Credentials) -> bool {
    let id = case.world.snapshot.accounts[account].id;
    let manages = case.world.snapshot.organization.as_ref().is_some_and(|organization| organization.management == id);
    root.password.unwrap_or(root.password_used.is_some() || manages)
}
