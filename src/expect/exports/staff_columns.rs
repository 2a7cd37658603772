//! The columns of lists of people, by the names that tools of personnel departments and identity providers give them.

use chrono::{DateTime, TimeDelta, Utc};

use super::staff_status::{self, Status};
use crate::expect::active_directory::account;
use crate::expect::csv::cell::{account_name, value};
use crate::expect::csv::table::{Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::Unclear;
use crate::expect::text::{dates, mail_cells};
use crate::model::{Guid, seen};

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
const LOGIN: [&str; 9] = [
    "login",
    "username",
    "userlogin",
    "loginname",
    "loginid",
    "oktausername",
    "userprincipalname",
    "upn",
    "samaccountname",
];
/// The id of an account in Active Directory.
const GUID: [&str; 1] = ["objectguid"];
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
/// Columns that may have such words, or something else: a state of the United States. One is read where all of its words
/// are known.
const PERHAPS_STATUS: [&str; 10] = [
    "state",
    "lifecyclestate",
    "lifecyclestatus",
    "assignmentstatus",
    "accountstate",
    "employmentstate",
    "employeestate",
    "workforcestatus",
    "personstatus",
    "recordstatus",
];
const ACTIVE: [&str; 5] = ["active", "isactive", "activestatus", "enabled", "accountenabled"];
/// Whether somebody ever set a password, as JumpCloud says: whoever did not has not begun, or was called back.
const ACTIVATED: [&str; 2] = ["activated", "isactivated"];
/// Columns that say the opposite, as GAM writes them of Google Workspace.
const SHUT: [&str; 6] = ["suspended", "issuspended", "archived", "isarchived", "deactivated", "terminated"];
/// The same, or since when; a column is read where all of its cells are the one or the other.
const PERHAPS_SHUT: [&str; 16] = [
    "blocked",
    "isblocked",
    "blockcredential",
    "blocksignin",
    "signinblocked",
    "deleted",
    "isdeleted",
    "disabled",
    "isdisabled",
    "left",
    "hasleft",
    "leaver",
    "isleaver",
    "isterminated",
    "inactive",
    "isinactive",
];
const LAST_DAY: [&str; 34] = [
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
    "dateleft",
    "leftdate",
    "lefton",
    "leftat",
    "terminatedon",
    "terminatedat",
    "dateterminated",
    "terminationeffectivedate",
    "contractend",
    "employmentend",
    "validto",
    "validuntil",
    "expires",
    "expireson",
    "expirydate",
    "expirationdate",
    "deletedat",
    "deletedon",
    "dateofexit",
    "austrittsdatum",
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
    let states: [&[&str]; 7] = [&STATUS, &PERHAPS_STATUS, &ACTIVE, &ACTIVATED, &SHUT, &PERHAPS_SHUT, &LAST_DAY];
    let others: [&[&str]; 4] = [&NAME, &FIRST_NAME, &LAST_NAME, &OTHER];
    let says_who_left = states.into_iter().any(has);
    (has(&MAIL) && (says_who_left || others.into_iter().any(has))) || (has(&LOGIN) && says_who_left)
}

/// Whether a column, in the form of [`column_key`](crate::expect::csv::header::column_key), has words for whether somebody is there.
pub(crate) fn is_status(key: &str) -> bool {
    STATUS.contains(&plain(key))
}

/// Whether a column is read of an export of a directory, or has what people are called and where they work: a title may be
/// `Former` anything.
pub(crate) fn is_no_state(key: &str) -> bool {
    let key = plain(key);
    let known: [&[&str]; 7] = [&MAIL, &LOGIN, &NAME, &FIRST_NAME, &LAST_NAME, &OTHER, &EMPLOYEE_ID];
    known.into_iter().any(|names| names.contains(&key)) || ["company", "office", "comment", "notes"].contains(&key)
}

/// Whether a column, in the same form, has last days.
pub(crate) fn is_last_day(key: &str) -> bool {
    LAST_DAY.contains(&plain(key))
}

/// The columns of last days, where an export of a directory has any.
pub(crate) fn last_days(table: &Table<'_>) -> Vec<usize> {
    table.keys().filter(|(_, key)| is_last_day(key)).map(|(column, _)| column).collect()
}

/// The end of a last day, which is a working day.
pub(crate) fn end_of(last_day: DateTime<Utc>) -> Option<DateTime<Utc>> {
    last_day.checked_add_signed(TimeDelta::days(1))
}

/// Where a list has what. It may say the same thing twice, of an account and of a contract: then all of it is read.
pub(super) struct Columns {
    mails: Vec<usize>,
    login: Option<usize>,
    name: Option<usize>,
    first_name: Option<usize>,
    last_name: Option<usize>,
    status: Vec<usize>,
    active: Vec<usize>,
    activated: Vec<usize>,
    shut: Vec<usize>,
    pub(super) last_days: Vec<usize>,
    employee_ids: Vec<usize>,
    guid: Option<usize>,
}

impl Columns {
    pub(super) fn of(table: &Table<'_>) -> Self {
        let columns = |names: &[&str]| -> Vec<usize> {
            let rank = |key: &str| names.iter().position(|name| *name == plain(key));
            let mut ranked: Vec<_> = table.keys().filter_map(|(column, key)| Some((rank(key)?, column))).collect();
            ranked.sort_unstable();
            ranked.into_iter().map(|(_, column)| column).collect()
        };
        let column = |names: &[&str]| columns(names).first().copied();
        let of_words = columns(&PERHAPS_STATUS).into_iter().filter(|&column| has_only_states(table, column));
        let (of_truths, others): (Vec<usize>, Vec<usize>) =
            columns(&PERHAPS_SHUT).into_iter().partition(|&column| has_only_truths(table, column));
        let of_days = others.into_iter().filter(|&column| has_only_days(table, column));
        Columns {
            mails: columns(&MAIL),
            login: column(&LOGIN),
            name: column(&NAME),
            first_name: column(&FIRST_NAME),
            last_name: column(&LAST_NAME),
            status: columns(&STATUS).into_iter().chain(of_words).collect(),
            active: columns(&ACTIVE),
            activated: columns(&ACTIVATED),
            shut: columns(&SHUT).into_iter().chain(of_truths).collect(),
            last_days: columns(&LAST_DAY).into_iter().chain(of_days).collect(),
            employee_ids: columns(&EMPLOYEE_ID),
            guid: column(&GUID),
        }
    }

    pub(super) fn name(&self, row: &Row<'_>) -> Option<String> {
        let parts = [row.cell(self.first_name), row.cell(self.last_name)];
        let joined: Vec<&str> = parts.into_iter().flatten().map(str::trim).collect();
        let whole = row.cell(self.name).map(|name| name.trim().to_owned());
        whole.or_else(|| (!joined.is_empty()).then(|| joined.join(" ")))
    }

    /// Whether somebody is still there; and why that is not said, where it was to be. Whoever has left by one column has
    /// left.
    pub(super) fn state(&self, table: &Table<'_>, row: &Row<'_>) -> Result<(Option<bool>, Option<Unclear>), Damage> {
        let (mut active, mut not_yet) = (None, None);
        let mut begins_later = |column: usize, word: &str| {
            let column = table.header[column].clone();
            not_yet.get_or_insert(Unclear::NotYet { column, word: word.trim().to_owned() });
        };
        for (column, word) in cells(row, &self.status) {
            match staff_status::of(word) {
                Some(Status::There) => active = both(active, Some(true)),
                Some(Status::Gone) => active = Some(false),
                Some(Status::NotYet) => begins_later(column, word),
                None => return Err(value(row, "status", word, staff_status::KNOWN)),
            }
        }
        for (columns, name, open) in [(&self.active, "active", true), (&self.shut, "suspended", false)] {
            for (_, word) in cells(row, columns) {
                let says = account::truth(word).ok_or_else(|| value(row, name, word, "`yes` or `no`"))?;
                active = both(active, Some(says == open));
            }
        }
        for (column, word) in cells(row, &self.activated) {
            match account::truth(word) {
                Some(true) => active = both(active, Some(true)),
                Some(false) => begins_later(column, word),
                None => return Err(value(row, "activated", word, "`yes` or `no`")),
            }
        }
        let unclear = not_yet.or_else(|| self.empty_state(table, row).map(Unclear::Empty));
        Ok((active, unclear.filter(|_| active.is_none())))
    }

    /// The name by which somebody signs in. Of `CORP\alice`, `alice` is known.
    pub(super) fn login(&self, row: &Row<'_>) -> Option<String> {
        row.cell(self.login).map(|login| account_name(&seen(login)).to_owned()).filter(|login| !login.is_empty())
    }

    /// Whether that is the user name in Identity Center. A name without a domain is one only where no address says more:
    /// in a list of a personnel department it may be the name in any program.
    pub(super) fn is_user_name(&self, login: &str) -> bool {
        login.contains('@') || self.mails.is_empty()
    }

    /// The first column of states, where a row has nothing in any of them. Where nobody is marked as still there, nothing
    /// in a column of marks means just that.
    fn empty_state(&self, table: &Table<'_>, row: &Row<'_>) -> Option<String> {
        let of_marks = self.shut.iter().copied().filter(|&column| says_no(table, column));
        let columns = [&self.status, &self.active, &self.activated].into_iter().flatten().copied().chain(of_marks);
        let columns: Vec<usize> = columns.collect();
        let is_empty = columns.iter().all(|&column| row.cell(Some(column)).is_none());
        columns.first().filter(|_| is_empty).map(|&column| table.header[column].clone())
    }

    /// The id of the account: one of Entra ID or of another program is in no list of accounts.
    pub(super) fn guid(&self, row: &Row<'_>) -> Option<Guid> {
        row.cell(self.guid)?.trim().parse().ok()
    }

    pub(super) fn employee_ids(&self, row: &Row<'_>) -> Vec<String> {
        let cells = self.employee_ids.iter().filter_map(|&column| row.cell(Some(column)));
        cells.map(|id| id.trim().to_owned()).collect()
    }

    /// Whether any column says who has left.
    pub(super) fn say_who_left(&self) -> bool {
        self.states().next().is_some()
    }

    /// Whether a column is read.
    pub(super) fn read(&self, column: usize) -> bool {
        let named = [self.login, self.name, self.first_name, self.last_name, self.guid].into_iter().flatten();
        let others = self.mails.iter().chain(&self.employee_ids).copied();
        named.chain(others).chain(self.states()).any(|known| known == column)
    }

    fn states(&self) -> impl Iterator<Item = usize> {
        let states = [&self.status, &self.active, &self.activated, &self.shut, &self.last_days];
        states.into_iter().flatten().copied()
    }

    /// All mail addresses of a row.
    pub(super) fn mails(&self, row: &Row<'_>) -> Result<Vec<String>, Damage> {
        let mut mails: Vec<String> = Vec::new();
        for (_, cell) in cells(row, &self.mails) {
            let found = mail_cells::addresses(cell);
            let found = found.ok_or_else(|| value(row, "mail", cell.trim(), mail_cells::EXPECTED))?;
            let is_new = |mail: &String| !mails.contains(mail);
            let new: Vec<String> = found.into_iter().filter(is_new).collect();
            mails.extend(new);
        }
        Ok(mails)
    }
}

/// The cells of these columns that have something in them.
fn cells<'r>(row: &Row<'r>, columns: &[usize]) -> impl Iterator<Item = (usize, &'r str)> {
    columns.iter().filter_map(|&column| Some((column, row.cell(Some(column))?)))
}

/// Whether a column has something in it, and everything in it is of a sort.
fn has_only(table: &Table<'_>, column: usize, is: impl Fn(&str) -> bool) -> bool {
    let mut cells = table.rows().filter_map(|row| row.cell(Some(column))).peekable();
    cells.peek().is_some() && cells.all(is)
}

fn has_only_states(table: &Table<'_>, column: usize) -> bool {
    has_only(table, column, |word| staff_status::of(word).is_some())
}

/// Whether a column says yes or no.
pub(super) fn has_only_truths(table: &Table<'_>, column: usize) -> bool {
    has_only(table, column, |word| account::truth(word).is_some())
}

/// Whether a column has days.
pub(super) fn has_only_days(table: &Table<'_>, column: usize) -> bool {
    has_only(table, column, dates::is_day)
}

fn says_no(table: &Table<'_>, column: usize) -> bool {
    table.rows().filter_map(|row| row.cell(Some(column))).any(|word| account::truth(word) == Some(false))
}

/// What two columns say together of whether somebody is there.
pub(crate) fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (one, other) => one.or(other),
    }
}
