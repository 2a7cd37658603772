//! The walls of the crate: who may import whom, where the world comes in, and what a source file looks like.
//!
//! Each check is a function from text to what is wrong with it, so that a planted violation proves that it sees one.

mod circles;
mod operator;

use crate::support::source::{File, code, files_below, has, paths};
use crate::support::{read, root};

/// Module, and the modules of ours that it may import besides itself.
const MAY_IMPORT: [(&str, &[&str]); 21] = [
    ("model", &[]),
    ("aws", &["model"]),
    ("expect", &["model"]),
    ("collect", &["model", "aws"]),
    ("compare", &["model"]),
    ("change", &["model", "compare"]),
    ("operate", &["model", "aws", "change"]),
    ("events", &["model"]),
    ("queue", &["model", "aws"]),
    ("wording", &["model", "change", "events"]),
    ("render", &["model", "wording", "change"]),
    ("adopt", &["model", "wording"]),
    ("store", &["model", "aws"]),
    ("alert", &["model", "wording", "aws", "events"]),
    ("schedule", &["model"]),
    ("settings", &["model", "aws", "expect", "collect", "compare", "change", "render", "store", "alert", "schedule"]),
    ("iam_policy", &["model", "collect", "change", "events", "operate", "queue", "settings", "store"]),
    (
        "pipeline",
        &[
            "model",
            "aws",
            "expect",
            "collect",
            "compare",
            "change",
            "wording",
            "render",
            "adopt",
            "store",
            "alert",
            "schedule",
            "settings",
            "iam_policy",
            "events",
            "queue",
        ],
    ),
    ("apply", &["model", "aws", "collect", "change", "operate", "settings", "store"]),
    ("serve", &["model", "pipeline", "schedule", "settings", "store", "wording"]),
    ("cli", &["model", "serve", "pipeline", "apply", "schedule", "settings", "store", "wording", "iam_policy"]),
];

/// Paths of the world outside, and the only modules that may name them.
const WORLD: [(&[&str], &[&str]); 5] = [
    (&["std::fs", "tokio::fs"], &["collect", "operate", "store", "pipeline", "cli", "serve", "settings"]),
    (&["std::env"], &["cli", "serve", "pipeline"]),
    (
        &["Utc::now", "Local::now", "SystemTime::now", "std::time::Instant", "Uuid::new_v4", "Uuid::now_v7"],
        &["cli", "serve", "pipeline"],
    ),
    // Rows of a large table are made on all cores.
    (
        &["std::thread"],
        &["aws", "collect", "operate", "apply", "store", "render", "alert", "pipeline", "serve", "cli", "main"],
    ),
    (
        &["tokio", "std::net", "std::process"],
        &["aws", "collect", "operate", "apply", "store", "alert", "pipeline", "serve", "cli", "main"],
    ),
];

/// Beginnings of the SDK's crate names, and the only modules that may name them.
const SDK: (&[&str], &[&str]) = (
    &["aws_sdk_", "aws_config", "aws_smithy", "aws_credential"],
    &["aws", "collect", "operate", "queue", "store", "alert"],
);

/// The module of the crate that a file belongs to: `src/collect/iam.rs` is in `collect`, `src/pipeline.rs` is
/// `pipeline`.
fn module(path: &str) -> &str {
    let inside = path.strip_prefix("src/").expect("a source file");
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn forbidden_imports(path: &str, text: &str) -> Vec<String> {
    let module = module(path);
    if module == "lib" || module == "main" {
        return Vec::new();
    }
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
        return vec![format!("{path}: `{module}` is not in the table of imports")];
    };
    // In `src/collect/iam.rs` one `super` is `collect`, and two are the crate itself.
    let depth = path.matches('/').count() - usize::from(path.ends_with("/mod.rs"));
    let to_the_top = vec!["super"; depth].join("::");
    let mut wrong = Vec::new();
    for found in paths(&code(text)) {
        let imported = found.strip_prefix("crate::").and_then(|rest| rest.split("::").next());
        let is_ours = imported.is_none_or(|name| name == module || allowed.contains(&name));
        if !is_ours || found.starts_with(&to_the_top) {
            wrong.push(format!("{path}: `{module}` may not name `{found}`"));
        }
    }
    wrong
}

