//! Nothing that AWS or a list says makes Rollcall panic, whatever it is; and were it to, only that run would fail.

use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rollcall::aws::failure::Failure;
use rollcall::collect::journal::page::{Outcome, Page};
use rollcall::collect::{from_files, from_journal};
use rollcall::model::Scope;
use rollcall::pipeline::{Clock, Order, PipelineError, Source, run_due};
use rollcall::render;
use rollcall_simulator::world::Size;
use rollcall_simulator::{Faults, Simulator, World};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::collect::live::troubled;
use crate::serve::resume::order;
use crate::story::Story;
use crate::support::audited::{Audited, can_be_read, left_by, read_pages};
use crate::support::simulated::{SETTINGS, collect_with};
use crate::support::{read, root};

/// What no service says, and what is at the end of what can be said.
fn extremes() -> Vec<Value> {
    // Seconds since 1970: the last of the calendar, and what is beyond it on the other side.
    let numbers = [json!(-1), json!(8_210_266_876_799_i64), json!(i64::MIN)];
    let others = [json!(null), json!([]), json!({})];
    numbers.into_iter().chain(others).chain(texts().into_iter().map(Value::String)).collect()
}

fn texts() -> Vec<String> {
    let texts = [
        "",
        "*",
        "9999-12-31T23:59:59Z",
        "+262142-12-31T23:59:59Z",
        "arn:aws:iam::",
        "CN=\\,+;é\u{0}\u{202e}\u{fffd}`\"'\n,;|%",
        "-9223372036854775808",
    ];
    texts.iter().map(|text| (*text).to_owned()).chain(["ä;".repeat(300)]).collect()
}

/// Judges and renders all of it, as one run and, where that is asked for, as a later run of the same.
fn judged(scope: &Scope, pages: &[Page], lists: &[(String, String)], again: bool) {
    let first = Audited::of_pages(scope, pages, lists);
    let report = first.report();
    render::FILES.iter().for_each(|file| (file.render)(&report, &mut io::sink()).unwrap());
    if !again {
        return;
    }
    let earlier = left_by(&report);
    let again = Audited::of_pages(scope, pages, lists).with(|world| world.earlier = Some(earlier));
    render::text(&again.report(), Some(0), &mut io::sink()).unwrap();
}

/// What panicked, of all these cases.
fn panicked<T>(cases: impl IntoIterator<Item = (String, T)>, check: impl Fn(T)) -> Vec<String> {
    let fails = |(name, case): (String, T)| catch_unwind(AssertUnwindSafe(|| check(case))).err().map(|_| name);
    cases.into_iter().filter_map(fails).collect()
}

/// Where values stand in an answer: one place for all entries of a list.
fn places(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    let below = |name: &str| format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| places(value, &below(name), found)),
        Value::Array(entries) => entries.iter().take(1).for_each(|value| places(value, &below("0"), found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found.insert(at.to_owned());
}

#[test]
fn no_value_of_an_answer_is_one_that_a_run_panics_at() {
    let story = troubled();
    let ((scope, pages), lists) = (read_pages(&story.saved_files()), story.expected_files());
    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let Outcome::Answer(answer) = &page.outcome else { continue };
        let answer: Value = serde_json::from_str(answer.json().unwrap().get()).unwrap();
        let mut found = BTreeSet::new();
        places(&answer, "", &mut found);
        for place in found {
            if seen.insert((page.call.operation.api(), place.clone())) {
                let name = format!("{}{place}", page.call.operation.api());
                let with = |extreme: Value| {
                    let mut answer = answer.clone();
                    *answer.pointer_mut(&place).unwrap() = extreme;
                    answer.to_string()
                };
                let short = |extreme: &Value| extreme.to_string().chars().take(30).collect::<String>();
                let all = extremes().into_iter().map(|extreme| {
                    // Instants are compared with those of an earlier run.
                    let again = extreme.is_number();
                    (format!("{name} = {}", short(&extreme)), (number, with(extreme), again))
                });
                cases.extend(all);
            }
        }
    }
    assert!(seen.len() > 100, "{}", seen.len());
    let wrong = panicked(cases, |(number, answer, again)| {
        let mut pages = pages.clone();
        // What is no answer of this kind is one that cannot be read.
        let outcome = Outcome::of_text(&answer);
        pages[number].outcome = outcome.unwrap_or_else(|error| Outcome::Unreadable(error.to_string()));
        judged(&scope, &pages, &lists, again);
    });
    assert_eq!(wrong, Vec::<String>::new());
}

/// What a run asked a small simulated AWS, by both ways.
fn simulated() -> (Scope, Vec<Page>) {
    let mut world = World::of(Size {
        users: 3,
        groups: 2,
        memberships: 3,
        accounts: 2,
        permission_sets: 1,
        provisioned: 1,
        iam_users: 1,
        roles: 1,
        policies: 1,
    });
    world.add_application("Wiki");
    let simulator = Simulator::start(world, Faults::none());
    let folder = tempfile::tempdir().unwrap();
    collect_with(&simulator, folder.path(), &format!("{SETTINGS}cross_check = \"all\"\n"));
    let journal = std::fs::File::open(folder.path().join("pages.jsonl")).unwrap();
    let collected = from_journal(std::io::BufReader::new(journal)).unwrap();
    (collected.snapshot.scope.clone(), collected.pages)
}

