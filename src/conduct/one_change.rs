//! One change: look, keep what is about to be sent, send it once, keep the answer, look until it shows.

use std::time::Duration;

use super::entry::{Entry, How};
use super::journal::{Journal, Open};
use super::observe::{is_wanted, observe};
use super::stop::Surprise;
use crate::aws::failure::Failure;
use crate::change::{Change, Digest, Place, Planned};
use crate::collect::focus::Focus;
use crate::operate::{
    Clock, Mark, Observed, Operator, Outcome, Request, Settled, SsoAdminWrite, Step, Target, Wants, steps,
};

/// How often a step is sent that AWS says it did not do.
const MOST_ATTEMPTS: u32 = 20;
/// How often it is looked whether a change shows, with waits of 1, 2, 4, … at most 10 seconds: two minutes.
const LOOKS: u32 = 15;
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Who changes, who looks, and where that is kept.
pub(super) struct Hands<'a> {
    pub(super) operator: &'a Operator,
    pub(super) focus: &'a Focus,
    pub(super) journal: &'a mut Journal,
    pub(super) clock: &'a Clock,
    pub(super) place: &'a Place,
    pub(super) digest: &'a Digest,
}

/// What looking for a change brought.
enum Shows {
    Yes,
    No,
    NotRead,
}

impl Hands<'_> {
    /// Makes a change, or goes on with one that was begun.
    pub(super) async fn make(&mut self, planned: &Planned) -> Result<How, Surprise> {
        let how = match self.journal.open_step(&planned.id) {
            Some(open) => self.resolve(planned, open).await?,
            None => None,
        };
        let how = match how {
            Some(how) => how,
            None => self.anew(planned).await?,
        };
        self.journal.keep(Entry::Done { change: planned.id.clone(), how }).await?;
        Ok(how)
    }

    async fn anew(&mut self, planned: &Planned) -> Result<How, Surprise> {
        let observed = self.observe(planned).await?;
        let is_removal = planned.change.kind().is_removal();
        if is_wanted(&planned.change, &observed) {
            // Without a step of ours that may have been done, somebody else did it.
            return if is_removal { Ok(How::WasGone) } else { Err(Surprise::Different("it is so already")) };
        }
        let seen = planned.seen.membership.as_ref();
        if let (Observed::Membership { membership: Some(is), .. }, Some(planned)) = (&observed, seen)
            && is != planned
        {
            return Err(Surprise::Different("the membership is another one"));
        }
        let mark = Mark::of(self.digest, &planned.id);
        let mut how = How::Seen;
        for step in steps(&planned.change, self.place, &mark, &observed)? {
            how = self.step(planned, &step).await?;
        }
        Ok(how)
    }

    async fn observe(&self, planned: &Planned) -> Result<Observed, Surprise> {
        Box::pin(observe(self.focus, self.place, &planned.change)).await.map_err(Surprise::NotRead)
    }

    /// Sends a step until AWS says what became of it, and sees to it that it shows.
    async fn step(&mut self, planned: &Planned, step: &Step) -> Result<How, Surprise> {
        let mut sent_blindly = false;
        for attempt in 1..=MOST_ATTEMPTS {
            let sent = self.clock.now();
            self.journal.keep(Entry::Intent { change: planned.id.clone(), step: step.clone() }).await?;
            let outcome = Box::pin(self.operator.send(step, Target::Settled, None)).await;
            let answered = Entry::Answered { change: planned.id.clone(), outcome: outcome.clone() };
            self.journal.keep(answered).await?;
            let failure = match outcome {
                Outcome::Done { .. } => return self.seen(planned, How::Seen).await,
                Outcome::WasGone => return self.seen(planned, How::WasGone).await,
                Outcome::Asked { request } => return self.settled(planned, &request, How::Seen).await,
                Outcome::Stopped { why, failure } => return Err(Surprise::Refused { why, failure }),
                Outcome::NotDone { failure, .. } if attempt == MOST_ATTEMPTS => {
                    return Err(Surprise::Busy { attempts: attempt, failure });
                }
                Outcome::NotDone { why, .. } => {
                    self.clock.wait(why.wait(attempt)).await;
                    continue;
                }
                Outcome::Unknown { failure } => failure,
            };
            let open = Open { step: step.clone(), at: sent, request: None, how: How::AnswerLost };
            if let Some(how) = self.resolve(planned, open).await? {
                return Ok(how);
            }
            // It does not show: the step that can do no harm twice is sent once more.
            if sent_blindly || !step.operation().may_be_sent_twice() {
                return Err(Surprise::Unknown(failure));
            }
            sent_blindly = true;
        }
        Err(Surprise::DoesNotShow)
    }

    /// Finds out what became of a step that may have been done: `None` where it was not.
    async fn resolve(&mut self, planned: &Planned, open: Open) -> Result<Option<How>, Surprise> {
        let request = match &open.request {
            Some(request) => Some(request.clone()),
            None => self.find(planned, &open).await?,
        };
        if let Some(request) = request {
            return self.settled(planned, &request, open.how).await.map(Some);
        }
        Ok(match self.shows(planned).await {
            Shows::Yes => Some(open.how),
            Shows::No => None,
            Shows::NotRead => {
                // Whether it was done cannot be told, and nothing is sent twice blindly.
                self.observe(planned).await?;
                None
            }
        })
    }

    /// The request that AWS took for an assignment although its answer was lost.
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

    /// Waits for a request, and sees to it that what it asks for shows.
    async fn settled(&mut self, planned: &Planned, request: &Request, how: How) -> Result<How, Surprise> {
        let settled = Box::pin(self.operator.settle(request, self.clock)).await;
        self.journal.keep(Entry::Settled { change: planned.id.clone(), settled: (&settled).into() }).await?;
        match settled {
            Settled::Succeeded => self.seen(planned, how).await,
            Settled::Failed { reason } => Err(Surprise::Failed(reason)),
            Settled::Unknown { failure } => self.seen_or(planned, how, failure).await,
        }
    }

    async fn seen(&self, planned: &Planned, how: How) -> Result<How, Surprise> {
        match self.shows(planned).await {
            Shows::Yes => Ok(how),
            Shows::No => Err(Surprise::DoesNotShow),
            Shows::NotRead => Ok(How::NotRead),
        }
    }

    async fn seen_or(&self, planned: &Planned, how: How, failure: Failure) -> Result<How, Surprise> {
        match self.shows(planned).await {
            Shows::Yes => Ok(how),
            Shows::No | Shows::NotRead => Err(Surprise::Unknown(failure)),
        }
    }

    /// Looks until what a change wants shows, for two minutes at most.
    async fn shows(&self, planned: &Planned) -> Shows {
        let mut wait = Duration::from_secs(1);
        let mut last = Shows::NotRead;
        for look in 1..=LOOKS {
            last = match self.observe(planned).await {
                Ok(observed) if is_wanted(&planned.change, &observed) => return Shows::Yes,
                Ok(_) => Shows::No,
                Err(_) => Shows::NotRead,
            };
            if look < LOOKS {
                self.clock.wait(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
        last
    }
}

/// Whether a change is of a kind that can be made so far, of what is there already.
pub(super) fn is_offered(change: &Change) -> bool {
    super::observe::OFFERED.contains(&change.kind()) && change.makers().next().is_none()
}
