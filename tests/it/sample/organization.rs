//! The sample organization: its files are what its story says, everything planted in it is found, and the example
//! report is what a run of it leaves.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rollcall::render;

use crate::story::{File, Story};
use crate::support::audited::Audited;
use crate::support::{Ministack, rollcall, root};

const AWS: &str = "tests/data/sample/aws";
const LISTS: &str = "expected";
const EXAMPLE: &str = "reports/example";

/// The files below a folder, by name, but for texts for people.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    fn walk(at: &Path, below: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(at).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, below, found);
            } else if path.extension().is_none_or(|extension| extension != "md") {
                let name = path.strip_prefix(below).unwrap().to_string_lossy().into_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&root().join(folder), &root().join(folder), &mut found);
    found
}

/// Compares a folder of the repository with what it should hold, or writes it where `UPDATE_SNAPSHOTS` is set.
fn assert_folder(folder: &str, expected: &BTreeMap<String, Vec<u8>>) {
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        for name in files(folder).keys().filter(|name| !expected.contains_key(*name)) {
            fs::remove_file(root().join(folder).join(name)).unwrap();
        }
        for (name, bytes) in expected {
            let path = root().join(folder).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    let found = files(folder);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(expected), "`{folder}`: UPDATE_SNAPSHOTS=1 cargo test -- sample renews it");
    for (name, bytes) in expected {
        assert!(found[name] == *bytes, "`{folder}/{name}` differs: UPDATE_SNAPSHOTS=1 cargo test -- sample renews it");
    }
}

fn sample() -> Audited {
    let story = Story::sample();
    Audited::from(&story.sample_aws(), &story.sample_lists()).with(|world| {
        world.stamp.organization = Some("Acme Corporation".to_owned());
        world.stamp.run_id = "example".to_owned();
        world.stamp.origin = Some(rollcall::model::Origin::SavedFiles);
        world.stamp.version = env!("CARGO_PKG_VERSION").to_owned();
    })
}

#[test]
fn the_sample_is_what_its_story_says() {
    let story = Story::sample();
    let saved = story.sample_aws().into_iter().map(|File { name, text }| (name, text.into_bytes())).collect();
    assert_folder(AWS, &saved);
    let lists = story.sample_lists().into_iter().map(|(name, text)| (name, text.into_bytes()));
    assert_folder(LISTS, &lists.collect());
}

#[test]
fn every_planted_deviation_of_the_sample_is_found_and_nothing_else() {
    assert_eq!(
        sample().titles(),
        [
            "critical unexpected-iam-user: IAM user `svc-migration-2024` is in `Acme Production` (222233334444) but not in any expected list",
            "critical unexpected-user: User `mallory.finch@corp.example.com` is in Identity Center but not in any expected list",
            "high differing-permission-set: Permission set `SecurityAudit` differs from what was approved",
            "high leaver-with-access: User `dora.diaz@corp.example.com` has left but is still in Identity Center",
            "high root-without-mfa: The root user of `Acme Production` (222233334444) can sign in without MFA",
            "high unexpected-membership: User `bob.berg@corp.example.com` is in group `AWS-Administrators`; no expected list has this membership",
            "medium outside-trust: Role `Partner-Exchange` in `Acme Production` (222233334444) trusts an external principal (`888877776666`); no expected list has this trust",
            "medium stale-list: Expected list `directory/contractors-2026-10-30.ldif` was exported 21 days and 8 hours ago; the \
             settings allow 7 days",
            "medium unexpected-assignment: Group `AWS-Developers` has `PowerUserAccess` in `Acme Production` (222233334444); no expected list has this assignment",
            "medium unexpected-policy: IAM user `svc-backup` in `Acme Production` (222233334444) has policy `AmazonEC2FullAccess`; its row does not name it",
            "low expired-waiver: The waiver of `missing-membership` for `ivan.ilic@corp.example.com` expired on 2026-10-31",
            "low missing-assignment: Group `AWS-Auditors` should have `SecurityAudit` in `Acme Development` (333344445555) but does not",
            "low missing-membership: `ivan.ilic@corp.example.com` should be in group `AWS-Developers` but is not",
            "low missing-user: `erik.eklund@corp.example.com` is missing in Identity Center",
        ]
    );
}

#[test]
fn the_sandbox_that_could_not_be_read_makes_the_sample_incomplete() {
    let sample = sample();
    let gaps = sample.gaps();
    assert!(!sample.report().verdict.complete());
    assert_eq!(gaps.len(), 5, "{gaps:?}");
    assert!(
        gaps[0].starts_with("IAM users and roles of 444455556666: `iam:GetAccountAuthorizationDetails`"),
        "{}",
        gaps[0]
    );
    assert!(gaps[0].contains("access was denied"), "{}", gaps[0]);
}

#[test]
fn the_example_report_is_what_a_run_of_the_sample_leaves() {
    let sample = sample();
    let report = sample.report();
    let rendered = render::FILES.iter().map(|file| {
        let mut bytes = Vec::new();
        (file.render)(&report, &mut bytes).unwrap();
        (file.name.to_owned(), bytes)
    });
    assert_folder(EXAMPLE, &rendered.collect());
}

#[test]
fn a_fresh_clone_audits_the_sample_and_verifies_what_it_left() {
    let store = tempfile::tempdir().unwrap();
    let to = store.path().to_str().unwrap();
    let audited = rollcall(root(), &["audit", "--to", to], &[]);
    assert_eq!((audited.code, audited.stderr.as_str()), (3, ""));
    assert!(audited.stdout.contains("unexpected-user"), "{}", audited.stdout);
    let again = rollcall(root(), &["audit", "--to", to], &[]);
    assert_eq!(again.code, 3, "{}", again.stderr);
    let verified = rollcall(root(), &["verify", to], &[]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(
        verified
            .stdout
            .ends_with("2 packages, all digests match the manifests; every report follows from its inputs\n"),
        "{}",
        verified.stdout
    );
}

#[test]
fn ten_runs_of_the_sample_give_the_same_bytes() {
    let run = || {
        let sample = sample();
        let report = sample.report();
        let mut bytes = Vec::new();
        for file in render::FILES {
            (file.render)(&report, &mut bytes).unwrap();
        }
        bytes
    };
    let first = run();
    assert!((1..10).all(|_| run() == first));
}

#[test]
fn a_bucket_that_verifies_checksums_takes_the_packages_and_gives_them_back() {
    let ministack = Ministack::start();
    let made = ministack.aws(&["s3api", "create-bucket", "--bucket", "evidence"]);
    assert_eq!(made.code, 0, "{}", made.stderr);
    let run = |arguments: &[&str]| rollcall(root(), arguments, &ministack.environment());
    for _ in 0..2 {
        let audited = run(&["audit", "--to", "s3://evidence/quarterly"]);
        assert_eq!(audited.code, 3, "{}", audited.stderr);
    }
    let verified = run(&["verify", "s3://evidence/quarterly"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    assert!(verified.stdout.contains("2 packages"), "{}", verified.stdout);
}
