//! The append-only shelf, and what lies on it: packages, the chain, claims, and sent messages.
//!
//! A [`Shelf`] (a folder or a bucket) has three verbs: create if absent, read, list. Everything else is a protocol
//! over them, so nothing is ever overwritten or deleted. The stage carries bytes: what a report says, or what a message
//! looks like, it does not know.
//!
//! ```text
//! packages/<job>/<as of>-<run>/<file>     one audit, or what applying a plan did, closed by its manifest.json
//! chain/<number>.json                     what makes a folder of files a package: no link, no package
//! claims/<job>/<due>/<number>.json        who is running a job that is due
//! sent/<job>/<link>.json                  what the recipients of the job's messages know
//! sent/<job>/<channel>/<link>.json        the same for a channel with a name
//! failures/<job>/<number>.json            what they know of runs of the job that failed
//! changes/<digest>/<number>.json          what applying a plan did, step by step
//! acknowledged/<digest>.json              why something may lie there that has no link
//! probes/<nonce>.json                     what was written to try the place out
//! ```

mod digest;
mod document;
mod error;
mod key;
mod location;
mod numbered_log;
mod object;
mod run;

mod append_store;
mod bucket;
mod folder;
mod write_thread;

pub mod acknowledgements;
pub mod alert_log;
pub mod chain;
pub mod change_log;
pub mod draft;
pub mod failure_log;
pub mod foreign_objects;
pub mod leases;
pub mod manifest;
pub mod package;
pub mod probe;
pub mod watch_log;

use aws_config::SdkConfig;

pub use append_store::Shelf;
pub use bucket::{Bucket, Options};
pub use digest::Digest;
pub use error::StoreError;
pub use folder::Folder;
pub use key::{BadKey, Key};
pub use location::{BadLocation, HOME, Location, is_of_a_home};
pub use object::{Body, Created, Entry, EntryKind, Object};
pub use run::Run;

/// What a name ends with of what is neither a file nor a folder.
const LEADS_ELSEWHERE: &str = " (a symbolic link, not a file)";

/// The job that runs by hand are kept under.
pub const MANUAL: &str = "manual";

/// The job that what applying a plan did is kept under.
pub const CHANGES: &str = "changes";

/// The shelf at a location. Nothing is read or made yet; the first verb that is used finds out whether it is there.
///
/// # Errors
/// Only where `session` fails. It is asked for a bucket alone: a folder needs no credentials.
pub async fn open<E>(
    location: &Location,
    options: &Options,
    session: impl AsyncFnOnce() -> Result<SdkConfig, E>,
) -> Result<Shelf, E> {
    match location {
        Location::Folder(root) => Ok(Shelf::Folder(Folder::open(root))),
        Location::Bucket { name, prefix } => {
            let config = session().await?;
            Ok(Shelf::Bucket(Bucket::open(&config, name, prefix.clone(), options)))
        }
    }
}
