//! What can be said of the places that packages go to, without a run.

use crate::settings::Settings;
use crate::store::probe::probe;
use crate::store::{Key, Location};

use super::{PipelineError, open};

/// What was found out about a place that packages go to.
#[derive(Debug)]
pub struct TriedStore {
    /// The place.
    pub at: Location,
    /// The object that it was tried out with, which stays there.
    pub tried: Result<Key, PipelineError>,
}

/// Tries out every place that packages go to: whether it takes objects, lists them, and does not replace them. A small
/// object named after `nonce` stays in each.
pub async fn try_out(settings: &Settings, nonce: &str) -> Vec<TriedStore> {
    let mut tried = Vec::new();
    for at in places(settings) {
        let outcome = match open(settings, &at).await {
            Ok(shelf) => probe(&shelf, nonce).await.map_err(PipelineError::from),
            Err(error) => Err(error),
        };
        tried.push(TriedStore { at, tried: outcome });
    }
    tried
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
