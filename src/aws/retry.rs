//! One call: paced, sent, judged, and sent again while that can help.
//!
//! The SDK's own retries lose calls under a service-wide limit (measured against 20 requests a second: most of four
//! hundred calls at 32 in flight) and do not say how often they tried. Here a call waits its turn, a throttled one
//! makes everybody on the same service wait, and one that failed otherwise waits by itself.

use std::error::Error;
use std::future::Future;
use std::time::Duration;

use super::failure::{self, Failure, Kind};
use super::pacer::Pacer;
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// How often a call is tried, and how long it waits in between.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Attempts that AWS throttles.
    pub throttled: u32,
    /// Attempts at which the network or the service fails, or something on the way damages the answer.
    pub unavailable: u32,
    /// The first wait; each further one is twice as long.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
}

impl Default for Patience {
    /// Some five minutes of throttling, a few seconds of failing.
    fn default() -> Self {
        Patience {
            throttled: 20,
            unavailable: 4,
            first_wait: Duration::from_millis(250),
            longest_wait: Duration::from_secs(20),
        }
    }
}

impl Patience {
    fn attempts(&self, kind: Kind) -> u32 {
        match kind {
            Kind::Throttled => self.throttled,
            // What cut an answer, or wrote one of its own in its place, may let the next one through.
            Kind::Unavailable | Kind::Unreachable | Kind::Timeout | Kind::Unreadable => self.unavailable,
            // The SDK has learned AWS's time from the first answer.
            Kind::WrongClock => 2,
            Kind::Denied
            | Kind::NoCredentials
            | Kind::Expired
            | Kind::NoRegion
            | Kind::TokenRepeated
            | Kind::Failed => 1,
        }
    }

    fn wait(&self, failures: u32) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        (self.first_wait * 2_u32.pow(doublings)).min(self.longest_wait)
    }
}

/// How a call ended, and what it took.
#[derive(Debug)]
pub struct Ended<T> {
    /// The answer, or the last failure.
    pub result: Result<T, Failure>,
    /// AWS's id of the last attempt, where AWS answered.
    pub request_id: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// How many of the attempts were throttled.
    pub throttled: u32,
}

/// Sends a call at the pacer's pace until it is answered, or fails in a way that sending again does not mend, or
/// patience ends.
pub async fn call<T, E, F>(pacer: &Pacer, patience: &Patience, mut send: impl FnMut() -> F) -> Ended<T>
where
    T: RequestId,
    E: ProvideErrorMetadata + Error + 'static,
    F: Future<Output = Result<T, SdkError<E, Response>>>,
{
    let (mut attempts, mut throttled) = (0, 0);
    loop {
        let sent = pacer.turn().await;
        attempts += 1;
        let error = match send().await {
            Ok(answer) => {
                pacer.answered(sent);
                let request_id = answer.request_id().map(str::to_owned);
                return Ended { result: Ok(answer), request_id, attempts, throttled };
            }
            Err(error) => error,
        };
        let failure = failure::of(&error);
        let is_throttled = failure.kind == Kind::Throttled;
        if is_throttled {
            throttled += 1;
            pacer.throttled(sent, patience.wait(throttled));
        }
        // Throttles are no failures of the other kinds, which are worth fewer attempts.
        let alike = if is_throttled { throttled } else { attempts - throttled };
        if alike >= patience.attempts(failure.kind) {
            let request_id = error.request_id().map(str::to_owned);
            return Ended { result: Err(failure), request_id, attempts, throttled };
        }
        if failure.kind == Kind::WrongClock {
            tracing::warn!(code = failure.code, "{}; calls are signed with AWS's time", failure.message);
        }
        if !is_throttled {
            tokio::time::sleep(patience.wait(alike)).await;
        }
    }
}
