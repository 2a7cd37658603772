//! `permission-sets.csv`: which permission sets are expected, and what they were approved to allow.

use super::table::{self, OneRowEach, cell, digest, required, reviewer, yes_or_no};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{PermissionSetRecord, Refused, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, NameKey};

const REQUIRED: [&str; 1] = ["name"];
/// `owner`, `ticket` and `comment` are for people; they are not read.
const OPTIONAL: [&str; 6] = ["administrative", "digest", "reviewed_by", "owner", "ticket", "comment"];

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text, &REQUIRED, &OPTIONAL)?;
    let mut reading = Reading::new(file, "list of permission sets");
    reading.tells.insert(Tells::PermissionSets);
    let mut sets = OneRowEach::new();
    for row in table.rows() {
        reading.rows_read += 1;
        reading.review(row.line, reviewer(&table, &row));
        let permission_set = permission_set(&reading, &table, &row).and_then(|set| {
            sets.take(row.line, NameKey::of(&set.name), (set.administrative, set.digest.clone()))?;
            Ok(set)
        });
        match permission_set {
            Ok(permission_set) => {
                reading.rows_used += 1;
                reading.permission_sets.push(permission_set);
            }
            Err(reason) => {
                reading.rows_refused += 1;
                let (at, what) = (reading.at(row.line), cell(&table, &row, "name").map(str::to_owned));
                let kind = Kind::PermissionSet;
                reading.refusals.push(Refused { at, reason, kind, principal: None, account: None, what });
            }
        }
    }
    Ok(reading)
}

fn permission_set(reading: &Reading, table: &Table, row: &Row) -> Result<PermissionSetRecord, String> {
    Ok(PermissionSetRecord {
        at: reading.at(row.line),
        name: required(table, row, "name")?.to_owned(),
        administrative: yes_or_no(table, row, "administrative")?,
        digest: digest(table, row)?,
    })
}
