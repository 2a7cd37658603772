//! The journal of one plan, in the store: what is kept is durable before anything follows from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use super::entry::{Ended, Entry, How, Kept, VERSION};
use super::sight::sight;
use crate::change::record::Sight;
use crate::change::{ChangeId, Digest, MadeIds};
use crate::operate::{Clock, IamWrite, Observed, Outcome, Request, Step};
use crate::store::{Shelf, StoreError, change_log};

/// The journal of one plan.
pub struct Journal {
    shelf: Shelf,
    digest: String,
    run: String,
    entries: Vec<Kept>,
    clock: Clock,
    /// What was read last of the target of the change under way.
    saw: Mutex<Option<Sight>>,
}

/// A step of a change that is not done: it was sent, or may have been, and AWS did not say that it was not done.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Open {
    /// The step.
    pub(super) step: Step,
    /// When it was about to be sent.
    pub(super) at: chrono::DateTime<chrono::Utc>,
    /// The ARN of the session that was to send it.
    pub(super) operator: String,
    /// The request that AWS took for it, where the journal has it.
    pub(super) request: Option<Request>,
    /// The id of what it made, where AWS answered.
    pub(super) made: Option<String>,
    /// How it is known that the change is done, once it is seen.
    pub(super) how: How,
}

impl Journal {
    /// The journal of a plan as it is in the store: empty for one that was never applied. `run` tells this process from
    /// every other one.
    ///
    /// # Errors
    /// Where the store cannot be read, or an entry cannot be understood: then nothing may be changed.
    pub async fn open(shelf: &Shelf, digest: &Digest, run: String, clock: &Clock) -> Result<Self, StoreError> {
        let digest = digest.hex();
        let mut entries = Vec::new();
        for (key, bytes) in change_log::entries(shelf, &digest).await? {
            let kept: Kept = serde_json::from_slice(&bytes)
                .map_err(|source| StoreError::Document { name: key.to_string(), source })?;
            if kept.version != VERSION {
                return Err(StoreError::Format { name: key.to_string(), version: kept.version, known: VERSION });
            }
            entries.push(kept);
        }
        Ok(Journal { shelf: shelf.clone(), digest, run, entries, clock: clock.clone(), saw: Mutex::default() })
    }

    /// Takes note of what was read of the target of a change; `None` where it could not be read. The next intent or `done`
    /// says so.
    pub(super) fn saw(&self, observed: Option<&Observed>) {
        *self.saw.lock().expect("nothing panics while it holds this") = observed.map(sight);
    }

    /// Keeps an entry. When this returns, it is durable.
    pub(super) async fn keep(&mut self, entry: Entry) -> Result<(), StoreError> {
        let says_so = matches!(entry, Entry::Intent { .. } | Entry::Done { .. });
        let saw = self.saw.get_mut().expect("nothing panics while it holds this").clone().filter(|_| says_so);
        let kept = Kept { version: VERSION, at: self.clock.now(), run: self.run.clone(), entry, saw };
        let number = u32::try_from(self.entries.len() + 1).unwrap_or(u32::MAX);
        let bytes =
            serde_json::to_vec(&kept).map_err(|source| StoreError::Document { name: self.digest.clone(), source })?;
        change_log::append(&self.shelf, &self.digest, number, bytes).await?;
        self.entries.push(kept);
        Ok(())
    }

    /// The changes that are done.
    #[must_use]
    pub fn done(&self) -> BTreeMap<ChangeId, How> {
        let done = self.entries.iter().filter_map(|kept| {
            if let Entry::Done { change, how, .. } = &kept.entry { Some((change.clone(), *how)) } else { None }
        });
        done.collect()
    }

    /// The changes that are not done, and of which a step was sent or may have been.
    #[must_use]
    pub fn open_changes(&self) -> BTreeSet<ChangeId> {
        let about = self.entries.iter().filter_map(|kept| kept.entry.change());
        about.filter(|change| self.open_step(change).is_some()).cloned().collect()
    }

    /// The ARN of the latest session that changed something.
    pub(super) fn operator(&self) -> Option<&str> {
        self.entries.iter().rev().find_map(|kept| {
            if let Entry::Began { operator, .. } = &kept.entry { Some(operator.as_str()) } else { None }
        })
    }

