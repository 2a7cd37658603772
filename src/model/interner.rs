//! Texts as numbers: every text is kept once, and wherever it is meant four bytes stand for it.
//!
//! A million memberships name a hundred thousand people. Comparing them as numbers, and looking a text up once where
//! it is read, is what makes large organizations quick to compare.

use std::hash::BuildHasher;

use foldhash::quality::RandomState;

/// Texts that are looked for at once.
const AT_ONCE: usize = 64;

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
    ends: Vec<u32>,
    /// An open-addressed table; the number of slots is a power of two, and some are always free.
    slots: Vec<Slot>,
    /// Keyed at random, so that nobody can choose names that all fall together. Order is never taken from it.
    hashing: RandomState,
}

/// A free slot, or a text: all that is needed to recognize it stands here, for memory is slow to reach.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    /// A hash of the text: where it belongs, and what tells most other texts apart without a look at them.
    hash: u32,
    begin: u32,
    length: u32,
    id_and_one: u32,
}

impl Slot {
    fn id(self) -> Option<TextId> {
        self.id_and_one.checked_sub(1).map(TextId)
    }
}

impl Interner {
    /// The number of this text; a new one where it was not met before.
    ///
    /// # Panics
    /// Past four thousand million texts, or bytes of texts.
    pub fn intern(&mut self, text: &str) -> TextId {
        self.make_room(1);
        self.intern_hashed(self.hash(text), text)
    }

    /// The numbers of many texts, as if they were asked for one by one; but memory is waited for once for dozens of
    /// them, and not for each, which takes a third of the time where texts are many.
    ///
    /// # Panics
    /// Like [`intern`](Interner::intern).
    pub fn intern_all<T: AsRef<str>>(&mut self, texts: &[T]) -> Vec<TextId> {
        let mut ids = Vec::with_capacity(texts.len());
        for texts in texts.chunks(AT_ONCE) {
            self.make_room(texts.len());
            let mut hashes = [0; AT_ONCE];
            // Lists go group by group, or person by person: the same text often comes again at once.
            let mut last = ("", self.hash(""));
            for (hash, text) in hashes.iter_mut().zip(texts) {
                let text = text.as_ref();
                if text != last.0 {
                    last = (text, self.hash(text));
                }
                *hash = last.1;
            }
            // Loops of nothing but reads: none of them has to wait for another one.
            let mask = self.slots.len() - 1;
            let slots = hashes.map(|hash| self.slots[hash as usize & mask]);
            let byte = |place: u32| self.texts.as_bytes().get(place as usize).copied();
            std::hint::black_box(slots.map(|slot| (byte(slot.begin), byte(slot.begin + slot.length))));
            for ((hash, slot), text) in hashes.into_iter().zip(slots).zip(texts) {
                let known = slot.id().filter(|_| self.holds(slot, text.as_ref()));
                ids.push(known.unwrap_or_else(|| self.intern_hashed(hash, text.as_ref())));
            }
        }
        ids
    }

    /// The number of this text, where it was met before.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<TextId> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.place(self.hash(text), text)].id()
    }

    /// The text with this number.
    ///
    /// # Panics
    /// For a number of another interner.
    #[must_use]
    pub fn text(&self, id: TextId) -> &str {
        let number = id.number();
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.texts[begin as usize..self.ends[number] as usize]
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

    fn hash(&self, text: &str) -> u32 {
        self.hashing.hash_one(text) as u32
    }

    fn intern_hashed(&mut self, hash: u32, text: &str) -> TextId {
        let place = self.place(hash, text);
        if let Some(known) = self.slots[place].id() {
            return known;
        }
        let small = |number: usize| u32::try_from(number).expect("texts of fewer than 2^32 bytes");
        let id = TextId(small(self.ends.len()));
        let begin = small(self.texts.len());
        self.texts.push_str(text);
        self.ends.push(small(self.texts.len()));
        self.slots[place] = Slot { hash, begin, length: small(text.len()), id_and_one: small(self.ends.len()) };
        id
    }

    fn holds(&self, slot: Slot, text: &str) -> bool {
        slot.length as usize == text.len() && self.texts.as_bytes()[slot.begin as usize..].starts_with(text.as_bytes())
    }

    /// The slot of this text, or the free one that it belongs into.
    fn place(&self, hash: u32, text: &str) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            let slot = self.slots[place];
            if slot.id_and_one == 0 || (slot.hash == hash && self.holds(slot, text)) {
                return place;
            }
            place = (place + 1) & mask;
        }
    }

    /// Makes room for so many texts more: a quarter of the slots stays free.
    fn make_room(&mut self, more: usize) {
        let slots = ((self.ends.len() + more) * 4 / 3 + 1).next_power_of_two();
        if slots <= self.slots.len() {
            return;
        }
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); slots.max(16)]);
        let mask = self.slots.len() - 1;
        for slot in old.into_iter().filter(|slot| slot.id_and_one > 0) {
            let mut place = slot.hash as usize & mask;
            while self.slots[place].id_and_one > 0 {
                place = (place + 1) & mask;
            }
            self.slots[place] = slot;
        }
    }
}
