//! A second opinion: what the comparison says of every thing, against a naive one that loops over plain strings.
//!
//! The oracle knows the invariants and none of the comparison's code, indices or types. It judges the story itself, not
//! the files that are made of it, so a mistake in reading shows too.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rollcall::model::{Evidence, Finding, Report, RuleId, Severity};

use crate::oracle::applications as beyond;
use crate::oracle::cases::{Case, NAMES, SETS, Waiver, audited, cases};
use crate::oracle::words::{reported, subject};
use crate::story::{Assignment, Principal, group, sign_in_name, user};

/// Every thing and how it stands, one a line.
fn oracle(case: &Case) -> Vec<String> {
    let mut said = Vec::new();
    people(case, &mut said);
    groups_and_members(case, &mut said);
    assignments(case, &mut said);
    beyond::applications(case, &mut said);
    beyond::entitlements(case, &mut said);
    iam(case, &mut said);
    permission_sets(case, &mut said);
    said.sort();
    said
}

fn current(case: &Case, name: &str) -> bool {
    case.story.directory.people.get(name).is_some_and(|person| person.enabled)
}

pub fn left(case: &Case, name: &str) -> bool {
    case.story.directory.people.get(name).is_some_and(|person| !person.enabled)
}

/// A directory group and, where these count, the groups in it, however deep.
fn within(case: &Case, name: &str) -> Vec<String> {
    let mut within = vec![name.to_owned()];
    let mut next = 0;
    while next < within.len() && !case.direct {
        for inner in &case.story.directory.groups[&within[next]].groups {
            if !within.contains(inner) {
                within.push(inner.clone());
            }
        }
        next += 1;
    }
    within
}

/// Who is in a directory group.
fn members(case: &Case, name: &str) -> BTreeSet<String> {
    within(case, name).iter().flat_map(|name| case.story.directory.groups[name].people.clone()).collect()
}

/// Whether somebody may be in a directory group whom its export does not show.
fn truncated(case: &Case, name: &str) -> bool {
    let cut = case.ldif.as_ref().and_then(|ldif| ldif.truncated);
    cut.is_some_and(|cut| within(case, name).iter().any(|inner| inner == cut))
}

/// Whether the directory changed one of these so shortly before AWS was asked that the difference may be younger than
/// the synchronization.
fn young(case: &Case, names: &[&str]) -> bool {
    case.ldif.as_ref().is_some_and(|ldif| names.iter().any(|name| ldif.young.contains(name)))
}

fn missing_unless_young(case: &Case, names: &[&str]) -> &'static str {
    if young(case, names) { "Pending" } else { "Missing" }
}

/// Whether a user is seen to be an administrator.
fn administers(case: &Case, name: &str) -> bool {
    let is_in = |group: &str| seen_members(case, group).iter().any(|member| *member == name);
    let assigned = case.story.aws.assignments.iter().filter(|grant| grant.permission_set == "Admin").any(|grant| {
        match &grant.principal {
            Principal::User(holder) => holder == name,
            Principal::Group(group) => is_in(group),
        }
    });
    let entitled = |of: &String| is_in(of) && beyond::administers(case, &group(of));
    assigned || beyond::administers(case, &user(name)) || case.story.aws.groups.keys().any(entitled)
}

/// The members of a group that AWS told.
fn seen_members<'a>(case: &'a Case, name: &str) -> Vec<&'a String> {
    if case.group_denied == Some(name) { Vec::new() } else { case.story.aws.groups[name].iter().collect() }
}

/// Groups that both halves have.
fn common(case: &Case) -> Vec<String> {
    let known = |name: &&String| !case.no_members_list && case.story.directory.groups.contains_key(*name);
    case.story.aws.groups.keys().filter(known).cloned().collect()
}

/// Whether somebody has left so lately that the synchronization may not know, and is no administrator.
fn leaving(case: &Case, name: &str) -> bool {
    left(case, name) && young(case, &[name]) && !administers(case, name)
}

fn people(case: &Case, said: &mut Vec<String>) {
    for name in case.story.aws.users.keys() {
        if case.users_denied {
            let in_group = case.story.aws.groups.keys().any(|group| seen_members(case, group).contains(&name));
            let holds = case.story.aws.assignments.iter().any(|grant| grant.principal == user(name));
            if in_group || holds || beyond::holds(case, &user(name)) {
                said.push(format!("user {name}: Unknown"));
            }
        } else {
            let word = if current(case, name) {
                "Expected"
            } else if leaving(case, name) {
                "Pending"
            } else {
                "Unintended"
            };
            said.push(format!("user {name}: {word}"));
        }
    }
    for name in case.story.directory.people.keys() {
        let by_group = common(case).iter().any(|group| members(case, group).contains(name));
        let by_row = due_rows(case).iter().any(|row| row.principal == user(name));
        if (by_group || by_row) && current(case, name) {
            if case.users_denied {
                said.push(format!("due user {name}: Unknown"));
            } else if !case.story.aws.users.contains_key(name) {
                said.push(format!("due user {name}: {}", missing_unless_young(case, &[name])));
            }
        }
    }
}

