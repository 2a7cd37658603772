//! An accepted deviation: which findings, who accepted them until when, and what they were on the day of acceptance.

use chrono::NaiveDate;

use super::{AccountId, RowRef, Severity};

/// An accepted deviation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule whose findings are accepted.
    pub rule: String,
    /// Whose; every principal's where it is `None`.
    pub principal: Option<String>,
    /// In which account; in every one where it is `None`.
    pub account: Option<AccountId>,
    /// The one finding that is accepted; every one of the rule where it is `None`.
    pub finding: Option<String>,
    /// Why.
    pub reason: String,
    /// Who accepted it.
    pub approved_by: String,
    /// The last day on which it holds (UTC).
    pub expires: NaiveDate,
    /// What was accepted, where `rollcall waive` wrote it down. A waiver without it accepts by name alone.
    pub accepted: Option<Accepted>,
    /// The row.
    pub row: RowRef,
}

impl Waiver {
    /// Whether nothing narrows it: it names neither a finding nor a principal nor an account.
    #[must_use]
    pub fn is_for_whole_rule(&self) -> bool {
        self.finding.is_none() && self.principal.is_none() && self.account.is_none()
    }
}

/// What a finding was when somebody accepted it. A waiver ends when one of these changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// On which day (UTC).
    pub on: NaiveDate,
    /// How severe it was.
    pub severity: Severity,
    /// AWS's own id of the principal, which another one of the same name does not have; `None` where there is none.
    pub principal_id: Option<String>,
    /// The digest of what the subject allowed and held, in hexadecimal.
    pub digest: String,
}

/// Why a waiver does not accept a finding that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAccepted {
    /// It is more severe than what was accepted.
    Severity {
        /// As it was accepted.
        was: Severity,
        /// As it is.
        is: Severity,
    },
    /// The principal of this name is another one, or was made anew.
    Principal {
        /// The id that was accepted.
        was: Option<String>,
        /// The id that it has.
        is: Option<String>,
    },
    /// What the subject allows or holds is not what was accepted.
    Content,
    /// The waiver accepts by name alone, and so nothing above this severity, which is the rule's own.
    AboveRule(Severity),
    /// The waiver accepts by name alone, and so nothing administrative, and nothing that may be.
    Administrative,
    /// The waiver itself is not valid.
    Fault(WaiverFault),
}

/// Why a waiver is not valid, whatever it names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaiverFault {
    /// It runs longer than the settings allow: until this day at most.
    TooLong(NaiveDate),
    /// Nothing narrows it, and a finding of its rule, or the rule itself, is as severe as this.
    WholeRule(Severity),
    /// The person whom it is about approved it, by this name.
    OwnSubject(String),
}

impl NotAccepted {
    /// What is wrong with the waiver as such, where that is why.
    #[must_use]
    pub fn fault(&self) -> Option<&WaiverFault> {
        if let NotAccepted::Fault(fault) = self { Some(fault) } else { None }
    }

    /// Whether it is because the waiver accepts by name alone.
    #[must_use]
    pub fn is_by_name(&self) -> bool {
        matches!(self, NotAccepted::AboveRule(_) | NotAccepted::Administrative)
    }
}
