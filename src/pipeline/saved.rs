//! AWS's side in files: reading what was saved.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::collect::{self, Collected};

use super::PipelineError;

/// Reads a folder of saved AWS CLI output, or a journal.
pub(super) fn read(path: &Path) -> Result<Collected, PipelineError> {
    if path.is_dir() {
        return Ok(collect::from_files(path)?.of_one_origin()?);
    }
    let file = File::open(path).map_err(|source| PipelineError::Saved { path: path.to_owned(), source })?;
    Ok(collect::from_saved_journal(BufReader::new(file))?.of_one_origin()?)
}