fn groups_and_members(case: &Case, said: &mut Vec<String>) {
    for name in case.story.aws.groups.keys() {
        let listed = case.story.directory.groups.contains_key(name);
        // The list of groups says which there are, with or without their members; an empty one says nothing.
        let says_nothing = case.no_members_list && case.story.directory.groups.is_empty();
        let word = match () {
            () if listed => "Expected",
            () if says_nothing => "Unlisted",
            () => "Unintended",
        };
        said.push(format!("group {name}: {word}"));
        for member in seen_members(case, name) {
            let word = if case.no_members_list {
                "Unlisted"
            } else if !case.users_denied && leaving(case, member) {
                "Pending"
            } else if !listed {
                "Unintended"
            } else if case.users_denied {
                "Unknown"
            } else if current(case, member) && members(case, name).contains(member) {
                "Expected"
            } else if current(case, member) && truncated(case, name) {
                "Unknown"
            } else {
                "Unintended"
            };
            said.push(format!("member {name}/{member}: {word}"));
        }
        let due = if common(case).contains(name) { members(case, name) } else { BTreeSet::new() };
        for person in due {
            if !current(case, &person) {
                continue;
            }
            let is_user = case.story.aws.users.contains_key(&person);
            if case.users_denied || (is_user && case.group_denied == Some(name)) {
                said.push(format!("due member {name}/{person}: Unknown"));
            } else if !case.story.aws.groups[name].contains(&person) {
                // Whoever is missing altogether is so everywhere alike.
                let changed: &[&str] = if is_user { &[name, &person] } else { &[&person] };
                let word = missing_unless_young(case, changed);
                said.push(format!("due member {name}/{person}: {word}"));
            }
        }
    }
}

fn grant_text(case: &Case, grant: &Assignment) -> String {
    let (Principal::Group(name) | Principal::User(name)) = &grant.principal;
    format!("{name}/{}/{}", grant.permission_set, case.story.aws.accounts[&grant.account].id)
}

/// Rows that ask for an assignment, rather than allow it or having asked for it once.
fn due_rows(case: &Case) -> Vec<&Assignment> {
    let rows = case.rows().into_iter().flatten();
    rows.filter(|(_, state)| state.asks()).map(|(row, _)| row).collect()
}

fn assignments(case: &Case, said: &mut Vec<String>) {
    let rows = case.rows();
    for grant in &case.story.aws.assignments {
        let refused =
            case.refused.is_some_and(|(name, set)| grant.principal == group(name) && grant.permission_set == set);
        let word = match (&rows, &grant.principal) {
            (None, _) => "Unlisted",
            (Some(_), Principal::User(_)) if case.users_denied => "Unknown",
            (Some(_), Principal::User(name)) if left(case, name) => "Unintended",
            (Some(rows), _) if rows.get(grant).is_some_and(|state| state.holds()) => "Expected",
            (Some(_), _) if refused => "Unknown",
            (Some(_), _) => "Unintended",
        };
        said.push(format!("assignment {}: {word}", grant_text(case, grant)));
    }
    let mut absent_groups = BTreeSet::new();
    for row in due_rows(case) {
        match &row.principal {
            Principal::User(_) if case.users_denied => {
                said.push(format!("due assignment {}: Unknown", grant_text(case, row)));
                continue;
            }
            Principal::Group(name) if !case.story.aws.groups.contains_key(name) => {
                absent_groups.insert(name);
            }
            Principal::User(_) | Principal::Group(_) => {}
        }
        if !case.story.aws.assignments.contains(row) {
            said.push(format!("due assignment {}: Missing", grant_text(case, row)));
        }
    }
    said.extend(absent_groups.into_iter().map(|name| format!("due group {name}: Missing")));
}

fn permission_sets(case: &Case, said: &mut Vec<String>) {
    for set in SETS {
        let word = match case.sets.as_ref().map(|rows| rows.get(set)) {
            None => "Unlisted",
            Some(None) => "Unintended",
            Some(Some(row)) if row.approved == Some(false) => "Differs",
            Some(Some(row)) if row.administrative == Some(false) && set == "Admin" => "Differs",
            Some(Some(_)) => "Expected",
        };
        said.push(format!("set {set}: {word}"));
    }
    let nowhere = case.sets.iter().flat_map(|rows| rows.keys()).filter(|name| !SETS.contains(name));
    said.extend(nowhere.map(|name| format!("due set {name}: Missing")));
}

/// How severe a rule is by itself, and how severe the worst is that it found.
fn severities(report: &Report<'_>, rule: RuleId) -> (Severity, Severity) {
    let own = report.rule(rule).severity;
    let found = report.findings.iter().filter(|finding| finding.rule == rule).map(|finding| finding.severity);
    (own, found.chain([own]).max().unwrap())
}

/// Whether a name alone may accept a finding: nothing that is worse than its rule, and nobody who is an administrator,
/// or may be one.
fn by_name(report: &Report<'_>, finding: &Finding) -> bool {
    let is_harmless =
        |piece: &Evidence| !matches!(piece, Evidence::Administrative(_) | Evidence::PerhapsAdministrative(_));
    finding.severity <= severities(report, finding.rule).0 && finding.evidence.iter().all(is_harmless)
}

