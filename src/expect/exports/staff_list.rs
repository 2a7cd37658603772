//! A list of people from any tool of a personnel department: whoever has a mail address, and whether they have left. The same of
//! identity providers, which call people by their logins.

use crate::model::quoted;
use chrono::{DateTime, TimeDelta, Utc};

use super::staff_status::{self, Status};
use crate::expect::active_directory::account;
use crate::expect::active_directory::columns::value;
use crate::expect::active_directory::expiry::Expiry;
use crate::expect::csv::table::{self, Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{Entry, EntryKind, Tells, Unclear};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::dates::Culture;

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
/// By which identity providers call somebody: mostly a mail address, and the user name in Identity Center.
const LOGIN: [&str; 6] = ["login", "username", "userlogin", "loginname", "loginid", "oktausername"];
const NAME: [&str; 9] =
    ["name", "fullname", "displayname", "employeename", "employee", "worker", "preferredname", "legalname", "user"];
const FIRST_NAME: [&str; 3] = ["firstname", "givenname", "forename"];
const LAST_NAME: [&str; 4] = ["lastname", "surname", "familyname", "sn"];
const STATUS: [&str; 9] = [
    "status",
    "employmentstatus",
    "employeestatus",
    "workerstatus",
    "accountstatus",
    "hrstatus",
    "userstatus",
    "userstate",
    "oktastatus",
];
const ACTIVE: [&str; 5] = ["active", "isactive", "activestatus", "enabled", "accountenabled"];
/// Columns that say the opposite, as GAM writes them of Google Workspace.
const SHUT: [&str; 6] = ["suspended", "issuspended", "archived", "isarchived", "deactivated", "terminated"];
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

/// By which number a personnel department knows somebody.
pub(crate) const EMPLOYEE_ID: [&str; 12] = [
    "employeeid",
    "employeenumber",
    "employeeno",
    "workerid",
    "workernumber",
    "personnelnumber",
    "personnelno",
    "personnelid",
    "staffid",
    "staffnumber",
    "payrollnumber",
    "associateid",
];

/// A column's name without what Google Workspace adds to it: `Email Address [Required]`.
fn plain(key: &str) -> &str {
    key.split('[').next().unwrap_or(key)
}

/// Whether these columns, in the form of [`column_key`](crate::expect::csv::header::column_key), are of a list of people.
pub(crate) fn is_header(keys: &[String]) -> bool {
    let has = |names: &[&str]| keys.iter().any(|key| names.contains(&plain(key)));
    let states: [&[&str]; 4] = [&STATUS, &ACTIVE, &SHUT, &LAST_DAY];
    let others: [&[&str]; 4] = [&NAME, &FIRST_NAME, &LAST_NAME, &OTHER];
    let says_who_left = states.into_iter().any(has);
    (has(&MAIL) && (says_who_left || others.into_iter().any(has))) || (has(&LOGIN) && says_who_left)
}

/// Whether a column, in the form of [`column_key`](crate::expect::csv::header::column_key), has words for whether somebody is there.
pub(crate) fn is_status(key: &str) -> bool {
    STATUS.contains(&plain(key))
}

/// The columns of last days, where an export of a directory has any.
pub(crate) fn last_days(table: &Table<'_>) -> Vec<usize> {
    table.keys().filter(|(_, key)| LAST_DAY.contains(&plain(key))).map(|(column, _)| column).collect()
}

/// The end of a last day, which is a working day.
pub(crate) fn end_of(last_day: DateTime<Utc>) -> Option<DateTime<Utc>> {
    last_day.checked_add_signed(TimeDelta::days(1))
}

/// Where a list has what. It may say the same thing twice, of an account and of a contract: then all of it is read.
struct Columns {
    mails: Vec<usize>,
    login: Option<usize>,
    name: Option<usize>,
    first_name: Option<usize>,
    last_name: Option<usize>,
    status: Vec<usize>,
    active: Vec<usize>,
    shut: Vec<usize>,
    last_days: Vec<usize>,
    employee_ids: Vec<usize>,
}

impl Columns {
    fn of(table: &Table) -> Self {
        let columns = |names: &[&str]| -> Vec<usize> {
            let rank = |key: &str| names.iter().position(|name| *name == plain(key));
            let mut ranked: Vec<_> = table.keys().filter_map(|(column, key)| Some((rank(key)?, column))).collect();
            ranked.sort_unstable();
            ranked.into_iter().map(|(_, column)| column).collect()
        };
        let column = |names: &[&str]| columns(names).first().copied();
        Columns {
            mails: columns(&MAIL),
            login: column(&LOGIN),
            name: column(&NAME),
            first_name: column(&FIRST_NAME),
            last_name: column(&LAST_NAME),
            status: columns(&STATUS),
            active: columns(&ACTIVE),
            shut: columns(&SHUT),
            last_days: columns(&LAST_DAY),
            employee_ids: columns(&EMPLOYEE_ID),
        }
    }

    fn name(&self, row: &Row<'_>) -> Option<String> {
        let parts = [row.cell(self.first_name), row.cell(self.last_name)];
        let joined: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
        let whole = row.cell(self.name).map(|name| name.trim().to_owned());
        whole.or_else(|| (!joined.is_empty()).then(|| joined.join(" ")))
    }

    /// Whether somebody is still there; `None` where that is not said, or has not begun. Whoever has left by one column
    /// has left.
    fn is_active(&self, row: &Row<'_>) -> Result<Option<bool>, Damage> {
        let mut active = None;
        for word in self.status.iter().filter_map(|&column| row.cell(Some(column))) {
            let says = match staff_status::of(word) {
                Some(Status::There) => Some(true),
                Some(Status::Gone) => Some(false),
                Some(Status::NotYet) => None,
                None => return Err(value(row, "status", word, staff_status::KNOWN)),
            };
            active = both(active, says);
        }
        for word in self.active.iter().filter_map(|&column| row.cell(Some(column))) {
            let says = account::truth(word).ok_or_else(|| value(row, "active", word, "`yes` or `no`"))?;
            active = both(active, Some(says));
        }
        for word in self.shut.iter().filter_map(|&column| row.cell(Some(column))) {
            let says = account::truth(word).ok_or_else(|| value(row, "suspended", word, "`yes` or `no`"))?;
            active = both(active, Some(!says));
        }
        Ok(active)
    }

    /// The name by which somebody signs in. A name without a domain is taken only where no address says more: in a list
    /// of a personnel department it may be the name in any program.
    fn login<'r>(&self, row: &Row<'r>) -> Option<&'r str> {
        let login = row.cell(self.login).map(str::trim)?;
        (login.contains('@') || self.mails.is_empty()).then_some(login)
    }

    /// The first column of states, where a row has nothing in any of them.
    fn empty_state(&self, row: &Row<'_>) -> Option<usize> {
        let mut columns = [&self.status, &self.active, &self.shut].into_iter().flatten();
        let first = columns.clone().next()?;
        columns.all(|&column| row.cell(Some(column)).is_none()).then_some(*first)
    }

    fn employee_ids(&self, row: &Row<'_>) -> Vec<String> {
        let cells = self.employee_ids.iter().filter_map(|&column| row.cell(Some(column)));
        cells.map(|id| id.trim().to_owned()).collect()
    }

    /// Whether any column says who has left.
    fn say_who_left(&self) -> bool {
        [&self.status, &self.active, &self.shut, &self.last_days].into_iter().any(|columns| !columns.is_empty())
    }

    /// All mail addresses of a row.
    fn mails(&self, row: &Row<'_>) -> Result<Vec<String>, Damage> {
        let mut mails: Vec<String> = Vec::new();
        for mail in self.mails.iter().filter_map(|&column| row.cell(Some(column))).map(plain_address) {
            if !mail.contains('@') || mail.contains(char::is_whitespace) {
                return Err(value(row, "mail", &mail, "a mail address"));
            }
            if !mails.contains(&mail) {
                mails.push(mail);
            }
        }
        Ok(mails)
    }
}

