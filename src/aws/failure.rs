//! What went wrong in a call, as plain data: `SdkError`'s own `Display` says only "service error".
//!
//! It does not know which operation failed; whoever asked does.

use std::error::Error;
use std::fmt;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde::{Deserialize, Serialize};

use super::clock_skew;
use super::complete_body::NotWhole;

/// The code where there are no credentials to send.
pub const NO_CREDENTIALS: &str = "NoCredentials";

/// The code where the file of certificates that is to be trusted cannot be used.
pub const CA_BUNDLE: &str = "CaBundle";

/// The status of whoever does not know the call at all (RFC 9110, 15.6.2), and will not know it the next time either.
const NOT_IMPLEMENTED: u16 = 501;

/// A call that failed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Failure {
    /// What kind of failure it is, which decides what follows from it.
    pub kind: Kind,
    /// The error's code as AWS names it (`AccessDeniedException`), or a word for what happened on the way (`Timeout`).
    pub code: String,
    /// What AWS said, or the innermost cause that is known.
    pub message: String,
}

/// The kinds of failure that a reader can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// AWS knows the caller and refuses the call.
    Denied,
    /// AWS asked for patience, and more of it than there was.
    Throttled,
    /// There are no credentials to sign the call with.
    NoCredentials,
    /// The credentials, or the sign-in that they come from, are no longer valid.
    Expired,
    /// AWS does not take the time that the call was signed with.
    WrongClock,
    /// Nobody said which region to ask.
    NoRegion,
    /// No answer came: the name does not resolve, the connection is refused, TLS does not agree.
    Unreachable,
    /// No answer came in time.
    Timeout,
    /// An answer came that is not one of this service.
    Unreadable,
    /// The service gave a page token twice; going on would not end, and stopping would lose what follows.
    TokenRepeated,
    /// The service failed on its side, and may not fail the next time.
    Unavailable,
    /// AWS answered with another error.
    Failed,
}

impl Failure {
    /// A failure that no SDK error stands behind.
    pub fn new(kind: Kind, code: impl Into<String>, message: impl Into<String>) -> Self {
        Failure { kind, code: code.into(), message: message.into() }
    }

    /// A failure that AWS named by a code, wherever the code was read.
    pub fn from_code(code: &str, message: &str) -> Self {
        match clock_skew::told(code, message, "") {
            Some(told) => Failure::new(Kind::WrongClock, code, told),
            None => Failure::new(kind_of(code), code, message),
        }
    }

    /// Whether other credentials, or the same ones renewed, could mend it.
    #[must_use]
    pub fn is_lapse(&self) -> bool {
        matches!(self.kind, Kind::Expired | Kind::NoCredentials)
    }

    /// The action that AWS names as missing where it refused a call: `iam:TagUser`. It may be another one than that of the
    /// operation's name.
    #[must_use]
    pub fn missing_action(&self) -> Option<&str> {
        let (_, rest) = self.message.split_once("not authorized to perform: ")?;
        let valid = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == ':';
        let word = rest.split_whitespace().next()?;
        (word.chars().all(valid) && word.matches(':').count() == 1).then_some(word)
    }

    /// Whether AWS refused because the instance of Identity Center has nothing of the kind, whoever asks: an account
    /// instance has no permission sets. No code of its own tells it, so these are AWS's words for it.
    #[must_use]
    pub fn is_unsupported(&self) -> bool {
        let words = [
            "not supported for account instances",
            "not supported for this Identity Center instance",
            "only works on IAM Identity Center instances of type",
        ];
        self.code == "ValidationException" && words.iter().any(|words| self.message.contains(words))
    }

