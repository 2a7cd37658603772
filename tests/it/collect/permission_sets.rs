//! Identity Center in depth: where permission sets are provisioned by both ways, permissions boundaries, and which version of
//! them is in force.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::aws::failure::{Failure, Kind};
use rollcall::collect::build::fold;
use rollcall::collect::journal::page::{Call, Operation, Outcome, Page, Parameters};
use rollcall::model::{Administrative, Extent, Known, Snapshot, Unseen, What};
use serde_json::{Value, json};

use crate::story::{Story, group};
use crate::support::audited::{Audited, read_pages};

const OUTDATED: (&str, &str) = ("ProvisioningStatus", "LATEST_PERMISSION_SET_NOT_PROVISIONED");

/// The pages of a story in which the accounts say what the permission sets say.
fn asked_by_account(pages: &[Page]) -> Vec<Page> {
    let is_list = |page: &&Page| page.call.operation == Operation::ListAccountsForProvisionedPermissionSet;
    let model = pages.iter().find(is_list).expect("a story with permission sets");
    let mut lists: BTreeMap<(String, bool), BTreeSet<String>> = BTreeMap::new();
    for page in pages.iter().filter(|page| page.call.operation == Operation::ListAccounts) {
        for account in answer(page)["Accounts"].as_array().unwrap() {
            lists.entry((account["Id"].as_str().unwrap().to_owned(), false)).or_default();
        }
    }
    for page in pages.iter().filter(is_list) {
        let set = page.call.parameters.get("PermissionSetArn").unwrap();
        let outdated = page.call.parameters.get(OUTDATED.0).is_some();
        for account in answer(page)["AccountIds"].as_array().unwrap() {
            let account = account.as_str().unwrap().to_owned();
            lists.entry((account.clone(), outdated)).or_default().insert(set.to_owned());
            lists.entry((account, true)).or_default();
        }
    }
    let by_account = lists.into_iter().map(|((account, outdated), sets)| {
        let instance = model.call.parameters.get("InstanceArn").unwrap();
        let mut parameters = Parameters::of([("InstanceArn", instance), ("AccountId", &account)]);
        if outdated {
            parameters = parameters.with(OUTDATED.0, OUTDATED.1);
        }
        Page {
            call: Call { operation: Operation::ListPermissionSetsProvisionedToAccount, account: None, parameters },
            outcome: Outcome::of_text(&json!({ "PermissionSets": sets }).to_string()).unwrap(),
            ..model.clone()
        }
    });
    pages.iter().filter(|page| !is_list(page)).cloned().chain(by_account).collect()
}

fn answer(page: &Page) -> Value {
    let Outcome::Answer(answer) = &page.outcome else { panic!("no answer: {page:?}") };
    answer.parse().unwrap()
}

/// A story in which one set is outdated in one account, and one account has no set at all.
fn story() -> Story {
    let mut story = Story::small();
    story.aws_grant(group("AWS-Readers"), "ReadOnly", "dev").permission_set_is_outdated("ReadOnly", "dev");
    story.account("empty", "444455556666", "Empty");
    story
}

fn both_ways() -> [Snapshot; 2] {
    let (scope, pages) = read_pages(&story().saved_files());
    [fold(&scope, &pages), fold(&scope, &asked_by_account(&pages))]
}

#[test]
fn permission_sets_and_accounts_say_the_same_of_what_is_provisioned_where() {
    let [by_set, by_account] = both_ways();
    assert_eq!((&by_set.gaps, &by_account.gaps), (&Vec::new(), &Vec::new()));
    let told = |snapshot: &Snapshot| {
        let sets = snapshot.permission_sets.seen().map(|set| {
            let placed = set.placements.seen().map(|placement| {
                let principals: Vec<_> = placement.principals.seen().copied().collect();
                (snapshot.accounts[placement.account].id, principals, placement.principals.extent().clone())
            });
            let outdated = set.outdated.seen().map(|account| snapshot.accounts[*account].id);
            let whole = |extent: &Extent| matches!(extent, Extent::Whole(_));
            let wholes = (whole(set.placements.extent()), whole(set.outdated.extent()));
            (set.name.clone(), placed.collect::<Vec<_>>(), outdated.collect::<Vec<_>>(), wholes)
        });
        sets.collect::<Vec<_>>()
    };
    assert_eq!(told(&by_set), told(&by_account));
    assert_eq!(
        (by_set.accounts, by_set.users, by_set.groups),
        (by_account.accounts, by_account.users, by_account.groups)
    );
    assert!(by_account.permission_sets.seen().any(|set| set.outdated.seen().count() == 1));
}