fn world_outside(path: &str, text: &str) -> Vec<String> {
    let module = module(path);
    let mut wrong = Vec::new();
    for found in paths(&code(text)) {
        let in_world = WORLD
            .iter()
            .any(|(world, doors)| !doors.contains(&module) && world.iter().any(|segments| has(&found, segments)));
        let (sdk, doors) = SDK;
        let in_sdk = !doors.contains(&module) && sdk.iter().any(|name| found.starts_with(name));
        if in_world || in_sdk {
            wrong.push(format!("{path}: `{module}` may not name `{found}`"));
        }
    }
    wrong
}

fn shape(path: &str, text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if !text.starts_with("//! ") {
        wrong.push(format!("{path}: does not open with `//!`"));
    }
    let lines = text.lines().count();
    if lines > 400 {
        wrong.push(format!("{path}: {lines} lines are two things in one file (400 at most)"));
    }
    wrong
}

fn unfinished(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    ["todo!", "unimplemented!", ".unwrap()"]
        .into_iter()
        .filter(|word| code.contains(word))
        .map(|word| format!("{path}: `{word}`"))
        .collect()
}

/// Texts that end up in a report as phrases of ours, and quote a name in a way that the name itself can end.
fn quoted_by_hand(path: &str, text: &str) -> Vec<String> {
    let makes_phrases = [
        "src/collect/build/",
        "src/compare/standings/",
        "src/compare/administrative/",
        "src/expect/",
        "src/model/policy_document.rs",
    ];
    // What stands in an error is told to whoever started the command, and in no report.
    let errors = ["src/expect/error.rs", "src/expect/help.rs", "src/expect/redact.rs"];
    if errors.contains(&path) || !makes_phrases.iter().any(|folder| path.starts_with(folder)) {
        return Vec::new();
    }
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim_start().starts_with("//"));
    let by_hand = lines.filter(|(line, _)| {
        line.split("`{").skip(1).any(|rest| {
            let name = rest.split("}`").next().unwrap_or(rest);
            name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
        })
    });
    by_hand.map(|(_, number)| format!("{path}:{number}: `quoted` makes a name fit for a phrase")).collect()
}

/// Files that read what others wrote for people (AWS, a parser, an export), or lay out what is written for people: only
/// they may look for English in a text.
const READERS_OF_ENGLISH: [&str; 9] = [
    "src/aws/clock_skew.rs",
    "src/aws/failure.rs",
    "src/collect/offline/saved_folder.rs",
    "src/expect/detect.rs",
    "src/expect/hand_kept/waivers.rs",
    "src/expect/ldif/search.rs",
    "src/render/markup.rs",
    "src/schedule/timetable.rs",
    "src/settings/error.rs",
];

/// Places that take a sentence apart or compare it. What is told apart is a type, and not its words.
fn matched_english(path: &str, text: &str) -> Vec<String> {
    const ASKS: [&str; 12] = [
        ".contains(",
        ".starts_with(",
        ".ends_with(",
        ".strip_prefix(",
        ".strip_suffix(",
        ".split_once(",
        ".split(",
        ".find(",
        ".replace(",
        ".replacen(",
        ".trim_start_matches(",
        "== ",
    ];
    if READERS_OF_ENGLISH.contains(&path) {
        return Vec::new();
    }
    let is_english = |literal: &str| {
        let letters: Vec<char> = literal.chars().collect();
        letters.windows(2).any(|two| matches!(two, [' ', letter] | [letter, ' '] if letter.is_ascii_alphabetic()))
    };
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim_start().starts_with("//"));
    let matching = lines.filter(|(line, _)| {
        let by_backticks = line.contains("split('`')");
        by_backticks
            || ASKS.iter().any(|ask| {
                let literals = line.split(ask).skip(1).filter_map(|rest| rest.strip_prefix('"')?.split('"').next());
                literals.into_iter().any(is_english)
            })
    });
    matching.map(|(_, number)| format!("{path}:{number}: code looks for English; give it a type")).collect()
}

