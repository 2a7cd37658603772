//! The expected lists: their files are read here, from a folder or a bucket, and understood in `expect`.

use chrono::{DateTime, Utc};
use std::collections::BTreeSet;

use crate::aws::session;
use crate::collect::Names;
use crate::expect::{
    self, End, ExpectError, FileRecord, InputFile, LastModified, PrincipalType, Records, RefusedFile, Survey,
};
use crate::model::{Earlier, Expectation, ExpectedFile, NameKey, Refusal};
use crate::settings::Settings;
use crate::store::{self, Bucket, Location};
use crate::wording;

use super::list_files::{Found, Read};
use super::{Clock, PipelineError, lists_on_disk};

/// What `rollcall check` says of the lists.
#[derive(Debug)]
pub struct CheckedLists {
    /// The files that were understood, by name.
    pub lists: Vec<CheckedList>,
    /// The files that cannot be relied on, by name. An audit would stop at the first of them.
    pub refused: Vec<RefusedList>,
    /// What was not looked at, by name: what begins with a dot, and texts for people.
    pub skipped: Vec<String>,
    /// What the files that were understood say together.
    pub expectation: Expectation,
}

/// A file that was understood.
#[derive(Debug)]
pub struct CheckedList {
    /// The file.
    pub file: ExpectedFile,
    /// Whether all of it is there.
    pub completeness: Completeness,
    /// Its rows that were refused.
    pub refused: Vec<Refusal>,
}

/// Whether all that a file was to say is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// It is, and this vouches for it.
    Complete {
        /// The trailer of an export, a sidecar, whoever keeps the list.
        vouched_by: String,
    },
    /// It is not: these parts are missing.
    Partial {
        /// Each as a clause.
        because: Vec<String>,
    },
    /// Nothing says that it is not, and nothing vouches for it.
    Unknown,
}

/// A file that cannot be relied on.
#[derive(Debug)]
pub struct RefusedList {
    /// Its name below the place of the lists.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What is wrong with it.
    pub error: ExpectError,
}

/// Reads the expected lists.
pub(super) async fn read(at: &Location, settings: &Settings, clock: &Clock) -> Result<Records, PipelineError> {
    understand(at, &files(at, settings).await?, &settings.reading(clock()))
}

/// What files of lists say together. Without any list nothing is expected and nothing assessed: an inventory.
pub(super) fn understand(at: &Location, files: &[Read], reading: &expect::Options) -> Result<Records, PipelineError> {
    match expect::read(&input(files), reading) {
        Err(ExpectError::NoLists) => Ok(Records::default()),
        understood => understood.map_err(unusable(at)),
    }
}

/// Refuses to go on without any list where the earlier run of the job had some: they are gone, and an inventory would
/// say nothing about what they spoke for.
pub(super) fn refuse_vanished(
    at: &Location,
    records: &Records,
    earlier: Option<&Earlier>,
) -> Result<(), PipelineError> {
    let before = earlier.map_or(0, |earlier| earlier.list_rows.len());
    if records.files.is_empty() && before > 0 {
        return Err(PipelineError::ListsVanished { at: at.to_string(), before });
    }
    if records.files.is_empty() {
        tracing::warn!(%at, "no expected list: this run is an inventory and assesses nothing");
    }
    Ok(())
}

/// The names by which a run asks for those whom it expects, where AWS does not list what there is: members of the
/// directory's groups, and whom rows of grants name.
pub(super) fn names(records: &Records, as_of: DateTime<Utc>) -> Names {
    let expectation = expect::fold(records, as_of, None);
    let mut names = Names::default();
    let assignments = records.assignments.iter().map(|row| (row.principal_type, &row.principal));
    let entitlements = records.entitlements.iter().map(|row| (row.principal_type, &row.principal));
    let applications = records.applications.iter();
    let applications = applications.filter_map(|row| Some((row.principal_type.principal_type()?, &row.principal)));
    for (kind, principal) in assignments.chain(entitlements).chain(applications) {
        match kind {
            PrincipalType::User => _ = names.users.insert(principal.clone()),
            PrincipalType::Group => _ = names.groups.insert(principal.clone()),
        }
    }
    names.units = records.assignments.iter().any(|row| row.account.calls_units_by_name());
    let keys = |names: &BTreeSet<String>| -> BTreeSet<NameKey> { names.iter().map(|name| NameKey::of(name)).collect() };
    let wanted = keys(&names.users);
    let members = expectation.groups.seen().flat_map(|group| group.members.seen());
    let members: BTreeSet<_> = members.map(|member| member.person).collect();
    for (position, person) in expectation.people.positions() {
        if members.contains(&position)
            || person.names_in_identity_center().any(|name| wanted.contains(&NameKey::of(&name)))
        {
            names.users.extend(person.names_in_identity_center());
        }
    }
    // A naming convention may mean any group of the directory.
    let conventions = names.groups.extract_if(.., |name| name.contains('{')).count() > 0;
    let wanted = keys(&names.groups);
    for group in expectation.groups.seen() {
        if conventions || group.names.iter().any(|name| wanted.contains(&NameKey::of(name))) {
            names.groups.extend(group.names_in_identity_center());
        }
    }
    names
}

