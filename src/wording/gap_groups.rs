//! Gaps of one cause, told as one: 397 equal denials are one line, and so are forty permission sets that one call was
//! refused for, and three calls that one account refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{AccountId, Gap, Hides, Side, Snapshot, Why};

use super::gaps::{gap_advice, gap_reason};
use super::{account, count, list, phrase, visible};

/// The file of a package that names every gap.
pub const EVERY_GAP: &str = "completeness.csv";
/// Accounts, or objects, that a line names before it only counts.
const NAMED: usize = 3;

/// Gaps that are told together: each of its parts, in each of its accounts.
#[derive(Debug)]
pub struct GapGroup<'g> {
    /// The first of them.
    pub first: &'g Gap,
    /// The accounts that were asked, as they are shown; none where the gap is of no single account.
    accounts: Vec<Asked>,
    parts: Vec<Part<'g>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    id: AccountId,
    shown: String,
}

/// What was not seen of one source: one thing, or one thing of several objects.
#[derive(Debug)]
struct Part<'g> {
    source: &'g str,
    unseen: &'g str,
    /// The objects, where the phrase names one: `` members of `AWS-Admins` ``.
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
    let asked = |id| Asked { id, shown: account(id, names.get(&id).copied().flatten()) };
    let mut groups: Vec<GapGroup<'g>> = Vec::new();
    let mut places: BTreeMap<(Side, &str, Hides, String, String), usize> = BTreeMap::new();
    for gap in gaps {
        let group = || {
            let part =
                Part { source: &gap.source, unseen: &gap.unseen, objects: object(&gap.unseen).into_iter().collect() };
            GapGroup { first: gap, accounts: gap.account.map(asked).into_iter().collect(), parts: vec![part] }
        };
        let Some(id) = gap.account else {
            groups.push(group());
            continue;
        };
        let common = |text: &str| text.replace(&id.to_string(), "");
        let key = (gap.side, gap.source.as_str(), gap.hides, common(&gap.unseen), common(&gap_reason(&gap.why)));
        let place = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(known) => known.accounts.push(asked(id)),
            None => groups.push(group()),
        }
    }
    groups
}

/// The object that a phrase names, where it names exactly one.
fn object(unseen: &str) -> Option<&str> {
    let mut pieces = unseen.split('`');
    match (pieces.next(), pieces.next(), pieces.next(), pieces.next()) {
        (Some(_), Some(object), Some(_), None) => Some(object),
        _ => None,
    }
}

impl<'g> GapGroup<'g> {
    /// What must be equal so that two are told together: why, and either no call was answered, or the same thing was
    /// not seen of another object.
    fn cause(&self) -> (String, Option<(&'g str, String)>) {
        let Part { source, unseen, objects } = &self.parts[0];
        let reason = self.first_accounts_left_out(&gap_reason(&self.first.why));
        match (&self.first.why, objects.as_slice()) {
            (Why::Denied { .. } | Why::Failed { .. } | Why::NotAsked | Why::OutOfScope, _) => {
                (without(&reason, source, ""), None)
            }
            (_, [object]) => (reason, Some((source, unseen.replacen(object, "", 1)))),
            (_, _) => (reason, Some((source, (*unseen).to_owned()))),
        }
    }

    fn first_accounts_left_out(&self, text: &str) -> String {
        self.accounts.first().map_or_else(|| text.to_owned(), |first| text.replace(&first.id.to_string(), ""))
    }

    /// Adds what another group has besides.
    fn take(&mut self, other: GapGroup<'g>) {
        for part in other.parts {
            let like = |known: &&mut Part<'g>| match (known.objects.first(), part.objects.first()) {
                (Some(one), Some(another)) => {
                    known.source == part.source
                        && known.unseen.replacen(one, "", 1) == part.unseen.replacen(another, "", 1)
                }
                (_, _) => false,
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
        let told: Vec<String> = self.parts.iter().map(|part| part.told(all_in)).collect();
        self.of_all_accounts(&told.join("; "), &count(self.accounts.len(), "account"))
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
            [one] => format!("{sources} in {}", one.shown),
            all => {
                let shown: Vec<&str> = all.iter().map(|asked| asked.shown.trim_start_matches("account ")).collect();
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
    fn told(&self, all_in: Option<&str>) -> String {
        match self.objects.as_slice() {
            [first, _, ..] => {
                let names: Vec<String> = self.objects.iter().map(|object| format!("`{}`", phrase(object))).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                phrase(&self.unseen.replacen(&format!("`{first}`"), "`", 1)).replacen('`', &some_of(&names, all_in), 1)
            }
            [] | [_] => phrase(self.unseen).into_owned(),
        }
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
