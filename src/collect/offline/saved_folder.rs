//! A folder of saved AWS CLI output: `calls.jsonl` says what was asked when, and names the file of each answer.
//!
//! The first line of `calls.jsonl` names the format, its version and the scope; every further line is one command.
//! An answer that is missing or damaged is an unreadable page and costs no other; a damaged `calls.jsonl` is refused,
//! because what it no longer says could not be told from what was never asked.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::aws::complete_body;
use crate::aws::failure::{self, Failure, Kind};
use crate::collect::api::responses::kept;
use crate::collect::journal::page::{Call, Operation, Outcome, Page, Parameters};
use crate::model::{AccountId, Scope, parser_words, quoted};

/// The name of the list of calls.
pub const CALLS: &str = "calls.jsonl";
/// The name of its format.
pub const FORMAT: &str = "rollcall-calls";
/// The version of the format that this build writes and reads.
pub const VERSION: u32 = 1;

/// What steers the reading of an answer and is no part of the question.
const NOT_ASKED: [&str; 3] = ["MaxItems", "MaxResults", "PageSize"];
/// What asks for a page that is not the first.
const TOKENS: [&str; 3] = ["Marker", "NextToken", "StartingToken"];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "format")]
    _format: IgnoredAny,
    #[serde(rename = "version")]
    _version: IgnoredAny,
    scope: Scope,
    /// `AWS_ENDPOINT_URL` of the shell that ran the commands, where it was set.
    #[serde(default)]
    redirected_to: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedCall {
    command: String,
    #[serde(default)]
    parameters: Parameters,
    #[serde(default)]
    account: Option<AccountId>,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    exit_code: i32,
    /// The answer's file, in this folder; what the command said on stderr is beside it as `<file>.err`.
    file: String,
    #[serde(default = "first")]
    page: u32,
}

fn first() -> u32 {
    1
}

/// A folder of saved output that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The list of calls is not there, or cannot be read.
    #[error("cannot read `{CALLS}`")]
    Calls(#[source] io::Error),
    /// A line of it is not what it should be.
    #[error("`{CALLS}`, line {line}: not {what}")]
    Malformed {
        /// The line, counted from one.
        line: usize,
        /// What it should be.
        what: &'static str,
        /// Why it is not.
        #[source]
        source: serde_json::Error,
    },
    /// It is something else, or of another version.
    #[error("`{CALLS}`, line 1: this is `{format}` version {version}; this build reads `{FORMAT}` version {VERSION}")]
    Foreign {
        /// What the line says.
        format: String,
        /// What the line says.
        version: u32,
    },
    /// A file name that leads out of the folder.
    #[error("`{CALLS}`, line {line}: `{file}` is not the name of a file in the same folder")]
    Outside {
        /// The line, counted from one.
        line: usize,
        /// What it names.
        file: String,
    },
    /// An answer cannot be kept until it is written to the package.
    #[error("cannot keep an answer in a temporary file")]
    Kept(#[source] io::Error),
}

impl FilesError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            FilesError::Calls(_) => "name the folder that the script of `rollcall collect --print-commands` wrote",
            FilesError::Malformed { .. } | FilesError::Outside { .. } => {
                "run the script again into an empty folder, and do not edit what it writes"
            }
            FilesError::Kept(_) => "free space in the folder for temporary files, or name another one with `TMPDIR`",
            FilesError::Foreign { .. } => "print the commands again with this version of Rollcall, and run them",
        }
    }
}

/// Reads a folder's scope and pages; `keep` takes each page as it comes, and says where its answer is from then on.
///
/// # Errors
/// [`FilesError`] where the list of calls cannot be trusted, or `keep` does not take a page.
pub fn read(folder: &Path, mut keep: impl FnMut(Page) -> io::Result<Page>) -> Result<(Scope, Vec<Page>), FilesError> {
    let calls = fs::read_to_string(folder.join(CALLS)).map_err(FilesError::Calls)?;
    let mut lines = calls.lines().enumerate().map(|(number, line)| (number + 1, line));
    let header = header(lines.next().map_or("", |(_, line)| line))?;
    let mut pages = Vec::new();
    for (line, text) in lines {
        let saved: SavedCall =
            serde_json::from_str(text).map_err(|source| FilesError::Malformed { line, what: "a call", source })?;
        if saved.file.is_empty() || saved.file.starts_with('.') || saved.file.contains(['/', '\\']) {
            return Err(FilesError::Outside { line, file: saved.file });
        }
        // Commands of other kinds may have been noted too: they answer nothing that is asked here.
        if let Ok(operation) = Operation::of_command(&saved.command) {
            let page = page(folder, operation, saved, header.redirected_to.as_deref());
            pages.push(keep(page).map_err(FilesError::Kept)?);
        }
    }
    Ok((header.scope, pages))
}

