//! What is to be changed in AWS, as a file that people review: its format, what its changes would do to a snapshot, and
//! what forbids them. Pure: it asks AWS nothing, writes nothing, and knows no clock.
//!
//! How to read: a [`Plan`] is the file, a [`Planned`] is one entry of it, and its [`Change`] says what is to be done to
//! what. [`read`] and [`write()`] are the format. [`request`] makes changes of what a command names, [`mod@derive`] of
//! findings, [`bulk`] of a CSV file, [`undo`] of a plan that is to be taken back. [`record`] reads what applying one
//! did. [`effect`] gives the snapshot that there
//! would be, [`judge()`] compares it, and every reason not to go on is a [`Guard`].
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

mod options;
mod own;
mod own_effect;
mod protect;
mod source;

mod changed_since_plan;
pub mod effect;
mod foreseen_finding;
mod guard;
mod judge;
mod made;
mod order;
mod permits;
mod quarantine;
mod seen;
mod seen_objects;
mod steps;

pub mod bulk;
pub mod derive;
pub mod names;
pub mod record;
pub mod request;
pub mod undo;

pub use changed_since_plan::{Difference, Differs, of as differences};
pub use digest::Digest;
pub use foreseen_finding::ForeseenFinding;
pub use format::{MOST_CHANGES, PlanError, VERSION, read, write};
pub use guard::{Guard, Rests, WayThrough};
pub use judge::{Circumstances, Judgement, Limits, judge, judge_possible, other_places, still_valid};
pub use kind::{ChangeKind, Does, Thing};
pub use made::Made as MadeIds;
pub use one_change::Change;
pub use options::{Options, Share};
pub use order::order;
pub use own::Own;
pub use own_effect::explained;
pub use permits::Permits;
pub use plan::{Basis, Foreseen, LeftOut, Made, Place, Plan, Planned, Removals, SHELF_LIFE, Seen};
pub use protect::Pattern;
pub use quarantine::Quarantine;
pub use reference::{ChangeId, GroupRef, IamUserRef, PermissionSetRef, PrincipalRef, UserRef};
pub use seen::of as seen_of;
pub use seen_objects::{SeenGroup, SeenIamUser, SeenUser, Source};
pub use source::{of_group as source_of_group, of_store as source_of_store, of_user as source_of_user};
pub use steps::{Builder, Step};
