//! Claims: exactly one process runs a job that is due.

use std::time::Duration;

use chrono::{DateTime, Utc};
use insta::assert_snapshot;
use rollcall::store::claims::{Claim, Claimant, Claimed, claim};
use rollcall::store::{Folder, Shelf};

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
    first.finish(&shelf).await.unwrap();
    assert_eq!(ask(&shelf, "second", HOUR).await, Claimed::Done);
    let last = std::fs::read_to_string(folder.path().join("claims/daily/20261120T080000Z/0004.json")).unwrap();
    assert_snapshot!(last, @r#"
    {
      "version": 1,
      "owner": "first",
      "state": "done",
      "lease_seconds": 3600
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
    assert_snapshot!(lost, @"the claim on job `daily`, due 20261120T080000Z, was lost: another process has taken it over");
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
