//! What a service says: one thing, a listing that is turned into pages, or a refusal.

use serde_json::Value;

/// What a service says.
pub(crate) enum Answer<'w> {
    /// One thing.
    One(Value),
    /// A listing.
    Listing(Listing<'w>),
}

/// A listing whose entries are made when their page is asked for.
pub(crate) struct Listing<'w> {
    /// The lists of the answer, each there even when it is empty.
    pub(crate) fields: &'static [&'static str],
    /// How many places there are; some may be empty.
    pub(crate) places: usize,
    /// The list and the entry of a place.
    pub(crate) entry: Box<dyn Fn(usize) -> Option<(&'static str, Value)> + 'w>,
    /// The largest page that may be asked for.
    pub(crate) largest: usize,
    /// The page when no size is asked for.
    pub(crate) usual: usize,
}

impl<'w> Listing<'w> {
    /// A listing of one list, with pages of a hundred.
    pub(crate) fn of(
        field: &'static [&'static str; 1],
        places: usize,
        entry: impl Fn(usize) -> Option<Value> + 'w,
    ) -> Self {
        let entry = Box::new(move |place| Some((field[0], entry(place)?)));
        Listing { fields: field, places, entry, largest: 100, usual: 100 }
    }

    /// A listing of these entries.
    pub(crate) fn whole(field: &'static [&'static str; 1], entries: Vec<Value>) -> Self {
        Listing::of(field, entries.len(), move |place| entries.get(place).cloned())
    }

    /// Without its first entry, of which only an empty place is left.
    pub(crate) fn without_first(self) -> Self {
        let Listing { fields, places, entry, largest, usual } = self;
        let first = (0..places).find(|place| entry(*place).is_some());
        let entry = Box::new(move |place| entry(place).filter(|_| Some(place) != first));
        Listing { fields, places, entry, largest, usual }
    }

    /// With pages of another size.
    pub(crate) fn pages_of(mut self, largest: usize, usual: usize) -> Self {
        (self.largest, self.usual) = (largest, usual);
        self
    }
}

impl<'w> From<Listing<'w>> for Answer<'w> {
    fn from(listing: Listing<'w>) -> Self {
        Answer::Listing(listing)
    }
}

/// An error of AWS.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Refusal { status, code, message: message.into() }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Refusal::new(400, "ValidationException", message)
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Refusal::new(400, "ResourceNotFoundException", format!("{what} not found."))
    }
}
