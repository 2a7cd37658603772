//! A store in which something was damaged, or that holds what does not belong there: the run is done, compared with what
//! is older or with nothing, and says so on page one, for machines, and to the recipients of alerts.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::collect::live::Site;
use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::{Output, rollcall};

const SETTINGS: &str = "[collect]\nfrom = \"saved\"\n[[job]]\nname = \"daily\"\ncron = \"0 8 * * *\"\n";

/// A folder with so many packages of the job.
fn with_packages(number: usize) -> TempDir {
    let mut story = Story::small();
    let folder = folder_of(story.stranger("mallory"), SETTINGS);
    for _ in 0..number {
        assert_eq!(audit(&folder).code, 3);
    }
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    rollcall(folder.path(), arguments, &[])
}

fn audit(folder: &TempDir) -> Output {
    run(folder, &["audit", "--job", "daily"])
}

/// The package of this link.
fn package(folder: &TempDir, link: usize) -> PathBuf {
    let link = fs::read(folder.path().join(format!("reports/chain/{link:08}.json"))).unwrap();
    let link: Value = serde_json::from_slice(&link).unwrap();
    folder.path().join("reports").join(link["manifest"].as_str().unwrap()).parent().unwrap().to_owned()
}

fn report(folder: &TempDir, output: &Output) -> Value {
    let line = output.stdout.lines().find_map(|line| line.strip_prefix("Package  ")).expect(&output.stderr);
    serde_json::from_slice(&fs::read(folder.path().join(line).join("report.json")).unwrap()).unwrap()
}

fn overwrite(path: &Path, text: &str) {
    fs::remove_file(path).unwrap();
    fs::write(path, text).unwrap();
}

type Damage = fn(&TempDir);

#[test]
fn an_earlier_package_that_was_damaged_ends_no_run_and_is_named_in_its_report() {
    let damages: [(&str, &str, Damage); 7] = [
        ("report.json", "changed", |folder| overwrite(&package(folder, 1).join("report.json"), "{}")),
        ("report.json", "missing", |folder| fs::remove_file(package(folder, 1).join("report.json")).unwrap()),
        ("manifest.json", "changed", |folder| overwrite(&package(folder, 1).join("manifest.json"), "{")),
        ("manifest.json", "missing", |folder| fs::remove_dir_all(package(folder, 1)).unwrap()),
        ("chain/00000001.json", "malformed", |folder| {
            overwrite(&folder.path().join("reports/chain/00000001.json"), "nonsense");
        }),
        ("chain/00000001.json", "other-format", |folder| {
            overwrite(&folder.path().join("reports/chain/00000001.json"), "{\"version\": 2}");
        }),
        ("sent/daily/00000001.json", "malformed", |folder| {
            fs::create_dir_all(folder.path().join("reports/sent/daily")).unwrap();
            fs::write(folder.path().join("reports/sent/daily/00000001.json"), "nonsense").unwrap();
        }),
    ];
    for (object, why, damage) in damages {
        let folder = with_packages(1);
        damage(&folder);
        let audited = audit(&folder);
        assert_eq!(audited.code, 3, "{object} {why}: {}", audited.stderr);
        let report = report(&folder, &audited);
        let note = &report["run"]["store_notes"][0];
        assert!(note["object"].as_str().unwrap().ends_with(object) && note["why"] == why, "{object} {why}: {note}");
        let notices = report["verdict"]["notices"].as_array().unwrap();
        let is_said = |notice: &&Value| notice.as_str().unwrap().contains(object);
        let notice = notices.iter().find(is_said).unwrap_or_else(|| panic!("{object} {why}: {notices:?}"));
        assert!(
            audited
                .stdout
                .split_whitespace()
                .collect::<String>()
                .contains(&notice.as_str().unwrap().split_whitespace().collect::<String>()),
            "{}",
            audited.stdout
        );
        // The next run has this one's package; a record of what was told is only written where somebody is told.
        if object.starts_with("sent/") {
            continue;
        }
        assert!(self::report(&folder, &audit(&folder))["run"].get("store_notes").is_none(), "{object} {why}");
    }
}

#[test]
fn where_no_earlier_package_can_be_used_the_run_is_incomplete_and_the_next_one_is_not() {
    let lost = |number: usize, damage: &dyn Fn(&TempDir)| {
        let folder = folder_of(&Story::small(), SETTINGS);
        for _ in 0..number {
            assert_eq!(audit(&folder).code, 0, "the first run of a job is compared with nothing");
        }
        damage(&folder);
        let audited = audit(&folder);
        (audited.code, report(&folder, &audited)["gaps"].clone(), audit(&folder).code)
    };
    let changed = |folder: &TempDir| overwrite(&package(folder, 1).join("report.json"), "{}");
    let (code, gaps, next) = lost(1, &changed);
    assert_eq!((code, next), (4, 0));
    assert_eq!(gaps[0]["why"], "lost");
    assert!(gaps[0]["advice"].as_str().unwrap().starts_with("run `rollcall verify`"), "{gaps}");
    let (code, ..) = lost(1, &|folder| fs::remove_dir_all(package(folder, 1)).unwrap());
    assert_eq!(code, 4, "a package that is missing");
    let newest = |folder: &TempDir| overwrite(&package(folder, 2).join("report.json"), "{}");
    assert_eq!(lost(2, &newest).0, 0, "an older package can be used");
}

