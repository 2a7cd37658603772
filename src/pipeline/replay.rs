//! Replaying a package: the same inputs give the same bytes, or the package does not say what its inputs say.

use std::io;

use crate::collect;
use crate::compare::compare;
use crate::expect;
use crate::model::{Estate, World};
use crate::render;
use crate::store::package::{self, Package};
use crate::store::{Key, Shelf, StoreError, chain};

use super::PipelineError;
use super::inputs::{PAGES, RECORDS, RUN, Run};

/// A package that was checked and replayed.
#[derive(Debug)]
pub struct Replayed {
    /// Its number in the chain.
    pub link: u32,
    /// The run's id.
    pub run_id: String,
    /// The version of Rollcall that made it.
    pub version: String,
    /// Files whose bytes are not those that its inputs give.
    pub differing: Vec<String>,
}

/// Checks every link of the chain, every digest of every package, and judges the inputs of each package again.
///
/// # Errors
/// For the first thing that is missing or was changed.
pub(super) async fn replay(shelf: &Shelf) -> Result<Vec<Replayed>, PipelineError> {
    let mut replayed = Vec::new();
    for link in chain::walk(shelf).await? {
        let package = package::verify(shelf, link).await?;
        replayed.push(replay_one(shelf, &package).await?);
    }
    Ok(replayed)
}

async fn replay_one(shelf: &Shelf, package: &Package) -> Result<Replayed, PipelineError> {
    let pages = file(shelf, package, PAGES).await?;
    let records = file(shelf, package, RECORDS).await?;
    let run = file(shelf, package, RUN).await?;
    let unreadable = |name: &'static str| move |source| PipelineError::Replay { name, source };
    let collected = collect::from_journal(pages.as_slice()).map_err(|error| unreadable(PAGES)(error.into()))?;
    let records = expect::parse(&records).map_err(|error| unreadable(RECORDS)(error.into()))?;
    let Run { stamp, policy, earlier } = Run::decode(&run).map_err(|error| unreadable(RUN)(error.into()))?;
    let expectation = expect::fold(&records, stamp.as_of, Some(&Estate::of(&collected.snapshot)));
    let world = World { snapshot: collected.snapshot, expectation, policy, earlier, stamp };
    let rendered = render_all(&world).map_err(PipelineError::Draft)?;
    let mut differing = Vec::new();
    for (name, bytes) in rendered {
        if file(shelf, package, name).await? != bytes {
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

async fn file(shelf: &Shelf, package: &Package, name: &str) -> Result<Vec<u8>, PipelineError> {
    let key: Key = name.parse().expect("the names of a package's files are keys");
    let missing = || StoreError::Missing { key: key.clone(), named_by: package.link.manifest.to_string() };
    Ok(package.read(shelf, &key).await?.ok_or_else(missing)?)
}
