//! Small random companies for the oracle: any directory against any Identity Center, and what could not be seen of
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::prelude::*;
use rollcall::model::Nesting;

use crate::oracle::applications::{self, Beyond};
use crate::story::{Assignment, File, IamRow, Principal, Story, call_line, group, guid, sign_in_name, user};
use crate::support::audited::Audited;

pub const NAMES: [&str; 6] = ["ada", "ben", "cleo", "dan", "eve", "finn"];
pub const GROUPS: [&str; 4] = ["AWS-Admins", "AWS-Readers", "AWS-Billing", "AWS-Ops"];
pub const SETS: [&str; 3] = ["Admin", "ReadOnly", "Audit"];
pub const ACCOUNTS: [&str; 3] = ["management", "prod", "dev"];
const POLICIES: [&str; 3] = ["ReadOnlyAccess", "AdministratorAccess", "SecurityAudit"];

/// A company, how its lists were written, and what is wrong with the view of it.
#[derive(Debug, Clone)]
pub struct Case {
    pub story: Story,
    /// Members of nested groups do not count.
    pub direct: bool,
    /// The directory is one LDIF file, and not two of CSV.
    pub ldif: Option<Ldif>,
    /// How each row of `assignments.csv` is meant, in the order of the rows, over and over.
    pub rows: Vec<RowState>,
    /// By name: what `permission-sets.csv` says.
    pub sets: Option<BTreeMap<&'static str, SetRow>>,
    pub waivers: Vec<Waiver>,
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
    pub beyond: Beyond,
}

/// What an LDIF file can say besides.
#[derive(Debug, Clone)]
pub struct Ldif {
    /// Only the first members of this group were exported.
    pub truncated: Option<&'static str>,
    /// People and groups that the directory changed two hours before AWS was asked.
    pub young: BTreeSet<&'static str>,
}

/// How a row of a list is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    Required,
    Allowed,
    Until,
    Lapsed,
}

impl RowState {
    /// Whether it misses what is not there.
    pub fn asks(self) -> bool {
        matches!(self, RowState::Required | RowState::Until)
    }

    /// Whether it expects what is there.
    pub fn holds(self) -> bool {
        self != RowState::Lapsed
    }

    /// Its cells under `presence` and `expires`.
    pub fn cells(self) -> &'static str {
        match self {
            RowState::Required => "required,",
            RowState::Allowed => "allowed,",
            RowState::Until => ",2026-11-20",
            RowState::Lapsed => ",2026-11-19",
        }
    }
}

/// A row of `permission-sets.csv`.
#[derive(Debug, Clone, Copy)]
pub struct SetRow {
    pub administrative: Option<bool>,
    /// Whether it has a digest, and the right one.
    pub approved: Option<bool>,
}

#[derive(Debug, Clone)]
pub struct Waiver {
    pub rule: &'static str,
    pub principal: Option<String>,
    /// The account's key.
    pub account: Option<&'static str>,
    pub expired: bool,
}

impl Case {
    /// The rows of `assignments.csv`, and how each is meant.
    pub fn rows(&self) -> Option<BTreeMap<&Assignment, RowState>> {
        let rows = self.story.lists.assignments.as_ref()?;
        Some(rows.iter().zip(self.rows.iter().copied().cycle()).collect())
    }
}

pub fn of<T: std::fmt::Debug + Copy, const N: usize>(all: [T; N]) -> impl Strategy<Value = T> {
    (0..N).prop_map(move |number| all[number])
}

pub fn maybe<T: std::fmt::Debug + Clone>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    (strategy, 0..4_u8).prop_map(|(value, dice)| (dice == 0).then_some(value))
}

pub fn principal() -> impl Strategy<Value = Principal> {
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
            ..IamRow::default()
        };
        let rows = rows
            .into_iter()
            .map(|((account, name), policies, owner)| ((account.to_owned(), name.to_owned()), row(policies, owner)));
        story.lists.iam_users = unlisted.is_none().then(|| rows.collect());
        story
    })
}

