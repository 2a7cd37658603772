//! Claims: exactly one process runs a job that is due.

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use insta::assert_snapshot;
use rollcall::store::chain::{self, Link};
use rollcall::store::leases::{Claim, Claimant, Claimed, LONGEST_LEASE, claim};
use rollcall::store::{Digest, Folder, Run, Shelf};
use serde_json::{Value, json};

const HOUR: Duration = Duration::from_secs(3600);
/// A lease that has run out as soon as it is written.
const NONE: Duration = Duration::ZERO;

fn due() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

async fn ask(shelf: &Shelf, nonce: &str, lease: Duration) -> Claimed {
    claim(shelf, "daily", due(), Claimant { nonce: nonce.to_owned(), lease }).await.unwrap()
}

async fn hold(shelf: &Shelf, nonce: &str, lease: Duration) -> Claim {
    match ask(shelf, nonce, lease).await {
        Claimed::Held(claim) => claim,
        other @ (Claimed::Busy(_) | Claimed::Done) => panic!("{nonce} should hold it: {other:?}"),
    }
}

#[tokio::test]
async fn who_comes_second_waits_and_who_comes_after_the_end_goes_home() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    let mut first = hold(&shelf, "first", HOUR).await;
    assert!(matches!(ask(&shelf, "second", HOUR).await, Claimed::Busy(left) if left <= HOUR && left > HOUR / 2));
    first.renew(&shelf).await.unwrap();
    first.commit(&shelf).await.unwrap();
    assert!(matches!(ask(&shelf, "second", HOUR).await, Claimed::Busy(left) if left <= HOUR && left > HOUR / 2));
    let link = published(&shelf, Some(due())).await;
    first.finish(&shelf, &link).await.unwrap();
    assert_eq!(ask(&shelf, "second", HOUR).await, Claimed::Done);
    let last = std::fs::read_to_string(folder.path().join("claims/daily/20261120T080000Z/0004.json")).unwrap();
    assert_snapshot!(last.replace(&link.digest.to_string(), "DIGEST"), @r#"
    {
      "version": 1,
      "owner": "first",
      "state": "done",
      "lease_seconds": 3600,
      "link": 1,
      "sha256": "DIGEST"
    }
    "#);
}

#[tokio::test]
async fn a_claim_that_ran_out_is_taken_over_and_its_owner_stops() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    let mut first = hold(&shelf, "first", NONE).await;
    let mut second = hold(&shelf, "second", HOUR).await;
    let lost = first.commit(&shelf).await.unwrap_err();
    assert_snapshot!(lost, @"lost the lease of job `daily`, scheduled for 20261120T080000Z: another process has taken it over");
    second.commit(&shelf).await.unwrap();
}

#[tokio::test]
async fn a_claim_that_was_given_up_is_free_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    hold(&shelf, "first", HOUR).await.release(&shelf).await.unwrap();
    hold(&shelf, "second", HOUR).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_claim_or_take_over_exactly_one_holds() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    hold(&shelf, "gone", NONE).await;
    let race: Vec<_> = (0..16)
        .map(|number| {
            let shelf = shelf.clone();
            tokio::spawn(async move { ask(&shelf, &format!("p{number}"), HOUR).await })
        })
        .collect();
    let mut held = 0;
    for process in race {
        match process.await.unwrap() {
            Claimed::Held(_) => held += 1,
            Claimed::Busy(_) => {}
            Claimed::Done => panic!("nobody has done it"),
        }
    }
    assert_eq!(held, 1);
}

/// A link for a package of the job, as if one were there, for the instant at which it was due.
async fn published(shelf: &Shelf, due: Option<DateTime<Utc>>) -> Link {
    let id = due.map_or("by-hand".to_owned(), |due| due.timestamp().to_string());
    let run = Run::new("daily", "2026-11-20T08:01:00Z".parse().unwrap(), &id, false).unwrap().because_due(due);
    let manifest = format!("packages/daily/{id}/manifest.json").parse().unwrap();
    chain::append(shelf, &run, manifest, Digest::of(id.as_bytes())).await.unwrap()
}

