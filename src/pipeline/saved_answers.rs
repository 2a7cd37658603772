//! AWS's side in files: reading what was saved.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use crate::collect::{self, Collected, Options};

use super::PipelineError;

/// Reads a folder of saved AWS CLI output, or a journal. What the settings leave out of a run is left out of it.
pub(super) fn read(path: &Path, settings: &Options) -> Result<Collected, PipelineError> {
    let collected = if path.is_dir() {
        collect::from_files(path)?
    } else {
        let file = File::open(path).map_err(|source| PipelineError::Saved { path: path.to_owned(), source })?;
        collect::from_saved_journal(BufReader::new(file))?
    };
    Ok(collected.of_one_origin()?.narrowed_by(&settings.scope())?)
}
