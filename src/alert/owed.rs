//! What recipients were to be told by a message that did not reach them, and what no later run finds out again.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::model::{Fingerprint, Report, Severity};
use crate::wording::{Became, Change};

/// What recipients are still to be told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// Findings that a row of a list expects by now.
    pub(super) listed: Vec<OwedListed>,
    /// Findings that a waiver accepts by now.
    pub(super) accepted: BTreeSet<Fingerprint>,
    /// What of the store could not be used.
    pub(super) damage: Vec<String>,
}

/// A finding that a row of a list expects by now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwedListed {
    fingerprint: Fingerprint,
    pub(super) severity: Option<Severity>,
    title: String,
    cause: Option<String>,
}

impl OwedListed {
    pub(super) fn of(change: &Change, severity: Option<Severity>) -> Self {
        let Change { fingerprint, title, cause, .. } = change.clone();
        OwedListed { fingerprint, severity, title, cause }
    }

    pub(super) fn change(&self) -> Change {
        let OwedListed { fingerprint, title, cause, .. } = self.clone();
        Change { what: Became::NowListed, fingerprint, title, cause }
    }

    /// Whether it still holds: what is open again is news as such.
    pub(super) fn holds(&self, report: &Report<'_>) -> bool {
        report.open().all(|finding| finding.fingerprint != self.fingerprint)
    }
}
