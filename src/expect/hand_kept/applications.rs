//! `applications.csv`: who is expected to be assigned to which application of Identity Center.

use super::list::{About, HandKept};
use super::table::{cell, day, presence, principal as principal_of, required};
use crate::expect::csv::table::{Row, Table};
use crate::expect::records::directory_records::{ApplicationRecord, Holder, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::model::{Kind, ListFormat, quoted_excerpt};

/// See [`HandKept`].
pub(crate) struct Applications;

impl HandKept for Applications {
    const FORMAT: ListFormat = ListFormat::Applications;
    const REQUIRED: &'static [&'static str] = &["application", "principal_type", "principal"];
    /// `owner`, `ticket` and `comment` are for people; they are not read.
    const OPTIONAL: &'static [&'static str] = &["presence", "expires", "reviewed_by", "owner", "ticket", "comment"];
    const KIND: Kind = Kind::Application;
    type Record = ApplicationRecord;
    type Thing = ();
    type Says = ();

    fn tells(_: &Table<'_>) -> Vec<Tells> {
        vec![Tells::Applications]
    }

    fn record(reading: &Reading, table: &Table<'_>, row: &Row<'_>) -> Result<ApplicationRecord, String> {
        application(reading, table, row)
    }

    fn thing(_: &ApplicationRecord) -> Option<(Self::Thing, Self::Says)> {
        None
    }

    fn keep(reading: &mut Reading, record: ApplicationRecord) {
        reading.applications.push(record);
    }

    fn about(table: &Table<'_>, row: &Row<'_>) -> About {
        let cell = |column| cell(table, row, column).map(str::to_owned);
        About { principal: principal_of(table, row).map(str::to_owned), account: None, what: cell("application") }
    }
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
            "*" => return Err("`principal` is `*`, which is only valid with `everyone` in `principal_type`".to_owned()),
            name => principal_of(table, row).unwrap_or(name).to_owned(),
        },
        Holder::Everyone => match cell(table, row, "principal") {
            None | Some("*") => "*".to_owned(),
            Some(other) => {
                return Err(format!("`principal` is {}; with `everyone` it must be `*`", quoted_excerpt(other)));
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
