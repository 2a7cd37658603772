//! A run that is due: claimed first, so that of several processes one does it, and ended in good order when it is told
//! to stop. What a process leaves that died or was stopped, the next one goes on with.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::store::Shelf;
use crate::store::claims::{Claim, Claimant, Claimed, claim};

use super::collecting::{At, settle};
use super::{Audited, Clock, Order, PipelineError, Prepared, bug, deliver, open, prepare, unwatched};

/// How long a claim holds without being renewed: after this, another process may take over from one that died.
const LEASE: Duration = Duration::from_secs(15 * 60);
/// How often it is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(5 * 60);
/// How often a run looks whether it should stop.
const LOOKS_EVERY: Duration = Duration::from_millis(500);

/// How often a run that another process holds is looked at, at the most and at the least.
const LOOKS_AGAIN_AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// Runs a job for the instant at which it is due, unless another process has done. Where one is at it, that one is
/// waited for: it may die. `None` where another process has done it, or where the run was told to stop before it had
/// anything to publish.
///
/// # Errors
/// Where no audit could be done; then the claim is given up, and another process may try.
pub async fn run(
    order: &Order,
    due: DateTime<Utc>,
    stop: &AtomicBool,
    clock: &Clock,
) -> Result<Option<Audited>, PipelineError> {
    bug::caught(run_claimed(order, due, stop, clock)).await
}

async fn run_claimed(
    order: &Order,
    due: DateTime<Utc>,
    stop: &AtomicBool,
    clock: &Clock,
) -> Result<Option<Audited>, PipelineError> {
    let shelf = open(&order.settings, &order.to).await?;
    let job = order.job.as_deref().expect("only a job is ever due");
    let Some(mut claim) = claim_unless_done(order, &shelf, job, due, stop).await? else { return Ok(None) };
    match prepare_while_claimed(order, &shelf, &mut claim, due, stop, clock).await {
        Ok(Some(Prepared { judgement, journal, .. })) => {
            claim.commit(&shelf).await?;
            let prepared = Prepared { judgement, journal: None, unanswered: 0 };
            let mut audited = deliver(order, &shelf, prepared).await;
            match &mut audited.delivery.package {
                Ok(_) => {
                    // Nobody goes on by hand with what a job could not find out: it will be due again.
                    settle(journal, 0);
                    claim.finish(&shelf).await?;
                }
                // It is tried again by whoever finds the claim expired, and goes on from the journal.
                Err(failed) => failed.discard(),
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

/// Claims the run as soon as no other process holds it; `None` where one has done it, or where this one was told to
/// stop.
async fn claim_unless_done(
    order: &Order,
    shelf: &Shelf,
    job: &str,
    due: DateTime<Utc>,
    stop: &AtomicBool,
) -> Result<Option<Claim>, PipelineError> {
    loop {
        let claimant = Claimant { nonce: order.run_id.clone(), lease: LEASE };
        let left = match claim(shelf, job, due, claimant).await? {
            Claimed::Held(claim) => return Ok(Some(claim)),
            Claimed::Done => return Ok(None),
            Claimed::Busy(left) => left,
        };
        let again = Instant::now() + left.clamp(LOOKS_AGAIN_AFTER.0, LOOKS_AGAIN_AFTER.1);
        while Instant::now() < again {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }
}

/// Prepares a package, holding the claim; `None` where it was told to stop. Whoever loses the claim stops.
async fn prepare_while_claimed(
    order: &Order,
    shelf: &Shelf,
    claim: &mut Claim,
    due: DateTime<Utc>,
    stop: &AtomicBool,
    clock: &Clock,
) -> Result<Option<Prepared>, PipelineError> {
    let at = At::of_job(order, due);
    let mut work = pin!(prepare(order, shelf, &at, clock, unwatched()));
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
