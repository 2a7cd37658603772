//! Bytes of expected lists in, one [`Expectation`](crate::model::Expectation) out.
//!
//! Files become [`Records`] (one reader a format), and records are folded into an expectation. The records are also
//! what a package keeps: only the columns that were read. The stage is given bytes and names; it opens no file and
//! knows no clock.

mod active_directory;
mod csv;
mod detect;
mod error;
mod exports;
mod hand_kept;
mod help;
mod input_file;
mod ldif;
mod provenance;
mod records;
mod redact;
mod text;

pub mod export_commands;

mod build;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::model::Exported;
use detect::Format;
use provenance::export_time::{Clocks, Sidecar};
use provenance::newest_export::Undecided;
use records::directory_records::Tells;
use records::parsed_file::Reading;
use text::code_pages::CodePage;
use text::dates::Culture;
use text::encoding::Text;

pub use active_directory::distinguished_name::{Dn, DnKey};
pub use build::fold;
pub use error::{Damage, ExpectError};
pub use hand_kept::account_pattern::{AccountPattern, Glob};
pub use hand_kept::append::{append_row, cells_without_column};
pub use input_file::{InputFile, LastModified};
pub use records::directory_records::{End, FileRecord, Records};
pub use records::hand_kept_records::PrincipalType;
pub use records::jsonl::{parse, write};

/// How lists are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The encoding of files that are neither UTF-8 nor UTF-16: `cp437`, `cp850`, `cp852`, or a label of the WHATWG
    /// Encoding Standard.
    pub encoding: Option<String>,
    /// The culture of whoever exported, as PowerShell's `(Get-Culture).Name` says it: in which order dates are written.
    pub culture: Option<String>,
    /// When the lists are read: what says that it was exported later is refused. Without it, every time is believed.
    pub now: Option<DateTime<Utc>>,
}

/// What the settings tell of files that do not say it themselves.
#[derive(Debug, Default)]
struct Told {
    code_page: Option<CodePage>,
    culture: Option<Culture>,
    now: Option<DateTime<Utc>>,
}

impl Told {
    fn by(options: &Options) -> Result<Self, ExpectError> {
        let code_page = options.encoding.as_deref().map(|label| {
            CodePage::named(label).ok_or_else(|| ExpectError::UnknownEncoding { label: label.to_owned() })
        });
        let culture = options.culture.as_deref().map(|name| {
            let order =
                text::dates::order_of(name).ok_or_else(|| ExpectError::UnknownCulture { culture: name.to_owned() });
            order.map(|order| Culture { name: name.to_owned(), order })
        });
        Ok(Told { code_page: code_page.transpose()?, culture: culture.transpose()?, now: options.now })
    }
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
    let told = Told::by(options)?;
    let (sidecars, mut lists): (Vec<InputFile<'_>>, Vec<InputFile<'_>>) = files
        .iter()
        .filter(|file| !is_text(file.name))
        .partition(|file| file.name.ends_with(provenance::export_time::SIDECAR));
    lists.sort_by_key(|file| file.name);
    let mut survey = Survey::default();
    let listed = |sidecar: &InputFile<'_>| {
        lists.iter().any(|list| provenance::export_time::is_sidecar_of(sidecar.name, list.name))
    };
    for lone in sidecars.iter().filter(|sidecar| !listed(sidecar)) {
        survey.refused.push(refused(lone, Damage::LoneSidecar));
    }
    if lists.is_empty() && survey.refused.is_empty() {
        return Err(ExpectError::NoLists);
    }
    for list in &lists {
        if let Some(other) = list_in_force(list, &lists) {
            survey.refused.push(refused(list, Damage::SecondOfItsKind { other: other.name.to_owned() }));
            continue;
        }
        let sidecar = sidecars.iter().find(|sidecar| provenance::export_time::is_sidecar_of(sidecar.name, list.name));
        if let Err(damage) = read_one(list, sidecar, &told, &mut survey.records) {
            survey.refused.push(refused(list, damage));
        }
    }
    survey.records.sort();
    for Undecided { file, other } in provenance::newest_export::settle(&mut survey.records, told.now) {
        let [file, other] = [file, other].map(|number| &survey.records.files[number]);
        let damage = Damage::NoNewest { other: other.name.clone() };
        survey.refused.push(RefusedFile { name: file.name.clone(), sha256: file.sha256.clone(), damage });
    }
    survey.refused.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(survey)
}

/// The list of the same kind, kept by hand too, that is rather meant than this one: it lies less deep, or comes first.
fn list_in_force<'f>(list: &InputFile<'_>, lists: &[InputFile<'f>]) -> Option<InputFile<'f>> {
    let kind = detect::kept_by_hand(list.name)?;
    let rank = |file: &InputFile<'_>| (file.name.matches('/').count(), file.name.to_owned());
    let others =
        lists.iter().filter(|other| detect::kept_by_hand(other.name) == Some(kind) && rank(other) < rank(list));
    others.min_by_key(|other| rank(other)).copied()
}

/// Whether a file is a text for people (`*.md`), and no list.
#[must_use]
pub fn is_text(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".md")
}

fn refused(file: &InputFile<'_>, damage: Damage) -> RefusedFile {
    RefusedFile { name: file.name.to_owned(), sha256: hex::encode(Sha256::digest(file.bytes)), damage }
}

