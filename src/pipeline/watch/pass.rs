//! One pass over the queues: receive, put together, look, tell, record, delete. A message is deleted only when what it led
//! to was told and recorded; until then it comes back.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::tell::{self, Told};
use super::{judge, read_event};
use crate::collect::Clock;
use crate::events::{self, Ending, Event, Outcome, Settled};
use crate::queue::{Delivery, Queue, QueueError};
use crate::settings::Watch;

use super::super::order::Order;
use super::super::{PipelineError, send::AlertError};

/// How long a message stays hidden while it is worked on.
const HIDDEN: Duration = Duration::from_secs(300);
/// How often that is renewed while a look lasts.
const RENEWED: Duration = Duration::from_secs(120);
/// When an assignment that was in progress is looked at again.
const LOOKED_AGAIN: Duration = Duration::from_secs(120);
/// How often it is looked at before that is told.
const LOOKS: u32 = 3;
/// Messages of one pass: more are left for the next.
const MOST: usize = 1_000;
/// How far the clock of AWS may be ahead of this one.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// Why a pass ended early. What was received comes back.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// A queue does not do what it should.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The lists, AWS or the store cannot be used.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
}

impl WatchError {
    /// What to do about it, where there is something to do.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            WatchError::Queue(error) => Some(error.help()),
            WatchError::Pipeline(error) => error.help(),
        }
    }
}

/// What a pass did.
#[derive(Debug, Default)]
pub struct Pass {
    /// What came of the events.
    pub outcomes: Vec<Outcome>,
    /// Which of them were news to somebody, or would have been if there were a channel; by their places.
    pub news: BTreeSet<usize>,
    /// How many messages were received.
    pub received: usize,
    /// How many of them are no events: they are left, and end in the dead-letter queue.
    pub unreadable: usize,
    /// How many are left because their principals changed a moment ago, or are still being changed.
    pub waiting: usize,
    /// How many principals changed, where that were too many to look at.
    pub storm: Option<usize>,
    /// Messages that could not be sent, or be recorded.
    pub undelivered: Vec<AlertError>,
    /// Whether there is nobody to tell.
    pub has_no_channel: bool,
}

/// A message that is an event.
struct Held {
    queue: usize,
    delivery: Delivery,
    event: Event,
}

/// Makes one pass, and waits for the first message at most so long.
///
/// # Errors
/// [`WatchError`].
pub async fn pass(
    order: &Order,
    watch: &Watch,
    queues: &[Queue],
    wait: Duration,
    clock: &Clock,
) -> Result<Pass, WatchError> {
    let mut pass = Pass::default();
    let mut held = Vec::new();
    for (number, queue) in queues.iter().enumerate() {
        receive(queue, number, wait, &mut held, &mut pass).await?;
    }
    if held.is_empty() {
        return Ok(pass);
    }
    let now = clock();
    let waits = waiting(&held, watch.settle(), now);
    release(queues, &held, &waits).await?;
    pass.waiting = held.iter().filter(|one| waits.contains_key(&one.event.id)).count();
    held.retain(|one| !waits.contains_key(&one.event.id));
    let events: Vec<Event> = held.iter().map(|one| one.event.clone()).collect();
    let principals = events::settle(events.clone()).looks.len();
    if principals > usize::from(watch.most_at_once) {
        pass.storm = Some(principals);
        let told = tell::storm(order, principals, now).await?;
        // Nobody knows of it yet: all of it comes back.
        if !told.undelivered.is_empty() {
            pass.undelivered = told.undelivered;
            return Ok(pass);
        }
        return finish(pass, told, queues, held).await;
    }
    let outcomes = hidden_meanwhile(queues, &held, judge(order, events, clock)).await?;
    let again = in_progress(&outcomes, &held);
    let looked_again = again.iter().map(|id| (id.clone(), LOOKED_AGAIN)).collect();
    release(queues, &held, &looked_again).await?;
    pass.waiting += held.iter().filter(|one| again.contains(&one.event.id)).count();
    held.retain(|one| !again.contains(&one.event.id));
    pass.outcomes =
        outcomes.into_iter().filter(|one| !one.events.iter().any(|event| again.contains(&event.id))).collect();
    let told = tell::outcomes(order, &pass.outcomes, watch.tell, clock()).await?;
    finish(pass, told, queues, held).await
}

