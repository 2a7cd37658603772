//! Where journals of runs lie, what they are called, and which of them a run may use or remove.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use super::lines;
use super::not_resumed::NotResumed;
use super::owned_file;

/// What an audit's journal is called, before the id of its run.
const NAMED: &str = "rollcall-journal-";
/// What that of a job's run is called, before what tells the job and the instant at which it is due.
const NAMED_OF_JOB: &str = "rollcall-job-";

/// Whether a file is what the run of this journal left when AWS could not answer everything: a journal all of whose
/// pages it has.
pub(crate) fn has_all_of(journal: &Path, file: &Path) -> io::Result<bool> {
    let digests = |path: &Path| {
        let lines = BufReader::new(File::open(path)?).split(b'\n');
        lines
            .map(|line| line.map(|line| Sha256::digest(line).into()))
            .skip(1)
            .collect::<io::Result<BTreeSet<[u8; 32]>>>()
    };
    let mut first = String::new();
    // What is no text is no journal.
    let is_journal = BufReader::new(File::open(file)?).read_line(&mut first).is_ok() && lines::begins(&first);
    Ok(is_journal && digests(file)?.is_subset(&digests(journal)?))
}

/// Where the journal of a run lies.
pub(crate) fn of_run(folder: &Path, run_id: &str) -> PathBuf {
    folder.join(format!("{NAMED}{run_id}.jsonl"))
}

/// Where the journal of a job's run lies: the same path after a restart, and another one for another instant, another
/// job, and a job of that name that leaves its packages elsewhere.
pub(crate) fn of_job(folder: &Path, store: &str, job: &str, due: DateTime<Utc>) -> PathBuf {
    let whose = hex::encode(Sha256::digest(format!("{store}\n{job}")));
    folder.join(format!("{NAMED_OF_JOB}{}-{}.jsonl", &whose[..16], due.format("%Y%m%dT%H%M%SZ")))
}

/// Whether a path is one of those above: what lies elsewhere, or is called otherwise, was not left by a run.
pub(crate) fn is_of_a_run(folder: &Path, path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_named = [NAMED, NAMED_OF_JOB].iter().any(|named| name.starts_with(named)) && name.ends_with(".jsonl");
    let at = path.parent().map(|parent| if parent.as_os_str().is_empty() { Path::new(".") } else { parent });
    let (at, folder) = (at.and_then(|at| at.canonicalize().ok()), folder.canonicalize().ok());
    is_named && at.is_some() && at == folder
}

/// Takes away what a job left at other times than that of this path, but not what some process still writes.
pub(crate) fn remove_others_of_job(folder: &Path, path: &Path) -> io::Result<()> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let of_job = name.rsplit_once('-').map_or(name, |(job, _)| job);
    for (_, other) in owned_file::named(folder, of_job)?.into_iter().filter(|(_, other)| other != path) {
        if File::open(&other)?.try_lock().is_ok() {
            fs::remove_file(other)?;
        }
    }
    Ok(())
}

/// The journal in a folder that was last written to, of those that this user wrote: the folder may be everybody's.
pub(crate) fn newest(folder: &Path) -> Result<PathBuf, NotResumed> {
    let found =
        owned_file::named(folder, NAMED).map_err(|source| NotResumed::NotOpened { path: folder.to_owned(), source })?;
    let newest = found.into_iter().max();
    newest.map(|(_, path)| path).ok_or_else(|| NotResumed::NoJournal { folder: folder.to_owned() })
}
