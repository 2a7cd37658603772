//! Whether policies make somebody an administrator: the documents decide, and what they do not say is unknown.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use proptest::prelude::*;
use rollcall::compare::administrative::{self, Place, Policy, Says};
use rollcall::model::{Administrative, Credentials, IamPolicy, IamUser, Known, PolicyDocument, PolicyWay, fits};
use serde_json::{Value, json};

use crate::support::{python_program, root};

/// The judgement of documents that somebody has together, in one line.
fn judged(documents: &[Value]) -> String {
    match judge(documents) {
        Administrative::Yes(how) => format!("yes: {how}"),
        Administrative::No => "no".to_owned(),
        Administrative::Unknown(why) => format!("unknown: {why}"),
    }
}

fn judge(documents: &[Value]) -> Administrative {
    judge_in(documents, Place::Member)
}

fn judge_in(documents: &[Value], place: Place) -> Administrative {
    let texts: Vec<String> = documents.iter().map(Value::to_string).collect();
    administrative::of(
        texts
            .iter()
            .enumerate()
            .map(|(number, text)| Policy { name: format!("P{}", number + 1), says: Says::Document(text) }),
        place,
    )
}

fn allows(action: impl Into<Value>, resource: impl Into<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": action.into(), "Resource": resource.into()}]})
}

fn denies(action: impl Into<Value>, resource: impl Into<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Deny", "Action": action.into(), "Resource": resource.into()}})
}

#[test]
fn whoever_may_do_everything_or_all_of_iam_is_an_administrator() {
    assert_eq!(judged(&[allows("*", "*")]), "yes: P1 allows everything");
    assert_eq!(judged(&[allows("*:*", "*")]), "yes: P1 allows everything");
    assert_eq!(judged(&[allows(json!(["s3:GetObject", "IAM:*"]), json!(["*"]))]), "yes: P1 allows `IAM:*`");
    assert_eq!(judged(&[allows("iam:*", "arn:aws:iam::*:*")]), "yes: P1 allows `iam:*`");
    assert_eq!(judged(&[allows("i?m:Put*", "arn:*")]), "yes: P1 allows `i?m:Put*`");
}

#[test]
fn each_known_way_to_become_an_administrator_is_seen() {
    for action in [
        "iam:CreatePolicyVersion",
        "iam:SetDefaultPolicyVersion",
        "iam:AttachUserPolicy",
        "iam:AttachGroupPolicy",
        "iam:AttachRolePolicy",
        "iam:PutUserPolicy",
        "iam:PutGroupPolicy",
        "iam:PutRolePolicy",
        "iam:AddUserToGroup",
        "iam:CreateAccessKey",
        "iam:CreateLoginProfile",
        "iam:UpdateLoginProfile",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateSAMLProvider",
        "sts:AssumeRole",
        "sso:CreateAccountAssignment",
        "sso:*",
        "sso-directory:*",
        "identitystore:*",
        "organizations:*",
    ] {
        assert_eq!(judged(&[allows(action, "*")]), format!("yes: P1 allows `{action}`"));
    }
}

#[test]
fn a_role_may_be_passed_to_a_service_only_where_the_service_can_be_made_to_use_it() {
    assert_eq!(judged(&[allows("iam:PassRole", "*")]), "no");
    assert_eq!(judged(&[allows(json!(["rds:*", "ec2:RunInstances"]), "*")]), "no");
    assert_eq!(judged(&[allows(json!(["iam:PassRole", "s3:PutObject", "lambda:GetFunction"]), "*")]), "no");
    assert_eq!(
        judged(&[allows(json!(["iam:PassRole", "lambda:CreateFunction"]), "*")]),
        "unknown: P1 allows `iam:PassRole`, and P1 allows `lambda:CreateFunction`"
    );
    assert_eq!(
        judged(&[allows(json!(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]), "*")]),
        "yes: P1 allows `iam:PassRole` with `lambda:CreateFunction` with `lambda:InvokeFunction`"
    );
    assert_eq!(
        judged(&[
            allows("iam:PassRole", "arn:aws:iam::111122223333:role/*"),
            allows("ec2:*", "arn:aws:ec2:eu-west-1:*:*"),
        ]),
        "yes: P1 allows `iam:PassRole` and P2 allows `ec2:*`"
    );
    assert_eq!(
        judged(&[allows("iam:PassRole", "arn:aws:iam::111122223333:role/app"), allows("ec2:*", "*")]),
        "unknown: P1 allows `iam:PassRole` on some resources"
    );
}