/// A mail address without what copying from a page or a letter leaves at it: a link's scheme, and marks that nobody sees.
fn plain_address(cell: &str) -> String {
    let invisible = |char: char| matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    let seen: String = cell.chars().filter(|char| !invisible(*char)).collect();
    let seen = seen.trim();
    seen.strip_prefix("mailto:").unwrap_or(seen).to_owned()
}

/// What two columns say together of whether somebody is there.
pub(crate) fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (one, other) => one.or(other),
    }
}

/// Reads a list.
pub(crate) fn read(file: u32, text: &str, culture: Option<&Culture>) -> Result<Reading, Damage> {
    let table = table::read(text)?;
    if table.is_empty() {
        return Err(Damage::Nobody { what: "it has a header and no rows" });
    }
    let columns = Columns::of(&table);
    let mut reading = Reading::new(file, "CSV of people");
    reading.ages = true;
    reading.tells.insert(Tells::People);
    reading.notes.extend(table.notes.iter().cloned());
    if !columns.say_who_left() {
        reading.notes.push("it has no column `status`, so it does not say who has left".to_owned());
    }
    let last_days = columns.last_days.iter();
    let last_days: Result<Vec<Expiry>, Damage> =
        last_days.map(|&column| Expiry::of(&table, Some(column), culture)).collect();
    let mut last_days = last_days?;
    let mut without_mail = 0;
    for row in table.rows() {
        let (mails, employee_ids) = (columns.mails(&row)?, columns.employee_ids(&row));
        let login = columns.login(&row);
        if mails.is_empty() && login.is_none() && employee_ids.is_empty() {
            without_mail += 1;
            reading.count(EntryKind::Other);
            continue;
        }
        let mut person = Entry::new(reading.at(row.line), EntryKind::Person);
        person.mails = mails;
        person.employee_ids = employee_ids;
        person.user_name = login.map(str::to_owned);
        person.display_name = columns.name(&row);
        person.enabled = columns.is_active(&row)?;
        person.unclear = columns.empty_state(&row).map(|column| Unclear::Empty(table.header[column].clone()));
        let last_day = last_days.iter_mut().filter_map(|last_day| last_day.read(&row)).min();
        person.expires = last_day.and_then(end_of);
        reading.count(EntryKind::Person);
        reading.entries.push(person);
    }
    if reading.rows_used == 0 {
        return Err(Damage::Nobody { what: "nobody in it has a mail address, a login or a number of an employee" });
    }
    if without_mail > 0 {
        reading.notes.push(format!("{without_mail} of its people have no mail address, so they are not recognised"));
    }
    for (last_day, column) in last_days.into_iter().zip(columns.last_days) {
        last_day.tell(&mut reading, &quoted(&table.header[column]));
    }
    Ok(reading)
}
