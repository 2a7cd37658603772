//! An upgrade alerts nobody anew: gaps are known again by the keys that earlier versions of Rollcall gave them.

use std::collections::BTreeSet;
use std::sync::Arc;

use rollcall::alert::{Told, news};
use rollcall::model::{Gap, Hides, Severity, Side, Unseen, What, Why};
use rollcall::render;
use rollcall::wording::old_gap_key;

use crate::story::Story;
use crate::support::audited::Audited;

/// What a build with format version 1 wrote of the sample organization.
const BEFORE: &[u8] = include_bytes!("../../data/earlier/report-1.json");

fn sample() -> Audited {
    let story = Story::sample();
    Audited::from(&story.sample_aws(), &story.sample_lists())
}

#[test]
fn a_gap_that_was_told_by_the_format_before_is_no_news_after_an_upgrade() {
    let earlier = render::earlier(BEFORE, "abc").expect("a report of format version 1 is read");
    let told = Told { gaps: earlier.gaps.clone(), ..Told::default() };
    let audited = sample().with(|world| world.earlier = Some(earlier));
    let report = audited.report();
    let hiding: BTreeSet<String> =
        report.gaps.iter().filter(|gap| gap.hides == Hides::Grants).map(|gap| gap.key()).collect();
    assert!(hiding.len() > 2, "{hiding:#?}");
    let news = news(&report, Some(&told), Severity::Info).expect("nobody was told of the findings");
    assert_eq!(news.gaps, Vec::<&Arc<Gap>>::new());
    assert_eq!(news.then_told.gaps, hiding, "the next run knows them by the keys of today");
}

#[test]
fn a_gap_that_was_not_told_before_is_news_after_an_upgrade() {
    let mut earlier = render::earlier(BEFORE, "abc").expect("a report of format version 1 is read");
    let lost = earlier.gaps.pop_first().expect("the sample has gaps");
    let told = Told { gaps: earlier.gaps.clone(), ..Told::default() };
    let audited = sample().with(|world| world.earlier = Some(earlier));
    let report = audited.report();
    let news = news(&report, Some(&told), Severity::Info).expect("one gap is new");
    assert_eq!(news.gaps.iter().map(|gap| old_gap_key(gap)).collect::<Vec<_>>(), [lost]);
}

fn gap(what: What) -> Gap {
    let unseen = what.of("x`y").in_account("111122223333".parse().unwrap()).number(3).out_of(7);
    Gap {
        side: Side::Aws,
        source: "a:B".to_owned(),
        account: Some("111122223333".parse().unwrap()),
        unseen,
        why: Why::NotAsked,
        hides: Hides::Grants,
    }
}