fn silenced(path: &str, text: &str) -> Vec<String> {
    let code = code(text);
    let ignored = code.contains("#[ignore").then(|| format!("{path}: an ignored test"));
    let allowed = code.split("[allow(").skip(1).filter_map(|attribute| {
        let lints = attribute.split(")]").next().unwrap_or(attribute);
        (!lints.contains("reason")).then(|| format!("{path}: `allow({})` without a reason", lints.trim()))
    });
    ignored.into_iter().chain(allowed).collect()
}

/// A dependency stands below a comment of its own, or below its sibling: `tracing-subscriber` below `tracing`.
fn unexplained_dependencies(manifest: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut above = "";
    let mut in_dependencies = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if in_dependencies && line.contains('=') {
            let is_sibling = line.get(..4) == above.get(..4);
            if !above.starts_with('#') && !is_sibling {
                wrong.push(format!("Cargo.toml: no comment says what `{line}` is for"));
            }
        }
        above = line;
    }
    wrong
}

fn strangers<'e>(entries: impl IntoIterator<Item = &'e str>) -> Vec<String> {
    const KNOWN: [&str; 12] = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "templates",
        "expected",
        "reports",
        "tests",
        "README.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "rollcall.toml",
        "target",
    ];
    entries
        .into_iter()
        .filter(|entry| !entry.starts_with('.') && !KNOWN.contains(entry))
        .map(|entry| format!("`{entry}` has no place at the top of the repository"))
        .collect()
}

fn over(files: &[File], check: fn(&str, &str) -> Vec<String>) -> Vec<String> {
    files.iter().flat_map(|file| check(&file.path, &file.text)).collect()
}

const NOTHING: [&str; 0] = [];

#[test]
fn modules_import_only_what_their_row_of_the_table_allows() {
    assert_eq!(over(&files_below("src"), forbidden_imports), NOTHING);
}

#[test]
fn an_import_against_the_table_is_seen_however_it_is_written() {
    let text = "//! Mentions crate::store.\nuse crate::{model::Gap, render::{csv, html as page}};\n\
                fn f() { crate::alert::send(\"crate::cli\") } // crate::serve::job_loop\n\
                use super::super::expect;\nuse super::matching;";
    assert_eq!(
        forbidden_imports("src/compare/rules.rs", text),
        [
            "src/compare/rules.rs: `compare` may not name `crate::render::csv`",
            "src/compare/rules.rs: `compare` may not name `crate::render::html`",
            "src/compare/rules.rs: `compare` may not name `crate::alert::send`",
            "src/compare/rules.rs: `compare` may not name `super::super::expect`",
        ]
    );
    assert_eq!(forbidden_imports("src/utils.rs", ""), ["src/utils.rs: `utils` is not in the table of imports"]);
}

#[test]
fn the_world_comes_in_only_where_it_may() {
    assert_eq!(over(&files_below("src"), world_outside), NOTHING);
}

#[test]
fn the_clock_the_environment_and_the_sdk_are_seen_where_they_may_not_be() {
    let text = "use std::{collections::BTreeMap, fs, io};\nfn f() { chrono::Utc::now(); std::env::var(\"A\"); }\n\
                use aws_sdk_iam::Client;\nuse tokio::sync::Mutex;";
    assert_eq!(
        world_outside("src/render/csv.rs", text),
        [
            "src/render/csv.rs: `render` may not name `std::fs`",
            "src/render/csv.rs: `render` may not name `chrono::Utc::now`",
            "src/render/csv.rs: `render` may not name `std::env::var`",
            "src/render/csv.rs: `render` may not name `aws_sdk_iam::Client`",
            "src/render/csv.rs: `render` may not name `tokio::sync::Mutex`",
        ]
    );
    assert_eq!(world_outside("src/cli/audit.rs", "use std::{env, fs}; fn f() { Utc::now() }"), NOTHING);
}

#[test]
fn every_source_file_says_what_it_owns_and_stays_short() {
    assert_eq!(over(&files_below("src"), shape), NOTHING);
}