/// The names of the lists that lie there, for a run that judges nothing by them: it goes on without them if it must.
pub(super) async fn names_at_hand(at: &Location, settings: &Settings, clock: &Clock) -> Names {
    if matches!(at, Location::Folder(folder) if !folder.exists()) {
        return Names::default();
    }
    match read(at, settings, clock).await {
        Ok(records) => names(&records, clock()),
        Err(error) => {
            tracing::warn!(
                error = super::for_log(&error),
                "the expected lists cannot be used, so no user or group is looked up by name"
            );
            Names::default()
        }
    }
}

/// Reads the expected lists, and tells of each file what was understood by the clock that says `now`. One that cannot be relied on does not hide the
/// others.
///
/// # Errors
/// Where the files cannot be had, or there is none.
pub async fn check(
    at: &Location,
    settings: &Settings,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<CheckedLists, PipelineError> {
    let Found { files, hidden: mut skipped } = look(at, settings).await?;
    // The one that `rollcall init` writes is known.
    let texts = files.iter().filter(|file| expect::is_text(&file.name) && file.name != "README.md");
    skipped.extend(texts.map(|file| file.name.clone()));
    skipped.sort();
    let Survey { records, refused } = match expect::survey(&input(&files), &settings.reading(now)) {
        Err(ExpectError::NoLists) => Survey::default(),
        surveyed => surveyed.map_err(unusable(at))?,
    };
    let expectation = expect::fold(&records, as_of, None);
    let lists = expectation.files.iter().zip(&records.files).enumerate().map(|(number, (file, record))| {
        let of_file = |refusal: &&Refusal| refusal.row.file.number() == number;
        CheckedList {
            file: file.clone(),
            completeness: completeness(number, record, &records),
            refused: expectation.refused.iter().filter(of_file).cloned().collect(),
        }
    });
    let refused = refused.into_iter().map(refused_list).collect();
    Ok(CheckedLists { lists: lists.collect(), refused, skipped, expectation })
}

fn refused_list(file: RefusedFile) -> RefusedList {
    let RefusedFile { name, sha256, damage } = file;
    RefusedList { name: name.clone(), sha256, error: ExpectError::List { name, damage } }
}

fn completeness(number: usize, record: &FileRecord, records: &Records) -> Completeness {
    let here = |file: u32| file as usize == number;
    let cut = match &record.end {
        End::Cut(detail) => Some(detail.clone()),
        End::Vouched(_) | End::Unvouched => None,
    };
    let holes = records.holes.iter().filter(|hole| here(hole.at.file));
    let holes = holes.map(|hole| format!("{} missing: {}", wording::unseen_in_file(&hole.unseen), hole.detail));
    let rolls = records.rolls.iter().filter(|roll| here(roll.at.file));
    let rolls = rolls.filter_map(|roll| Some(format!("line {}: {}", roll.at.line, roll.cut.as_deref()?)));
    let rows = match record.rows_refused {
        0 => None,
        refused => Some(format!("{refused} of {} rows were refused", record.rows_read)),
    };
    let because: Vec<String> = cut.into_iter().chain(holes).chain(rolls).chain(rows).collect();
    match &record.end {
        _ if !because.is_empty() => Completeness::Partial { because },
        End::Vouched(by) => Completeness::Complete { vouched_by: by.clone() },
        // Whoever keeps a list by hand vouches for it.
        End::Unvouched if !record.ages => Completeness::Complete { vouched_by: "maintained by hand".to_owned() },
        End::Unvouched | End::Cut(_) => Completeness::Unknown,
    }
}

fn input(files: &[Read]) -> Vec<InputFile<'_>> {
    files.iter().map(|file| InputFile { name: &file.name, bytes: &file.bytes, modified: file.modified }).collect()
}

fn unusable(at: &Location) -> impl Fn(ExpectError) -> PipelineError {
    move |source| PipelineError::Lists { at: at.to_string(), source }
}

/// Every file there, but those of which a part of the name begins with a dot. A folder that is not there holds none: who
/// names one on the command line is told so there.
pub(super) async fn files(at: &Location, settings: &Settings) -> Result<Vec<Read>, PipelineError> {
    Ok(look(at, settings).await?.files)
}

async fn look(at: &Location, settings: &Settings) -> Result<Found, PipelineError> {
    match at {
        Location::Folder(folder) => {
            let mut found = lists_on_disk::read(folder.clone()).await?;
            found.files.sort_by(|one, other| one.name.cmp(&other.name));
            Ok(found)
        }
        Location::Bucket { name, prefix } => {
            let sign_in = settings.aws.sign_in().in_region(settings.expect.bucket_region.as_deref());
            let session = session::connect(&sign_in).await.map_err(PipelineError::SignIn)?;
            let options = store::Options {
                expected_bucket_owner: settings.expect.bucket_owner,
                region: settings.expect.bucket_region.clone(),
                path_style: settings.report.bucket.path_style,
                kms_key_id: None,
            };
            let bucket = Bucket::open(session.sdk_config(), name, prefix.clone(), &options);
            let failed = |source| PipelineError::ListsBucket { at: at.to_string(), source };
            let objects = bucket.files().await.map_err(failed)?;
            let is_hidden = |name: &str| name.split('/').any(|part| part.starts_with('.'));
            let (hidden, seen): (Vec<_>, Vec<_>) = objects.into_iter().partition(|(name, _)| is_hidden(name));
            let read = seen.into_iter().map(|(name, object)| {
                let modified = Some(LastModified::Placed(object.stored));
                Read { name, bytes: object.bytes, modified }
            });
            Ok(Found { files: read.collect(), hidden: hidden.into_iter().map(|(name, _)| name).collect() })
        }
    }
}
