//! The loop: what it starts, what it survives, and how it ends. Ticks and the clock are the test's.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::schedule::Timetable;
use rollcall::serve::{Due, Ended, Event, Job, Last, serve, watch};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn job(name: &str, cron: &str, last: Option<&str>) -> Job {
    Job {
        name: name.to_owned(),
        timetable: Timetable::parse(cron, "UTC").unwrap(),
        last: last.map_or(Last::Never, |last| Last::At(at(last))),
    }
}

/// A loop under test: its clock is set, its ticks are sent, and its runs are met by hand.
struct Stage {
    clock: Arc<AtomicI64>,
    events: mpsc::Sender<Event>,
    started: mpsc::UnboundedReceiver<(Due, tokio::sync::oneshot::Sender<Result<(), String>>)>,
    begun: Arc<Mutex<Vec<String>>>,
    ended: JoinHandle<Ended>,
}

impl Stage {
    async fn begin(now: &str, jobs: Vec<Job>) -> Self {
        let clock = Arc::new(AtomicI64::new(at(now).timestamp()));
        let begun = Arc::new(Mutex::new(Vec::new()));
        let (events, received) = mpsc::channel(1);
        let (start, started) = mpsc::unbounded_channel();
        let (log, hands) = (Arc::clone(&begun), Arc::clone(&clock));
        let run = move |due: Due| {
            log.lock().unwrap().push(format!("{} {}", due.job, due.at.format("%dT%H:%M")));
            let (answer, answered) = tokio::sync::oneshot::channel();
            start.send((due, answer)).unwrap();
            async move { answered.await.expect("a test answers each run, or panics in it") }
        };
        let clock_of_loop = move || DateTime::from_timestamp(hands.load(Ordering::Relaxed), 0).unwrap();
        let ended = tokio::spawn(watch(jobs, run, clock_of_loop, received));
        let stage = Stage { clock, events, started, begun, ended };
        // The loop looks at the clock when it begins, which it has when it takes a tick.
        stage.tick(now).await;
        stage
    }

    /// Sets the clock and ticks. The second tick is taken only when the first has been dealt with.
    async fn tick(&self, now: &str) {
        self.clock.store(at(now).timestamp(), Ordering::Relaxed);
        self.events.send(Event::Tick).await.unwrap();
        self.events.send(Event::Tick).await.unwrap();
    }

    /// Ticks at this time until so many runs have begun: the end of a run is told to the loop by the runtime.
    async fn until_begun(&self, runs: usize, now: &str) {
        while self.begun().len() < runs {
            self.tick(now).await;
        }
    }

