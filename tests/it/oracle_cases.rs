//! Small random companies for the oracle: any directory against any Identity Center, and what could not be seen of them.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::story::{Assignment, File, IamRow, Principal, Story, call_line, group, guid, sign_in_name, user};
use crate::support::audited::Audited;

pub const NAMES: [&str; 6] = ["ada", "ben", "cleo", "dan", "eve", "finn"];
const GROUPS: [&str; 4] = ["AWS-Admins", "AWS-Readers", "AWS-Billing", "AWS-Ops"];
pub const SETS: [&str; 3] = ["Admin", "ReadOnly", "Audit"];
const ACCOUNTS: [&str; 3] = ["management", "prod", "dev"];
const POLICIES: [&str; 3] = ["ReadOnlyAccess", "AdministratorAccess", "SecurityAudit"];

/// A company, and what is wrong with the view of it.
#[derive(Debug, Clone)]
pub struct Case {
    pub story: Story,
    /// The list of the groups' members was not exported.
    pub no_members_list: bool,
    /// The roster of Identity Center's users was denied.
    pub users_denied: bool,
    /// The members of this group were denied.
    pub group_denied: Option<&'static str>,
    /// IAM of this account was denied.
    pub iam_denied: Option<&'static str>,
    /// A row for this group and permission set has no account.
    pub refused: Option<(&'static str, &'static str)>,
}

