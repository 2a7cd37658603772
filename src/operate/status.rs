//! How a request for an assignment goes on: asked until it ends, and found where its id was lost.

use std::error::Error;
use std::time::Duration;

use aws_sdk_ssoadmin::types::{
    AccountAssignmentOperationStatus, AccountAssignmentOperationStatusMetadata, StatusValues,
};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use chrono::{DateTime, TimeDelta, Utc};

use super::Operator;
use super::clock::Clock;
use super::requests::{Request, Status, Wants};
use super::step::Assignment;
use crate::aws::failure::{self, Failure, Kind};

/// How long a request is waited for.
pub const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// The first wait between two questions, and the longest: most requests take seconds, and the first one in an account
/// minutes.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How far the clock of this machine may be before AWS's, where a lost request is looked for.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);

/// How waiting for a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It is done.
    Succeeded,
    /// It was not done.
    Failed {
        /// AWS's reason, word for word.
        reason: String,
    },
    /// It did not end in 15 minutes, or its status could not be asked: whether it is done, only looking tells. It still
    /// counts as under way.
    Unknown {
        /// What kept it.
        failure: Failure,
    },
}

impl Operator {
    /// Waits until a request ends, at most 15 minutes by this clock. A request of an earlier apply, whose id the journal
    /// has, can be waited for as well.
    pub async fn settle(&self, request: &Request, clock: &Clock) -> Settled {
        self.under_way().begin(request.clone());
        let until = clock.now() + LONGEST;
        let mut wait = FIRST_WAIT;
        loop {
            let last = match self.status(request).await {
                Ok(Status::Succeeded) => return Settled::Succeeded,
                Ok(Status::Failed { reason }) => return Settled::Failed { reason },
                Ok(Status::UnderWay) => {
                    let said = "AWS has not finished the request in 15 minutes";
                    Failure::new(Kind::Timeout, "StillInProgress", said)
                }
                // Asking changes nothing, so it can be asked again.
                Err(failure) if failure.may_pass() && !failure.is_lapse() => failure,
                Err(failure) => return Settled::Unknown { failure },
            };
            if clock.now() >= until {
                return Settled::Unknown { failure: last };
            }
            clock.wait(wait).await;
            wait = (wait * 3 / 2).min(LONGEST_WAIT);
        }
    }

    /// Asks once how a request goes on.
    ///
    /// # Errors
    /// Where the question was not answered.
    pub async fn status(&self, request: &Request) -> Result<Status, Failure> {
        let described = Box::pin(self.describe(request.wants, &request.instance, &request.id)).await?;
        let status = match described.status() {
            Some(StatusValues::Succeeded) => Status::Succeeded,
            Some(StatusValues::Failed) => {
                Status::Failed { reason: described.failure_reason().unwrap_or("AWS gave no reason").to_owned() }
            }
            Some(_) | None => Status::UnderWay,
        };
        if status != Status::UnderWay {
            self.under_way().end(&request.id);
        }
        Ok(status)
    }

    /// Finds the request for an assignment whose answer was lost: the latest one that AWS took for it since the step was
    /// sent, if any. `known` are the ids of requests that the journal has.
    ///
    /// # Errors
    /// Where AWS does not tell which requests there are.
    pub async fn find_request(
        &self,
        wants: Wants,
        instance: &str,
        assignment: &Assignment,
        sent: DateTime<Utc>,
        known: &[String],
    ) -> Result<Option<Request>, Failure> {
        let since = sent - CLOCKS_DIFFER;
        let taken = Box::pin(self.list(wants, instance)).await?;
        let mut recent: Vec<(DateTime<Utc>, String)> = taken
            .into_iter()
            .filter_map(|one| {
                let created = one.created_date().and_then(|date| DateTime::from_timestamp(date.secs(), 0))?;
                Some((created, one.request_id()?.to_owned()))
            })
            .filter(|(created, id)| *created >= since && !known.contains(id))
            .collect();
        recent.sort();
        for (_, id) in recent.into_iter().rev() {
            let described = Box::pin(self.describe(wants, instance, &id)).await?;
            if is_about(&described, assignment) {
                let (assignment, instance) = (assignment.clone(), instance.to_owned());
                return Ok(Some(Request { id, wants, assignment, instance }));
            }
        }
        Ok(None)
    }

    async fn describe(
        &self,
        wants: Wants,
        instance: &str,
        id: &str,
    ) -> Result<AccountAssignmentOperationStatus, Failure> {
        let client = &self.sso_admin;
        let status = match wants {
            Wants::Assignment => {
                let call = client.describe_account_assignment_creation_status().instance_arn(instance);
                let answer = answered(call.account_assignment_creation_request_id(id).send().await)?;
                answer.account_assignment_creation_status
            }
            Wants::Removal => {
                let call = client.describe_account_assignment_deletion_status().instance_arn(instance);
                let answer = answered(call.account_assignment_deletion_request_id(id).send().await)?;
                answer.account_assignment_deletion_status
            }
        };
        status.ok_or_else(|| Failure::new(Kind::Unreadable, "Unreadable", "the answer has no status"))
    }

    async fn list(
        &self,
        wants: Wants,
        instance: &str,
    ) -> Result<Vec<AccountAssignmentOperationStatusMetadata>, Failure> {
        let (mut listed, mut token) = (Vec::new(), None);
        loop {
            let next = match wants {
                Wants::Assignment => {
                    let call = self.sso_admin.list_account_assignment_creation_status().instance_arn(instance);
                    let answer = answered(call.set_next_token(token.clone()).send().await)?;
                    listed.extend(answer.account_assignments_creation_status.unwrap_or_default());
                    answer.next_token
                }
                Wants::Removal => {
                    let call = self.sso_admin.list_account_assignment_deletion_status().instance_arn(instance);
                    let answer = answered(call.set_next_token(token.clone()).send().await)?;
                    listed.extend(answer.account_assignments_deletion_status.unwrap_or_default());
                    answer.next_token
                }
            };
            match next {
                None => return Ok(listed),
                Some(next) if token.as_ref() == Some(&next) => {
                    let said = "AWS returned the same page token twice";
                    return Err(Failure::new(Kind::TokenRepeated, "TokenRepeated", said));
                }
                Some(next) => token = Some(next),
            }
        }
    }
}

fn answered<T, E>(answer: Result<T, SdkError<E, Response>>) -> Result<T, Failure>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    answer.map_err(|error| failure::of(&error))
}

fn is_about(status: &AccountAssignmentOperationStatus, assignment: &Assignment) -> bool {
    status.target_id() == Some(assignment.account.to_string().as_str())
        && status.permission_set_arn() == Some(assignment.permission_set.as_str())
        && status.principal_id() == Some(assignment.principal.as_str())
}
