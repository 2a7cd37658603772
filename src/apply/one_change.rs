//! One change: look, keep what is about to be sent, send it once, keep the answer, look until it shows.

use std::time::Duration;

use chrono::TimeDelta;

use super::beyond_plan::{has_more, has_other_applications};
use super::creation::is_created;
use super::entry::{Entry, How};
use super::journal::{Journal, Open};
use super::observe::{Observer, observe};
use super::passwords::Passwords;
use super::stop::Surprise;
use crate::aws::failure::Failure;
use crate::change::{Change, Digest, Planned};
use crate::operate::{
    Answered, Clock, IamWrite, Mark, NoSteps, Observed, ObservedIamUser, Operator, Outcome, Password, Request, Settled,
    SsoAdminWrite, Step, Stop, Target, Wants, steps,
};

/// How often a step is sent that AWS says it did not do.
const MOST_ATTEMPTS: u32 = 20;
/// The first wait between two looks, and the longest.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// How long AWS may still say that what was made is not there.
const JUST_MADE: TimeDelta = TimeDelta::seconds(60);

/// Both sign-ins, the journal, and what is the same for all changes of a plan.
pub(super) struct Hands<'a> {
    pub(super) operator: &'a Operator,
    pub(super) observer: Observer<'a>,
    pub(super) journal: &'a mut Journal,
    pub(super) clock: &'a Clock,
    pub(super) digest: &'a Digest,
    /// How long a change is looked for.
    pub(super) shows_within: Duration,
    pub(super) passwords: &'a mut Passwords,
}

/// A step to look for, and what is left to do of its change afterwards.
#[derive(Clone, Copy)]
struct Sought<'s> {
    step: &'s Step,
    /// The last one of its change: then the whole change has to show.
    is_last: bool,
}

/// What looking for a step came to.
enum Shows {
    Yes,
    No,
    NotRead(Failure),
}

/// What became of a step that was sent or may have been.
enum Resolved {
    /// It is done, and this is how that is known.
    Done(How),
    /// Its answer was lost, and it does not show.
    NotShown,
}

