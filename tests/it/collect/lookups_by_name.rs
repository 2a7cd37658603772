//! Where users come from Active Directory, the identity store may list nobody: everyone who holds something is asked
//! for by id, and everyone expected by name.

use std::collections::BTreeMap;

use rollcall::aws::failure::{Failure, Kind as Trouble};
use rollcall::collect::build::fold;
use rollcall::collect::from_journal;
use rollcall::collect::journal::page::{Call, Operation, Outcome, Page, Parameters};
use rollcall::model::{Hides, Snapshot};
use rollcall_simulator::{Fault, Faults, Simulator, World};
use serde_json::{Value, json};

use crate::story::{Story, guid, sign_in_name, user};
use crate::support::audited::{Audited, read_pages};
use crate::support::rollcall;

/// What is requested by name in these tests.
struct Asked<'a> {
    users: &'a [&'a str],
    groups: &'a [&'a str],
}

/// The pages of a story whose identity store refuses to list, as a run would ask that is given these names.
fn refused(story: &Story, asked: &Asked<'_>) -> Vec<Page> {
    let (_, pages) = read_pages(&story.saved_files());
    let mut entries: BTreeMap<String, (Operation, Value)> = BTreeMap::new();
    for page in &pages {
        let lists = [
            (Operation::ListUsers, Operation::DescribeUser, "Users", "UserId"),
            (Operation::ListGroups, Operation::DescribeGroup, "Groups", "GroupId"),
        ];
        let Some((_, operation, list, id)) = lists.into_iter().find(|list| list.0 == page.call.operation) else {
            continue;
        };
        for entry in answer(page)[list].as_array().unwrap() {
            entries.insert(entry[id].as_str().unwrap().to_owned(), (operation, entry.clone()));
        }
    }
    let model = pages[0].clone();
    let store = |operation, parameters: [(&str, &str); 2], outcome| Page {
        call: Call {
            operation,
            account: None,
            parameters: Parameters::of(parameters).with("IdentityStoreId", "d-9967750fbd"),
        },
        outcome,
        ..model.clone()
    };
    let none = || Outcome::Failure(Failure::from_code("ResourceNotFoundException", "there is none"));
    let mut told: Vec<Page> = Vec::new();
    let mut describe = |operation: Operation, id: &str, key: &str| {
        let outcome = entries.get(id).map_or_else(none, |(_, entry)| Outcome::of_text(&entry.to_string()).unwrap());
        told.push(store(operation, [(key, id), (key, id)], outcome));
    };
    for page in &pages {
        for (list, key) in [("GroupMemberships", "MemberId"), ("AccountAssignments", "PrincipalId")] {
            let answer = if let Outcome::Answer(_) = page.outcome { answer(page) } else { continue };
            for entry in answer[list].as_array().into_iter().flatten() {
                match (key, entry["PrincipalType"].as_str()) {
                    ("PrincipalId", Some("GROUP")) => {
                        describe(Operation::DescribeGroup, entry[key].as_str().unwrap(), "GroupId");
                    }
                    ("PrincipalId", _) => describe(Operation::DescribeUser, entry[key].as_str().unwrap(), "UserId"),
                    _ => describe(Operation::DescribeUser, entry[key]["UserId"].as_str().unwrap(), "UserId"),
                }
            }
        }
    }
    let mut look_up = |operation, path: &str, name: &str, key: &str, id: String| {
        let there = entries.contains_key(&id);
        let outcome = if there { Outcome::of_text(&json!({ key: id }).to_string()).unwrap() } else { none() };
        told.push(store(operation, [("AttributePath", path), ("AttributeValue", name)], outcome));
        if there {
            let of = if key == "UserId" { Operation::DescribeUser } else { Operation::DescribeGroup };
            let entry = Outcome::of_text(&entries[&id].1.to_string()).unwrap();
            told.push(store(of, [(key, &id), (key, &id)], entry));
        }
    };
    for name in asked.users {
        look_up(Operation::GetUserId, "userName", &sign_in_name(name), "UserId", guid("user", name));
    }
    for name in asked.groups {
        look_up(Operation::GetGroupId, "displayName", name, "GroupId", guid("group", name));
    }
    let is_list = |page: &Page| matches!(page.call.operation, Operation::ListUsers | Operation::ListGroups);
    let filter = Failure::new(Trouble::Failed, "ValidationException", "Filter is required");
    let pages = pages.into_iter().map(|page| match is_list(&page) {
        true => Page { outcome: Outcome::Failure(filter.clone()), ..page },
        false => page,
    });
    pages.chain(told).collect()
}

fn answer(page: &Page) -> Value {
    let Outcome::Answer(answer) = &page.outcome else { panic!("no answer: {page:?}") };
    answer.parse().unwrap()
}

const EVERYONE: Asked<'_> = Asked { users: &["alice", "bob", "carol", "dave"], groups: &["AWS-Admins", "AWS-Readers"] };

