//! An account instance of Identity Center grants access to applications only. A run against one says so on page one; it
//! neither calls that a gap nor passes it off as accounts that nobody has access to.

use std::fs::File;
use std::io::BufReader;

use rollcall::aws::failure::{Failure, Kind as Sort};
use rollcall::collect;
use rollcall::collect::journal::page::{Operation, Outcome, Page};
use rollcall::model::{InstanceKind, Kind, Known, Snapshot, StandingWord};
use rollcall::wording;
use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};
use serde_json::Value;

use crate::story::{Story, group};
use crate::support::audited::{Audited, read_pages};
use crate::support::rollcall as run;

/// AWS's words for it, as they were seen in the years since there are account instances.
const WORDS: [&str; 3] = [
    "This operation is not supported for account instances of IAM Identity Center",
    "The operation is not supported for this Identity Center instance",
    "This API method only works on IAM Identity Center instances of type ORGANIZATION",
];

fn refusal(message: &str) -> Outcome {
    Outcome::Failure(Failure::new(Sort::Failed, "ValidationException", message))
}

fn is_of_sets(page: &Page) -> bool {
    page.call.parameters.get("InstanceArn").is_some()
        && !matches!(page.call.operation, Operation::ListPermissionSets | Operation::ListApplications)
}

/// The pages of a story whose instance is that of the account 222233334444, and refuses to list permission sets so.
fn pages(story: &Story, message: &str) -> Vec<Page> {
    let (_, pages) = read_pages(&story.saved_files());
    let pages = pages.into_iter().filter(|page| !is_of_sets(page)).map(|page| {
        if page.call.operation == Operation::ListPermissionSets {
            Page { outcome: refusal(message), ..page }
        } else {
            with(page, "OwnerAccountId", &"222233334444".into())
        }
    });
    pages.collect()
}

/// The page, but that it has another value in a field of the one instance, where it is about instances.
fn with(page: Page, field: &str, value: &Value) -> Page {
    if page.call.operation != Operation::ListInstances {
        return page;
    }
    let Outcome::Answer(answer) = &page.outcome else { panic!("no answer: {page:?}") };
    let mut answer: Value = answer.parse().unwrap();
    answer["Instances"][0][field] = value.clone();
    Page { outcome: Outcome::of_text(&answer.to_string()).unwrap(), ..page }
}

/// A company that gives no accounts by permission sets, and no list of them either.
fn without_accounts() -> Story {
    let mut story = Story::company();
    story.group("AWS-Admins");
    story.hire("alice", &["AWS-Admins"]);
    story.aws_application("Wiki", group("AWS-Admins"));
    story.expect_application("Wiki", Some(group("AWS-Admins")));
    story
}

fn audited(story: &Story, pages: &[Page]) -> Audited {
    let (scope, _) = read_pages(&story.saved_files());
    Audited::of_pages(&scope, pages, &story.expected_files())
}

fn kind(pages: &[Page]) -> Option<InstanceKind> {
    let (scope, _) = read_pages(&Story::small().saved_files());
    instance_of(&collect::build::fold(&scope, pages))
}

fn instance_of(snapshot: &Snapshot) -> Option<InstanceKind> {
    let Known::Is(instance) = &snapshot.instance else { panic!("no instance: {:?}", snapshot.instance) };
    instance.kind
}

#[test]
fn an_account_instance_is_in_order_without_a_gap_and_page_one_says_what_it_is() {
    let story = without_accounts();
    for words in WORDS {
        let audited = audited(&story, &pages(&story, words));
        assert_eq!((audited.titles(), audited.gaps()), (Vec::new(), Vec::new()), "{words}");
        let notices = wording::notices(&audited.report());
        assert_eq!(
            notices[0],
            "An account instance of Identity Center: it has no permission sets, and grants access to applications only; account access from another instance was not read"
        );
        let facts = wording::facts(&audited.report());
        let instance = facts.iter().find(|fact| fact.label == "Identity Center").unwrap();
        assert!(instance.value.ends_with(", account instance, owned by 222233334444"), "{}", instance.value);
    }
}

#[test]
fn rows_about_accounts_cannot_be_judged_by_an_account_instance_and_make_one_gap() {
    let mut story = Story::small();
    story.grant(group("AWS-Admins"), "ReadOnly", "prod");
    let audited = audited(&story, &pages(&story, WORDS[0]));
    assert_eq!(audited.titles(), [""; 0]);
    assert_eq!(audited.counts(Kind::Assignment)[&StandingWord::Unknown], 3);
    assert_eq!(
        audited.gaps(),
        ["permission sets and their assignments: `sso:ListPermissionSets`: AWS says that this instance of Identity \
             Center has none"]
    );
    assert!(!audited.report().verdict.complete());
}

