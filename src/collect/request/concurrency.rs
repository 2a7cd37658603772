//! Doing the same for each of many, some of them at once.

use std::future::Future;

use tokio::task::JoinSet;

/// Questions in flight at once for one limit: at 20 a second, enough for answers that take two seconds, so that the
/// pace is what limits. More of them in line cost nothing: only who has its turn sends.
pub(crate) const AT_ONCE: usize = 40;

/// Does the same for each of many, so many at once.
pub(crate) async fn at_once<T, F>(limit: usize, items: impl IntoIterator<Item = T>, work: impl Fn(T) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut running = JoinSet::new();
    for item in items {
        if running.len() == limit {
            joined(running.join_next().await);
        }
        running.spawn(work(item));
    }
    while !running.is_empty() {
        joined(running.join_next().await);
    }
}

fn joined(ended: Option<Result<(), tokio::task::JoinError>>) {
    if let Some(Err(error)) = ended {
        // Nothing cancels these tasks, so it was a panic, and a bug of ours goes on to the top.
        std::panic::resume_unwind(error.into_panic());
    }
}
