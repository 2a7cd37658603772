//! A list of people from any tool of a personnel department: whoever has a mail address, and whether they have left. The same of
//! identity providers, which call people by their logins.

use crate::expect::active_directory::expiry::Expiry;
use crate::expect::csv::table;
use crate::expect::error::Damage;
use crate::expect::records::directory_records::{Entry, EntryKind, Tells};
use crate::expect::records::parsed_file::Reading;
use crate::expect::text::dates::Culture;
use crate::model::ListFormat;

use super::staff_columns::{self, Columns};
use super::unread_states::{self, UnreadStates};

/// A list of people without rows: one of leavers says that no one has left, and any other that no one is expected.
pub(crate) fn without_rows(name: &str, what: &'static str) -> Damage {
    let instead =
        "export everyone who has left, also those of earlier weeks; if no one has left yet, leave the file out";
    match unread_states::called_leavers(name) {
        Some(_) => Damage::NoLeavers { what, instead },
        None => Damage::Nobody { what },
    }
}

/// Reads a list. `name` may say that those in it have left.
pub(crate) fn read(file: u32, name: &str, text: &str, culture: Option<&Culture>) -> Result<Reading, Damage> {
    let table = table::read(text)?;
    if table.is_empty() {
        return Err(without_rows(name, "it has a header but no rows"));
    }
    let columns = Columns::of(&table);
    let mut reading = Reading::new(file, ListFormat::StaffList);
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
    let unread = UnreadStates::of(&table, culture, |column| columns.read(column));
    reading.notes.extend(unread.notes(&table));
    let called = (!columns.say_who_left()).then(|| unread_states::called_leavers(name)).flatten();
    let mut without_mail = 0;
    for row in table.rows() {
        let (mails, employee_ids) = (columns.mails(&row)?, columns.employee_ids(&row));
        let login = columns.login(&row);
        // An address may be known where an id is not, so the id counts where nothing else names the account.
        let guid = columns.guid(&row).filter(|_| mails.is_empty() && login.is_none());
        if mails.is_empty() && login.is_none() && employee_ids.is_empty() && guid.is_none() {
            without_mail += 1;
            reading.count(EntryKind::Other);
            continue;
        }
        let mut person = Entry::new(reading.at(row.line), EntryKind::Person);
        person.guid = guid;
        person.mails = mails;
        person.employee_ids = employee_ids;
        person.user_name = login.clone().filter(|login| columns.is_user_name(login));
        person.login = login.filter(|login| !login.contains('@'));
        person.display_name = columns.name(&row);
        let (active, unclear) = columns.state(&table, &row)?;
        person.enabled = active;
        person.unclear = unread.unclear(&table, &row).or(unclear).or_else(|| called.clone());
        let last_day = last_days.iter_mut().filter_map(|last_day| last_day.read(&row)).min();
        person.expires = last_day.and_then(staff_columns::end_of);
        reading.count(EntryKind::Person);
        reading.entries.push(person);
    }
    if reading.rows_used == 0 {
        let what = "none of its people has a work email address, a login or an employee number";
        let instead = "export it again with one of these columns filled: without it no account can be recognized";
        let of_leavers = unread_states::called_leavers(name).is_some();
        return Err(if of_leavers { Damage::NoLeavers { what, instead } } else { Damage::Unusable { what, instead } });
    }
    if without_mail > 0 {
        reading.notes.push(format!("people without an email address, who are not recognized: {without_mail}"));
    }
    for (last_day, column) in last_days.into_iter().zip(columns.last_days) {
        last_day.tell(&mut reading, &table.header[column]);
    }
    Ok(reading)
}
