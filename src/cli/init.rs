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
    /// The folder to begin in.
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

pub(super) fn run(arguments: &Init) -> Result<Exit, Failure> {
    let mut lines = Vec::new();
    for (name, text) in FILES {
        let path = arguments.folder.join(name);
        let written = write_new(&path, text);
        let written =
            written.map_err(|source| Failure::new(Exit::NoAudit, NotWritten { path: path.clone(), source }, None))?;
        let word = if written { "wrote" } else { "kept " };
        lines.push(format!("{word}  {}", path.display()));
    }
    let next = "\nNext: run `rollcall check --aws`, then `rollcall audit`: an inventory, as long as there is no list. Put an export of\n\
                the directory into `expected/` (its README.md says which), and let `rollcall adopt` draft the other lists from what\n\
                AWS has now.";
    print(|out| writeln!(out, "{}\n{next}", lines.join("\n")))
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
