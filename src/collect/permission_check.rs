//! Whether AWS allows each operation that a walk calls: asked by a walk that calls each about once.
//!
//! It is the walk itself, cut short, so that what is tried and what is called cannot part. Nothing is concluded here
//! from what the answers say.

use std::collections::BTreeSet;

use super::Options;
use super::journal::page::{Operation, Outcome, Page};
use super::permissions::{self, By, Part};
use crate::aws::failure::{Failure, Kind};
use crate::model::AccountId;

/// What became of one action in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// As a policy names it: `iam:GetAccountSummary`.
    pub action: String,
    /// The account that was asked, where it was one among several.
    pub account: Option<AccountId>,
    /// How it ended.
    pub tried: Tried,
}

/// How a trial ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// AWS allows it.
    Granted,
    /// AWS refused: a permission is missing.
    Denied {
        /// The error's code, as AWS names it.
        code: String,
        /// What AWS said.
        message: String,
    },
    /// The call failed otherwise, so nobody can say.
    Failed {
        /// The error's code.
        code: String,
        /// What was said.
        message: String,
    },
    /// It was not asked.
    NotTried {
        /// Why, as a clause.
        because: &'static str,
    },
}

/// What the pages of a walk that was cut short say about everything that these settings need.
pub(super) fn trials(options: &Options, pages: &[Page]) -> Vec<Trial> {
    let accounts: BTreeSet<AccountId> = pages.iter().filter_map(|page| page.call.account).collect();
    let assumed: BTreeSet<AccountId> = of(pages, Operation::AssumeRole).filter_map(|page| page.call.account).collect();
    let mut trials = Vec::new();
    for (operation, need) in permissions::needed(options).filter(|(_, need)| need.by != By::Everybody) {
        let asked: Vec<Option<AccountId>> = match need.part {
            Part::Iam => accounts.iter().copied().map(Some).collect(),
            Part::MemberRole => assumed.iter().copied().map(Some).collect(),
            Part::Caller
            | Part::Organization
            | Part::Directory
            | Part::PermissionSets
            | Part::Assignments
            | Part::CrossCheck
            | Part::Applications
            | Part::AccountAccess => {
                vec![None]
            }
        };
        // In no account at all: it is said once that it was not tried.
        let asked = if asked.is_empty() { vec![None] } else { asked };
        trials.extend(asked.into_iter().map(|account| {
            let of_account = of(pages, operation).filter(|page| account.is_none() || page.call.account == account);
            let because = match need.part {
                _ if !need.always => "a run calls it only when needed",
                Part::Iam if account.is_some() => "the member role could not be assumed there",
                Part::Iam | Part::MemberRole => "no account was found to call it in",
                Part::Caller
                | Part::Organization
                | Part::Directory
                | Part::PermissionSets
                | Part::Assignments
                | Part::CrossCheck
                | Part::Applications
                | Part::AccountAccess => "nothing was found to call it for",
            };
            Trial { action: operation.api().to_owned(), account, tried: tried(of_account, because) }
        }));
    }
    trials
}

fn of(pages: &[Page], operation: Operation) -> impl Iterator<Item = &Page> {
    pages.iter().filter(move |page| page.call.operation == operation)
}

/// The worst that was said: a permission can be missing for some of what an operation is asked about.
fn tried<'p>(pages: impl Iterator<Item = &'p Page>, because: &'static str) -> Tried {
    let mut worst = Tried::NotTried { because };
    for page in pages {
        let one = match &page.outcome {
            Outcome::Answer(_) => Tried::Granted,
            Outcome::Failure(failure) => of_failure(failure),
            Outcome::Unreadable(detail) => Tried::Failed { code: "Unreadable".to_owned(), message: detail.clone() },
        };
        if rank(&one) > rank(&worst) {
            worst = one;
        }
    }
    worst
}

fn rank(tried: &Tried) -> u8 {
    match tried {
        Tried::NotTried { .. } => 0,
        Tried::Granted => 1,
        Tried::Failed { .. } => 2,
        Tried::Denied { .. } => 3,
    }
}

fn of_failure(failure: &Failure) -> Tried {
    // AWS asks whether somebody may before it looks whether there is anything.
    let looked =
        ["NotFound", "NoSuchEntity", "ReportNotPresent", "ReportInProgress", "ReportNotReady", "ReportExpired"];
    let (code, message) = (failure.code.clone(), failure.message.clone());
    match failure.kind {
        Kind::Denied => Tried::Denied { code, message },
        Kind::Failed if looked.iter().any(|word| failure.code.contains(word)) => Tried::Granted,
        Kind::Failed if failure.is_unsupported() => Tried::Granted,
        Kind::Failed
        | Kind::Throttled
        | Kind::NoCredentials
        | Kind::Expired
        | Kind::WrongClock
        | Kind::NoRegion
        | Kind::Unreachable
        | Kind::Timeout
        | Kind::Unreadable
        | Kind::TokenRepeated
        | Kind::Unavailable => Tried::Failed { code, message },
    }
}
