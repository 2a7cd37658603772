//! Ninety days of a job: people come and go, lists and waivers change, inputs fail, the store is away, packages are
//! damaged, channels refuse, the process is killed. Each channel gets exactly the messages of the oracle, and never hears
//! nothing for longer than a week.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::alert::When;
use rollcall::pipeline::{Clock, Failures, Order, Source, run_due};
use rollcall::settings::Settings;
use rollcall::store::Location;
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::alert::channels::Hook;
use crate::alert::days_oracle::{Recipients, Run, Said, rank};
use crate::story::Story;

const DAYS: i64 = 90;
/// How long a channel that works may hear nothing.
const LONGEST_SILENCE: i64 = 7;

const SETTINGS: &str = r#"[expect]
max_age = "365d"
[[alert.channel]]
name = "all"
type = "webhook"
url = "file:all.url"
[[alert.channel]]
name = "grave"
type = "webhook"
url = "file:grave.url"
min_severity = "high"
[[alert.channel]]
name = "daily"
type = "webhook"
url = "file:daily.url"
when = "always"
[[job]]
name = "daily"
cron = "0 8 * * *"
"#;

/// Numbers that look random and are the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }

    fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What happens to the run of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Done,
    /// A list ends in the middle.
    CutExport,
    /// There are no answers of AWS.
    NoAnswers,
    /// AWS refuses to say who is in which group.
    Refused,
    /// The last package was changed.
    Damaged,
    StoreAway,
    KilledBefore,
    /// After the package is published, before anything is sent.
    KilledUnsaid,
    /// After the first channel has its message, before that is written down.
    KilledUnrecorded,
}

/// What the company is like.
#[derive(Default)]
struct Company {
    /// Users of whom no list knows: whether they are administrators.
    strangers: BTreeMap<String, bool>,
    listed: Vec<String>,
    waived: Vec<(String, String)>,
    hired: Vec<String>,
    left: Vec<String>,
    has_group: bool,
}

impl Company {
    fn change(&mut self, day: i64, chance: &mut Chance) {
        if chance.is(20) {
            self.strangers.insert(format!("stranger{day}"), chance.is(40));
        }
        let pick = |names: Vec<String>, chance: &mut Chance| {
            let place = chance.below(names.len().max(1) as u64) as usize;
            names.into_iter().nth(place)
        };
        let strangers = |company: &Company| company.strangers.keys().cloned().collect::<Vec<_>>();
        if chance.is(12)
            && let Some(gone) = pick(strangers(self), chance)
        {
            self.strangers.remove(&gone);
        }
        if chance.is(12) {
            let harmless = self.strangers.iter().filter(|(_, is_administrator)| !**is_administrator);
            if let Some(name) = pick(harmless.map(|(name, _)| name.clone()).collect(), chance) {
                self.strangers.remove(&name);
                self.listed.push(name);
            }
        }
        if chance.is(15)
            && let Some(name) = pick(strangers(self), chance)
        {
            let expires = start() + TimeDelta::days(day + 5 + chance.below(20) as i64);
            self.waived.push((name, expires.format("%Y-%m-%d").to_string()));
        }
        if chance.is(15) {
            self.hired.push(format!("joiner{day}"));
        }
        if chance.is(12) && !self.hired.is_empty() {
            self.left.push(self.hired.remove(0));
        }
        self.has_group = if chance.is(15) { !self.has_group } else { self.has_group };
    }

    fn story(&self) -> Story {
        let mut story = Story::small();
        for name in self.hired.iter().chain(&self.left) {
            story.hire(name, &[]);
        }
        self.left.iter().for_each(|name| _ = story.leaves(name));
        for (name, is_administrator) in &self.strangers {
            story.stranger(name);
            if *is_administrator {
                story.aws_member("AWS-Admins", name);
            }
        }
        self.listed.iter().for_each(|name| _ = story.stranger(name).directory_person(name));
        for (name, expires) in &self.waived {
            story.waive("unexpected-user", &format!("{name}@corp.example.com"), expires);
        }
        if self.has_group {
            story.aws_group("Temp");
        }
        story
    }
}

fn start() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

/// What the recipients of a channel were told of failures.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Knows {
    Works,
    Fails(Fate, i64),
}

