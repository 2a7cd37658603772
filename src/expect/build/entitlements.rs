//! Rows of `entitlements.csv`, each for the accounts that it means.
//!
//! A pattern over names can only be decided where the names are known: where they are not, the row leaves a gap, as one
//! does that could not be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::assignments::{listed, means, presence_in};
use super::extent_of_lists::{Gaps, gap};
use crate::expect::hand_kept::account_pattern::AccountPattern;
use crate::expect::records::directory_records::{EntitlementRecord, PrincipalType, Records};
use crate::model::{
    AccountId, Concerns, EntitlementRow, Estate, IdleRow, Kind, NameKey, PrincipalName, Refusal, RowRef, What, Why,
    quoted,
};

/// What rows of entitlements come to.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) rows: Vec<EntitlementRow>,
    pub(super) idle: Vec<IdleRow>,
    /// Rows that nobody can say anything about.
    pub(super) refused: Vec<Refusal>,
    /// What rows may mean besides.
    pub(super) undecided: Vec<Refusal>,
}

/// Expands every row. Without an estate only rows that name an account by its id can be.
pub(super) fn expand(records: &Records, estate: Option<&Estate>, as_of: NaiveDate, gaps: &mut Gaps) -> Expanded {
    let mut expanded = Expanded::default();
    for record in &records.entitlements {
        let source = &records.files[record.at.file as usize].name;
        let row = |account| row(record, account, as_of);
        match (&record.account, estate) {
            (AccountPattern::Id(account), _) => expanded.rows.push(row(*account)),
            (_, None) => {}
            (pattern, Some(estate)) => {
                let decided = estate.accounts.iter().map(|account| (account, means(pattern, account, estate)));
                let meant = decided.clone().filter(|(_, means)| *means == Some(true)).map(|(account, _)| {
                    let presence = presence_in(estate, account.id, record.presence);
                    EntitlementRow { presence, ..row(account.id) }
                });
                let before = expanded.rows.len();
                expanded.rows.extend(meant);
                let undecided: Vec<AccountId> =
                    decided.filter(|(_, means)| means.is_none()).map(|(account, _)| account.id).collect();
                let nameless = undecided.iter().any(|account| listed(estate, *account));
                expanded.undecided.extend(undecided.into_iter().map(|account| {
                    let reason = format!("it is unclear whether the row means account {account}");
                    refusal(source, record, Some(account), reason)
                }));
                if expanded.rows.len() > before {
                    continue;
                }
                if estate.whole && !nameless {
                    let what = format!("no account of the organization matches {}", quoted(pattern));
                    expanded.idle.push(IdleRow { what, row: record.at.into() });
                } else {
                    let reason = "not all accounts of the organization could be read".to_owned();
                    let refusal = refusal(source, record, None, reason);
                    gaps.keep(&refusal.gap);
                    expanded.refused.push(refusal);
                }
            }
        }
    }
    refuse_contradictions(records, &mut expanded, gaps);
    expanded
}

/// Refuses rows that approve something else of the same role of the same principal than an earlier row does: which of
/// the two is right, nobody knows. What has expired approves nothing.
fn refuse_contradictions(records: &Records, expanded: &mut Expanded, gaps: &mut Gaps) {
    let mut first: BTreeMap<_, &EntitlementRow> = BTreeMap::new();
    let mut refused: BTreeMap<RowRef, RowRef> = BTreeMap::new();
    let approves = |row: &&EntitlementRow| row.administrative.is_some() || row.digest.is_some();
    for row in expanded.rows.iter().filter(|row| !row.lapsed).filter(approves) {
        let (is_group, name) = match &row.principal {
            PrincipalName::Group(name) => (true, name),
            PrincipalName::User(name) => (false, name),
        };
        let earlier = first.entry((is_group, NameKey::of(name), row.account, NameKey::of(&row.role))).or_insert(row);
        if (earlier.administrative, &earlier.digest) != (row.administrative, &row.digest) {
            refused.entry(row.row).or_insert(earlier.row);
        }
    }
    expanded.rows.retain(|row| !refused.contains_key(&row.row));
    for record in &records.entitlements {
        let Some(earlier) = refused.get(&record.at.into()) else { continue };
        let reason = format!("it contradicts line {}, which is about the same; leave one of the two out", earlier.line);
        let account = match &record.account {
            AccountPattern::Id(account) => Some(*account),
            AccountPattern::All | AccountPattern::Path(_) | AccountPattern::Name(_) | AccountPattern::Placeholder => {
                None
            }
        };
        let refusal = refusal(&records.files[record.at.file as usize].name, record, account, reason);
        gaps.keep(&refusal.gap);
        expanded.refused.push(refusal);
    }
}

fn row(record: &EntitlementRecord, account: AccountId, as_of: NaiveDate) -> EntitlementRow {
    EntitlementRow {
        principal: match record.principal_type {
            PrincipalType::User => PrincipalName::User(record.principal.clone()),
            PrincipalType::Group => PrincipalName::Group(record.principal.clone()),
        },
        account,
        role: record.role.clone(),
        presence: record.presence,
        expires: record.expires,
        lapsed: record.expires.is_some_and(|last| last < as_of),
        administrative: record.administrative,
        digest: record.digest.clone(),
        row: record.at.into(),
    }
}

fn refusal(source: &str, record: &EntitlementRecord, account: Option<AccountId>, reason: String) -> Refusal {
    let why = Why::Refused { line: record.at.line, reason: reason.clone() };
    Refusal {
        row: record.at.into(),
        reason,
        concerns: Concerns {
            kind: Kind::Entitlement,
            principal: Some(NameKey::of(&record.principal)),
            account,
            what: Some(NameKey::of(&record.role)),
        },
        gap: Arc::new(gap(source, What::RowAccounts.into(), why)),
    }
}
