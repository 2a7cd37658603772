//! `rollcall verify`: whether a store still says what it said, and whether its reports follow from their inputs.

use clap::Args;

use super::options::{Config, location, no_audit};
use super::{Exit, Failure, print};
use crate::pipeline::{self, Replayed};
use crate::store::Location;
use crate::wording;

/// Arguments of `rollcall verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    config: Config,
    /// The store: a folder, or s3://bucket/prefix. The settings' `report.to` without it.
    store: Option<Location>,
}

pub(super) async fn run(arguments: &Verify) -> Result<Exit, Failure> {
    let settings =
        if arguments.store.is_some() { arguments.config.read_or_default()? } else { arguments.config.read()? };
    let store = arguments.store.clone().unwrap_or_else(|| location(&settings, &settings.report.to));
    let replayed = pipeline::verify(&settings, &store).await.map_err(no_audit)?;
    print(|out| {
        for package in &replayed {
            writeln!(out, "{}", line(package))?;
        }
        let differing = replayed.iter().filter(|package| !package.differing.is_empty()).count();
        let packages = wording::count(replayed.len(), "package");
        writeln!(
            out,
            "{packages}, every digest as its manifest says; {}",
            match differing {
                0 => "every report follows from its inputs".to_owned(),
                differing =>
                    format!("{} not follow from the inputs with this version", wording::count(differing, "report")),
            }
        )
    })?;
    Ok(if replayed.iter().all(|package| package.differing.is_empty()) { Exit::InOrder } else { Exit::NoAudit })
}

fn line(package: &Replayed) -> String {
    let what = match package.differing.as_slice() {
        [] => "as its inputs say".to_owned(),
        differing => format!("differs: {} (made by version {})", differing.join(", "), package.version),
    };
    format!("{:>8}  {}  {what}", package.link, package.run_id)
}
