//! Packages and the chain: all or nothing, found again, and any change noticed.

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use insta::assert_snapshot;
use rollcall::store::draft::{Draft, SealedDraft};
use rollcall::store::package::{self, Package};
use rollcall::store::{Folder, Key, Run, Shelf, StoreError, alert_log, chain};
use tempfile::TempDir;

/// A store in a folder, and a place for drafts beside it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn shelf(&self) -> Shelf {
        Shelf::Folder(Folder::open(&self.folder.path().join("reports")))
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.path().join("reports").join(key)
    }

    fn draft(&self, run: Run) -> SealedDraft {
        let draft = Draft::begin(&self.folder.path().join("drafts").join(run.id()), run).unwrap();
        draft.add("report.json", "application/json", |file| writeln!(file, "{{}}")).unwrap();
        draft.add("findings.csv", "text/csv", |file| writeln!(file, "rule,subject")).unwrap();
        draft.seal().unwrap()
    }

    async fn publish(&self, run: Run) -> chain::Link {
        package::publish(&self.shelf(), &self.draft(run)).await.unwrap()
    }

    fn overwrite(&self, key: &str, contents: &str) {
        fs::remove_file(self.file(key)).unwrap();
        fs::write(self.file(key), contents).unwrap();
    }

    async fn keys(&self) -> String {
        let mut keys = Vec::new();
        for prefix in ["chain", "packages", "sent"] {
            keys.extend(self.shelf().list(&prefix.parse().unwrap(), None).await.unwrap());
        }
        keys.iter().map(Key::to_string).collect::<Vec<_>>().join("\n")
    }
}

fn day(day: u32) -> DateTime<Utc> {
    format!("2026-11-{day:02}T08:00:00Z").parse().unwrap()
}

fn run(job: &str, on: u32) -> Run {
    Run::new(job, day(on), &format!("r{on}"), false).unwrap()
}

/// The package that a run of the job is compared with.
async fn earlier(place: &Place, job: &str) -> Option<Package> {
    package::earlier(&place.shelf(), job, None).await.unwrap().package
}

/// What the record says that counts.
async fn latest(place: &Place) -> Option<Vec<u8>> {
    let length = chain::contents(&place.shelf()).await.unwrap().length;
    let records = alert_log::records(&place.shelf(), "daily", None, length).await.unwrap();
    Some(place.shelf().read(records.first()?).await.unwrap().unwrap().bytes)
}

fn said(error: &StoreError) -> String {
    format!("error: {error}\n  help: {}", error.help().unwrap_or_default())
}