fn header(line: &str) -> Result<Header, FilesError> {
    #[derive(Deserialize)]
    struct Format {
        format: String,
        version: u32,
    }
    let malformed = |source| FilesError::Malformed { line: 1, what: "the header of a list of calls", source };
    let Format { format, version } = serde_json::from_str(line).map_err(malformed)?;
    if (format.as_str(), version) != (FORMAT, VERSION) {
        return Err(FilesError::Foreign { format, version });
    }
    serde_json::from_str(line).map_err(malformed)
}

fn page(folder: &Path, operation: Operation, saved: SavedCall, redirected_to: Option<&str>) -> Page {
    let token = TOKENS.iter().find(|token| saved.parameters.get(token).is_some());
    let outcome = if let Some(token) = token.filter(|_| saved.page == first()) {
        Outcome::Unreadable(format!("{}: the call has `{token}` but no `page` number", quoted(&saved.file),))
    } else if saved.exit_code == 0 {
        answer(operation, &folder.join(&saved.file), &saved.file)
    } else {
        Outcome::Failure(failed(&folder.join(format!("{}.err", saved.file)), saved.exit_code))
    };
    Page {
        call: Call {
            operation,
            account: saved.account,
            parameters: saved.parameters.without(&NOT_ASKED).without(&TOKENS),
        },
        page: saved.page,
        started: saved.start,
        ended: saved.end,
        request_id: None,
        attempts: 1,
        throttled: 0,
        redirected_to: redirected_to.map(str::to_owned),
        outcome,
    }
}

/// The answer in a file, without what of it is not read.
fn answer(operation: Operation, path: &Path, file: &str) -> Outcome {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => return Outcome::Unreadable(format!("{}: {error}", quoted(file))),
    };
    // Version 2 of the AWS CLI prints nothing at all where an answer has no fields.
    let text = if text.trim().is_empty() { "{}" } else { &text };
    let unreadable = |said: String| Outcome::Unreadable(format!("{}: {said}", quoted(file)));
    match (kept(operation, text), complete_body::check(text.as_bytes(), operation.fields())) {
        (Err(no_json), _) if !no_json.is_data() => unreadable(parser_words(&no_json)),
        (Ok(_) | Err(_), Err(lacks)) => unreadable(lacks.to_string()),
        (Err(another), Ok(())) => unreadable(parser_words(&another)),
        (Ok(answer), Ok(())) => answer,
    }
}

/// What the AWS CLI says of a failure: `An error occurred (AccessDenied) when calling the ListUsers operation: …`.
fn failed(path: &Path, exit_code: i32) -> Failure {
    let said = fs::read_to_string(path).unwrap_or_default();
    let said = said.trim();
    let named = said
        .split_once("An error occurred (")
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(code, rest)| (code, rest.split_once(": ").map_or(rest.trim(), |(_, message)| message)));
    if let Some((code, message)) = named {
        // Where the AWS CLI cannot read an error, it prints the status as its code and the text as its message.
        if let Ok(status) = code.parse() {
            return failure::of_stranger(status, message, message);
        }
        return Failure::from_code(code, message);
    }
    // Version 1 goes on to list all that it knows.
    if said.to_ascii_lowercase().contains("invalid choice") {
        let message = "this version of the AWS CLI does not have the command; newer versions do";
        return Failure::new(Kind::Failed, format!("exit code {exit_code}"), message);
    }
    let kind = match said {
        text if text.contains("Unable to locate credentials") => Kind::NoCredentials,
        text if text.contains("expired") => Kind::Expired,
        text if text.contains("You must specify a region") => Kind::NoRegion,
        text if text.contains("Could not connect to the endpoint") => Kind::Unreachable,
        _ => Kind::Failed,
    };
    let message = if said.is_empty() { "the command printed no message" } else { said };
    Failure::new(kind, format!("exit code {exit_code}"), message)
}