    /// Whether the credentials are at an end for every service: those that only one calls invalid may do for all
    /// others.
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.kind == Kind::Expired || self.code == NO_CREDENTIALS
    }

    /// Whether the same call may be answered at another time without anybody's having changed what is allowed.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self.kind {
            Kind::Throttled
            | Kind::NoCredentials
            | Kind::Expired
            | Kind::WrongClock
            | Kind::Unreachable
            | Kind::Timeout
            | Kind::Unavailable => true,
            Kind::Denied | Kind::NoRegion | Kind::Unreadable | Kind::TokenRepeated | Kind::Failed => false,
        }
    }

    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Denied => Some("grant this action to the role that Rollcall uses"),
            Kind::Throttled => Some(
                "lower `aws.requests_per_second`, or run when fewer other programs call this \
                                     service",
            ),
            // So answers a partition that does not know the key: a key of China does not open Ohio.
            Kind::NoCredentials
                if matches!(self.code.as_str(), "InvalidClientTokenId" | "UnrecognizedClientException") =>
            {
                Some(
                    "check that the credentials still exist and that `aws.region` is in their partition: China, \
                     GovCloud and all other regions are separate",
                )
            }
            Kind::NoCredentials => Some(
                "set `aws.profile` or AWS_PROFILE to a profile that can sign in, or run where a role is attached; \
                 `aws sts get-caller-identity` must work",
            ),
            Kind::Expired => Some("sign in again: `aws sso login` with the same profile, or renew the credentials"),
            Kind::WrongClock => Some("set this machine's clock, and keep it synchronized (NTP)"),
            Kind::NoRegion => Some("set `aws.region` or AWS_REGION to the region of IAM Identity Center"),
            Kind::Unreachable if self.code == CA_BUNDLE => {
                Some("set AWS_CA_BUNDLE, or `ca_bundle` of the profile, to a PEM file of certificates")
            }
            Kind::Unreachable if self.message.contains("certificate") => Some(
                "check AWS_ENDPOINT_URL; if the network has its own certificates, set AWS_CA_BUNDLE to a file that \
                 contains them",
            ),
            Kind::Unreachable | Kind::Timeout => Some(
                "check the region, the network access (HTTPS_PROXY, a VPC endpoint) and AWS_ENDPOINT_URL if it is set",
            ),
            Kind::Unreadable => Some("check AWS_ENDPOINT_URL: the answer did not come from this service"),
            Kind::TokenRepeated | Kind::Unavailable | Kind::Failed => None,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Denied => "denied",
            Kind::Throttled => "throttled",
            Kind::NoCredentials => "no credentials",
            Kind::Expired => "expired credentials",
            Kind::WrongClock => "wrong clock",
            Kind::NoRegion => "no region",
            Kind::Unreachable => "unreachable",
            Kind::Timeout => "timeout",
            Kind::Unreadable => "unreadable answer",
            Kind::TokenRepeated => "repeated page token",
            Kind::Unavailable => "service unavailable",
            Kind::Failed => "failed",
        })
    }
}

/// What an error of the SDK means.
#[expect(clippy::wildcard_enum_match_arm, reason = "`SdkError` is open to further variants")]
pub fn of<E>(error: &SdkError<E, Response>) -> Failure
where
    E: ProvideErrorMetadata + Error + 'static,
{
    if let SdkError::ServiceError(answer) = error
        && let Some(code) = answer.err().code()
    {
        let body = answer.raw().body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
        return of_service(code, answer.err().message(), answer.raw().status().as_u16(), &body);
    }
    if let Some(not_whole) = cause::<NotWhole>(error) {
        return Failure::new(Kind::Unreadable, "NotWhole", not_whole.to_string());
    }
    if let Some(answer) = error.raw_response() {
        let text = answer.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
        return of_stranger(answer.status().as_u16(), &text, &innermost(error));
    }
    if let Some(credentials) = cause::<CredentialsError>(error) {
        return of_credentials(credentials);
    }
    let said = innermost(error);
    match error {
        SdkError::TimeoutError(_) => Failure::new(Kind::Timeout, "Timeout", said),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => Failure::new(Kind::Timeout, "Timeout", said),
        SdkError::DispatchFailure(failure) if failure.is_io() => Failure::new(Kind::Unreachable, "Unreachable", said),
        SdkError::ConstructionFailure(_) if said.contains("Region") => Failure::new(Kind::NoRegion, "NoRegion", said),
        // All that is left never reached the service.
        _ => Failure::new(Kind::Failed, "NotSent", said),
    }
}

