//! The pace of all calls that share one limit.
//!
//! Turns lie on a grid, so that a call which comes late does not push back those after it. A throttle lowers the pace
//! and pauses everybody; answers raise it again, quickly to just below where it was throttled and slowly from there,
//! never above the setting. No jitter is needed: all callers of a service stand in the one queue.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How far a late turn may lie back on the grid. AWS documents the rate of Identity Center's limit and not its burst:
/// at 20 a second this is two calls more than the grid has, and it makes up for a machine that was busy for a moment.
const CATCH_UP: Duration = Duration::from_millis(100);
/// What a throttle leaves of the pace.
const LOWERED: f64 = 0.7;
/// The part of the setting that the pace never falls below.
const LEAST: f64 = 0.02;
/// How near to the pace that was throttled answers lead quickly.
const KNEE: f64 = 0.95;
/// The part of the setting that an answer adds below the knee, and above it.
const QUICKLY: f64 = 1.0 / 200.0;
const SLOWLY: f64 = 1.0 / 1000.0;

/// A token bucket that holds a single token, and whose rate gives way.
#[derive(Debug)]
pub struct Pacer {
    most: f64,
    /// Who holds it is next; the others stand in line.
    line: tokio::sync::Mutex<()>,
    pace: Mutex<Pace>,
}

#[derive(Debug)]
struct Pace {
    per_second: f64,
    knee: f64,
    next: Instant,
    lowered: Option<Instant>,
}

impl Pacer {
    /// A pacer for so many requests a second.
    ///
    /// # Panics
    /// If `per_second` is not a positive number.
    #[must_use]
    pub fn new(per_second: f64) -> Self {
        assert!(per_second > 0.0, "a pace is a positive number of requests a second");
        let pace = Pace { per_second, knee: per_second, next: Instant::now(), lowered: None };
        Pacer { most: per_second, line: tokio::sync::Mutex::new(()), pace: Mutex::new(pace) }
    }

    /// Requests a second at present.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        self.pace().per_second
    }

    /// Waits for this caller's turn, and says when it was.
    pub async fn turn(&self) -> Instant {
        let _first_in_line = self.line.lock().await;
        loop {
            let next = {
                let mut pace = self.pace();
                let now = Instant::now();
                if pace.next <= now {
                    let on_the_grid = now.checked_sub(CATCH_UP).map_or(pace.next, |back| back.max(pace.next));
                    pace.next = on_the_grid + Duration::from_secs_f64(1.0 / pace.per_second);
                    return now;
                }
                pace.next
            };
            // A throttle may put the turn off in the meantime, so it is looked at again.
            sleep_until(next).await;
        }
    }

    /// A call that was sent at this instant was answered.
    pub fn answered(&self, sent: Instant) {
        let mut pace = self.pace();
        // What was sent before the pace was lowered says nothing about the pace since.
        if pace.lowered.is_none_or(|lowered| sent > lowered) {
            let step = if pace.per_second < pace.knee { QUICKLY } else { SLOWLY };
            pace.per_second = (pace.per_second + self.most * step).min(self.most);
        }
    }

    /// A call that was sent at this instant was throttled: nobody's turn comes before the pause is over, and turns come
    /// less often. Calls that were on their way at the same time lower the pace once.
    pub fn throttled(&self, sent: Instant, pause: Duration) {
        let mut pace = self.pace();
        let now = Instant::now();
        if pace.lowered.is_none_or(|lowered| sent > lowered) {
            pace.knee = pace.per_second * KNEE;
            pace.per_second = (pace.per_second * LOWERED).max(self.most * LEAST);
            pace.lowered = Some(now);
        }
        pace.next = pace.next.max(now + pause);
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
