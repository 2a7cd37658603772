//! Records that a package keeps are read back, also those that earlier versions of Rollcall wrote.

use rollcall::expect::{parse, write};
use rollcall::model::What;
use rollcall::wording::unseen_in_file;

fn line(unseen: &str) -> String {
    format!(r#"{{"hole":{{"at":[0,3],"affects":"group-names","unseen":{unseen},"detail":"it was cut"}}}}"#)
}

fn records(version: u32, unseen: &str) -> String {
    format!("{{\"format\":\"rollcall-expected\",\"version\":{version}}}\n{}\n", line(unseen))
}

#[test]
fn what_is_not_seen_is_kept_by_machine_words() {
    let kept = records(2, r#"{"what":"groups-in-cell","object":"memberOf","number":3}"#);
    let read = parse(kept.as_bytes()).expect("it is of this version");
    assert_eq!(read.holes[0].unseen, What::GroupsInCell.of("memberOf").number(3));
    let mut written = Vec::new();
    write(&read, &mut written).expect("memory takes everything");
    assert_eq!(String::from_utf8(written).expect("it is JSON"), kept);
}

#[test]
fn a_phrase_of_the_version_before_is_shown_as_it_was_written() {
    let phrase = "groups in `memberOf` of line 3";
    let read = parse(records(1, &format!("{phrase:?}")).as_bytes()).expect("the version before is read");
    assert_eq!(unseen_in_file(&read.holes[0].unseen), phrase);
    assert!(parse(records(3, "\"x\"").as_bytes()).is_err(), "a later version is refused");
}
