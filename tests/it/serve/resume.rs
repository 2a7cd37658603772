//! A job that was cut short goes on where it was, in the process that serves next: after a restart, and after the death
//! of a process that held the run.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rollcall::pipeline::{Clock, Order, Source, run_due};
use rollcall::settings::Settings;
use rollcall::store::leases::{Claimant, Claimed, claim};
use rollcall::store::{Folder, Location, Shelf};
use rollcall_simulator::{Faults, Simulator, World};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::collect::live::leave_an_old_run;
use crate::story::Story;
use crate::support::{Output, rollcall};

/// A place with a job that ran long ago, and so is due at once.
struct Place {
    folder: tempfile::TempDir,
    simulator: Simulator,
}

impl Place {
    fn new() -> Self {
        let place = Place {
            folder: tempfile::tempdir().unwrap(),
            simulator: Simulator::start(World::careful(), Faults::none()),
        };
        std::fs::create_dir(place.path().join("expected")).unwrap();
        let people: String = (0..200).map(|number| format!("user.{number:06}@example.com,Staff\n")).collect();
        std::fs::write(place.path().join("expected/people.csv"), format!("user,groups\n{people}")).unwrap();
        for (name, pace) in [("fast.toml", "500"), ("slow.toml", "2")] {
            let settings = format!(
                "[aws]\nrequests_per_second = {pace}\n[collect]\njournals = \".\"\n[[job]]\nname = \"daily\"\n\
                 cron = \"0 8 * * *\"\nzone = \"UTC\"\n"
            );
            std::fs::write(place.path().join(name), settings).unwrap();
        }
        place
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn audit(&self) -> Output {
        let arguments = ["audit", "--config", "fast.toml", "--job", "daily"];
        rollcall(self.path(), &arguments, &self.simulator.environment())
    }

    /// How many calls a whole run makes; one is in the store then.
    fn audited(&self) -> u64 {
        self.audit();
        let before = self.calls();
        self.audit();
        let whole = self.calls() - before;
        std::fs::remove_dir_all(self.path().join("reports")).unwrap();
        leave_an_old_run(self.path(), "fast.toml");
        whole
    }

    fn serve(&self, settings: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_rollcall"))
            .args(["serve", "--config", settings])
            .current_dir(self.path())
            .env_clear()
            .envs(self.simulator.environment())
            .env("HOME", self.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    fn journals(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.to_string_lossy().contains("rollcall-job-")).collect()
    }

    fn packages(&self) -> Vec<PathBuf> {
        let packages = std::fs::read_dir(self.path().join("reports/packages/daily")).unwrap();
        let mut packages: Vec<PathBuf> = packages.map(|entry| entry.unwrap().path()).collect();
        packages.sort();
        packages
    }

    fn calls(&self) -> u64 {
        self.simulator.ledger().total().calls
    }

    /// Serves until the job has asked for some things, and stops then; what it leaves is changed so.
    fn is_stopped_at_it(&self, change: impl Fn(String) -> String) {
        let process = self.serve("slow.toml");
        let left = loop {
            match self.journals().as_slice() {
                [journal] if std::fs::read_to_string(journal).unwrap().lines().count() >= 12 => break journal.clone(),
                _ => std::thread::yield_now(),
            }
        };
        let said = ended(process);
        assert!(said.contains("stopping"), "{said}");
        std::fs::write(&left, change(std::fs::read_to_string(&left).unwrap())).unwrap();
    }

    /// Serves until the job has been done; what was said meanwhile.
    fn is_done(&self) -> String {
        let process = self.serve("fast.toml");
        while !self.journals().is_empty() || self.packages().len() < 2 {
            std::thread::yield_now();
        }
        ended(process)
    }
}

/// Tells a process to stop, and gives back what it said.
fn ended(process: Child) -> String {
    assert!(Command::new("kill").args(["-TERM", &process.id().to_string()]).status().unwrap().success());
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    said
}

#[test]
fn a_job_that_was_stopped_goes_on_where_it_was_when_it_is_served_again() {
    let place = Place::new();
    let whole = place.audited();

    place.is_stopped_at_it(|journal| journal);
    let [journal] = place.journals().try_into().unwrap();
    let name = journal.file_name().unwrap().to_str().unwrap();
    let of_another_time = format!("{}-20200101T080000Z.jsonl", name.rsplit_once('-').unwrap().0);
    std::fs::copy(&journal, place.path().join(of_another_time)).unwrap();

    let before = place.calls();
    let said = place.is_done();
    let calls = place.calls() - before;
    assert!(said.contains("resuming from what the job left"), "{said}");
    assert!(calls + 8 <= whole, "{calls} of {whole} calls");
    let [_, package] = place.packages().try_into().unwrap();
    let report: Value = serde_json::from_slice(&std::fs::read(package.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["verdict"]["hiding_gaps"], 0, "{}", report["gaps"]);
}

#[test]
fn a_job_that_cannot_go_on_with_what_is_left_says_why_and_begins_anew() {
    type Change = fn(String) -> String;
    let changes: [(&str, Change); 3] = [
        ("its region is `eu-west-1`", |journal| journal.replace("us-east-1", "eu-west-1")),
        ("credentials of account 999988887777", |journal| {
            journal.replace("\"Account\":\"123456789012\"", "\"Account\":\"999988887777\"")
        }),
        ("cannot read the journal", |_| "nonsense\n".to_owned()),
    ];
    for (why, change) in changes {
        let place = Place::new();
        leave_an_old_run(place.path(), "fast.toml");
        place.is_stopped_at_it(change);
        let said = place.is_done();
        assert!(
            said.contains("cannot resume from the journal that the job left") && said.contains(why),
            "{why}: {said}"
        );
    }
}

#[cfg(unix)]
#[test]
fn what_somebody_else_put_in_the_place_of_a_jobs_journal_is_not_gone_on_from() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    type Swap = fn(&Path);
    let swaps: [(&str, Swap); 2] = [
        ("is writable by other users", |journal| {
            std::fs::set_permissions(journal, std::fs::Permissions::from_mode(0o666)).unwrap();
        }),
        ("is a symbolic link, or not a regular file", |journal| {
            let elsewhere = journal.with_file_name("elsewhere");
            std::fs::rename(journal, &elsewhere).unwrap();
            symlink(elsewhere, journal).unwrap();
        }),
    ];
    for (why, swap) in swaps {
        let place = Place::new();
        leave_an_old_run(place.path(), "fast.toml");
        place.is_stopped_at_it(|journal| journal);
        let [journal] = place.journals().try_into().unwrap();
        swap(&journal);
        let said = place.is_done();
        assert!(
            said.contains("cannot resume from the journal that the job left") && said.contains(why),
            "{why}: {said}"
        );
        assert!(!said.contains("resuming from"), "{said}");
    }
}

#[test]
fn a_job_whose_journals_place_is_kept_taken_runs_all_the_same() {
    let place = Place::new();
    leave_an_old_run(place.path(), "fast.toml");
    place.is_stopped_at_it(|journal| journal);
    let [journal] = place.journals().try_into().unwrap();
    // What stands there and cannot be taken away is a folder here; it could be another user's file.
    std::fs::remove_file(&journal).unwrap();
    std::fs::create_dir(&journal).unwrap();
    let process = place.serve("fast.toml");
    while place.packages().len() < 2 || place.journals() != [journal.clone()] {
        std::thread::yield_now();
    }
    let said = ended(process);
    assert!(said.contains("is a symbolic link, or not a regular file"), "{said}");
}

#[test]
fn a_job_that_could_not_publish_goes_on_from_its_answers_and_leaves_no_draft() {
    let place = Place::new();
    let whole = place.audited();

    // The next link cannot be written where a folder has its name.
    let in_the_way = place.path().join("reports/chain/00000002.json");
    std::fs::create_dir(&in_the_way).unwrap();
    let process = place.serve("fast.toml");
    while place.packages().len() < 2 || !place.packages()[1].join("manifest.json").exists() {
        std::thread::yield_now();
    }
    let said = ended(process);
    assert!(said.contains("the package could not be published\n"), "{said}");
    assert!(said.contains("resumes with the answers that it has"), "{said}");

    std::fs::remove_dir(in_the_way).unwrap();
    let before = place.calls();
    let process = place.serve("fast.toml");
    while !place.path().join("reports/chain/00000002.json").exists() || !place.journals().is_empty() {
        std::thread::yield_now();
    }
    let said = ended(process);
    let calls = place.calls() - before;
    assert!(said.contains("resuming from what the job left"), "{said}");
    assert!(calls * 4 < whole, "{calls} of {whole} calls");
}

pub fn order(folder: &Path) -> Order {
    let saved = folder.join("saved");
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let story = Story::small();
    story.saved_files().iter().for_each(|file| write(&format!("saved/{}", file.name), &file.text));
    story.expected_files().iter().for_each(|(name, text)| write(&format!("expected/{name}"), text));
    Order {
        settings: Arc::new(Settings::default()),
        source: Source::Saved(saved),
        expected: Location::Folder(folder.join("expected")),
        to: Location::Folder(folder.join("reports")),
        job: Some("daily".to_owned()),
        due: None,
        alert: false,
        as_of: None,
        run_id: "second".to_owned(),
        columns: None,
        failures: Arc::default(),
    }
}

fn due() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

/// A run that another process has claimed for so long; that process is never heard of again.
async fn claimed_by_another(folder: &Path, lease: Duration) -> (Order, Clock) {
    let order = order(folder);
    let shelf = Shelf::Folder(Folder::open(&folder.join("reports")));
    let another = Claimant { nonce: "first".to_owned(), lease };
    assert!(matches!(claim(&shelf, "daily", due(), another).await.unwrap(), Claimed::Held(_)));
    (order, Arc::new(|| "2026-11-20T08:01:00Z".parse().unwrap()))
}

#[tokio::test]
async fn the_run_of_a_process_that_died_is_taken_over_as_soon_as_its_claim_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let (order, clock) = claimed_by_another(folder.path(), Duration::from_secs(1)).await;
    let stop = CancellationToken::new();
    let audited = run_due(&order, due(), &stop, &clock).await.unwrap().expect("it is taken over");
    assert!(audited.delivery.package.is_ok());
    let third = Order { run_id: "third".to_owned(), ..order };
    assert!(run_due(&third, due(), &stop, &clock).await.unwrap().is_none(), "it is done, and not done again");
    // That it is done stands in the chain, and not in the claims.
    std::fs::remove_dir_all(folder.path().join("reports/claims")).unwrap();
    assert!(run_due(&third, due(), &stop, &clock).await.unwrap().is_none(), "not even then");
    let runs = std::fs::read_dir(folder.path().join("reports/packages/daily")).unwrap();
    assert_eq!(runs.count(), 1, "and nothing was written for it");
}

#[tokio::test]
async fn whoever_may_write_to_the_store_silences_no_run() {
    type Forgery = fn(&Path);
    let forgeries: [(&str, Forgery); 3] = [
        ("a claim that says done", |claims| {
            let claim = "{\"version\":1,\"owner\":\"x\",\"state\":\"done\",\"lease_seconds\":60}";
            std::fs::create_dir_all(claims.join("daily/20261120T080000Z")).unwrap();
            std::fs::write(claims.join("daily/20261120T080000Z/0001.json"), claim).unwrap();
        }),
        ("a file in the place of claims", |claims| std::fs::write(claims, "").unwrap()),
        ("a link in the place of claims", |claims| std::os::unix::fs::symlink("/nowhere/at/all", claims).unwrap()),
    ];
    for (what, forgery) in forgeries {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("reports")).unwrap();
        forgery(&folder.path().join("reports/claims"));
        let clock: Clock = Arc::new(|| "2026-11-20T08:01:00Z".parse().unwrap());
        let audited = run_due(&order(folder.path()), due(), &CancellationToken::new(), &clock).await.unwrap();
        assert!(audited.is_some_and(|audited| audited.delivery.package.is_ok()), "{what}");
    }
}

#[tokio::test]
async fn waiting_for_another_process_ends_with_the_signal_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let (order, clock) = claimed_by_another(folder.path(), Duration::from_secs(3600)).await;
    let stop = CancellationToken::new();
    stop.cancel();
    assert!(run_due(&order, due(), &stop, &clock).await.unwrap().is_none());
}
