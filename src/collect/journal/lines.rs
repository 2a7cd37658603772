//! Pages as lines: what a live run writes while it goes, and what a package keeps.
//!
//! The first line names the format, its version and the scope; every further line is one page. It does not know what
//! the pages mean.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use super::page::Page;
use super::payload::Lines;
use crate::model::Scope;

/// The name of the format.
pub const FORMAT: &str = "rollcall-pages";
/// The version of the format that this build writes, and the only one that it reads.
pub const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
    scope: Scope,
}

/// The part of the first line that says whether the rest can be understood.
#[derive(Deserialize)]
struct Format {
    format: String,
    version: u32,
}

/// A journal that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The bytes did not come.
    #[error("cannot read line {line}")]
    Read {
        /// The line, counted from one.
        line: usize,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// There is no first line.
    #[error("line 1: the journal is empty")]
    Empty,
    /// It is something else, or of another version.
    #[error("line 1: this is `{format}` version {version}; this build reads `{FORMAT}` version {VERSION}")]
    Foreign {
        /// What the line says.
        format: String,
        /// What the line says.
        version: u32,
    },
    /// A line is not what it should be.
    #[error("line {line} is not {what}")]
    Malformed {
        /// The line, counted from one.
        line: usize,
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        #[source]
        source: serde_json::Error,
    },
}

impl JournalError {
    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self {
            JournalError::Foreign { .. } => Some("read it with the version of Rollcall that wrote it"),
            JournalError::Malformed { .. } => Some(
                "if the run was interrupted, resume it with `--resume`: it drops the incomplete last line and asks \
                 AWS again",
            ),
            JournalError::Read { .. } | JournalError::Empty => None,
        }
    }
}

/// Writes the first line.
///
/// # Errors
/// Where `out` does not take it.
pub fn begin(out: &mut dyn Write, scope: &Scope) -> io::Result<()> {
    write_line(out, &Header { format: FORMAT.to_owned(), version: VERSION, scope: scope.clone() })
}

/// Writes one page.
///
/// # Errors
/// Where `out` does not take it.
pub fn append(out: &mut dyn Write, page: &Page) -> io::Result<()> {
    write_line(out, page)
}

/// Puts one page to the end of a journal, and leaves its answer there.
///
/// # Errors
/// Where the file does not take it.
pub fn put(lines: &Lines, page: Page) -> io::Result<Page> {
    let line = lines.put(|out| append(out, &page))?;
    Ok(page.left_in(line))
}

/// Writes a whole journal in canonical form: pages in the order of their questions, so that the same pages are the
/// same bytes whatever order they came in.
///
/// # Errors
/// Where `out` does not take it, or an answer cannot be read again where it was left.
pub fn write(out: &mut dyn Write, scope: &Scope, pages: &[Page]) -> io::Result<()> {
    let mut ordered: Vec<&Page> = pages.iter().collect();
    ordered.sort_by(|one, other| one.order(other));
    begin(out, scope)?;
    ordered.into_iter().try_for_each(|page| append(out, page))
}

/// Reads a journal back, in the order of its lines.
///
/// # Errors
/// [`JournalError`]: a journal that is damaged anywhere is refused, because what a line lacks could not be told from
/// what was never asked.
pub fn read(journal: impl BufRead) -> Result<(Scope, Vec<Page>), JournalError> {
    let mut lines = journal.lines().enumerate().map(|(number, line)| (number + 1, line));
    let Some((line, first)) = lines.next() else {
        return Err(JournalError::Empty);
    };
    let first = first.map_err(|source| JournalError::Read { line, source })?;
    let scope = header(&first)?;
    let pages = lines.map(|(line, text)| page(line, &text.map_err(|source| JournalError::Read { line, source })?));
    Ok((scope, pages.collect::<Result<_, _>>()?))
}

/// Whether this first line of a file is that of a journal.
#[must_use]
pub fn begins(line: &str) -> bool {
    header(line).is_ok()
}

/// What a run that was cut short has left.
#[derive(Debug)]
pub struct Left {
    /// What that run was told to look at.
    pub scope: Scope,
    /// Its pages, in the order in which they came.
    pub pages: Vec<Page>,
    /// How many bytes of the journal are whole lines.
    pub whole: u64,
    /// Whether the last line was only begun: it is left out.
    pub torn: bool,
}

/// Reads the journal of a run that was cut short, which may end within a line. What such a line would have held was
/// never taken for an answer, and is asked again. The answers are left in `lines`, of which this is the beginning.
///
/// # Errors
/// As [`read`], for any other damage.
pub fn read_left(mut journal: impl BufRead, lines: &Lines) -> Result<Left, JournalError> {
    let (mut pages, mut scope, mut whole, mut text) = (Vec::new(), None, 0, String::new());
    for line in 1.. {
        text.clear();
        let bytes = journal.read_line(&mut text).map_err(|source| JournalError::Read { line, source })?;
        // A page is written with the end of its line, so a line without one is not whole.
        let is_whole = text.ends_with('\n');
        match scope {
            Some(_) if is_whole => pages.push(page(line, &text)?.left_in(lines.line(whole, bytes))),
            None if is_whole => scope = Some(header(&text)?),
            Some(scope) => return Ok(Left { scope, pages, whole, torn: bytes > 0 }),
            None => return Err(JournalError::Empty),
        }
        whole += bytes as u64;
    }
    unreachable!("a file ends before the numbers of its lines do")
}

fn page(line: usize, text: &str) -> Result<Page, JournalError> {
    serde_json::from_str(text).map_err(|source| JournalError::Malformed { line, what: "a page", source })
}

fn header(line: &str) -> Result<Scope, JournalError> {
    let malformed = |source| JournalError::Malformed { line: 1, what: "the header of a journal", source };
    let Format { format, version } = serde_json::from_str(line).map_err(malformed)?;
    if (format.as_str(), version) != (FORMAT, VERSION) {
        return Err(JournalError::Foreign { format, version });
    }
    let header: Header = serde_json::from_str(line).map_err(malformed)?;
    Ok(header.scope)
}

fn write_line(out: &mut dyn Write, line: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, line)?;
    out.write_all(b"\n")
}
