//! Pages in any order end in one snapshot, and what was not answered to its end is a gap.

use std::path::PathBuf;

use base64::Engine;
use proptest::prelude::*;
use rollcall::aws::failure::{Failure, Kind};
use rollcall::collect::build::fold;
use rollcall::collect::journal::page::{Call, Operation, Outcome, Page, Parameters};
use rollcall::collect::{Collected, from_files};
use rollcall::model::{Extent, Gap, Hides, Snapshot, Trusted, What, Why};

fn small() -> Collected {
    from_files(&PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/aws/small")))
        .expect("a folder that can be read")
}

fn folded(change: impl FnOnce(&mut Vec<Page>)) -> Snapshot {
    let mut collected = small();
    change(&mut collected.pages);
    fold(&collected.snapshot.scope, &collected.pages)
}

fn of(pages: &mut [Page], operation: Operation) -> &mut Page {
    pages.iter_mut().find(|page| page.call.operation == operation).expect("a page of the operation")
}

fn only_gap(snapshot: &Snapshot) -> &Gap {
    assert_eq!(snapshot.gaps.len(), 1, "{:#?}", snapshot.gaps);
    &snapshot.gaps[0]
}

#[test]
fn a_whole_world_has_no_gap() {
    assert_eq!(small().snapshot.gaps, []);
}

#[test]
fn who_is_only_pointed_at_is_seen_and_not_listed() {
    let snapshot = small().snapshot;
    let users: Vec<_> = snapshot.users.seen().map(|user| (user.user_name.as_str(), user.listed)).collect();
    assert_eq!(users, [("ada@corp.example", true), ("bo@corp.example", true), ("u-gone", false)]);
    let groups: Vec<_> = snapshot.groups.seen().map(|group| (group.name.as_str(), group.listed)).collect();
    assert_eq!(groups, [("AWS-Admins", true), ("AWS-Empty", true), ("g-gone", false)]);
    let accounts: Vec<_> = snapshot.accounts.seen().map(|account| (account.id.to_string(), account.listed)).collect();
    assert_eq!(accounts, [("111122223333".to_owned(), true), ("444455556666".to_owned(), false)]);
}

#[test]
fn facts_are_read_in_both_ways_in_which_the_aws_cli_writes_them() {
    let snapshot = small().snapshot;
    let mut users = snapshot.users.seen();
    let (ada, bo) = (users.next().unwrap(), users.next().unwrap());
    assert_eq!(ada.mails, ["ada@corp.example", "old@corp.example"]);
    assert_eq!(ada.created.unwrap().to_rfc3339(), "2025-11-20T08:00:00.250+00:00");
    assert_eq!(bo.created.unwrap().to_rfc3339(), "2026-01-02T03:04:05+00:00");
    assert_eq!(bo.display_name, None, "an empty text is not a name");
}

#[test]
fn an_iam_user_has_policies_by_every_way_and_the_reports_facts() {
    let snapshot = small().snapshot;
    let user = snapshot.iam[0].users.seen().next().unwrap();
    let policies: Vec<_> = user
        .policies
        .iter()
        .map(|policy| (format!("{:?}", policy.way), policy.name.as_str(), policy.document.is_some()))
        .collect();
    assert_eq!(
        policies,
        [
            ("Attached".to_owned(), "corp", true),
            ("Inline".to_owned(), "own", true),
            ("Group(\"ops\")".to_owned(), "ReadOnlyAccess", false)
        ]
    );
    let credentials = user.credentials.is().unwrap();
    assert_eq!((credentials.password, credentials.active_keys, credentials.mfa), (Some(false), 1, false));
    assert_eq!(credentials.last_used.unwrap().to_rfc3339(), "2026-11-19T07:00:00+00:00");
}

#[test]
fn a_role_has_whom_it_trusts_and_its_policies() {
    let snapshot = small().snapshot;
    let role = snapshot.iam[0].roles.seen().next().unwrap();
    let trusts: Vec<_> = role.trusts.is().unwrap().iter().map(|trust| &trust.trusted).collect();
    let outsider = Trusted::Account("999988887777".parse().unwrap(), None);
    let (service, gone) = ("ec2.amazonaws.com".to_owned(), "AIDAGONEGONEGONE".to_owned());
    assert_eq!(trusts, [&outsider, &Trusted::Service(service), &Trusted::Gone(gone)]);
    assert_eq!(role.trusts.is().unwrap()[0].condition_keys(), ["sts:ExternalId"]);
    let policies: Vec<_> = role.policies.iter().map(|policy| (&*policy.name, policy.document.is_some())).collect();
    assert_eq!((role.path.as_str(), policies.as_slice()), ("/ops/", [("corp", true)].as_slice()));
    assert_eq!(role.last_used.unwrap().to_rfc3339(), "2026-11-01T00:00:00+00:00");
}

#[test]
fn a_journal_that_was_not_asked_for_roles_is_read_and_its_roles_are_a_gap() {
    let snapshot = folded(|pages| {
        let page = of(pages, Operation::GetAccountAuthorizationDetails);
        page.call.parameters = Parameters::of([("Filter", "User Group LocalManagedPolicy")]);
        let text = r#"{"UserDetailList": [], "GroupDetailList": [], "Policies": []}"#;
        page.outcome = Outcome::of_text(text).unwrap();
        of(pages, Operation::GetAccountSummary).outcome = Outcome::of_text(r#"{"SummaryMap": {}}"#).unwrap();
    });
    let gap = only_gap(&snapshot);
    assert_eq!(
        (rollcall::wording::unseen_in_file(&gap.unseen).as_str(), &gap.why),
        ("IAM roles of 111122223333 and their trust policies", &Why::NotAsked)
    );
    assert!(matches!(snapshot.iam[0].users.extent(), Extent::Whole(_)), "what was asked for is there");
}

#[test]
fn every_call_that_nobody_asked_is_a_gap_of_its_own() {
    for operation in Operation::ALL {
        // The role is only assumed elsewhere, the report that is there need not be generated, accounts need not say
        // what permission sets say, whoever is listed need not be asked for, and nobody has to be asked twice.
        if matches!(
            operation,
            Operation::AssumeRole
                | Operation::GenerateCredentialReport
                | Operation::ListPermissionSetsProvisionedToAccount
                | Operation::DescribeOrganizationalUnit
                | Operation::ListGroupMembershipsForMember
                | Operation::ListAccountAssignmentsForPrincipal
                | Operation::DescribeUser
                | Operation::DescribeGroup
                | Operation::GetUserId
                | Operation::GetGroupId
        ) {
            continue;
        }
        let snapshot = folded(|pages| pages.retain(|page| page.call.operation != *operation));
        let named = snapshot.gaps.iter().any(|gap| gap.source == operation.api() && gap.why == Why::NotAsked);
        assert!(named, "{operation} is missed by nobody: {:#?}", snapshot.gaps);
    }
}

#[test]
fn a_page_that_announces_another_one_is_cut() {
    let snapshot = folded(|pages| {
        let page = of(pages, Operation::ListGroupMemberships);
        page.outcome = Outcome::of_text(r#"{"GroupMemberships": [], "NextToken": "more"}"#).unwrap();
    });
    let gap = only_gap(&snapshot);
    assert_eq!((&gap.unseen, &gap.why), (&What::Members.of("AWS-Admins"), &Why::Cut { pages: 1 }));
    let extents = snapshot.groups.seen().map(|group| matches!(group.members.extent(), Extent::Whole(_)));
    assert_eq!(extents.collect::<Vec<_>>(), [false, true, true], "one cut group costs no other");
}

#[test]
fn a_truncated_iam_listing_without_a_marker_is_cut() {
    let snapshot = folded(|pages| {
        let page = of(pages, Operation::GetAccountAuthorizationDetails);
        let text = r#"{"UserDetailList": [], "GroupDetailList": [], "Policies": [], "IsTruncated": true}"#;
        page.outcome = Outcome::of_text(text).unwrap();
    });
    assert_eq!(only_gap(&snapshot).why, Why::Cut { pages: 1 });
}

#[test]
fn an_iam_listing_with_a_narrower_filter_answers_nothing() {
    let snapshot = folded(|pages| {
        let call = &mut of(pages, Operation::GetAccountAuthorizationDetails).call;
        call.parameters = Parameters::of([("Filter", "Group")]);
    });
    assert_eq!(only_gap(&snapshot).why, Why::NotAsked);
}

#[test]
fn a_refusal_and_a_repeated_token_are_told_apart() {
    let failing = |kind, code: &str| {
        let failure = Failure::new(kind, code, "no");
        let snapshot = folded(|pages| of(pages, Operation::ListUsers).outcome = Outcome::Failure(failure));
        only_gap(&snapshot).why.clone()
    };
    assert_eq!(
        failing(Kind::Denied, "AccessDenied"),
        Why::Denied { code: "AccessDenied".to_owned(), message: "no".to_owned() }
    );
    assert_eq!(failing(Kind::TokenRepeated, "RepeatedToken"), Why::TokenRepeated);
    assert_eq!(
        failing(Kind::Throttled, "Throttling"),
        Why::Failed { code: "Throttling".to_owned(), message: "no".to_owned() }
    );
}

#[test]
fn a_page_of_another_operation_is_no_empty_list() {
    let snapshot =
        folded(|pages| of(pages, Operation::ListUsers).outcome = Outcome::of_text(r#"{"Groups": []}"#).unwrap());
    assert!(matches!(only_gap(&snapshot).why, Why::Unreadable { .. }));
}

proptest! {
    #[test]
    fn the_order_of_pages_never_matters(order in Just((0..small().pages.len()).collect::<Vec<_>>()).prop_shuffle()) {
        let Collected { snapshot, pages } = small();
        let shuffled: Vec<Page> = order.into_iter().map(|number| pages[number].clone()).collect();
        prop_assert_eq!(fold(&snapshot.scope, &shuffled), snapshot);
    }

    #[test]
    fn whom_a_role_trusts_is_read_or_a_gap_whatever_its_policy_says(
        effect in "(Allow|Deny|allow|Perhaps)", kind in "(AWS|Service|Federated|Planet)",
        principal in "(\\*|[0-9]{12}|A[A-Z0-9]{5,20}|arn:aws:iam::[0-9]{0,12}:[a-z:/-]{0,20}|\\PC{0,12})",
        action in "(sts:AssumeRole|sts:\\*|sts:TagSession|\\*)", key in "(sts:ExternalId|aws:PrincipalOrgID)",
    ) {
        let trust = serde_json::json!({"Statement": [{"Effect": effect, "Principal": {kind: principal}, "Action": action,
            "Condition": {"StringEquals": {key: "o-1"}}}]});
        let answer = serde_json::json!({"UserDetailList": [], "GroupDetailList": [], "Policies": [],
            "RoleDetailList": [{"RoleName": "r", "AssumeRolePolicyDocument": trust}]});
        let snapshot = folded(|pages| {
            of(pages, Operation::GetAccountAuthorizationDetails).outcome = Outcome::of_text(&answer.to_string()).unwrap();
            of(pages, Operation::GetAccountSummary).outcome = Outcome::of_text(r#"{"SummaryMap": {}}"#).unwrap();
        });
        let read = snapshot.iam[0].roles.seen().next().unwrap().trusts.is().is_some();
        prop_assert_eq!(snapshot.gaps.is_empty(), read, "what was not read is a gap, and nothing else");
    }
}

fn answered(pages: &mut [Page], operation: Operation, answer: &serde_json::Value) {
    of(pages, operation).outcome = Outcome::of_text(&answer.to_string()).unwrap();
}

fn credentials(snapshot: &Snapshot) -> rollcall::model::Credentials {
    snapshot.iam[0].users.seen().next().unwrap().credentials.is().unwrap().clone()
}

#[test]
fn a_listing_that_is_shorter_than_what_the_account_counts_is_a_gap_and_a_longer_one_is_none() {
    let counting = |users: u32| {
        let summary = serde_json::json!({"SummaryMap": {"Users": users, "Groups": 1}});
        folded(|pages| answered(pages, Operation::GetAccountSummary, &summary))
    };
    let shorter = counting(2);
    assert_eq!(only_gap(&shorter).hides, Hides::Grants);
    assert!(matches!(shorter.iam[0].users.extent(), Extent::Part(_)), "nobody can be called missing");
    assert_eq!(counting(0).gaps, []);
}

#[test]
fn passwords_for_single_services_count_as_keys_only_while_they_work() {
    let user = small().snapshot.iam[0].users.seen().next().unwrap().name.clone();
    let with = |status: &str| {
        let one = serde_json::json!({"ServiceSpecificCredentials": [{"UserName": user, "Status": status,
            "ServiceSpecificCredentialId": "ACCAEXAMPLE", "ServiceName": "bedrock.amazonaws.com"}]});
        credentials(&folded(|pages| answered(pages, Operation::ListServiceSpecificCredentials, &one)))
    };
    let counted = ["Active", "Inactive", "Expired", "Paused"].map(|status| with(status).service_credentials);
    assert_eq!(counted, [Some(1), Some(0), Some(0), Some(1)], "a word that is not known may open something");
    let unasked = folded(|pages| pages.retain(|page| page.call.operation != Operation::ListServiceSpecificCredentials));
    assert_eq!(credentials(&unasked).service_credentials, None, "unknown is not none");
    assert_eq!(only_gap(&unasked).hides, Hides::Grants);
}

#[test]
fn a_second_factor_that_is_younger_than_the_report_is_seen() {
    let user = small().snapshot.iam[0].users.seen().next().unwrap().name.clone();
    assert!(!credentials(&small().snapshot).mfa);
    let device = serde_json::json!({"VirtualMFADevices": [{"SerialNumber": "arn:aws:iam::111122223333:mfa/app",
        "EnableDate": "2026-11-20T07:59:00Z", "User": {"UserName": user, "Arn": "arn:aws:iam::111122223333:user/x"}}]});
    assert!(credentials(&folded(|pages| answered(pages, Operation::ListVirtualMFADevices, &device))).mfa);
}

#[test]
fn a_report_that_could_not_be_made_anew_is_said() {
    let snapshot = folded(|pages| {
        let denied = Failure::new(Kind::Denied, "AccessDenied", "no");
        of(pages, Operation::GenerateCredentialReport).outcome = Outcome::Failure(denied);
    });
    assert_eq!(only_gap(&snapshot).source, "iam:GenerateCredentialReport");
}

#[test]
fn an_answer_without_its_list_is_a_gap_and_no_empty_list() {
    let lists = Operation::ALL
        .iter()
        .filter(|operation| operation.cli().1.starts_with("list-"))
        .chain(&[Operation::GetAccountAuthorizationDetails, Operation::GetAccountSummary]);
    // Accounts are not asked for what their permission sets say, and nothing is asked by a second way. The former may
    // leave out its list.
    let not_asked = [
        Operation::ListPermissionSetsProvisionedToAccount,
        Operation::ListGroupMembershipsForMember,
        Operation::ListAccountAssignmentsForPrincipal,
    ];
    for &operation in lists.filter(|operation| !not_asked.contains(operation)) {
        let snapshot = folded(|pages| answered(pages, operation, &serde_json::json!({})));
        let unreadable = |gap: &Gap| gap.source == operation.api() && matches!(gap.why, Why::Unreadable { .. });
        assert!(snapshot.gaps.iter().any(|gap| unreadable(gap)), "{operation}: {:#?}", snapshot.gaps);
    }
}

#[test]
fn roles_that_were_asked_for_and_are_not_in_the_answer_are_a_gap() {
    let snapshot = folded(|pages| {
        let nothing = serde_json::json!({"UserDetailList": [], "GroupDetailList": [], "Policies": []});
        answered(pages, Operation::GetAccountAuthorizationDetails, &nothing);
        answered(pages, Operation::GetAccountSummary, &serde_json::json!({"SummaryMap": {}}));
    });
    let gap = only_gap(&snapshot);
    assert_eq!(gap.key(), "iam:GetAccountAuthorizationDetails/iam-roles:111122223333/unreadable");
    assert_eq!(gap.hides, Hides::Grants);
}

#[test]
fn a_second_factor_of_a_deleted_user_of_the_same_name_is_not_this_ones() {
    let user = small().snapshot.iam[0].users.seen().next().unwrap().clone();
    let mfa = |id: Option<&str>| {
        let holder = serde_json::json!({"UserName": user.name, "Arn": user.arn, "UserId": id.unwrap_or_default()});
        let device = serde_json::json!({"VirtualMFADevices": [{"SerialNumber": "arn:aws:iam::111122223333:mfa/app",
            "EnableDate": "2026-11-20T07:59:00Z", "User": holder}]});
        credentials(&folded(|pages| answered(pages, Operation::ListVirtualMFADevices, &device))).mfa
    };
    assert!(user.id.is_some());
    assert_eq!([mfa(user.id.as_deref()), mfa(None), mfa(Some("AIDAOLD"))], [true, true, false]);
}

#[test]
fn signing_certificates_of_the_root_user_are_seen_as_its_keys_are() {
    let header = "user,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,\
                  access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,\
                  cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
    let found = |of_root: &str, present: Option<u8>| {
        let lines = [
            header,
            &format!("{ROOT},{of_root},false,N/A"),
            "svc-backup,false,N/A,false,false,N/A,N/A,false,N/A,N/A,false,N/A,false,N/A",
        ];
        let content = base64::engine::general_purpose::STANDARD.encode(lines.join("\n"));
        let snapshot = folded(|pages| {
            let report = serde_json::json!({"Content": content, "GeneratedTime": "2026-11-20T06:00:00Z"});
            answered(pages, Operation::GetCredentialReport, &report);
            let mut counts = serde_json::json!({"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0});
            counts["AccountSigningCertificatesPresent"] = present.unwrap_or_default().into();
            if present.is_none() {
                counts.as_object_mut().unwrap().remove("AccountSigningCertificatesPresent");
            }
            answered(pages, Operation::GetAccountSummary, &serde_json::json!({ "SummaryMap": counts }));
        });
        let gaps: Vec<String> = snapshot.gaps.iter().map(|gap| gap.key()).collect();
        (snapshot.iam[0].root.is().unwrap().active_certificates, gaps)
    };
    let (none, active, inactive) = ("false,N/A", "true,2025-01-01T00:00:00Z", "false,2025-01-01T00:00:00Z");
    let certain = |number: u8| (number, Vec::new());
    assert_eq!([found(none, None), found(none, Some(0)), found(none, Some(1))], [certain(0), certain(0), certain(1)]);
    assert_eq!(
        [found(active, None), found(active, Some(1)), found(active, Some(2))],
        [certain(1), certain(1), certain(2)]
    );
    assert_eq!([found(inactive, Some(1)), found(inactive, Some(2))], [certain(0), certain(1)]);
    let denied = "iam:GetAccountSummary/root-certificate:111122223333/unreadable";
    assert_eq!(found(active, Some(0)), (0, vec![denied.to_owned()]));
}

/// A credential report of some columns, with these lines behind that of the root user.
fn report(made: Option<&str>, lines: &[&str]) -> serde_json::Value {
    let header = "user,password_enabled,password_last_used,mfa_active,access_key_1_active,access_key_1_last_rotated,\
                  access_key_1_last_used_date,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date";
    let content = base64::engine::general_purpose::STANDARD.encode([&[header], lines].concat().join("\n"));
    serde_json::json!({"Content": content, "GeneratedTime": made})
}

const ROOT: &str = "<root_account>,not_supported,no_information,true,false,N/A,N/A,false,N/A,N/A";

#[test]
fn a_user_whom_the_report_lacks_is_a_gap_unless_known_to_be_younger() {
    let with = |made: Option<&str>, lines: &[&str], summary: &serde_json::Value| {
        let snapshot = folded(|pages| {
            answered(pages, Operation::GetCredentialReport, &report(made, lines));
            answered(pages, Operation::GetAccountSummary, &serde_json::json!({"SummaryMap": summary}));
        });
        assert!(snapshot.iam[0].users.seen().next().unwrap().credentials.is().is_none(), "unknown is not none");
        // That these reports do not fit the time of the answers is another gap.
        let fitting = snapshot.gaps.iter().filter(|gap| gap.why.word() != "untimely");
        fitting.map(|gap| gap.key()).collect::<Vec<_>>()
    };
    let root = serde_json::json!({"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0});
    let gap = |whose: &str| vec![format!("iam:GetCredentialReport/credentials-of:111122223333/truncated/{whose}")];
    // The user was made on 2026-01-02 at 03:04:05.
    assert_eq!(with(Some("2026-01-02T03:04:05Z"), &[ROOT], &root), Vec::<String>::new());
    assert_eq!(with(Some("2026-01-02T03:04:06Z"), &[ROOT], &root), gap("svc-backup"));
    assert_eq!(with(None, &[ROOT], &root), gap("svc-backup"));
    assert_eq!(with(Some("2026-01-02T03:04:06Z"), &[], &root), gap("svc-backup"));
    let unknown = serde_json::json!({});
    assert_eq!(with(Some("2026-01-02T03:04:06Z"), &[], &unknown), gap("<root_account>+1"));
}

#[test]
fn a_key_of_the_root_user_that_is_younger_than_the_report_is_seen_and_one_that_is_gone_is_not() {
    let user = "svc-backup,false,N/A,false,false,N/A,N/A,false,N/A,N/A";
    let inactive = ROOT.replacen("false,N/A", "false,2025-01-01T00:00:00Z", 1);
    let active = ROOT.replacen("false,N/A", "true,2025-01-01T00:00:00Z", 1);
    let keys = |root: &str, present: u8| {
        let snapshot = folded(|pages| {
            answered(pages, Operation::GetCredentialReport, &report(Some("2026-11-20T06:00:00Z"), &[root, user]));
            let counts =
                serde_json::json!({"SummaryMap": {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": present}});
            answered(pages, Operation::GetAccountSummary, &counts);
        });
        let root = snapshot.iam[0].root.is().unwrap().clone();
        (root.active_keys, root.oldest_key.is_some())
    };
    assert_eq!([keys(ROOT, 0), keys(ROOT, 1), keys(ROOT, 2)], [(0, false), (1, false), (2, false)]);
    assert_eq!([keys(&active, 0), keys(&active, 1), keys(&active, 2)], [(0, false), (1, true), (2, true)]);
    assert_eq!([keys(&inactive, 0), keys(&inactive, 1), keys(&inactive, 2)], [(0, false), (0, false), (1, false)]);
    let without_line = folded(|pages| {
        pages.retain(|page| page.call.operation != Operation::GetCredentialReport);
        let counts = serde_json::json!({"SummaryMap": {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 1}});
        answered(pages, Operation::GetAccountSummary, &counts);
    });
    assert_eq!(without_line.iam[0].root.is().unwrap().active_keys, 1);
}

/// A role that was to be assumed, and how that ended in which second.
fn assumed(model: &Page, role: &str, second: u32, outcome: Outcome) -> Page {
    let arn = format!("arn:aws:iam::111122223333:role/{role}");
    let ended = model.ended + chrono::TimeDelta::seconds(second.into());
    let call = Call {
        operation: Operation::AssumeRole,
        account: Some("111122223333".parse().unwrap()),
        parameters: Parameters::of([("RoleArn", &arn)]),
    };
    Page { call, started: ended, ended, outcome, ..model.clone() }
}

#[test]
fn a_role_that_could_not_be_assumed_costs_nothing_that_was_read_in_spite_of_it() {
    let denied = || Outcome::Failure(Failure::new(Kind::Denied, "AccessDenied", "no"));
    let granted = || Outcome::of_text(r#"{"AssumedRoleUser": {"Arn": "arn:aws:sts::111122223333:x"}}"#).unwrap();
    let in_spite = folded(|pages| pages.push(assumed(&pages[0], "Audit", 0, denied())));
    assert_eq!((in_spite.gaps, in_spite.iam), (Vec::new(), small().snapshot.iam));
    let gaps = |roles: &[(&str, u32, Outcome)]| {
        let snapshot = folded(|pages| {
            pages.retain(|page| page.call.operation != Operation::GetAccountAuthorizationDetails);
            let model = pages[0].clone();
            pages.extend(roles.iter().map(|(role, second, outcome)| assumed(&model, role, *second, outcome.clone())));
        });
        snapshot.gaps.iter().filter(|gap| gap.hides == Hides::Grants).map(|gap| gap.source.clone()).collect::<Vec<_>>()
    };
    let (assume, details) = ("sts:AssumeRole", "iam:GetAccountAuthorizationDetails");
    assert_eq!(gaps(&[("Audit", 0, denied())]), [assume]);
    assert_eq!(gaps(&[("Audit", 0, denied()), ("Reader", 1, granted())]), [details]);
    assert_eq!(gaps(&[("Audit", 1, denied()), ("Reader", 0, granted())]), [assume]);
}

#[test]
fn a_word_of_the_report_that_is_not_known_is_a_gap() {
    let gaps = |line: &str| {
        let snapshot = folded(|pages| {
            answered(pages, Operation::GetCredentialReport, &report(Some("2026-11-20T06:00:00Z"), &[ROOT, line]));
        });
        let unknown = snapshot.iam[0].users.seen().next().unwrap().credentials.is().is_none();
        (unknown, snapshot.gaps.iter().map(|gap| gap.key()).collect::<Vec<_>>())
    };
    assert_eq!(gaps("svc-backup,false,N/A,false,true,N/A,N/A,false,N/A,N/A"), (false, Vec::new()));
    for odd in [
        "svc-backup,TRUE,N/A,false,false,N/A,N/A,false,N/A,N/A",
        "svc-backup,no_information,N/A,false,false,N/A,N/A,false,N/A,N/A",
        "svc-backup,false,N/A,false,yes,N/A,N/A,false,N/A,N/A",
    ] {
        let told = "iam:GetCredentialReport/credentials-of:111122223333/truncated/svc-backup";
        assert_eq!(gaps(odd), (true, vec![told.to_owned()]), "{odd}");
    }
}

#[test]
fn a_key_of_the_root_user_that_only_the_report_knows_is_a_gap() {
    let gaps = |root: &str, present: u8| {
        let user = "svc-backup,false,N/A,false,false,N/A,N/A,false,N/A,N/A";
        let snapshot = folded(|pages| {
            answered(pages, Operation::GetCredentialReport, &report(Some("2026-11-20T06:00:00Z"), &[root, user]));
            let counts =
                serde_json::json!({"SummaryMap": {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": present}});
            answered(pages, Operation::GetAccountSummary, &counts);
        });
        snapshot.gaps.iter().map(|gap| gap.key()).collect::<Vec<_>>()
    };
    let active = ROOT.replacen("false,N/A", "true,2025-01-01T00:00:00Z", 1);
    assert_eq!([gaps(ROOT, 0), gaps(&active, 1)], [const { Vec::<String>::new() }; 2]);
    assert_eq!(gaps(&active, 0), ["iam:GetAccountSummary/root-key:111122223333/unreadable"]);
}
