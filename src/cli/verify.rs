//! `rollcall verify`: whether a store still says what it said, and whether its reports follow from their inputs.

use clap::Args;

use super::failure::{Level, tell};
use super::options::{Config, location, no_audit, shown};
use super::{Exit, Failure, print};
use crate::pipeline::{self, Replayed, Verified};
use crate::store::{Digest, Location};
use crate::wording;

/// Arguments of `rollcall verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    config: Config,
    /// The store: a folder, or s3://bucket/prefix. The settings' `report.to` without it.
    store: Option<Location>,
    /// The SHA-256 of a link that was the last one once, as it was noted elsewhere: the chain must still have it.
    #[arg(long, value_name = "SHA-256")]
    last: Option<Digest>,
}

/// What lies among the packages and is none.
#[derive(Debug, thiserror::Error)]
#[error("{} without a link of the chain", wording::count(*.0, "package"))]
struct Unlinked(usize);

pub(super) async fn run(arguments: &Verify) -> Result<Exit, Failure> {
    let settings =
        if arguments.store.is_some() { arguments.config.read_or_default()? } else { arguments.config.read()? };
    let store = arguments.store.clone().unwrap_or_else(|| location(&settings, &settings.report.to));
    let Verified { packages, unlinked, last } =
        pipeline::verify(&settings, &store, arguments.last).await.map_err(no_audit)?;
    let differing = packages.iter().filter(|package| !package.differing.is_empty()).count();
    print(|out| {
        for package in &packages {
            writeln!(out, "{}", line(package))?;
        }
        for folder in &unlinked {
            writeln!(out, " no link  {}", shown(folder.as_ref()))?;
        }
        writeln!(out, "The last link's SHA-256 is {last}")?;
        let follow = match differing {
            0 => "every report follows from its inputs".to_owned(),
            differing => {
                format!("{} not follow from the inputs with this version", wording::count(differing, "report"))
            }
        };
        writeln!(out, "{}, every digest as its manifest says; {follow}", wording::count(packages.len(), "package"))
    })?;
    if !unlinked.is_empty() {
        let help = "a run publishes it just now, or was killed while it did, and then it counts for nothing; or else its link was \
                    taken away: look for it in a backup or an earlier version of `chain/`";
        tell(Level::Warning, &Unlinked(unlinked.len()), Some(help));
    }
    Ok(match (differing, unlinked.len()) {
        (0, 0) => Exit::InOrder,
        (0, _) => Exit::Incomplete,
        (_, _) => Exit::NoAudit,
    })
}

fn line(package: &Replayed) -> String {
    let what = match package.differing.as_slice() {
        [] => "as its inputs say".to_owned(),
        differing => format!("differs: {} (made by version {})", differing.join(", "), package.version),
    };
    format!("{:>8}  {}  {what}", package.link, package.run_id)
}