#[test]
fn an_account_that_refuses_is_a_gap_for_that_account_only() {
    let (scope, pages) = read_pages(&story().saved_files());
    let mut pages = asked_by_account(&pages);
    let refused = |page: &&mut Page| {
        page.call.operation == Operation::ListPermissionSetsProvisionedToAccount
            && page.call.parameters.get("AccountId") == Some("333344445555")
    };
    for page in pages.iter_mut().filter(|page| refused(page)) {
        page.outcome = Outcome::Failure(Failure::new(Kind::Denied, "AccessDeniedException", "no"));
    }
    // What nobody could list, nobody could ask about.
    pages.retain(|page| {
        page.call.operation != Operation::ListAccountAssignments
            || page.call.parameters.get("AccountId") != Some("333344445555")
    });
    let snapshot = fold(&scope, &pages);
    let gaps: Vec<_> = snapshot.gaps.iter().map(|gap| gap.key()).collect();
    assert_eq!(gaps, ["sso:ListPermissionSetsProvisionedToAccount/sets-of-account:333344445555/denied"]);
    for set in snapshot.permission_sets.seen() {
        for placement in set.placements.seen() {
            let refused = snapshot.accounts[placement.account].id.to_string() == "333344445555";
            assert_eq!(matches!(placement.principals.extent(), Extent::Part(_)), refused, "{}", set.name);
        }
        assert_eq!(set.placements.seen().filter(|one| matches!(one.principals.extent(), Extent::Part(_))).count(), 1);
        assert!(matches!(set.placements.extent(), Extent::Whole(_)));
    }
}

#[test]
fn an_account_that_nobody_asked_is_a_gap_as_soon_as_accounts_are_asked() {
    let (scope, pages) = read_pages(&story().saved_files());
    let mut pages = asked_by_account(&pages);
    pages.retain(|page| page.call.parameters.get("AccountId") != Some("444455556666"));
    let gaps: Vec<String> = fold(&scope, &pages).gaps.iter().map(|gap| gap.key()).collect();
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].contains("444455556666") && gaps[0].contains("not-asked"), "{gaps:?}");
}

#[test]
fn a_set_that_was_changed_and_not_provisioned_is_reported_with_its_accounts() {
    let mut story = Story::small();
    story.grant(group("AWS-Readers"), "ReadOnly", "dev");
    story.permission_set_is_outdated("ReadOnly", "prod").permission_set_is_outdated("ReadOnly", "dev");
    let audited = Audited::of(&story);
    assert_eq!(
        audited.titles(),
        [
            "medium unprovisioned-permission-set: Permission set `ReadOnly` was changed, but an older version is still in force in 2 accounts"
        ]
    );
}

#[test]
fn whether_a_set_is_up_to_date_is_a_gap_where_nobody_could_ask() {
    let (scope, mut pages) = read_pages(&Story::small().saved_files());
    pages.retain(|page| page.call.parameters.get(OUTDATED.0).is_none());
    let snapshot = fold(&scope, &pages);
    let unseen: Vec<&Unseen> = snapshot.gaps.iter().map(|gap| &gap.unseen).collect();
    assert!(unseen.contains(&&What::AccountsOutdated.of("Admin")), "{unseen:?}");
}

#[test]
fn a_boundary_can_only_lower_and_one_that_was_not_read_leaves_it_open() {
    let judged = |boundary: Option<&str>| {
        let mut story = Story::small();
        story.permission_set("Admin", "AdministratorAccess").aws_grant(group("AWS-Admins"), "Admin", "prod");
        if let Some(boundary) = boundary {
            story.permission_set_is_limited("Admin", boundary);
        }
        let audited = Audited::of(&story);
        let snapshot = &audited.world().snapshot;
        let set = snapshot.permission_sets.seen().find(|set| set.name == "Admin").unwrap();
        rollcall::compare::administrative::permission_set(set, snapshot)
    };
    assert!(judged(None).is_yes());
    assert!(judged(Some("arn:aws:iam::aws:policy/AdministratorAccess")).is_yes());
    assert_eq!(judged(Some("arn:aws:iam::aws:policy/PowerUserAccess")), Administrative::No);
    assert!(judged(Some("corp-limit")).is_yes(), "nobody read `corp-limit`, so it takes nothing away");
}

