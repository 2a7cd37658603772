//! Accounts whose names end in `$`, as those of computers and managed service accounts do, where nothing says what they
//! are. People may be called so too, so they stay, and a note says it.

use crate::expect::records::directory_records::{Entry, EntryKind};
use crate::model::quoted;

/// Those of one file.
#[derive(Debug, Default)]
pub(crate) struct DollarNames {
    count: u32,
    first: String,
}

impl DollarNames {
    /// Looks at an entry. `said` is whether something besides its name and its class says what it is: trusts of other
    /// domains are of the class `user` too.
    pub(crate) fn look(&mut self, entry: &Entry, said: bool) {
        let Some(name) = entry.sam.as_deref().filter(|name| name.ends_with('$')) else { return };
        if said || entry.kind != EntryKind::Person {
            return;
        }
        if self.count == 0 {
            self.first = format!("{} in line {}", quoted(name), entry.at.line);
        }
        self.count += 1;
    }

    pub(crate) fn note(&self) -> Option<String> {
        let those = match self.count {
            0 => return None,
            1 => format!("{} ends in `$`", self.first),
            more => format!("{} and {} more end in `$`", self.first, more - 1),
        };
        Some(format!(
            "{those}, like computers and managed service accounts; without `userAccountControl` they count as people"
        ))
    }
}
