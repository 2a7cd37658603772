//! `rollcall init`: a first settings file and a folder for the expected lists. Nothing that is there is touched.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::options::path;
use super::{Exit, Failure, print};

/// Arguments of `rollcall init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder to write to.
    #[arg(default_value = ".", value_parser = path)]
    folder: PathBuf,
}

/// What is written, and where. No list is among it: an empty list would say that nobody is expected to have anything.
const FILES: [(&str, &str); 2] = [
    ("rollcall.toml", include_str!("init/rollcall.toml")),
    ("expected/README.md", include_str!("../../expected/README.md")),
];

/// A file that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{}`", path.display())]
struct NotWritten {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// Something in the way, found before anything is written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write to `{}`: `{}` is {what}", folder.display(), path.display())]
struct InTheWay {
    folder: PathBuf,
    path: PathBuf,
    what: &'static str,
}

pub(super) fn run(arguments: &Init) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    if let Some((path, what)) = in_the_way(folder) {
        let help = "move it away, or name another folder; nothing was written".to_owned();
        return Err(Failure::new(Exit::NoAudit, InTheWay { folder: folder.clone(), path, what }, Some(help)));
    }
    let mut lines = Vec::new();
    for (name, text) in FILES {
        let path = arguments.folder.join(name);
        let written = write_new(&path, text);
        let written =
            written.map_err(|source| Failure::new(Exit::NoAudit, NotWritten { path: path.clone(), source }, None))?;
        let word = if written { "wrote" } else { "kept " };
        lines.push(format!("{word}  {}", path.display()));
    }
    let next = "\nNext: run `rollcall check --aws`, then `rollcall audit`. Without lists, the audit is an inventory. \
                Put an export of\nthe directory into `expected/` (see its README.md). Then let `rollcall adopt` \
                draft the other lists from what AWS has\nnow.";
    print(|out| writeln!(out, "{}\n{next}", lines.join("\n")))
}

/// What keeps the files from being written: something else where a folder or a file has to be, or a link that leads to
/// nothing.
fn in_the_way(folder: &Path) -> Option<(PathBuf, &'static str)> {
    let files = FILES.map(|(name, _)| folder.join(name));
    let folders = files.iter().filter_map(|file| file.parent()).flat_map(Path::ancestors);
    let no_folder = folders.filter(|path| !path.as_os_str().is_empty()).find_map(|path| {
        let what = match fs::metadata(path) {
            Ok(found) if found.is_dir() => return None,
            Ok(_) => "a file, but must be a folder",
            Err(_) => dangling(path)?,
        };
        Some((path.to_owned(), what))
    });
    no_folder.or_else(|| {
        files.into_iter().find_map(|path| {
            let what = match fs::metadata(&path) {
                Ok(found) if found.is_dir() => "a folder, but must be a file",
                Ok(_) => return None,
                Err(_) => dangling(&path)?,
            };
            Some((path, what))
        })
    })
}

/// Whether a path is a broken symbolic link.
fn dangling(path: &Path) -> Option<&'static str> {
    let link = fs::symlink_metadata(path).ok()?;
    link.file_type().is_symlink().then_some("a broken symbolic link")
}

/// Writes a file where there is none, and says whether it did.
fn write_new(path: &Path, text: &str) -> io::Result<bool> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
