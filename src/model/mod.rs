//! The words, once.
mod gap;
mod id;
mod ix;
mod sight;
pub use gap::{Gap, Hides, Side, Source, Why};
pub use id::{AccountId, GroupId, Guid, NameKey, NotAnId, PermissionSetArn, UserId};
pub use ix::Ix;
pub use sight::{Absence, Extent, Known, Listing, ListingIndex, Sight};
