//! Rows of assignments, each for the accounts that it means, and naming conventions for the groups that they fit.
//!
//! A pattern over names can only be decided where the names are known: where they are not, the row leaves a gap, as one
//! does that could not be read.

use std::sync::Arc;

use chrono::NaiveDate;

use super::extent_of_lists::{Gaps, gap};
use crate::expect::hand_kept::account_pattern::{ACCOUNT, AccountPattern, lies_below};
use crate::expect::hand_kept::assignments::PERMISSION_SET;
use crate::expect::records::directory_records::{self, PrincipalType, Records};
use crate::model::{
    Account, AccountId, AssignmentRow, Concerns, DirectoryGroup, Estate, IdleRow, Kind, Listing, NameKey, Presence,
    PrincipalName, Refusal, What, Why, quoted,
};

/// What rows of assignments come to.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) in_force: Vec<AssignmentRow>,
    pub(super) lapsed: Vec<AssignmentRow>,
    pub(super) idle: Vec<IdleRow>,
    /// Rows that nobody can say anything about.
    pub(super) refused: Vec<Refusal>,
    /// What rows may mean besides.
    pub(super) undecided: Vec<Refusal>,
}

/// Expands every row. Without an estate only rows that name an account by its id can be.
pub(super) fn expand(
    records: &Records,
    estate: Option<&Estate>,
    groups: &Listing<DirectoryGroup>,
    as_of: NaiveDate,
    gaps: &mut Gaps,
) -> Expanded {
    let mut expanded = Expanded::default();
    for row in &records.assignments {
        let mut one = One { row, estate, gaps, source: &records.files[row.at.file as usize].name, to: &mut expanded };
        if row.principal.contains('{') && row.principal_type == PrincipalType::Group {
            one.by_convention(groups);
        } else {
            one.accounts(&row.principal, &row.permission_set);
        }
    }
    let has_lapsed = |row: &AssignmentRow| row.expires.is_some_and(|last| last < as_of);
    (expanded.lapsed, expanded.in_force) = expanded.in_force.into_iter().partition(has_lapsed);
    expanded
}

/// One row on its way.
struct One<'a, 'g> {
    row: &'a directory_records::Assignment,
    estate: Option<&'a Estate>,
    gaps: &'g mut Gaps,
    source: &'a str,
    to: &'g mut Expanded,
}

impl One<'_, '_> {
    /// The accounts that the row's pattern means.
    fn accounts(&mut self, principal: &str, permission_set: &str) {
        let Some(estate) = self.estate else {
            if let AccountPattern::Id(account) = self.row.account {
                self.expect(principal, permission_set, account);
            }
            return;
        };
        let decided: Vec<(AccountId, Option<bool>)> =
            estate.accounts.iter().map(|account| (account.id, means(&self.row.account, account, estate))).collect();
        let before = self.to.in_force.len();
        if let AccountPattern::Id(account) = self.row.account {
            self.expect(principal, permission_set, account);
        } else {
            for (account, _) in decided.iter().filter(|(_, means)| *means == Some(true)) {
                self.expect(principal, permission_set, *account);
            }
        }
        for (account, _) in decided.iter().filter(|(_, means)| means.is_none()) {
            let reason = format!("it is unclear whether the row means account {account}");
            let refusal = self.refusal(Some(principal), Some(permission_set), Some(*account), reason);
            self.to.undecided.push(refusal);
        }
        if self.to.in_force.len() == before {
            // An account without a name is one that the organization does not list, or lists without one.
            let nameless = decided.iter().any(|(account, means)| means.is_none() && listed(estate, *account));
            if estate.whole && !nameless {
                self.idle(format!("no account of the organization matches {}", quoted(&self.row.account)));
            } else {
                let reason = match estate.whole {
                    true => "not all names that it refers to could be read".to_owned(),
                    false => "not all accounts of the organization could be read".to_owned(),
                };
                self.refuse(Some(principal), Some(permission_set), None, reason);
            }
        }
    }

