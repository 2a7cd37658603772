//! A run that is due: claimed first, so that of several processes one does it, and ended in good order when it is told
//! to stop. What a process leaves that died or was stopped, the next one goes on with.
//!
//! The claim is advice, which saves a second run; that there is one package for an instant, the chain sees to. So a
//! claim that cannot be had, or is never over, delays a run and does not prevent it.

use std::pin::pin;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use crate::store::leases::{Claim, Claimant, Claimed, claim};
use crate::store::{Shelf, StoreError, chain};

use super::audit::{Prepared, deliver, prepare};
use super::audited::Audited;
use super::collect_live::{At, settle, unwatched};
use super::open_store::open;
use super::order::Order;
use super::{Clock, PipelineError, panics, report_failure};

/// How long a claim holds without being renewed: after this, another process may take over from one that died.
const LEASE: Duration = Duration::from_secs(3 * 60);
/// How often it is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(60);

/// How often a run that another process holds is looked at, at the most and at the least.
const LOOKS_AGAIN_AFTER: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// How long another process is waited for that renews its claim and never publishes. A run takes hours at most.
const PATIENCE: Duration = Duration::from_secs(12 * 60 * 60);

/// Runs a job for the instant at which it is due, unless another process has done. Where one is at it, that one is
/// waited for: it may die. `None` where another process has done it, or where the run was told to stop before it had
/// anything to publish.
///
/// The recipients of the job's messages are told that it failed, or that it works again.
///
/// # Errors
/// Where no audit could be done; then the claim is given up, and another process may try.
pub async fn run(
    order: &Order,
    due: DateTime<Utc>,
    stop: &CancellationToken,
    clock: &Clock,
) -> Result<Option<Audited>, PipelineError> {
    let order = Order { due: Some(due), ..order.clone() };
    let ended = panics::caught(run_claimed(&order, due, stop, clock)).await;
    report_failure::tell_end(&order, ended.as_ref().map(Option::as_ref), clock).await;
    ended
}

async fn run_claimed(
    order: &Order,
    due: DateTime<Utc>,
    stop: &CancellationToken,
    clock: &Clock,
) -> Result<Option<Audited>, PipelineError> {
    let shelf = open(&order.settings, &order.to).await?;
    let job = order.job.as_deref().expect("only a job is ever due");
    let is_done = async || Ok::<_, StoreError>(chain::done(&shelf, job, due).await?.is_some());
    if is_done().await? {
        return Ok(None);
    }
    let Some(mut hold) = claim_unless_done(order, &shelf, job, due, stop).await? else { return Ok(None) };
    let prepared = match prepare_while_claimed(order, &shelf, &mut hold, due, stop, clock).await {
        // Another process may have published meanwhile, if this one was not heard of for too long.
        Ok(Some(_)) if is_done().await? => None,
        Ok(prepared) => prepared,
        Err(error) => {
            // What went wrong is worth more than that the claim could not be given up: it expires by itself.
            drop(hold.release(&shelf).await);
            return Err(error);
        }
    };
    let Some(Prepared { judgement, journal, .. }) = prepared else {
        hold.release(&shelf).await?;
        return Ok(None);
    };
    hold.commit(&shelf).await?;
    let prepared = Prepared { judgement, journal: None, unanswered: 0 };
    let mut audited = deliver_while_claimed(order, &shelf, &mut hold, prepared, clock).await;
    match &mut audited.delivery.package {
        Ok(published) => {
            // Nobody goes on by hand with what a job could not find out: it will be due again.
            settle(journal, 0);
            hold.finish(&shelf, &published.link).await;
        }
        Err(failed) if matches!(failed.source, StoreError::DoneBefore { .. }) => {
            settle(journal, 0);
            tracing::warn!(reason = %failed.source, "another process was faster; the output of this one is not a \
                                                     package");
            return Ok(None);
        }
        // It is tried again by whoever finds the claim over, and goes on from the journal.
        Err(failed) => {
            failed.discard();
            drop(hold.release(&shelf).await);
        }
    }
    Ok(Some(audited))
}

/// What a run has that keeps others from doing the same: a claim, or nothing.
struct Hold(Option<Claim>);

impl Hold {
    /// Says that the package is being published now. Only who has lost the claim must not.
    async fn commit(&mut self, shelf: &Shelf) -> Result<(), StoreError> {
        let Some(claim) = &mut self.0 else { return Ok(()) };
        still_ours(claim.commit(shelf).await)
    }

