//! `rollcall verify`: whether a store still says what it said, and whether its reports follow from their inputs.

use std::io::{self, Write};

use clap::Args;

use super::failure::{Level, tell};
use super::options::{Config, location, no_audit, shown};
use super::{Exit, Failure, now, print};
use crate::pipeline::{self, Replayed, Unlinked, Verified};
use crate::store::{Digest, Location};
use crate::wording;

/// Arguments of `rollcall verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    #[command(flatten)]
    config: Config,
    /// The store: a folder, or s3://bucket/prefix. Default: `report.to` of the settings.
    store: Option<Location>,
    /// The SHA-256 of an earlier last link, as noted elsewhere: the chain must still contain it.
    #[arg(long, value_name = "SHA-256")]
    last: Option<Digest>,
    /// Record in the store why objects without a link may stay as they are now. They are still listed, but no longer
    /// count.
    #[arg(long, value_name = "REASON", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    acknowledge: Option<String>,
}

/// What lies among the packages and is none.
#[derive(Debug, thiserror::Error)]
#[error("{} without a link in the chain", wording::count(*.0, "package"))]
struct Without(usize);

/// What lies among the links, and is none.
#[derive(Debug, thiserror::Error)]
#[error("{} in `chain/` that {} not part of the chain", wording::count(*.0, "file"), if *.0 == 1 { "is" } else { "are" })]
struct Strays(usize);

/// A folder of the store that is none.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is a symbolic link in place of a folder of the store: its target can change")]
struct Replaced(String);

/// What cannot be acknowledged.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` cannot be acknowledged: it cannot be read under this name")]
struct NotAcknowledged(String);

pub(super) async fn run(arguments: &Verify) -> Result<Exit, Failure> {
    let settings =
        if arguments.store.is_some() { arguments.config.read_or_default()? } else { arguments.config.read()? };
    let store = arguments.store.clone().unwrap_or_else(|| location(&settings, &settings.report.to));
    let verify = async || pipeline::verify(&settings, &store, arguments.last).await.map_err(no_audit);
    let mut verified = verify().await?;
    if let Some(reason) = &arguments.acknowledge {
        let names: Vec<String> = in_doubt(&verified).map(|unlinked| unlinked.name.clone()).collect();
        let left = pipeline::acknowledge(&settings, &store, &names, reason, now()).await.map_err(no_audit)?;
        left.into_iter().for_each(|name| tell(Level::Warning, &NotAcknowledged(shown(name.as_ref())), None));
        verified = verify().await?;
    }
    print(|out| write(&verified, out))?;
    warn(&verified);
    let differs = verified.packages.iter().any(|package| !package.differing.is_empty());
    let is_in_doubt = in_doubt(&verified).next().is_some() || !verified.strays.replaced.is_empty();
    Ok(match (differs, is_in_doubt) {
        (false, false) => Exit::InOrder,
        (false, true) => Exit::Incomplete,
        (true, _) => Exit::NoAudit,
    })
}

/// What has no link, and nobody said why it may stay.
fn in_doubt(verified: &Verified) -> impl Iterator<Item = &Unlinked> {
    verified.unlinked.iter().filter(|unlinked| unlinked.acknowledged.is_none())
}

fn is_among_links(unlinked: &Unlinked) -> bool {
    unlinked.name.starts_with("chain/")
}

fn write(verified: &Verified, out: &mut dyn Write) -> io::Result<()> {
    let Verified { packages, unlinked, strays, last } = verified;
    for package in packages {
        writeln!(out, "{}", line(package))?;
    }
    for one in unlinked {
        let word = if is_among_links(one) { "stray" } else { "no link" };
        let acknowledged = one.acknowledged.as_ref().map(|acknowledged| {
            let at = wording::instant(acknowledged.at);
            format!("  (acknowledged {at}: {})", wording::visible(&acknowledged.reason))
        });
        writeln!(out, "{word:>8}  {}{}", shown(one.name.as_ref()), acknowledged.unwrap_or_default())?;
    }
    let others = [("replaced", &strays.replaced), ("begun", &strays.begun), ("beside", &strays.beside)];
    for (word, names) in others {
        names.iter().try_for_each(|name| writeln!(out, "{word:>8}  {}", shown(name.as_ref())))?;
    }
    writeln!(out, "The last link's SHA-256 is {last}")?;
    let differing = packages.iter().filter(|package| !package.differing.is_empty()).count();
    let follow = match differing {
        0 => "every report follows from its inputs".to_owned(),
        1 => "1 report does not follow from its inputs with this version".to_owned(),
        more => format!("{} do not follow from their inputs with this version", wording::count(more, "report")),
    };
    writeln!(out, "{}, all digests match the manifests; {follow}", wording::count(packages.len(), "package"))
}

fn warn(verified: &Verified) {
    let (strays, without): (Vec<_>, Vec<_>) = in_doubt(verified).partition(|unlinked| is_among_links(unlinked));
    if !without.is_empty() {
        let help = "either a run is publishing it now, or a run was killed while publishing it (then it does not \
                    count), or its link was removed. Look for the link in a backup or an earlier version of \
                    `chain/`. If the package may stay, say why: `rollcall verify --acknowledge REASON`";
        tell(Level::Warning, &Without(without.len()), Some(help));
    }
    if !strays.is_empty() {
        let help = "it is not evidence about packages: move it away, or say why it may stay: `rollcall verify \
                    --acknowledge REASON`";
        tell(Level::Warning, &Strays(strays.len()), Some(help));
    }
    for name in &verified.strays.replaced {
        let help = "put a folder with the same contents in its place";
        tell(Level::Warning, &Replaced(shown(name.as_ref())), Some(help));
    }
}

fn line(package: &Replayed) -> String {
    let what = match package.differing.as_slice() {
        [] => "matches its inputs".to_owned(),
        differing => format!("differs: {} (made by version {})", differing.join(", "), package.version),
    };
    format!("{:>8}  {}  {what}", package.link, package.run_id)
}
