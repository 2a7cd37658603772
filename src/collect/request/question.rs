//! Whom a question is put to, and with what.

use std::sync::OnceLock;

use crate::aws::endpoint::Witness;
use crate::aws::failure::Failure;
use crate::aws::pacer::Pacer;
use crate::collect::api::responses::Answer;
use crate::collect::journal::page::{Call, Parameters};
use crate::model::AccountId;

/// One service with a limit of its own.
pub(crate) struct Service {
    pub(crate) pacer: Pacer,
    pub(crate) witness: Witness,
    /// Whether the run's own credentials ask, and no role's.
    pub(crate) by_ourselves: bool,
    /// Why this service takes the credentials no longer, renewed or not.
    pub(crate) refuses: OnceLock<Failure>,
}

impl Service {
    pub(crate) fn new(requests_per_second: f64) -> Self {
        let (pacer, witness) = (Pacer::new(requests_per_second), Witness::default());
        Service { pacer, witness, by_ourselves: true, refuses: OnceLock::new() }
    }
}

/// Whom a question is put to, and with what.
pub(crate) struct Question<'a> {
    pub(crate) service: &'a Service,
    pub(crate) account: Option<AccountId>,
    pub(crate) parameters: Parameters,
}

/// Whether a question was asked before in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// No; what an earlier run was answered is taken.
    First,
    /// Yes: the answer to come takes the place of the one before.
    Again,
}

impl Question<'_> {
    /// The question as a call of this answer's operation.
    pub(crate) fn call<A: Answer>(&self) -> Call {
        Call { operation: A::OPERATION, account: self.account, parameters: self.parameters.clone() }
    }
}