#[test]
fn no_journal_is_one_that_a_run_panics_at_whatever_is_missing_doubled_refused_or_misdated() {
    let ((scope, pages), lists) = (simulated(), Story::small().expected_files());
    let mut cases: Vec<(String, Vec<Page>)> = Vec::new();
    for (number, page) in pages.iter().enumerate() {
        let mut with = |what: &str, changed: &[Page]| {
            let others = pages.iter().enumerate().filter(|(at, _)| *at != number).map(|(_, page)| page.clone());
            let name = format!("{} {number} {what}", page.call.operation.api());
            cases.push((name, others.chain(changed.iter().cloned()).collect()));
        };
        let numbered = |number: u32| Page { page: number, ..page.clone() };
        with("missing", &[]);
        with("numbered 0", &[numbered(0)]);
        with("doubled", &[page.clone(), numbered(2)]);
        with("last of all", &[numbered(u32::MAX)]);
        for code in ["ResourceNotFoundException", "AccessDenied", "ReportNotPresent", "NoSuchEntity", ""] {
            let refused = Failure::from_code(code, "said the test");
            with(code, &[Page { outcome: Outcome::Failure(refused), ..page.clone() }]);
        }
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            with("misdated", &[Page { started: at, ended: at, attempts: u32::MAX, ..page.clone() }]);
            with("backwards", &[Page { ended: at, ..page.clone() }]);
        }
    }
    assert!(cases.len() > 300, "{}", cases.len());
    let wrong = panicked(cases, |pages| judged(&scope, &pages, &lists, false));
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn no_cell_of_a_list_is_one_that_a_run_panics_at() {
    let story = troubled();
    let ((scope, pages), lists) = (read_pages(&story.saved_files()), story.expected_files());
    let mut cases = Vec::new();
    for (number, (name, text)) in lists.iter().enumerate().filter(|(_, (name, _))| name.ends_with(".csv")) {
        let width = text.lines().next().unwrap().split(',').count();
        for column in 0..width {
            for extreme in texts() {
                let short: String = extreme.chars().take(30).collect();
                cases.push((format!("{name}, column {column}: {short}"), (number, column, extreme)));
            }
        }
    }
    let wrong = panicked(cases, |(number, column, extreme)| {
        let mut changed = lists.clone();
        changed[number].1 = with_cell(&lists[number].1, column, &extreme);
        if can_be_read(&changed) {
            judged(&scope, &pages, &changed, true);
        }
    });
    assert_eq!(wrong, Vec::<String>::new());
}

/// The list with another value in this column of its first row.
fn with_cell(text: &str, column: usize, value: &str) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for (number, record) in reader.records().enumerate() {
        let record = record.unwrap();
        let cells = record.iter().enumerate();
        let cells = cells.map(|(at, cell)| if number == 1 && at == column { value } else { cell });
        writer.write_record(cells).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[test]
fn a_cell_with_seventy_thousand_policies_is_read_and_each_is_missed() {
    let mut story = Story::small();
    story.iam_user("prod", "robot", &["AmazonSQSReadOnlyAccess"], "alice");
    let names: Vec<String> = (0..70_000).map(|number| format!("P{number}")).collect();
    let mut lists = story.expected_files();
    let list = lists.iter_mut().find(|(name, _)| name == "iam-users.csv").unwrap();
    list.1 = list.1.replace("AmazonSQSReadOnlyAccess", &format!("AmazonSQSReadOnlyAccess;{}", names.join(";")));
    let missed = Audited::from(&story.saved_files(), &lists).rules();
    assert_eq!(missed.iter().filter(|rule| **rule == "missing-policy").count(), 70_000);
}

#[tokio::test]
async fn a_run_that_panics_has_failed_and_says_that_it_is_a_bug() {
    let folder = tempfile::tempdir().unwrap();
    let order = order(folder.path());
    let clock: Clock = Arc::new(|| panic!("the clock fell off the wall"));
    let due = "2026-11-20T08:00:00Z".parse().unwrap();
    // What was saved has a time of its own, unless nothing was saved: then the clock is looked at.
    let saved = from_files(&folder.path().join("saved")).unwrap();
    let mut journal = Vec::new();
    saved.write(&mut journal).unwrap();
    let header = journal.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    std::fs::write(folder.path().join("empty.jsonl"), header).unwrap();
    let order = Order { source: Source::Saved(folder.path().join("empty.jsonl")), ..order };
    let failed = run_due(&order, due, &CancellationToken::new(), &clock).await.unwrap_err();
    assert!(matches!(failed, PipelineError::Bug), "{failed}");
}

#[test]
fn a_panic_can_be_caught_in_what_is_delivered() {
    let manifest: toml::Table = toml::from_str(&read("Cargo.toml")).unwrap();
    let profiles = manifest["profile"].as_table().unwrap();
    assert!(profiles.values().all(|profile| profile.get("panic").is_none()), "{}", root().display());
}