#[test]
fn a_file_that_is_long_or_says_nothing_is_seen() {
    assert_eq!(
        shape("src/a.rs", &"\n".repeat(401)),
        ["src/a.rs: does not open with `//!`", "src/a.rs: 401 lines are two things in one file (400 at most)",]
    );
}

#[test]
fn nothing_in_the_source_is_left_unfinished() {
    assert_eq!(over(&files_below("src"), unfinished), NOTHING);
}

#[test]
fn unfinished_code_is_seen_but_not_in_comments_or_texts() {
    let text = "fn f() { x.unwrap(); todo!() }\n// unimplemented!\nfn g() { \".unwrap()\"; r#\"todo!\"#; }";
    assert_eq!(unfinished("src/a.rs", text), ["src/a.rs: `todo!`", "src/a.rs: `.unwrap()`"]);
}

#[test]
fn no_name_is_quoted_by_hand_where_it_becomes_part_of_a_report() {
    assert_eq!(over(&files_below("src"), quoted_by_hand), NOTHING);
}

#[test]
fn a_name_that_is_quoted_by_hand_is_seen() {
    let text =
        "/// `{x}`\nformat!(\"members of `{name}`\");\nformat!(\"`{}` is\", a);\nformat!(\"there is `{ACCOUNT}`\")";
    assert_eq!(
        quoted_by_hand("src/expect/entra.rs", text),
        [2, 3].map(|line| format!("src/expect/entra.rs:{line}: `quoted` makes a name fit for a phrase"))
    );
}

#[test]
fn no_code_takes_apart_what_is_written_for_people() {
    assert_eq!(over(&files_below("src"), matched_english), NOTHING);
}

#[test]
fn code_that_takes_a_sentence_apart_is_seen() {
    let seen = |line: &str| matched_english("src/compare/mod.rs", line).len();
    let wrong = [
        r#"match source.name.split_once(" of ") {"#,
        r#"if gap.unseen.starts_with("members of") {"#,
        r#"let about = if *about == "user or group" { 1 } else { 2 };"#,
        "let mut pieces = unseen.split('`');",
    ];
    assert_eq!(wrong.map(seen), [1; 4]);
    let right = [r#"name.starts_with("arn:")"#, r#"format!("members of {name}")"#, r#"// text.contains("a b")"#];
    assert_eq!(right.map(seen), [0; 3]);
    assert_eq!(matched_english("src/settings/error.rs", wrong[1]), NOTHING);
}

#[test]
fn nothing_is_silenced_without_a_reason() {
    let files: Vec<File> = files_below("src").into_iter().chain(files_below("tests")).collect();
    assert_eq!(over(&files, silenced), NOTHING);
}

#[test]
fn an_ignored_test_and_an_unexplained_allow_are_seen() {
    let text = "#[ignore]\nfn f() {}\n#![allow(dead_code)]\n#[allow(unused, reason = \"kept\")]";
    assert_eq!(
        silenced("tests/it/a.rs", text),
        ["tests/it/a.rs: an ignored test", "tests/it/a.rs: `allow(dead_code)` without a reason",]
    );
}

#[test]
fn every_dependency_says_what_it_is_for() {
    assert_eq!(unexplained_dependencies(&read("Cargo.toml")), NOTHING);
}

#[test]
fn a_dependency_without_a_comment_is_seen() {
    let manifest =
        "[dependencies]\n# Logs.\ntracing = \"1\"\ntracing-subscriber = \"1\"\nserde = \"1\"\n[lib]\ntest = 1";
    assert_eq!(unexplained_dependencies(manifest), ["Cargo.toml: no comment says what `serde = \"1\"` is for"]);
}

#[test]
fn the_top_of_the_repository_holds_only_what_has_a_place_there() {
    let entries: Vec<String> =
        std::fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(strangers(entries.iter().map(String::as_str)), NOTHING);
}

#[test]
fn a_stranger_at_the_top_is_seen() {
    let seen = strangers(["src", ".git", "scripts"]);
    assert_eq!(seen, ["`scripts` has no place at the top of the repository"]);
}
