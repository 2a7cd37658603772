//! Names of a command: exactly one thing, or a refusal that says what to do.

use rollcall::change::names;
use rollcall::wording;

use super::kept_here;
use crate::story::{Story, sign_in_name};

#[test]
fn a_name_that_fits_two_is_refused_with_both() {
    let audited = kept_here(Story::small().aws_group("Twin").aws_group("twin"));
    let snapshot = &audited.world().snapshot;
    let why = wording::not_found(&names::group(snapshot, "TWIN").unwrap_err());
    let ids: Vec<String> =
        snapshot.groups.seen().filter(|group| group.name.len() == 4).map(|one| one.id.to_string()).collect();
    assert_eq!(ids.len(), 2);
    assert!(ids.iter().all(|id| why.contains(id)), "{why}");
    assert!(names::group(snapshot, &ids[0]).is_ok(), "an id says which one");
}

#[test]
fn a_name_that_nothing_has_is_refused_with_what_is_near() {
    let audited = kept_here(&Story::small());
    let snapshot = &audited.world().snapshot;
    let why = wording::not_found(&names::user(snapshot, &sign_in_name("bobb")).unwrap_err());
    assert_eq!(why, "no user is called `bobb@corp.example.com`; similar: `bob@corp.example.com`");
    assert!(names::user(snapshot, &sign_in_name("BOB")).is_ok(), "case does not matter");
}

#[test]
fn what_was_not_read_to_its_end_proves_nothing_absent() {
    let story = Story::small();
    let files: Vec<_> = story.saved_files().into_iter().filter(|file| !file.name.contains("list-users")).collect();
    let audited = crate::support::audited::Audited::from(&files, &story.expected_files());
    let why = names::user(&audited.world().snapshot, "nobody").unwrap_err();
    assert!(matches!(why, names::NotFound::Unseen { .. }), "{why:?}");
}
