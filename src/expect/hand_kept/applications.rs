//! `applications.csv`: who is expected to be assigned to which application of Identity Center.

use super::table::{self, cell, day, presence, principal as principal_of, required, reviewer};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{ApplicationRecord, Holder, Refused, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, quoted_excerpt};

const REQUIRED: [&str; 3] = ["application", "principal_type", "principal"];
/// `owner`, `ticket` and `comment` are for people; they are not read.
const OPTIONAL: [&str; 6] = ["presence", "expires", "reviewed_by", "owner", "ticket", "comment"];

pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text, &REQUIRED, &OPTIONAL)?;
    let mut reading = Reading::new(file, "list of applications");
    reading.tells.insert(Tells::Applications);
    for row in table.rows() {
        reading.rows_read += 1;
        reading.review(row.line, reviewer(&table, &row));
        match application(&reading, &table, &row) {
            Ok(application) => {
                reading.rows_used += 1;
                reading.applications.push(application);
            }
            Err(reason) => {
                reading.rows_refused += 1;
                let cell = |column| cell(&table, &row, column).map(str::to_owned);
                let (at, principal, what) =
                    (reading.at(row.line), principal_of(&table, &row).map(str::to_owned), cell("application"));
                let kind = Kind::Application;
                reading.refusals.push(Refused { at, reason, kind, principal, account: None, what });
            }
        }
    }
    Ok(reading)
}

fn application(reading: &Reading, table: &Table, row: &Row) -> Result<ApplicationRecord, String> {
    let principal_type = match required(table, row, "principal_type")?.to_lowercase().as_str() {
        "user" => Holder::User,
        "group" => Holder::Group,
        "everyone" => Holder::Everyone,
        other => {
            return Err(format!(
                "`principal_type` is {}; it must be `user`, `group` or `everyone`",
                quoted_excerpt(other)
            ));
        }
    };
    let principal = match principal_type {
        Holder::User | Holder::Group => match required(table, row, "principal")? {
            "*" => return Err("`principal` is `*`, which only stands beside `everyone` in `principal_type`".to_owned()),
            name => principal_of(table, row).unwrap_or(name).to_owned(),
        },
        Holder::Everyone => match cell(table, row, "principal") {
            None | Some("*") => "*".to_owned(),
            Some(other) => {
                return Err(format!("`principal` is {}; beside `everyone` it must be `*`", quoted_excerpt(other)));
            }
        },
    };
    Ok(ApplicationRecord {
        at: reading.at(row.line),
        application: required(table, row, "application")?.to_owned(),
        principal_type,
        principal,
        presence: presence(table, row)?,
        expires: day(table, row, "expires")?,
    })
}
