//! Seen, absent, or not seen: how a listing answers when it is asked for something.
//!
//! The one error that Rollcall must not make is to take "could not be read" for "is not there". So a [`Listing`] can
//! be iterated for what was seen in it, but it has no `len`, no `is_empty` and no `contains`: asking it for something
//! gives a [`Sight`], and only a listing that was read to its end gives the [`Absence`] that a conclusion needs.

use std::collections::BTreeMap;
use std::ops::{Index, IndexMut};
use std::sync::Arc;

use super::{Gap, Ix, Source};

/// How far a listing was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// To its end; the source is what proves that something is not in it.
    Whole(Arc<Source>),
    /// Not to its end, or nobody knows; the gap says why.
    Part(Arc<Gap>),
}

impl Extent {
    /// The extent of two readings of which both are needed: whole only where both are.
    #[must_use]
    pub fn and(&self, other: &Extent) -> Extent {
        match self {
            Extent::Part(_) => self.clone(),
            Extent::Whole(_) => other.clone(),
        }
    }
}

/// Entries of one kind, in report order, and how far they were read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    seen: Vec<T>,
    extent: Extent,
}

/// Proof that something is not there: the source that was read to its end and did not name it.
///
/// Only a look-up in a whole listing makes one; there is no other constructor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    proved_by: Arc<Source>,
}

impl Absence {
    /// The source that would have named it.
    #[must_use]
    pub fn proved_by(&self) -> &Arc<Source> {
        &self.proved_by
    }

    /// Whether it is this listing that proves it.
    #[must_use]
    pub fn is_proved_by(&self, extent: &Extent) -> bool {
        matches!(extent, Extent::Whole(source) if *source == self.proved_by)
    }
}

/// The answer of a listing that was asked for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight<T> {
    /// It is there.
    Seen(T),
    /// It is not there, and this is the proof.
    Absent(Absence),
    /// It was not seen, and nobody can say that it is not there.
    Unseen(Arc<Gap>),
}

impl<T> Sight<T> {
    /// What was seen. `None` says nothing about why not.
    pub fn seen(self) -> Option<T> {
        match self {
            Sight::Seen(entry) => Some(entry),
            Sight::Absent(_) | Sight::Unseen(_) => None,
        }
    }

    /// Something else in place of what was seen; absence and gap stay as they are.
    pub fn map<U>(self, other: impl FnOnce(T) -> U) -> Sight<U> {
        match self {
            Sight::Seen(entry) => Sight::Seen(other(entry)),
            Sight::Absent(absence) => Sight::Absent(absence),
            Sight::Unseen(gap) => Sight::Unseen(gap),
        }
    }
}

/// A fact that may not be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<T> {
    /// The fact.
    Is(T),
    /// Not known, and why.
    Unknown(Arc<Gap>),
}

impl<T> Known<T> {
    /// The fact, where it is known.
    pub fn is(&self) -> Option<&T> {
        match self {
            Known::Is(fact) => Some(fact),
            Known::Unknown(_) => None,
        }
    }
}

impl<T> Listing<T> {
    /// A listing in the order of `key`, which is the order of the report.
    pub fn by_key<K: Ord>(mut seen: Vec<T>, extent: Extent, key: impl Fn(&T) -> K) -> Self {
        seen.sort_by_cached_key(key);
        Listing { seen, extent }
    }

    /// The entries themselves, where another listing is made of them.
    #[must_use]
    pub fn into_seen(self) -> Vec<T> {
        self.seen
    }

    /// What was seen. It says nothing about what was not.
    pub fn seen(&self) -> impl DoubleEndedIterator<Item = &T> + Clone {
        self.seen.iter()
    }

    /// What was seen, with the position of each.
    pub fn positions(&self) -> impl DoubleEndedIterator<Item = (Ix<T>, &T)> + Clone {
        self.seen.iter().enumerate().map(|(number, entry)| (Ix::new(number), entry))
    }

    /// The answer for something that is known not to be among what was seen.
    pub fn of_unseen<U>(&self) -> Sight<U> {
        not_seen(&self.extent)
    }

    /// How far the listing was read.
    #[must_use]
    pub fn extent(&self) -> &Extent {
        &self.extent
    }

    /// An index of the listing by further keys, for asking it often. An entry may have several keys, or none; where
    /// entries share a key, all of them are found.
    pub fn index_by<K: Ord, I: IntoIterator<Item = K>>(&self, keys: impl Fn(&T) -> I) -> ListingIndex<'_, K, T> {
        self.index_by_position(|position| keys(&self[position]))
    }

    /// The same, where the keys of an entry stand elsewhere, by its position.
    pub fn index_by_position<K: Ord, I: IntoIterator<Item = K>>(
        &self,
        keys: impl Fn(Ix<T>) -> I,
    ) -> ListingIndex<'_, K, T> {
        let mut positions: BTreeMap<K, Vec<Ix<T>>> = BTreeMap::new();
        for (position, _) in self.positions() {
            for key in keys(position) {
                let same = positions.entry(key).or_default();
                if same.last() != Some(&position) {
                    same.push(position);
                }
            }
        }
        ListingIndex { positions, extent: &self.extent }
    }
}

impl<T: Ord> Listing<T> {
    /// A listing in the entries' own order, each entry once.
    #[must_use]
    pub fn new(mut seen: Vec<T>, extent: Extent) -> Self {
        seen.sort();
        seen.dedup();
        Listing { seen, extent }
    }
}

impl<T> Listing<T> {
    /// Asks for the entry with this key. `key` must order the entries as the listing is ordered.
    pub fn look_up<K: Ord>(&self, wanted: &K, key: impl Fn(&T) -> K) -> Sight<&T> {
        match self.seen.binary_search_by(|entry| key(entry).cmp(wanted)) {
            Ok(position) => Sight::Seen(&self.seen[position]),
            Err(_) => not_seen(&self.extent),
        }
    }
}

impl<T> Index<Ix<T>> for Listing<T> {
    type Output = T;

    fn index(&self, position: Ix<T>) -> &T {
        &self.seen[position.number()]
    }
}

/// For a snapshot that is not yet: what decides the place of an entry must not be changed.
impl<T> IndexMut<Ix<T>> for Listing<T> {
    fn index_mut(&mut self, position: Ix<T>) -> &mut T {
        &mut self.seen[position.number()]
    }
}

/// A listing, indexed by a key other than its own order.
#[derive(Debug)]
pub struct ListingIndex<'a, K, T> {
    positions: BTreeMap<K, Vec<Ix<T>>>,
    extent: &'a Extent,
}

impl<K: Ord, T> ListingIndex<'_, K, T> {
    /// Asks for an entry with one of these keys that is `acceptable`, whichever comes first.
    pub fn look_up_any(&self, keys: &[K], acceptable: impl Fn(Ix<T>) -> bool) -> Sight<Ix<T>> {
        let with_a_key = keys.iter().filter_map(|key| self.positions.get(key)).flatten();
        match with_a_key.copied().find(|&position| acceptable(position)) {
            Some(position) => Sight::Seen(position),
            None => not_seen(self.extent),
        }
    }

    /// Asks for the entries with this key. What is seen is never empty.
    pub fn look_up(&self, key: &K) -> Sight<&[Ix<T>]> {
        match self.positions.get(key) {
            Some(same) => Sight::Seen(same),
            None => not_seen(self.extent),
        }
    }
}

fn not_seen<T>(extent: &Extent) -> Sight<T> {
    match extent {
        Extent::Whole(source) => Sight::Absent(Absence { proved_by: Arc::clone(source) }),
        Extent::Part(gap) => Sight::Unseen(Arc::clone(gap)),
    }
}
