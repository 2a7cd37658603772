//! Positions in a listing, typed by what they point at and four bytes wide.
//!
//! An edge of access is two of these, so ten million memberships take 80 MB. A position knows nothing of the listing
//! it belongs to: a user's position cannot be used for a group (the compiler sees to that), and there is one listing
//! of each kind in a world.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// The position of one `T` in its [`Listing`](super::Listing). Order of positions is the order of the report.
pub struct Ix<T>(u32, PhantomData<fn() -> T>);

impl<T> Ix<T> {
    /// The position with this number.
    ///
    /// # Panics
    /// Past four thousand million, where a listing of this kind no longer fits the design.
    #[must_use]
    pub fn new(position: usize) -> Self {
        Ix(u32::try_from(position).expect("a listing holds fewer than 2^32 entries"), PhantomData)
    }

    /// The position as a number, counted from zero.
    #[must_use]
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

// Derives would demand the same traits of `T`, which is only a label here.
impl<T> Clone for Ix<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Ix<T> {}
impl<T> PartialEq for Ix<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Ix<T> {}
impl<T> PartialOrd for Ix<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Ix<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> Hash for Ix<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Ix<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}
