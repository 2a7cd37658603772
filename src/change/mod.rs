//! What is to be changed in AWS, as a file that people review: its format, what its changes would do to a snapshot, and
//! what forbids them. Pure: it asks AWS nothing, writes nothing, and knows no clock.
//!
//! How to read: a [`Plan`] is the file, a [`Planned`] is one entry of it, and its [`Change`] says what is to be done to
//! what. [`read`] and [`write`] are the format. Every reason not to go on is a [`Guard`].
//!
//! A plan file is input that anybody may have edited: it holds no steps, and its numbers are for readers. Whoever applies
//! one judges it again by fresh observation.

mod about;
mod kind;
mod one_change;
mod plan;
mod reference;

mod digest;
mod format;

mod guard;

pub use digest::Digest;
pub use format::{MOST_CHANGES, PlanError, VERSION, read, write};
pub use guard::{Guard, Rests, WayThrough};
pub use kind::{ChangeKind, Does, Thing};
pub use one_change::Change;
pub use plan::{
    Basis, Foreseen, ForeseenFinding, LeftOut, Made, Place, Plan, Planned, Removals, SHELF_LIFE, Seen, SeenGroup,
    SeenIamUser, SeenUser, Source,
};
pub use reference::{ChangeId, GroupRef, IamUserRef, PermissionSetRef, PrincipalRef, UserRef};
