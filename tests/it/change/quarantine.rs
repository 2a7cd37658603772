//! The time between disabling an IAM user and deleting it.

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::change::record::{How, Record, Recorded, State};
use rollcall::change::request::{OfIamUser, Request};
use rollcall::change::{self, Change, Digest, Guard, Options, Planned, Quarantine};
use rollcall::model::{Ix, Known};

use super::{asked, iam_user, judged_after, kept_here};
use crate::story::Story;
use crate::support::audited::Audited;
use crate::support::read;

const USER: (&str, &str) = ("Acme Development", "svc-backup");

/// The small company, in which IAM users were last used so long ago, or never.
fn used(ago: Option<TimeDelta>) -> Audited {
    kept_here(&Story::small()).with(|world| {
        let as_of = world.stamp.as_of;
        for iam in &mut world.snapshot.iam {
            for number in 0..iam.users.seen().count() {
                let user = &mut iam.users[Ix::new(number)];
                if let Known::Is(credentials) = &mut user.credentials {
                    credentials.last_used = ago.map(|ago| as_of - ago);
                }
            }
        }
    })
}

fn of_user(change: OfIamUser) -> Request {
    iam_user(USER.0, USER.1, change)
}

/// What applying a plan did that had this change.
fn record(planned: Planned, at: DateTime<Utc>, state: State) -> Record {
    let plan = change::read(read("tests/data/change/every-kind.json").as_bytes()).unwrap();
    let (sent, before, after) = (Vec::new(), None, None);
    let changes = vec![Recorded { planned, state, at: Some(at), by: None, sent, before, after }];
    Record { plan, digest: Digest::of(b"plan"), rounds: Vec::new(), changes, entries: 1, until: at, stopped: None }
}

/// What holds the deletion of the user, where these changes of it were made before, each so long ago.
fn held(audited: &Audited, before: &[(OfIamUser, TimeDelta, State)], at_once: bool) -> Vec<Guard> {
    let report = audited.report();
    let now = report.world.stamp.as_of;
    let records: Vec<Record> = before
        .iter()
        .map(|(change, ago, state)| record(asked(&report, &[of_user(change.clone())]).remove(0), now - *ago, *state))
        .collect();
    let deletion = asked(&report, &[of_user(OfIamUser::Delete { at_once })]);
    assert!(matches!(deletion[0].change, Change::DeleteIamUser { .. }));
    let quarantine = Quarantine::of(&records, now);
    let held = judged_after(&report, &deletion, &Options::default(), &quarantine).held;
    held.into_iter().filter(|guard| matches!(guard, Guard::Quarantine { .. })).collect()
}

const DONE: State = State::Done(How::Seen);

#[test]
fn a_user_is_deleted_only_when_its_quarantine_is_over_or_at_once() {
    let audited = used(None);
    let disabled = |ago| [(OfIamUser::Disable, ago, DONE)];
    let days = TimeDelta::days;
    assert!(matches!(&held(&audited, &[], false)[..], [Guard::Quarantine { disabled: None, from: None, .. }]));
    assert_eq!(held(&audited, &[], true), []);
    assert_eq!(held(&audited, &disabled(days(14)), false), []);
    let now = audited.report().world.stamp.as_of;
    let almost = days(14) - TimeDelta::seconds(1);
    let [Guard::Quarantine { disabled: Some(at), from: Some(from), .. }] = held(&audited, &disabled(almost), false)[..]
    else {
        panic!("it is held");
    };
    assert_eq!((now - at, from - now), (almost, TimeDelta::seconds(1)));
    assert_eq!(held(&audited, &[(OfIamUser::Disable, days(15), State::Open)], false).len(), 1, "not known to be done");
}

#[test]
fn the_quarantine_begins_anew_where_the_user_was_enabled_or_used_in_between() {
    let audited = used(None);
    let (days, key) = (TimeDelta::days, "AKIA0000000000000001".to_owned());
    for enabled in [OfIamUser::Enable(vec![key.clone()]), OfIamUser::ActivateKey(key)] {
        let enabled = [(OfIamUser::Disable, days(40), DONE), (enabled, days(30), DONE)];
        assert_eq!(held(&audited, &enabled, false).len(), 1);
        let again = [&enabled[..], &[(OfIamUser::Disable, days(20), DONE)]].concat();
        assert_eq!(held(&audited, &again, false), []);
    }
    let twice = [(OfIamUser::Disable, days(20), DONE), (OfIamUser::Disable, days(1), DONE)];
    assert_eq!(held(&audited, &twice, false), [], "it stayed disabled");
    let used = used(Some(days(3)));
    assert_eq!(held(&used, &[(OfIamUser::Disable, days(20), DONE)], false).len(), 1);
}
