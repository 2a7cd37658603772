//! Answers that lie in a journal are as good as answers in memory, and one that cannot be read again is a gap or an
//! error, and never nothing.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use rollcall::collect::build::fold;
use rollcall::collect::journal::lines;
use rollcall::collect::journal::page::{Outcome, Page};
use rollcall::collect::journal::payload::{Lines, Text};
use rollcall::collect::{Collected, from_files};
use rollcall::model::Why;

fn held() -> Collected {
    from_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/aws/small")).unwrap()
}

/// The same pages with their answers in a file, and the file.
fn written(held: &Collected) -> (Vec<Page>, File) {
    let file = tempfile::tempfile().unwrap();
    let written = Lines::of(file.try_clone().unwrap());
    let pages = held.pages.iter().map(|page| lines::put(&written, page.clone()).unwrap());
    (pages.collect(), file)
}

fn canonical(collected: &Collected, pages: &[Page]) -> std::io::Result<Vec<u8>> {
    let mut journal = Vec::new();
    lines::write(&mut journal, &collected.snapshot.scope, pages).map(|()| journal)
}

#[test]
fn a_page_that_was_put_to_a_journal_leaves_its_answer_there() {
    let (pages, _file) = written(&held());
    assert!(pages.iter().all(|page| !matches!(page.outcome, Outcome::Answer(Text::Held(_)))));
}

#[test]
fn answers_in_a_journal_are_the_same_snapshot_and_the_same_bytes() {
    let held = held();
    let (pages, _file) = written(&held);
    assert_eq!(fold(&held.snapshot.scope, &pages), held.snapshot);
    assert_eq!(canonical(&held, &pages).unwrap(), canonical(&held, &held.pages).unwrap());
}

#[test]
fn an_answer_that_cannot_be_read_again_is_a_gap_and_ends_the_writing() {
    let held = held();
    let (pages, file) = written(&held);
    file.set_len(file.metadata().unwrap().len() - 20).unwrap();
    let last = pages.last().unwrap();
    let folded = fold(&held.snapshot.scope, &pages);
    let unreadable = folded.gaps.iter().find(|gap| matches!(gap.why, Why::Unreadable { .. })).expect("a gap");
    assert_eq!(unreadable.source, last.call.operation.api());
    let Why::Unreadable { detail } = &unreadable.why else { unreachable!() };
    insta::assert_snapshot!(detail, @"page 1: the journal of this run cannot be read back: EOF while parsing a string at line 1 column 528");
    insta::assert_snapshot!(canonical(&held, &pages).unwrap_err(), @"the journal of this run cannot be read back: EOF while parsing a string at line 1 column 528");
}

#[test]
fn a_line_that_holds_no_answer_any_more_is_not_taken_for_one() {
    let held = held();
    let (pages, mut file) = written(&held);
    let last = held.pages.last().unwrap();
    let length = line(last).len();
    let padded = |padding: usize| Page { outcome: Outcome::Unreadable("-".repeat(padding)), ..last.clone() };
    let other = line(&padded(length - line(&padded(0)).len()));
    file.seek(SeekFrom::End(-(length as i64))).unwrap();
    file.write_all(&other).unwrap();
    insta::assert_snapshot!(canonical(&held, &pages).unwrap_err(), @"the journal of this run cannot be read back: the line holds another page");
}

fn line(page: &Page) -> Vec<u8> {
    let mut line = Vec::new();
    lines::append(&mut line, page).unwrap();
    line
}