/// A channel: what its server says, and what its recipients know of failures by the store and by the process.
struct Channel {
    hook: Hook,
    recipients: Recipients,
    of_store: Knows,
    of_process: Option<Knows>,
    last_heard: i64,
}

struct Site {
    folder: TempDir,
    failures: Arc<Failures>,
    channels: Vec<Channel>,
    runs: Vec<Run>,
    /// Whether the package of a run was changed.
    damaged: Vec<bool>,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let kinds = [("all", 1, When::Changes), ("grave", 3, When::Changes), ("daily", 1, When::Always)];
        let channel = |(name, min_severity, when)| {
            let hook = Hook::start();
            fs::write(folder.path().join(format!("{name}.url")), &hook.url).unwrap();
            let recipients = Recipients::of(name, min_severity, when);
            Channel { hook, recipients, of_store: Knows::Works, of_process: None, last_heard: 0 }
        };
        let channels = kinds.map(channel).into();
        Site { folder, failures: Arc::default(), channels, runs: Vec::new(), damaged: Vec::new() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, story: &Story, fate: Fate) {
        for folder in ["saved", "expected"] {
            drop(fs::remove_dir_all(self.path(folder)));
        }
        let write = |path: PathBuf, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for file in story.saved_files() {
            let text = match (file.name.as_str(), fate) {
                ("calls.jsonl", Fate::Refused) => refused(&file.text),
                _ => file.text,
            };
            write(self.path("saved").join(&file.name), &text);
        }
        write(self.path("saved/refused.json.err"), "An error occurred (AccessDeniedException) when calling: no");
        for (name, text) in story.expected_files() {
            write(self.path("expected").join(name), &text);
        }
        match fate {
            Fate::CutExport => write(self.path("expected/iam-users.csv"), "nonsense\n"),
            Fate::NoAnswers => fs::remove_dir_all(self.path("saved")).unwrap(),
            Fate::Damaged => self.damage(),
            Fate::Done
            | Fate::Refused
            | Fate::StoreAway
            | Fate::KilledBefore
            | Fate::KilledUnsaid
            | Fate::KilledUnrecorded => {}
        }
    }

    /// Changes a file of the last package.
    fn damage(&self) {
        let report = self.package(self.runs.len()).join("report.json");
        fs::write(report, "{}").unwrap();
    }

    /// The folder of the package with this number.
    fn package(&self, number: usize) -> PathBuf {
        let link = fs::read(self.path(&format!("reports/chain/{number:08}.json"))).unwrap();
        let link: Value = serde_json::from_slice(&link).unwrap();
        let manifest = Path::new(link["manifest"].as_str().unwrap());
        self.path("reports").join(manifest.parent().unwrap())
    }

    async fn run(&self, day: i64) {
        let due = start() + TimeDelta::days(day);
        let settings = Settings::parse(SETTINGS, Path::new("rollcall.toml"), self.folder.path().to_owned()).unwrap();
        let order = Order {
            settings: Arc::new(settings),
            source: Source::Saved(self.path("saved")),
            expected: Location::Folder(self.path("expected")),
            to: Location::Folder(self.path("reports")),
            job: Some("daily".to_owned()),
            due: None,
            alert: true,
            as_of: Some(due),
            run_id: format!("run-{day}"),
            columns: None,
            failures: Arc::clone(&self.failures),
        };
        let clock: Clock = Arc::new(move || due + TimeDelta::seconds(5));
        // Why it failed is what the messages say.
        drop(run_due(&order, due, &CancellationToken::new(), &clock).await);
    }

    /// What the package of today says.
    fn truth(&self, day: i64, fate: Fate) -> Run {
        let report = fs::read(self.package(self.runs.len() + 1).join("report.json")).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap();
        let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let in_state = |state: &str| -> BTreeMap<String, usize> {
            let findings = list("findings").into_iter().filter(|finding| finding["state"] == state);
            findings.map(|finding| (text(&finding["fingerprint"]), rank(&finding["severity"]))).collect()
        };
        let listed = report["changes"]["now_listed"].as_array().cloned().unwrap_or_default();
        Run {
            day,
            open: in_state("open"),
            waived: in_state("waived"),
            listed: listed.iter().map(|change| text(&change["fingerprint"])).collect(),
            hiding: list("gaps")
                .iter()
                .filter(|gap| gap["hides_access"] == true)
                .map(|gap| text(&gap["key"]))
                .collect(),
            gaps: list("gaps").iter().map(|gap| text(&gap["key"])).collect(),
            is_damaged: fate == Fate::Damaged,
            earlier: (0..self.runs.len()).rev().find(|run| !self.damaged[*run]),
        }
    }
}

