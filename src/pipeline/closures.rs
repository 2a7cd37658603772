//! What plans that were applied since the earlier run put in order, as their packages say.

use crate::model::{Earlier, StoreNote, Unusable};
use crate::store::package::Package;
use crate::store::{self, Shelf, StoreError, chain};

use super::{PipelineError, change_package};

/// Adds to what an earlier run left which changes put findings in order. `package` is that run's. What was applied while it
/// ran was not known to it, so packages of changes count from the run before it on.
/// Gives back those that cannot be used.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub(super) async fn add(
    shelf: &Shelf,
    job: &str,
    package: &Package,
    earlier: &mut Earlier,
    unusable: impl Fn(&StoreError) -> Unusable,
) -> Result<Vec<StoreNote>, StoreError> {
    let before = chain::find(shelf, Some(package.link.number), |link| link.is_whole_run_of(job)).await?.link;
    let mut notes = Vec::new();
    for link in chain::after(shelf, before.map_or(0, |link| link.number), store::CHANGES).await? {
        let object = link.manifest.to_string();
        let record = match Package::open(shelf, link).await {
            Ok(package) if change_package::is_one(&package) => change_package::read(shelf, &package).await,
            // A job of this name, of a version that did not reserve it.
            Ok(_) => continue,
            Err(error) => Err(PipelineError::Store(error)),
        };
        match record {
            Ok(record) => earlier.closed.extend(record.closes()),
            Err(PipelineError::Store(error)) if error.is_damage() => {
                notes.push(StoreNote::ChangesUnread { object, why: unusable(&error) });
            }
            Err(PipelineError::Store(error)) => return Err(error),
            // The package is as it was written, and this version does not understand it.
            Err(_) => notes.push(StoreNote::ChangesUnread { object, why: Unusable::Malformed }),
        }
    }
    Ok(notes)
}
