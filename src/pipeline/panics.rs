//! What becomes of a panic, which is a bug of ours: the run that it befalls has failed, and no other one.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use super::PipelineError;

/// Computes beside the runtime, whose own threads must not be kept busy for seconds.
///
/// # Errors
/// Those of the work, and [`PipelineError::Bug`] where it panicked.
pub(super) async fn compute<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PipelineError> + Send + 'static,
) -> Result<T, PipelineError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(PipelineError::Bug))
}

/// The run's end; where it panics, that is a failure as any other.
///
/// # Errors
/// Those of the run, and [`PipelineError::Bug`] where it panicked.
pub(super) async fn caught<T>(run: impl Future<Output = Result<T, PipelineError>>) -> Result<T, PipelineError> {
    let mut run = pin!(run);
    poll_fn(|context| {
        // What the run has borrowed is dropped with it, and looked at by nobody any more.
        match catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(context))) {
            Ok(polled) => polled,
            Err(_) => Poll::Ready(Err(PipelineError::Bug)),
        }
    })
    .await
}
