//! Sending again what may pass.

use std::time::Duration;

/// How long is waited before each further attempt.
const AGAIN_AFTER: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// Tries until it succeeds, fails for good, or has failed three times.
///
/// # Errors
/// The last one.
pub(super) async fn persistently<T, E, A: Future<Output = Result<T, E>>>(
    attempt: impl Fn() -> A,
    may_pass: fn(&E) -> bool,
) -> Result<T, E> {
    let mut waits = AGAIN_AFTER.into_iter();
    loop {
        match attempt().await {
            Ok(done) => return Ok(done),
            Err(error) => match waits.next().filter(|_| may_pass(&error)) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            },
        }
    }
}