#[test]
fn everything_but_iam_and_the_organization_is_not_administrative_and_everything_but_less_may_be() {
    let all_but = |not: Value| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "NotAction": not, "Resource": "*"}]});
    // As AWS writes `PowerUserAccess`.
    assert_eq!(judged(&[all_but(json!(["iam:*", "organizations:*", "account:*"]))]), "no");
    assert_eq!(judged(&[all_but(json!("iam:*"))]), "unknown: P1 allows almost all actions, including `sts:AssumeRole`");
    assert_eq!(
        judged(&[all_but(json!("s3:*"))]),
        "yes: P1 allows almost all actions, including `iam:CreatePolicyVersion`"
    );
    assert_eq!(
        judged(&[all_but(json!(["iam:Create*", "iam:Set*"]))]),
        "yes: P1 allows almost all actions, including `iam:AttachUserPolicy`"
    );
}

#[test]
fn what_is_allowed_on_oneself_counts_where_oneself_is_enough() {
    let oneself = "arn:aws:iam::*:user/${aws:username}";
    assert_eq!(judged(&[allows(json!(["iam:CreateAccessKey", "iam:UpdateLoginProfile"]), oneself)]), "no");
    assert_eq!(judged(&[allows("iam:PutUserPolicy", oneself)]), "yes: P1 allows `iam:PutUserPolicy`");
    for limit in ["iam:DeleteUserPermissionsBoundary", "iam:DetachUserPolicy", "iam:*PermissionsBoundary"] {
        let freed = format!("unknown: P1 allows `{limit}`, which may give access");
        assert_eq!(judged(&[allows(limit, oneself)]), freed);
    }
    assert_eq!(
        judged(&[allows("iam:CreateAccessKey", "arn:aws:iam::*:user/*")]),
        "yes: P1 allows `iam:CreateAccessKey`"
    );
}

#[test]
fn what_is_allowed_on_some_is_unknown() {
    for resource in ["arn:aws:iam::111122223333:role/app-*", "arn:aws:iam::111122223333:role/one"] {
        assert_eq!(
            judged(&[allows("iam:PutRolePolicy", resource)]),
            "unknown: P1 allows `iam:PutRolePolicy` on some resources"
        );
    }
    let but_some = json!({"Statement": {"Effect": "Allow", "Action": "iam:*", "NotResource": "arn:aws:iam::*:role/x"}});
    assert_eq!(judged(&[but_some]), "unknown: P1 allows `iam:CreatePolicyVersion` on some resources");
}

#[test]
fn a_condition_on_the_caller_changes_nothing_and_any_other_makes_it_unknown() {
    let under = |condition: Value| json!({"Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*", "Condition": condition}]});
    let with_second_factor = under(json!({"Bool": {"aws:multifactorauthpresent": true}}));
    assert_eq!(judged(&[with_second_factor]), "yes: P1 allows `iam:*`");
    let with_boundary = under(json!({"StringEquals": {"iam:PermissionsBoundary": ["arn:aws:iam::1:policy/b"]}}));
    assert_eq!(
        judged(&[with_boundary]),
        "unknown: P1 allows `iam:CreatePolicyVersion` under a condition on `iam:PermissionsBoundary`"
    );
}