/// A claim that somebody wrote who is no process of ours, so long ago.
fn forged(folder: &Path, number: &str, text: &str, ago: TimeDelta) {
    let path = folder.join(format!("claims/daily/20261120T080000Z/{number}.json"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    let then: SystemTime = (DateTime::<Utc>::from(SystemTime::now()) - ago).into();
    File::options().write(true).open(path).unwrap().set_modified(then).unwrap();
}

fn document(state: &str, lease_seconds: u64, more: &Value) -> String {
    let mut document = json!({"version": 1, "owner": "mallory", "state": state, "lease_seconds": lease_seconds});
    document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    document.to_string()
}

const MINUTE: TimeDelta = TimeDelta::minutes(1);

#[tokio::test]
async fn a_claim_that_says_done_counts_only_with_the_link_for_that_instant() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    let of_yesterday = published(&shelf, Some(due() - TimeDelta::days(1))).await;
    let by_hand = published(&shelf, None).await;
    let named = |link: &Link, digest: Digest| json!({"link": link.number, "sha256": digest});
    let forgeries = [
        json!({}),
        json!({"link": 9, "sha256": of_yesterday.digest}),
        json!({"link": 1}),
        named(&of_yesterday, of_yesterday.digest),
        named(&by_hand, by_hand.digest),
        named(&by_hand, Digest::of(b"something else")),
        json!({"link": 4_294_967_295_u32, "sha256": by_hand.digest}),
    ];
    for (number, forgery) in forgeries.iter().enumerate() {
        fs::remove_dir_all(folder.path().join("claims")).ok();
        forged(folder.path(), "0001", &document("done", 60, forgery), MINUTE);
        assert!(matches!(ask(&shelf, "first", HOUR).await, Claimed::Held(_)), "{number}: {forgery}");
    }
    let of_today = published(&shelf, Some(due())).await;
    fs::remove_dir_all(folder.path().join("claims")).unwrap();
    forged(folder.path(), "0001", &document("done", 60, &named(&of_today, of_today.digest)), MINUTE);
    assert_eq!(ask(&shelf, "first", HOUR).await, Claimed::Done);
}

#[tokio::test]
async fn no_claim_holds_for_longer_than_an_hour_whatever_it_says() {
    for seconds in [9_999_999_999, u64::MAX, 3601] {
        for state in ["held", "committing"] {
            let folder = tempfile::tempdir().unwrap();
            let shelf = Shelf::Folder(Folder::open(folder.path()));
            forged(folder.path(), "0001", &document(state, seconds, &json!({})), MINUTE);
            let Claimed::Busy(left) = ask(&shelf, "first", HOUR).await else { panic!("it holds for a while") };
            assert!(left < LONGEST_LEASE, "{left:?}");
            forged(folder.path(), "0001", &document(state, seconds, &json!({})), MINUTE * 61);
            hold(&shelf, "first", HOUR).await;
        }
    }
}

#[tokio::test]
async fn a_claim_from_the_future_does_not_hold_and_one_of_a_corrected_clock_does() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    forged(folder.path(), "0001", &document("held", 60, &json!({})), -MINUTE * 2);
    assert!(matches!(ask(&shelf, "first", HOUR).await, Claimed::Busy(left) if left <= Duration::from_secs(60)));
    forged(folder.path(), "0001", &document("held", 60, &json!({})), -TimeDelta::days(36_500));
    hold(&shelf, "first", HOUR).await;
}

