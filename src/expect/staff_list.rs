//! A list of people from any tool of a personnel department: whoever has a mail address, and whether they have left.

use chrono::TimeDelta;

use super::account;
use super::columns::value;
use super::dates::Culture;
use super::error::Damage;
use super::expiry::Expiry;
use super::reading::Reading;
use super::records::{Entry, EntryKind, Tells};
use super::table::{self, Row, Table};

const MAIL: [&str; 12] = [
    "mail",
    "email",
    "emailaddress",
    "mailaddress",
    "workemail",
    "workemailaddress",
    "emailwork",
    "primaryemail",
    "primaryworkemail",
    "companyemail",
    "businessemail",
    "corporateemail",
];
const NAME: [&str; 8] =
    ["name", "fullname", "displayname", "employeename", "employee", "worker", "preferredname", "legalname"];
const FIRST_NAME: [&str; 3] = ["firstname", "givenname", "forename"];
const LAST_NAME: [&str; 4] = ["lastname", "surname", "familyname", "sn"];
const STATUS: [&str; 6] = ["status", "employmentstatus", "employeestatus", "workerstatus", "accountstatus", "hrstatus"];
const ACTIVE: [&str; 4] = ["active", "isactive", "enabled", "accountenabled"];
const LAST_DAY: [&str; 14] = [
    "terminationdate",
    "termdate",
    "enddate",
    "employmentenddate",
    "contractenddate",
    "lastday",
    "lastdayofwork",
    "lastworkingday",
    "leavedate",
    "leavingdate",
    "exitdate",
    "separationdate",
    "offboardingdate",
    "dateofleaving",
];
const OTHER: [&str; 9] =
    ["department", "division", "team", "manager", "jobtitle", "title", "employeeid", "startdate", "hiredate"];

/// A column's name without what Google Workspace adds to it: `Email Address [Required]`.
fn plain(key: &str) -> &str {
    key.split('[').next().unwrap_or(key)
}

/// Whether these columns, in the form of [`table::column_key`], are of a list of people.
pub(super) fn is_header(keys: &[String]) -> bool {
    let has = |names: &[&str]| keys.iter().any(|key| names.contains(&plain(key)));
    let others: [&[&str]; 7] = [&NAME, &FIRST_NAME, &LAST_NAME, &STATUS, &ACTIVE, &LAST_DAY, &OTHER];
    has(&MAIL) && others.into_iter().any(has)
}

/// A column by which other lists say who has left, where an export of a directory has one: its name as written.
pub(super) fn foreign_column<'a>(table: &'a Table<'_>) -> Option<&'a str> {
    let foreign = |key: &str| STATUS.contains(&plain(key)) || LAST_DAY.contains(&plain(key));
    table.keys().find(|(_, key)| foreign(key)).map(|(column, _)| table.header[column].as_str())
}

struct Columns {
    mail: Option<usize>,
    name: Option<usize>,
    first_name: Option<usize>,
    last_name: Option<usize>,
    status: Option<usize>,
    active: Option<usize>,
    last_day: Option<usize>,
}

impl Columns {
    fn of(table: &Table) -> Self {
        let column =
            |names: &[&str]| table.keys().find(|(_, key)| names.contains(&plain(key))).map(|(column, _)| column);
        Columns {
            mail: column(&MAIL),
            name: column(&NAME),
            first_name: column(&FIRST_NAME),
            last_name: column(&LAST_NAME),
            status: column(&STATUS),
            active: column(&ACTIVE),
            last_day: column(&LAST_DAY),
        }
    }

    fn name(&self, row: &Row<'_>) -> Option<String> {
        let parts = [row.cell(self.first_name), row.cell(self.last_name)];
        let joined: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
        let whole = row.cell(self.name).map(|name| name.trim().to_owned());
        whole.or_else(|| (!joined.is_empty()).then(|| joined.join(" ")))
    }

