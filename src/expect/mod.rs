//! Bytes of expected lists in, one [`Expectation`](crate::model::Expectation) out.
//!
//! Files become [`Records`] (one reader a format), and records are folded into an expectation. The records are also
//! what a package keeps: only the columns that were read. The stage is given bytes and names; it opens no file and
//! knows no clock.

mod account;
mod account_pattern;
mod dn;
mod encoding;
mod error;
mod exported;
mod reading;
mod sniff;
mod table;

mod assignments;
mod iam_users;
mod ldif;
mod ldif_entries;
mod own_list;
mod people;
mod permission_sets;
mod powershell;
mod waivers;

mod fold;
mod graph;
mod records;
mod rows;
mod stream;

use chrono::{DateTime, Utc};
use encoding_rs::Encoding;
use sha2::{Digest as _, Sha256};

use reading::Reading;
use sniff::Format;

pub use account_pattern::{AccountPattern, Glob};
pub use dn::{Dn, DnKey};
pub use error::{Damage, ExpectError};
pub use fold::fold;
pub use records::{FileRecord, Records};
pub use stream::{parse, write};

/// How lists are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The encoding of files that are neither UTF-8 nor UTF-16, as the WHATWG Encoding Standard labels it.
    pub encoding: Option<String>,
}

/// A file of the folder of expected lists.
#[derive(Debug, Clone, Copy)]
pub struct InputFile<'a> {
    /// Its name below the folder, with `/` between folders.
    pub name: &'a str,
    /// Its contents.
    pub bytes: &'a [u8],
    /// When it was last modified, where the place it lies in says so.
    pub modified: Option<DateTime<Utc>>,
}

/// Reads a folder of expected lists. Sidecars (`<list>.export.json`) and texts for people (`*.md`) are no lists.
///
/// # Errors
/// Where a file cannot be relied on, or there is no list at all.
pub fn read(files: &[InputFile<'_>], options: &Options) -> Result<Records, ExpectError> {
    let otherwise = options.encoding.as_deref().map(known_encoding).transpose()?;
    let is_text = |name: &str| name.to_ascii_lowercase().ends_with(".md");
    let (sidecars, mut lists): (Vec<InputFile<'_>>, Vec<InputFile<'_>>) =
        files.iter().filter(|file| !is_text(file.name)).partition(|file| file.name.ends_with(exported::SIDECAR));
    lists.sort_by_key(|file| file.name);
    let listed = |sidecar: &InputFile<'_>| lists.iter().any(|list| exported::is_sidecar_of(sidecar.name, list.name));
    if let Some(lone) = sidecars.iter().find(|sidecar| !listed(sidecar)) {
        return Err(ExpectError::List { name: lone.name.to_owned(), damage: Damage::LoneSidecar });
    }
    if lists.is_empty() {
        return Err(ExpectError::NoLists);
    }
    let mut records = Records::default();
    for (number, list) in lists.iter().enumerate() {
        let number = u32::try_from(number).expect("a folder holds fewer files than four thousand million");
        let sidecar = sidecars.iter().find(|sidecar| exported::is_sidecar_of(sidecar.name, list.name));
        let read = read_one(number, list, sidecar, otherwise, &mut records);
        read.map_err(|damage| ExpectError::List { name: list.name.to_owned(), damage })?;
    }
    records.sort();
    Ok(records)
}

fn known_encoding(label: &str) -> Result<&'static Encoding, ExpectError> {
    let unknown = || ExpectError::UnknownEncoding { label: label.to_owned() };
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(unknown)
}

/// How many rows programs give at most unless they are told otherwise: `dsquery`, a page of Active Directory, values of
/// an attribute, members by its web service.
const LIMITS: [u32; 4] = [100, 1000, 1500, 5000];

fn read_one(
    number: u32,
    list: &InputFile<'_>,
    sidecar: Option<&InputFile<'_>>,
    otherwise: Option<&'static Encoding>,
    records: &mut Records,
) -> Result<(), Damage> {
    sniff::refuse_binary(list.bytes)?;
    let text = encoding::decode(list.bytes, otherwise)?;
    let mut reading = match sniff::format(list.name, &text.text)? {
        Format::People => people::read(number, &text.text)?,
        Format::Assignments => assignments::read(number, &text.text)?,
        Format::PermissionSets => permission_sets::read(number, &text.text)?,
        Format::IamUsers => iam_users::read(number, &text.text)?,
        Format::Waivers => waivers::read(number, &text.text)?,
        Format::PowerShell => powershell::read(number, list.name, &text)?,
        Format::Ldif => ldif_entries::read(number, &text.text)?,
    };
    let exported = exported::exported(list.name, sidecar, reading.newest_change, list.modified)?;
    let mut notes = text.notes;
    notes.append(&mut reading.notes);
    if reading.ages && LIMITS.contains(&reading.rows_read) {
        notes.push(format!("it has exactly {} rows, where some programs stop; look at its end", reading.rows_read));
    }
    records.files.push(FileRecord {
        name: list.name.to_owned(),
        format: reading.format.to_owned(),
        encoding: text.encoding,
        sha256: hex::encode(Sha256::digest(list.bytes)),
        rows_read: reading.rows_read,
        rows_used: reading.rows_used,
        rows_refused: reading.rows_refused,
        rows_unreviewed: reading.rows_unreviewed,
        exported,
        ages: reading.ages,
        tells: std::mem::take(&mut reading.tells),
        end: reading.end.clone(),
        notes,
    });
    take(reading, records);
    Ok(())
}

fn take(reading: Reading, records: &mut Records) {
    records.entries.extend(reading.entries);
    records.rolls.extend(reading.rolls);
    records.memberships.extend(reading.memberships);
    records.holes.extend(reading.holes);
    records.assignments.extend(reading.assignments);
    records.permission_sets.extend(reading.permission_sets);
    records.iam_users.extend(reading.iam_users);
    records.waivers.extend(reading.waivers);
    records.refusals.extend(reading.refusals);
}
