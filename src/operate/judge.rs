//! What AWS's answer to a write means: the one table that decides whether a step is done, is sent again, stops the apply,
//! or has to be looked at. Pure and total.

use super::Service;
use super::outcome::{Busy, Outcome, Stop};
use super::reply::{Reply, ServiceError};
use super::step::Step;
use crate::aws::failure::{Failure, Kind};

/// Since when what a step is about exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// This apply made it less than a minute ago: it may not show everywhere yet.
    JustMade,
    /// It was there before.
    Settled,
}

/// What the failed call of a step means.
#[must_use]
pub fn judge(step: &Step, reply: Reply, target: Target) -> Outcome {
    match reply {
        Reply::NotSent { failure } if failure.is_lapse() => stopped(Stop::Credentials, failure),
        Reply::NotSent { failure } => stopped(Stop::NotSent, failure),
        Reply::Nothing { failure } => Outcome::Unknown { failure },
        Reply::Error(error) => of_service(step, error, target),
    }
}

fn stopped(why: Stop, failure: Failure) -> Outcome {
    Outcome::Stopped { why, failure }
}

fn of_service(step: &Step, error: ServiceError, target: Target) -> Outcome {
    let not_done = |why, failure| Outcome::NotDone { why, failure };
    match error.failure.kind {
        Kind::Throttled => not_done(Busy::Throttled, error.failure),
        Kind::WrongClock => not_done(Busy::WrongClock, error.failure),
        Kind::Denied => {
            let action = error.failure.missing_action().unwrap_or(step.operation().api()).to_owned();
            stopped(Stop::Denied { action }, error.failure)
        }
        Kind::NoCredentials | Kind::Expired => stopped(Stop::Credentials, error.failure),
        // The service failed on its side, before or after it did what was asked.
        Kind::Unavailable
        | Kind::Timeout
        | Kind::Unreachable
        | Kind::Unreadable
        | Kind::NoRegion
        | Kind::TokenRepeated => Outcome::Unknown { failure: error.failure },
        Kind::Failed => by_code(step, error, target),
    }
}

/// What an error of the service's own means. IAM's codes have no `Exception` at their ends, those of the others do.
fn by_code(step: &Step, error: ServiceError, target: Target) -> Outcome {
    let failure = error.failure.clone();
    let not_done = |why| Outcome::NotDone { why, failure: failure.clone() };
    let service = step.operation().service();
    match failure.code.trim_end_matches("Exception") {
        "ConcurrentModification" => not_done(Busy::ConcurrentModification),
        "EntityTemporarilyUnmodifiable" => not_done(Busy::TemporarilyUnmodifiable),
        "Conflict" if service == Service::SsoAdmin => not_done(Busy::EarlierWrite),
        "Conflict" => match error.reason.as_deref() {
            Some("CONCURRENT_MODIFICATION") => stopped(Stop::ChangedByOthers, failure),
            Some("UNIQUENESS_CONSTRAINT_VIOLATION") => stopped(Stop::Exists, failure),
            // Without a reason it is what can be in conflict: a name with a name, a revision with a revision.
            Some(_) | None if step.takes_away() => stopped(Stop::ChangedByOthers, failure),
            Some(_) | None => stopped(Stop::Exists, failure),
        },
        "EntityAlreadyExists" => stopped(Stop::Exists, failure),
        "NoSuchEntity" | "ResourceNotFound" if target == Target::JustMade => not_done(Busy::NotVisibleYet),
        "NoSuchEntity" | "ResourceNotFound" if step.takes_away() && !is_about_the_store(&error) => Outcome::WasGone,
        "NoSuchEntity" | "ResourceNotFound" => stopped(Stop::NotThere, failure),
        "DeleteConflict" => stopped(Stop::InUse, failure),
        "LimitExceeded" | "ServiceQuotaExceeded" => stopped(Stop::Limit, failure),
        _ => stopped(Stop::Refused, failure),
    }
}

/// Whether it is the identity store itself that is not there: nothing follows about what was to be taken away.
fn is_about_the_store(error: &ServiceError) -> bool {
    error.resource.as_deref() == Some("IDENTITY_STORE")
}