    /// Whether somebody is still there; `None` where that is not said, or has not begun.
    fn is_active(&self, row: &Row<'_>) -> Result<Option<bool>, Damage> {
        let by_status = match row.cell(self.status) {
            Some(word) => match status(word) {
                Some(Status::There) => Some(true),
                Some(Status::Gone) => Some(false),
                Some(Status::NotYet) => None,
                None => return Err(value(row, "status", word, KNOWN)),
            },
            None => None,
        };
        let by_word = match row.cell(self.active) {
            Some(word) => Some(account::truth(word).ok_or_else(|| value(row, "active", word, "`yes` or `no`"))?),
            None => None,
        };
        // Whoever has left by one of the two has left.
        Ok(match (by_status, by_word) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (one, other) => one.or(other),
        })
    }
}

/// Reads a list.
pub(super) fn read(file: u32, text: &str, culture: Option<&Culture>) -> Result<Reading, Damage> {
    let table = table::read(text)?;
    if table.is_empty() {
        return Err(Damage::Nobody { what: "it has a header and no rows" });
    }
    let columns = Columns::of(&table);
    let mut reading = Reading::new(file, "CSV of people");
    reading.ages = true;
    reading.tells.insert(Tells::People);
    reading.notes.extend(table.notes.iter().cloned());
    if columns.status.is_none() && columns.active.is_none() && columns.last_day.is_none() {
        reading.notes.push("it has no column `status`, so it does not say who has left".to_owned());
    }
    let mut expiry = Expiry::of(&table, columns.last_day, culture)?;
    let mut without_mail = 0;
    for row in table.rows() {
        let Some(mail) = row.cell(columns.mail) else {
            without_mail += 1;
            reading.count(EntryKind::Other);
            continue;
        };
        let mail = mail.trim();
        if !mail.contains('@') || mail.contains(char::is_whitespace) {
            return Err(value(&row, "mail", mail, "a mail address"));
        }
        let mut person = Entry::new(reading.at(row.line), EntryKind::Person);
        person.mails = vec![mail.to_owned()];
        person.display_name = columns.name(&row);
        person.enabled = columns.is_active(&row)?;
        // The last day is a working day.
        person.expires = expiry.read(&row).and_then(|day| day.checked_add_signed(TimeDelta::days(1)));
        reading.count(EntryKind::Person);
        reading.entries.push(person);
    }
    if reading.rows_used == 0 {
        return Err(Damage::Nobody { what: "nobody in it has a mail address" });
    }
    if without_mail > 0 {
        reading.notes.push(format!("{without_mail} of its people have no mail address, so they are not recognised"));
    }
    let column = columns.last_day.map_or(String::new(), |column| format!("`{}`", table.header[column]));
    expiry.tell(&mut reading, &column);
    Ok(reading)
}

/// What a word says of somebody's employment.
enum Status {
    There,
    Gone,
    NotYet,
}

const KNOWN: &str = "a status that is known, such as `active`, `on leave`, `terminated` or `left`";

fn status(word: &str) -> Option<Status> {
    let word = table::column_key(word.trim());
    Some(match word.as_str() {
        "active" | "employed" | "current" | "enabled" | "working" | "permanent" | "regular" | "probation"
        | "onleave" | "leave" | "leaveofabsence" | "loa" | "parentalleave" | "maternityleave" | "sickleave"
        | "sabbatical" | "noticeperiod" | "onnotice" | "hired" => Status::There,
        "inactive" | "terminated" | "left" | "leaver" | "disabled" | "deactivated" | "suspended" | "former"
        | "formeremployee" | "exemployee" | "resigned" | "retired" | "dismissed" | "ended" | "deleted"
        | "offboarded" | "separated" | "deceased" | "archived" | "blocked" => Status::Gone,
        "prehire" | "pending" | "onboarding" | "invited" | "notstarted" | "future" | "upcoming" | "staged" => {
            Status::NotYet
        }
        _ => return None,
    })
}
