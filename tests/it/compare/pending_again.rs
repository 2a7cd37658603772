//! A change of the directory excuses a difference once: what an earlier run of the job showed longer ago than the grace is
//! a finding, although the directory changes the account every night.

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::model::{Earlier, ExternalId, Group, Interner, Listing, Made, User, Window, World};
use rollcall::wording;

use crate::story::{AS_OF, File, Story};
use crate::support::audited::{Audited, left_by};

const SYNC: &str = "scim-1f2e3d";
const HOUR: TimeDelta = TimeDelta::hours(1);
const DAY: TimeDelta = TimeDelta::days(1);
const LEAVER: [&str; 1] = ["leaver-with-access"];

fn now() -> DateTime<Utc> {
    AS_OF.parse().expect("an instant")
}

/// Dave has a group of his own.
fn company() -> Story {
    let mut story = Story::small();
    story.group("AWS-Others").hire("dave", &["AWS-Others"]);
    story
}

fn departure() -> Story {
    let mut story = company();
    story.leaves("dave");
    story
}

/// What a run of a job sees.
struct Run<'s> {
    story: &'s Story,
    at: DateTime<Utc>,
    /// How long before the run the directory changed every account and group.
    changed_before: TimeDelta,
    /// Whether AWS refused to list users.
    blind: bool,
}

impl<'s> Run<'s> {
    /// A run of which the directory changed everything five minutes before.
    fn of(story: &'s Story, at: DateTime<Utc>) -> Self {
        Run { story, at, changed_before: TimeDelta::minutes(5), blind: false }
    }

    /// The run as it follows an earlier one.
    fn after(&self, earlier: Option<Earlier>) -> Audited {
        let mut saved = self.story.saved_files();
        if self.blind {
            without_users(&mut saved);
        }
        Audited::from(&saved, &self.story.expected_files()).with(|world| {
            world.earlier = earlier;
            world.stamp.as_of = self.at;
            world.snapshot.window = Some(Window { from: self.at, to: self.at });
            synchronized(world, self.at - self.changed_before);
        })
    }
}

fn without_users(saved: &mut [File]) {
    let calls = saved.iter_mut().find(|file| file.name == "calls.jsonl").expect("the calls");
    calls.text = calls.text.lines().filter(|line| !line.contains("list-users")).collect::<Vec<_>>().join("\n");
}

/// The synchronization made everything long ago, and the directory changed every account and group at this instant.
fn synchronized(world: &mut World, changed: DateTime<Utc>) {
    let mut makers = Interner::default();
    let by = makers.intern(SYNC);
    world.snapshot.makers = makers.texts().map(str::to_owned).collect();
    let ids = vec![ExternalId { issuer: "https://scim.aws.com/x".to_owned(), id: "00g".to_owned() }];
    each(&mut world.snapshot.groups, |group: &mut Group| {
        (group.external_ids, group.created_by) = (ids.clone(), Some(SYNC.to_owned()));
        let members = group.members.seen();
        group.made = members.filter_map(|&user| Some((user, Made::of(Some(now() - DAY * 9), Some(by))?))).collect();
    });
    each(&mut world.snapshot.users, |user: &mut User| {
        (user.external_ids, user.created_by) = (ids.clone(), Some(SYNC.to_owned()));
    });
    each(&mut world.expectation.groups, |group| group.changed = Some(changed));
    each(&mut world.expectation.people, |person| {
        person.changed = Some(changed);
        person.statements.iter_mut().for_each(|said| said.ended = Some(changed));
    });
}

fn each<T: Clone>(listing: &mut Listing<T>, change: impl FnMut(&mut T)) {
    let mut all: Vec<T> = listing.seen().cloned().collect();
    all.iter_mut().for_each(change);
    *listing = Listing::by_key(all, listing.extent().clone(), |_| ());
}

/// What each of these runs of one job finds.
fn found_by(runs: &[Run<'_>]) -> Vec<Vec<&'static str>> {
    let mut earlier = None;
    let found = runs.iter().map(|run| {
        let audited = run.after(earlier.take());
        earlier = Some(left_by(&audited.report()));
        audited.rules()
    });
    found.collect()
}

#[test]
fn a_leaver_whose_account_changes_every_night_waits_once() {
    let story = departure();
    let runs: Vec<Run<'_>> = (0..4).map(|day| Run::of(&story, now() + DAY * day)).collect();
    let found = found_by(&runs);
    assert_eq!(found[0], Vec::<&str>::new(), "the synchronization may not have been there yet");
    assert_eq!(found[1..], [LEAVER, LEAVER, LEAVER]);
}

#[test]
fn a_difference_waits_for_the_grace_and_never_again() {
    let story = departure();
    let runs: Vec<Run<'_>> = (0..9).map(|hour| Run::of(&story, now() + HOUR * hour)).collect();
    let found: Vec<usize> = found_by(&runs).iter().map(Vec::len).collect();
    assert_eq!(found, [0, 0, 0, 0, 1, 1, 1, 1, 1]);
}

#[test]
fn a_finding_does_not_become_pending_by_a_later_change() {
    let story = departure();
    let known = Run { changed_before: DAY, ..Run::of(&story, now()) };
    assert_eq!(found_by(&[known, Run::of(&story, now() + DAY)]), [LEAVER, LEAVER]);
}

#[test]
fn a_gap_does_not_make_a_difference_wait_once_more() {
    let story = departure();
    let blind = Run { blind: true, ..Run::of(&story, now() + DAY) };
    let found = found_by(&[Run::of(&story, now()), blind, Run::of(&story, now() + DAY * 2)]);
    assert_eq!(found[2], LEAVER);
}

#[test]
fn who_came_back_and_left_again_waits_again() {
    let (departure, company) = (departure(), company());
    let runs = [
        Run::of(&departure, now()),
        Run { changed_before: DAY, ..Run::of(&company, now() + DAY) },
        Run::of(&departure, now() + DAY * 2),
    ];
    assert_eq!(found_by(&runs), [[""; 0]; 3]);
}

#[test]
fn a_membership_and_a_missing_user_wait_once_too() {
    let mut moved = company();
    moved.aws_member("AWS-Readers", "dave");
    let mut new = company();
    new.aws_user_gone("dave");
    let mut lost = company();
    lost.aws_member_gone("AWS-Others", "dave");
    for (story, rule) in [(moved, "unexpected-membership"), (new, "missing-user"), (lost, "missing-membership")] {
        let found = found_by(&[Run::of(&story, now()), Run::of(&story, now() + DAY)]);
        assert_eq!(found, [vec![], vec![rule]]);
    }
}

#[test]
fn the_finding_says_since_when_it_waited() {
    let story = departure();
    let first = Run::of(&story, now()).after(None);
    let second = Run::of(&story, now() + DAY).after(Some(left_by(&first.report())));
    let report = second.report();
    let finding = report.open().next().expect("a finding");
    let said: Vec<String> = finding.evidence.iter().map(|one| wording::evidence(report.world, one)).collect();
    let wanted = "Was pending in the run of 2026-11-20 08:00:00 UTC already: the synchronization has had longer than \
                  `expect.sync_grace` since";
    assert!(said.iter().any(|one| one == wanted), "{said:?}");
}