#[tokio::test]
async fn a_claim_that_cannot_be_understood_holds_for_minutes_and_one_of_a_later_version_as_it_says() {
    let garbage = [
        "",
        "{",
        "null",
        "[]",
        "\u{0}",
        "{\"version\":1}",
        "{\"version\":1,\"owner\":\"x\",\"state\":\"paused\",\"lease_seconds\":1}",
    ];
    let huge = document("held", 1, &json!({})).replace(":1}", ":1e400}");
    for text in garbage.into_iter().chain([huge.as_str()]) {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::Folder(Folder::open(folder.path()));
        forged(folder.path(), "0001", text, MINUTE);
        assert!(
            matches!(ask(&shelf, "first", HOUR).await, Claimed::Busy(left) if left <= Duration::from_secs(121)),
            "{text}"
        );
        forged(folder.path(), "0001", text, MINUTE * 4);
        hold(&shelf, "first", HOUR).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    let later = document("held", 600, &json!({"version": 7, "region": "eu-central-1"}));
    forged(folder.path(), "0001", &later, MINUTE * 9);
    assert!(matches!(ask(&shelf, "first", HOUR).await, Claimed::Busy(_)));
    forged(folder.path(), "0001", &later, MINUTE * 11);
    hold(&shelf, "first", HOUR).await;
}

#[tokio::test]
async fn numbers_that_do_not_follow_each_other_are_no_claims() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    for number in ["0003", "9999", "4294967295", "99999999999999999999", "00001", "+001", "note"] {
        forged(folder.path(), number, &document("held", 3600, &json!({})), MINUTE);
    }
    hold(&shelf, "first", HOUR).await;
    assert!(folder.path().join("claims/daily/20261120T080000Z/0001.json").exists());
}

#[tokio::test]
async fn what_was_put_ahead_of_a_claim_does_not_end_it() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    let mut first = hold(&shelf, "first", HOUR).await;
    for number in ["0002", "0003", "0005"] {
        forged(folder.path(), number, &document("held", 3600, &json!({})), MINUTE);
    }
    first.renew(&shelf).await.unwrap();
    first.commit(&shelf).await.unwrap();
    let link = published(&shelf, Some(due())).await;
    first.finish(&shelf, &link).await.unwrap();
    assert_eq!(ask(&shelf, "second", HOUR).await, Claimed::Done);
}

#[tokio::test]
async fn the_chain_takes_one_package_for_an_instant() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    assert_eq!(chain::done(&shelf, "daily", due()).await.unwrap(), None);
    let link = published(&shelf, Some(due())).await;
    let others = [("daily", "other", "2026-11-20T09:00:00Z"), ("weekly", "w", "2026-11-20T08:00:00Z")];
    for (job, id, due) in others {
        let run = Run::new(job, "2026-11-20T09:01:00Z".parse().unwrap(), id, false).unwrap();
        let run = run.because_due(Some(due.parse().unwrap()));
        chain::append(&shelf, &run, format!("packages/{id}").parse().unwrap(), link.sha256).await.unwrap();
    }
    published(&shelf, None).await;
    assert_eq!(chain::done(&shelf, "daily", due()).await.unwrap(), Some(link.clone()));
    let run = Run::new("daily", due(), "second", false).unwrap().because_due(Some(due()));
    let refused = chain::append(&shelf, &run, "packages/second".parse().unwrap(), link.sha256).await.unwrap_err();
    assert_snapshot!(refused, @"job `daily`, scheduled for 20261120T080000Z, already has a package: link 1");
    assert_eq!(chain::walk(&shelf).await.unwrap().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_publish_for_an_instant_exactly_one_does() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::Folder(Folder::open(folder.path()));
    let race: Vec<_> = (0..16)
        .map(|number| {
            let shelf = shelf.clone();
            tokio::spawn(async move {
                let run = Run::new("daily", due(), &format!("p{number}"), false).unwrap().because_due(Some(due()));
                let manifest = format!("packages/p{number}").parse().unwrap();
                chain::append(&shelf, &run, manifest, Digest::of(&[number])).await.is_ok()
            })
        })
        .collect();
    let mut published = 0;
    for process in race {
        published += usize::from(process.await.unwrap());
    }
    assert_eq!((published, chain::walk(&shelf).await.unwrap().len()), (1, 1));
}
