//! The rules about IAM, told as stories: roles that trust outsiders, root users, second factors, owners.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::model::{Kind, Known, Listing, Severity, StandingWord};
use rollcall::wording;
use serde_json::{Value, json};

use crate::story::{Story, group};
use crate::support::audited::Audited;

const OUTSIDER: &str = "999988887777";

/// The open findings of a small company to which this happened.
fn found(happens: impl FnOnce(&mut Story)) -> Vec<String> {
    let mut story = Story::small();
    happens(&mut story);
    Audited::of(&story).titles()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn a_role_that_trusts_an_outsider_is_reported_where_a_list_speaks_of_trusts() {
    let titles = found(|story| {
        story.role_for("prod", "scanner", OUTSIDER).role_for("prod", "backup", "888877776666");
        story.expect_trust("prod", "backup", "888877776666");
    });
    assert_eq!(
        titles,
        [
            "medium outside-trust: Role `scanner` in `Acme Production` (222233334444) trusts an external principal (`999988887777`); no expected list has this trust"
        ]
    );
}

#[test]
fn without_a_list_of_trusts_an_outsider_is_counted_and_no_finding() {
    let mut story = Story::small();
    story.role_for("prod", "scanner", OUTSIDER);
    let audited = Audited::of(&story);
    assert_eq!(audited.titles(), none());
    assert_eq!(audited.counts(Kind::Trust), BTreeMap::from([(StandingWord::Unlisted, 1)]));
}

#[test]
fn an_outsider_who_becomes_an_administrator_is_a_finding_even_without_a_list() {
    let titles = found(|story| {
        story.role_for("prod", "scanner", OUTSIDER).attach_to_role("prod", "scanner", "AdministratorAccess");
    });
    assert_eq!(
        titles,
        [
            "high outside-trust: Role `scanner` in `Acme Production` (222233334444) trusts an external principal (`999988887777`)"
        ]
    );
}

#[test]
fn a_role_that_trusts_anyone_is_critical_and_under_a_condition_high() {
    let anyone = |condition: Value| found(|story| _ = story.role("prod", "open", &json!({"AWS": "*"}), &condition));
    assert_eq!(
        anyone(Value::Null),
        ["critical outside-trust: Role `open` in `Acme Production` (222233334444) trusts everyone (`*`)"]
    );
    assert_eq!(
        anyone(json!({"StringEquals": {"sts:ExternalId": "x"}})),
        ["high outside-trust: Role `open` in `Acme Production` (222233334444) trusts an external principal (`*`)"]
    );
    // The organization's own id, which the accounts' ARNs name.
    assert_eq!(anyone(json!({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})), none());
    assert_eq!(anyone(json!({"StringNotEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}})).len(), 1);
}

#[test]
fn anyone_under_a_condition_that_names_them_is_whom_the_condition_names() {
    let anyone = |condition: Value| {
        found(|story| {
            story.role("prod", "open", &json!({"AWS": "*"}), &condition);
            story.lists.trusts = Some(BTreeSet::new());
        })
    };
    for own in [
        json!({"StringEquals": {"aws:PrincipalOrgID": "${aws:ResourceOrgID}"}}),
        json!({"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}}),
        json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": ["o-a1b2c3d4e5/r-ab12/ou-ab12-1/*"]}}),
        json!({"StringEquals": {"aws:PrincipalAccount": ["333344445555", "222233334444"]}}),
        json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::222233334444:role/aws-reserved/sso.amazonaws.com/*"}}),
    ] {
        assert_eq!(anyone(own.clone()), none(), "{own}");
    }
    for foreign in [
        json!({"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "o-elsewhere"]}}),
        json!({"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
        json!({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
        json!({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}),
        json!({"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/x"}}),
    ] {
        assert_eq!(anyone(foreign.clone()).len(), 1, "{foreign}");
    }
}

#[test]
fn the_organization_and_the_services_of_aws_are_not_outside() {
    let titles = found(|story| {
        story
            .role_for("prod", "from-dev", "333344445555")
            .role("prod", "from-own", &json!({"AWS": "arn:aws:iam::222233334444:user/x"}), &Value::Null)
            .role("prod", "lambda", &json!({"Service": "lambda.amazonaws.com"}), &Value::Null)
            .role("prod", "of-somebody-gone", &json!({"AWS": "AROAEXAMPLEEXAMPLE"}), &Value::Null);
        story.lists.trusts = Some(BTreeSet::new());
    });
    assert_eq!(titles, none());
}

#[test]
fn a_shared_issuer_without_a_subject_is_everyone_there() {
    let github = json!({"Federated": "arn:aws:iam::222233334444:oidc-provider/token.actions.githubusercontent.com"});
    let audience = json!({"StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}});
    let mut subject = audience.clone();
    subject["StringLike"] = json!({"token.actions.githubusercontent.com:sub": "repo:acme/*"});
    let role = |condition: &Value| found(|story| _ = story.role("prod", "deploy", &github, condition));
    assert_eq!(
        role(&audience),
        ["high outside-trust: Role `deploy` in `Acme Production` (222233334444) trusts everyone \
          (`token.actions.githubusercontent.com`)"]
    );
    assert_eq!(role(&subject), none());
}

#[test]
fn a_row_for_an_account_covers_its_principals_and_one_for_a_principal_not_the_account() {
    let arn = format!("arn:aws:iam::{OUTSIDER}:role/ci");
    let titles = found(|story| {
        story.role("prod", "narrow", &json!({"AWS": &arn}), &Value::Null).expect_trust("prod", "narrow", OUTSIDER);
        story.role_for("prod", "wide", OUTSIDER).expect_trust("prod", "wide", &arn);
    });
    assert_eq!(
        titles,
        [
            "medium outside-trust: Role `wide` in `Acme Production` (222233334444) trusts an external principal (`999988887777`); no expected list has this trust",
            "low missing-trust: Role `wide` in `Acme Production` (222233334444) should trust `arn:aws:iam::999988887777:role/ci` but does not"
        ]
    );
}

#[test]
fn a_row_whose_role_is_gone_is_reported() {
    let titles = found(|story| {
        story.expect_trust("prod", "scanner", OUTSIDER);
    });
    assert_eq!(
        titles,
        [
            "low missing-trust: Role `scanner` in `Acme Production` (222233334444) should trust `999988887777` but does not"
        ]
    );
}

#[test]
fn a_trust_policy_that_cannot_be_read_is_a_gap() {
    let mut story = Story::small();
    story.role("prod", "odd", &json!({"Planet": "Mars"}), &Value::Null).expect_trust("prod", "odd", OUTSIDER);
    let audited = Audited::of(&story);
    assert_eq!(audited.titles(), none());
    assert_eq!(audited.counts(Kind::Trust), BTreeMap::from([(StandingWord::Unknown, 1)]));
    assert!(audited.gaps()[0].starts_with("trust policy of role `odd` in 222233334444"), "{:?}", audited.gaps());
}

#[test]
fn an_outsider_is_unknown_where_the_accounts_of_the_organization_were_not_read() {
    let mut story = Story::small();
    story.role_for("management", "scanner", OUTSIDER).expect_trust("management", "other", OUTSIDER);
    let mut files = story.saved_files();
    let calls = files.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let asked = calls.text.lines().filter(|line| !line.contains("organizations list-accounts"));
    calls.text = asked.map(|line| format!("{line}\n")).collect();
    let audited = Audited::from(&files, &story.expected_files());
    assert!(!audited.titles().iter().any(|title| title.contains("outside-trust")), "{:?}", audited.titles());
    assert_eq!(
        audited.counts(Kind::Trust),
        BTreeMap::from([(StandingWord::Unknown, 1), (StandingWord::Missing, 1)]),
        "whether the role exists is known: its account was read"
    );
}

#[test]
fn a_root_user_with_a_key_is_critical() {
    let titles = found(|story| {
        story.root("prod", "false", false, 1);
    });
    assert_eq!(
        titles,
        ["critical root-access-key: The root user of `Acme Production` (222233334444) has an active access key"]
    );
}

#[test]
fn a_signing_certificate_of_a_root_user_is_as_bad_as_a_key() {
    let audited = Audited::of(&Story::small()).with(|world| {
        let iam = world.snapshot.iam.last_mut().unwrap();
        let root = iam.root.is().unwrap().clone();
        iam.root = Known::Is(rollcall::model::Credentials { active_certificates: 1, ..root });
    });
    let [title] = audited.titles().try_into().unwrap();
    assert!(title.starts_with("critical root-access-key: The root user of ") && title.ends_with("signing certificate"));
}

#[test]
fn root_users_of_whom_nothing_says_whether_they_have_a_password_are_one_gap_in_words() {
    let mut story = Story::small();
    for account in ["prod", "dev"] {
        story.root(account, "not_supported", false, 0);
    }
    let audited = Audited::of(&story);
    let report = audited.report();
    let groups = wording::gap_groups(&report.gaps, &audited.world().snapshot);
    let lines: Vec<String> = groups.iter().map(|group| group.line(None)).collect();
    let [line] = lines.try_into().unwrap();
    assert!(line.starts_with("whether the root user of 2 accounts can sign in with a password alone: "), "{line}");
}

#[test]
fn a_root_user_without_a_second_factor_is_reported_only_where_it_has_a_password() {
    let root = |account: &'static str, password: &str| found(|story| _ = story.root(account, password, false, 0));
    let reported =
        |account: &str| vec![format!("high root-without-mfa: The root user of {account} can sign in without MFA")];
    assert_eq!(root("prod", "true"), reported("`Acme Production` (222233334444)"));
    assert_eq!(root("prod", "false"), none());
    // The report does not say. In a member account that the organization made, nobody has asked for a password yet.
    assert_eq!(root("prod", "not_supported"), none());
    // Nobody knows whether it has a password.
    let mut untold = Story::small();
    untold.root("prod", "not_supported", false, 0);
    let audited = Audited::of(&untold);
    let [gap] = audited.gaps().try_into().unwrap();
    let unseen = "whether the root user of 222233334444 can sign in with a password alone: ";
    assert!(gap.starts_with(unseen), "{gap}");
    assert!(!audited.report().verdict.complete());
    assert_eq!(root("management", "not_supported"), reported("`Acme Management` (123456789012)"));
}

#[test]
fn a_password_without_a_second_factor_is_reported_and_a_key_alone_is_not() {
    let titles = found(|story| {
        story.change("dev", "svc-backup", |user| user.password = true);
    });
    assert_eq!(
        titles,
        [
            "medium console-without-mfa: IAM user `svc-backup` in `Acme Development` (333344445555) can sign in without MFA"
        ]
    );
    let titles = found(|story| {
        story.change("dev", "svc-backup", |user| (user.password, user.mfa) = (true, true));
    });
    assert_eq!(titles, none());
}

#[test]
fn an_iam_user_of_a_leaver_is_one_finding_whatever_it_has() {
    let of_leaver = |keys: u8, password: bool| {
        found(|story| {
            story.leaves("alice").aws_user_gone("alice");
            story.change("dev", "svc-backup", |user| (user.keys, user.password) = (keys, password));
        })
    };
    let rules =
        |titles: &[String]| titles.iter().map(|title| title.split(':').next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(
        of_leaver(1, true),
        [
            "high leaver-with-key: IAM user `svc-backup` in `Acme Development` (333344445555) has an active access key, but its owner has left"
        ]
    );
    assert_eq!(rules(&of_leaver(0, true)), ["high leaver-with-access"]);
    assert_eq!(rules(&of_leaver(0, false)), ["info leaver-with-access"]);
    let with_a_key_for_one_service = found(|story| {
        story.leaves("alice").aws_user_gone("alice");
        story.change("dev", "svc-backup", |user| (user.keys, user.service_credentials) = (0, 1));
    });
    assert_eq!(
        with_a_key_for_one_service,
        [
            "high leaver-with-key: IAM user `svc-backup` in `Acme Development` (333344445555) has active service-specific credentials, but its owner has left"
        ]
    );
}

#[test]
fn an_owner_tag_joins_an_iam_user_to_a_person_without_a_list() {
    let titles = found(|story| {
        story.lists.iam_users = None;
        story.leaves("alice").aws_user_gone("alice");
        story.change("dev", "svc-backup", |user| user.owner = Some("alice@corp.example.com".to_owned()));
    });
    assert_eq!(titles.len(), 1, "{titles:?}");
    assert!(titles[0].starts_with("high leaver-with-key: IAM user `svc-backup`"), "{titles:?}");
}

/// Case 94.
#[test]
fn an_expected_iam_user_without_an_owner_is_reported_and_a_tag_is_an_owner() {
    let nobody = |story: &mut Story| {
        let rows = story.lists.iam_users.as_mut().unwrap();
        rows.values_mut().for_each(|row| row.owner = String::new());
    };
    assert_eq!(
        found(nobody),
        ["low unowned-iam-user: IAM user `svc-backup` in `Acme Development` (333344445555) has no known owner"]
    );
    let titles = found(|story| {
        nobody(story);
        story.change("dev", "svc-backup", |user| user.owner = Some("bob".to_owned()));
    });
    assert_eq!(titles, none());
}

#[test]
fn a_boundary_that_does_not_allow_it_takes_administration_away() {
    let severity = |boundary: &str| {
        let mut story = Story::small();
        story.aws_iam_user("prod", "svc-old", &["AdministratorAccess"]);
        story.change("prod", "svc-old", |user| user.boundary = Some(boundary.to_owned()));
        Audited::of(&story).titles()[0].split(' ').next().unwrap().to_owned()
    };
    assert_eq!(severity("arn:aws:iam::aws:policy/ReadOnlyAccess"), "high");
    assert_eq!(severity("arn:aws:iam::222233334444:policy/not-read"), "critical");
}

#[test]
fn a_customer_managed_policy_of_a_permission_set_is_judged_by_the_documents_of_its_accounts() {
    let with = |documents: &[(&str, &str)]| {
        let mut story = Story::small();
        story.permission_set("Ops", "ReadOnlyAccess").customer_managed("Ops", "ops");
        story.aws_grant(group("AWS-Readers"), "Ops", "prod").aws_grant(group("AWS-Readers"), "Ops", "dev");
        for (account, actions) in documents {
            let document = json!({"Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"}});
            story.managed_policy(account, "ops", &document);
        }
        let audited = Audited::of(&story);
        let report = audited.report();
        let finding = report.open().find(|finding| finding.rule.0 == "unexpected-assignment").unwrap();
        let evidence = finding.evidence.iter().map(|piece| wording::evidence(audited.world(), piece));
        (finding.severity, evidence.filter(|said| said.contains("dministrative")).collect::<Vec<_>>())
    };
    assert_eq!(with(&[("prod", "s3:*"), ("dev", "rds:*")]), (Severity::Medium, Vec::new()));
    assert_eq!(
        with(&[("prod", "s3:*"), ("dev", "iam:*")]),
        (Severity::High, vec!["Administrative: `ops` allows `iam:*`".to_owned()])
    );
    let unread = "May be administrative: `ops` is defined in each account and was not read in all of them";
    assert_eq!(with(&[("prod", "s3:*")]), (Severity::Medium, vec![unread.to_owned()]));
}

#[test]
fn a_refused_row_leaves_what_it_may_have_expected_unknown_and_nothing_else() {
    let mut story = Story::small();
    story.role_for("prod", "scanner", OUTSIDER).role_for("prod", "other", OUTSIDER);
    let mut lists = story.expected_files();
    lists.push(("trusts.csv".to_owned(), "account,role,trusted\n222233334444,scanner,somebody\n".to_owned()));
    let audited = Audited::from(&story.saved_files(), &lists);
    let counts = BTreeMap::from([(StandingWord::Unknown, 1), (StandingWord::Unintended, 1)]);
    assert_eq!(audited.counts(Kind::Trust), counts);
    assert!(audited.titles()[0].contains("Role `other`"), "{:?}", audited.titles());
}

#[test]
fn a_role_that_aws_keeps_is_known_by_its_path_and_not_by_its_name() {
    let provider = json!({"Federated": "arn:aws:iam::222233334444:saml-provider/AWSSSO_1_DO_NOT_DELETE"});
    let at = |path: &str| {
        let mut story = Story::small();
        story.role("prod", "AWSReservedSSO_Admin_1", &provider, &Value::Null);
        story.aws.roles.values_mut().for_each(|role| role.path = path.to_owned());
        story.attach_to_role("prod", "AWSReservedSSO_Admin_1", "AdministratorAccess");
        Audited::of(&story).rules()
    };
    assert_eq!(at("/aws-reserved/sso.amazonaws.com/eu-west-1/"), Vec::<&str>::new());
    assert_eq!(at("/"), ["outside-trust"]);
}

#[test]
fn an_owner_is_found_by_every_name_of_a_person_and_each_of_several_counts() {
    let owned = |owner: &str| {
        let mut story = Story::small();
        story.leaves("alice").aws_user_gone("alice");
        let users = story.lists.iam_users.as_mut().expect("the list");
        users.values_mut().for_each(|row| row.owner = format!("\"{owner}\""));
        Audited::of(&story).rules()
    };
    for owner in [
        "CORP\\alice",
        "Alice Example",
        "Example, Alice",
        "Alice  Example <alice@corp.example.com>",
        "alice@corp.example.com;bob@corp.example.com",
        "bob; alice",
        "bob@corp.example.com, alice@corp.example.com",
        "Alice",
    ] {
        assert_eq!(owned(owner), ["leaver-with-key"], "{owner}");
    }
    for nobody in ["-", "?", "n/a", "TBD", "none", "\u{200b}", "4711", "bob;gone@corp.example.com"] {
        assert_eq!(owned(nobody), ["unowned-iam-user"], "{nobody}");
    }
    for there in ["bob", "CORP\\bob", "Bob Example", "Example, Bob", "bob;carol", "Platform team"] {
        assert_eq!(owned(there), Vec::<&str>::new(), "{there}");
    }
}

#[test]
fn a_leaver_s_signing_certificate_is_a_key() {
    let mut story = Story::small();
    story.leaves("alice").aws_user_gone("alice");
    story.change("dev", "svc-backup", |user| user.keys = 0);
    let audited = Audited::of(&story).with(|world| {
        for iam in &mut world.snapshot.iam {
            let mut users: Vec<_> = iam.users.seen().cloned().collect();
            for user in &mut users {
                let mut credentials = user.credentials.is().unwrap().clone();
                credentials.active_certificates = 1;
                user.credentials = Known::Is(credentials);
            }
            iam.users = Listing::by_key(users, iam.users.extent().clone(), |_| ());
        }
    });
    assert_eq!(
        audited.titles(),
        [
            "high leaver-with-key: IAM user `svc-backup` in `Acme Development` (333344445555) has an active signing certificate, but its owner has left"
        ]
    );
}

#[test]
fn a_policy_is_the_one_that_its_arn_names() {
    let mut story = Story::small();
    story.iam_user("prod", "svc-report", &["AmazonS3ReadOnlyAccess"], "alice");
    let mut files = story.saved_files();
    for file in &mut files {
        let with = r#""PolicyArn": "arn:aws:iam::222233334444:policy/Other", "PolicyName": "AmazonS3ReadOnlyAccess""#;
        let of_aws = r#""PolicyArn":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess""#;
        if file.text.contains("svc-report") {
            let text: String = file.text.split_whitespace().collect();
            file.text = text.replace(of_aws, with).replace(r#","PolicyName":"AmazonS3ReadOnlyAccess"}"#, "}");
        }
    }
    let rules = Audited::from(&files, &story.expected_files()).rules();
    assert!(rules.contains(&"unexpected-policy"), "{rules:?}");
}
