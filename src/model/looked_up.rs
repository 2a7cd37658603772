//! Names that were asked for one by one, because AWS does not list what there is.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Gap, NameKey, Sight};

/// The names that were asked for. A listing that was made of the answers speaks for them and for whoever holds
/// something, and for nobody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedUp {
    names: BTreeSet<NameKey>,
    others: Arc<Gap>,
    unasked: Arc<Gap>,
}

impl LookedUp {
    /// These names were asked for. Of others the first gap says why nobody can say whether they are there, and the
    /// second says it where a list expects them.
    #[must_use]
    pub fn new(names: impl IntoIterator<Item = NameKey>, others: Arc<Gap>, unasked: Arc<Gap>) -> Self {
        LookedUp { names: names.into_iter().collect(), others, unasked }
    }

    /// Who was not asked for, and so may be there all the same.
    #[must_use]
    pub fn others(&self) -> &Arc<Gap> {
        &self.others
    }

    /// The answer of the listing to somebody who is expected, but that it proves no absence of a name that nobody asked
    /// for.
    pub fn unless_unasked<T>(&self, answer: Sight<T>, names: impl IntoIterator<Item = NameKey>) -> Sight<T> {
        match answer {
            Sight::Absent(absence) if names.into_iter().all(|name| self.names.contains(&name)) => {
                Sight::Absent(absence)
            }
            Sight::Absent(_) => Sight::Unseen(Arc::clone(&self.unasked)),
            Sight::Seen(_) | Sight::Unseen(_) => answer,
        }
    }
}
