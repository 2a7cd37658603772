//! Users in bulk, from a CSV file. The whole file is checked before anything is planned.
//!
//! The columns are those of the scripts that AWS publishes for the identity store, in any order: `username`, `givenname`,
//! `familyname`, `groupname`, `email`, `emailtype`, `primary`, `identitystoreid`, and `displayname`.

use std::collections::BTreeMap;

use super::Step;
use super::names::{self, NotFound};
use super::request::{self, NewUser};
use crate::model::{NameKey, Snapshot};

/// What is to be done with the users of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BulkVerb {
    /// They are made.
    Create,
    /// They are deleted.
    Delete,
}

/// What a file asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulk {
    /// The changes of each good row, by its line.
    pub rows: Vec<(u32, Vec<Step>)>,
    /// The bad rows, by line.
    pub bad: Vec<BadRow>,
}

/// A row that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line on which it begins, counted from one.
    pub line: u32,
    /// What is wrong with it.
    pub why: BadCell,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadCell {
    /// A cell that must be filled is empty.
    Empty(&'static str),
    /// A cell holds what its column does not take: the column, the value, and what it takes.
    Value(&'static str, String, &'static str),
    /// The same user stands on an earlier line.
    Twice(u32),
    /// The same mail address stands on an earlier line, or is another user's already.
    MailTaken(String),
    /// A user of this name is there already.
    Exists(String),
    /// A group or a user is not there, or not one.
    NotFound(NotFound),
    /// The row is for another identity store.
    OtherStore(String),
}

/// Why a file cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BulkError {
    /// It is not UTF-8.
    #[error("line {0} is not UTF-8")]
    Encoding(u32),
    /// It is no CSV.
    #[error("{0}")]
    Csv(String),
    /// A column that is needed is not there.
    #[error("the column `{0}` is missing")]
    NoColumn(&'static str),
    /// A column that is not known.
    #[error("unknown column `{0}`")]
    UnknownColumn(String),
    /// A column that is there twice.
    #[error("the column `{0}` appears twice")]
    TwoColumns(String),
    /// It has no row.
    #[error("it has no rows")]
    NoRow,
}

impl BulkError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            BulkError::Encoding(_) => "save it as UTF-8 (CSV UTF-8 in Excel)".to_owned(),
            BulkError::Csv(_) => {
                "give each row one cell for each column, and quote cells that contain a comma".to_owned()
            }
            BulkError::NoColumn(_) | BulkError::UnknownColumn(_) | BulkError::TwoColumns(_) => {
                format!("the first line must name the columns; known columns are `{}`", COLUMNS.join("`, `"))
            }
            BulkError::NoRow => "write a row for each user below the header".to_owned(),
        }
    }
}

const COLUMNS: [&str; 9] = [
    "username",
    "givenname",
    "familyname",
    "displayname",
    "groupname",
    "email",
    "emailtype",
    "primary",
    "identitystoreid",
];

/// Names that Identity Center keeps for itself.
const RESERVED: [&str; 2] = ["administrator", "awsadministrators"];
/// The longest user name, by the API reference of the identity store.
const LONGEST: usize = 128;

/// Reads and checks a file against a snapshot.
///
/// # Errors
/// [`BulkError`] where the file as such cannot be used; bad rows are in the [`Bulk`].
pub fn read(bytes: &[u8], verb: BulkVerb, snapshot: &Snapshot) -> Result<Bulk, BulkError> {
    let rows = rows(bytes, verb)?;
    let store = snapshot.instance.is().map(|instance| instance.identity_store.as_str());
    let mut known = Known { users: BTreeMap::new(), mails: BTreeMap::new() };
    let mails = snapshot.users.seen().flat_map(|user| &user.mails);
    known.mails.extend(mails.map(|mail| (NameKey::of(mail), 0)));
    let mut bulk = Bulk { rows: Vec::new(), bad: Vec::new() };
    for (line, row) in rows {
        let other = row.get("identitystoreid").filter(|id| store.is_some_and(|store| store != id.as_str()));
        let steps = match (other, verb) {
            (Some(other), _) => Err(BadCell::OtherStore(other.clone())),
            (None, BulkVerb::Create) => create(&row, line, snapshot, &mut known),
            (None, BulkVerb::Delete) => delete(&row, line, snapshot, &mut known),
        };
        match steps {
            Ok(steps) => bulk.rows.push((line, steps)),
            Err(why) => bulk.bad.push(BadRow { line, why }),
        }
    }
    Ok(bulk)
}

type Row = BTreeMap<&'static str, String>;

