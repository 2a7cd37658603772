//! What the numbers of employees show of whether a row and an account are about one human.
//!
//! A list may have the numbers of another system than the directory, or a word where a number is missing. So different
//! numbers alone show two humans only where the directory's number is on a row of its own; elsewhere the names decide,
//! and where these leave it open, it stays open.

use super::addresses::{Address, addresses, numbers};
use super::names_alike::{Alike, alike};
use super::nodes::{Index, Node};
use crate::expect::records::directory_records::Entry;

/// Whether a row and an account are about one human, as far as their numbers and names show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OneHuman {
    /// Nothing contradicts it.
    MayBe,
    /// Their numbers differ, and the names do not settle it.
    Open,
    /// They are two.
    No,
}

/// What is known of the numbers of all lists.
#[derive(Debug, Default)]
pub(crate) struct EmployeeNumbers {
    /// Whether numbers are of one kind in all lists: those who share one share a mail address too.
    pub(crate) comparable: bool,
    /// Numbers of accounts that rows without an account have too.
    confirmed: Index<String, ()>,
    /// Files that have such a row.
    files: Index<u32, ()>,
}

/// Whether an account that has the number of a row is another human's all the same: no address is the same, and neither
/// is any word of what they are called.
pub(crate) fn is_contradicted(row: &Entry, account: &Entry) -> bool {
    let theirs = mails(account);
    !mails(row).iter().any(|mail| theirs.contains(mail)) && alike(row, account) == Some(Alike::Not)
}

impl EmployeeNumbers {
    /// Judges the numbers by those whom rows without an account share one with: an address at the same domain, else
    /// what they are called. A private address says nothing.
    pub(crate) fn of<'e>(
        rows: impl Iterator<Item = &'e Entry>,
        holders: impl Fn(&Address) -> Vec<Node>,
        objects: &[Entry],
    ) -> Self {
        let (mut agreeing, mut contradicting) = (0_usize, 0_usize);
        let mut known = EmployeeNumbers::default();
        for row in rows {
            for number in numbers(row) {
                for holder in holders(&Address::Employee(number.clone())) {
                    let same = are_one(row, &objects[holder]);
                    agreeing += usize::from(same == Some(true));
                    contradicting += usize::from(same == Some(false));
                    if same != Some(false) {
                        known.confirmed.insert(number.clone(), ());
                        known.files.insert(row.at.file, ());
                    }
                }
            }
        }
        known.comparable = agreeing >= contradicting;
        known
    }

    /// Whether a row and an account that share an address may be about one human.
    pub(crate) fn one_human(&self, row: &Entry, account: &Entry) -> OneHuman {
        if !self.numbers_differ(row, account) {
            return OneHuman::MayBe;
        }
        if self.is_confirmed(account) {
            return OneHuman::No;
        }
        match alike(row, account) {
            Some(Alike::Whole) => OneHuman::MayBe,
            Some(Alike::Not) => OneHuman::No,
            Some(Alike::InPart) | None if self.files.contains_key(&row.at.file) => OneHuman::Open,
            Some(Alike::InPart) | None => OneHuman::MayBe,
        }
    }

    /// Whether a row and an account that share what they are called, and nothing else, are two humans. Numbers of a list
    /// of which no account has one may be those of another system.
    pub(crate) fn are_two_namesakes(&self, row: &Entry, account: &Entry) -> bool {
        self.numbers_differ(row, account) && (self.files.contains_key(&row.at.file) || self.is_confirmed(account))
    }

    fn numbers_differ(&self, row: &Entry, account: &Entry) -> bool {
        let (ours, theirs) = (numbers(row), numbers(account));
        self.comparable && !ours.is_empty() && !theirs.is_empty() && !ours.iter().any(|number| theirs.contains(number))
    }

    /// Whether another row has the number of an account, so that one without it is about somebody else.
    fn is_confirmed(&self, account: &Entry) -> bool {
        numbers(account).iter().any(|number| self.confirmed.contains_key(number))
    }
}

fn mails(entry: &Entry) -> Vec<Address> {
    addresses(entry).into_iter().filter(|address| matches!(address, Address::Mail(_))).collect()
}

fn domain(mail: &Address) -> Option<&str> {
    match mail {
        Address::Mail(mail) => mail.as_str().rsplit_once('@').map(|(_, domain)| domain),
        Address::Login(_) | Address::Employee(_) => None,
    }
}

/// Whether two who share a number are one human; `None` where nothing shows it.
fn are_one(row: &Entry, account: &Entry) -> Option<bool> {
    let (ours, theirs) = (mails(row), mails(account));
    let is_near = |mail: &Address| theirs.iter().any(|other| domain(other) == domain(mail));
    match (ours.iter().any(|mail| theirs.contains(mail)), ours.iter().any(is_near)) {
        (true, _) => Some(true),
        (false, true) => Some(false),
        (false, false) => alike(row, account).map(|alike| alike != Alike::Not),
    }
}
