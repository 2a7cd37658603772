//! `root-without-mfa`: the root user of an account can sign in with a password alone.
//!
//! AWS's credential report may say `not_supported` for whether the root user has a password. Then it is taken to have
//! one where it has signed in by it, and in the account that manages the organization, whose root user nobody can be
//! rid of. Of any other one without MFA nobody can say it: the root user of a member account that was made
//! by the organization has none until somebody asks for it.

use std::sync::Arc;

use crate::compare::administrative::Place;
use crate::compare::rule_context::Case;
use crate::model::{
    Account, Credentials, Evidence, Finding, Gap, Hides, Ix, Rule, RuleId, Severity, Side, Subject, What, Why, World,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("root-without-mfa"),
    severity: Severity::High,
    title: "The root user of {place} can sign in without MFA",
    meaning: "The root user of an account can sign in with a password alone, without MFA.",
    advice: "Sign in as the root user and set up MFA, or remove root credentials of member accounts centrally in IAM \
             of the management account.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.roots()
        .filter(|(account, root)| {
            !root.mfa && has_password(case.world, case.world.snapshot.iam[account.number()].account, root)
        })
        .map(|(account, _)| case.finding(&RULE, RULE.severity, Subject::Root(account), vec![Evidence::WithoutMfa]))
        .collect()
}

fn has_password(world: &World, account: Ix<Account>, root: &Credentials) -> bool {
    root.password.unwrap_or(root.password_used.is_some() || Place::of(&world.snapshot, account) == Place::Management)
}

/// The gaps of root users without MFA of whom nothing says whether they have a password.
pub(super) fn untold(world: &World) -> impl Iterator<Item = Arc<Gap>> + '_ {
    world.snapshot.iam.iter().filter_map(|iam| {
        let root = iam.root.is()?;
        let is_untold = !root.mfa && root.password.is_none() && !has_password(world, iam.account, root);
        let account = world.snapshot.accounts[iam.account].id;
        is_untold.then(|| {
            Arc::new(Gap {
                side: Side::Aws,
                source: "iam:GetAccountSummary".to_owned(),
                account: Some(account),
                unseen: What::RootPassword.in_account(account),
                why: Why::Unreadable {
                    detail: "it has no MFA device, and neither the summary (`AccountPasswordPresent`) nor the \
                             credential report says whether it has a password"
                        .to_owned(),
                },
                hides: Hides::Grants,
            })
        })
    })
}
