//! Rows of `applications.csv`.

use chrono::NaiveDate;

use crate::expect::records::directory_records::{ApplicationRecord, Holder, Records};
use crate::model::{ApplicationRow, PrincipalName};

/// Every row; those whose last day is past are marked.
pub(super) fn rows(records: &Records, as_of: NaiveDate) -> Vec<ApplicationRow> {
    records.applications.iter().map(|record| row(record, as_of)).collect()
}

fn row(record: &ApplicationRecord, as_of: NaiveDate) -> ApplicationRow {
    ApplicationRow {
        application: record.application.clone(),
        principal: match record.principal_type {
            Holder::User => Some(PrincipalName::User(record.principal.clone())),
            Holder::Group => Some(PrincipalName::Group(record.principal.clone())),
            Holder::Everyone => None,
        },
        presence: record.presence,
        expires: record.expires,
        lapsed: record.expires.is_some_and(|last| last < as_of),
        row: record.at.into(),
    }
}
