//! Since when IAM users are disabled by plans that were applied.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::record::Record;
use super::{Change, IamUserRef};
use crate::model::AccountId;

/// An IAM user: its account and its unique id.
type Whom = (AccountId, String);

/// Since when IAM users are disabled by plans that were applied, and now.
#[derive(Debug, Clone, Default)]
pub struct Quarantine {
    now: DateTime<Utc>,
    disabled: BTreeMap<Whom, DateTime<Utc>>,
}

impl Quarantine {
    /// At this instant, by what applying plans did, in any order.
    #[must_use]
    pub fn of(records: &[Record], now: DateTime<Utc>) -> Self {
        let changes = records.iter().flat_map(|record| &record.changes).filter(|change| change.is_done());
        let mut done: Vec<_> = changes.filter_map(|change| Some((change.at?, &change.planned.change))).collect();
        done.sort_by_key(|(at, _)| *at);
        let mut disabled = BTreeMap::new();
        for (at, change) in done {
            if let Change::DisableIamUser { user } = change {
                disabled.entry(whom(user)).or_insert(at);
            } else if let Change::EnableIamUser { user, .. } | Change::ActivateIamKey { user, .. } = change {
                disabled.remove(&whom(user));
            }
        }
        Quarantine { now, disabled }
    }

    /// Where nothing is known of plans that were applied.
    #[must_use]
    pub fn unknown(now: DateTime<Utc>) -> Self {
        Quarantine { now, disabled: BTreeMap::new() }
    }

    /// The present.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Since when a user is disabled.
    #[must_use]
    pub fn disabled(&self, user: &IamUserRef) -> Option<DateTime<Utc>> {
        self.disabled.get(&whom(user)).copied()
    }
}

fn whom(user: &IamUserRef) -> Whom {
    (user.account, user.id.clone())
}