#[test]
fn a_run_is_compared_with_the_last_package_that_is_as_it_was_left() {
    for damage in ["report.json", "manifest.json"] {
        let folder = with_packages(3);
        let second: Value =
            serde_json::from_slice(&fs::read(package(&folder, 2).join("report.json")).unwrap()).unwrap();
        let kept = fs::read(package(&folder, 3).join(damage)).unwrap();
        overwrite(&package(&folder, 3).join(damage), "nonsense");
        let fourth = report(&folder, &audit(&folder));
        assert_eq!(fourth["run"]["earlier_run_id"], second["run"]["run_id"], "{damage}");
        assert_eq!(fourth["changes"]["still_open"].as_array().unwrap().len(), 1, "what was open is not new");
        // What was met is an input as any other: once the damage is mended, the report follows from its inputs.
        overwrite(&package(&folder, 3).join(damage), std::str::from_utf8(&kept).unwrap());
        let verified = run(&folder, &["verify"]);
        assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    }
}

#[test]
fn what_does_not_belong_among_links_and_packages_ends_no_run_and_is_named() {
    let strays = [
        "chain/note.txt",
        "chain/.DS_Store",
        "chain/copy of 00000001.json",
        "chain/old/00000001.json",
        "chain/1.json",
        "chain/00000000.json",
        "packages/index.html",
        "packages/daily/thumbs.db",
    ];
    for stray in strays {
        let folder = with_packages(1);
        let path = folder.path().join("reports").join(stray);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "x").unwrap();
        let audited = audit(&folder);
        assert_eq!(audited.code, 3, "{stray}: {}", audited.stderr);
        let report = report(&folder, &audited);
        assert_eq!(report["run"]["store_notes"][0]["object"], stray);
        let notice = format!("The store contains objects that are neither links nor packages: `{stray}`");
        assert!(report["verdict"]["notices"].as_array().unwrap().contains(&notice.clone().into()), "{stray}");

        let checked = run(&folder, &["check", "--offline"]);
        assert!(checked.stdout.contains(&format!("neither link nor package: `{stray}`\n")), "{}", checked.stdout);
        let checked = run(&folder, &["check", "--offline", "--format", "json"]);
        let checked: Value = serde_json::from_str(&checked.stdout).unwrap();
        assert_eq!(checked["stores"][0]["strays"][0], stray);

        let verified = run(&folder, &["verify"]);
        assert_eq!(verified.code, 4, "{stray}: {}{}", verified.stdout, verified.stderr);
        assert!(verified.stdout.contains(&format!("  {stray}\n")), "{}", verified.stdout);
    }
}

#[test]
fn a_missing_link_between_others_is_an_error_before_anything_is_asked() {
    let folder = with_packages(3);
    fs::remove_file(folder.path().join("reports/chain/00000002.json")).unwrap();
    let audited = audit(&folder);
    assert_eq!((audited.code, audited.stdout.as_str()), (1, ""));
    assert!(audited.stderr.contains("the chain of packages is broken at `chain/00000002.json`"), "{}", audited.stderr);
}

#[test]
fn the_recipients_of_alerts_are_told_once_that_an_earlier_package_was_damaged() {
    let site = Site::of(
        &Story::small(),
        "[alert]\nsns_topic_arn = \"{topic}\"\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n",
    );
    let run = || site.run(&["audit", "--job", "daily"]);
    let first = run();
    assert_eq!((first.code, site.messages().len()), (0, 1), "the first run is announced: {}", first.stderr);
    let line = first.stdout.lines().find_map(|line| line.strip_prefix("Package  ")).unwrap();
    overwrite(&site.path().join(line).join("report.json"), "{}");
    assert_eq!(run().code, 4, "it is not compared with what was before");
    let messages = site.messages();
    assert_eq!(messages.len(), 1);
    assert!(messages[0]["Subject"].as_str().unwrap().contains("1 object in the store unusable"), "{}", messages[0]);
    let told: Value = serde_json::from_str(messages[0]["Message"].as_str().unwrap()).unwrap();
    assert!(told["damage"][0].as_str().unwrap().contains("was changed since it was written"), "{told}");
    assert_eq!(run().code, 0);
    assert_eq!(site.messages().len(), 0);
}
