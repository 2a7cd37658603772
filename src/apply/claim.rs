//! The claim by which one process at a time applies a plan with a store. A task of its own renews it for as long as the plan
//! is judged and applied.
//!
//! Should it be lost all the same (a machine that sleeps), the journal still keeps two processes apart: of two that keep the
//! entry of one number, one fails, and sends nothing.

use std::time::Duration;

use chrono::DateTime;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::NotBegun;
use crate::store::leases::{Claim, Claimant, Claimed, claim};
use crate::store::{Shelf, StoreError, change_log};

/// How long a claim holds without being renewed: after this, another process may continue what a process left that died.
const LEASE: Duration = Duration::from_secs(3 * 60);
/// How often it is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(60);
/// How many renewals in a row may fail before the claim counts as lost.
const MOST_FAILURES: u32 = 2;

/// A claim that this process holds.
pub(super) struct HeldClaim {
    lost: CancellationToken,
    end: CancellationToken,
    renewing: JoinHandle<()>,
}

impl HeldClaim {
    /// Takes the claim of a store. `nonce` tells this attempt from every other one.
    pub(super) async fn take(shelf: &Shelf, nonce: String) -> Result<Self, NotBegun> {
        let claimant = Claimant { nonce, lease: LEASE };
        let claim = match claim(shelf, change_log::CLAIMED_AS, DateTime::UNIX_EPOCH, claimant).await? {
            Claimed::Held(claim) => claim,
            Claimed::Busy(left) => return Err(NotBegun::Busy(left)),
            // A package ends a claim of a job that is due, and this is none.
            Claimed::Done => return Err(NotBegun::Busy(Duration::ZERO)),
        };
        let (lost, end) = (CancellationToken::new(), CancellationToken::new());
        let renewing = tokio::spawn(renew(claim, shelf.clone(), lost.clone(), end.clone()));
        Ok(HeldClaim { lost, end, renewing })
    }

    /// Whether another process may hold the claim by now.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.is_cancelled()
    }

    /// Gives the claim up.
    pub(super) async fn release(self) {
        self.end.cancel();
        if let Err(error) = self.renewing.await {
            tracing::warn!(%error, "the claim was not given up; it ends by itself");
        }
    }
}

async fn renew(mut claim: Claim, shelf: Shelf, lost: CancellationToken, end: CancellationToken) {
    let mut failures = 0;
    while end.run_until_cancelled(tokio::time::sleep(RENEWED_EVERY)).await.is_some() {
        let Err(error) = claim.renew(&shelf).await else {
            failures = 0;
            continue;
        };
        failures += 1;
        tracing::warn!(%error, "the claim could not be renewed");
        if matches!(error, StoreError::ClaimLost { .. }) || failures == MOST_FAILURES {
            lost.cancel();
            return;
        }
    }
    if let Err(error) = claim.release(&shelf).await {
        tracing::warn!(%error, "the claim could not be given up; it ends by itself");
    }
}
