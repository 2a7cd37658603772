//! The package of what applying a plan did: the plan as it was reviewed, the journal, and what follows of both.
//!
//! It is named after the plan and the length of its journal, so one end of an apply is one package, whoever writes it: the
//! process that got so far, or the next one if that one died before.

use std::io;

use serde::{Deserialize, Serialize};

use crate::change::Digest;
use crate::change::record::{Record, RecordError};
use crate::render;
use crate::settings::Settings;
use crate::store::chain::Link;
use crate::store::draft::{Draft, SealedDraft};
use crate::store::manifest::{MANIFEST, Manifest};
use crate::store::package::{self, Package};
use crate::store::{self, Location, Run, Shelf, StoreError, chain, change_log};

use super::PipelineError;
use super::deliver::Published;
use super::draft_folder::DraftFolder;
use super::open_store::open;
use super::package_file::{Replayed, file};

/// The plan, byte for byte.
const PLAN: &str = "inputs/plan.json";
/// The journal, one entry a line.
const JOURNAL: &str = "inputs/journal.jsonl";
/// The circumstances.
const APPLY: &str = "inputs/apply.json";

const VERSION: u32 = 1;

/// Format 1 of `inputs/apply.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Apply {
    version: u32,
    /// The digest of the plan.
    plan: Digest,
    /// How many entries of the journal there are.
    entries: usize,
    /// The version of Rollcall that wrote the package.
    rollcall: String,
}

/// Writes the package of what applying a plan did so far. `plan` is its file. There is none where nothing was begun, and no
/// second one where nothing came since the last.
///
/// # Errors
/// Where the journal cannot be read, or the package not be written.
pub async fn keep_record(settings: &Settings, to: &Location, plan: &[u8]) -> Result<Option<Published>, PipelineError> {
    let shelf = open(settings, to).await?;
    let journal = journal(&shelf, plan).await?;
    if journal.is_empty() {
        return Ok(None);
    }
    let record = record_of(plan, &journal)?;
    let run = run(&record)?;
    let at = to.address_of(&run);
    let link = match there(&shelf, &run).await? {
        Some(link) => link,
        None => {
            let folder = DraftFolder::begin().map_err(PipelineError::Draft)?;
            let draft = draft(&folder, run, &record, (plan, &journal))?;
            package::publish(&shelf, &draft).await?
        }
    };
    Ok(Some(Published { link, at }))
}

/// The journal of a plan, one entry a line.
async fn journal(shelf: &Shelf, plan: &[u8]) -> Result<Vec<u8>, StoreError> {
    let mut journal = Vec::new();
    for (_, entry) in change_log::entries(shelf, &Digest::of(plan).hex()).await? {
        journal.extend(entry);
        journal.push(b'\n');
    }
    Ok(journal)
}

/// What applying a plan did so far; `None` where nothing was begun.
pub(super) async fn so_far(shelf: &Shelf, plan: &[u8]) -> Result<Option<Record>, PipelineError> {
    let journal = journal(shelf, plan).await?;
    if journal.is_empty() { Ok(None) } else { record_of(plan, &journal).map(Some) }
}

/// The run of a package of changes. It counts as one that looked at a part only, so it is never an earlier audit.
fn run(record: &Record) -> Result<Run, StoreError> {
    let id = format!("{}-{:06}", record.digest.short(), record.entries);
    Ok(Run::new(store::CHANGES, record.until, &id, true)?)
}

/// The link of a package that is there already.
async fn there(shelf: &Shelf, run: &Run) -> Result<Option<Link>, StoreError> {
    let key = Manifest::key(run);
    if shelf.read(&key).await?.is_none() {
        return Ok(None);
    }
    Ok(chain::find(shelf, None, |link| link.manifest == key).await?.link)
}

fn draft(
    folder: &DraftFolder,
    run: Run,
    record: &Record,
    (plan, journal): (&[u8], &[u8]),
) -> Result<SealedDraft, PipelineError> {
    let draft = Draft::begin(folder.path(), run)?;
    for file in render::RECORD_FILES {
        draft.add(file.name, file.media_type, |out| (file.render)(record, out))?;
    }
    let rollcall = env!("CARGO_PKG_VERSION").to_owned();
    let apply = Apply { version: VERSION, plan: record.digest, entries: record.entries, rollcall };
    draft.add(PLAN, "application/json", |out| out.write_all(plan))?;
    draft.add(JOURNAL, "application/jsonl", |out| out.write_all(journal))?;
    draft.add(APPLY, "application/json", |out| {
        serde_json::to_writer_pretty(&mut *out, &apply)?;
        out.write_all(b"\n")
    })?;
    Ok(draft.seal()?)
}

/// Whether a package is one of changes, and none of an audit.
pub(super) fn is_one(package: &Package) -> bool {
    package.link.run.job() == store::CHANGES && package.manifest.files.iter().any(|file| file.name.as_str() == PLAN)
}

/// What a package of changes says.
pub(super) async fn read(shelf: &Shelf, package: &Package) -> Result<Record, PipelineError> {
    let (plan, journal) = (file(shelf, package, PLAN).await?, file(shelf, package, JOURNAL).await?);
    record_of(&plan, &journal)
}

fn record_of(plan: &[u8], journal: &[u8]) -> Result<Record, PipelineError> {
    let unreadable = |error: RecordError| PipelineError::Replay { name: JOURNAL, source: error.into() };
    Record::read(plan, journal).map_err(unreadable)
}

/// Derives a package of changes again from its plan and its journal.
pub(super) async fn replay(shelf: &Shelf, package: &Package) -> Result<Replayed, PipelineError> {
    let record = read(shelf, package).await?;
    let apply: Apply = serde_json::from_slice(&file(shelf, package, APPLY).await?)
        .map_err(|error| PipelineError::Replay { name: APPLY, source: error.into() })?;
    let mut differing = Vec::new();
    for one in render::RECORD_FILES {
        let mut bytes = Vec::new();
        let rendered: io::Result<()> = (one.render)(&record, &mut bytes);
        rendered.map_err(PipelineError::Draft)?;
        if file(shelf, package, one.name).await? != bytes {
            differing.push(one.name.to_owned());
        }
    }
    let is_said = apply.version == VERSION && apply.plan == record.digest && apply.entries == record.entries;
    differing.extend((!is_said).then(|| APPLY.to_owned()));
    differing.extend((run(&record)? != package.manifest.run).then(|| MANIFEST.to_owned()));
    let (link, run_id) = (package.link.number, package.manifest.run.id().to_owned());
    Ok(Replayed { link, run_id, version: apply.rollcall, differing })
}
