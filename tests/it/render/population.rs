//! `population.csv`: each row names the findings about whoever it is about, and about the way that it shows.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::render;

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
