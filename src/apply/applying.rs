//! A plan while this process applies it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::claim::HeldClaim;
use super::entry::{Entry, How, Order};
use super::observe::Observer;
use super::one_change::Hands;
use super::passwords::{Passwords, Random};
use super::principal::principal;
use super::{Clock, Journal, NotBegun, Operator, SignIn, Stopped, Surprise};
use crate::aws::session;
use crate::change::{self, ChangeId, Digest, MadeIds, Plan, Planned};
use crate::collect::focus::Focus;
use crate::model::Caller;
use crate::settings::Settings;
use crate::store::{self, Location, Shelf};

/// A plan whose claim this process holds, with both sign-ins and the journal.
pub struct Applying {
    claim: HeldClaim,
    journal: Journal,
    focus: Focus,
    observer: Caller,
    operator: Operator,
    plan: Plan,
    digest: Digest,
    clock: Clock,
    shows_within: Duration,
    passwords: Passwords,
}

/// How far a plan is applied, by the journal: by this process and by those before it.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The changes that are done, each with how that is known.
    pub done: BTreeMap<ChangeId, How>,
    /// The changes that are not done, and of which a step was sent or may have been.
    pub open: BTreeSet<ChangeId>,
    /// The ids of the users and groups of Identity Center that changes created.
    pub made: MadeIds,
    /// The files that have a console password each.
    pub passwords: BTreeMap<ChangeId, PathBuf>,
    /// The ARN of the latest session that changed something.
    pub operator: Option<String>,
}

impl Progress {
    /// Whether anything was changed, or may have been.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        !self.open.is_empty() || self.done.values().any(|how| *how != How::WasGone)
    }
}

impl Applying {
    /// Signs in, claims the store, and opens the plan's journal. `run` tells this process from every other one,
    /// and `random` is what passwords are made of.
    ///
    /// # Errors
    /// [`NotBegun`].
    pub async fn begin(
        settings: &Settings,
        to: &Location,
        (plan, digest): (&Plan, &Digest),
        (run, random): (String, Random),
        clock: &Clock,
    ) -> Result<Self, NotBegun> {
        let (focus, observer) = Box::pin(observer(settings, plan, clock)).await?;
        let operator = Box::pin(operator(settings, plan, digest, &observer)).await?;
        let shelf = shelf(settings, to).await?;
        let claim = HeldClaim::take(&shelf, run.clone()).await?;
        let journal = match Journal::open(&shelf, digest, run, clock).await {
            Ok(journal) => journal,
            Err(error) => {
                claim.release().await;
                return Err(error.into());
            }
        };
        let options = settings.change.clone().unwrap_or_default();
        let shows_within = Duration::from_secs(options.shows_within_seconds.into());
        let passwords = Passwords::of(options.passwords_to, random);
        let (plan, digest, clock) = (plan.clone(), *digest, clock.clone());
        Ok(Applying { claim, journal, focus, observer, operator, plan, digest, clock, shows_within, passwords })
    }

    /// Who changes.
    #[must_use]
    pub fn operator(&self) -> Caller {
        let caller = self.operator.caller();
        Caller { account: caller.account, arn: caller.arn.clone() }
    }