#[test]
fn a_denial_counts_only_where_it_is_of_everything_and_always() {
    assert_eq!(judged(&[allows("*", "*"), denies(json!(["iam:*", "organizations:*"]), "*")]), "no");
    assert_eq!(judged(&[allows("*", "*"), denies("iam:*", "*")]), "unknown: P1 allows everything that is not denied");
    assert_eq!(judged(&[allows("*", "*"), denies("s3:*", "*")]), "yes: P1 allows everything");
    assert_eq!(judged(&[allows("*", "*"), denies("iam:*", "arn:aws:iam::*:role/x")]), "yes: P1 allows everything");
    let without_second_factor = json!({"Statement": [{"Effect": "Deny", "NotAction": "iam:ListUsers", "Resource": "*",
        "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}]});
    assert_eq!(judged(&[allows("*", "*"), without_second_factor]), "yes: P1 allows everything");
    let all_but_reading = json!({"Statement": [{"Effect": "Deny", "NotAction": "s3:Get*", "Resource": "*"}]});
    assert_eq!(judged(&[allows("*", "*"), all_but_reading]), "no");
}

#[test]
fn a_document_that_cannot_be_read_is_unknown_and_hides_no_other() {
    let strange = json!({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Verdict": 1}]});
    assert_eq!(
        judged(std::slice::from_ref(&strange)),
        "unknown: P1 could not be read: a statement has the unknown element `Verdict`"
    );
    assert_eq!(judged(&[strange, allows("*", "*")]), "yes: P2 allows everything");
    for text in ["", "{", "[]", "{\"Statement\": [7]}", "{\"Statement\": {\"Effect\": \"Allow\"}}"] {
        assert!(PolicyDocument::parse(text).is_err(), "{text}");
    }
}

#[test]
fn an_aws_managed_policy_is_its_name_only_where_aws_owns_the_name() {
    let named_in = |place, arn| administrative::of([Policy { name: "P".to_owned(), says: Says::Arn(arn) }], place);
    let named = |arn| named_in(Place::Member, arn);
    assert!(named("arn:aws:iam::aws:policy/AdministratorAccess").is_yes());
    assert!(named("arn:aws-us-gov:iam::aws:policy/IAMFullAccess").is_yes());
    assert_eq!(named("arn:aws:iam::aws:policy/PowerUserAccess"), Administrative::No);
    assert!(named_in(Place::Management, "arn:aws:iam::aws:policy/PowerUserAccess").is_yes());
    let not_read = Administrative::Unknown("the document of P was not read".to_owned());
    assert_eq!(named("arn:aws:iam::aws:policy/AWSLambda_FullAccess"), not_read);
    assert_eq!(named("arn:aws:iam::111122223333:policy/AdministratorAccess"), not_read);
    assert_eq!(named("arn:aws:iam::aws:policy/path/AdministratorAccess"), not_read);
    // A customer's own path may hold any text.
    assert_eq!(named("arn:aws:iam::111122223333:policy/x:iam::aws:policy/ReadOnlyAccess"), not_read);
}

/// The documents of all policies that AWS manages, by path and name, as moto ships them.
fn of_aws() -> BTreeMap<String, Value> {
    const SCRIPT: &str = "import json\n\
        from moto.iam.aws_managed_policies import aws_managed_policies_data as data\n\
        print(json.dumps({(p['Path'] + n).lstrip('/'): p['Document'] for n, p in json.loads(data).items()}))";
    let output = Command::new(python_program("python")).args(["-c", SCRIPT]).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_policy_of_aws_is_read_and_few_are_administrative() {
    let documents = of_aws();
    let (mut administrative, mut unknown) = (BTreeSet::new(), 0);
    for (path, document) in &documents {
        let text = document.to_string();
        assert!(PolicyDocument::parse(&text).is_ok(), "{path}");
        let by_document = judge(std::slice::from_ref(document));
        let arn = format!("arn:aws:iam::aws:policy/{path}");
        let by_name = administrative::of([Policy { name: "P".to_owned(), says: Says::Arn(&arn) }], Place::Member);
        let agree = std::mem::discriminant(&by_name) == std::mem::discriminant(&by_document);
        assert!(agree || matches!(by_name, Administrative::Unknown(_)), "{path} is {by_document:?}");
        match by_document {
            Administrative::Yes(_) => _ = administrative.insert(path.as_str()),
            Administrative::Unknown(_) => unknown += 1,
            Administrative::No => {}
        }
    }
    for known in ["AdministratorAccess", "IAMFullAccess", "AWSSSOMasterAccountAdministrator"] {
        assert!(administrative.contains(known), "{administrative:?}");
    }
    // What AWS manages is meant for one service each, so next to none makes an administrator.
    assert!(documents.len() > 1000 && administrative.len() * 50 < documents.len(), "{administrative:#?}");
    assert!(unknown * 5 < documents.len(), "{unknown} of {}", documents.len());
}

/// What people commonly have, and what does not make them administrators.
#[test]
fn common_policies_of_aws_are_not_administrative() {
    let documents = of_aws();
    for path in [
        "AWSBillingReadOnlyAccess",
        "AWSCloudTrail_ReadOnlyAccess",
        "AWSSupportAccess",
        "AWSXRayDaemonWriteAccess",
        "AmazonAthenaFullAccess",
        "AmazonDynamoDBFullAccess",
        "AmazonEC2ContainerRegistryPowerUser",
        "AmazonEC2ReadOnlyAccess",
        "AmazonKinesisFullAccess",
        "AmazonRDSFullAccess",
        "AmazonRoute53FullAccess",
        "AmazonS3FullAccess",
        "AmazonSNSFullAccess",
        "AmazonSQSFullAccess",
        "AmazonSSMManagedInstanceCore",
        "AmazonSSMReadOnlyAccess",
        "AmazonVPCFullAccess",
        "CloudWatchAgentServerPolicy",
        "CloudWatchFullAccess",
        "CloudWatchLogsFullAccess",
        "IAMReadOnlyAccess",
        "IAMUserChangePassword",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "SecurityAudit",
        "job-function/Billing",
        "job-function/SupportUser",
        "job-function/ViewOnlyAccess",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AmazonECSTaskExecutionRolePolicy",
    ] {
        assert_eq!(judged(std::slice::from_ref(&documents[path])), "no", "{path}");
    }
}

#[test]
fn power_users_of_the_account_that_manages_the_organization_are_administrators() {
    let power_user = [of_aws().remove("PowerUserAccess").unwrap()];
    assert!(judge_in(&power_user, Place::Management).is_yes());
    assert!(matches!(judge_in(&power_user, Place::Unsaid), Administrative::Unknown(_)));
    assert_eq!(judge_in(&power_user, Place::Member), Administrative::No);
}

/// Each row of a file of paths: its name, and the actions that the path needs.
fn paths(file: &str) -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(root().join("tests/data/escalation").join(file)).unwrap();
    let rows = text.lines().skip(1).map(|row| {
        let (name, actions) = row.split_once(',').unwrap();
        (name.to_owned(), actions.split(' ').map(str::to_owned).collect())
    });
    rows.collect()
}

/// The paths are those of pathfinding.cloud: name and permissions of each.
#[test]
fn no_published_path_to_administration_counts_as_harmless() {
    let published = paths("pathfinding.csv");
    assert_eq!(published.len(), 65);
    for (path, actions) in published.iter().chain(&paths("kinds.csv")) {
        let together = judge(&[allows(actions.clone(), "*")]);
        assert_ne!(together, Administrative::No, "{path}: {actions:?}");
        let apart: Vec<Value> = actions.iter().map(|action| allows(action.as_str(), "*")).collect();
        assert_ne!(judge(&apart), Administrative::No, "{path}: {actions:?}, each in a policy of its own");
        // What the path needs and something besides, as people hold it.
        let besides = json!({"Statement": [
            {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "*"},
            {"Effect": "Allow", "Action": actions, "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::secret/*"}]});
        assert_ne!(judge(&[besides]), Administrative::No, "{path}: {actions:?}, among others");
    }
}

#[test]
fn a_path_is_closed_where_what_it_needs_is_denied_and_not_where_something_else_is() {
    for (path, actions) in paths("pathfinding.csv") {
        let denied = judge(&[allows(actions.clone(), "*"), denies("*", "*")]);
        assert_eq!(denied, Administrative::No, "{path}");
        let elsewhere = judge(&[allows(actions.clone(), "*"), denies("quantumforge:*", "*")]);
        assert_ne!(elsewhere, Administrative::No, "{path}");
    }
}

#[test]
fn a_role_that_is_passed_to_a_service_which_uses_it_for_one_purpose_gains_nothing() {
    let passing = |condition: Value| {
        json!({"Statement": [
            {"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": condition},
            {"Effect": "Allow", "Action": ["rds:*", "quantumforge:*"], "Resource": "*"}]})
    };
    let only = |services: Value| judged(&[passing(json!({"StringEquals": {"iam:PassedToService": services}}))]);
    assert_eq!(only(json!("monitoring.rds.amazonaws.com")), "no");
    assert_eq!(only(json!(["backup.amazonaws.com", "vpc-flow-logs.amazonaws.com"])), "no");
    for open in [json!("quantumforge.amazonaws.com"), json!(["backup.amazonaws.com", "ec2.amazonaws.com"]), json!("*")]
    {
        assert!(only(open.clone()).starts_with("unknown"), "{open}");
    }
    let not = judged(&[passing(json!({"StringNotEquals": {"iam:PassedToService": "backup.amazonaws.com"}}))]);
    assert!(not.starts_with("unknown"), "{not}");
    let linked = "arn:aws:iam::*:role/aws-service-role/lex.amazonaws.com/AWSServiceRoleForLexBots";
    assert_eq!(judged(&[allows("iam:PassRole", linked), allows("ec2:*", "*")]).split(':').next(), Some("unknown"));
    assert_eq!(judged(&[allows("iam:PassRole", linked), allows("ec2:RunInstances", "*")]), "no");
}

#[test]
fn a_boundary_that_may_allow_a_way_leaves_what_is_known_unknown() {
    let iam = |document: Value, boundary: Value| {
        let policy = |name: &str, document: Value| IamPolicy {
            way: PolicyWay::Attached,
            name: name.to_owned(),
            arn: Some(format!("arn:aws:iam::111122223333:policy/{name}")),
            document: Some(document.to_string().into()),
        };
        let user = IamUser {
            groups: Vec::new(),
            id: None,
            name: "u".to_owned(),
            arn: "arn:aws:iam::111122223333:user/u".to_owned(),
            created: None,
            policies: vec![policy("own", document)],
            boundary: Some(policy("limit", boundary)),
            tags: BTreeMap::new(),
            credentials: Known::Is(Credentials::default()),
        };
        administrative::user(&user, Place::Member)
    };
    assert!(iam(allows("*", "*"), allows("*", "*")).is_yes());
    assert_eq!(iam(allows("*", "*"), allows("s3:*", "*")), Administrative::No);
    assert!(matches!(iam(allows("*", "*"), allows("lambda:*", "*")), Administrative::Unknown(_)));
}

#[test]
fn patterns_fit_as_iam_has_them() {
    for (pattern, text) in
        [("*", ""), ("iam:*", "IAM:GetUser"), ("a*b*c", "aXbYbZc"), ("?b", "ab"), ("a**", "a"), ("*?", "x")]
    {
        assert!(fits(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("", "a"), ("a", ""), ("iam:Get", "iam:GetUser"), ("a*b", "aXc"), ("?", ""), ("*?", "")] {
        assert!(!fits(pattern, text), "{pattern} {text}");
    }
}

/// Any JSON at all.
fn anything() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "Statement",
        "Effect",
        "Allow",
        "Deny",
        "Action",
        "NotAction",
        "Resource",
        "NotResource",
        "Principal",
        "AWS",
        "Condition",
        "*",
        "iam:*",
        "Bool",
        "aws:SourceIp",
        "${aws:username}",
        "ä",
        "",
    ]);
    let words = words.prop_map(str::to_owned).boxed();
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(words.clone(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A statement of the grammar.
fn statement() -> impl Strategy<Value = Value> {
    let actions = prop::sample::subsequence(
        vec!["*", "iam:*", "iam:PassRole", "ec2:*", "iam:PutUserPolicy", "s3:Get*", "sts:AssumeRole", "lambda:*"],
        1..4,
    );
    let resources = prop::sample::select(vec![
        "*",
        "arn:aws:iam::*:user/*",
        "arn:aws:iam::1:role/a*",
        "arn:aws:iam::*:user/${aws:username}",
    ]);
    let condition = prop::sample::select(vec![
        json!({}),
        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        json!({"StringEquals": {"aws:ResourceTag/x": "y"}}),
    ]);
    let element = prop::sample::select(vec!["Action", "NotAction"]);
    (element, actions, resources, condition).prop_map(|(element, actions, resource, condition)| {
        json!({"Effect": "Allow", element: actions, "Resource": resource, "Condition": condition})
    })
}

fn denying(mut statement: Value) -> Value {
    statement["Effect"] = json!("Deny");
    statement
}

fn rank(judged: &Administrative) -> u8 {
    match judged {
        Administrative::No => 0,
        Administrative::Unknown(_) => 1,
        Administrative::Yes(_) => 2,
    }
}

proptest! {
    #[test]
    fn no_document_makes_the_reader_panic(document in anything(), text in "\\PC{0,40}") {
        drop(judge(&[document, json!(text.clone())]));
        drop(PolicyDocument::parse(&text));
    }

    #[test]
    fn patterns_fit_themselves_and_what_a_star_stands_for(before in "[a-z:]{0,5}", middle in "[a-z*?]{0,5}", after in "[a-z]{0,5}") {
        let text = format!("{before}{middle}{after}");
        prop_assert!(fits(&text, &text));
        let pattern = format!("{before}*{after}");
        prop_assert!(fits(&pattern, &text));
    }

    #[test]
    fn to_allow_more_never_makes_anybody_less_of_an_administrator(
        held in prop::collection::vec((statement(), any::<bool>()), 0..4), more in statement(), together in any::<bool>(),
    ) {
        let held: Vec<Value> = held.into_iter().map(|(one, allows)| if allows { one } else { denying(one) }).collect();
        let before = judge(&[json!({"Statement": held.clone()})]);
        let after = if together {
            judge(&[json!({"Statement": held.into_iter().chain([more]).collect::<Vec<_>>()})])
        } else {
            judge(&[json!({"Statement": held}), json!({"Statement": more})])
        };
        prop_assert!(rank(&after) >= rank(&before), "{before:?} became {after:?}");
    }

    #[test]
    fn to_deny_more_never_makes_anybody_more_of_an_administrator(
        held in prop::collection::vec(statement(), 0..4), less in statement(),
    ) {
        let before = judge(&[json!({"Statement": held.clone()})]);
        let after = judge(&[json!({"Statement": held}), json!({"Statement": denying(less)})]);
        prop_assert!(rank(&after) <= rank(&before), "{before:?} became {after:?}");
    }
}

#[test]
fn a_document_that_can_be_read_in_two_ways_says_nothing() {
    let said = |text: &str| match administrative::of(
        [Policy { name: "P".to_owned(), says: Says::Document(text) }],
        Place::Member,
    ) {
        Administrative::Unknown(why) => why,
        other @ (Administrative::Yes(_) | Administrative::No) => panic!("{text}: {other:?}"),
    };
    for (text, why) in [
        (
            r#"{"Statement":{"Effect":"Allow","Action":"*","Action":"s3:GetObject","Resource":"*"}}"#,
            "`Action` appears twice",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}],"Statement":[]}"#,
            "`Statement` appears twice",
        ),
        (r#"{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}"#, "unknown effect"),
        (r#"{"Statement":{"Effect":"Allow","Action":" iam:*","Resource":"*"}}"#, "invalid action"),
    ] {
        assert!(said(text).contains(why), "{}", said(text));
    }
}

#[test]
fn what_is_allowed_on_the_resources_of_a_service_that_gives_no_access_is_none() {
    assert_eq!(judged(&[allows("*", "arn:aws:s3:::bucket/*")]), "no");
    assert_eq!(judged(&[allows("*", json!(["arn:aws:sqs:eu-west-1:111122223333:jobs", "arn:aws:s3:::b"]))]), "no");
    assert!(judged(&[allows("*", "arn:aws:lambda:eu-west-1:111122223333:function:f")]).starts_with("unknown: "));
}

#[test]
fn what_makes_something_run_that_is_there_may_be_administrative() {
    for action in [
        "airflow:CreateCliToken",
        "amplify:StartJob",
        "cognito-identity:UpdateIdentityPool",
        "config:PutRemediationConfigurations",
        "deadline:AssumeQueueRoleForUser",
        "elasticbeanstalk:UpdateEnvironment",
        "glue:StartJobRun",
        "imagebuilder:StartImagePipelineExecution",
        "iot:UpdateRoleAlias",
        "sagemaker:StartSession",
        "servicecatalog:ProvisionProduct",
    ] {
        assert!(judged(&[allows(action, "*")]).starts_with("unknown: "), "{action}");
    }
}
