//! Applying a plan: observe, keep what is about to be sent, send it once, keep what became of it, observe until it shows.
//!
//! Whoever observes and whoever changes are two sign-ins. `cli::apply` alone names this room: nothing that reads can reach
//! it. What may be applied at all was judged before, by what was observed right before ([`crate::change`]).
//!
//! ```text
//! Applying::begin ─► claim, journal, sign in ─► for each change, in order:
//!     observe ─► steps ─► journal: intent ─► Operator::send ─► journal: answer ─► observe until it shows ─► journal: done
//! ```
//!
//! The first surprise stops it. The same command goes on: what the journal says is done is not done again, and a step whose
//! end is not known is looked for before anything is sent.

mod entry;
mod journal;
mod observe;
mod one_change;
mod stop;

use std::collections::BTreeMap;
use std::pin::pin;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::aws::failure::Failure;
use crate::aws::session;
use crate::change::{self, ChangeId, Digest, Plan, Planned};
use crate::collect::focus::Focus;
use crate::settings::Settings;
use crate::store::leases::{Claim, Claimant, Claimed, claim};
use crate::store::{self, Location, Shelf, StoreError, change_log};

use entry::Entry;
use one_change::Hands;

pub use crate::operate::{Clock, Operator, SignIn};
pub use entry::{How, Order};
pub use journal::Journal;
pub use observe::OFFERED;
pub use stop::{Stopped, Surprise};

/// How long a claim holds without being renewed: after this, another process may go on with what one left that died.
const LEASE: Duration = Duration::from_secs(3 * 60);
/// How often it is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(60);

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    /// Whoever is to look or to change could not sign in.
    #[error("cannot sign in to AWS as the {0}")]
    SignIn(&'static str, #[source] Failure),
    /// Whoever looks and whoever changes are the same.
    #[error("the same principal would look and change: `{0}`")]
    SamePrincipal(String),
    /// The operator's calls go somewhere else than those of the plan.
    #[error("the operator's calls go to `{0}`, and the plan was not made there")]
    Elsewhere(String),
    /// Another process applies this plan.
    #[error("another process applies this plan, and holds its claim for {} seconds", .0.as_secs())]
    Busy(Duration),
    /// The store cannot be used.
    #[error("the store cannot be used, and without it nothing is changed")]
    Store(#[from] StoreError),
}

impl NotBegun {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            NotBegun::SignIn(_, failure) => failure.help().map(str::to_owned),
            NotBegun::SamePrincipal(_) => {
                Some("name a role in `operator.role` that is not the one that Rollcall reads with".to_owned())
            }
            NotBegun::Elsewhere(_) => Some("make the plan again with the endpoints that are to be changed".to_owned()),
            NotBegun::Busy(_) => Some("wait for its end; after a crash, the claim ends by itself".to_owned()),
            NotBegun::Store(error) => error.help(),
        }
    }
}

/// A plan whose claim this process holds.
pub struct Applying {
    shelf: Shelf,
    claim: Claim,
    /// What was done before.
    pub journal: Journal,
    digest: Digest,
    clock: Clock,
}

/// What became of a plan that was applied.
#[derive(Debug)]
pub struct Conducted {
    /// The changes that are done, each with how it came to be so: also those of an earlier attempt.
    pub done: BTreeMap<ChangeId, How>,
    /// Where it stopped.
    pub stopped: Option<Stopped>,
    /// Whether anything was changed, or may have been, by this process or by one before it.
    pub changed: bool,
    /// The ARN of whoever changed.
    pub operator: String,
}

impl Applying {
    /// Claims a plan, and opens its journal. `nonce` tells this attempt from every other.
    ///
    /// # Errors
    /// [`NotBegun`].
    pub async fn begin(
        settings: &Settings,
        to: &Location,
        plan: &Plan,
        digest: &Digest,
        nonce: String,
        clock: &Clock,
    ) -> Result<Self, NotBegun> {
        let sign_in = settings.aws.sign_in().in_region(settings.report.bucket.region.as_deref());
        let config = async || Ok(session::connect(&sign_in).await?.sdk_config().clone());
        let shelf = store::open(to, &settings.report.bucket, config).await;
        let shelf = shelf.map_err(|failure| NotBegun::SignIn("owner of the store", failure))?;
        let claimant = Claimant { nonce, lease: LEASE };
        let claim = match claim(&shelf, &change_log::claimed_as(&digest.hex()), plan.made.at, claimant).await? {
            Claimed::Held(claim) => claim,
            Claimed::Busy(left) => return Err(NotBegun::Busy(left)),
            // No link of the chain ends such a claim.
            Claimed::Done => return Err(NotBegun::Busy(Duration::ZERO)),
        };
        let journal = Journal::open(&shelf, digest, clock).await?;
        Ok(Applying { shelf, claim, journal, digest: *digest, clock: clock.clone() })
    }