#[test]
fn the_keys_of_the_format_before_never_change() {
    let keys: Vec<String> = What::ALL.iter().map(|what| old_gap_key(&gap(*what))).collect();
    insta::assert_snapshot!(keys.join("\n"), @"
    a:B in 111122223333: the caller's account (not-asked)
    a:B in 111122223333: accounts of the organization (not-asked)
    a:B in 111122223333: name of the unit `xʼy` (not-asked)
    a:B in 111122223333: the Identity Center instance, and with it users, groups and assignments (not-asked)
    a:B in 111122223333: instance (not-asked)
    a:B in 111122223333: users, groups and assignments of another Identity Center instance, `xʼy` (`aws.instance_arn` chooses one) (not-asked)
    a:B in 111122223333: users (not-asked)
    a:B in 111122223333: the user with the id `xʼy` (not-asked)
    a:B in 111122223333: whether there is a user `xʼy` (not-asked)
    a:B in 111122223333: users by their ids: `xʼy` and 3 more (not-asked)
    a:B in 111122223333: users that hold something and are not listed: `xʼy` and 3 more (not-asked)
    a:B in 111122223333: each user that holds nothing: no name was given to ask for (not-asked)
    a:B in 111122223333: each user that holds nothing and was not asked for by name (not-asked)
    a:B in 111122223333: each user that a list expects, that holds nothing and was not asked for by name (not-asked)
    a:B in 111122223333: groups (not-asked)
    a:B in 111122223333: the group with the id `xʼy` (not-asked)
    a:B in 111122223333: whether there is a group `xʼy` (not-asked)
    a:B in 111122223333: groups by their ids: `xʼy` and 3 more (not-asked)
    a:B in 111122223333: groups that hold something and are not listed: `xʼy` and 3 more (not-asked)
    a:B in 111122223333: each group that holds nothing: no name was given to ask for (not-asked)
    a:B in 111122223333: each group that holds nothing and was not asked for by name (not-asked)
    a:B in 111122223333: each group that a list expects, that holds nothing and was not asked for by name (not-asked)
    a:B in 111122223333: members of `xʼy` (not-asked)
    a:B in 111122223333: groups of `xʼy` (not-asked)
    a:B in 111122223333: memberships by a second way, for 3 of 7 users (not-asked)
    a:B in 111122223333: memberships by a second way, for 3 of 7 groups (not-asked)
    a:B in 111122223333: permission sets and their assignments (not-asked)
    a:B in 111122223333: name of `xʼy` (not-asked)
    a:B in 111122223333: AWS-managed policies of `xʼy` (not-asked)
    a:B in 111122223333: customer-managed policies of `xʼy` (not-asked)
    a:B in 111122223333: inline policy of `xʼy` (not-asked)
    a:B in 111122223333: boundary of `xʼy` (not-asked)
    a:B in 111122223333: accounts and assignments of `xʼy` (not-asked)
    a:B in 111122223333: accounts in which an older version of `xʼy` is in force (not-asked)
    a:B in 111122223333: permission sets and assignments in 111122223333 (not-asked)
    a:B in 111122223333: permission sets of which an older version is in force in 111122223333 (not-asked)
    a:B in 111122223333: assignments of `xʼy` in 111122223333 (not-asked)
    a:B in 111122223333: an assignment of `xʼy` (not-asked)
    a:B in 111122223333: assignments of `xʼy` (not-asked)
    a:B in 111122223333: assignments by a second way, for 3 of 7 users and groups (not-asked)
    a:B in 111122223333: applications and who is assigned to them (not-asked)
    a:B in 111122223333: assignments of application `xʼy` (not-asked)
    a:B in 111122223333: whether application `xʼy` is open to everyone (not-asked)
    a:B in 111122223333: entitlements to IAM roles by account access manager (not-asked)
    a:B in 111122223333: entitlements to IAM roles in 111122223333 (not-asked)
    a:B in 111122223333: IAM users and roles of 111122223333 (not-asked)
    a:B in 111122223333: some IAM users of 111122223333 (not-asked)
    a:B in 111122223333: some IAM users or groups of 111122223333 (not-asked)
    a:B in 111122223333: some IAM roles of 111122223333 (not-asked)
    a:B in 111122223333: some IAM policies of 111122223333 (not-asked)
    a:B in 111122223333: IAM roles of 111122223333, and whom they trust (not-asked)
    a:B in 111122223333: policies of the IAM group `xʼy` in 111122223333 (not-asked)
    a:B in 111122223333: whom the role `xʼy` of 111122223333 trusts (not-asked)
    a:B in 111122223333: how many IAM users and groups there are in 111122223333, and the state of the root user (not-asked)
    a:B in 111122223333: whether the root user of 111122223333 has an access key (not-asked)
    a:B in 111122223333: whether the root user of 111122223333 has a signing certificate (not-asked)
    a:B in 111122223333: whether the root user of 111122223333 can sign in with a password alone (not-asked)
    a:B in 111122223333: passwords, keys and second factors of IAM users of 111122223333 (not-asked)
    a:B in 111122223333: passwords, keys and second factors of `xʼy` and 3 more in 111122223333 (not-asked)
    a:B in 111122223333: credentials of users who are younger than the report (not-asked)
    a:B in 111122223333: a credential report of 111122223333 that is made for this run (not-asked)
    a:B in 111122223333: second factors in 111122223333 that are younger than the credential report (not-asked)
    a:B in 111122223333: passwords and API keys of IAM users of 111122223333 for single services (not-asked)
    a:B in 111122223333: IAM users of an account outside the scope of this run (not-asked)
    a:B in 111122223333: IAM of an account that the organization does not list (not-asked)
    a:B in 111122223333: what the role `xʼy` allows (not-asked)
    a:B in 111122223333: what the IAM user `xʼy` allows (not-asked)
    a:B in 111122223333: what the permission set `xʼy` allows (not-asked)
    a:B in 111122223333: whether the role `xʼy` is administrative (not-asked)
    a:B in 111122223333: whether the IAM user `xʼy` is administrative (not-asked)
    a:B in 111122223333: whether the permission set `xʼy` is administrative (not-asked)
    a:B in 111122223333: what AWS changed between the first of its answers and the last (not-asked)
    a:B in 111122223333: what became administrative, and which lists are gone, since the earlier run of the job (not-asked)
    a:B in 111122223333: memberships that depend on whether nested groups count (not-asked)
    a:B in 111122223333: who the users of Identity Center are that match nobody (not-asked)
    a:B in 111122223333: who the user `xʼy` is (not-asked)
    a:B in 111122223333: which group `xʼy` is (not-asked)
    a:B in 111122223333: which accounts the leavers of the list have (not-asked)
    a:B in 111122223333: which users of Identity Center the people of the list are (not-asked)
    a:B in 111122223333: which account the leaver `xʼy` has (not-asked)
    a:B in 111122223333: what the directory did after the export (not-asked)
    a:B in 111122223333: whom a row means by `xʼy` (not-asked)
    a:B in 111122223333: which application a row means by `xʼy` (not-asked)
    a:B in 111122223333: which accounts a row means (not-asked)
    a:B in 111122223333: what a refused row expects (not-asked)
    a:B in 111122223333: people (not-asked)
    a:B in 111122223333: all users (not-asked)
    a:B in 111122223333: all groups (not-asked)
    a:B in 111122223333: groups that are in other groups (not-asked)
    a:B in 111122223333: expected assignments (not-asked)
    a:B in 111122223333: expected application assignments (not-asked)
    a:B in 111122223333: expected entitlements (not-asked)
    a:B in 111122223333: expected permission sets (not-asked)
    a:B in 111122223333: expected IAM users (not-asked)
    a:B in 111122223333: expected trusts (not-asked)
    a:B in 111122223333: whether people are still there (not-asked)
    a:B in 111122223333: whether 3 people have left (`xʼy`) (not-asked)
    a:B in 111122223333: groups in `xʼy` (not-asked)
    a:B in 111122223333: groups in `xʼy` of line 3 (not-asked)
    a:B in 111122223333: a group in `xʼy` (not-asked)
    a:B in 111122223333: groups of the account in line 3 (not-asked)
    a:B in 111122223333: the groups of each user (`xʼy`) (not-asked)
    a:B in 111122223333: the members of each group (`xʼy`) (not-asked)
    a:B in 111122223333: the groups of `xʼy` (not-asked)
    a:B in 111122223333: x`y (not-asked)
    ");
}

#[test]
fn keys_are_of_machine_words_and_tell_everything_apart() {
    let words = What::ALL.iter().map(|what| what.word());
    let plain = |word: &str| word.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-');
    assert!(words.clone().all(plain), "{:#?}", words.collect::<Vec<_>>());
    let keys: BTreeSet<String> = What::ALL.iter().map(|what| gap(*what).key()).collect();
    assert_eq!(keys.len(), What::ALL.len());
    let of = |unseen: Unseen| Gap { unseen, account: None, ..gap(What::Members) }.key();
    let told = [
        of(What::People.into()),
        of(What::Members.of("a")),
        of(What::Members.of("b")),
        of(What::UsersUnlisted.of("a").number(2)),
        of(What::SetsOfAccount.in_account("111122223333".parse().unwrap())),
    ];
    assert_eq!(
        told,
        [
            "a:B/people/not-asked",
            "a:B/members/not-asked/a",
            "a:B/members/not-asked/b",
            "a:B/users-unlisted/not-asked/a+2",
            "a:B/sets-of-account:111122223333/not-asked",
        ]
    );
}