pub fn exists(story: &Story, principal: &Principal) -> bool {
    match principal {
        Principal::Group(name) => story.aws.groups.contains_key(name),
        Principal::User(name) => story.aws.users.contains_key(name),
    }
}

fn ldif() -> impl Strategy<Value = Ldif> {
    let changed = of(["ada", "ben", "cleo", "dan", "AWS-Admins", "AWS-Readers", "AWS-Billing", "AWS-Ops"]);
    (maybe(of(GROUPS)), proptest::collection::btree_set(changed, 0..4))
        .prop_map(|(truncated, young)| Ldif { truncated, young })
}

pub fn row_state() -> impl Strategy<Value = RowState> {
    of([RowState::Required, RowState::Required, RowState::Allowed, RowState::Until, RowState::Lapsed])
}

fn sets() -> impl Strategy<Value = BTreeMap<&'static str, SetRow>> {
    let row = (of([None, Some(true), Some(false)]), of([None, Some(true), Some(true), Some(false)]))
        .prop_map(|(administrative, approved)| SetRow { administrative, approved });
    proptest::collection::btree_map(of(["Admin", "ReadOnly", "Audit", "Ghost"]), row, 1..5)
}

fn waivers() -> impl Strategy<Value = Vec<Waiver>> {
    let rules = of([
        "unexpected-user",
        "leaver-with-access",
        "unexpected-membership",
        "missing-membership",
        "unexpected-assignment",
        "unexpected-application",
        "unexpected-entitlement",
        "missing-assignment",
        "unexpected-policy",
    ]);
    let principal = prop_oneof![
        of(NAMES).prop_map(sign_in_name),
        of(GROUPS).prop_map(str::to_owned),
        of(["svc-a", "svc-b"]).prop_map(str::to_owned)
    ];
    let waiver = (rules, proptest::option::of(principal), maybe(of(ACCOUNTS)), maybe(Just(()))).prop_map(
        |(rule, principal, account, expired)| Waiver { rule, principal, account, expired: expired.is_some() },
    );
    proptest::collection::vec(waiver, 0..4)
}

pub fn cases() -> impl Strategy<Value = Case> {
    let blind = (maybe(Just(())), maybe(Just(())), maybe(of(GROUPS)), maybe(of(ACCOUNTS)));
    let written = (
        any::<bool>(),
        proptest::option::of(ldif()),
        proptest::collection::vec(row_state(), 1..8),
        maybe(sets()),
        waivers(),
    );
    let stories = stories().prop_flat_map(applications::beyond);
    (stories, blind, maybe((of(GROUPS), of(SETS))), written).prop_map(|((story, beyond), blind, refused, written)| {
        let (direct, ldif, rows, sets, waivers) = written;
        let no_members_list = blind.0.is_some() || story.directory.groups.is_empty();
        Case {
            direct,
            ldif: ldif.filter(|_| !no_members_list),
            rows,
            sets,
            waivers,
            no_members_list,
            users_denied: blind.1.is_some(),
            group_denied: blind.2.filter(|group| story.aws.groups.contains_key(*group)),
            iam_denied: blind.3,
            refused: refused.filter(|_| story.lists.assignments.is_some()),
            beyond,
            story,
        }
    })
}

/// The directory as one LDIF file.
fn directory_ldif(story: &Story, ldif: &Ldif) -> String {
    let dn = |name: &str| format!("CN={name},OU=Staff,DC=corp,DC=example,DC=com");
    let changed = |name: &str| if ldif.young.contains(name) { "20261120055800.0Z" } else { "20260105090000.0Z" };
    let mut text = String::new();
    for (name, person) in &story.directory.people {
        let (control, id) = (if person.enabled { 512 } else { 514 }, guid("person", name));
        write!(
            text,
            "dn: {}\nobjectClass: user\nobjectGUID: {id}\nsAMAccountName: {name}\nuserPrincipalName: {}\n\
             userAccountControl: {control}\nwhenChanged: {}\n\n",
            dn(name),
            sign_in_name(name),
            changed(name)
        )
        .unwrap();
    }
    for (name, members) in &story.directory.groups {
        let attribute = if ldif.truncated == Some(name) { "member;range=0-1499" } else { "member" };
        let within: String = members
            .people
            .iter()
            .chain(&members.groups)
            .map(|member| format!("{attribute}: {}\n", dn(member)))
            .collect();
        let (dn, changed) = (dn(name), changed(name));
        write!(text, "dn: {dn}\nobjectClass: group\nsAMAccountName: {name}\nwhenChanged: {changed}\n{within}\n")
            .unwrap();
    }
    text
}

