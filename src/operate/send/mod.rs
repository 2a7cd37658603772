//! Sending one step, once.

mod iam;
mod identity_store;
mod sso_admin;

use std::error::Error;

use aws_sdk_iam::operation::RequestId;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use super::Operator;
use super::judge::{Target, judge};
use super::outcome::{Answered, Busy, Outcome, Stop};
use super::password::Password;
use super::reply::{self, Reply};
use super::requests::{Request, Wants};
use super::step::{Assignment, IamWrite, SsoAdminWrite, Step};
use crate::aws::failure::{Failure, Kind};
use crate::model::AccountId;

/// What a call that AWS answered brought.
enum Answer {
    /// It is done; the id of what was made.
    Done(Option<String>),
    /// It will be done, by the request of this id.
    Asked(Request),
    /// An answer without the id of the request, or of what was made.
    Nameless,
}

impl Operator {
    /// Sends a step to AWS, exactly once, and says what became of it. `password` is needed for the step that gives one,
    /// and used for no other.
    ///
    /// Of assignments, a request that AWS took counts as under way until [`Operator::status`] or [`Operator::settle`] sees
    /// its end; a further one for the same account, or an eleventh, is not sent.
    pub async fn send(&self, step: &Step, target: Target, password: Option<&Password>) -> Answered {
        let Sent { result, request_id } = match step {
            Step::Iam { account, user, write } => {
                let client = match self.iam(*account).await {
                    Ok(client) => client,
                    Err(failure) => return not_signed_in(*account, failure).into(),
                };
                match (write, password) {
                    (IamWrite::CreateLoginProfile, None) => return without_password().into(),
                    (IamWrite::CreateLoginProfile, Some(password)) => {
                        Box::pin(iam::give_password(&client, user, password)).await
                    }
                    (write, _) => Box::pin(iam::send(&client, user, write)).await,
                }
            }
            Step::IdentityStore { store, write } => {
                Box::pin(identity_store::send(&self.identity_store, store, write)).await
            }
            Step::SsoAdmin { instance, write } => {
                if let Some(busy) = self.no_room_for(write) {
                    return busy.into();
                }
                Box::pin(sso_admin::send(&self.sso_admin, instance, write)).await
            }
        };
        let outcome = match result {
            Ok(Answer::Done(made)) => Outcome::Done { made },
            Ok(Answer::Asked(request)) => {
                self.under_way().begin(request.clone());
                Outcome::Asked { request }
            }
            Ok(Answer::Nameless) => {
                let said = "AWS's answer lacks the id of what was created or requested";
                Outcome::Unknown { failure: Failure::new(Kind::Unreadable, "Unreadable", said) }
            }
            Err(reply) => judge(step, reply, target),
        };
        Answered { outcome, request_id }
    }

    /// Why a request is not sent yet.
    fn no_room_for(&self, write: &SsoAdminWrite) -> Option<Outcome> {
        let (SsoAdminWrite::AddAssignment(assignment) | SsoAdminWrite::RemoveAssignment(assignment)) = write else {
            return None;
        };
        (!self.under_way().has_room_for(assignment)).then(|| {
            let said = format!("a request for account {} is in progress, or ten others are", assignment.account);
            Outcome::NotDone { why: Busy::UnderWay, failure: Failure::new(Kind::Failed, "UnderWay", said) }
        })
    }
}

/// The member role could not be assumed: nothing was sent.
fn not_signed_in(account: AccountId, failure: Failure) -> Outcome {
    let message = format!("account {account}: {}", failure.message);
    let failure = Failure { message, ..failure };
    let why = match failure.kind {
        Kind::Denied => Stop::Denied { action: "sts:AssumeRole".to_owned() },
        Kind::NoCredentials | Kind::Expired => Stop::Credentials,
        Kind::Throttled => return Outcome::NotDone { why: Busy::Throttled, failure },
        Kind::WrongClock
        | Kind::NoRegion
        | Kind::Unreachable
        | Kind::Timeout
        | Kind::Unreadable
        | Kind::TokenRepeated
        | Kind::Unavailable
        | Kind::Failed => Stop::NotSent,
    };
    Outcome::Stopped { why, failure }
}

fn without_password() -> Outcome {
    let failure = Failure::new(Kind::Failed, "NoPassword", "there is no password to give; generate and keep one first");
    Outcome::Stopped { why: Stop::NotSent, failure }
}

/// The request that an answer names.
fn asked(id: Option<&str>, wants: Wants, instance: &str, assignment: &Assignment) -> Answer {
    id.map_or(Answer::Nameless, |id| {
        let (instance, assignment) = (instance.to_owned(), assignment.clone());
        Answer::Asked(Request { id: id.to_owned(), wants, assignment, instance })
    })
}

/// What came back of one call.
struct Sent {
    result: Result<Answer, Reply>,
    /// AWS's id of the call, where AWS answered.
    request_id: Option<String>,
}

/// What came back, and what it brought where AWS did what was asked.
fn told<T, E>(result: Result<T, SdkError<E, Response>>, brought: impl FnOnce(T) -> Answer) -> Sent
where
    T: RequestId,
    E: ProvideErrorMetadata + Error + 'static,
{
    let request_id = match &result {
        Ok(answer) => answer.request_id(),
        Err(error) => error.request_id(),
    };
    let request_id = request_id.map(str::to_owned);
    Sent { result: result.map(brought).map_err(|error| reply::of(&error)), request_id }
}

/// An answer that has nothing to tell.
const DONE: Answer = Answer::Done(None);