    /// The latest step of a change that is not done, where it was sent or may have been, and AWS did not say that it was
    /// not done.
    pub(super) fn open_step(&self, of: &ChangeId) -> Option<Open> {
        let mut open: Option<Open> = None;
        let mut by = String::new();
        for kept in &self.entries {
            match &kept.entry {
                Entry::Began { operator, .. } => by.clone_from(operator),
                Entry::Intent { change, step } if change == of => {
                    // What was sent twice may have been done the first time.
                    let first = open.filter(|open| open.step == *step);
                    let (at, operator) = first.map_or((kept.at, by.clone()), |first| (first.at, first.operator));
                    let (step, how) = (step.clone(), How::AnswerLost);
                    open = Some(Open { step, at, operator, request: None, made: None, how });
                }
                Entry::Answered { change, outcome, .. } if change == of => match outcome {
                    Outcome::Asked { request } => {
                        if let Some(open) = &mut open {
                            (open.request, open.how) = (Some(request.clone()), How::Seen);
                        }
                    }
                    Outcome::NotDone { .. } | Outcome::Stopped { .. } => open = None,
                    Outcome::Done { made } => {
                        open = open.map(|open| Open { how: How::Seen, made: made.clone(), ..open });
                    }
                    Outcome::WasGone => open = open.map(|open| Open { how: How::WasGone, ..open }),
                    Outcome::Unknown { .. } => {}
                },
                Entry::Found { change, request } if change == of => {
                    if let Some(open) = &mut open {
                        open.request = Some(request.clone());
                    }
                }
                Entry::Settled { change, settled: Ended::Failed { .. } } if change == of => open = None,
                Entry::Done { change, .. } if change == of => open = None,
                Entry::Intent { .. }
                | Entry::Answered { .. }
                | Entry::Found { .. }
                | Entry::Settled { .. }
                | Entry::Done { .. }
                | Entry::Stopped { .. } => {}
            }
        }
        open
    }

    /// The virtual MFA devices that a change took off its user, by serial number.
    pub(super) fn deactivated_devices(&self, of: &ChangeId) -> BTreeSet<String> {
        let devices = self.entries.iter().filter_map(|kept| match &kept.entry {
            Entry::Intent { change, step: Step::Iam { write: IamWrite::DeactivateMfaDevice { serial }, .. } }
                if change == of =>
            {
                Some(serial.clone())
            }
            Entry::Began { .. }
            | Entry::Intent { .. }
            | Entry::Answered { .. }
            | Entry::Found { .. }
            | Entry::Settled { .. }
            | Entry::Done { .. }
            | Entry::Stopped { .. } => None,
        });
        devices.collect()
    }

    /// When a change was last sent that creates a user or a group, where it was.
    pub(super) fn creation_sent(&self, of: &ChangeId) -> Option<chrono::DateTime<chrono::Utc>> {
        let sent = self.entries.iter().rev().filter_map(|kept| match &kept.entry {
            Entry::Intent { change, step } if change == of && step.creates() => Some(kept.at),
            Entry::Began { .. }
            | Entry::Intent { .. }
            | Entry::Answered { .. }
            | Entry::Found { .. }
            | Entry::Settled { .. }
            | Entry::Done { .. }
            | Entry::Stopped { .. } => None,
        });
        sent.into_iter().next()
    }

    /// The ids of the users and groups of Identity Center that changes created, by change.
    #[must_use]
    pub fn made(&self) -> MadeIds {
        let made = self.entries.iter().filter_map(|kept| {
            if let Entry::Done { change, made: Some(id), .. } = &kept.entry {
                Some((change.clone(), id.clone()))
            } else {
                None
            }
        });
        made.collect()
    }

    /// The id of the user or group that a change created, as AWS answered or as it was read last; `None` for any other
    /// change.
    pub(super) fn created(&self, of: &ChangeId) -> Option<String> {
        let open = self.open_step(of).filter(|open| open.step.creates())?;
        let saw = || match &*self.saw.lock().expect("nothing panics while it holds this") {
            Some(Sight::Named { id }) => id.clone(),
            Some(
                Sight::Membership { .. }
                | Sight::Assignment { .. }
                | Sight::User { .. }
                | Sight::Group { .. }
                | Sight::IamUser { .. },
            )
            | None => None,
        };
        matches!(open.step, Step::IdentityStore { .. }).then(|| open.made.or_else(saw)).flatten()
    }

    /// The ids of all requests that the journal has.
    pub(super) fn requests(&self) -> Vec<String> {
        let requests = self.entries.iter().filter_map(|kept| {
            if let Entry::Answered { outcome: Outcome::Asked { request }, .. } | Entry::Found { request, .. } =
                &kept.entry
            {
                Some(request.id.clone())
            } else {
                None
            }
        });
        requests.collect()
    }
}
