//! `permission-sets.csv`: which permission sets are expected, and what they were approved to allow.

use super::list::{About, HandKept};
use super::table::{cell, digest, required, yes_or_no};
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::{PermissionSetRecord, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, ListFormat, NameKey};

/// See [`HandKept`].
pub(crate) struct PermissionSets;

impl HandKept for PermissionSets {
    const FORMAT: ListFormat = ListFormat::PermissionSets;
    const REQUIRED: &'static [&'static str] = &["name"];
    /// `owner`, `ticket` and `comment` are for people; they are not read.
    const OPTIONAL: &'static [&'static str] =
        &["administrative", "digest", "reviewed_by", "owner", "ticket", "comment"];
    const KIND: Kind = Kind::PermissionSet;
    type Record = PermissionSetRecord;
    type Thing = NameKey;
    type Says = (Option<bool>, Option<String>);

    fn tells(_: &Table<'_>) -> Vec<Tells> {
        vec![Tells::PermissionSets]
    }

    fn record(reading: &Reading, table: &Table<'_>, row: &Row<'_>) -> Result<PermissionSetRecord, String> {
        permission_set(reading, table, row)
    }

    fn thing(record: &PermissionSetRecord) -> Option<(Self::Thing, Self::Says)> {
        Some((NameKey::of(&record.name), (record.administrative, record.digest.clone())))
    }

    fn keep(reading: &mut Reading, record: PermissionSetRecord) {
        reading.permission_sets.push(record);
    }

    fn about(table: &Table<'_>, row: &Row<'_>) -> About {
        About { principal: None, account: None, what: cell(table, row, "name").map(str::to_owned) }
    }
}

fn permission_set(reading: &Reading, table: &Table, row: &Row) -> Result<PermissionSetRecord, String> {
    Ok(PermissionSetRecord {
        at: reading.at(row.line),
        name: required(table, row, "name")?.to_owned(),
        administrative: yes_or_no(table, row, "administrative")?,
        digest: digest(table, row)?,
    })
}