impl Hands<'_> {
    /// Makes a change, or continues one.
    pub(super) async fn make(&mut self, planned: &Planned) -> Result<(), Surprise> {
        let planned = &planned.by_ids(&self.journal.made());
        let open = self.journal.open_step(&planned.id);
        let how = self.anew(planned, open).await?;
        self.done(planned, how).await
    }

    /// Looks for the step of a change that was sent or may have been. Where it does not show, or other steps are left to do,
    /// the change stays open.
    pub(super) async fn resolve_open(&mut self, planned: &Planned) -> Result<(), Surprise> {
        let planned = &planned.by_ids(&self.journal.made());
        let Some(open) = self.journal.open_step(&planned.id) else { return Ok(()) };
        let sought = Sought { step: &open.step, is_last: false };
        let Resolved::Done(how) = self.resolve(planned, &open, sought).await? else { return Ok(()) };
        let left = match self.observe(planned).await {
            Ok(observed) => self.left(planned, &observed)?,
            // AWS said that it is done. Only a change of one step is done with it.
            Err(failure) => return Err(Surprise::NotRead(failure)),
        };
        if left.is_empty() { self.done(planned, how).await } else { Ok(()) }
    }

    async fn done(&mut self, planned: &Planned, how: How) -> Result<(), Surprise> {
        let (change, made) = (planned.id.clone(), self.journal.created(&planned.id));
        self.journal.keep(Entry::Done { change, how, made }).await?;
        Ok(())
    }

    /// Makes what is left to do of a change. `open` is a step that was sent or may have been.
    async fn anew(&mut self, planned: &Planned, open: Option<Open>) -> Result<How, Surprise> {
        let observed = self.observe(planned).await.map_err(Surprise::NotRead)?;
        let left = self.left(planned, &observed)?;
        if left.is_empty() {
            // Without a step of ours that may have been done, someone else did it.
            return match open {
                Some(open) => Ok(open.how),
                None if planned.change.kind().is_removal() => Ok(How::WasGone),
                None => Err(Surprise::Different("it is so already")),
            };
        }
        let seen = planned.seen.membership.as_ref();
        if let (Observed::Membership { membership: Some(is), .. }, Some(planned)) = (&observed, seen)
            && is != planned
        {
            return Err(Surprise::Different("the membership is another one"));
        }
        if let (Change::DeleteIamUser { at_once, .. }, Observed::IamUser(Some(user))) = (&planned.change, &observed) {
            may_be_deleted(planned, user, *at_once, open.is_some())?;
        }
        if has_other_applications(planned, &observed) {
            return Err(Surprise::Different("it is assigned to an application that the plan did not see"));
        }
        let mut how: Option<How> = None;
        for (place, step) in left.iter().enumerate() {
            let was_sent = open.as_ref().is_some_and(|open| open.step == *step);
            if was_sent && !step.operation().may_be_sent_twice() {
                return Err(Surprise::MayHaveBeenSent);
            }
            let sought = Sought { step, is_last: place + 1 == left.len() };
            let of_step = self.step(planned, sought, was_sent).await?;
            if !sought.is_last {
                self.nothing_else_came(planned, &left).await?;
            }
            how = Some(how.map_or(of_step, |how| how.and(of_step)));
        }
        Ok(how.unwrap_or(How::Seen))
    }

    /// That nothing is left to do but what was from the beginning: what someone else gave in between was in no plan.
    async fn nothing_else_came(&self, planned: &Planned, known: &[Step]) -> Result<(), Surprise> {
        let observed = self.observe(planned).await.map_err(Surprise::NotRead)?;
        let left = self.left(planned, &observed)?;
        if left.iter().all(|step| known.contains(step)) {
            Ok(())
        } else {
            Err(Surprise::Different("someone else changed it in the meantime"))
        }
    }

    async fn observe(&self, planned: &Planned) -> Result<Observed, Failure> {
        let observed = Box::pin(observe(&self.observer, &planned.change)).await;
        self.journal.saw(observed.as_ref().ok());
        observed
    }

    /// The steps that are left to do of a change.
    fn left(&self, planned: &Planned, observed: &Observed) -> Result<Vec<Step>, NoSteps> {
        if self.journal.open_step(&planned.id).is_some_and(|open| is_created(&open, observed)) {
            return Ok(Vec::new());
        }
        let mut left = steps(&planned.change, self.observer.place, &Mark::of(self.digest, &planned.id), observed)?;
        // What was taken off the user does not belong to it any more, so the user itself does not tell of it.
        if let (Change::DeleteIamUser { user: named, .. }, Observed::IamUser(Some(user))) = (&planned.change, observed)
        {
            let taken_off = self.journal.deactivated_devices(&planned.id);
            let taken_off = taken_off.into_iter().filter(|serial| user.unassigned_devices.contains(serial));
            let delete = taken_off.map(|serial| Step::Iam {
                account: named.account,
                user: named.name.clone(),
                write: IamWrite::DeleteMfaDevice { serial },
            });
            left.splice(0..0, delete);
        }
        Ok(left)
    }

    /// The password that a step gives. It is kept in a file when this returns.
    async fn password(&mut self, planned: &Planned, step: &Step) -> Result<Option<Password>, Surprise> {
        let Step::Iam { account, write: IamWrite::CreateLoginProfile, .. } = step else { return Ok(None) };
        let Observer { focus, caller, .. } = self.observer;
        let shortest = Box::pin(focus.shortest_password(caller, *account)).await.map_err(Surprise::NotRead)?;
        self.passwords.provide(self.digest, &planned.id, shortest).map(Some)
    }

    /// Since when what a step is about exists.
    fn target(&self, planned: &Planned) -> Target {
        let makers = [&planned.id].into_iter().chain(&planned.after);
        let mut created = makers.filter_map(|id| self.journal.creation_sent(id));
        match created.any(|created| self.clock.now() - created < JUST_MADE) {
            true => Target::JustMade,
            false => Target::Settled,
        }
    }

    /// Sends a step until AWS says what became of it, and looks for it. Where an answer is lost and the step does not show,
    /// it is sent once more, if it can do no harm twice and `was_sent` does not say that this is the second time.
    async fn step(&mut self, planned: &Planned, sought: Sought<'_>, mut was_sent: bool) -> Result<How, Surprise> {
        let step = sought.step;
        let password = self.password(planned, step).await?;
        let mut attempt = 1;
        loop {
            let (sent, target) = (self.clock.now(), self.target(planned));
            self.journal.keep(Entry::Intent { change: planned.id.clone(), step: step.clone() }).await?;
            let Answered { mut outcome, request_id } =
                Box::pin(self.operator.send(step, target, password.as_ref())).await;
            if let Outcome::Stopped { why: Stop::Exists, failure } = &outcome
                && was_sent
            {
                // Perhaps it was created by the first call.
                outcome = Outcome::Unknown { failure: failure.clone() };
            }
            let answered = Entry::Answered { change: planned.id.clone(), outcome: outcome.clone(), request_id };
            self.journal.keep(answered).await?;
            let failure = match outcome {
                Outcome::Done { .. } => return self.seen(planned, sought, How::Seen).await,
                Outcome::WasGone => return self.seen(planned, sought, How::WasGone).await,
                Outcome::Asked { request } => return self.settled(planned, sought, &request, How::Seen).await,
                Outcome::Stopped { why, failure } => return Err(Surprise::Refused { why, failure }),
                Outcome::NotDone { failure, .. } if attempt >= MOST_ATTEMPTS => {
                    return Err(Surprise::Busy { attempts: attempt, failure });
                }
                Outcome::NotDone { why, .. } => {
                    self.clock.wait(why.wait(attempt)).await;
                    attempt += 1;
                    continue;
                }
                Outcome::Unknown { failure } => failure,
            };
            let operator = self.operator.caller().arn.clone();
            let open = Open { step: step.clone(), at: sent, operator, request: None, made: None, how: How::AnswerLost };
            if let Resolved::Done(how) = self.resolve(planned, &open, sought).await? {
                return Ok(how);
            }
            if was_sent || !step.operation().may_be_sent_twice() {
                return Err(Surprise::Unknown(failure));
            }
            was_sent = true;
        }
    }

    /// Finds out what became of a step that was sent or may have been.
    async fn resolve(&mut self, planned: &Planned, open: &Open, sought: Sought<'_>) -> Result<Resolved, Surprise> {
        let request = match &open.request {
            Some(request) => Some(request.clone()),
            None => self.find(planned, open).await?,
        };
        if let Some(request) = request {
            return self.settled(planned, sought, &request, open.how).await.map(Resolved::Done);
        }
        match self.shows(planned, sought).await {
            Shows::Yes => Ok(Resolved::Done(open.how)),
            Shows::No if open.how == How::AnswerLost => Ok(Resolved::NotShown),
            Shows::No => Err(Surprise::DoesNotShow),
            Shows::NotRead(failure) => Err(Surprise::NotRead(failure)),
        }
    }

    /// The request for an assignment that AWS accepted although its answer was lost.
    async fn find(&mut self, planned: &Planned, open: &Open) -> Result<Option<Request>, Surprise> {
        let Step::SsoAdmin { instance, write } = &open.step else { return Ok(None) };
        let (wants, assignment) = match write {
            SsoAdminWrite::AddAssignment(assignment) => (Wants::Assignment, assignment),
            SsoAdminWrite::RemoveAssignment(assignment) => (Wants::Removal, assignment),
            SsoAdminWrite::RemoveFromApplication { .. } => return Ok(None),
        };
        let known = self.journal.requests();
        let found = Box::pin(self.operator.find_request(wants, instance, assignment, open.at, &known)).await;
        let found = found.map_err(Surprise::Unknown)?;
        if let Some(request) = &found {
            self.journal.keep(Entry::Found { change: planned.id.clone(), request: request.clone() }).await?;
        }
        Ok(found)
    }

    /// Waits for a request, and looks for what it asks for.
    async fn settled(
        &mut self,
        planned: &Planned,
        sought: Sought<'_>,
        request: &Request,
        how: How,
    ) -> Result<How, Surprise> {
        let settled = Box::pin(self.operator.settle(request, self.clock)).await;
        self.journal.keep(Entry::Settled { change: planned.id.clone(), settled: (&settled).into() }).await?;
        match settled {
            Settled::Succeeded => self.seen(planned, sought, how).await,
            Settled::Failed { reason } => Err(Surprise::Failed(reason)),
            Settled::Unknown { failure } => match self.shows(planned, sought).await {
                Shows::Yes => Ok(how),
                Shows::No | Shows::NotRead(_) => Err(Surprise::Unknown(failure)),
            },
        }
    }

    /// Looks for what AWS said is done.
    async fn seen(&self, planned: &Planned, sought: Sought<'_>, how: How) -> Result<How, Surprise> {
        match self.shows(planned, sought).await {
            Shows::Yes => Ok(how),
            Shows::No => Err(Surprise::DoesNotShow),
            Shows::NotRead(_) if sought.is_last => Ok(How::NotRead),
            // The next step follows from what is seen.
            Shows::NotRead(failure) => Err(Surprise::NotRead(failure)),
        }
    }

    /// Looks until a step shows, or for as long as the settings say.
    async fn shows(&self, planned: &Planned, sought: Sought<'_>) -> Shows {
        let until = self.clock.now() + self.shows_within;
        let mut wait = FIRST_WAIT;
        loop {
            let last = match self.observe(planned).await {
                Ok(observed) if self.is_done(planned, sought, &observed) => return Shows::Yes,
                Ok(_) => Shows::No,
                Err(failure) => Shows::NotRead(failure),
            };
            if self.clock.now() >= until {
                return last;
            }
            self.clock.wait(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    fn is_done(&self, planned: &Planned, sought: Sought<'_>, observed: &Observed) -> bool {
        let left = self.left(planned, observed);
        left.is_ok_and(|left| if sought.is_last { left.is_empty() } else { !left.contains(sought.step) })
    }
}

/// That a user may be deleted: nothing came to it since the plan was made, and it is disabled where the plan does not say that
/// it goes at once. What an apply began already is not held back.
fn may_be_deleted(planned: &Planned, user: &ObservedIamUser, at_once: bool, is_begun: bool) -> Result<(), Surprise> {
    let is_deny_all = |name: &str| is_begun && name.ends_with(":iam::aws:policy/AWSDenyAll");
    if planned.seen.iam_user.as_ref().is_none_or(|seen| has_more(seen, user, is_deny_all)) {
        return Err(Surprise::Different("the user has a credential, a policy or a group that the plan did not see"));
    }
    let held = [&user.access_keys, &user.ssh_keys, &user.certificates, &user.service_credentials];
    let is_disabled = !user.password && held.into_iter().flatten().all(|one| !one.active);
    if at_once || is_disabled { Ok(()) } else { Err(Surprise::NotDisabled) }
}
