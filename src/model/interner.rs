//! Texts as numbers: every text is kept once, and wherever it is meant four bytes stand for it.
//!
//! A million memberships name a hundred thousand people. Comparing them as numbers, and looking a text up once where
//! it is read, is what makes large organizations quick to compare.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

/// A text of an [`Interner`]. Numbers go up in the order in which texts were first met, and say nothing else: whoever
/// prints sorts by the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TextId(u32);

impl TextId {
    /// The number: how many texts were met before.
    #[must_use]
    pub fn number(self) -> usize {
        self.0 as usize
    }
}

/// Texts, each once.
#[derive(Debug, Default)]
pub struct Interner {
    /// All texts, one behind the other.
    texts: String,
    /// Where each text ends.
    ends: Vec<usize>,
    /// An open-addressed table of ids; the number of slots is a power of two, at most half of them are taken.
    slots: Vec<Slot>,
    /// Keyed at random, so that nobody can choose names that all fall together. Order is never taken from it.
    hashing: RandomState,
}

/// A slot: nothing, or an id (plus one) with the upper half of its text's hash, which tells most other texts apart
/// without a look at them.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    tag: u32,
    id_and_one: u32,
}

impl Interner {
    /// The number of this text; a new one where it was not met before.
    ///
    /// # Panics
    /// Past four thousand million texts.
    pub fn intern(&mut self, text: &str) -> TextId {
        if self.slots.len() <= self.ends.len() * 2 {
            self.grow();
        }
        let hash = self.hashing.hash_one(text);
        let place = match self.place(hash, text) {
            Ok(known) => return known,
            Err(free) => free,
        };
        let id = u32::try_from(self.ends.len()).ok().filter(|&id| id < u32::MAX).expect("fewer texts than 2^32");
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        self.slots[place] = Slot { tag: tag(hash), id_and_one: id + 1 };
        TextId(id)
    }

    /// The number of this text, where it was met before.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<TextId> {
        if self.slots.is_empty() {
            return None;
        }
        self.place(self.hashing.hash_one(text), text).ok()
    }

    /// The text with this number.
    ///
    /// # Panics
    /// For a number of another interner.
    #[must_use]
    pub fn text(&self, id: TextId) -> &str {
        let number = id.number();
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[begin..self.ends[number]]
    }

    /// How many texts there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    /// Every text, in the order in which they were first met.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        (0..).take(self.count()).map(|id| self.text(TextId(id)))
    }

    /// The id of this text, or the free slot that it belongs into.
    fn place(&self, hash: u64, text: &str) -> Result<TextId, usize> {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let slot = self.slots[place];
            let Some(id) = slot.id_and_one.checked_sub(1).map(TextId) else {
                return Err(place);
            };
            if slot.tag == tag(hash) && self.text(id) == text {
                return Ok(id);
            }
            place = (place + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let slots = (self.slots.len() * 2).max(16);
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); slots]);
        for slot in old.into_iter().filter(|slot| slot.id_and_one > 0) {
            let hash = self.hashing.hash_one(self.text(TextId(slot.id_and_one - 1)));
            let mut place = hash as usize & (slots - 1);
            while self.slots[place].id_and_one > 0 {
                place = (place + 1) & (slots - 1);
            }
            self.slots[place] = slot;
        }
    }
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}
