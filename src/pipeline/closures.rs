//! What plans that were applied since the earlier run put in order, as their packages say.

use crate::model::{Earlier, StoreNote};
use crate::store::package::Package;
use crate::store::{self, Shelf, StoreError, chain};

use super::{PipelineError, change_package};

/// Adds to what an earlier run left which changes put findings in order. `package` is that run's. What was applied while it
/// ran was not known to it, so packages of changes count from the run before it on.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub(super) async fn add(
    shelf: &Shelf,
    job: &str,
    package: &Package,
    earlier: &mut Earlier,
    passed: impl Fn(String, &StoreError) -> StoreNote,
) -> Result<Vec<StoreNote>, StoreError> {
    let before = chain::find(shelf, Some(package.link.number), |link| link.is_whole_run_of(job)).await?.link;
    let mut notes = Vec::new();
    for link in chain::after(shelf, before.map_or(0, |link| link.number), store::CHANGES).await? {
        let folder = link.manifest.to_string();
        let record = match Package::open(shelf, link).await {
            Ok(package) if change_package::is_one(&package) => change_package::read(shelf, &package).await,
            // A job of this name, of a version that did not reserve it.
            Ok(_) => continue,
            Err(error) => Err(PipelineError::Store(error)),
        };
        match record {
            Ok(record) => earlier.closed.extend(record.closes()),
            Err(PipelineError::Store(error)) if error.is_damage() => notes.push(passed(folder, &error)),
            Err(PipelineError::Store(error)) => return Err(error),
            // Another version wrote it; `verify` says so.
            Err(_) => tracing::warn!(package = %folder, "this package of changes cannot be read"),
        }
    }
    Ok(notes)
}
