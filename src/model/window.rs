//! The time in which something was read.

use chrono::{DateTime, Utc};

/// From the first request to the last answer. A listing that takes minutes is no snapshot of an instant, so the
/// report gives the window instead of pretending one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// When the first request was sent.
    pub from: DateTime<Utc>,
    /// When the last answer was there.
    pub to: DateTime<Utc>,
}

impl Window {
    /// The shortest window with both in it.
    #[must_use]
    pub fn with(self, other: Window) -> Self {
        Window { from: self.from.min(other.from), to: self.to.max(other.to) }
    }
}
