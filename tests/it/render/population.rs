//! `population.csv`: each row names the findings about whoever it is about, and about the way that it shows.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::model::{Expires, IamRole, Listing, Person};
use rollcall::render;

use crate::compare::trusts::story_of_reserved;
use crate::story::{Story, group};
use crate::support::audited::Audited;

/// By user and entitlement: the rules of the findings that its rows name.
fn named(story: &Story) -> BTreeMap<(String, String), BTreeSet<&'static str>> {
    let audited = Audited::of(story);
    let report = audited.report();
    let mut bytes = Vec::new();
    render::population_csv(&report, &mut bytes).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap());
    let rule = |id: &str| report.findings.iter().find(|one| one.fingerprint.as_str() == id).unwrap().rule.0;
    let mut named: BTreeMap<(String, String), BTreeSet<&'static str>> = BTreeMap::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        let user = row["user_name"].split('@').next().unwrap().to_owned();
        let rules = row["findings"].split_whitespace().map(rule);
        named.entry((user, row["entitlement"].clone())).or_default().extend(rules);
    }
    named
}

fn rules(story: &Story, user: &str, entitlement: &str) -> Vec<&'static str> {
    named(story)[&(user.to_owned(), entitlement.to_owned())].iter().copied().collect()
}

#[test]
fn who_should_not_be_in_a_group_is_a_finding_of_their_own_rows_and_of_nobody_elses() {
    let mut story = Story::small();
    story.aws_member("AWS-Admins", "carol");
    assert_eq!(rules(&story, "carol", "Admin"), ["unexpected-membership"]);
    assert_eq!(
        rules(&story, "carol", "ReadOnly"),
        Vec::<&str>::new(),
        "what she has by another group is as it should be"
    );
    assert_eq!(rules(&story, "alice", "Admin"), Vec::<&str>::new(), "the same group, and she belongs there");
}

#[test]
fn strangers_and_leavers_are_findings_of_all_of_their_rows_and_of_nobody_elses() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Readers", "mallory").leaves("bob");
    assert_eq!(rules(&story, "mallory", "ReadOnly"), ["unexpected-user"]);
    assert_eq!(rules(&story, "bob", "ReadOnly"), ["leaver-with-access"]);
    assert_eq!(rules(&story, "carol", "ReadOnly"), Vec::<&str>::new());
}

#[test]
fn what_is_wrong_with_a_group_or_its_assignment_is_a_finding_of_everyone_whom_it_reaches() {
    let mut story = Story::small();
    story.aws_grant(group("AWS-Readers"), "Audit", "prod");
    story.aws_group("Temp").aws_member("Temp", "carol").aws_member("Temp", "alice").aws_grant(
        group("Temp"),
        "Audit",
        "dev",
    );
    for name in ["bob", "carol"] {
        assert!(rules(&story, name, "Audit").contains(&"unexpected-assignment"), "{name}");
        assert_eq!(rules(&story, name, "ReadOnly"), Vec::<&str>::new(), "{name}");
    }
    for name in ["alice", "carol"] {
        assert!(rules(&story, name, "Audit").contains(&"unexpected-group"), "{name}");
    }
    assert!(!rules(&story, "bob", "Audit").contains(&"unexpected-group"));

    story.approve_permission_sets().permission_set_grows("ReadOnly", r#"{"Statement": []}"#);
    assert_eq!(rules(&story, "bob", "ReadOnly"), ["differing-permission-set"]);
    assert_eq!(rules(&story, "alice", "Admin"), Vec::<&str>::new());
}

/// The rows of the population of a world that was changed like this.
fn rows_of(audited: &Audited) -> Vec<BTreeMap<String, String>> {
    let mut bytes = Vec::new();
    render::population_csv(&audited.report(), &mut bytes).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap());
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn a_row_says_whether_the_person_is_still_there_and_by_which_day_they_leave() {
    let mut story = Story::small();
    story.leaves("bob").stranger("mallory");
    let last: chrono::DateTime<chrono::Utc> = "2026-12-24T17:00:00Z".parse().unwrap();
    let audited = Audited::of(&story).with(|world| {
        let mut people: Vec<Person> = world.expectation.people.seen().cloned().collect();
        for person in people.iter_mut().filter(|person| person.sam.as_deref() == Some("carol")) {
            person.expires = Expires::At(last);
            person.employee_ids = vec!["4711".to_owned()];
        }
        world.expectation.people = Listing::by_key(people, world.expectation.people.extent().clone(), |_| ());
    });
    let rows = rows_of(&audited);
    let of = |user: &str, column: &str| {
        let row = rows.iter().find(|row| row["user_name"].starts_with(user)).unwrap();
        row[column].clone()
    };
    assert_eq!((of("bob", "person_state"), of("alice", "person_state")), ("left".to_owned(), "current".to_owned()));
    assert_eq!(of("mallory", "person_state"), "", "no list knows the person");
    assert_eq!((of("carol", "leaves_on"), of("alice", "leaves_on")), ("2026-12-24".to_owned(), String::new()));
    assert_eq!(of("carol", "employee_id"), "4711");
}

#[test]
fn a_permission_set_has_its_last_use_in_that_account_and_nothing_where_aws_does_not_say() {
    let used: chrono::DateTime<chrono::Utc> = "2026-11-18T06:12:00Z".parse().unwrap();
    let audited = Audited::of(&story_of_reserved("ReadOnly", "ReadOnlyAccess")).with(|world| {
        for account in &mut world.snapshot.iam {
            let mut roles: Vec<IamRole> = account.roles.seen().cloned().collect();
            roles.iter_mut().for_each(|role| role.last_used = Some(used));
            account.roles = Listing::by_key(roles, account.roles.extent().clone(), |_| ());
        }
    });
    let rows = rows_of(&audited);
    let (known, unknown): (Vec<_>, Vec<_>) = rows
        .iter()
        .filter(|row| row["entitlement_type"] == "permission-set")
        .partition(|row| row["entitlement"] == "ReadOnly" && row["account_id"] == "222233334444");
    assert!(!known.is_empty() && !unknown.is_empty());
    assert!(known.iter().all(|row| row["entitlement_last_used"] == "2026-11-18 06:12:00 UTC"), "{known:?}");
    assert!(unknown.iter().all(|row| row["entitlement_last_used"].is_empty()), "{unknown:?}");
}
