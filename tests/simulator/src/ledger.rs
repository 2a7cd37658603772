//! How often each operation was called in each account, and how that ended.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde_json::{Value, json};

/// How calls ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All calls.
    pub calls: u64,
    /// Those that were answered.
    pub answered: u64,
    /// Those that were throttled.
    pub throttled: u64,
    /// Those that were refused otherwise, or got no whole answer.
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.calls += other.calls;
        self.answered += other.answered;
        self.throttled += other.throttled;
        self.failed += other.failed;
    }
}

/// How calls ended, by operation (`identitystore:ListUsers`) and by the account whose credentials signed them.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    entries: BTreeMap<(String, String), Counts>,
}

/// How one call ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum End {
    Answered,
    Throttled,
    Failed,
}

impl Ledger {
    pub(crate) fn enter(&mut self, operation: String, account: String, end: End) {
        let mut one = Counts { calls: 1, ..Counts::default() };
        match end {
            End::Answered => one.answered = 1,
            End::Throttled => one.throttled = 1,
            End::Failed => one.failed = 1,
        }
        *self.entries.entry((operation, account)).or_default() += one;
    }

    /// All calls of an operation, whatever the account.
    #[must_use]
    pub fn of(&self, operation: &str) -> Counts {
        self.sum(|known, _| known == operation)
    }

    /// All calls of a service: `identitystore`.
    #[must_use]
    pub fn of_service(&self, service: &str) -> Counts {
        self.sum(|known, _| known.split(':').next() == Some(service))
    }

    /// All calls of an operation in one account.
    #[must_use]
    pub fn in_account(&self, operation: &str, account: &str) -> Counts {
        self.sum(|known, of| known == operation && of == account)
    }

    /// All calls.
    #[must_use]
    pub fn total(&self) -> Counts {
        self.sum(|_, _| true)
    }

    /// The operations that were called.
    #[must_use]
    pub fn operations(&self) -> Vec<&str> {
        let mut operations: Vec<&str> = self.entries.keys().map(|(operation, _)| operation.as_str()).collect();
        operations.dedup();
        operations
    }

    fn sum(&self, wanted: impl Fn(&str, &str) -> bool) -> Counts {
        let mut sum = Counts::default();
        for ((operation, account), counts) in &self.entries {
            if wanted(operation, account) {
                sum += *counts;
            }
        }
        sum
    }

    /// `{"identitystore:ListUsers": {"123456789012": {"calls": 2, …}}}`
    pub(crate) fn json(&self) -> Value {
        let mut all = json!({});
        for ((operation, account), counts) in &self.entries {
            all[operation][account] = json!({
                "calls": counts.calls,
                "answered": counts.answered,
                "throttled": counts.throttled,
                "failed": counts.failed,
            });
        }
        all
    }
}
