//! Verifying a store: the chain holds, and each package replays: the same inputs give the same bytes.

use std::io;

use chrono::{DateTime, Utc};

use crate::compare::compare;
use crate::model::World;
use crate::render;
use crate::store::acknowledgements::{self, Acknowledged};
use crate::store::foreign_objects::{self, Strays};
use crate::store::manifest::Manifest;
use crate::store::package::{self, Package};
use crate::store::{Digest, Location, Shelf, StoreError, chain};

use super::package_file::{Replayed, file};
use super::{PipelineError, change_package, package_world};

/// A store that was checked.
#[derive(Debug)]
pub struct Verified {
    /// Its packages, in the order of the chain.
    pub packages: Vec<Replayed>,
    /// What lies where packages lie, and has no link.
    pub unlinked: Vec<Unlinked>,
    /// What else lies in the store, and is none of its own.
    pub strays: Strays,
    /// The digest of the last link. Noted elsewhere, it shows later that no link was taken away or replaced.
    pub last: Digest,
}

/// Something that lies among links or packages, and is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlinked {
    /// Its name: a folder, or a file.
    pub name: String,
    /// Why it may stay, where somebody said so and it has not changed since.
    pub acknowledged: Option<Acknowledged>,
}

/// Acknowledges what lies among links and packages and is neither. Gives back what cannot be acknowledged, because it
/// leads elsewhere or has a name that is no text.
pub(super) async fn acknowledge(
    shelf: &Shelf,
    names: &[String],
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Vec<String>, StoreError> {
    let mut left = Vec::new();
    for name in names {
        if !acknowledgements::acknowledge(shelf, name, reason, now).await? {
            left.push(name.clone());
        }
    }
    Ok(left)
}

/// Checks every link of the chain, every digest of every package, and judges the inputs of each package again. `noted`
/// is the digest of a link that was the last one once. `at` is the store's address, for the error.
///
/// # Errors
/// Where there is no link, for the first thing that is missing or was changed.
pub(super) async fn verify(shelf: &Shelf, at: &Location, noted: Option<Digest>) -> Result<Verified, PipelineError> {
    // Before the chain: a package that is published meanwhile has its link by then.
    let mut folders = package::folders(shelf).await?;
    let links = chain::walk(shelf).await?;
    let Some(last) = links.last().map(|link| link.digest) else {
        return Err(PipelineError::NoChain { at: at.to_string(), folders: folders.len() });
    };
    if let Some(noted) = noted.filter(|noted| links.iter().all(|link| link.digest != *noted)) {
        return Err(PipelineError::NotInChain { at: at.to_string(), noted });
    }
    let mut packages = Vec::new();
    for link in links {
        let package = package::verify(shelf, link).await?;
        folders.remove(Manifest::folder(&package.manifest.run).as_str());
        packages.push(replay_one(shelf, &package).await?);
    }
    let mut strays = foreign_objects::of_store(shelf).await?;
    // Those among the packages are among the folders already.
    folders.extend(strays.among.drain(..));
    folders.retain(|name| !strays.begun.contains(name));
    let mut unlinked = Vec::new();
    for name in folders {
        let acknowledged = acknowledgements::of(shelf, &name).await?;
        unlinked.push(Unlinked { name, acknowledged });
    }
    Ok(Verified { packages, unlinked, strays, last })
}

async fn replay_one(shelf: &Shelf, package: &Package) -> Result<Replayed, PipelineError> {
    if change_package::is_one(package) {
        return change_package::replay(shelf, package).await;
    }
    let world = package_world::read(shelf, package).await?;
    let rendered = render_all(&world).map_err(PipelineError::Draft)?;
    let mut differing = Vec::new();
    for (name, bytes) in rendered {
        // Packages of earlier versions lack files that this one has.
        let is_there = package.manifest.files.iter().any(|entry| entry.name.as_str() == name);
        if !is_there || file(shelf, package, name).await? != bytes {
            differing.push(name.to_owned());
        }
    }
    let World { stamp, .. } = world;
    Ok(Replayed { link: package.link.number, run_id: stamp.run_id, version: stamp.version, differing })
}

fn render_all(world: &World) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let report = compare(world);
    let render = |file: &render::File| {
        let mut bytes = Vec::new();
        (file.render)(&report, &mut bytes)?;
        Ok((file.name, bytes))
    };
    render::FILES.iter().map(render).collect()
}