    /// How far the plan is applied.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let file = |planned: &Planned| {
            let file = self.passwords.file(&self.digest, &planned.id)?;
            // One that cannot be looked at is named: it may be there.
            file.try_exists().unwrap_or(true).then(|| (planned.id.clone(), file))
        };
        Progress {
            passwords: self.plan.changes.iter().filter_map(file).collect(),
            done: self.journal.done(),
            open: self.journal.open_changes(),
            made: self.journal.made(),
            operator: self.journal.operator().map(str::to_owned),
        }
    }

    /// Looks for what an earlier process sent or may have sent, and did not see. Sends nothing that changes AWS. What does
    /// not show stays open; what is left out may stay unread.
    ///
    /// # Errors
    /// Where it cannot be read, or did not come about.
    pub async fn resolve(&mut self, except: &BTreeSet<ChangeId>) -> Result<(), Box<Stopped>> {
        let open = self.journal.open_changes();
        let plan = self.plan.clone();
        for planned in plan.changes.iter().filter(|planned| open.contains(&planned.id)) {
            let resolved = Box::pin(self.hands().resolve_open(planned)).await;
            if except.contains(&planned.id) {
                continue;
            }
            if let Err(why) = resolved {
                return Err(self.stopped(planned, why).await);
            }
        }
        Ok(())
    }

    /// Makes the changes in their order, but those that the order leaves out, until the first surprise. The plan must have
    /// been judged right before; `resolves` are the findings that it then was seen to resolve.
    ///
    /// # Errors
    /// Where it stopped.
    pub async fn apply(
        &mut self,
        order: Order,
        resolves: Vec<String>,
        stop: &CancellationToken,
    ) -> Result<(), Box<Stopped>> {
        let except: BTreeSet<ChangeId> = order.except.iter().cloned().collect();
        let plan = self.plan.clone();
        let changes = change::order(&plan.changes).into_iter().filter(|planned| !except.contains(&planned.id));
        let changes: Vec<&Planned> = changes.filter(|planned| !self.journal.done().contains_key(&planned.id)).collect();
        let Some(first) = changes.first() else { return Ok(()) };
        let (observer, operator) = (self.observer.arn.clone(), self.operator.caller().arn.clone());
        if let Err(error) = self.journal.keep(Entry::Began { observer, operator, order, resolves }).await {
            return Err(self.stopped(first, error.into()).await);
        }
        for planned in changes {
            let made = match (self.claim.is_lost(), stop.is_cancelled()) {
                (true, _) => Err(Surprise::ClaimLost),
                (false, true) => Err(Surprise::Interrupted),
                (false, false) => Box::pin(self.hands().make(planned)).await,
            };
            if let Err(why) = made {
                return Err(self.stopped(planned, why).await);
            }
        }
        Ok(())
    }

    /// Gives the claim up: another process may apply a plan.
    pub async fn end(self) {
        self.claim.release().await;
    }

    fn hands(&mut self) -> Hands<'_> {
        Hands {
            operator: &self.operator,
            observer: Observer { focus: &self.focus, caller: &self.observer, place: &self.plan.place },
            journal: &mut self.journal,
            clock: &self.clock,
            digest: &self.digest,
            shows_within: self.shows_within,
            passwords: &mut self.passwords,
        }
    }

    async fn stopped(&mut self, at: &Planned, why: Surprise) -> Box<Stopped> {
        let entry = Entry::Stopped { change: at.id.clone(), why: why.to_string() };
        if let Err(error) = self.journal.keep(entry).await {
            tracing::warn!(%error, "the journal does not say why this apply stopped");
        }
        Box::new(Stopped { at: at.clone(), why })
    }
}

async fn observer(settings: &Settings, plan: &Plan, clock: &Clock) -> Result<(Focus, Caller), NotBegun> {
    let failed = |failure| NotBegun::SignIn("observer", failure);
    let session = session::connect(&settings.aws.sign_in()).await.map_err(failed)?;
    let now = clock.clone();
    let focus = Focus::of(&session, &settings.aws, &(Arc::new(move || now.now()) as _));
    // A plan is input that anyone may have edited: no host is called that it names.
    if let Some(plan) = plan.place.region.clone().filter(|region| region != focus.region()) {
        return Err(NotBegun::OtherRegion { plan, here: focus.region().to_owned() });
    }
    let caller = Box::pin(focus.caller()).await.map_err(failed)?;
    Ok((focus, caller))
}

async fn operator(settings: &Settings, plan: &Plan, digest: &Digest, observer: &Caller) -> Result<Operator, NotBegun> {
    let options = session::Options { region: plan.place.region.clone(), ..settings.aws.sign_in() };
    let sign_in = SignIn {
        role: settings.operator.role.clone(),
        member_role: settings.operator.member_role.clone(),
        external_id: settings.operator.external_id.clone(),
        session_name: format!("rollcall-{}", digest.short()),
    };
    let operator = Box::pin(Operator::sign_in(&options, sign_in)).await;
    let operator = operator.map_err(|failure| NotBegun::SignIn("operator", failure))?;
    let who = principal(&operator.caller().arn);
    if principal(&observer.arn) == who {
        return Err(NotBegun::SamePrincipal(who.to_owned()));
    }
    if let Some(role) =
        settings.operator.member_role.clone().filter(|role| settings.aws.member_role.as_ref() == Some(role))
    {
        return Err(NotBegun::SamePrincipal(role));
    }
    let goes_to = operator.redirected_to();
    if goes_to != plan.place.endpoint {
        let named = |endpoint: Option<String>| endpoint.map_or_else(|| "AWS".to_owned(), |url| format!("`{url}`"));
        return Err(NotBegun::OtherEndpoint { operator: named(goes_to), plan: named(plan.place.endpoint.clone()) });
    }
    Ok(operator)
}

async fn shelf(settings: &Settings, to: &Location) -> Result<Shelf, NotBegun> {
    let sign_in = settings.aws.sign_in().in_region(settings.report.bucket.region.as_deref());
    let config = async || Ok(session::connect(&sign_in).await?.sdk_config().clone());
    let shelf = store::open(to, &settings.report.bucket, config).await;
    shelf.map_err(|failure| NotBegun::SignIn("one who keeps the journal", failure))
}