/// Lines on which users and mail addresses stand; zero for those that are there already.
struct Known {
    users: BTreeMap<NameKey, u32>,
    mails: BTreeMap<NameKey, u32>,
}

fn rows(bytes: &[u8], verb: BulkVerb) -> Result<Vec<(u32, Row)>, BulkError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        BulkError::Encoding(u32::try_from(before + 1).unwrap_or(u32::MAX))
    })?;
    let csv = |error: csv::Error| BulkError::Csv(crate::model::parser_words(&error));
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut columns: Vec<&'static str> = Vec::new();
    for name in reader.headers().map_err(csv)? {
        let column = COLUMNS.into_iter().find(|column| column.eq_ignore_ascii_case(name));
        let column = column.ok_or_else(|| BulkError::UnknownColumn(crate::model::excerpt(name)))?;
        if columns.contains(&column) {
            return Err(BulkError::TwoColumns(column.to_owned()));
        }
        columns.push(column);
    }
    let needed: &[&str] = match verb {
        BulkVerb::Create => &["username", "givenname", "familyname"],
        BulkVerb::Delete => &["username"],
    };
    if let Some(missing) = needed.iter().find(|column| !columns.contains(column)) {
        return Err(BulkError::NoColumn(missing));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(csv)?;
        let line = record.position().map_or(0, csv::Position::line);
        let filled = columns.iter().zip(&record).filter(|(_, cell)| !cell.is_empty());
        let row: Row = filled.map(|(column, cell)| (*column, cell.to_owned())).collect();
        if !row.is_empty() {
            rows.push((u32::try_from(line).unwrap_or(u32::MAX), row));
        }
    }
    if rows.is_empty() { Err(BulkError::NoRow) } else { Ok(rows) }
}

fn create(row: &Row, line: u32, snapshot: &Snapshot, known: &mut Known) -> Result<Vec<Step>, BadCell> {
    let name = new_name(row, line, known)?;
    if RESERVED.contains(&NameKey::of(&name).as_str()) {
        return Err(BadCell::Value("username", name, "Identity Center reserves this name"));
    }
    if name.chars().count() > LONGEST || name.contains(['<', '>', ';', ':', '%']) {
        return Err(BadCell::Value(
            "username",
            name,
            "it must have at most 128 characters, and none of `<`, `>`, `;`, `:`, `%`",
        ));
    }
    if let Some(user) = snapshot.users.seen().find(|user| NameKey::of(&user.user_name) == NameKey::of(&name)) {
        return Err(BadCell::Exists(user.user_name.clone()));
    }
    if let Some(primary) = row.get("primary").filter(|cell| !cell.eq_ignore_ascii_case("true")) {
        return Err(BadCell::Value(
            "primary",
            primary.clone(),
            "AWS accepts only one email address per user, the primary one",
        ));
    }
    if let Some(mail) = row.get("email")
        && known.mails.insert(NameKey::of(mail), line).is_some()
    {
        return Err(BadCell::MailTaken(mail.clone()));
    }
    let groups = row.get("groupname").into_iter().flat_map(|cell| cell.split(';')).map(str::trim);
    let new = NewUser {
        given_name: cell(row, "givenname")?,
        family_name: cell(row, "familyname")?,
        display_name: row.get("displayname").cloned(),
        email: row.get("email").cloned(),
        email_type: row.get("emailtype").filter(|_| row.contains_key("email")).cloned(),
        groups: groups.filter(|group| !group.is_empty()).map(str::to_owned).collect(),
        name,
    };
    request::create_user(snapshot, &new).map_err(BadCell::NotFound)
}

fn delete(row: &Row, line: u32, snapshot: &Snapshot, known: &mut Known) -> Result<Vec<Step>, BadCell> {
    let name = new_name(row, line, known)?;
    let user = names::user(snapshot, &name).map_err(BadCell::NotFound)?;
    Ok(request::delete_user(snapshot, user))
}

/// The user's name, which no earlier line has.
fn new_name(row: &Row, line: u32, known: &mut Known) -> Result<String, BadCell> {
    let name = cell(row, "username")?;
    match known.users.entry(NameKey::of(&name)) {
        std::collections::btree_map::Entry::Occupied(earlier) => Err(BadCell::Twice(*earlier.get())),
        std::collections::btree_map::Entry::Vacant(new) => {
            new.insert(line);
            Ok(name)
        }
    }
}

fn cell(row: &Row, column: &'static str) -> Result<String, BadCell> {
    row.get(column).cloned().ok_or(BadCell::Empty(column))
}