fn snapshot(story: &Story, asked: &Asked<'_>) -> Snapshot {
    let (scope, _) = read_pages(&story.saved_files());
    fold(&scope, &refused(story, asked))
}

fn audited(story: &Story, asked: &Asked<'_>) -> Audited {
    let (scope, _) = read_pages(&story.saved_files());
    Audited::of_pages(&scope, &refused(story, asked), &story.expected_files())
}

fn hiding(audited: &Audited) -> Vec<String> {
    let gaps = audited.report().gaps;
    gaps.iter().filter(|gap| gap.hides == Hides::Grants).map(|gap| gap.key()).collect()
}

#[test]
fn a_store_that_lists_nobody_is_judged_by_who_holds_something_and_lowers_nothing() {
    let audited = audited(&Story::small(), &EVERYONE);
    assert_eq!((audited.titles(), hiding(&audited)), (Vec::new(), Vec::new()));
    let stated: Vec<String> =
        audited.report().gaps.iter().map(|gap| rollcall::wording::unseen_in_file(&gap.unseen)).collect();
    assert_eq!(
        stated,
        ["groups without access whose names were not looked up", "users without access whose names were not looked up"]
    );
    assert!(audited.report().verdict.complete());
}

#[test]
fn who_holds_something_and_is_on_no_list_is_found_without_a_list_of_users() {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    let found = audited(&story, &EVERYONE);
    assert_eq!(found.titles(), Audited::of(&story).titles());
    assert_eq!(found.titles().len(), 1);
}

#[test]
fn an_expected_user_who_is_not_there_is_missing_as_soon_as_the_name_was_asked_for() {
    let mut story = Story::small();
    story.aws_user_gone("bob");
    assert_eq!(audited(&story, &EVERYONE).titles(), Audited::of(&story).titles());
    let not_asked = audited(&story, &Asked { users: &["alice"], ..EVERYONE });
    assert_eq!(not_asked.titles(), Vec::<String>::new(), "nobody can say that a user is missing whom nobody asked for");
    assert_eq!(hiding(&not_asked), ["identitystore:GetUserId/users-expected/not-asked"]);
}

#[test]
fn an_assignment_to_somebody_who_was_deleted_is_still_found() {
    let mut story = Story::small();
    story.aws_grant(user("ghost"), "ReadOnly", "prod");
    let found = audited(&story, &EVERYONE);
    assert_eq!(found.titles(), Audited::of(&story).titles());
    assert!(found.titles()[0].contains("orphaned-assignment"), "{:?}", found.titles());
}

#[test]
fn a_principal_whom_nobody_asked_for_is_a_gap() {
    let story = Story::small();
    let (scope, _) = read_pages(&story.saved_files());
    let mut pages = refused(&story, &EVERYONE);
    let alice = guid("user", "alice");
    pages.retain(|page| {
        page.call.parameters.get("UserId") != Some(&alice) && page.call.operation != Operation::GetUserId
    });
    let gaps = fold(&scope, &pages).gaps;
    let gaps: Vec<String> = gaps.iter().filter(|gap| gap.hides == Hides::Grants).map(|gap| gap.key()).collect();
    assert_eq!(gaps, [format!("identitystore:DescribeUser/users-by-ids/not-asked/{alice}")]);
}

#[test]
fn a_name_that_could_not_be_looked_up_is_a_gap() {
    let story = Story::small();
    let (scope, _) = read_pages(&story.saved_files());
    let mut pages = refused(&story, &EVERYONE);
    let denied = Failure::new(Trouble::Denied, "AccessDeniedException", "no");
    for page in pages.iter_mut().filter(|page| page.call.operation == Operation::GetUserId) {
        page.outcome = Outcome::Failure(denied.clone());
    }
    let gaps = fold(&scope, &pages).gaps;
    assert!(gaps.iter().any(|gap| gap.key().contains("/user-named/denied/alice@corp.example.com")));
    assert!(snapshot(&story, &EVERYONE).gaps.iter().all(|gap| gap.hides == Hides::Nothing));
}

/// Two users of the simulator whom nothing is granted, and one of whom it has never heard.
const IDLE: &str = "user,groups\nUser.00001@corp.example.com,AWS-Nobody\nnobody@corp.example.com,AWS-Nobody\n";

/// The snapshot of a run that only collects, from a store that lists nobody, beside these lists.
fn collected_beside(lists: &[(&str, &str)]) -> (Snapshot, String) {
    let refused = |operation| Fault::of(rollcall_simulator::Trouble::Refused).on(operation);
    let faults = Faults::none().with(refused("identitystore:ListUsers")).with(refused("identitystore:ListGroups"));
    let simulator = Simulator::start(World::careful(), faults);
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in lists {
        std::fs::create_dir_all(folder.path().join("expected")).unwrap();
        std::fs::write(folder.path().join("expected").join(name), text).unwrap();
    }
    std::fs::write(folder.path().join("rollcall.toml"), "[aws]\niam = false\nrequests_per_second = 500\n").unwrap();
    let output = rollcall(folder.path(), &["collect", "--to", "pages.jsonl"], &simulator.environment());
    let journal = std::fs::File::open(folder.path().join("pages.jsonl")).unwrap();
    (from_journal(std::io::BufReader::new(journal)).unwrap().snapshot, format!("{}{}", output.stdout, output.stderr))
}

