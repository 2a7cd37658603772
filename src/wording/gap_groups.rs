//! Gaps that differ only in the account that was asked, told as one: 397 equal denials are one line.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{AccountId, Gap, Hides, Side};

use super::gaps::{gap_advice, gap_line, gap_place, gap_reason};
use super::{count, visible};

/// The file of a package that names every gap.
pub const EVERY_GAP: &str = "completeness.csv";
/// Accounts that a line names before it only counts.
const NAMED: usize = 3;

/// Gaps that are told together.
#[derive(Debug)]
pub struct GapGroup<'g> {
    /// The first of them.
    pub first: &'g Gap,
    /// The accounts that were asked; of a gap that stands alone, none.
    accounts: Vec<AccountId>,
}

/// What gaps must have in common to be told together.
type Common = (Side, String, Hides, String, String);

/// Every gap, in the order of the first of each group.
#[must_use]
pub fn gap_groups<'g>(gaps: impl IntoIterator<Item = &'g Arc<Gap>>) -> Vec<GapGroup<'g>> {
    let mut groups: Vec<GapGroup<'g>> = Vec::new();
    let mut places: BTreeMap<Common, usize> = BTreeMap::new();
    for gap in gaps {
        let Some(account) = gap.account else {
            groups.push(GapGroup { first: gap, accounts: Vec::new() });
            continue;
        };
        let id = account.to_string();
        let common = |text: &str| text.replace(&id, "");
        let key = (gap.side, gap.source.clone(), gap.hides, common(&gap.unseen), common(&gap_reason(&gap.why)));
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.accounts.push(account),
            None => groups.push(GapGroup { first: gap, accounts: vec![account] }),
        }
    }
    groups
}

impl GapGroup<'_> {
    /// How many gaps it tells.
    #[must_use]
    pub fn size(&self) -> usize {
        self.accounts.len().max(1)
    }

    /// What was not seen.
    #[must_use]
    pub fn unseen(&self) -> String {
        self.told(&visible(&self.first.unseen), &count(self.accounts.len(), "account"))
    }

    /// Where it was asked. What is only counted is all in the file `all_in`, where there is one.
    #[must_use]
    pub fn place(&self, all_in: Option<&str>) -> String {
        let [_, _, ..] = self.accounts.as_slice() else { return gap_place(self.first) };
        let named: Vec<String> = self.accounts.iter().take(NAMED).map(ToString::to_string).collect();
        let more = match self.accounts.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more{}", all_in.map_or_else(String::new, |file| format!(", all in `{file}`"))),
        };
        let number = count(self.accounts.len(), "account");
        format!("`{}` in {number}: {}{more}", visible(&self.first.source), named.join(", "))
    }

    /// Why it could not be seen; what AWS said of one account stands for all.
    #[must_use]
    pub fn reason(&self) -> String {
        self.told(&gap_reason(&self.first.why), "…")
    }

    /// What to do so that the next run can see it.
    #[must_use]
    pub fn advice(&self) -> String {
        gap_advice(self.first)
    }

    /// All of it as one line; for `all_in` see [`place`](Self::place).
    #[must_use]
    pub fn line(&self, all_in: Option<&str>) -> String {
        match self.accounts.len() {
            0 | 1 => gap_line(self.first),
            _ => format!("{}: {}: {}", self.unseen(), self.place(all_in), self.reason()),
        }
    }

    /// A text about the first account as one about all.
    fn told(&self, text: &str, all: &str) -> String {
        match self.accounts.as_slice() {
            [first, _, ..] => text.replace(&first.to_string(), all),
            [] | [_] => text.to_owned(),
        }
    }
}
