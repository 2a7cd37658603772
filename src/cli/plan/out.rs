//! Where a plan goes: to the terminal for its author, and into a file for everyone else.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::failure::{Level, tell};
use crate::cli::options::shown;
use crate::cli::{Exit, Failure, columns, print};
use crate::pipeline::plan::{PlanMade, text};
use crate::pipeline::regular_file;

/// A plan that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the plan to `{}`", path.display())]
struct NotWritten {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// There is nothing to plan, and the file is another plan's.
#[derive(Debug, thiserror::Error)]
#[error("there is nothing to change, so no plan was written; `{}` is an earlier file", .0.display())]
struct Earlier(PathBuf);

/// What could not be seen.
#[derive(Debug, thiserror::Error)]
#[error("{} that the plan depends on could not be read: {}", crate::wording::count(.0.len(), "thing"), .0.join("; "))]
struct Unseen<'a>(&'a [String]);

/// Writes and prints a plan.
pub(super) fn deliver(made: &PlanMade, to: Option<&Path>) -> Result<Exit, Failure> {
    let is_empty = made.plan.changes.is_empty();
    if let Some(path) = to.filter(|_| !is_empty) {
        write(path, &made.bytes).map_err(|source| {
            let help = if source.kind() == io::ErrorKind::InvalidInput {
                "name a regular file, or a path where there is nothing"
            } else {
                "name a file in an existing folder that you may write to"
            };
            let help = help.to_owned();
            Failure::new(Exit::NoAudit, NotWritten { path: path.to_owned(), source }, Some(help))
        })?;
    }
    print(|out| {
        text(&made.plan, &made.digest, columns(), out)?;
        match to.map(shown) {
            _ if is_empty => writeln!(out, "\nNothing was written."),
            Some(path) => {
                writeln!(out, "\nWritten to {path}. For a pull request: rollcall plan show {path} --format markdown")
            }
            None => writeln!(out, "\nNothing was written: `--out FILE` saves the plan."),
        }
    })?;
    if !is_empty {
        tell_unseen(&made.unseen);
    } else if let Some(path) = to.filter(|path| path.exists()) {
        // Whoever applies the file next would apply another plan.
        let help = "delete it, or name another file".to_owned();
        return Err(Failure::new(Exit::NoAudit, Earlier(path.to_owned()), Some(help)));
    }
    Ok(match (made.plan.held.is_empty(), made.unseen.is_empty()) {
        (false, _) => Exit::Findings,
        (true, false) => Exit::Incomplete,
        (true, true) => Exit::InOrder,
    })
}

/// Warns of what could not be seen.
pub(in crate::cli) fn tell_unseen(unseen: &[String]) {
    if !unseen.is_empty() {
        let help = "grant the missing permissions, or check yourself that the unread data does not contradict the plan";
        tell(Level::Warning, &Unseen(unseen), Some(help));
    }
}

/// Writes a file that only its owner can read: names and mail addresses are in it.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
    regular_file::or_nothing(path)?;
    // A reader never sees half a plan.
    let beside = folder.join(format!(".{}.new", name.to_string_lossy()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}