#[test]
fn a_run_that_only_collects_asks_for_the_names_of_the_lists_that_lie_there() {
    let (snapshot, said) = collected_beside(&[("people.csv", IDLE)]);
    assert_eq!(snapshot.ledger["identitystore:GetUserId"].calls, 2);
    assert!(said.contains("users without access whose names were not looked up"), "{said}");
}

#[test]
fn a_run_that_only_collects_and_has_no_names_says_so() {
    let (snapshot, said) = collected_beside(&[]);
    assert!(!snapshot.ledger.contains_key("identitystore:GetUserId"));
    assert!(said.contains("users without access: no names were given to look up"), "{said}");
    assert!(!said.contains("expected lists"), "there are none, and nobody has to hear of it: {said}");
}

#[test]
fn a_run_that_only_collects_goes_on_without_lists_that_cannot_be_used() {
    let (snapshot, said) = collected_beside(&[("people.csv", "nonsense\n1\n")]);
    assert!(!snapshot.ledger.contains_key("identitystore:GetUserId"));
    assert!(said.contains("the expected lists cannot be used, so no user or group is looked up by name"), "{said}");
    assert!(said.contains("people.csv"), "{said}");
}

#[test]
fn whoever_a_row_of_any_grant_names_is_asked_for_by_every_name_that_the_lists_have() {
    let people = "user,mail,groups\nann@corp.example.com,ann.ash@corp.example.com,\n";
    let assignments =
        "principal_type,principal,account,permission_set\nuser,ann@corp.example.com,123456789012,ReadOnly\n";
    let applications = "application,principal_type,principal\nWiki,user,bob@corp.example.com\nWiki,group,Readers\n";
    let entitlements = "principal_type,principal,account,role\nuser,cy@corp.example.com,123456789012,Builder\n";
    let lists = [
        ("people.csv", people),
        ("assignments.csv", assignments),
        ("applications.csv", applications),
        ("entitlements.csv", entitlements),
    ];
    let (snapshot, said) = collected_beside(&lists);
    let asked = ["identitystore:GetUserId", "identitystore:GetGroupId"].map(|one| snapshot.ledger[one].calls);
    assert_eq!(asked, [4, 1], "ann by two names, bob, cy; Readers: {said}");
}

/// How users are read where the listing ended so, each page by its number and in the order in which they came.
fn listed(pages: &[(u32, Outcome)]) -> (bool, Vec<String>) {
    let story = Story::small();
    let (scope, saved) = read_pages(&story.saved_files());
    let (mut of_users, mut all): (Vec<Page>, Vec<Page>) =
        saved.into_iter().partition(|page| page.call.operation == Operation::ListUsers);
    let model = of_users.remove(0);
    all.extend(pages.iter().zip(0..).map(|((number, outcome), second)| Page {
        page: *number,
        ended: model.ended + chrono::TimeDelta::seconds(second),
        outcome: outcome.clone(),
        ..model.clone()
    }));
    let snapshot = fold(&scope, &all);
    let gaps = snapshot.gaps.iter().filter(|gap| gap.source == "identitystore:ListUsers");
    (snapshot.looked_up_users.is_some(), gaps.map(|gap| format!("{:?}: {}", gap.hides, gap.key())).collect())
}

#[test]
fn nobody_is_listed_only_where_the_first_page_asks_for_a_filter_and_no_page_was_answered() {
    let refusal = |message: &str| Outcome::Failure(Failure::new(Trouble::Failed, "ValidationException", message));
    let (filter, token) = (refusal("Filter is required"), refusal("The pagination token is invalid."));
    let answered = || Outcome::of_text(&json!({"Users": [], "NextToken": "more"}).to_string()).unwrap();
    let last = || Outcome::of_text(&json!({"Users": []}).to_string()).unwrap();
    let cut = (false, vec!["Grants: identitystore:ListUsers/users/failed".to_owned()]);
    let nobody = "Nothing: identitystore:ListUsers/users-without-names/failed";
    assert_eq!(listed(&[(1, filter.clone())]), (true, vec![nobody.to_owned()]));
    assert_eq!(listed(&[(1, token.clone())]), cut);
    assert_eq!(listed(&[(1, answered()), (2, token)]), cut);
    assert_eq!(listed(&[(1, answered()), (2, filter.clone())]), cut);
    assert_eq!(listed(&[(1, answered()), (2, last()), (1, filter.clone())]), cut);
    assert_eq!(listed(&[(1, filter), (1, last())]), (false, Vec::new()));
}
