//! What can go wrong with the store, and what to do about it.

use std::io;
use std::path::PathBuf;

use super::{BadKey, Key};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("cannot {doing} `{}`", path.display())]
    File {
        /// `read`, `write`, `list`.
        doing: &'static str,
        /// What.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// S3 refused, or could not be reached.
    #[error("cannot {doing} `{object}`: {code} ({message})")]
    Bucket {
        /// `read`, `write`, `list`.
        doing: &'static str,
        /// The object's or the bucket's address.
        object: String,
        /// The error's code, as AWS names it, or a word for what happened on the way.
        code: String,
        /// What was said.
        message: String,
    },
    /// S3 said time and again that somebody else was writing the same key.
    #[error("cannot write `{object}`: another request was writing the same key {attempts} times in a row")]
    Contested {
        /// The object's address.
        object: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// A listing that would not have ended, or an answer without what every answer has.
    #[error("cannot understand the answer of the bucket for `{object}`: {why}")]
    Answer {
        /// The object's or the bucket's address.
        object: String,
        /// What was wrong with it.
        why: &'static str,
    },
    /// There is something else under a name that should have been free.
    #[error("`{key}` already exists in the store with other contents")]
    Occupied {
        /// The object.
        key: Key,
    },
    /// The store puts one object in the place of another, although it was told not to.
    #[error("the store overwrote `{key}`, despite `If-None-Match: *`")]
    Replaces {
        /// The object.
        key: Key,
    },
    /// An object that the store names is not there.
    #[error("`{key}` is missing in the store, but {named_by} names it")]
    Missing {
        /// The object.
        key: Key,
        /// What names it.
        named_by: String,
    },
    /// An object's contents are not those that were written.
    #[error("`{key}` was changed: its SHA-256 differs from the one in {named_by}")]
    Changed {
        /// The object.
        key: Key,
        /// What names its digest.
        named_by: String,
    },
    /// An object lies in a package whose manifest does not name it.
    #[error("`{name}` is in a package, but not in its manifest")]
    Unlisted {
        /// The object, which need not have a valid key.
        name: String,
    },
    /// The chain of packages is not one chain.
    #[error("the chain of packages is broken at `{at}`: {why}")]
    BrokenChain {
        /// The link.
        at: Key,
        /// What is wrong with it.
        why: String,
    },
    /// One of our own documents cannot be understood.
    #[error("cannot understand `{name}`")]
    Document {
        /// The object or file.
        name: String,
        /// Where and why.
        #[source]
        source: serde_json::Error,
    },
    /// One of our own documents has a format that this version does not know.
    #[error("`{name}` has format {version}; this version of Rollcall reads format {known}")]
    Format {
        /// The object or file.
        name: String,
        /// The format it has.
        version: u32,
        /// The format that we know.
        known: u32,
    },
    /// The chain has a package of this job for the instant at which it was due: another process was faster.
    #[error("job `{job}`, scheduled for {due}, already has a package: link {link}")]
    DoneBefore {
        /// The job.
        job: String,
        /// When it was due.
        due: String,
        /// The link.
        link: u32,
    },
    /// Another process took over.
    #[error("lost the lease of job `{job}`, scheduled for {due}: another process has taken it over")]
    ClaimLost {
        /// The job.
        job: String,
        /// When it was due.
        due: String,
    },
    /// A name that cannot be on the shelf.
    #[error(transparent)]
    Key(#[from] BadKey),
}

impl StoreError {
    /// Whether it is about one object that is not as it was left, or cannot be had any more, and not about the store.
    /// Trying again does not help then; doing without it does.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Missing { .. }
            | StoreError::Changed { .. }
            | StoreError::Unlisted { .. }
            | StoreError::BrokenChain { .. }
            | StoreError::Document { .. }
            | StoreError::Format { .. }
            | StoreError::File { .. }
            | StoreError::Key(_) => true,
            // An object was moved to an archive, or its key was disabled.
            StoreError::Bucket { code, .. } => code == "InvalidObjectState" || code.starts_with("KMS."),
            StoreError::Contested { .. }
            | StoreError::Answer { .. }
            | StoreError::Occupied { .. }
            | StoreError::Replaces { .. }
            | StoreError::DoneBefore { .. }
            | StoreError::ClaimLost { .. } => false,
        }
    }

    /// Whether something stands where the store would make a folder or a file of its own. What is only advice is then
    /// done without; a disk that is full, or a network that is down, would only be met later.
    #[must_use]
    pub fn is_in_the_way(&self) -> bool {
        let StoreError::File { source, .. } = self else { return false };
        matches!(
            source.kind(),
            io::ErrorKind::NotADirectory
                | io::ErrorKind::IsADirectory
                | io::ErrorKind::AlreadyExists
                | io::ErrorKind::Other
        )
    }

    /// What to do about it, where something can be done.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            StoreError::Bucket { code, .. } => return bucket_help(code).map(str::to_owned),
            StoreError::Contested { .. } => "make sure that no other program writes below this prefix, and run again",
            StoreError::Occupied { .. } => {
                "nothing was overwritten; if it is not one of Rollcall's own files, give the store its own prefix"
            }
            StoreError::Replaces { .. } => {
                "two runs at the same time would overwrite each other's link: use Amazon S3, or a store with \
                 conditional writes (`rollcall check --store` tests this)"
            }
            StoreError::Missing { .. } | StoreError::Changed { .. } | StoreError::Unlisted { .. } => {
                "the store was changed manually: find out who did it. Restore the object from a backup or an earlier \
                 version, or keep this store as it is and start a new one elsewhere"
            }
            StoreError::BrokenChain { .. } => {
                "links were changed, removed or added manually: restore `chain/` from a backup or an earlier \
                 version, or start a new store at another location and keep this one as it is"
            }
            StoreError::Format { version, known, .. } if version > known => {
                "use the version of Rollcall that wrote it, or a newer one"
            }
            StoreError::ClaimLost { .. } => {
                "this run stops and leaves the job to the other process; it did not renew its lease in time"
            }
            StoreError::File { source, .. } => return file_help(source.kind()).map(str::to_owned),
            StoreError::Answer { .. }
            | StoreError::DoneBefore { .. }
            | StoreError::Document { .. }
            | StoreError::Format { .. }
            | StoreError::Key(_) => return None,
        };
        Some(help.to_owned())
    }
}

fn file_help(kind: io::ErrorKind) -> Option<&'static str> {
    let helps: [(&[io::ErrorKind], &'static str); 4] = [
        (
            &[io::ErrorKind::PermissionDenied],
            "give the user that Rollcall runs as read and write access, or name another folder",
        ),
        (&[io::ErrorKind::NotADirectory, io::ErrorKind::Other], "name a folder, or a path where one can be created"),
        (&[io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded], "make room there, or name another folder"),
        (&[io::ErrorKind::ReadOnlyFilesystem], "name a writable folder"),
    ];
    helps.into_iter().find_map(|(kinds, help)| kinds.contains(&kind).then_some(help))
}

fn bucket_help(code: &str) -> Option<&'static str> {
    match code {
        "AccessDenied" => Some(
            "allow `s3:PutObject` and `s3:GetObject` below the prefix, `s3:ListBucket` on the bucket, and \
             `kms:GenerateDataKey` and `kms:Decrypt` if it is encrypted with your own key",
        ),
        "NoSuchBucket" => Some("create the bucket, or correct its name in the settings"),
        "PermanentRedirect" | "AuthorizationHeaderMalformed" => Some("use the region of the bucket"),
        "connection" | "timeout" => Some("check the network, the region and the endpoint"),
        _ => None,
    }
}