#[tokio::test]
async fn a_package_is_its_files_its_manifest_and_its_link() {
    let place = Place::new();
    let link = place.publish(run("daily", 20)).await;
    assert_snapshot!(place.keys().await, @r"
    chain/00000001.json
    packages/daily/20261120T080000Z-r20/findings.csv
    packages/daily/20261120T080000Z-r20/manifest.json
    packages/daily/20261120T080000Z-r20/report.json
    ");
    assert_snapshot!(fs::read_to_string(place.file(link.manifest.as_str())).unwrap(), @r#"
    {
      "version": 1,
      "job": "daily",
      "as_of": "2026-11-20T08:00:00Z",
      "run": "r20",
      "filtered": false,
      "files": [
        {
          "name": "findings.csv",
          "media_type": "text/csv",
          "bytes": 13,
          "sha256": "e8928646241adfa782e8121aeb374bab4fb611111c4760ed368b11dd27973806"
        },
        {
          "name": "report.json",
          "media_type": "application/json",
          "bytes": 3,
          "sha256": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"
        }
      ]
    }
    "#);
    place.publish(run("daily", 21)).await;
    assert_snapshot!(fs::read_to_string(place.file("chain/00000002.json")).unwrap(), @r#"
    {
      "version": 1,
      "number": 2,
      "previous": "9cdeb9bb208f662219e2fa93d8c2c4cd78bc9bb16595a76102894e24b254880a",
      "manifest": "packages/daily/20261121T080000Z-r21/manifest.json",
      "sha256": "44774b57614acc8a4e35e90fbad6a638bd34fab124650fe1bca4f07faa0182a3",
      "job": "daily",
      "as_of": "2026-11-21T08:00:00Z",
      "run": "r21",
      "filtered": false
    }
    "#);
}

#[tokio::test]
async fn a_package_without_a_link_is_none() {
    let place = Place::new();
    place.publish(run("daily", 20)).await;
    fs::remove_file(place.file("chain/00000001.json")).unwrap();
    assert_eq!(earlier(&place, "daily").await, None);
    assert_eq!(chain::walk(&place.shelf()).await.unwrap(), []);
    let unlinked = package::newest_unlinked(&place.shelf(), "daily", None).await.unwrap().unwrap();
    assert_eq!(unlinked.as_str(), "packages/daily/20261120T080000Z-r20/manifest.json");
}

#[tokio::test]
async fn only_a_package_behind_the_last_that_no_link_names_has_lost_its_link() {
    let place = Place::new();
    for run in [run("daily", 19), run("daily", 20), Run::new("daily", day(21), "partial", true).unwrap()] {
        place.publish(run).await;
    }
    let unlinked = async || {
        let last = earlier(&place, "daily").await;
        package::newest_unlinked(&place.shelf(), "daily", last.as_ref()).await.unwrap().map(|key| key.to_string())
    };
    assert_eq!(unlinked().await, None);
    fs::remove_file(place.file("chain/00000003.json")).unwrap();
    assert_eq!(unlinked().await.as_deref(), Some("packages/daily/20261121T080000Z-partial/manifest.json"));
}

#[tokio::test]
async fn a_run_of_a_year_without_four_digits_is_refused() {
    let refused = ["+12000-01-01T00:00:00Z", "-0001-01-01T00:00:00Z"]
        .map(|at| Run::new("daily", at.parse().unwrap(), "r1", false).unwrap_err().to_string());
    assert_snapshot!(refused.join("\n"), @r"
    `+12000-01-01T00:00:00+00:00` cannot be a name in the store: only years from 0 to 9999 have four digits
    `-0001-01-01T00:00:00+00:00` cannot be a name in the store: only years from 0 to 9999 have four digits
    ");
}

/// What a manifest does not name is refused, whatever it is called and whatever it is.
#[cfg(unix)]
#[tokio::test]
async fn whatever_is_added_to_a_package_is_noticed() {
    let place = Place::new();
    let folder = "packages/daily/20261120T080000Z-r20";
    let link = place.publish(run("daily", 20)).await;
    let at = |name: &str| place.file(&format!("{folder}/{name}"));
    let mut all = Vec::new();
    for name in ["report (corrected).html", ".hidden", "Anhang ä/note.txt", "evidence.pdf"] {
        fs::create_dir_all(at(name).parent().unwrap()).unwrap();
        if name == "evidence.pdf" {
            std::os::unix::fs::symlink("/etc/passwd", at(name)).unwrap();
        } else {
            fs::write(at(name), "more").unwrap();
        }
        all.push(package::verify(&place.shelf(), link.clone()).await.unwrap_err().to_string());
        fs::remove_file(at(name)).unwrap();
    }
    // What the manifest names must be a file of its own: what a link leads to can change.
    fs::rename(at("findings.csv"), place.file("elsewhere.csv")).unwrap();
    std::os::unix::fs::symlink(place.file("elsewhere.csv"), at("findings.csv")).unwrap();
    all.push(package::verify(&place.shelf(), link.clone()).await.unwrap_err().to_string());
    assert_snapshot!(all.join("\n"), @"
    `packages/daily/20261120T080000Z-r20/report (corrected).html` is in a package, but not in its manifest
    `packages/daily/20261120T080000Z-r20/.hidden` is in a package, but not in its manifest
    `packages/daily/20261120T080000Z-r20/Anhang ä/note.txt` is in a package, but not in its manifest
    `packages/daily/20261120T080000Z-r20/evidence.pdf (a symbolic link, not a file)` is in a package, but not in its manifest
    `packages/daily/20261120T080000Z-r20/findings.csv (a symbolic link, not a file)` is in a package, but not in its manifest
    ");
}

#[tokio::test]
async fn publishing_again_changes_nothing_and_gives_the_same_link() {
    let place = Place::new();
    let draft = place.draft(run("daily", 20));
    let first = package::publish(&place.shelf(), &draft).await.unwrap();
    place.publish(run("daily", 21)).await;
    let reopened = SealedDraft::open(draft.folder()).unwrap();
    assert_eq!(reopened, draft);
    assert_eq!(package::publish(&place.shelf(), &reopened).await.unwrap(), first);
    assert_eq!(chain::walk(&place.shelf()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_delivery_that_failed_is_made_up_for_from_the_draft() {
    let place = Place::new();
    let draft = place.draft(run("daily", 20));
    // What stands in the way here is a file where a folder should be; it could be a network.
    fs::create_dir_all(place.file("")).unwrap();
    fs::write(place.file("chain"), "").unwrap();
    package::publish(&place.shelf(), &draft).await.unwrap_err();
    fs::remove_file(place.file("chain")).unwrap();
    assert_eq!(earlier(&place, "daily").await, None);
    let link = package::publish(&place.shelf(), &draft).await.unwrap();
    assert!(package::verify(&place.shelf(), link).await.is_ok());
}

#[tokio::test]
async fn another_package_of_the_same_run_is_not_mixed_into_the_first() {
    let place = Place::new();
    place.publish(run("daily", 20)).await;
    let other = Draft::begin(&place.folder.path().join("other"), run("daily", 20)).unwrap();
    other.add("findings.csv", "text/csv", |file| writeln!(file, "something else")).unwrap();
    let refused = package::publish(&place.shelf(), &other.seal().unwrap()).await.unwrap_err();
    assert_snapshot!(said(&refused), @r"
    error: `packages/daily/20261120T080000Z-r20/findings.csv` already exists in the store with other contents
      help: nothing was overwritten; if it is not one of Rollcall's own files, give the store its own prefix
    ");
}

#[test]
fn a_writer_that_fails_leaves_no_sealed_draft() {
    let place = Place::new();
    let folder = place.folder.path().join("draft");
    let draft = Draft::begin(&folder, run("daily", 20)).unwrap();
    draft.add("report.json", "application/json", |_| Err(std::io::Error::other("out of ink"))).unwrap_err();
    assert!(SealedDraft::open(&folder).is_err());
    assert!(draft.add("manifest.json", "application/json", |_| Ok(())).is_err(), "its name is taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_race_for_the_end_of_the_chain_get_a_link_of_their_own() {
    let place = Place::new();
    let race: Vec<_> = (1..=24)
        .map(|on| {
            let (shelf, draft) = (place.shelf(), place.draft(run("daily", on)));
            tokio::spawn(async move { package::publish(&shelf, &draft).await.unwrap().number })
        })
        .collect();
    let mut numbers = Vec::new();
    for publisher in race {
        numbers.push(publisher.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=24).collect::<Vec<_>>());
    assert_eq!(chain::walk(&place.shelf()).await.unwrap().len(), 24);
}

#[tokio::test]
async fn the_earlier_package_is_the_jobs_last_that_looked_at_everything() {
    let place = Place::new();
    let weekly = place.publish(run("weekly", 15)).await;
    place.publish(run("daily", 18)).await;
    let daily = place.publish(run("daily", 19)).await;
    place.publish(Run::new("daily", day(20), "partial", true).unwrap()).await;
    place.publish(run("manual", 20)).await;
    let earlier = async |job: &str| earlier(&place, job).await.map(|found| found.link);
    assert_eq!(earlier("daily").await, Some(daily));
    assert_eq!(earlier("weekly").await, Some(weekly));
    assert_eq!(earlier("monthly").await, None);
}

#[tokio::test]
async fn every_change_to_a_package_is_noticed() {
    let place = Place::new();
    let folder = "packages/daily/20261120T080000Z-r20";
    let (csv, manifest, extra) =
        (format!("{folder}/findings.csv"), format!("{folder}/manifest.json"), format!("{folder}/more.csv"));
    let link = place.publish(run("daily", 20)).await;
    let verify = async || package::verify(&place.shelf(), link.clone()).await.unwrap_err().to_string();
    let mut all = Vec::new();

    fs::write(place.file(&extra), "").unwrap();
    all.push(verify().await);
    fs::remove_file(place.file(&extra)).unwrap();

    place.overwrite(&csv, "rule,subjecT\n");
    all.push(verify().await);
    fs::remove_file(place.file(&csv)).unwrap();
    all.push(verify().await);

    let text = fs::read_to_string(place.file(&manifest)).unwrap();
    place.overwrite(&manifest, &text.replace("text/csv", "text/xml"));
    all.push(verify().await);
    assert_snapshot!(all.join("\n"), @r"
    `packages/daily/20261120T080000Z-r20/more.csv` is in a package, but not in its manifest
    `packages/daily/20261120T080000Z-r20/findings.csv` was changed: its SHA-256 differs from the one in `packages/daily/20261120T080000Z-r20/manifest.json`
    `packages/daily/20261120T080000Z-r20/findings.csv` is missing in the store, but `packages/daily/20261120T080000Z-r20/manifest.json` names it
    `packages/daily/20261120T080000Z-r20/manifest.json` was changed: its SHA-256 differs from the one in link 1
    ");
}

#[tokio::test]
async fn a_chain_with_a_changed_or_a_missing_link_is_an_error_with_what_to_do() {
    let place = Place::new();
    for on in 1..=3 {
        place.publish(run("daily", on)).await;
    }
    let second = fs::read_to_string(place.file("chain/00000002.json")).unwrap();
    place.overwrite("chain/00000002.json", &second.replace("\"r2\"", "\"r9\""));
    assert_snapshot!(said(&chain::walk(&place.shelf()).await.unwrap_err()), @r"
    error: the chain of packages is broken at `chain/00000002.json`: its SHA-256 differs from the one in the next link
      help: links were changed, removed or added manually: restore `chain/` from a backup or an earlier version, or start a new store at another location and keep this one as it is
    ");
    let found = chain::find(&place.shelf(), None, |link| link.number == 1).await.unwrap();
    assert_eq!(found.passed_over.len(), 1, "looking back notices it too, and looks further");
    assert_eq!(found.link.unwrap().number, 1);
    fs::remove_file(place.file("chain/00000002.json")).unwrap();
    assert_snapshot!(package::earlier(&place.shelf(), "daily", None).await.unwrap_err(), @"the chain of packages is broken at `chain/00000002.json`: it is missing; the next one is `chain/00000003.json`");
}

#[tokio::test]
async fn a_document_of_a_newer_format_says_so() {
    let place = Place::new();
    place.publish(run("daily", 20)).await;
    place.overwrite("chain/00000001.json", r#"{"version":2,"signature":"x"}"#);
    assert_snapshot!(said(&chain::walk(&place.shelf()).await.unwrap_err()), @r"
    error: `chain/00000001.json` has format 2; this version of Rollcall reads format 1
      help: use the version of Rollcall that wrote it, or a newer one
    ");
}

#[tokio::test]
async fn the_latest_record_of_what_was_sent_is_the_jobs_own_and_the_last_in_the_chain() {
    let place = Place::new();
    let shelf = place.shelf();
    assert_eq!(latest(&place).await, None);
    // Runs may speak of any instant, and of the same one twice.
    let mut last = place.publish(run("daily", 20)).await;
    for (id, on) in [("later", 29), ("earlier", 9), ("again", 9)] {
        last = place.publish(Run::new("daily", day(on), id, false).unwrap()).await;
        alert_log::record(&shelf, &last, None, id.as_bytes().to_vec()).await.unwrap();
        let weekly = place.publish(Run::new("weekly", day(on), &format!("{id}-weekly"), false).unwrap()).await;
        alert_log::record(&shelf, &weekly, None, b"{}".to_vec()).await.unwrap();
        assert_eq!(latest(&place).await, Some(id.as_bytes().to_vec()));
    }
    alert_log::record(&shelf, &last, None, b"again".to_vec()).await.unwrap();
    assert!(alert_log::record(&shelf, &last, None, b"{}".to_vec()).await.is_err());
}

#[tokio::test]
async fn a_record_that_is_called_by_an_instant_counts_until_there_is_one_of_a_link() {
    let place = Place::new();
    let shelf = place.shelf();
    let by_instant = place.file("sent/daily/20301120T080000Z-r20.json");
    fs::create_dir_all(by_instant.parent().unwrap()).unwrap();
    fs::write(by_instant, "old").unwrap();
    assert_eq!(latest(&place).await, Some(b"old".to_vec()));
    let link = place.publish(run("daily", 21)).await;
    alert_log::record(&shelf, &link, None, b"new".to_vec()).await.unwrap();
    assert_eq!(latest(&place).await, Some(b"new".to_vec()));
}
