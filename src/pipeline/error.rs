//! Why no audit could be done.

use std::io;
use std::path::PathBuf;

use crate::alert::BadTold;
use crate::aws::failure::Failure;
use crate::collect::CollectError;
use crate::expect::ExpectError;
use crate::render::NotAReport;
use crate::store::StoreError;

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
    /// The bucket of expected lists cannot be read.
    #[error("cannot read the expected lists in `{at}`")]
    ListsBucket {
        /// Where they are.
        at: String,
        /// Why.
        #[source]
        source: StoreError,
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
    /// Saved output is not there.
    #[error("cannot read saved AWS output `{}`", path.display())]
    Saved {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
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
    /// The report of the earlier run cannot be understood.
    #[error("cannot understand the earlier report of `{job}`")]
    Earlier {
        /// The job.
        job: String,
        /// Why.
        #[source]
        source: NotAReport,
    },
    /// The record of what was told cannot be understood.
    #[error("cannot understand what was told of `{job}` before")]
    Told {
        /// The job.
        job: String,
        /// Why.
        #[source]
        source: BadTold,
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

impl PipelineError {
    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            PipelineError::ListsFolder { .. } => {
                Some("`expect.path` or `--expected` names the folder of the expected lists".to_owned())
            }
            PipelineError::ListsBucket { source: StoreError::Bucket { code, .. }, .. } if code == "AccessDenied" => {
                let help = "allow `s3:ListBucket` on the bucket, `s3:GetObject` below the prefix, and `kms:Decrypt` if it is \
                            encrypted with a key of yours";
                Some(help.to_owned())
            }
            PipelineError::ListsBucket { source, .. } => source.help(),
            PipelineError::Lists { source, .. } => source.help(),
            PipelineError::Collect(source) => source.help().map(str::to_owned),
            PipelineError::SignIn(source) => source.help().map(str::to_owned),
            PipelineError::Store(source) => source.help(),
            PipelineError::Earlier { .. } | PipelineError::Told { .. } | PipelineError::Replay { .. } => {
                Some("it was probably left by another version of Rollcall: use that one".to_owned())
            }
            PipelineError::Draft(_) => Some("the system's folder for temporary files must have room".to_owned()),
            PipelineError::Saved { .. } => {
                Some("name a folder with `calls.jsonl`, or the journal that `rollcall collect` wrote".to_owned())
            }
            PipelineError::Write { .. } => None,
        }
    }
}
