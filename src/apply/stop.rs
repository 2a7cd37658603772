//! Why an apply stopped.

use crate::aws::failure::Failure;
use crate::change::Planned;
use crate::operate::{NoSteps, PasswordError, Stop};
use crate::store::StoreError;

/// Why an apply stopped.
#[derive(Debug, thiserror::Error)]
pub enum Surprise {
    /// What the change is about could not be read.
    #[error("what it is about could not be read: {} ({})", .0.message, .0.code)]
    NotRead(Failure),
    /// Someone else made the change, or another one of the same.
    #[error("AWS is not as the plan saw it any more: {0}")]
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
    /// A request for an assignment failed.
    #[error("AWS ended the request without success: {0}")]
    Failed(String),
    /// AWS was busy for too long.
    #[error("AWS did not accept it in {attempts} attempts: {} ({})", .failure.message, .failure.code)]
    Busy {
        /// How often it was sent.
        attempts: u32,
        /// What AWS said at the last one.
        failure: Failure,
    },
    /// It is not known whether a step was done.
    #[error("it was sent, and whether AWS did it is not known: {} ({})", .0.message, .0.code)]
    Unknown(Failure),
    /// A step may have been sent by an earlier process, does not show, and could do harm twice.
    #[error("it may have been sent before, does not show, and is not sent twice")]
    MayHaveBeenSent,
    /// AWS said that it was done, and it does not show.
    #[error("AWS said that it was done, and it does not show")]
    DoesNotShow,
    /// The user is to be deleted after it was disabled, and it is not.
    #[error("the user is not disabled; disable it first, or plan its deletion with `--at-once`")]
    NotDisabled,
    /// The settings name no folder for passwords.
    #[error("the settings name no folder for console passwords (`change.passwords_to`)")]
    NoPasswordFolder,
    /// The password could not be made or kept.
    #[error("the console password could not be kept")]
    Password(#[from] PasswordError),
    /// The journal could not be written.
    #[error("the journal could not be written")]
    Journal(#[from] StoreError),
    /// Another process may hold the claim by now.
    #[error("this process lost its claim, so another one may be applying a plan by now")]
    ClaimLost,
    /// A signal asked to stop.
    #[error("a signal stopped it")]
    Interrupted,
}

fn refused(why: &Stop, failure: &Failure) -> String {
    let said = format!("{} ({})", failure.message, failure.code);
    match why {
        Stop::Denied { action } => format!("the operator's role does not allow `{action}`: {said}"),
        Stop::Credentials => format!("the operator's credentials do not work: {said}"),
        Stop::NotSent => format!("it could not be sent: {said}"),
        Stop::Exists => format!("what it would create exists already, and not by this plan: {said}"),
        Stop::ChangedByOthers => format!("someone else changed it in the meantime: {said}"),
        Stop::NotThere => format!("what it is about does not exist: {said}"),
        Stop::InUse => format!("something still belongs to it: {said}"),
        Stop::Limit => format!("a quota of AWS is used up: {said}"),
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
