//! Gaps of one cause, told as one: 397 equal denials are one line, and so are forty permission sets that one call was
//! refused for, and three calls that one account refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{AccountId, Gap, Hides, Side, Snapshot, Unseen, Why};

use super::gaps::{gap_advice, gap_reason};
use super::unseen::unseen_of;
use super::{account, count, list, visible};

/// The file of a package that names every gap.
pub const EVERY_GAP: &str = "completeness.csv";
/// Accounts, or objects, that a line names before it only counts.
const NAMED: usize = 3;

/// Gaps that are told together: each of its parts, in each of its accounts.
#[derive(Debug)]
pub struct GapGroup<'g> {
    /// The first of them.
    pub first: &'g Gap,
    /// The accounts that were asked; none where the gap is of no single account.
    accounts: Vec<Asked>,
    parts: Vec<Part<'g>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    id: AccountId,
    name: Option<String>,
}

impl Asked {
    /// The account in a list of accounts.
    fn shown_in_list(&self) -> String {
        match &self.name {
            Some(name) => account(self.id, Some(name)),
            None => self.id.to_string(),
        }
    }
}

/// What was not seen of one source: one thing, or one thing of several objects.
#[derive(Debug)]
struct Part<'g> {
    source: &'g str,
    unseen: &'g Unseen,
    /// The objects that it is of, where it is of any.
    objects: Vec<&'g str>,
}

/// Every gap, in the order of the first of each group.
#[must_use]
pub fn gap_groups<'g>(gaps: impl IntoIterator<Item = &'g Arc<Gap>>, snapshot: &Snapshot) -> Vec<GapGroup<'g>> {
    let mut groups: Vec<GapGroup<'g>> = Vec::new();
    let mut places = BTreeMap::new();
    for group in by_account(gaps, snapshot) {
        let gap = group.first;
        let key = (gap.side, gap.hides, group.accounts.clone(), group.cause());
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(known) => known.take(group),
            None => groups.push(group),
        }
    }
    groups
}

/// Those that differ in nothing but the account that was asked.
fn by_account<'g>(gaps: impl IntoIterator<Item = &'g Arc<Gap>>, snapshot: &Snapshot) -> Vec<GapGroup<'g>> {
    let names: BTreeMap<AccountId, Option<&str>> =
        snapshot.accounts.seen().map(|account| (account.id, account.name.as_deref())).collect();
    let asked = |id| Asked { id, name: names.get(&id).copied().flatten().map(str::to_owned) };
    let mut groups: Vec<GapGroup<'g>> = Vec::new();
    let mut places: BTreeMap<(Side, &str, Hides, Unseen, String), usize> = BTreeMap::new();
    for gap in gaps {
        let group = || {
            let objects = gap.unseen.object.as_deref().into_iter().collect();
            let part = Part { source: &gap.source, unseen: &gap.unseen, objects };
            GapGroup { first: gap, accounts: gap.account.map(asked).into_iter().collect(), parts: vec![part] }
        };
        let Some(id) = gap.account else {
            groups.push(group());
            continue;
        };
        let common = |text: &str| text.replace(&id.to_string(), "");
        let key = (gap.side, gap.source.as_str(), gap.hides, elsewhere(&gap.unseen, id), common(&gap_reason(&gap.why)));
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(known) => known.accounts.push(asked(id)),
            None => groups.push(group()),
        }
    }
    groups
}

/// What was not seen in this account, as the same in any.
fn elsewhere(unseen: &Unseen, account: AccountId) -> Unseen {
    let account_left_out = |object: &String| object.replace(&account.to_string(), "");
    Unseen {
        object: unseen.object.as_ref().map(account_left_out),
        account: unseen.account.filter(|one| *one != account),
        ..unseen.clone()
    }
}

/// What was not seen, of any object.
fn of_any(unseen: &Unseen) -> Unseen {
    Unseen { object: None, ..unseen.clone() }
}