    /// The directory groups whose names the convention fits.
    fn by_convention(&mut self, groups: &Listing<DirectoryGroup>) {
        let Some(estate) = self.estate else { return };
        let known = Known { estate, row: self.row };
        let before = (self.to.in_force.len(), self.to.refused.len());
        let mut nowhere: Vec<&str> = Vec::new();
        for group in groups.seen() {
            let fits: Vec<Split> = group.names.iter().flat_map(|name| known.splits(name)).collect();
            let group_name = &group.name;
            let best = fits.iter().map(|split| split.rank).max();
            let mut best: Vec<&Split> = fits.iter().filter(|split| Some(split.rank) == best).collect();
            best.dedup_by(|one, other| one.account == other.account && one.permission_set == other.permission_set);
            match best.as_slice() {
                [] => {}
                [Split { account: Named::Account(account, namesakes), permission_set, .. }] => {
                    for account in [account].into_iter().chain(namesakes) {
                        self.expect(group_name, permission_set, *account);
                    }
                }
                [Split { account: Named::Several, .. }] => {
                    let reason = format!("several accounts have the name that is in {}", quoted(group_name));
                    self.refuse(Some(group_name), None, None, reason);
                }
                [Split { account: Named::Nothing, permission_set, .. }]
                    if self.row.account != AccountPattern::Placeholder =>
                {
                    self.accounts(group_name, permission_set);
                }
                [Split { account: Named::Nothing, .. }] if !estate.whole => {
                    let reason = format!("{} may name an account that could not be read", quoted(group_name));
                    self.refuse(Some(group_name), None, None, reason);
                }
                [Split { account: Named::Nothing, .. }] => nowhere.push(group_name),
                [_, _, ..] => {
                    let reason = format!("{} is ambiguous", quoted(group_name));
                    self.refuse(Some(group_name), None, None, reason);
                }
            }
        }
        if let Some(first) = nowhere.first() {
            let others = nowhere.len() - 1;
            let and = if others == 0 { String::new() } else { format!(" and {others} more") };
            self.idle(format!(
                "{} matches group {first}{and} but no account",
                quoted(&self.row.principal),
                first = quoted(first)
            ));
        } else if (self.to.in_force.len(), self.to.refused.len()) == before {
            self.idle(format!("no group of the directory matches {}", quoted(&self.row.principal)));
        }
    }

    /// Expects an assignment. By patterns and names nothing new is expected in an account that is out of use: nobody can
    /// assign anything in it. What it still has is as before.
    fn expect(&mut self, principal: &str, permission_set: &str, account: AccountId) {
        let presence = match self.row.account {
            AccountPattern::Id(_) => self.row.presence,
            AccountPattern::All | AccountPattern::Path(_) | AccountPattern::Name(_) | AccountPattern::Placeholder => {
                self.estate.map_or(self.row.presence, |estate| presence_in(estate, account, self.row.presence))
            }
        };
        let principal = match self.row.principal_type {
            PrincipalType::User => PrincipalName::User(principal.to_owned()),
            PrincipalType::Group => PrincipalName::Group(principal.to_owned()),
        };
        self.to.in_force.push(AssignmentRow {
            principal,
            permission_set: permission_set.to_owned(),
            account,
            presence,
            expires: self.row.expires,
            row: self.row.at.into(),
        });
    }

    fn idle(&mut self, what: String) {
        self.to.idle.push(IdleRow { what, row: self.row.at.into() });
    }

    /// Leaves a gap for what the row may mean, and says so.
    fn refuse(
        &mut self,
        principal: Option<&str>,
        permission_set: Option<&str>,
        account: Option<AccountId>,
        reason: String,
    ) {
        let refusal = self.refusal(principal, permission_set, account, reason);
        self.gaps.keep(&refusal.gap);
        self.to.refused.push(refusal);
    }

    fn refusal(
        &self,
        principal: Option<&str>,
        permission_set: Option<&str>,
        account: Option<AccountId>,
        reason: String,
    ) -> Refusal {
        let why = Why::Refused { line: self.row.at.line, reason: reason.clone() };
        Refusal {
            row: self.row.at.into(),
            reason,
            concerns: Concerns {
                kind: Kind::Assignment,
                principal: principal.map(NameKey::of),
                account,
                what: permission_set.map(NameKey::of),
            },
            gap: Arc::new(gap(self.source, What::RowAccounts.into(), why)),
        }
    }
}

pub(super) fn listed(estate: &Estate, account: AccountId) -> bool {
    estate.accounts.iter().any(|one| one.id == account && one.listed)
}

/// Whether what a pattern or a name expects must be there: in an account that is out of use it need not.
pub(super) fn presence_in(estate: &Estate, account: AccountId, presence: Presence) -> Presence {
    let is_closed = |one: &Account| one.id == account && Account::is_out_of_use(one.state.as_deref());
    if estate.accounts.iter().any(is_closed) { Presence::Allowed } else { presence }
}

/// Whether a pattern means an account; `None` where what it asks for is not known of the account, or where it is not known
/// whether the account is in the organization.
pub(super) fn means(pattern: &AccountPattern, account: &Account, estate: &Estate) -> Option<bool> {
    match pattern {
        AccountPattern::Id(id) => Some(account.id == *id),
        AccountPattern::All if estate.whole && !account.listed => None,
        AccountPattern::All => Some(true),
        AccountPattern::Name(name) => Some(name.fits(account.name.as_deref()?)),
        AccountPattern::Path(_) if account.paths.is_empty() => None,
        AccountPattern::Path(path) => {
            let places: Vec<Option<bool>> =
                account.paths.iter().map(|place| lies_below(path, place, &estate.units)).collect();
            if places.contains(&Some(true)) {
                Some(true)
            } else {
                places.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
            }
        }
        AccountPattern::Placeholder => Some(false),
    }
}

