//! Instants and windows, in UTC.

use chrono::{DateTime, Utc};

use crate::model::Window;

/// An instant: `2026-11-20 08:00:00 UTC`.
#[must_use]
pub fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// A window: `2026-11-20 08:00:00 to 08:04:10 UTC`, with the day a second time where it is another one.
#[must_use]
pub fn window(window: Window) -> String {
    let Window { from, to } = window;
    match from.date_naive() == to.date_naive() {
        true => format!("{} to {}", from.format("%Y-%m-%d %H:%M:%S"), to.format("%H:%M:%S UTC")),
        false => format!("{} to {}", instant(from), instant(to)),
    }
}