impl<'g> GapGroup<'g> {
    /// What must be equal so that two are told together: why, and either no call was answered, or the same thing was
    /// not seen of another object.
    fn cause(&self) -> (String, Option<(&'g str, Unseen)>) {
        let Part { source, unseen, objects } = &self.parts[0];
        let reason = self.first_accounts_left_out(&gap_reason(&self.first.why));
        match (&self.first.why, objects.as_slice()) {
            (Why::Denied { .. } | Why::Failed { .. } | Why::NotAsked | Why::OutOfScope | Why::NotListed, _) => {
                (without(&reason, source, ""), None)
            }
            (_, _) => (reason, Some((source, of_any(unseen)))),
        }
    }

    fn first_accounts_left_out(&self, text: &str) -> String {
        self.accounts.first().map_or_else(|| text.to_owned(), |first| text.replace(&first.id.to_string(), ""))
    }

    /// Adds what another group has besides.
    fn take(&mut self, other: GapGroup<'g>) {
        for part in other.parts {
            let like = |known: &&mut Part<'g>| {
                let is_of_objects = !known.objects.is_empty() && !part.objects.is_empty();
                is_of_objects && known.source == part.source && of_any(known.unseen) == of_any(part.unseen)
            };
            match self.parts.iter_mut().find(like) {
                Some(known) => known.objects.extend(part.objects),
                None => self.parts.push(part),
            }
        }
    }

    /// How many gaps it tells.
    #[must_use]
    pub fn size(&self) -> usize {
        self.accounts.len().max(1) * self.parts.iter().map(|part| part.objects.len().max(1)).sum::<usize>()
    }

    /// What was not seen. What is only counted is all in the file `all_in`, where there is one.
    #[must_use]
    pub fn unseen(&self, all_in: Option<&str>) -> String {
        let accounts = match self.accounts.as_slice() {
            [_, _, ..] => Some(count(self.accounts.len(), "account")),
            [] | [_] => None,
        };
        let told = self.parts.iter().map(|part| part.told(all_in, accounts.as_deref()));
        told.collect::<Vec<_>>().join("; ")
    }

    /// Where it was asked. What is only counted is all in the file `all_in`, where there is one.
    #[must_use]
    pub fn place(&self, all_in: Option<&str>) -> String {
        let mut sources: Vec<String> = Vec::new();
        for part in &self.parts {
            let source = format!("`{}`", visible(part.source));
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        let sources = list(&sources);
        match self.accounts.as_slice() {
            [] => sources,
            [one] => format!("{sources} in {}", account(one.id, one.name.as_deref())),
            all => {
                let shown: Vec<String> = all.iter().map(Asked::shown_in_list).collect();
                let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
                format!("{sources} in {}: {}", count(all.len(), "account"), some_of(&shown, all_in))
            }
        }
    }

    /// Why it could not be seen; what AWS said of one account, or of one call, stands for all.
    #[must_use]
    pub fn reason(&self) -> String {
        let reason = gap_reason(&self.first.why);
        let first = self.parts[0].source;
        let reason = match self.parts.iter().all(|part| part.source == first) {
            true => reason,
            false => without(&reason, first, "…"),
        };
        self.of_all_accounts(&reason, "…")
    }

    /// What to do so that the next run can see it.
    #[must_use]
    pub fn advice(&self) -> String {
        gap_advice(self.first)
    }

    /// All of it as one line; for `all_in` see [`place`](Self::place).
    #[must_use]
    pub fn line(&self, all_in: Option<&str>) -> String {
        format!("{}: {}: {}", self.unseen(all_in), self.place(all_in), self.reason())
    }

    /// A text about the first account as one about all.
    fn of_all_accounts(&self, text: &str, all: &str) -> String {
        match self.accounts.as_slice() {
            [first, _, ..] => text.replace(&first.id.to_string(), all),
            [] | [_] => text.to_owned(),
        }
    }
}

impl Part<'_> {
    /// What was not seen of all its objects, in so many accounts where there are several.
    fn told(&self, all_in: Option<&str>, accounts: Option<&str>) -> String {
        let names: Vec<String> = self.objects.iter().map(|object| format!("`{}`", visible(object))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        unseen_of(self.unseen, Some(some_of(&names, all_in)).filter(|_| names.len() > 1), accounts)
    }
}

fn some_of(all: &[&str], all_in: Option<&str>) -> String {
    let named = all.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMED) {
        0 => list(&all.iter().map(|&one| one.to_owned()).collect::<Vec<_>>()),
        more => {
            format!("{named} and {more} more{}", all_in.map_or_else(String::new, |file| format!(" (all in `{file}`)")))
        }
    }
}

/// A text with another word in place of an operation, which AWS does not always write in the same case.
fn without(text: &str, operation: &str, instead: &str) -> String {
    match text.to_ascii_lowercase().find(&operation.to_ascii_lowercase()) {
        Some(at) => format!("{}{instead}{}", &text[..at], &text[at + operation.len()..]),
        None => text.to_owned(),
    }
}
