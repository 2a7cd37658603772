//! The loop itself, which neither knows what wakes it nor what time it is.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc;
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::schedule::{Timetable, due};

/// A last run further in the future than this was dated by a clock that was wrong. Waiting for that time to come would
/// be silence; less than this is a clock that was corrected, and waiting is right.
const WRONG_CLOCK: TimeDelta = TimeDelta::days(1);

/// How long after a failure a run is tried again; twice as long after each further one, up to the second.
const TRIED_AGAIN_AFTER: (TimeDelta, TimeDelta) = (TimeDelta::minutes(5), TimeDelta::hours(1));

/// A job to be served.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its name, for the run and the log.
    pub name: String,
    /// When it is due.
    pub timetable: Timetable,
    /// The instant for which it was handled last.
    pub last: Last,
}

/// When a job was handled last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// For this instant.
    At(DateTime<Utc>),
    /// Never: it is watched from now on.
    Never,
    /// That could not be found out. Then the job counts as due at the latest instant of its timetable, and its run finds
    /// out whether it was handled before.
    Unknown,
}

/// What a run is started with.
#[derive(Debug, Clone)]
pub struct Due {
    /// The job's name.
    pub job: String,
    /// The instant for which it is run.
    pub at: DateTime<Utc>,
    /// Whether the run has to find out first that the job was not handled for this instant or a later one, and that it
    /// was handled at all before.
    pub unless_handled: bool,
    /// Cancelled when the run should end early. A run that is publishing goes on to its end nevertheless.
    pub stop: CancellationToken,
}

/// What wakes the loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Time to look at the clock.
    Tick,
    /// Somebody wants the loop to end.
    Stop,
}

/// How the loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is under way any more.
    InOrder,
    /// It was told to stop a second time while runs were under way. They still are, until the process ends.
    AtOnce,
}

/// Starts jobs that are due at each tick, one run of a job at a time, until it is told to stop. A run that failed is
/// tried again, as long as the job is not due once more.
pub async fn watch<R, F, E>(
    jobs: Vec<Job>,
    run: R,
    clock: impl Fn() -> DateTime<Utc>,
    mut events: mpsc::Receiver<Event>,
) -> Ended
where
    R: Fn(Due) -> F,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: fmt::Display + Send + 'static,
{
    let mut jobs: Vec<Watched> = jobs.into_iter().map(|job| Watched::from(job, clock())).collect();
    let mut under_way = UnderWay::default();
    let stop = CancellationToken::new();
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(Event::Tick) => start_due(&mut jobs, &mut under_way, clock(), |job, at, unless_handled| {
                    run(Due { job, at, unless_handled, stop: stop.clone() })
                }),
                Some(Event::Stop) | None => break,
            },
            Some(ended) = under_way.tasks.join_next_with_id() => if let Some((job, failed)) = under_way.ended(ended) {
                let of_job = jobs.iter_mut().find(|watched| watched.job.name == job);
                of_job.into_iter().for_each(|watched| watched.ended(failed, clock()));
            },
        }
    }
    stop.cancel();
    under_way.finish(events).await
}

struct Watched {
    job: Job,
    last: DateTime<Utc>,
    /// The instant of which it is not known whether the job was handled for it.
    unsure: Option<DateTime<Utc>>,
    failed: Option<Failed>,
}

/// A run that failed, and is to be tried again.
struct Failed {
    at: DateTime<Utc>,
    /// When it failed, and how long after that it is tried.
    since: DateTime<Utc>,
    wait: TimeDelta,
}

impl Watched {
    fn from(job: Job, now: DateTime<Utc>) -> Self {
        let next = job.timetable.next(now).map(|next| next.to_rfc3339());
        tracing::info!(job = job.name, timetable = %job.timetable, next, "watching");
        let (last, unsure) = match job.last {
            Last::At(at) => (at, None),
            Last::Never => (now, None),
            Last::Unknown => match due(&job.timetable, DateTime::<Utc>::MIN_UTC, now) {
                Some(latest) => (DateTime::<Utc>::MIN_UTC, Some(latest)),
                None => (now, None),
            },
        };
        Watched { last, unsure, job, failed: None }
    }

