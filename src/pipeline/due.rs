//! A run that is due: claimed first, so that of several processes one does it, and ended in good order when it is told
//! to stop.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::store::Shelf;
use crate::store::claims::{Claim, Claimant, Claimed, claim};

use super::collecting::At;
use super::{Audited, Clock, Order, PipelineError, Prepared, deliver, open, prepare, unwatched};

/// How long a claim holds without being renewed: after this, another process may take over from one that died.
const LEASE: Duration = Duration::from_secs(15 * 60);
/// How often it is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(5 * 60);
/// How often a run looks whether it should stop.
const LOOKS_EVERY: Duration = Duration::from_millis(500);

/// Runs a job for the instant at which it is due, unless another process does or has done. `None` where one does, or
/// where the run was told to stop before it had anything to publish.
///
/// # Errors
/// Where no audit could be done; then the claim is given up, and another process may try.
pub async fn run(
    order: &Order,
    due: DateTime<Utc>,
    stop: &AtomicBool,
    clock: &Clock,
) -> Result<Option<Audited>, PipelineError> {
    let shelf = open(&order.settings, &order.to).await?;
    let job = order.job.as_deref().expect("only a job is ever due");
    let claimant = Claimant { nonce: order.run_id.clone(), lease: LEASE };
    let mut claim = match claim(&shelf, job, due, claimant).await? {
        Claimed::Held(claim) => claim,
        Claimed::Busy | Claimed::Done => return Ok(None),
    };
    match prepare_while_claimed(order, &shelf, &mut claim, stop, clock).await {
        Ok(Some(prepared)) => {
            claim.commit(&shelf).await?;
            let audited = deliver(order, &shelf, prepared).await;
            // A package that did not arrive is tried again by whoever finds the claim expired.
            if audited.delivery.package.is_ok() {
                claim.finish(&shelf).await?;
            }
            Ok(Some(audited))
        }
        Ok(None) => claim.release(&shelf).await.map(|()| None).map_err(PipelineError::from),
        Err(error) => {
            // What went wrong is worth more than that the claim could not be given up: it expires by itself.
            drop(claim.release(&shelf).await);
            Err(error)
        }
    }
}

/// Prepares a package, holding the claim; `None` where it was told to stop. Whoever loses the claim stops.
async fn prepare_while_claimed(
    order: &Order,
    shelf: &Shelf,
    claim: &mut Claim,
    stop: &AtomicBool,
    clock: &Clock,
) -> Result<Option<Prepared>, PipelineError> {
    let mut work = pin!(prepare(order, shelf, &At::Nowhere, clock, unwatched()));
    let mut renew = tokio::time::interval(RENEWED_EVERY);
    renew.tick().await;
    let mut look = tokio::time::interval(LOOKS_EVERY);
    loop {
        tokio::select! {
            prepared = &mut work => return prepared.map(Some),
            _ = renew.tick() => claim.renew(shelf).await?,
            _ = look.tick() => if stop.load(Ordering::Relaxed) { return Ok(None) },
        }
    }
}