/// Whether a waiver accepts what a rule found of this thing, by its name. `whole` is whether one for all of the rule may.
fn waived(case: &Case, rule: &str, about: &str, whole: bool) -> bool {
    let (kind, thing) = about.rsplit_once(' ').unwrap();
    let parts: Vec<&str> = thing.split('/').collect();
    let (principals, account) = match kind {
        "user" | "due user" | "group" | "due group" | "set" | "due set" => (vec![parts[0]], None),
        "member" | "due member" => (vec![parts[0], parts[1]], None),
        "assignment" | "due assignment" => (vec![parts[0]], Some(parts[2])),
        "application" => (vec![parts[1]], None),
        "entitlement" => (vec![parts[1]], Some(parts[2])),
        "iam" | "policy" | "due iam" | "due policy" => (vec![parts[1]], Some(parts[0])),
        other => panic!("{other}"),
    };
    let accepts = |waiver: &Waiver| {
        let called = |name: &String| principals.iter().any(|one| name == one || *name == sign_in_name(one));
        waiver.rule == rule
            && !waiver.expired
            && (whole || waiver.principal.is_some() || waiver.account.is_some())
            && waiver.principal.as_ref().is_none_or(called)
            && waiver.account.is_none_or(|key| account == Some(case.story.aws.accounts[key].id.as_str()))
    };
    case.waivers.iter().any(accepts)
}

/// Whether everything was seen that could hold access, or a statement of it.
fn all_seen(case: &Case) -> bool {
    let listed = |group: &String| case.story.directory.groups.contains_key(group);
    // Of a group that is listed and has no list of members it is not known who should be in it.
    let members_unknown = case.no_members_list && case.story.aws.groups.keys().any(listed);
    let groups_seen =
        case.group_denied.is_none() && !members_unknown && !common(case).iter().any(|group| truncated(case, group));
    !case.users_denied && groups_seen && case.iam_denied.is_none() && case.refused.is_none() && beyond::all_seen(case)
}

fn iam(case: &Case, said: &mut Vec<String>) {
    let rows = case.story.lists.iam_users.as_ref();
    let id = |key: &str| case.story.aws.accounts[key].id.clone();
    for (account, users) in &case.story.aws.iam {
        for (name, entry) in users.iter().filter(|_| case.iam_denied != Some(account)) {
            let row = rows.and_then(|rows| rows.get(&(account.clone(), name.clone())));
            let owner_left =
                row.is_some_and(|row| NAMES.iter().any(|name| row.owner == sign_in_name(name) && left(case, name)));
            let word = match (rows, row) {
                (None, _) => "Unlisted",
                (_, Some(_)) if !owner_left => "Expected",
                _ => "Unintended",
            };
            said.push(format!("iam {}/{name}: {word}", id(account)));
            for policy in &entry.attached {
                let policy = policy.rsplit('/').next().unwrap();
                let word = match (rows, row) {
                    (None, _) => "Unlisted",
                    (_, Some(row)) if row.policies.is_empty() => "Unintended",
                    (_, Some(row)) if row.policies.iter().any(|listed| listed == policy) => "Expected",
                    _ => "Unintended",
                };
                said.push(format!("policy {}/{name}/{policy}: {word}", id(account)));
            }
        }
    }
    for ((account, name), row) in rows.into_iter().flatten() {
        if case.iam_denied == Some(account) {
            said.push(format!("due iam {}/{name}: Unknown", id(account)));
            continue;
        }
        let Some(there) = case.story.aws.iam[account].get(name) else {
            said.push(format!("due iam {}/{name}: Missing", id(account)));
            continue;
        };
        for policy in &row.policies {
            if !there.attached.iter().any(|held| held.ends_with(&format!("/{policy}"))) {
                said.push(format!("due policy {}/{name}/{policy}: Missing", id(account)));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: how_many(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everything_stands_as_somebody_would_say_who_compared_by_hand(case in cases()) {
        let audited = audited(&case);
        let report = audited.report();
        let (reported, oracle) = (reported(&case, &report), oracle(&case));
        let only = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|said| !other.contains(said)).cloned().collect()
        };
        let apart = (only(&reported, &oracle), only(&oracle, &reported));
        prop_assert!(reported == oracle, "only the report: {:#?}\nonly the oracle: {:#?}", apart.0, apart.1);
        for finding in report.findings.iter().filter(|finding| case.waivers.iter().any(|one| one.rule == finding.rule.0)) {
            let about = subject(&case, &report, finding.subject);
            let whole = severities(&report, finding.rule).1 < Severity::High;
            let waived = by_name(&report, finding) && waived(&case, finding.rule.0, &about, whole);
            prop_assert_eq!(finding.waiver.is_some(), waived, "{} {}", finding.rule, about);
        }
        prop_assert_eq!(report.verdict.complete(), all_seen(&case), "{:#?}", report.gaps);
    }
}

/// A few, for each is read from files; or as many as `ORACLE_CASES` says.
fn how_many() -> u32 {
    std::env::var("ORACLE_CASES").ok().map_or(128, |cases| cases.parse().unwrap())
}
