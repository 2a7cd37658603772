//! What came back of a call that failed, as plain data: whether it can have been carried out, and what the service said.

use std::error::Error;

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde::{Deserialize, Serialize};

use crate::aws::failure::{self, Failure, Kind};

/// What came back of a call that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "came", rename_all = "kebab-case")]
pub enum Reply {
    /// The call was never sent.
    NotSent {
        /// Why.
        failure: Failure,
    },
    /// It was sent, or may have been, and no answer of the service came that can be read.
    Nothing {
        /// What happened.
        failure: Failure,
    },
    /// The service answered with an error.
    Error(ServiceError),
}

/// An error that a service answered with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceError {
    /// Its code and message, and what kind of failure that is.
    pub failure: Failure,
    /// The reason that the identity store gives for a conflict: `CONCURRENT_MODIFICATION`.
    pub reason: Option<String>,
    /// The type of what the identity store did not find: `GROUP_MEMBERSHIP`, `IDENTITY_STORE`.
    pub resource: Option<String>,
}

/// What an answer of the identity store says beside code and message, in the words of its API. IAM's are no JSON, and
/// say nothing of the kind.
#[derive(Default, Deserialize)]
struct Details {
    #[serde(rename = "Reason")]
    reason: Option<String>,
    #[serde(rename = "ResourceType")]
    resource: Option<String>,
}

/// What came back, by the SDK's error.
#[expect(clippy::wildcard_enum_match_arm, reason = "`SdkError` is open to further variants")]
pub(super) fn of<E>(error: &SdkError<E, Response>) -> Reply
where
    E: ProvideErrorMetadata + Error + 'static,
{
    let failure = failure::of(error);
    match error {
        SdkError::ConstructionFailure(_) => Reply::NotSent { failure },
        // Without credentials there is nothing to send.
        SdkError::DispatchFailure(_) if failure.is_lapse() => Reply::NotSent { failure },
        SdkError::ServiceError(answer) if answer.err().code().is_some() => {
            let details = answer.raw().body().bytes().and_then(|body| serde_json::from_slice(body).ok());
            let Details { reason, resource } = details.unwrap_or_default();
            Reply::Error(ServiceError { failure, reason, resource })
        }
        // A refusal in AWS's words, in another service's format: what stands before a service writes so.
        _ if failure.kind == Kind::Denied && !failure.code.starts_with("HTTP") => {
            Reply::Error(ServiceError { failure, reason: None, resource: None })
        }
        // Whoever answered without a code is not the service; it may have passed the call on before.
        _ => Reply::Nothing { failure },
    }
}
