//! Why an apply stopped.

use crate::aws::failure::Failure;
use crate::change::Planned;
use crate::operate::{NoSteps, Stop};
use crate::store::StoreError;

/// Why an apply stopped.
#[derive(Debug, thiserror::Error)]
pub enum Surprise {
    /// The target of the change could not be read.
    #[error("what it is about could not be read: {} ({})", .0.message, .0.code)]
    NotRead(Failure),
    /// Somebody else made the change, or another one of the same.
    #[error("it is not as the plan saw it any more: {0}")]
    Different(&'static str),
    /// The change has no steps as things are.
    #[error(transparent)]
    NoSteps(#[from] NoSteps),
    /// AWS refused a step.
    #[error("{}", refused(.why, .failure))]
    Refused {
        /// Why.
        why: Stop,
        /// What AWS said.
        failure: Failure,
    },
    /// AWS did not do what it had been asked for.
    #[error("AWS did not do it: {0}")]
    Failed(String),
    /// AWS was busy for too long.
    #[error("AWS did not take it after {attempts} attempts: {} ({})", .failure.message, .failure.code)]
    Busy {
        /// How often it was sent.
        attempts: u32,
        /// What AWS said at the last one.
        failure: Failure,
    },
    /// It is not known whether a step was done.
    #[error("it is not known whether it was done: {} ({})", .0.message, .0.code)]
    Unknown(Failure),
    /// AWS said that it was done, and it does not show.
    #[error("AWS said that it was done, and it does not show")]
    DoesNotShow,
    /// The journal could not be written.
    #[error("the journal could not be written")]
    Journal(#[from] StoreError),
    /// A signal asked to stop.
    #[error("it was told to stop")]
    Interrupted,
}

fn refused(why: &Stop, failure: &Failure) -> String {
    let said = format!("{} ({})", failure.message, failure.code);
    match why {
        Stop::Denied { action } => format!("the operator's role does not allow `{action}`: {said}"),
        Stop::Credentials => format!("the operator's credentials do not work: {said}"),
        Stop::NotSent => format!("it could not be sent: {said}"),
        Stop::Exists => format!("what it would make is there already, and this plan did not make it: {said}"),
        Stop::ChangedByOthers => format!("somebody else changed the same in the meantime: {said}"),
        Stop::NotThere => format!("what it is about is not there: {said}"),
        Stop::InUse => format!("something still belongs to it: {said}"),
        Stop::Limit => format!("a quota is used up: {said}"),
        Stop::Refused => format!("AWS refused it: {said}"),
    }
}

/// The change at which an apply stopped, and why.
#[derive(Debug)]
pub struct Stopped {
    /// The change.
    pub at: Planned,
    /// Why.
    pub why: Surprise,
}