    /// Holds the claim for another lease. That the store failed just then is no reason to stop: there are further
    /// chances before the claim is over.
    async fn renew(&mut self, shelf: &Shelf) -> Result<(), StoreError> {
        let Some(claim) = &mut self.0 else { return Ok(()) };
        still_ours(claim.renew(shelf).await)
    }

    async fn release(self, shelf: &Shelf) -> Result<(), StoreError> {
        match self.0 {
            Some(claim) => claim.release(shelf).await,
            None => Ok(()),
        }
    }

    /// The link says that the job is done; the claim only spares others to look for it.
    async fn finish(self, shelf: &Shelf, link: &chain::Link) {
        let Some(claim) = self.0 else { return };
        if let Err(error) = claim.finish(shelf, link).await {
            tracing::warn!(%error, "the package is published, but the lease could not be ended");
        }
    }
}

fn still_ours(renewed: Result<(), StoreError>) -> Result<(), StoreError> {
    match renewed {
        Err(error) if !matches!(error, StoreError::ClaimLost { .. }) => {
            tracing::warn!(%error, "cannot renew the lease; trying again");
            Ok(())
        }
        renewed => renewed,
    }
}

/// Claims the run as soon as no other process holds it; `None` where one has done it, or where this one was told to
/// stop.
async fn claim_unless_done(
    order: &Order,
    shelf: &Shelf,
    job: &str,
    due: DateTime<Utc>,
    stop: &CancellationToken,
) -> Result<Option<Hold>, PipelineError> {
    let begun = Instant::now();
    loop {
        let claimant = Claimant { nonce: order.run_id.clone(), lease: LEASE };
        let left = match claim(shelf, job, due, claimant).await {
            Ok(Claimed::Held(claim)) => return Ok(Some(Hold(Some(claim)))),
            Ok(Claimed::Done) => return Ok(None),
            Ok(Claimed::Busy(_)) if begun.elapsed() >= PATIENCE => {
                tracing::warn!(job, %due, "another process holds the lease of this run and does not finish; running \
                                           it anyway");
                return Ok(Some(Hold(None)));
            }
            Ok(Claimed::Busy(left)) => left,
            Err(error) if error.is_in_the_way() => {
                tracing::warn!(job, %due, %error, "cannot take the lease of this run; running it anyway");
                return Ok(Some(Hold(None)));
            }
            Err(error) => return Err(error.into()),
        };
        let again = tokio::time::sleep(left.clamp(LOOKS_AGAIN_AFTER.0, LOOKS_AGAIN_AFTER.1));
        if stop.run_until_cancelled(again).await.is_none() {
            return Ok(None);
        }
    }
}

/// Prepares a package, holding the claim; `None` where it was told to stop. Whoever loses the claim stops.
async fn prepare_while_claimed(
    order: &Order,
    shelf: &Shelf,
    hold: &mut Hold,
    due: DateTime<Utc>,
    stop: &CancellationToken,
    clock: &Clock,
) -> Result<Option<Prepared>, PipelineError> {
    let at = At::of_job(order, due);
    let mut work = pin!(prepare(order, shelf, &at, clock, unwatched()));
    let mut renew = tokio::time::interval(RENEWED_EVERY);
    renew.tick().await;
    loop {
        tokio::select! {
            prepared = &mut work => return prepared.map(Some),
            _ = renew.tick() => hold.renew(shelf).await?,
            () = stop.cancelled() => return Ok(None),
        }
    }
}

/// Publishes and tells, holding the claim until the link is there. What is being published is awaited to its end, also
/// where the claim is lost meanwhile: the chain takes one package for an instant.
async fn deliver_while_claimed(
    order: &Order,
    shelf: &Shelf,
    hold: &mut Hold,
    prepared: Prepared,
    clock: &Clock,
) -> Audited {
    let mut work = pin!(deliver(order, shelf, prepared, clock));
    let mut renew = tokio::time::interval(RENEWED_EVERY);
    renew.tick().await;
    loop {
        tokio::select! {
            audited = &mut work => return audited,
            _ = renew.tick() => if let Err(error) = hold.renew(shelf).await {
                tracing::warn!(%error, "the package is still published, unless the other process was faster");
                hold.0 = None;
            },
        }
    }
}
