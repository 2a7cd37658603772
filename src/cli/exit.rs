//! The exit codes, which are part of the interface.

use std::process::ExitCode;

use crate::model::{Severity, Verdict};

/// How the program ends. The first one that applies, from top to bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// In order, or done.
    InOrder = 0,
    /// No audit could be done.
    NoAudit = 1,
    /// Wrong arguments or settings.
    Usage = 2,
    /// There are findings at or above `--fail-on`.
    Findings = 3,
    /// Not all could be seen, nothing was assessed, or rows of the lists are not reviewed, and there is no such finding.
    Incomplete = 4,
    /// Audited, but a report or an alert could not be delivered.
    NotDelivered = 5,
    /// A plan was applied in part: some changes were made, others not.
    Stopped = 6,
}

impl Exit {
    /// Every code, with what it means; the README has the same table.
    pub const TABLE: [(Exit, &'static str); 7] = [
        (
            Exit::InOrder,
            "in order: everything in scope was read, with no finding at or above `--fail-on`; a plan that nothing \
             blocks",
        ),
        (Exit::NoAudit, "no audit was possible, no plan could be made, or a plan can no longer be applied"),
        (Exit::Usage, "wrong arguments or settings"),
        (Exit::Findings, "findings at or above `--fail-on`; a plan that a guard or a difference blocks"),
        (
            Exit::Incomplete,
            "incomplete, without such a finding: something could not be read, nothing was assessed, or rows of \
             expected lists are not reviewed; a plan that depends on unread data; a job that is overdue or failing",
        ),
        (Exit::NotDelivered, "audited or applied, but a report or an alert could not be delivered"),
        (Exit::Stopped, "a plan was applied in part: some changes were made or may have been, others not"),
    ];

    /// The code for a verdict whose report was delivered, or was not.
    #[must_use]
    pub fn of(verdict: &Verdict, fail_on: Severity, delivered: bool) -> Self {
        if verdict.open_at_least(fail_on) > 0 {
            Exit::Findings
        } else if !verdict.complete() || !verdict.assesses() || !verdict.reviewed() {
            Exit::Incomplete
        } else if !delivered {
            Exit::NotDelivered
        } else {
            Exit::InOrder
        }
    }

    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit.code())
    }
}
