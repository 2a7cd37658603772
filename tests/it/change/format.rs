//! The plan file: what is written is read back as the same bytes, and what is not understood is refused.

use std::fs;

use proptest::prelude::*;
use rollcall::change::{self, ChangeKind, Digest, MOST_CHANGES, PlanError};

use crate::support::snapshot::assert_file;
use crate::support::{read, root};

const EVERY_KIND: &str = "tests/data/change/every-kind.json";
/// Each file cannot be used; the message lies beside it.
const BAD: &str = "tests/data/bad/plan";

#[test]
fn a_plan_of_every_kind_is_read_and_written_byte_for_byte() {
    let bytes = read(EVERY_KIND).into_bytes();
    let plan = change::read(&bytes).unwrap();
    let kinds: Vec<ChangeKind> = plan.changes.iter().map(|planned| planned.change.kind()).collect();
    assert_eq!(kinds, ChangeKind::all().collect::<Vec<_>>(), "one of each kind");
    assert_eq!(String::from_utf8(change::write(&plan)).unwrap(), String::from_utf8(bytes).unwrap());
}

#[test]
fn the_digest_of_a_plan_is_that_of_its_bytes() {
    let bytes = read(EVERY_KIND).into_bytes();
    let digest = Digest::of(&bytes);
    let mut more = bytes.clone();
    more.push(b' ');
    assert_eq!(change::read(&bytes), change::read(&more), "a blank at the end says nothing else");
    assert_ne!(digest, Digest::of(&more));
    assert_eq!(digest.to_string().parse::<Digest>(), Ok(digest));
    assert!(digest.hex().starts_with(&digest.short()) && digest.short().len() == 12);
}

#[test]
fn a_plan_that_is_not_understood_is_refused_with_where_and_what_to_do() {
    let mut tried = 0;
    for entry in fs::read_dir(root().join(BAD)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let error = change::read(&fs::read(&path).unwrap()).expect_err(&path.display().to_string());
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert_file(&format!("{BAD}/{name}.message"), &format!("{error}\nhelp: {}\n", error.help()));
        tried += 1;
    }
    assert!(tried >= 18, "{tried}");
}

#[test]
fn no_plan_has_more_changes_than_a_person_reviews() {
    let mut plan = change::read(read(EVERY_KIND).as_bytes()).unwrap();
    let one = plan.changes.pop().unwrap();
    plan.changes = (1..=MOST_CHANGES + 1)
        .map(|number| change::Planned { id: change::ChangeId::numbered(number), ..one.clone() })
        .collect();
    assert_eq!(change::read(&change::write(&plan)), Err(PlanError::TooMany(MOST_CHANGES + 1)));
    plan.changes.pop();
    assert!(change::read(&change::write(&plan)).is_ok());
}

#[test]
fn every_kind_has_its_own_row_of_the_table() {
    for kind in ChangeKind::all() {
        assert_eq!(kind.word().parse(), Ok(kind));
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
        assert_eq!(kind.is_removal(), !kind.undone_by().is_some_and(ChangeKind::is_removal), "{kind}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_texts_are_a_plan_round_trips(why in ".*", name in ".*", how in ".*", kept in 0_usize..19) {
        let mut plan = change::read(read(EVERY_KIND).as_bytes()).unwrap();
        plan.changes.truncate(kept);
        // What stays must not need what is gone.
        plan.changes.retain(|planned| planned.change.makers().next().is_none());
        for planned in &mut plan.changes {
            planned.why = why.clone();
            if let change::Change::CreateUser { name: own, .. } = &mut planned.change {
                *own = name.clone();
            }
        }
        plan.left_out[0].because = how;
        let bytes = change::write(&plan);
        let again = change::read(&bytes).unwrap();
        prop_assert_eq!(&again, &plan);
        prop_assert_eq!(change::write(&again), bytes);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = change::read(&bytes);
    }
}