    /// Gives the claim up: another process may apply the plan.
    pub async fn end(self) {
        if let Err(error) = self.claim.release(&self.shelf).await {
            tracing::warn!(%error, "the claim of this plan could not be given up; it ends by itself");
        }
    }

    /// Makes the changes of a plan in their order, but those that the order leaves out. `plan` was judged right before, by
    /// the answers that the observer of this ARN got.
    ///
    /// # Errors
    /// [`NotBegun`], and then nothing was changed by this process.
    pub async fn conduct(
        &mut self,
        settings: &Settings,
        plan: &Plan,
        (observer, order): (Option<String>, Order),
        stop: &CancellationToken,
    ) -> Result<Conducted, NotBegun> {
        let session = session::connect(&settings.aws.sign_in()).await;
        let session = session.map_err(|failure| NotBegun::SignIn("observer", failure))?;
        let options = session::Options { region: plan.place.region.clone(), ..settings.aws.sign_in() };
        let sign_in = SignIn {
            role: settings.operator.role.clone(),
            member_role: settings.operator.member_role.clone(),
            external_id: settings.operator.external_id.clone(),
            session_name: format!("rollcall-{}", self.digest.short()),
        };
        let operator = Box::pin(Operator::sign_in(&options, sign_in)).await;
        let operator = operator.map_err(|failure| NotBegun::SignIn("operator", failure))?;
        let arn = operator.caller().arn.clone();
        if observer.as_ref() == Some(&arn) {
            return Err(NotBegun::SamePrincipal(arn));
        }
        if let Some(endpoint) = operator.redirected_to().filter(|to| plan.place.endpoint.as_ref() != Some(to)) {
            return Err(NotBegun::Elsewhere(endpoint));
        }
        let now = self.clock.clone();
        let focus = Focus::of(&session, &settings.aws, &(std::sync::Arc::new(move || now.now()) as _));
        let Applying { shelf, claim, journal, digest, clock } = self;
        let except = order.except.clone();
        journal.keep(Entry::Began { observer, operator: arn.clone(), order }).await?;
        let hands = Hands { operator: &operator, focus: &focus, journal, clock, place: &plan.place, digest };
        let changes = change::order(&plan.changes).into_iter().filter(|planned| !except.contains(&planned.id)).cloned();
        let stopped = {
            let stop = stop.child_token();
            let mut work = pin!(all(hands, changes.collect(), &stop));
            loop {
                tokio::select! {
                    stopped = &mut work => break stopped,
                    () = tokio::time::sleep(RENEWED_EVERY) => {
                        if let Err(error) = claim.renew(shelf).await {
                            tracing::warn!(%error, "the claim of this plan could not be renewed");
                            // Another process goes on by now; the change under way is finished here.
                            if matches!(error, StoreError::ClaimLost { .. }) {
                                stop.cancel();
                            }
                        }
                    }
                }
            }
        };
        let done = self.journal.done();
        let may_be = plan.changes.iter().any(|planned| self.journal.open_step(&planned.id).is_some());
        let changed = may_be || done.values().any(|how| *how != How::WasGone);
        Ok(Conducted { done, stopped, changed, operator: arn })
    }
}

/// Whether a change can be made so far.
#[must_use]
pub fn is_offered(planned: &Planned) -> bool {
    one_change::is_offered(&planned.change)
}

/// Makes changes until the first surprise.
async fn all(mut hands: Hands<'_>, changes: Vec<Planned>, stop: &CancellationToken) -> Option<Stopped> {
    for planned in changes {
        if hands.journal.done().contains_key(&planned.id) {
            continue;
        }
        let made = if stop.is_cancelled() { Err(Surprise::Interrupted) } else { Box::pin(hands.make(&planned)).await };
        if let Err(why) = made {
            let entry = Entry::Stopped { change: planned.id.clone(), why: why.to_string() };
            if let Err(error) = hands.journal.keep(entry).await {
                tracing::warn!(%error, "the journal does not say why this apply stopped");
            }
            return Some(Stopped { at: planned, why });
        }
    }
    None
}
