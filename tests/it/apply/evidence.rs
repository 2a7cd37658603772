//! What applying a plan did, as a package in the chain: what it says, that it follows from the plan and the journal, and that
//! it is written once for each end of an apply.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rollcall::store::Digest;
use serde_json::{Value, json};

use super::{Site, leaver, once};

const OPERATOR: &str = "arn:aws:sts::123456789012:assumed-role/RollcallOperator/";

impl Site {
    /// The folders of packages of changes, in order.
    fn packages(&self) -> Vec<PathBuf> {
        let Ok(found) = fs::read_dir(self.folder.path().join("reports/packages/changes")) else { return Vec::new() };
        let mut found: Vec<PathBuf> = found.map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    }

    /// The links of the chain, in order.
    fn links(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = fs::read_dir(self.folder.path().join("reports/chain"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        found.sort();
        found
    }

    fn verifies(&self) {
        let verified = self.run(&["verify"]);
        assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    }
}

/// The files of a package by name, with their bytes.
fn files(package: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = ["changes.csv", "changes.html", "inputs/apply.json", "inputs/journal.jsonl", "inputs/plan.json"];
    names.into_iter().map(|name| (name.to_owned(), fs::read(package.join(name)).unwrap())).collect()
}

/// Puts other bytes in the place of a file that only its owner can read.
fn replace(file: &Path, bytes: &[u8]) {
    fs::remove_file(file).unwrap();
    fs::write(file, bytes).unwrap();
}

#[test]
fn what_applying_a_plan_did_is_a_package_that_follows_from_plan_and_journal() {
    let site = Site::of(&leaver());
    let audited = site.run(&["audit", "--no-alert"]);
    assert_eq!(audited.code, 3, "{}{}", audited.stdout, audited.stderr);
    site.plan(&["--rule", "leaver-with-access"]);
    assert_eq!(site.run(&["apply", "plan.json"]).code, 3, "a dry run is held");
    assert!(site.packages().is_empty(), "a dry run has no package");
    let applied = site.apply(&["--reference", "TICKET-7"]);
    assert_eq!(applied.code, 0, "{}{}", applied.stdout, applied.stderr);
    assert!(applied.stdout.contains("\nLink     2 ") && applied.stdout.contains("\nPackage  "), "{}", applied.stdout);

    let [package] = &site.packages()[..] else { panic!("one package: {:?}", site.packages()) };
    let files = files(package);
    assert_eq!(files["inputs/plan.json"], fs::read(site.folder.path().join("plan.json")).unwrap());
    let kept: Vec<Vec<u8>> = site.journal().iter().map(|file| fs::read(file).unwrap()).collect();
    assert_eq!(files["inputs/journal.jsonl"], [kept.join(&b'\n'), b"\n".to_vec()].concat());
    let csv = String::from_utf8(files["changes.csv"].clone()).unwrap();
    assert_eq!(csv.matches("done, and seen").count(), 2, "{csv}");
    assert_eq!(csv.matches(OPERATOR).count(), 2, "{csv}");
    let answered = site.entries().into_iter().filter(|entry| entry["entry"] == "answered");
    for entry in answered {
        let id = entry["request_id"].as_str().unwrap_or_else(|| panic!("no id of AWS: {entry}"));
        assert!(csv.contains(&format!("(AWS request id `{id}`)")), "{id}: {csv}");
    }
    for said in ["TICKET-7", "a member (membership", "not a member", "identity-store remove-member", "not assigned"] {
        assert!(csv.contains(said), "{said}: {csv}");
    }
    let html = String::from_utf8(files["changes.html"].clone()).unwrap();
    for said in ["2 changes done", "TICKET-7", "--allow-removals 2", "leaves 1 open", OPERATOR] {
        assert!(html.contains(said), "{said}: {html}");
    }
    site.verifies();

    // The same command again did nothing, so there is no second package.
    let again = site.apply(&[]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert!(again.stdout.contains("\nLink     2 "), "{}", again.stdout);
    assert_eq!((site.packages().len(), site.links().len()), (1, 2));

    // The next audit is compared with the audit before, and not with this.
    let after = site.run(&["audit", "--no-alert"]);
    assert!(after.stdout.starts_with("1 low finding"), "{}{}", after.stdout, after.stderr);
    let reports = fs::read_dir(site.folder.path().join("reports/packages/manual")).unwrap();
    let mut reports: Vec<PathBuf> = reports.map(|entry| entry.unwrap().path().join("report.json")).collect();
    reports.sort();
    let report = |at: usize| serde_json::from_slice::<Value>(&fs::read(&reports[at]).unwrap()).unwrap();
    assert_eq!(report(1)["run"]["earlier_run_id"], report(0)["run"]["run_id"]);
    site.verifies();
}

#[test]
fn a_changed_byte_of_any_file_of_the_package_is_noticed() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    assert_eq!(site.apply(&[]).code, 0);
    let package = site.packages().remove(0);
    site.verifies();
    for name in files(&package).keys().map(String::as_str).chain(["manifest.json"]) {
        let file = package.join(name);
        let bytes = fs::read(&file).unwrap();
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        replace(&file, &changed);
        let verified = site.run(&["verify"]);
        assert_eq!(verified.code, 1, "{name}: {}{}", verified.stdout, verified.stderr);
        replace(&file, &bytes);
    }
    site.verifies();
}

#[test]
fn a_journal_that_was_forged_with_all_digests_is_noticed_because_the_summary_does_not_follow() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    assert_eq!(site.apply(&[]).code, 0);
    let package = site.packages().remove(0);
    let forge = |file: &Path, from: &str, to: &str| {
        let before = fs::read_to_string(file).unwrap();
        assert!(before.contains(from), "{before}");
        let after = before.replace(from, to);
        replace(file, after.as_bytes());
        let digest = |text: &str| Digest::of(text.as_bytes()).to_string();
        (digest(&before), digest(&after))
    };
    let (was, is) = forge(&package.join("inputs/journal.jsonl"), "RollcallOperator/", "InnocentOperator/");
    let (was, is) = forge(&package.join("manifest.json"), &was, &is);
    forge(&site.links()[0], &was, &is);
    let verified = site.run(&["verify"]);
    assert_eq!(verified.code, 1, "{}{}", verified.stdout, verified.stderr);
    assert!(verified.stdout.contains("differs: changes.html, changes.csv"), "{}{}", verified.stdout, verified.stderr);
}

#[test]
fn an_apply_that_stopped_has_a_package_and_so_has_the_one_that_continued() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    site.moto.fail(&json!({"operation": "identitystore:DeleteGroupMembership", "fault": "deny"}));
    let stopped = site.apply(&[]);
    assert_eq!(stopped.code, 6, "{}{}", stopped.stdout, stopped.stderr);
    let first = files(&site.packages()[0]);
    let html = String::from_utf8(first["changes.html"].clone()).unwrap();
    for said in ["1 of 2 changes done", "stopped at ", "not done: AWS refused it", "AccessDenied"] {
        assert!(html.contains(said), "{said}: {html}");
    }
    site.moto.heal();
    let resumed = site.apply(&[]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    let second = files(&site.packages()[1]);
    assert!(second["inputs/journal.jsonl"].starts_with(&first["inputs/journal.jsonl"]));
    assert!(String::from_utf8(second["changes.html"].clone()).unwrap().contains("2 changes done"));
    assert_eq!((site.packages().len(), site.links().len()), (2, 2));
    site.verifies();
}

#[test]
fn an_apply_that_died_before_its_package_was_written_gets_it_from_the_next_one() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    assert_eq!(site.apply(&[]).code, 0);
    let package = site.packages().remove(0);
    let (written, link) = (files(&package), fs::read(&site.links()[0]).unwrap());
    let die = |left: &dyn Fn()| {
        left();
        fs::remove_file(&site.links()[0]).unwrap();
        let again = site.apply(&[]);
        assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
        assert_eq!(files(&package), written);
        assert_eq!(fs::read(&site.links()[0]).unwrap(), link);
        site.verifies();
    };
    die(&|| fs::remove_dir_all(&package).unwrap());
    die(&|| fs::remove_file(package.join("manifest.json")).unwrap());
    die(&|| {});
    assert_eq!(site.moto.writes(), once());
}

#[test]
fn what_was_done_stays_done_where_its_package_cannot_be_written() {
    let site = Site::of(&leaver());
    site.write("reports/packages/changes", "in the way");
    site.plan(&["--rule", "leaver-with-access"]);
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 5, "{}{}", applied.stdout, applied.stderr);
    assert!(applied.stderr.contains("the package of these changes could not be written"), "{}", applied.stderr);
    fs::remove_file(site.folder.path().join("reports/packages/changes")).unwrap();
    let again = site.apply(&[]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert_eq!(site.moto.writes(), once());
    site.verifies();
}
