//! Events of CloudTrail, as EventBridge hands them over: who did what, when, from where, and where to look; and what came of
//! looking there.
//!
//! An event is never believed: it says where to look, and what is there is judged by a look of its own. All of it is
//! text of others, so nothing in it has a length, a character or a shape that could be relied on.

mod actor;
mod event;
mod event_source;
mod operations;
mod outcome;
mod parameters;
mod settle;

pub use actor::Actor;
pub use event::{Event, Meaning, NotAnEvent, read};
pub use event_source::EventSource;
pub use operations::Did;
pub use outcome::{Ending, Found, Has, Outcome, PlannedBy, Seen};
pub use settle::{Heard, Settled, settle};
