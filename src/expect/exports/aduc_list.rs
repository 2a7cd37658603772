//! What the console *Active Directory Users and Computers* exports (*Export List*): the objects of the container that it
//! shows, and so some of the directory's, never all.

use crate::expect::csv::cell::value;
use crate::expect::csv::table::{self, Row, Table};
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{Entry, EntryKind, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::mail_cells;
use crate::model::ListFormat;

const ACCOUNT: &str = "prewindows2000logonname";
const USER_NAME: &str = "userlogonname";

/// Whether these columns, in the form of [`column_key`](crate::expect::csv::header::column_key), are of such a list.
pub(crate) fn is_header(keys: &[String]) -> bool {
    let has = |name: &str| keys.iter().any(|key| key == name);
    has("type") && (has(ACCOUNT) || has(USER_NAME))
}

/// Reads a list.
pub(crate) fn read(file: u32, text: &str) -> Result<Reading, Damage> {
    let table = table::read(text)?;
    if table.is_empty() {
        return Err(Damage::Nobody { what: "it has a header but no rows" });
    }
    let mut reading = Reading::new(file, ListFormat::ConsoleList);
    reading.ages = true;
    reading.tells.insert(Tells::SomePeople);
    reading.notes.extend(table.notes.iter().cloned());
    reading.notes.push(
        "it lists one container of the directory, so people outside it are not reported as unexpected, and it does \
         not say who has left; `Get-ADUser` lists everyone"
            .to_owned(),
    );
    for row in table.rows() {
        let entry = entry(&reading, &table, &row)?;
        reading.count(entry.kind);
        reading.entries.push(entry);
    }
    Ok(reading)
}

fn entry(reading: &Reading, table: &Table, row: &Row<'_>) -> Result<Entry, Damage> {
    let cell = |name: &str| row.cell(table.column(&[name])).map(|cell| cell.trim().to_owned());
    let mut entry = Entry::new(reading.at(row.line), EntryKind::Person);
    entry.sam = cell(ACCOUNT);
    entry.user_name = cell(USER_NAME);
    entry.mails = cell("emailaddress").as_deref().map(mail_cells::of_account).unwrap_or_default();
    entry.display_name = cell("displayname");
    entry.common_name = cell("name");
    entry.kind = kind(row, cell("type").as_deref().unwrap_or_default(), &entry)?;
    let named = entry.sam.is_some() || entry.user_name.is_some() || !entry.mails.is_empty();
    if entry.kind == EntryKind::Person && !named {
        return Err(Damage::NamesNobody { line: row.line });
    }
    Ok(entry)
}

/// What an object is, by the word of the console for its class. Groups are there without their members, so they say
/// nothing.
fn kind(row: &Row<'_>, word: &str, entry: &Entry) -> Result<EntryKind, Damage> {
    let lower = word.to_lowercase();
    let other =
        ["group", "computer", "contact", "container", "organizational unit", "shared folder", "printer", "account"];
    match lower.as_str() {
        "user" | "inetorgperson" => Ok(EntryKind::Person),
        _ if other.iter().any(|known| lower.contains(known)) => Ok(EntryKind::Other),
        _ if entry.sam.is_none() && entry.user_name.is_none() => Ok(EntryKind::Other),
        _ => Err(value(row, "Type", word, "a known type (`User`, `Computer`, …), so this may or may not be a person")),
    }
}
