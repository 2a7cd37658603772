//! A limit of requests a second, as AWS keeps it: a bucket of tokens that is filled at a steady rate.

use std::time::{Duration, Instant};

#[derive(Debug)]
pub(crate) struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    pub(crate) fn full(burst: u32, now: Instant) -> Self {
        Bucket { tokens: f64::from(burst), filled: now }
    }

    /// Takes a token, if there is one.
    pub(crate) fn take(&mut self, rate: f64, burst: u32, now: Instant) -> bool {
        let passed = now.checked_duration_since(self.filled).unwrap_or(Duration::ZERO);
        self.tokens = (self.tokens + passed.as_secs_f64() * rate).min(f64::from(burst));
        self.filled = now;
        let taken = self.tokens >= 1.0;
        if taken {
            self.tokens -= 1.0;
        }
        taken
    }
}