#[test]
fn a_boundary_belongs_to_the_digest_and_no_boundary_is_an_answer() {
    let policies = |boundary: Option<&str>| {
        let mut story = Story::small();
        if let Some(boundary) = boundary {
            story.permission_set_is_limited("Audit", boundary);
        }
        let audited = Audited::of(&story);
        assert_eq!(audited.gaps(), Vec::<String>::new());
        let snapshot = &audited.world().snapshot;
        let set = snapshot.permission_sets.seen().find(|set| set.name == "Audit").unwrap();
        let Known::Is(policies) = &set.policies else { panic!("they were read") };
        policies.digest()
    };
    let digests = BTreeSet::from([
        policies(None),
        policies(Some("corp-limit")),
        policies(Some("arn:aws:iam::aws:policy/ReadOnlyAccess")),
        policies(Some("arn:aws:iam::aws:policy/PowerUserAccess")),
    ]);
    assert_eq!(digests.len(), 4);
}

#[test]
fn a_boundary_that_was_refused_leaves_what_the_set_allows_unknown() {
    let (scope, mut pages) = read_pages(&Story::small().saved_files());
    let boundary = |page: &&mut Page| page.call.operation == Operation::GetPermissionsBoundaryForPermissionSet;
    for page in pages.iter_mut().filter(boundary) {
        page.outcome = Outcome::Failure(Failure::new(Kind::Denied, "AccessDeniedException", "no"));
    }
    let snapshot = fold(&scope, &pages);
    assert!(snapshot.permission_sets.seen().all(|set| matches!(set.policies, Known::Unknown(_))));
}

#[test]
fn a_set_in_an_account_that_the_organization_does_not_list_makes_the_run_incomplete() {
    let (scope, mut pages) = read_pages(&Story::small().saved_files());
    for page in pages.iter_mut().filter(|page| page.call.operation == Operation::ListAccounts) {
        let mut listed = answer(page);
        listed["Accounts"].as_array_mut().unwrap().retain(|account| account["Id"] != "222233334444");
        page.outcome = Outcome::of_text(&listed.to_string()).unwrap();
    }
    let audited = Audited::of_pages(&scope, &pages, &Story::small().expected_files());
    let notices = rollcall::wording::notices(&audited.report());
    let said = "Permission sets are provisioned to 1 account that the organization does not list: 222233334444";
    assert!(notices.iter().any(|notice| notice == said), "{notices:?}");
    let told =
        |audited: &Audited| audited.gaps().into_iter().filter(|gap| gap.contains("does not list")).collect::<Vec<_>>();
    let gap = "IAM of an account that the organization does not list: `organizations:ListAccounts` in account 222233334444: the \
               organization does not list the account, but permission sets are assigned in it";
    assert_eq!(told(&audited), [gap]);
    assert!(!audited.report().verdict.complete());
    let excluded = Audited::of_pages(&scope, &pages, &Story::small().expected_files()).with(|world| {
        world.snapshot.scope.excluded.insert("222233334444".parse().unwrap(), "has left the organization".to_owned());
    });
    assert_eq!(told(&excluded), Vec::<String>::new());
}

#[test]
fn a_row_for_every_account_says_nothing_of_one_that_the_organization_does_not_list() {
    let (scope, mut pages) = read_pages(&Story::small().saved_files());
    for page in pages.iter_mut().filter(|page| page.call.operation == Operation::ListAccounts) {
        let mut listed = answer(page);
        listed["Accounts"].as_array_mut().unwrap().retain(|account| account["Id"] != "222233334444");
        page.outcome = Outcome::of_text(&listed.to_string()).unwrap();
    }
    let mut lists = Story::small().expected_files();
    lists.retain(|(name, _)| name != "assignments.csv");
    let rows = "principal_type,principal,account,permission_set,presence\ngroup,AWS-Admins,*,Admin,allowed\n\
                group,AWS-Readers,*,ReadOnly,allowed\n";
    lists.push(("assignments.csv".to_owned(), rows.to_owned()));
    let audited = Audited::of_pages(&scope, &pages, &lists);
    let counts = audited.counts(rollcall::model::Kind::Assignment);
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(rollcall::model::StandingWord::Unknown, 2)]);
}