/// The calls, with those refused that say who is in which group.
fn refused(calls: &str) -> String {
    let refuse = |line: &str| {
        let mut call: Value = serde_json::from_str(line).unwrap();
        if line.contains("list-group-memberships") {
            call["exit_code"] = 254.into();
            call["file"] = "refused.json".into();
        }
        call.to_string()
    };
    calls.lines().map(refuse).collect::<Vec<_>>().join("\n")
}

/// What a message says, as machines read it.
fn said(message: &Value) -> Said {
    let list = |name: &str| message[name].as_array().cloned().unwrap_or_default();
    let key = |finding: &Value| finding["fingerprint"].as_str().unwrap().to_owned();
    Said {
        findings: list("findings").iter().map(|finding| (key(finding), rank(&finding["severity"]))).collect(),
        reminders: list("reminders").iter().map(key).collect(),
        accepted: list("now_accepted").iter().map(key).collect(),
        listed: list("now_listed").iter().map(key).collect(),
        new_gaps: message["new_gaps"].as_u64().unwrap() as usize,
        damage: !list("damage").is_empty(),
        summary: !message["summary"].is_null(),
    }
}

fn fate(day: i64, away: bool, has_run: bool, chance: &mut Chance) -> Fate {
    match chance.below(100) {
        _ if away => Fate::StoreAway,
        _ if day == 0 || !has_run => Fate::Done,
        0..=5 => Fate::CutExport,
        6..=9 => Fate::NoAnswers,
        10..=15 => Fate::Refused,
        16..=19 => Fate::Damaged,
        20..=22 => Fate::StoreAway,
        23..=26 => Fate::KilledBefore,
        27..=30 => Fate::KilledUnsaid,
        31..=34 => Fate::KilledUnrecorded,
        _ => Fate::Done,
    }
}

impl Channel {
    /// What they know of failures: what was told last.
    fn knows(&self) -> Knows {
        self.of_process.unwrap_or(self.of_store)
    }

    /// The messages that were sent, whether they were taken or not: about the run, and about how it ended.
    fn sent(&self) -> (Vec<Value>, Vec<Value>) {
        let posts = self.hook.posts();
        let messages = posts.iter().map(|(_, body)| serde_json::from_str::<Value>(body).unwrap());
        messages.partition(|message| message["kind"] == "news" || message["kind"] == "summary")
    }
}

impl Site {
    /// One day on which the run ends without a package.
    fn failed(&mut self, day: i64, fate: Fate) {
        for channel in &mut self.channels {
            let (about, ended) = channel.sent();
            assert_eq!(about, [] as [Value; 0], "day {day}");
            // The same cause is told again after a day, so each day.
            assert_eq!(ended.len(), 1, "day {day}, {fate:?}, {}", channel.recipients.name);
            assert_eq!(ended[0]["kind"], "run-failed", "day {day}");
            if channel.hook.is_open() {
                let knows = Knows::Fails(fate, day);
                channel.of_process = Some(knows);
                channel.of_store = if fate == Fate::StoreAway { channel.of_store } else { knows };
                channel.last_heard = day;
            }
        }
    }

