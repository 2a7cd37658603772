//! Plans of changes in words: each change, what holds the plan, and what is not in it.

mod calls;
mod changes;
mod differences;
mod guards;
mod left_out;

pub use calls::calls;
pub use changes::{change, change_subject, counted_thing, undo};
pub use differences::difference;
pub use guards::{guard, way_through};
pub use left_out::{bad_row, clash, not_found, not_planned, not_undone};

use super::{count, visible};

/// A foreign name as it stands in a sentence.
fn code(name: &str) -> String {
    format!("`{}`", visible(name))
}