/// Receives all that is there. What cannot be read is left as it is.
async fn receive(
    queue: &Queue,
    number: usize,
    wait: Duration,
    held: &mut Vec<Held>,
    pass: &mut Pass,
) -> Result<(), QueueError> {
    let mut wait = wait;
    while held.len() < MOST {
        let received = queue.receive(wait, HIDDEN).await?;
        if received.is_empty() {
            break;
        }
        pass.received += received.len();
        for delivery in received {
            match read_event(delivery.body.as_bytes()) {
                Ok(event) => held.push(Held { queue: number, delivery, event }),
                Err(error) => {
                    pass.unreadable += 1;
                    tracing::warn!(queue = queue.url(), %error, "a message of the queue is not an event");
                }
            }
        }
        // Whether there are more, all servers of the queue have to say, and they do that only to those who wait.
        wait = Duration::from_secs(1);
    }
    Ok(())
}

/// The events that are left for later, each with for how long: something of theirs changed a moment ago.
fn waiting(held: &[Held], settle: TimeDelta, now: DateTime<Utc>) -> BTreeMap<String, Duration> {
    let mut waits = BTreeMap::new();
    for Settled { events, .. } in events::settle(held.iter().map(|one| one.event.clone()).collect()).looks {
        let last = events.last().map_or(now, |event| event.at);
        let left = settle - (now - last);
        if left > TimeDelta::zero() && last <= now + AHEAD {
            let left = left.to_std().unwrap_or_default() + Duration::from_secs(1);
            waits.extend(events.into_iter().map(|event| (event.id, left)));
        }
    }
    waits
}

/// The events of what AWS has not done or does not list yet, which are looked at again.
fn in_progress(outcomes: &[Outcome], held: &[Held]) -> BTreeSet<String> {
    let is_early =
        |event: &Event| held.iter().filter(|one| one.event.id == event.id).all(|one| one.delivery.received < LOOKS);
    let open = outcomes.iter().filter(|outcome| matches!(outcome.ending, Ending::InProgress | Ending::NotListedYet));
    let open = open.filter(|outcome| outcome.events.iter().all(is_early));
    open.flat_map(|outcome| &outcome.events).map(|event| event.id.clone()).collect()
}

/// Gives messages back for later.
async fn release(queues: &[Queue], held: &[Held], waits: &BTreeMap<String, Duration>) -> Result<(), QueueError> {
    for (number, queue) in queues.iter().enumerate() {
        let mut by_wait: BTreeMap<Duration, Vec<String>> = BTreeMap::new();
        for one in held.iter().filter(|one| one.queue == number) {
            if let Some(wait) = waits.get(&one.event.id) {
                by_wait.entry(*wait).or_default().push(one.delivery.receipt.clone());
            }
        }
        for (wait, receipts) in by_wait {
            queue.hide(&receipts, wait).await?;
        }
    }
    Ok(())
}

/// Keeps messages hidden while the work on them lasts.
async fn hidden_meanwhile<T>(
    queues: &[Queue],
    held: &[Held],
    work: impl Future<Output = Result<T, PipelineError>>,
) -> Result<T, WatchError> {
    let renew = async {
        loop {
            tokio::time::sleep(RENEWED).await;
            for (number, queue) in queues.iter().enumerate() {
                let receipts = receipts(held, number, |_| true);
                if let Err(error) = queue.hide(&receipts, HIDDEN).await {
                    tracing::warn!(%error, "messages may be received a second time");
                }
            }
        }
    };
    tokio::select! {
        done = work => Ok(done?),
        () = renew => unreachable!("renewing goes on until the work is done"),
    }
}

fn receipts(held: &[Held], queue: usize, is_wanted: impl Fn(&Event) -> bool) -> Vec<String> {
    let of_queue = held.iter().filter(|one| one.queue == queue && is_wanted(&one.event));
    of_queue.map(|one| one.delivery.receipt.clone()).collect()
}

/// Deletes what was told and recorded.
async fn finish(mut pass: Pass, told: Told, queues: &[Queue], held: Vec<Held>) -> Result<Pass, WatchError> {
    let Told { news, open, undelivered, has_no_channel } = told;
    for (number, queue) in queues.iter().enumerate() {
        queue.delete(&receipts(&held, number, |event| !open.contains(&event.id))).await?;
    }
    (pass.news, pass.undelivered, pass.has_no_channel) = (news, undelivered, has_no_channel);
    Ok(pass)
}
