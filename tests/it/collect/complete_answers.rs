//! An answer counts as whole only if it is there to its end, has what it must have, and answers what was asked.

use std::path::PathBuf;

use rollcall::aws::complete_body::{Fields, NotWhole, check};
use rollcall::collect::build::fold;
use rollcall::collect::journal::page::{Operation, Outcome, Page};
use rollcall::collect::{Collected, from_files};
use rollcall::model::{Hides, Snapshot, Why};
use rollcall::wording;
use rollcall_simulator::world::Size;
use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};
use serde_json::{Value, json};

use crate::support::simulated::{SETTINGS, collect_from, collect_with};

const USERS: Fields = Fields::All(&["Users"]);

fn xml(inner: &str) -> String {
    format!("<ListUsersResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><ListUsersResult>{inner}")
}

#[test]
fn an_xml_answer_is_whole_once_its_first_element_is_closed() {
    let end = "</ListUsersResult></ListUsersResponse>";
    let whole = xml(&format!("<IsTruncated>false</IsTruncated><Users><member/></Users>{end}"));
    assert_eq!(check(whole.as_bytes(), USERS), Ok(()));
    assert_eq!(check(xml(&format!("<Users/>{end}")).as_bytes(), USERS), Ok(()), "an empty list is a list");
    for length in 0..whole.len() {
        assert!(check(&whole.as_bytes()[..length], USERS).is_err(), "{}", &whole[..length]);
    }
    let cut = check(xml("<Users><member>").as_bytes(), USERS).unwrap_err();
    assert_eq!(cut.to_string(), "the answer is truncated: the element member is not closed");
    let crossed = xml(&format!("<Users></Wrong>{end}"));
    assert!(matches!(check(crossed.as_bytes(), USERS), Err(NotWhole::Malformed(_))));
    // What is inside of an entry is no field of the answer.
    let inside = xml(&format!("<Groups><member><Users/></member></Groups>{end}"));
    assert_eq!(check(inside.as_bytes(), USERS), Err(NotWhole::Lacks { field: "Users" }));
}

