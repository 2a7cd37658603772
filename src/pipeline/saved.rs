//! AWS's side in files: reading what was saved, and writing a journal while it is collected.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::collect::page::Page;
use crate::collect::{self, Collected, OnPage, journal};
use crate::model::Scope;

use super::PipelineError;

/// Reads a folder of saved AWS CLI output, or a journal.
pub(super) fn read(path: &Path) -> Result<Collected, PipelineError> {
    if path.is_dir() {
        return Ok(collect::from_files(path)?);
    }
    let file = File::open(path).map_err(|source| PipelineError::Saved { path: path.to_owned(), source })?;
    Ok(collect::from_journal(BufReader::new(file))?)
}

/// A journal that grows with every page, beside the file that it will become: what a run that was cut short has
/// collected is not lost, and nobody takes it for the whole.
pub(super) struct Journal {
    path: PathBuf,
    growing: PathBuf,
    out: Arc<Mutex<BufWriter<File>>>,
}

impl Journal {
    /// Begins a journal for a file that must not exist yet.
    pub(super) fn begin(path: &Path, scope: &Scope) -> Result<Self, PipelineError> {
        let failed = |source| PipelineError::Write { path: path.to_owned(), source };
        if path.exists() {
            return Err(failed(io::ErrorKind::AlreadyExists.into()));
        }
        let growing = path.with_extension("part.jsonl");
        let mut out = BufWriter::new(File::create(&growing).map_err(failed)?);
        journal::begin(&mut out, scope).map_err(failed)?;
        Ok(Journal { path: path.to_owned(), growing, out: Arc::new(Mutex::new(out)) })
    }

    /// Writes each page as it comes.
    pub(super) fn on_page(&self) -> OnPage {
        let out = Arc::clone(&self.out);
        Box::new(move |page: &Page| {
            let mut out = out.lock().expect("nobody panics while writing a page");
            journal::append(&mut *out, page)?;
            out.flush()
        })
    }

    /// Puts the whole journal, in canonical form, in its place.
    pub(super) fn finish(self, collected: &Collected) -> Result<(), PipelineError> {
        let write = || -> io::Result<()> {
            let mut out = BufWriter::new(File::create_new(&self.path)?);
            collected.write(&mut out)?;
            out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
            fs::remove_file(&self.growing)
        };
        write().map_err(|source| PipelineError::Write { path: self.path.clone(), source })
    }
}