    /// The instant for which the job is to be run now; it is not given twice, unless that run failed.
    fn take_due(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.last - now > WRONG_CLOCK {
            tracing::warn!(job = self.job.name, last = %self.last, %now, "the last run is in the future; starting \
                                                                          over from now");
            self.last = now;
        }
        if let Some(at) = due(&self.job.timetable, self.last, now) {
            self.last = at;
            self.failed = None;
            return Some(at);
        }
        // A clock that was set back since makes nobody wait longer.
        self.failed.as_ref().filter(|failed| (now - failed.since).abs() >= failed.wait).map(|failed| failed.at)
    }

    /// Remembers a run that failed, by the instant for which it was run.
    fn ended(&mut self, failed: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        let Some(at) = failed else {
            self.failed = None;
            return;
        };
        let (first, longest) = TRIED_AGAIN_AFTER;
        let before = self.failed.as_ref().filter(|failed| failed.at == at);
        let wait = before.map_or(first, |failed| longest.min(failed.wait * 2));
        let again = now + wait;
        tracing::info!(job = self.job.name, due = %at, %again, "the run is retried, unless the job's next scheduled \
                                                                time comes first");
        self.failed = Some(Failed { at, since: now, wait });
    }
}

fn start_due<F, E>(
    jobs: &mut [Watched],
    under_way: &mut UnderWay<E>,
    now: DateTime<Utc>,
    run: impl Fn(String, DateTime<Utc>, bool) -> F,
) where
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: fmt::Display + Send + 'static,
{
    for watched in jobs {
        if under_way.has(&watched.job.name) {
            continue;
        }
        if let Some(at) = watched.take_due(now) {
            let name = &watched.job.name;
            tracing::info!(job = name, due = %at, "run begins");
            let task = under_way.tasks.spawn(run(name.clone(), at, watched.unsure == Some(at)));
            under_way.names.insert(task.id(), (name.clone(), at));
        }
    }
}

/// The runs that were started and have not ended.
struct UnderWay<E> {
    tasks: JoinSet<Result<(), E>>,
    names: BTreeMap<Id, (String, DateTime<Utc>)>,
}

impl<E> Default for UnderWay<E> {
    fn default() -> Self {
        UnderWay { tasks: JoinSet::new(), names: BTreeMap::new() }
    }
}

impl<E: fmt::Display + Send + 'static> UnderWay<E> {
    fn has(&self, job: &str) -> bool {
        self.names.values().any(|(name, _)| name == job)
    }

    /// Forgets a run that has ended, and gives back its job, and its instant if it failed. One that failed, or even
    /// panicked, ends no other.
    fn ended(&mut self, ended: Result<(Id, Result<(), E>), JoinError>) -> Option<(String, Option<DateTime<Utc>>)> {
        let (id, failure) = match ended {
            Ok((id, Ok(()))) => (id, None),
            Ok((id, Err(error))) => (id, Some(error.to_string())),
            Err(panicked) => (panicked.id(), Some("it panicked; this is a bug in Rollcall".to_owned())),
        };
        let (job, at) = self.names.remove(&id)?;
        match &failure {
            None => tracing::info!(job, due = %at, "run ended"),
            Some(why) => tracing::error!(job, due = %at, why, "run failed"),
        }
        Some((job, failure.map(|_| at)))
    }

    /// Awaits all runs, unless it is told to stop again. They are not dropped then: a half-written package is worse
    /// than a run that the end of the process cuts off.
    async fn finish(mut self, mut events: mpsc::Receiver<Event>) -> Ended {
        tracing::info!(under_way = self.tasks.len(), "stopping: no new runs are started");
        loop {
            tokio::select! {
                ended = self.tasks.join_next_with_id() => match ended {
                    Some(ended) => drop(self.ended(ended)),
                    None => return Ended::InOrder,
                },
                Some(event) = events.recv() => match event {
                    Event::Tick => {}
                    Event::Stop => {
                        self.tasks.detach_all();
                        return Ended::AtOnce;
                    }
                },
            }
        }
    }
}