    /// Ends the run that began last, and lets the loop notice: on one thread, whoever can go on does at each yield.
    async fn end(&mut self, result: Result<(), &str>) {
        self.started.recv().await.unwrap().1.send(result.map_err(str::to_owned)).unwrap();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    fn begun(&self) -> Vec<String> {
        self.begun.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_job_runs_when_it_is_due_and_not_before() {
    let mut stage = Stage::begin("2026-11-20T07:00:00Z", vec![job("daily", "0 8 * * *", None)]).await;
    stage.tick("2026-11-20T07:59:45Z").await;
    stage.tick("2026-11-20T08:00:00Z").await;
    let (due, answer) = stage.started.recv().await.unwrap();
    assert_eq!((due.job.as_str(), due.at), ("daily", at("2026-11-20T08:00:00Z")));
    answer.send(Ok(())).unwrap();
    stage.tick("2026-11-20T08:00:15Z").await;
    stage.events.send(Event::Stop).await.unwrap();
    assert_eq!(stage.ended.await.unwrap(), Ended::InOrder);
    assert_eq!(*stage.begun.lock().unwrap(), ["daily 20T08:00"]);
}

#[tokio::test]
async fn what_was_missed_while_nothing_served_is_made_up_for_once() {
    let last = Some("2026-11-17T08:00:00Z");
    let mut stage = Stage::begin("2026-11-20T09:30:00Z", vec![job("daily", "0 8 * * *", last)]).await;
    stage.tick("2026-11-20T09:30:00Z").await;
    stage.started.recv().await.unwrap().1.send(Ok(())).unwrap();
    stage.tick("2026-11-20T09:30:15Z").await;
    assert_eq!(stage.begun(), ["daily 20T08:00"]);
}

#[tokio::test]
async fn a_job_does_not_run_beside_itself_but_beside_others() {
    let jobs = vec![job("slow", "* * * * *", None), job("other", "1 8 * * *", None)];
    let mut stage = Stage::begin("2026-11-20T07:59:30Z", jobs).await;
    stage.tick("2026-11-20T08:00:00Z").await;
    stage.tick("2026-11-20T08:01:00Z").await;
    stage.tick("2026-11-20T08:02:00Z").await;
    assert_eq!(stage.begun(), ["slow 20T08:00", "other 20T08:01"]);

    // Its end is told to the loop by the runtime; ticks go on until that has arrived.
    let (_, answer) = stage.started.recv().await.unwrap();
    answer.send(Ok(())).unwrap();
    while stage.begun().len() < 3 {
        stage.tick("2026-11-20T08:02:30Z").await;
    }
    assert_eq!(stage.begun(), ["slow 20T08:00", "other 20T08:01", "slow 20T08:02"]);
}

#[tokio::test]
async fn a_run_that_fails_or_panics_ends_no_other() {
    let mut stage = Stage::begin("2026-11-20T07:59:30Z", vec![job("hourly", "0 * * * *", None)]).await;
    stage.tick("2026-11-20T08:00:00Z").await;
    stage.started.recv().await.unwrap().1.send(Err("the network is gone".to_owned())).unwrap();
    stage.until_begun(2, "2026-11-20T09:00:00Z").await;
    drop(stage.started.recv().await.unwrap().1); // The run panics.
    stage.until_begun(3, "2026-11-20T10:00:00Z").await;
    assert_eq!(stage.begun(), ["hourly 20T08:00", "hourly 20T09:00", "hourly 20T10:00"]);
}

#[tokio::test]
async fn a_run_that_failed_is_tried_again_ever_later_until_it_is_done() {
    let mut stage = Stage::begin("2026-11-20T07:59:30Z", vec![job("quarterly", "0 8 20 2,5,8,11 *", None)]).await;
    stage.tick("2026-11-20T08:00:00Z").await;
    // Each is tried as long after the one before as is said, and not a second earlier.
    let mut clock = at("2026-11-20T08:00:00Z");
    for (number, minutes) in [5, 10, 20, 40, 60, 60].into_iter().enumerate() {
        stage.end(Err("the network is gone")).await;
        clock += TimeDelta::minutes(minutes);
        stage.tick(&(clock - TimeDelta::seconds(1)).to_rfc3339()).await;
        assert_eq!(stage.begun().len(), number + 1, "at {clock}");
        stage.tick(&clock.to_rfc3339()).await;
        assert_eq!(stage.begun().len(), number + 2, "at {clock}");
    }
    assert!(stage.begun().iter().all(|begun| begun == "quarterly 20T08:00"), "{:?}", stage.begun());

    stage.end(Ok(())).await;
    stage.tick("2026-12-20T08:00:00Z").await;
    stage.tick("2027-02-20T07:59:59Z").await;
    assert_eq!(stage.begun().len(), 7, "what was done is not done again");
}

#[tokio::test]
async fn a_run_that_failed_is_not_tried_any_more_when_the_job_is_due_once_more() {
    let mut stage = Stage::begin("2026-11-20T07:59:30Z", vec![job("often", "0,3 8 * * *", None)]).await;
    stage.tick("2026-11-20T08:00:00Z").await;
    stage.end(Err("the network is gone")).await;
    stage.tick("2026-11-20T08:03:00Z").await;
    stage.end(Ok(())).await;
    stage.tick("2026-11-20T08:05:00Z").await;
    stage.tick("2026-11-20T09:00:00Z").await;
    assert_eq!(stage.begun(), ["often 20T08:00", "often 20T08:03"]);
}

#[tokio::test]
async fn the_end_waits_for_a_run_under_way_and_tells_it_to_stop() {
    let mut stage = Stage::begin("2026-11-20T07:59:30Z", vec![job("daily", "0 8 * * *", None)]).await;
    stage.tick("2026-11-20T08:00:00Z").await;
    let (due, answer) = stage.started.recv().await.unwrap();
    assert!(!due.stop.is_cancelled());
    stage.events.send(Event::Stop).await.unwrap();
    stage.tick("2026-11-21T08:00:00Z").await;
    assert!(due.stop.is_cancelled());
    assert!(!stage.ended.is_finished());
    answer.send(Ok(())).unwrap();
    assert_eq!(stage.ended.await.unwrap(), Ended::InOrder);
    assert_eq!(*stage.begun.lock().unwrap(), ["daily 20T08:00"], "nothing was started after the signal");
}

#[tokio::test]
async fn a_second_signal_ends_at_once_and_drops_no_run() {
    let mut stage = Stage::begin("2026-11-20T07:59:30Z", vec![job("daily", "0 8 * * *", None)]).await;
    stage.tick("2026-11-20T08:00:00Z").await;
    let (_, answer) = stage.started.recv().await.unwrap();
    stage.events.send(Event::Stop).await.unwrap();
    stage.events.send(Event::Stop).await.unwrap();
    assert_eq!(stage.ended.await.unwrap(), Ended::AtOnce);
    assert!(!answer.is_closed(), "the run still waits for its answer");
}

#[tokio::test]
async fn a_clock_that_was_a_year_ahead_does_not_silence_a_job_for_a_year() {
    let last = at("2026-11-20T08:00:00Z") + TimeDelta::days(365);
    let ahead = Job { last: Last::At(last), ..job("daily", "0 8 * * *", None) };
    let stage = Stage::begin("2026-11-20T07:00:00Z", vec![ahead]).await;
    stage.tick("2026-11-20T07:59:45Z").await;
    stage.tick("2026-11-20T08:00:00Z").await;
    assert_eq!(stage.begun(), ["daily 20T08:00"]);
}

#[tokio::test]
async fn a_job_of_which_it_is_not_known_when_it_ran_last_is_due_and_finds_out() {
    let unknown = Job { last: Last::Unknown, ..job("daily", "0 8 * * *", None) };
    let mut stage = Stage::begin("2026-11-20T09:30:00Z", vec![unknown]).await;
    let mut found = Vec::new();
    for (now, result) in [
        ("2026-11-20T09:30:00Z", Err("the store cannot be reached".to_owned())),
        // As long as that cannot be found out, it is tried again; from then on it is a job as any other.
        ("2026-11-20T09:35:00Z", Ok(())),
        ("2026-11-21T08:00:00Z", Ok(())),
    ] {
        stage.until_begun(found.len() + 1, now).await;
        let (due, answer) = stage.started.recv().await.unwrap();
        found.push((due.at, due.unless_handled));
        answer.send(result).unwrap();
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }
    let [first, next] = ["2026-11-20T08:00:00Z", "2026-11-21T08:00:00Z"].map(at);
    assert_eq!(found, [(first, true), (first, true), (next, false)]);
}

#[tokio::test]
async fn to_serve_no_job_is_refused() {
    let refused = serve(Vec::new(), |_| async { Ok::<_, String>(()) }, DateTime::default).await.unwrap_err();
    let said = format!("error: {refused}\n  help: {}", refused.help().unwrap_or_default());
    insta::assert_snapshot!(said, @r"
    error: no job to serve
      help: add a `[[job]]` with `name`, `cron` and `zone` to the settings
    ");
}
