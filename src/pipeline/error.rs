//! Why no audit could be done.

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::aws::failure::Failure;
use crate::collect::CollectError;
use crate::expect::{Damage, ExpectError};
use crate::store::{Digest, StoreError};
use crate::wording::{count, instant};

use crate::collect::journal::not_resumed::NotResumed;

/// Why no audit could be done.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The folder of expected lists cannot be read.
    #[error("cannot read `{}`", path.display())]
    ListsFolder {
        /// What cannot be read.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The folder of expected lists that was asked for is not there.
    #[error("folder `{}` does not exist", path.display())]
    NoListsFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder of expected lists holds something that reading may never come to the end of.
    #[error("`{}` is {what}; lists must be regular files", path.display())]
    NotAFile {
        /// What is no file.
        path: PathBuf,
        /// What it is: `a named pipe`.
        what: &'static str,
    },
    /// What a run writes would lie in the folder of the expected lists.
    #[error(
        "{setting} is `{}`, in the folder of the expected lists (`{}`): the next run would read it as lists",
        place.display(),
        lists.display()
    )]
    InsideLists {
        /// The setting, and its option.
        setting: &'static str,
        /// What it names.
        place: PathBuf,
        /// The folder of the lists.
        lists: PathBuf,
    },
    /// The bucket of expected lists cannot be read.
    #[error("cannot read the expected lists in `{at}`")]
    ListsBucket {
        /// Where they are.
        at: String,
        /// Why.
        #[source]
        source: StoreError,
    },
    /// A run that asks AWS now was to speak about an instant in the past.
    #[error(
        "`as_of` ({}) is in the past, but this run queries AWS now ({})",
        instant(*at),
        instant(*now)
    )]
    PastInstant {
        /// The instant.
        at: DateTime<Utc>,
        /// The present.
        now: DateTime<Utc>,
    },
    /// A run on saved answers was to speak about an instant before the first of them.
    #[error("`as_of` ({}) is before the first saved answer ({})", instant(*at), instant(*from))]
    BeforeFacts {
        /// The instant.
        at: DateTime<Utc>,
        /// When the first answer was asked for.
        from: DateTime<Utc>,
    },
    /// A run on saved answers was to speak about an instant before the last of them.
    #[error("`as_of` is {}, before some of the saved answers, the last of which is of {}", instant(*at), instant(*to))]
    BeforeLastFact {
        /// The instant.
        at: DateTime<Utc>,
        /// When the last answer was there.
        to: DateTime<Utc>,
    },
    /// An expected list cannot be relied on.
    #[error("cannot use the expected lists in `{at}`")]
    Lists {
        /// Where they are.
        at: String,
        /// Which list, and why.
        #[source]
        source: ExpectError,
    },
    /// The expected lists that the earlier run of the job had are gone.
    #[error("no expected list in `{at}`, but the earlier run of this job had {}", count(*before, "list"))]
    ListsVanished {
        /// Where they were to be.
        at: String,
        /// How many there were.
        before: usize,
    },
    /// Saved output is not there.
    #[error("cannot read saved AWS output `{}`", path.display())]
    Saved {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// An earlier run cannot be gone on from.
    #[error("cannot resume the earlier run")]
    Resume(#[from] NotResumed),
    /// An earlier run was cut short, and nobody said what becomes of its journal.
    #[error("an interrupted run left the journal `{}`", path.display())]
    LeftBefore {
        /// The journal.
        path: PathBuf,
    },
    /// Somebody ended the run.
    #[error("the run was interrupted")]
    Interrupted,
    /// A run ended too early, and can be gone on from.
    #[error("the run ended early")]
    Unfinished {
        /// What it was told until then.
        journal: PathBuf,
        /// Why it ended.
        #[source]
        source: Box<PipelineError>,
    },
    /// Nothing could be collected.
    #[error(transparent)]
    Collect(#[from] CollectError),
    /// Signing in to AWS failed.
    #[error("cannot sign in to AWS")]
    SignIn(#[source] Failure),
    /// The store failed before anything was asked of AWS.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nothing to verify.
    #[error("no chain of packages at `{at}`{}", but(*folders))]
    NoChain {
        /// The store.
        at: String,
        /// How many folders lie where packages lie.
        folders: usize,
    },
    /// A link that was there once is not there any more.
    #[error("no link of the chain at `{at}` has the SHA-256 {noted}")]
    NotInChain {
        /// The store.
        at: String,
        /// What was noted of it.
        noted: Digest,
    },
    /// An input of a package cannot be understood.
    #[error("cannot replay the package: `{name}` cannot be understood")]
    Replay {
        /// The file.
        name: &'static str,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The draft of the package cannot be written.
    #[error("cannot write the draft of the package")]
    Draft(#[source] io::Error),
    /// A list that was drafted would be read as something else.
    #[error("`{name}` was not written, because it would be read back differently")]
    Misread {
        /// The list.
        name: &'static str,
    },
    /// It panicked, and said where.
    #[error("this is a bug in Rollcall: the run panicked")]
    Bug,
    /// A file cannot be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

fn but(folders: usize) -> String {
    match folders {
        0 => String::new(),
        folders => format!(", but {} without a link", crate::wording::count(folders, "package")),
    }
}

impl PipelineError {
    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            PipelineError::ListsFolder { .. } => {
                Some("set the folder of the expected lists with `expect.path` or `--expected`".to_owned())
            }
            PipelineError::NoListsFolder { .. } => Some(
                "name the folder of the expected lists, or create it; without lists, an audit is an inventory"
                    .to_owned(),
            ),
            PipelineError::InsideLists { .. } => {
                Some("name a folder outside of it, or another folder of lists (`expect.path`, `--expected`)".to_owned())
            }
            PipelineError::NotAFile { .. } => {
                Some("remove it from the folder, or begin its name with a dot: such files are not read".to_owned())
            }
            PipelineError::ListsBucket { source: StoreError::Bucket { code, .. }, .. } if code == "AccessDenied" => {
                let help = "allow `s3:ListBucket` on the bucket, `s3:GetObject` below the prefix, and `kms:Decrypt` \
                            if it is encrypted with your own key";
                Some(help.to_owned())
            }
            PipelineError::ListsBucket { source, .. } => source.help(),
            PipelineError::PastInstant { .. }
            | PipelineError::BeforeFacts { .. }
            | PipelineError::BeforeLastFact { .. } => Some(
                "remove `as_of` from the settings, `--as-of` and ROLLCALL_AS_OF: an instant before the answers would \
                 make expired waivers and old lists valid again"
                    .to_owned(),
            ),
            PipelineError::ListsVanished { .. } => Some(
                "put the lists back, or set their location (`expect.path`, `--expected`); an inventory without lists \
                 needs its own store or job"
                    .to_owned(),
            ),
            PipelineError::Lists { source, .. } => source.help(),
            PipelineError::Collect(source) => source.help().map(str::to_owned),
            PipelineError::SignIn(source) => source.help().map(str::to_owned),
            PipelineError::Store(source) => source.help(),
            PipelineError::NoChain { folders: 0, .. } => Some(
                "name the folder, or the bucket with its prefix, that contains `chain/` and `packages/`".to_owned(),
            ),
            PipelineError::NoChain { .. } => Some(
                "without a link there is no proof that a run wrote them: restore `chain/` from a backup or an \
                 earlier version"
                    .to_owned(),
            ),
            PipelineError::NotInChain { .. } => Some(
                "links were removed or rewritten since, or the SHA-256 is from another store: compare with a backup \
                 or an earlier version of `chain/`"
                    .to_owned(),
            ),
            PipelineError::Replay { .. } => {
                Some("another version of Rollcall probably wrote it: use that version".to_owned())
            }
            PipelineError::Draft(_) => Some("make room in the system's folder for temporary files".to_owned()),
            PipelineError::Saved { .. } => {
                Some("name a folder with `calls.jsonl`, or the journal that `rollcall collect` wrote".to_owned())
            }
            PipelineError::Misread { .. } => {
                Some("a list cannot hold one of the names in AWS; write the list manually".to_owned())
            }
            PipelineError::Resume(source) => Some(source.help().to_owned()),
            PipelineError::LeftBefore { .. } => Some(
                "resume it with the same command and `--resume`, or delete the journal and begin a new run".to_owned(),
            ),
            PipelineError::Unfinished { journal, source } => {
                let resume = format!("run the same command with `--resume {}`", journal.display());
                Some(source.help().map_or_else(|| resume.clone(), |help| format!("{help}; then {resume}")))
            }
            PipelineError::Write { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
                Some("nothing was overwritten: name another file, or move this one away".to_owned())
            }
            PipelineError::Write { source, .. } if source.kind() == io::ErrorKind::InvalidInput => {
                Some("name a regular file, or a path where there is nothing".to_owned())
            }
            PipelineError::Write { source, .. }
                if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
            {
                Some("its folder is missing or is not a folder: create it, or name another one".to_owned())
            }
            PipelineError::Bug => {
                Some("report it with the line above, which says where; other jobs continue".to_owned())
            }
            PipelineError::Write { .. } | PipelineError::Interrupted => None,
        }
    }
}

/// An error and its causes in one line, without a word of what people's lists and answers of AWS hold: for logs and
/// alerts, which more people read than the reports.
#[must_use]
pub fn for_log(error: &(dyn std::error::Error + 'static)) -> String {
    let mut said = Vec::new();
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(damage) = error.downcast_ref::<Damage>() {
            // What it was caused by may quote the list.
            said.push(damage.without_contents());
            break;
        }
        said.push(match (error.downcast_ref::<ExpectError>(), error.downcast_ref::<serde_json::Error>()) {
            (Some(ExpectError::RecordFormat { .. }), _) => "these are not records of expected lists".to_owned(),
            (_, Some(json)) => format!("line {}, column {}: {}", json.line(), json.column(), json_fault(json)),
            (_, None) => error.to_string(),
        });
        cause = error.source();
    }
    said.join(": ")
}

/// What is wrong with JSON; its parser's own words quote values.
fn json_fault(error: &serde_json::Error) -> &'static str {
    use serde_json::error::Category;

    match error.classify() {
        Category::Io => "it cannot be read",
        Category::Syntax => "it is not JSON",
        Category::Data => "it is JSON, but with unexpected content",
        Category::Eof => "it ends too early",
    }
}