    /// One day on which a package was published.
    fn done(&mut self, day: i64, fate: Fate, previous: Option<i64>) {
        let killed = matches!(fate, Fate::KilledUnsaid | Fate::KilledUnrecorded);
        let number = self.runs.len();
        for (place, channel) in self.channels.iter_mut().enumerate() {
            let name = channel.recipients.name;
            let expected = channel.recipients.expected(&self.runs);
            let (about, ended) = channel.sent();
            let was = about.iter().map(said).collect::<Vec<_>>();
            assert_eq!(was, expected.iter().cloned().collect::<Vec<_>>(), "day {day}, {fate:?}, {name}");
            let arrived = channel.hook.is_open() && !(killed && (place > 0 || fate == Fate::KilledUnsaid));
            channel.recipients.ended(arrived, !killed);
            if arrived && expected.is_some() {
                channel.last_heard = day;
            }
            if killed {
                drop(fs::remove_file(self.folder.path().join(format!("reports/sent/daily/{name}/{number:08}.json"))));
                channel.of_process = None;
                if arrived && !ended.is_empty() {
                    channel.of_store = Knows::Works;
                }
                continue;
            }
            let is_recovery = channel.knows() != Knows::Works;
            let has_missed = previous.is_some_and(|previous| day - previous > 1);
            assert_eq!(ended.len(), usize::from(is_recovery || has_missed), "day {day}, {fate:?}, {name}: {ended:?}");
            for message in ended {
                assert_eq!(message["kind"], "run-works-again", "day {day}, {name}");
                let missed = previous.map(|previous| day - previous - 1).filter(|_| !is_recovery);
                assert_eq!(message["missed_runs"].as_i64(), missed, "day {day}, {name}");
                if arrived {
                    (channel.of_store, channel.of_process, channel.last_heard) =
                        (Knows::Works, Some(Knows::Works), day);
                }
            }
        }
    }

    /// Whoever could have heard something has, within the configured span.
    fn is_heard(&self, day: i64) {
        for channel in self.channels.iter().filter(|channel| channel.hook.is_open()) {
            let silent = day - channel.last_heard;
            assert!(
                silent <= LONGEST_SILENCE,
                "day {day}: {} heard nothing for {silent} days",
                channel.recipients.name
            );
        }
    }
}

#[tokio::test]
async fn in_ninety_days_each_channel_gets_exactly_what_it_should_and_is_never_silent_for_longer_than_a_week() {
    let (mut site, mut chance, mut company) = (Site::new(), Chance(20_261_201), Company::default());
    let mut away_until = 0;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for day in 0..DAYS {
        company.change(day, &mut chance);
        let fate = fate(day, day < away_until, !site.runs.is_empty(), &mut chance);
        *seen.entry(format!("{fate:?}")).or_default() += 1;
        for channel in &site.channels {
            channel.hook.answers(if chance.is(12) { 404 } else { 200 });
        }
        if fate == Fate::KilledBefore {
            site.killed();
            continue;
        }
        if fate == Fate::StoreAway && away_until <= day {
            away_until = day + 2;
        }
        site.write(&company.story(), fate);
        if fate == Fate::Damaged {
            let last = site.runs.len() - 1;
            site.damaged[last] = true;
        }
        site.goes_away(fate == Fate::StoreAway);
        if matches!(fate, Fate::KilledUnsaid | Fate::KilledUnrecorded) {
            let first = usize::from(fate == Fate::KilledUnrecorded);
            site.channels[first..].iter().for_each(|channel| channel.hook.answers(404));
        }
        site.run(day).await;
        site.goes_away(false);
        match fate {
            Fate::CutExport | Fate::NoAnswers | Fate::StoreAway => site.failed(day, fate),
            Fate::Done | Fate::Refused | Fate::Damaged | Fate::KilledUnsaid | Fate::KilledUnrecorded => {
                let previous = site.runs.last().map(|run| run.day);
                let truth = site.truth(day, fate);
                site.runs.push(truth);
                site.damaged.push(false);
                site.done(day, fate, previous);
            }
            Fate::KilledBefore => {}
        }
        if matches!(fate, Fate::KilledUnsaid | Fate::KilledUnrecorded) {
            site.killed();
        } else {
            site.is_heard(day);
        }
    }
    assert!(seen.len() >= 8, "{seen:?}");
}

impl Site {
    fn killed(&mut self) {
        self.failures = Arc::default();
        self.channels.iter_mut().for_each(|channel| channel.of_process = None);
    }

    /// Where the store is, another thing is, or it is back.
    fn goes_away(&self, is_away: bool) {
        let (store, elsewhere) = (self.path("reports"), self.path("reports.away"));
        match (is_away, elsewhere.exists()) {
            (true, false) => {
                fs::rename(&store, &elsewhere).unwrap();
                fs::write(&store, "").unwrap();
            }
            (false, true) => {
                fs::remove_file(&store).unwrap();
                fs::rename(&elsewhere, &store).unwrap();
            }
            (true, true) | (false, false) => {}
        }
    }
}