/// What the failure to get credentials means.
#[must_use]
pub fn of_credentials(error: &CredentialsError) -> Failure {
    let said = innermost(error);
    // The SDK has no public type for an expired sign-in; its message is the only sign ("the SSO token has expired",
    // "Session token not found or invalid", "failed to load the cached SSO token").
    if said.contains("expired") || said.contains("Session token not found") || said.contains("SSO token") {
        return Failure::new(Kind::Expired, "ExpiredSignIn", said);
    }
    Failure::new(Kind::NoCredentials, NO_CREDENTIALS, said)
}

fn of_service(code: &str, message: Option<&str>, status: u16, body: &str) -> Failure {
    let message = message.unwrap_or("(AWS gave no message)");
    if let Some(told) = clock_skew::told(code, message, body) {
        return Failure::new(Kind::WrongClock, code, told);
    }
    let mut failure = Failure::from_code(code, message);
    if failure.kind == Kind::Failed && status >= 500 && status != NOT_IMPLEMENTED {
        failure.kind = Kind::Unavailable;
    }
    failure
}

/// What an answer means that is none of the service's own: a proxy, a load balancer or a policy on the way wrote it.
/// Its status tells what happened, and often its text names a code.
#[must_use]
pub fn of_stranger(status: u16, text: &str, otherwise: &str) -> Failure {
    let element = |name: &str| clock_skew::element(text, name).map(str::to_owned);
    let kind = match status {
        401 | 403 => Kind::Denied,
        429 => Kind::Throttled,
        NOT_IMPLEMENTED => Kind::Failed,
        500.. => Kind::Unavailable,
        _ => Kind::Unreadable,
    };
    let code = element("Code").unwrap_or_else(|| format!("HTTP {status}"));
    Failure::new(kind, code, element("Message").unwrap_or_else(|| otherwise.to_owned()))
}

/// The codes are those of the common errors and of the services that are read; the throttles are those that botocore
/// and the SDKs know. `LimitExceededException` is not among them: it names a quota, and waiting does not raise it.
fn kind_of(code: &str) -> Kind {
    match code {
        "AccessDenied"
        | "AccessDeniedException"
        | "UnauthorizedOperation"
        | "NotAuthorized"
        | "AuthorizationError"
        | "403"
        | "KMS.AccessDeniedException" => Kind::Denied,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "SlowDown"
        | "BandwidthLimitExceeded"
        | "PriorRequestNotComplete"
        | "EC2ThrottledException"
        | "TransactionInProgressException" => Kind::Throttled,
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" | "TokenRefreshRequired" => Kind::Expired,
        "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "MissingAuthenticationToken"
        | "MissingAuthenticationTokenException"
        | "IncompleteSignature" => Kind::NoCredentials,
        "InternalError"
        | "InternalFailure"
        | "InternalServerException"
        | "InternalServerError"
        | "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "ServiceFailure"
        | "ServiceException" => Kind::Unavailable,
        "RequestTimeout" | "RequestTimeoutException" => Kind::Timeout,
        _ => Kind::Failed,
    }
}

fn chain(error: &dyn Error) -> impl Iterator<Item = &dyn Error> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn cause<T: Error + 'static>(error: &dyn Error) -> Option<&T> {
    // The error itself is borrowed for less than `'static`, so only what it stands on can be looked into.
    std::iter::successors(error.source(), |&error| error.source()).find_map(|error| error.downcast_ref())
}

fn innermost(error: &dyn Error) -> String {
    let said = chain(error).last().map_or_else(String::new, ToString::to_string);
    // The SDK lists all places where it looked for credentials, one a line; a message is one line.
    said.lines().map(str::trim).collect::<Vec<_>>().join("; ").replace(":;", ":")
}
