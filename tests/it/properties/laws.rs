//! Laws that hold for every company.

use proptest::prelude::*;

use crate::story::{Story, group, user};
use crate::support::audited::Audited;

const NAMES: [&str; 8] = ["ada", "ben", "cleo", "dan", "eve", "finn", "gus", "hana"];
const GROUPS: [&str; 4] = ["AWS-Admins", "AWS-Readers", "AWS-Billing", "AWS-Ops"];
const SETS: [&str; 3] = ["Admin", "ReadOnly", "Audit"];
const ACCOUNTS: [&str; 3] = ["management", "prod", "dev"];

/// A company in order: people in groups, groups in one another, assignments and IAM users that the lists expect.
pub fn companies() -> impl Strategy<Value = Story> {
    let memberships = proptest::collection::vec((0..NAMES.len(), 0..GROUPS.len()), 0..16);
    let nestings = proptest::collection::vec((0..GROUPS.len(), 0..GROUPS.len()), 0..3);
    let by_group = proptest::collection::vec((0..GROUPS.len(), 0..SETS.len(), 0..ACCOUNTS.len()), 0..6);
    let by_user = proptest::collection::vec((0..NAMES.len(), 0..SETS.len(), 0..ACCOUNTS.len()), 0..3);
    let iam = proptest::collection::vec((0..ACCOUNTS.len(), 0..NAMES.len()), 0..4);
    (memberships, nestings, by_group, by_user, iam).prop_map(|(memberships, nestings, by_group, by_user, iam)| {
        let mut story = Story::company();
        for group in GROUPS {
            story.group(group);
        }
        for name in NAMES {
            story.hire(name, &[]);
        }
        // A list of members says nothing of a group without any.
        story.hire("zoe", &GROUPS);
        for (name, group) in memberships {
            story.directory_member(GROUPS[group], NAMES[name]).aws_member(GROUPS[group], NAMES[name]);
        }
        // Outer groups come later in the list, and the innermost are nested first, so that there are no cycles and
        // synchronisation adds everyone.
        let mut nestings: Vec<(usize, usize)> = nestings.into_iter().filter(|(inner, outer)| inner < outer).collect();
        nestings.sort_by_key(|&(inner, outer)| (outer, inner));
        for (inner, outer) in nestings {
            story.nest(GROUPS[inner], GROUPS[outer]);
        }
        for (name, set, account) in by_group {
            story.grant(group(GROUPS[name]), SETS[set], ACCOUNTS[account]);
        }
        for (name, set, account) in by_user {
            story.grant(user(NAMES[name]), SETS[set], ACCOUNTS[account]);
        }
        for (account, owner) in iam {
            story.iam_user(ACCOUNTS[account], &format!("svc-{owner}"), &["ReadOnlyAccess"], NAMES[owner]);
        }
        story
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_company_that_is_what_its_lists_say_is_in_order(story in companies()) {
        let audited = Audited::of(&story);
        prop_assert_eq!(audited.titles(), Vec::<String>::new());
        prop_assert!(audited.report().verdict.complete());
    }

    #[test]
    fn one_added_grant_is_exactly_one_finding(
        story in companies(),
        (name, of_group, set, account) in (0..NAMES.len(), 0..GROUPS.len(), 0..SETS.len(), 0..ACCOUNTS.len()),
        to_group in any::<bool>(),
    ) {
        let mut more = story.clone();
        let principal = if to_group { group(GROUPS[of_group]) } else { user(NAMES[name]) };
        more.aws_grant(principal, SETS[set], ACCOUNTS[account]);
        let added = usize::from(more.aws.assignments.len() > story.aws.assignments.len());
        let audited = Audited::of(&more);
        prop_assert_eq!(audited.rules(), vec!["unexpected-assignment"; added]);
    }

    #[test]
    fn one_added_membership_is_exactly_one_finding(
        story in companies(),
        (name, of_group) in (0..NAMES.len(), 0..GROUPS.len()),
    ) {
        let mut more = story.clone();
        more.aws_member(GROUPS[of_group], NAMES[name]);
        let added = usize::from(more.aws.groups[GROUPS[of_group]].len() > story.aws.groups[GROUPS[of_group]].len());
        prop_assert_eq!(Audited::of(&more).rules(), vec!["unexpected-membership"; added]);
    }

    #[test]
    fn a_stranger_is_one_finding_however_much_they_hold(
        story in companies(),
        groups in proptest::collection::btree_set(0..GROUPS.len(), 0..4),
        accounts in proptest::collection::btree_set(0..ACCOUNTS.len(), 0..3),
    ) {
        let mut more = story;
        more.stranger("mallory");
        for group in groups {
            more.aws_member(GROUPS[group], "mallory");
        }
        for account in accounts {
            more.aws_grant(user("mallory"), "Admin", ACCOUNTS[account]);
        }
        prop_assert_eq!(Audited::of(&more).rules(), vec!["unexpected-user"]);
    }

    #[test]
    fn the_order_of_pages_does_not_matter(story in companies(), by in 1_usize..50) {
        let in_order = Audited::of(&story);
        let turned = Audited::with_pages_turned(&story, by);
        prop_assert_eq!(in_order.world(), turned.world());
    }
}
