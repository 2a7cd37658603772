//! The folder of expected lists: its files are read here, and understood in `expect`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::expect::{self, InputFile, Records};
use crate::model::{Expectation, ExpectedFile, Refusal};

use super::PipelineError;

/// What `rollcall check` says of the lists.
#[derive(Debug)]
pub struct CheckedList {
    /// The file.
    pub file: ExpectedFile,
    /// Its rows that were refused.
    pub refused: Vec<Refusal>,
}

/// A file, as it lies there.
struct Read {
    name: String,
    bytes: Vec<u8>,
    modified: Option<DateTime<Utc>>,
}

/// Reads a folder of expected lists.
pub(super) fn read(folder: &Path, options: &expect::Options) -> Result<Records, PipelineError> {
    let mut files = Vec::new();
    walk(folder, folder, &mut files).map_err(|(path, source)| PipelineError::ListsFolder { path, source })?;
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let input: Vec<InputFile<'_>> =
        files.iter().map(|file| InputFile { name: &file.name, bytes: &file.bytes, modified: file.modified }).collect();
    expect::read(&input, options).map_err(|source| PipelineError::Lists { folder: folder.to_owned(), source })
}

/// Reads a folder of expected lists, and tells of each file what was understood.
///
/// # Errors
/// Where a file cannot be read, or says nothing that can be relied on.
pub fn check(
    folder: &Path,
    options: &expect::Options,
    as_of: DateTime<Utc>,
) -> Result<(Vec<CheckedList>, Expectation), PipelineError> {
    let expectation = expect::fold(&read(folder, options)?, as_of, None);
    let lists = expectation.files.iter().enumerate().map(|(number, file)| CheckedList {
        file: file.clone(),
        refused: expectation.refused.iter().filter(|refusal| refusal.row.file.number() == number).cloned().collect(),
    });
    Ok((lists.collect(), expectation))
}

/// Every file below the folder, but those whose names begin with a dot.
fn walk(root: &Path, folder: &Path, files: &mut Vec<Read>) -> Result<(), (PathBuf, io::Error)> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| (path, source)
    };
    for entry in fs::read_dir(folder).map_err(at(folder))? {
        let path = entry.map_err(at(folder))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        let metadata = fs::metadata(&path).map_err(at(&path))?;
        if metadata.is_dir() {
            walk(root, &path, files)?;
            continue;
        }
        let below = path.strip_prefix(root).expect("a file of the folder lies below it");
        let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
        let bytes = fs::read(&path).map_err(at(&path))?;
        let modified = metadata.modified().ok().map(DateTime::<Utc>::from);
        files.push(Read { name: parts.join("/"), bytes, modified });
    }
    Ok(())
}