/// When a list was exported, as far as anything says so. Clocks that run ahead of the run are not believed.
fn exported(
    list: &InputFile<'_>,
    sidecar: Option<&Sidecar>,
    reading: &Reading,
    told: &Told,
) -> Result<Option<Exported>, Damage> {
    let clocks = Clocks::of(list, sidecar, reading.newest_change);
    Ok(match told.now.filter(|_| reading.ages) {
        Some(now) => clocks.until(now)?.best(),
        None => clocks.best(),
    })
}

/// Reads a list into the records; one that is refused leaves nothing in them.
fn read_one(
    list: &InputFile<'_>,
    sidecar: Option<&InputFile<'_>>,
    told: &Told,
    records: &mut Records,
) -> Result<(), Damage> {
    let number = u32::try_from(records.files.len()).expect("a folder holds fewer files than four thousand million");
    detect::refuse_binary(list.bytes)?;
    let text = text::encoding::decode(list.bytes, told.code_page)?;
    let format = detect::format(list.name, &text.text)?;
    let mut reading = read_as(format, number, list, &text, told)?;
    if [Tells::People, Tells::SomePeople].iter().any(|one| reading.tells.contains(one))
        && reading.rows_refused == 0
        && !reading.names_people()
    {
        return Err(Damage::Nobody { what: "none of its rows is about a person" });
    }
    text::truncation::check(&mut reading, format, &text.text);
    if reading.rows_read == 0 && !reading.ages && format != Format::Waivers {
        reading.notes.push("it has a header but no rows, so nothing of its kind is expected".to_owned());
    }
    let sha256 = hex::encode(Sha256::digest(list.bytes));
    let sidecar = sidecar.map(|sidecar| Sidecar::read(sidecar, &sha256)).transpose()?;
    let exported = exported(list, sidecar.as_ref(), &reading, told)?;
    let mut notes = text.notes;
    notes.append(&mut reading.notes);
    notes.extend(reading.note_of_commas());
    notes.extend(csv::spreadsheet_damage::note_of_names(&reading));
    if let Some(sidecar) = &sidecar {
        reading.end = sidecar.end(reading.end, reading.rows_read);
        notes.extend(sidecar.origin());
    }
    if matches!(format, Format::Ldif | Format::Csvde) {
        reading.note_groups_cut_off();
    }
    notes.extend(text::truncation::note_of_limit(&reading));
    records.files.push(FileRecord {
        name: list.name.to_owned(),
        format: reading.format,
        encoding: text.encoding,
        sha256,
        rows_read: reading.rows_read,
        rows_used: reading.rows_used,
        rows_refused: reading.rows_refused,
        rows_other: reading.rows_other,
        rows_unreviewed: reading.rows_unreviewed,
        reviewers: std::mem::take(&mut reading.reviewers),
        exported,
        ages: reading.ages,
        lossy: reading.lossy,
        tells: std::mem::take(&mut reading.tells),
        end: reading.end.clone(),
        notes,
        set_aside: None,
    });
    take(reading, records);
    Ok(())
}

/// Reads a list by the reader of its format.
fn read_as(format: Format, number: u32, list: &InputFile<'_>, text: &Text<'_>, told: &Told) -> Result<Reading, Damage> {
    Ok(match format {
        Format::People => hand_kept::people::read(number, &text.text)?,
        Format::Assignments => hand_kept::list::read::<hand_kept::assignments::Assignments>(number, &text.text)?,
        Format::Applications => hand_kept::list::read::<hand_kept::applications::Applications>(number, &text.text)?,
        Format::Entitlements => hand_kept::list::read::<hand_kept::entitlements::Entitlements>(number, &text.text)?,
        Format::PermissionSets => {
            hand_kept::list::read::<hand_kept::permission_sets::PermissionSets>(number, &text.text)?
        }
        Format::IamUsers => hand_kept::list::read::<hand_kept::iam_users::IamUsers>(number, &text.text)?,
        Format::Trusts => hand_kept::list::read::<hand_kept::trusts::Trusts>(number, &text.text)?,
        Format::Waivers => hand_kept::waivers::read(number, &text.text)?,
        Format::PowerShell => exports::powershell::read(number, list.name, text, told)?,
        Format::Csvde => exports::csvde::read(number, &text.text)?,
        Format::Entra => exports::entra_portal::read(number, list.name, &text.text)?,
        Format::MicrosoftGraph => exports::microsoft_graph::read(number, list.name, &text.text)?,
        Format::Console => exports::aduc_list::read(number, &text.text)?,
        Format::StaffList => exports::staff_list::read(number, list.name, &text.text, told.culture.as_ref())?,
        Format::Ldif => ldif::entries::read(number, &text.text)?,
        Format::Names(list) => exports::samba_tool::read(number, list, &text.text)?,
        Format::TableOfGroups => exports::samba_tool::read_table(number, &text.text)?,
    })
}

fn take(reading: Reading, records: &mut Records) {
    fn add<T>(all: &mut Vec<T>, mut more: Vec<T>) {
        // The first file is often the only large one.
        if all.is_empty() {
            *all = more;
        } else {
            all.append(&mut more);
        }
    }
    add(&mut records.entries, reading.entries);
    add(&mut records.rolls, reading.rolls);
    add(&mut records.memberships, reading.memberships);
    add(&mut records.holes, reading.holes);
    add(&mut records.assignments, reading.assignments);
    add(&mut records.applications, reading.applications);
    add(&mut records.entitlements, reading.entitlements);
    add(&mut records.permission_sets, reading.permission_sets);
    add(&mut records.iam_users, reading.iam_users);
    add(&mut records.trusts, reading.trusts);
    add(&mut records.waivers, reading.waivers);
    add(&mut records.refusals, reading.refusals);
}