#[test]
fn a_json_answer_is_whole_with_the_fields_that_it_must_have() {
    let checked = |body: &str, fields| check(body.as_bytes(), fields).map_err(|error| error.to_string());
    let said = |body: &str| checked(body, USERS).unwrap_err();
    assert_eq!(checked(r#"{"Users": [], "NextToken": null}"#, USERS), Ok(()));
    assert_eq!(said(""), "the answer is empty");
    assert_eq!(said(" \n"), "the answer is empty");
    assert_eq!(said("{}"), "the answer has no field Users");
    assert_eq!(said(r#"{"message": "upstream request timeout"}"#), "the answer has no field Users");
    assert_eq!(said(r#"{"Users": null}"#), "the answer has no field Users");
    assert!(said(r#"{"Users": ["#).starts_with("the answer is not well-formed: "));
    assert!(said("[]").starts_with("the answer is not well-formed: "));
    // A list that may be left out is left out, and nothing stands in its place.
    let any = Fields::Any(&["PermissionSets"]);
    assert_eq!((checked("{}", any), checked(r#"{"PermissionSets": []}"#, any)), (Ok(()), Ok(())));
    assert!(checked(r#"{"message": "no healthy upstream"}"#, any).is_err());
}

#[test]
fn every_operation_names_fields_that_its_answers_have() {
    for operation in Operation::ALL {
        match operation.fields() {
            Fields::All(fields) | Fields::Any(fields) => assert!(!fields.is_empty(), "{operation}"),
            Fields::Some => panic!("{operation} is not looked at"),
        }
    }
}

/// One account, and everything that is listed once or twice.
fn world() -> World {
    World::of(Size {
        users: 3,
        groups: 2,
        memberships: 4,
        accounts: 1,
        permission_sets: 1,
        provisioned: 1,
        iam_users: 1,
        roles: 2,
        policies: 2,
    })
}

fn under(fault: Fault) -> Snapshot {
    let simulator = Simulator::start(world(), Faults::none().with(fault));
    let folder = tempfile::tempdir().unwrap();
    collect_from(&simulator, folder.path())
}

/// What the gaps that may hide access say.
fn hiding(snapshot: &Snapshot) -> Vec<String> {
    let hiding = snapshot.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
    hiding.map(|gap| wording::gap_line(gap)).collect()
}

#[test]
fn an_answer_that_is_cut_void_or_empty_is_a_gap_that_says_so() {
    let faults = [
        (Trouble::Cut, "iam:GetAccountAuthorizationDetails"),
        (Trouble::Cut, "iam:ListServiceSpecificCredentials"),
        (Trouble::Void, "identitystore:ListUsers"),
        (Trouble::Bodiless, "sso:ListPermissionSets"),
        (Trouble::Void, "sso:GetInlinePolicyForPermissionSet"),
        (Trouble::EmptyToken, "identitystore:ListGroups"),
    ];
    let said: Vec<String> =
        faults.iter().flat_map(|(trouble, operation)| hiding(&under(Fault::of(*trouble).on(operation)))).collect();
    insta::assert_snapshot!(said.join("\n"), @"
    IAM users and roles of 123456789012: `iam:GetAccountAuthorizationDetails` in account 123456789012: the answer could not be understood: the answer is truncated: the element UserDetailList is not closed
    service-specific credentials of IAM users in 123456789012: `iam:ListServiceSpecificCredentials` in account 123456789012: the answer could not be understood: the answer is truncated: the element ListServiceSpecificCredentialsResponse is not closed
    users: `identitystore:ListUsers`: the answer could not be understood: the answer has no field Users
    permission sets and their assignments: `sso:ListPermissionSets`: the answer could not be understood: the answer is empty
    inline policy of `Set000`: `sso:GetInlinePolicyForPermissionSet`: the answer could not be understood: the answer has none of the fields of this operation
    groups: `identitystore:ListGroups`: only 1 page could be read, but AWS announced another one
    ");
}

#[test]
fn an_answer_that_is_damaged_once_is_asked_for_again_and_is_whole() {
    for (trouble, operation) in [
        (Trouble::Cut, "iam:GetAccountAuthorizationDetails"),
        (Trouble::Void, "identitystore:ListUsers"),
        (Trouble::Bodiless, "sso:ListAccountAssignments"),
        (Trouble::Truncated, "identitystore:ListGroupMemberships"),
    ] {
        let fault = Fault::of(trouble).on(operation).times(1);
        let simulator = Simulator::start(world(), Faults::none().with(fault));
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(collect_from(&simulator, folder.path()).gaps, [], "{operation}");
        let asked = simulator.ledger().of(operation);
        assert_eq!(asked.failed, 1, "{operation}: {asked:?}");
    }
}

#[test]
fn an_answer_about_something_else_is_a_gap_and_nothing_of_it_counts() {
    let fault = Fault::of(Trouble::Foreign).on("identitystore:ListGroupMemberships").times(1);
    let simulator = Simulator::start(world(), Faults::none().with(fault));
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect_with(&simulator, folder.path(), &format!("{SETTINGS}iam = false\n"));
    let [said] = &hiding(&snapshot)[..] else { panic!("{:?}", snapshot.gaps) };
    assert!(said.contains("it is the answer to another request: it names"), "{said}");
    let members: Vec<usize> = snapshot.groups.seen().map(|group| group.members.seen().count()).collect();
    assert!(members.contains(&0), "{members:?}");
}

#[test]
fn where_aws_says_that_a_permission_set_has_no_inline_policy_an_answer_that_does_not_is_a_gap() {
    let mut world = world();
    world.add_permission_set("Second");
    let fault = || Fault::of(Trouble::Textless).on("sso:GetInlinePolicyForPermissionSet");
    let gaps = |fault| {
        let simulator = Simulator::start(world.clone(), Faults::none().with(fault));
        hiding(&collect_from(&simulator, tempfile::tempdir().unwrap().path()))
    };
    let [said] = &gaps(fault().times(1))[..] else { panic!("one gap") };
    assert!(said.contains("the answer has no `InlinePolicy`"), "{said}");
    // Who never says it may leave it out.
    assert_eq!(gaps(fault()), Vec::<String>::new());
}

fn small() -> Collected {
    from_files(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/aws/small"))).unwrap()
}

/// The small folder with one answer changed.
fn with(operation: Operation, change: impl Fn(&mut Value)) -> Snapshot {
    let Collected { snapshot, mut pages } = small();
    let answer = |page: &Page| match &page.outcome {
        Outcome::Answer(text) => serde_json::from_str::<Value>(text.json().unwrap().get()).unwrap(),
        Outcome::Failure(_) | Outcome::Unreadable(_) => panic!("{operation} was answered"),
    };
    let page = pages.iter_mut().find(|page| page.call.operation == operation).unwrap();
    let mut changed = answer(page);
    change(&mut changed);
    page.outcome = Outcome::of_text(&changed.to_string()).unwrap();
    fold(&snapshot.scope, &pages)
}

#[test]
fn a_saved_answer_to_another_question_is_a_gap() {
    type Change = fn(&mut Value);
    let foreign: [(Operation, &str, Change); 11] = [
        (Operation::ListUsers, "d-2", |answer| answer["Users"][0]["IdentityStoreId"] = json!("d-2")),
        (Operation::ListGroups, "d-2", |answer| answer["Groups"][0]["IdentityStoreId"] = json!("d-2")),
        (Operation::ListGroupMemberships, "g-other", |answer| {
            answer["GroupMemberships"][0]["GroupId"] = json!("g-other");
        }),
        (Operation::DescribePermissionSet, "ps-2", |answer| {
            answer["PermissionSet"]["PermissionSetArn"] = json!("arn:aws:sso:::permissionSet/ssoins-1/ps-2");
        }),
        (Operation::ListAccountAssignments, "999988887777", |answer| {
            answer["AccountAssignments"][0]["AccountId"] = json!("999988887777");
        }),
        (Operation::ListApplications, "ssoins-2", |answer| {
            let arn = "arn:aws:sso::111122223333:application/ssoins-2/apl-1";
            answer["Applications"] = json!([{"ApplicationArn": arn, "InstanceArn": "arn:aws:sso:::instance/ssoins-2"}]);
        }),
        (Operation::ListApplicationAssignments, "apl-2", |answer| {
            let arn = "arn:aws:sso::111122223333:application/ssoins-1/apl-2";
            let one = json!({"ApplicationArn": arn, "PrincipalType": "USER", "PrincipalId": "u-ada"});
            answer["ApplicationAssignments"] = json!([one]);
        }),
        (Operation::GetAccountAuthorizationDetails, "999988887777", |answer| {
            answer["UserDetailList"][0]["Arn"] = json!("arn:aws:iam::999988887777:user/svc-backup");
        }),
        (Operation::GetAccountAuthorizationDetails, "999988887777", |answer| {
            answer["RoleDetailList"][0]["Arn"] = json!("arn:aws:iam::999988887777:role/ops/deploy");
        }),
        (Operation::GetCallerIdentity, "999988887777", |answer| {
            answer["Arn"] = json!("arn:aws:sts::999988887777:assumed-role/Auditor/x");
        }),
        (Operation::GetCredentialReport, "999988887777", |answer| {
            use base64::Engine as _;
            let report = "user,arn\n<root_account>,arn:aws:iam::999988887777:root\n";
            answer["Content"] = json!(base64::engine::general_purpose::STANDARD.encode(report));
        }),
    ];
    for (operation, named, change) in foreign {
        let snapshot = with(operation, change);
        let told = |gap: &&std::sync::Arc<rollcall::model::Gap>| {
            let Why::Unreadable { detail } = &gap.why else { return false };
            gap.source == operation.api() && gap.hides == Hides::Grants && detail.contains(named)
        };
        assert!(snapshot.gaps.iter().any(|gap| told(&gap)), "{operation}: {:?}", snapshot.gaps);
    }
}

#[test]
fn a_role_that_is_assumed_in_another_account_than_asked_is_a_gap_there() {
    let fault = Fault::of(Trouble::Foreign).on("sts:AssumeRole");
    let mut world = world();
    world.add_account("200000000009", "member");
    let simulator = Simulator::start(world, Faults::none().with(fault));
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect_from(&simulator, folder.path());
    let gap = snapshot.gaps.iter().find(|gap| gap.source == "sts:AssumeRole").expect("a gap");
    assert_eq!(gap.account.map(|account| account.to_string()).as_deref(), Some("200000000009"));
    assert_eq!(simulator.ledger().of("iam:GetAccountAuthorizationDetails").answered, 1, "nothing is asked with it");
}

#[test]
fn an_empty_token_is_not_the_end_of_a_saved_listing() {
    let snapshot = with(Operation::ListUsers, |answer| answer["NextToken"] = json!(""));
    assert_eq!(snapshot.gaps.iter().map(|gap| &gap.why).collect::<Vec<_>>(), [&Why::Cut { pages: 1 }]);
    // IAM says by a word of its own that there is no more.
    let snapshot = with(Operation::GetAccountAuthorizationDetails, |answer| answer["Marker"] = json!(""));
    assert_eq!(snapshot.gaps, []);
}

#[test]
fn whatever_the_account_counts_more_of_than_was_listed_is_a_gap() {
    for (kind, unseen) in [
        ("Users", "some IAM users or groups of 111122223333"),
        ("Groups", "some IAM users or groups of 111122223333"),
        ("Roles", "some IAM roles of 111122223333"),
        ("Policies", "some IAM policies of 111122223333"),
    ] {
        let snapshot = with(Operation::GetAccountSummary, |answer| answer["SummaryMap"][kind] = json!(99));
        let gaps: Vec<_> =
            snapshot.gaps.iter().map(|gap| (rollcall::wording::unseen_in_file(&gap.unseen), gap.hides)).collect();
        assert_eq!(gaps, [(unseen.to_owned(), Hides::Grants)], "{kind}");
    }
    let snapshot = with(Operation::GetAccountSummary, |answer| {
        answer["SummaryMap"]["Roles"] = json!(1);
        answer["SummaryMap"]["Policies"] = json!(1);
    });
    assert_eq!(snapshot.gaps, [], "what is counted is listed");
}

#[test]
fn where_an_account_counts_more_it_is_listed_once_more() {
    let fault = Fault::of(Trouble::LeftOut).on("iam:GetAccountAuthorizationDetails").times(1);
    let simulator = Simulator::start(world(), Faults::none().with(fault));
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(collect_from(&simulator, folder.path()).gaps, []);
    assert_eq!(simulator.ledger().of("iam:GetAccountAuthorizationDetails").answered, 2);
    let fault = Fault::of(Trouble::LeftOut).on("iam:GetAccountAuthorizationDetails");
    let [said] = &hiding(&under(fault))[..] else { panic!("one gap") };
    assert!(said.contains("AWS counts 1 users in the account but listed 0"), "{said}");
}

#[test]
fn saved_output_that_says_something_else_is_no_answer_without_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let small = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/aws/small"));
    for entry in std::fs::read_dir(small).unwrap().map(Result::unwrap) {
        std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let inline = folder.path().join("11-get-inline-policy-for-permission-set.json");
    std::fs::write(inline, "{\"message\": \"no healthy upstream\"}").unwrap();
    let snapshot = from_files(folder.path()).unwrap().snapshot;
    assert_eq!(
        hiding(&snapshot),
        ["inline policy of `Admin`: `sso:GetInlinePolicyForPermissionSet`: the answer could not be understood: \
          `11-get-inline-policy-for-permission-set.json`: the answer has none of the fields of this operation"]
    );
}
