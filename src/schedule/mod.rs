//! When a job is due: pure arithmetic on a timetable and two instants.
//!
//! The clock is a parameter, and asking changes nothing. So it does not matter how often, how late or in what order of
//! clock steps somebody asks; what was handled before is the caller's to remember.

mod due;
mod error;
mod timetable;

pub use due::{between, due, overdue};
pub use error::BadTimetable;
pub use timetable::Timetable;
