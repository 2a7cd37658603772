//! Whom a question is put to, and with what.

use std::sync::OnceLock;

use crate::aws::failure::Failure;
use crate::aws::pacer::Pacer;
use crate::aws::witness::Witness;
use crate::collect::answer::Answer;
use crate::collect::page::{Call, Parameters};
use crate::model::AccountId;

/// One service with a limit of its own.
pub(super) struct Service {
    pub(super) pacer: Pacer,
    pub(super) witness: Witness,
    /// Whether the run's own credentials ask, and no role's.
    pub(super) by_ourselves: bool,
    /// Why this service takes the credentials no longer, renewed or not.
    pub(super) refuses: OnceLock<Failure>,
}

impl Service {
    pub(super) fn new(requests_per_second: f64) -> Self {
        let (pacer, witness) = (Pacer::new(requests_per_second), Witness::default());
        Service { pacer, witness, by_ourselves: true, refuses: OnceLock::new() }
    }
}

/// Whom a question is put to, and with what.
pub(super) struct Question<'a> {
    pub(super) service: &'a Service,
    pub(super) account: Option<AccountId>,
    pub(super) parameters: Parameters,
}

/// Whether a question was asked before in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// No; what an earlier run was answered is taken.
    First,
    /// Yes: the answer to come takes the place of the one before.
    Again,
}

impl Question<'_> {
    /// The question as a call of this answer's operation.
    pub(super) fn call<A: Answer>(&self) -> Call {
        Call { operation: A::OPERATION, account: self.account, parameters: self.parameters.clone() }
    }
}
