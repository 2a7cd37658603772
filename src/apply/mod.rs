//! Applying a plan: observe, keep what is about to be sent, send it once, keep the answer, observe until it shows.
//!
//! Two sign-ins take part. The *observer* reads, as an audit does; the *operator* changes, by a role of its own. Of all
//! commands, `apply` alone names this room.
//!
//! ```text
//! begin ─► sign in, claim, open the journal
//! resolve ─► what an earlier process left open: observe
//! (the caller judges the plan by fresh answers)
//! apply ─► of each change, in order:
//!     observe ─► steps ─► journal: intent ─► Operator::send ─► journal: answered ─► observe until it shows ─► journal: done
//! ```
//!
//! The first surprise stops it, and the same command continues: what the journal has as done is not done again, and a step
//! that was sent or may have been is looked for before anything is sent. The plan itself was judged before
//! ([`crate::change`]).

mod applying;
mod beyond_plan;
mod claim;
mod creation;
mod entry;
mod journal;
mod not_begun;
mod observe;
mod one_change;
mod passwords;
mod principal;
mod sight;
mod stop;

pub use crate::operate::{Clock, Operator, SignIn};
pub use applying::{Applying, Progress};
pub use entry::{Ended, Entry, How, Kept, Order, VERSION};
pub use journal::Journal;
pub use not_begun::NotBegun;
pub use passwords::Random;
pub use principal::principal;
pub use stop::{Stopped, Surprise};