fn of<const N: usize>(names: [&'static str; N]) -> impl Strategy<Value = &'static str> {
    (0..N).prop_map(move |number| names[number])
}

fn maybe<T: std::fmt::Debug + Clone>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    (strategy, 0..4_u8).prop_map(|(value, dice)| (dice == 0).then_some(value))
}

fn principal() -> impl Strategy<Value = Principal> {
    (any::<bool>(), of(GROUPS), of(NAMES))
        .prop_map(|(is_group, one, name)| if is_group { group(one) } else { user(name) })
}

fn grants() -> impl Strategy<Value = BTreeSet<Assignment>> {
    let grant = (principal(), of(SETS), of(ACCOUNTS)).prop_map(|(principal, set, account)| Assignment {
        principal,
        permission_set: set.to_owned(),
        account: account.to_owned(),
    });
    proptest::collection::btree_set(grant, 0..10)
}

fn stories() -> impl Strategy<Value = Story> {
    let directory = (
        proptest::collection::btree_map(of(NAMES), any::<bool>(), 0..6),
        proptest::collection::btree_set(of(GROUPS), 0..4),
        proptest::collection::vec((of(GROUPS), of(NAMES)), 0..10),
        proptest::collection::vec((of(GROUPS), of(GROUPS)), 0..5),
    );
    let aws = (
        proptest::collection::btree_set(of(NAMES), 0..6),
        proptest::collection::btree_set(of(GROUPS), 0..4),
        proptest::collection::vec((of(GROUPS), of(NAMES)), 0..12),
        grants(),
    );
    let iam_row =
        ((of(ACCOUNTS), of(["svc-a", "svc-b"])), proptest::collection::btree_set(of(POLICIES), 0..3), of(NAMES));
    let iam_user = ((of(ACCOUNTS), of(["svc-a", "svc-b"])), proptest::collection::btree_set(of(POLICIES), 0..3));
    let iam = (maybe(Just(())), proptest::collection::vec(iam_row, 0..4), proptest::collection::vec(iam_user, 0..4));
    (directory, aws, (maybe(Just(())), grants(), any::<bool>()), iam).prop_map(|(directory, aws, rows, iam)| {
        let mut story = Story::company();
        story.directory_person("zoe").stranger("zoe");
        let (people, groups, members, nestings) = directory;
        for (name, enabled) in people {
            story.directory_person(name).directory.people.get_mut(name).unwrap().enabled = enabled;
        }
        // A list of members says nothing of a group without any.
        for name in groups {
            story.directory.groups.entry(name.to_owned()).or_default().people.insert("zoe".to_owned());
        }
        for (name, member) in members {
            if story.directory.people.contains_key(member)
                && let Some(group) = story.directory.groups.get_mut(name)
            {
                group.people.insert(member.to_owned());
            }
        }
        for (inner, outer) in nestings {
            if story.directory.groups.contains_key(inner)
                && let Some(outer) = story.directory.groups.get_mut(outer)
            {
                outer.groups.insert(inner.to_owned());
            }
        }
        let (users, groups, members, assignments) = aws;
        for name in users {
            story.stranger(name);
        }
        for name in groups {
            story.aws_group(name);
        }
        for (name, member) in members {
            if story.aws.users.contains_key(member)
                && let Some(group) = story.aws.groups.get_mut(name)
            {
                group.insert(member.to_owned());
            }
        }
        let (unlisted, expected, alike) = rows;
        story.aws.assignments = assignments.into_iter().filter(|grant| exists(&story, &grant.principal)).collect();
        let mut listed = expected;
        if alike {
            listed.extend(story.aws.assignments.iter().cloned());
        }
        story.lists.assignments = unlisted.is_none().then_some(listed);
        let (unlisted, rows, users) = iam;
        for ((account, name), policies) in users {
            story.aws_iam_user(account, name, &policies.into_iter().collect::<Vec<_>>());
        }
        let row = |policies: BTreeSet<&str>, owner: &str| IamRow {
            policies: policies.into_iter().map(str::to_owned).collect(),
            owner: sign_in_name(owner),
        };
        let rows = rows
            .into_iter()
            .map(|((account, name), policies, owner)| ((account.to_owned(), name.to_owned()), row(policies, owner)));
        story.lists.iam_users = unlisted.is_none().then(|| rows.collect());
        story
    })
}

fn exists(story: &Story, principal: &Principal) -> bool {
    match principal {
        Principal::Group(name) => story.aws.groups.contains_key(name),
        Principal::User(name) => story.aws.users.contains_key(name),
    }
}

pub fn cases() -> impl Strategy<Value = Case> {
    let blind = (maybe(Just(())), maybe(Just(())), maybe(of(GROUPS)), maybe(of(ACCOUNTS)));
    (stories(), blind, maybe((of(GROUPS), of(SETS)))).prop_map(|(story, blind, refused)| Case {
        no_members_list: blind.0.is_some() || story.directory.groups.is_empty(),
        users_denied: blind.1.is_some(),
        group_denied: blind.2.filter(|group| story.aws.groups.contains_key(*group)),
        iam_denied: blind.3,
        refused: refused.filter(|_| story.lists.assignments.is_some()),
        story,
    })
}

/// The case, audited as the program audits files.
pub fn audited(case: &Case) -> Audited {
    let mut saved = case.story.saved_files();
    let calls = saved.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let denied_group = case.group_denied.map(|name| guid("group", name));
    let denied_account = case.iam_denied.map(|key| case.story.aws.accounts[key].id.clone());
    let lines = calls.text.lines().map(|line| {
        let call: serde_json::Value = serde_json::from_str(line).unwrap();
        let command = call["command"].as_str().unwrap_or_default();
        let is_denied = match command {
            "identitystore list-users" => case.users_denied,
            "identitystore list-group-memberships" => call["parameters"]["GroupId"].as_str() == denied_group.as_deref(),
            _ => command.starts_with("iam ") && call["account"].as_str() == denied_account.as_deref(),
        };
        if is_denied && (denied_group.is_some() || command != "identitystore list-group-memberships") {
            return call_line(command, &call["parameters"], call["account"].as_str(), 254, "denied.json");
        }
        line.to_owned()
    });
    calls.text = lines.collect::<Vec<_>>().join("\n") + "\n";
    let text = "An error occurred (AccessDeniedException) when calling the operation: no".to_owned();
    saved.push(File { name: "denied.json.err".to_owned(), text });
    let mut lists = case.story.expected_files();
    if case.no_members_list {
        lists.retain(|(name, _)| !name.contains("members"));
    }
    if let (Some((principal, set)), Some((_, text))) =
        (case.refused, lists.iter_mut().find(|(name, _)| name == "assignments.csv"))
    {
        text.push_str(&format!("group,{principal},,{set}\n"));
    }
    Audited::from(&saved, &lists)
}