fn assignments_csv(case: &Case) -> Option<String> {
    let mut text = "principal_type,principal,account,permission_set,presence,expires\n".to_owned();
    for (row, state) in case.rows()? {
        let (kind, name) = match &row.principal {
            Principal::Group(name) => ("group", name.clone()),
            Principal::User(name) => ("user", sign_in_name(name)),
        };
        let account = &case.story.aws.accounts[&row.account].id;
        writeln!(text, "{kind},{name},{account},{},{}", row.permission_set, state.cells()).unwrap();
    }
    if let Some((principal, set)) = case.refused {
        writeln!(text, "group,{principal},,{set},,").unwrap();
    }
    Some(text)
}

fn permission_sets_csv(case: &Case) -> Option<String> {
    let right = case.story.clone().approve_permission_sets().lists.permission_sets.clone().unwrap();
    let mut text = "name,administrative,digest\n".to_owned();
    for (name, row) in case.sets.as_ref()? {
        let administrative = row.administrative.map_or("", |yes| if yes { "yes" } else { "no" });
        let digest = match row.approved {
            None => String::new(),
            Some(true) => right.get(*name).map_or_else(|| "0".repeat(64), |(_, digest)| digest.clone()),
            Some(false) => "f".repeat(64),
        };
        writeln!(text, "{name},{administrative},{digest}").unwrap();
    }
    Some(text)
}

fn waivers_toml(case: &Case) -> Option<String> {
    let one = |waiver: &Waiver| {
        let principal = waiver.principal.iter().map(|name| format!("principal = \"{name}\"\n"));
        let account = waiver.account.iter().map(|key| format!("account = \"{}\"\n", case.story.aws.accounts[*key].id));
        let narrowed: String = principal.chain(account).collect();
        let last = if waiver.expired { "2026-11-19" } else { "2026-11-20" };
        format!(
            "[[waiver]]\nrule = \"{}\"\n{narrowed}reason = \"agreed\"\napproved_by = \"ciso\"\nexpires = {last}\n",
            waiver.rule
        )
    };
    (!case.waivers.is_empty()).then(|| case.waivers.iter().map(one).collect())
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
            _ if command.starts_with("iam ") => call["account"].as_str() == denied_account.as_deref(),
            _ => case.beyond.denies(&case.story, command, &call["parameters"]),
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
    if let Some(ldif) = &case.ldif {
        lists.retain(|(name, _)| !name.starts_with("directory/"));
        lists.push(("directory/all-2026-11-20.ldif".to_owned(), directory_ldif(&case.story, ldif)));
    }
    lists.retain(|(name, _)| name != "assignments.csv");
    let of = |name: &str, text: Option<String>| text.map(|text| (name.to_owned(), text));
    lists.extend(of("assignments.csv", assignments_csv(case)));
    lists.extend(of("applications.csv", case.beyond.applications_csv()));
    lists.extend(of("entitlements.csv", case.beyond.entitlements_csv()));
    lists.extend(of("permission-sets.csv", permission_sets_csv(case)));
    lists.extend(of("waivers.toml", waivers_toml(case)));
    let nesting = if case.direct { Nesting::Direct } else { Nesting::Flatten };
    Audited::from(&saved, &lists).with(|world| world.policy.nesting = Some(nesting))
}