#[test]
fn another_refusal_of_permission_sets_stays_a_gap() {
    let story = without_accounts();
    let audited = audited(&story, &pages(&story, "the request is not valid"));
    assert_eq!(audited.report().verdict.hiding_gaps, 1);
    let notices = wording::notices(&audited.report());
    assert_eq!(notices[0], "The instance of Identity Center is an account instance, not the organization's");
}

#[test]
fn whose_an_instance_is_follows_from_its_owner_or_else_from_what_it_can_do() {
    let story = Story::small();
    let (_, usual) = read_pages(&story.saved_files());
    let without = |operation: Operation, pages: &[Page]| -> Vec<Page> {
        pages.iter().filter(|page| page.call.operation != operation).cloned().collect()
    };
    let account = pages(&story, WORDS[0]);
    assert_eq!(kind(&usual), Some(InstanceKind::Organization));
    assert_eq!(kind(&account), Some(InstanceKind::Account));
    assert_eq!(kind(&without(Operation::ListPermissionSets, &account)), Some(InstanceKind::Account), "by its owner");

    let [usual, account] = [usual, account].map(|pages| without(Operation::ListAccounts, &pages));
    assert_eq!(kind(&usual), Some(InstanceKind::Organization), "it lists permission sets");
    assert_eq!(kind(&account), Some(InstanceKind::Account), "it says that it has none");
    assert_eq!(kind(&without(Operation::ListPermissionSets, &usual)), None, "nothing tells it");
}

#[test]
fn a_kind_that_nothing_tells_is_said_to_be_unknown() {
    let story = Story::small();
    let (_, pages) = read_pages(&story.saved_files());
    let telling = [Operation::ListAccounts, Operation::ListPermissionSets];
    let pages: Vec<Page> = pages.into_iter().filter(|page| !telling.contains(&page.call.operation)).collect();
    let audited = audited(&story, &pages);
    let facts = wording::facts(&audited.report());
    let instance = facts.iter().find(|fact| fact.label == "Identity Center").unwrap();
    assert!(instance.value.ends_with("), of unknown kind, owned by 123456789012"), "{}", instance.value);
    let notices = wording::notices(&audited.report());
    assert_eq!(notices[0], "It is unknown whether the instance of Identity Center is the organization's");
}

#[test]
fn an_instance_that_is_not_active_is_said_to_be_so() {
    let story = Story::small();
    let (_, pages) = read_pages(&story.saved_files());
    let of = |status: Value| -> Vec<String> {
        let pages = pages.iter().map(|page| with(page.clone(), "Status", &status));
        wording::notices(&audited(&story, &pages.collect::<Vec<_>>()).report())
    };
    let said = |notices: Vec<String>| notices.into_iter().find(|notice| notice.contains("not active"));
    assert_eq!(
        said(of("DELETE_IN_PROGRESS".into())).as_deref(),
        Some(
            "AWS reports the instance of Identity Center as `DELETE_IN_PROGRESS`, not active: its grants may be about to change"
        )
    );
    assert_eq!((said(of("ACTIVE".into())), said(of(Value::Null))), (None, None));
}

/// An account of the simulator that has an instance, and credentials of it.
const MEMBER: &str = "200000000003";

#[test]
fn the_walk_asks_an_account_instance_for_permission_sets_once_and_for_no_assignments() {
    let fault = Fault::of(Trouble::AccountInstanceOnly).account(MEMBER);
    let simulator = Simulator::start(World::careful(), Faults::none().with(fault));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), "[aws]\niam = false\nrequests_per_second = 500\n").unwrap();
    let mut environment = simulator.environment();
    let key = environment.iter_mut().find(|(name, _)| name == "AWS_ACCESS_KEY_ID").unwrap();
    key.1 = format!("ASIA{MEMBER}AUDITOR");
    let output = run(folder.path(), &["collect", "--to", "pages.jsonl"], &environment);
    let journal = File::open(folder.path().join("pages.jsonl")).unwrap_or_else(|_| panic!("{}", output.stderr));
    let snapshot = collect::from_journal(BufReader::new(journal)).unwrap().snapshot;

    assert_eq!(instance_of(&snapshot), Some(InstanceKind::Account));
    let asked: Vec<&str> = snapshot.ledger.keys().filter(|name| name.starts_with("sso:")).map(String::as_str).collect();
    assert_eq!(asked, ["sso:ListApplications", "sso:ListInstances", "sso:ListPermissionSets"]);
    assert_eq!(snapshot.ledger["sso:ListPermissionSets"].calls, 1);
    let gaps: Vec<&str> = snapshot.gaps.iter().map(|gap| gap.source.as_str()).collect();
    assert_eq!(gaps, ["account-access:ListApplications", "organizations:ListAccounts"], "what a member may not ask");
    assert!(snapshot.users.seen().next().is_some());

    for (name, text) in without_accounts().expected_files() {
        let path = folder.path().join("expected").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let output = run(folder.path(), &["check", "--aws"], &environment);
    assert!(output.stdout.contains("granted    sso:ListPermissionSets\n"), "{}", output.stdout);
}
