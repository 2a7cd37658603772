//! Bytes of expected lists in, one [`Expectation`](crate::model::Expectation) out.
//!
//! Files become [`Records`] (one reader a format), and records are folded into an expectation. The records are also
//! what a package keeps: only the columns that were read. The stage is given bytes and names; it opens no file and
//! knows no clock.

mod account;
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
mod powershell;
mod waivers;

pub mod export_commands;

mod fold;
mod graph;
mod records;
mod stream;

use chrono::{DateTime, Utc};
use encoding_rs::Encoding;
use sha2::{Digest as _, Sha256};

use reading::Reading;
use sniff::Format;

pub use dn::{Dn, DnKey};
pub use error::{Damage, ExpectError};
pub use fold::fold;
pub use records::{End, FileRecord, Records};
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
    pub modified: Option<LastModified>,
}

/// When a file was last modified, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastModified {
    /// The place it lies in, which cannot be told otherwise: S3's `LastModified`.
    Placed(DateTime<Utc>),
    /// A file system, where copying a file or editing it sets another time.
    Written(DateTime<Utc>),
}

/// What was read of a folder of expected lists, and which of its files cannot be relied on.
#[derive(Debug, Default)]
pub struct Survey {
    /// What the other files say.
    pub records: Records,
    /// Why each of these is refused, by name.
    pub refused: Vec<RefusedFile>,
}

/// A file that cannot be relied on.
#[derive(Debug)]
pub struct RefusedFile {
    /// Its name below the folder.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What is wrong with it.
    pub damage: Damage,
}

/// Reads a folder of expected lists. Sidecars (`<list>.export.json`) and texts for people (`*.md`) are no lists.
///
/// # Errors
/// Where a file cannot be relied on, or there is no list at all.
pub fn read(files: &[InputFile<'_>], options: &Options) -> Result<Records, ExpectError> {
    let Survey { records, refused } = survey(files, options)?;
    match refused.into_iter().next() {
        Some(RefusedFile { name, damage, .. }) => Err(ExpectError::List { name, damage }),
        None => Ok(records),
    }
}

/// Reads every file of a folder for itself, so that one that cannot be relied on does not hide the others. Nothing must
/// be compared with what a survey read if it refused a file: that file may have said anything.
///
/// # Errors
/// Where there is no list at all, or the encoding that the options name does not exist.
pub fn survey(files: &[InputFile<'_>], options: &Options) -> Result<Survey, ExpectError> {
    let otherwise = options.encoding.as_deref().map(known_encoding).transpose()?;
    let is_text = |name: &str| name.to_ascii_lowercase().ends_with(".md");
    let (sidecars, mut lists): (Vec<InputFile<'_>>, Vec<InputFile<'_>>) =
        files.iter().filter(|file| !is_text(file.name)).partition(|file| file.name.ends_with(exported::SIDECAR));
    lists.sort_by_key(|file| file.name);
    let mut survey = Survey::default();
    let listed = |sidecar: &InputFile<'_>| lists.iter().any(|list| exported::is_sidecar_of(sidecar.name, list.name));
    for lone in sidecars.iter().filter(|sidecar| !listed(sidecar)) {
        survey.refused.push(refused(lone, Damage::LoneSidecar));
    }
    if lists.is_empty() && survey.refused.is_empty() {
        return Err(ExpectError::NoLists);
    }
    for list in &lists {
        let sidecar = sidecars.iter().find(|sidecar| exported::is_sidecar_of(sidecar.name, list.name));
        if let Err(damage) = read_one(list, sidecar, otherwise, &mut survey.records) {
            survey.refused.push(refused(list, damage));
        }
    }
    survey.records.sort();
    survey.refused.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(survey)
}

fn refused(file: &InputFile<'_>, damage: Damage) -> RefusedFile {
    RefusedFile { name: file.name.to_owned(), sha256: hex::encode(Sha256::digest(file.bytes)), damage }
}

fn known_encoding(label: &str) -> Result<&'static Encoding, ExpectError> {
    let unknown = || ExpectError::UnknownEncoding { label: label.to_owned() };
    Encoding::for_label_no_replacement(label.as_bytes()).ok_or_else(unknown)
}

/// How many rows programs give at most unless they are told otherwise: `dsquery`, a page of Active Directory, values of
/// an attribute, members by its web service.
const LIMITS: [u32; 4] = [100, 1000, 1500, 5000];

/// Reads a list into the records; one that is refused leaves nothing in them.
fn read_one(
    list: &InputFile<'_>,
    sidecar: Option<&InputFile<'_>>,
    otherwise: Option<&'static Encoding>,
    records: &mut Records,
) -> Result<(), Damage> {
    let number = u32::try_from(records.files.len()).expect("a folder holds fewer files than four thousand million");
    sniff::refuse_binary(list.bytes)?;
    let text = encoding::decode(list.bytes, otherwise)?;
    let mut reading = match sniff::format(list.name, &text.text)? {
        Format::People => people::read(number, &text.text)?,
        Format::Assignments => assignments::read(number, &text.text)?,
        Format::IamUsers => iam_users::read(number, &text.text)?,
        Format::Waivers => waivers::read(number, &text.text)?,
        Format::PowerShell => powershell::read(number, list.name, &text)?,
        Format::Ldif => ldif_entries::read(number, &text.text)?,
    };
    let sha256 = hex::encode(Sha256::digest(list.bytes));
    let sidecar = sidecar.map(|sidecar| exported::Sidecar::read(sidecar, &sha256)).transpose()?;
    let exported = exported::exported(list.name, sidecar.as_ref(), reading.newest_change, list.modified);
    let end =
        sidecar.as_ref().map_or(reading.end.clone(), |sidecar| sidecar.end(reading.end.clone(), reading.rows_read));
    let mut notes = text.notes;
    notes.append(&mut reading.notes);
    if reading.ages && LIMITS.contains(&reading.rows_read) {
        notes.push(format!("it has exactly {} rows, where some programs stop; look at its end", reading.rows_read));
    }
    records.files.push(FileRecord {
        name: list.name.to_owned(),
        format: reading.format.to_owned(),
        encoding: text.encoding,
        sha256,
        rows_read: reading.rows_read,
        rows_used: reading.rows_used,
        rows_refused: reading.rows_refused,
        exported,
        ages: reading.ages,
        tells: std::mem::take(&mut reading.tells),
        end,
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
    records.iam_users.extend(reading.iam_users);
    records.waivers.extend(reading.waivers);
    records.refusals.extend(reading.refusals);
}
