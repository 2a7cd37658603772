//! What can be said of the places that packages go to, without a run.

use crate::settings::Settings;
use crate::store::foreign_objects::{self, Strays};
use crate::store::probe::probe;
use crate::store::{Key, Location};

use super::open_store::open;
use super::{PipelineError, output_folders};

/// How far the places that packages go to are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreCheck<'a> {
    /// Folders are looked into; buckets are left alone.
    Folders,
    /// Buckets too.
    All,
    /// They are tried out besides: a small object named after this stays in each.
    TryOut(&'a str),
}

/// What was found out about a place that packages go to.
#[derive(Debug)]
pub struct CheckedStore {
    /// The place.
    pub at: Location,
    /// What lies there and is none of the store's own.
    pub strays: Strays,
    /// The object that it was tried out with, which stays there.
    pub tried: Option<Key>,
    /// Why it cannot be used.
    pub error: Option<PipelineError>,
}

/// Looks at every place that packages go to: what lies there besides, and whether it takes objects, lists them, and does
/// not replace them.
pub async fn check(settings: &Settings, how: StoreCheck<'_>) -> Vec<CheckedStore> {
    let mut checked = Vec::new();
    for at in places(settings) {
        if matches!((&at, how), (Location::Bucket { .. }, StoreCheck::Folders)) {
            continue;
        }
        let mut store = CheckedStore { at, strays: Strays::default(), tried: None, error: None };
        store.error = look(settings, how, &mut store).await.err();
        checked.push(store);
    }
    checked
}

async fn look(settings: &Settings, how: StoreCheck<'_>, store: &mut CheckedStore) -> Result<(), PipelineError> {
    let lists = match &settings.expect.path {
        Location::Folder(path) => Location::Folder(settings.path(path)),
        bucket @ Location::Bucket { .. } => bucket.clone(),
    };
    output_folders::store_is_apart(&store.at, &lists)?;
    let shelf = open(settings, &store.at).await?;
    if let StoreCheck::TryOut(nonce) = how {
        store.tried = Some(probe(&shelf, nonce).await?);
    }
    store.strays = foreign_objects::of_store(&shelf).await?;
    Ok(())
}

/// The places that packages go to, those of jobs too, each once.
fn places(settings: &Settings) -> Vec<Location> {
    let of_jobs = settings.jobs.iter().filter_map(|job| job.to.as_ref());
    let mut places = Vec::new();
    for place in std::iter::once(&settings.report.to).chain(of_jobs) {
        let place = match place {
            Location::Folder(path) => Location::Folder(settings.path(path)),
            Location::Bucket { .. } => place.clone(),
        };
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}