/// The account that is named in a group's name.
#[derive(PartialEq, Eq)]
enum Named {
    /// One account, and those out of use that have its name too.
    Account(AccountId, Vec<AccountId>),
    /// Several accounts that are in use have the name.
    Several,
    /// None, or the convention asks for none.
    Nothing,
}

/// A way to read a group's name by a convention.
struct Split {
    account: Named,
    permission_set: String,
    /// How much of it exists.
    rank: u8,
}

/// What a convention can find in a name.
struct Known<'a> {
    estate: &'a Estate,
    row: &'a directory_records::Assignment,
}

impl Known<'_> {
    /// Every way in which a name fits the convention.
    fn splits(&self, name: &str) -> Vec<Split> {
        let mut found = Vec::new();
        let pattern = self.row.principal.as_str();
        for (account, set) in parts(pattern, name) {
            let permission_set = set.unwrap_or(&self.row.permission_set);
            let known_set = self.set(permission_set);
            let by_name = account.map(|text| self.account(text));
            found.push(Split {
                rank: 2 * u8::from(by_name != Some(Named::Nothing)) + u8::from(known_set.is_some()),
                account: by_name.unwrap_or(Named::Nothing),
                permission_set: known_set.unwrap_or(permission_set).to_owned(),
            });
        }
        found
    }

    fn account(&self, text: &str) -> Named {
        if let Ok(account) = text.parse() {
            return Named::Account(account, Vec::new());
        }
        let by_name =
            |account: &&Account| account.name.as_deref().is_some_and(|name| NameKey::of(name) == NameKey::of(text));
        let named = self.estate.accounts.iter().filter(by_name);
        let (closed, mut in_use): (Vec<&Account>, Vec<&Account>) =
            named.partition(|account| Account::is_out_of_use(account.state.as_deref()));
        let mut closed: Vec<AccountId> = closed.into_iter().map(|account| account.id).collect();
        match (in_use.pop(), in_use.is_empty()) {
            (Some(one), true) => Named::Account(one.id, closed),
            (Some(_), false) => Named::Several,
            (None, _) => closed.pop().map_or(Named::Nothing, |one| Named::Account(one, closed)),
        }
    }

    fn set(&self, text: &str) -> Option<&str> {
        let same = |name: &&String| NameKey::of(name) == NameKey::of(text);
        self.estate.permission_sets.iter().find(same).map(String::as_str)
    }
}

/// What stands in a name where a pattern has its placeholders: each way in which it fits. Case does not matter.
fn parts<'n>(pattern: &str, name: &'n str) -> Vec<(Option<&'n str>, Option<&'n str>)> {
    let place = |placeholder: &str| pattern.find(placeholder).map(|start| (start, start + placeholder.len()));
    let starts_with =
        |text: &str, with: &str| text.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    let ends_with = |text: &str, with: &str| {
        text.len()
            .checked_sub(with.len())
            .and_then(|at| text.get(at..))
            .is_some_and(|end| end.eq_ignore_ascii_case(with))
    };
    let (account, set) = (place(ACCOUNT), place(PERMISSION_SET));
    let (first, second) = match (account, set) {
        (Some(account), Some(set)) => (account.min(set), Some(account.max(set))),
        (Some(one), None) | (None, Some(one)) => (one, None),
        (None, None) => return Vec::new(),
    };
    let head = &pattern[..first.0];
    let (middle, tail) = match second {
        Some(second) => (Some(&pattern[first.1..second.0]), &pattern[second.1..]),
        None => (None, &pattern[first.1..]),
    };
    if name.len() < head.len() + tail.len() || !starts_with(name, head) || !ends_with(name, tail) {
        return Vec::new();
    }
    let inner = &name[head.len()..name.len() - tail.len()];
    let account_first = account.is_some_and(|account| account == first);
    let Some(middle) = middle else {
        let whole = Some(inner).filter(|inner| !inner.is_empty());
        return whole
            .map(|inner| if account_first { (Some(inner), None) } else { (None, Some(inner)) })
            .into_iter()
            .collect();
    };
    let cuts = inner.char_indices().map(|(at, _)| at).filter(|&at| at > 0 && starts_with(&inner[at..], middle));
    let both = cuts.map(|at| (&inner[..at], &inner[at + middle.len()..])).filter(|(_, second)| !second.is_empty());
    both.map(|(one, two)| if account_first { (Some(one), Some(two)) } else { (Some(two), Some(one)) }).collect()
}
