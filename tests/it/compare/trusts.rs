//! Rows of `trusts.csv` and the conditions of what they expect: a row does not accept what lets in more than it says.

use rollcall::wording;
use serde_json::{Value, json};

use crate::story::Story;
use crate::support::audited::Audited;

const OUTSIDER: &str = "999988887777";
const GITHUB: &str = "token.actions.githubusercontent.com";

/// What is found of a role that trusts somebody under a condition, and whose row says so with these conditions.
struct Found {
    /// Severity and rule; nothing where it is in order.
    titles: Vec<String>,
    evidence: Vec<String>,
}

fn found(principal: &Value, condition: &Value, trusted: &str, cell: &str, policy: &str) -> Found {
    let mut story = Story::small();
    story.role("prod", "R", principal, condition).attach_to_role("prod", "R", policy);
    story.expect_trust_under("prod", "R", trusted, cell);
    let audited = Audited::of(&story);
    let report = audited.report();
    let evidence = report.open().flat_map(|finding| &finding.evidence);
    Found {
        titles: audited.titles(),
        evidence: evidence.map(|piece| wording::evidence(audited.world(), piece)).collect(),
    }
}

fn provider(issuer: &str) -> Value {
    json!({"Federated": format!("arn:aws:iam::222233334444:oidc-provider/{issuer}")})
}

/// Whether a row without conditions accepts a provider's tokens under this condition.
fn accepts(issuer: &str, condition: &Value) -> bool {
    found(&provider(issuer), condition, issuer, "", "ReadOnlyAccess").titles.is_empty()
}

#[test]
fn a_row_does_not_accept_a_github_trust_without_a_condition_on_an_administrator_role() {
    for cell in ["", "none", "sub=*"] {
        let found = found(&provider(GITHUB), &Value::Null, GITHUB, cell, "AdministratorAccess");
        assert_eq!(
            found.titles,
            [
                "critical outside-trust: Role `R` in `Acme Production` (222233334444) trusts everyone (`token.actions.githubusercontent.com`); its row does not approve the conditions"
            ],
            "{cell}"
        );
        assert!(!found.evidence.iter().any(|said| said.contains("approves it")), "{:?}", found.evidence);
    }
}

#[test]
fn a_row_without_conditions_says_which_cell_would_approve_what_is_there() {
    let found = found(&provider(GITHUB), &Value::Null, GITHUB, "", "ReadOnlyAccess");
    assert_eq!(found.titles.len(), 1, "{:?}", found.titles);
    assert!(found.titles[0].starts_with("high outside-trust"), "{:?}", found.titles);
    assert!(found.evidence.contains(&"To approve it as it is, a row needs `none` in `conditions`".to_owned()));
}

#[test]
fn what_does_not_say_whose_token_it_is_does_not_narrow() {
    let subject = |operator: &str, sub: Value| json!({operator: {format!("{GITHUB}:sub"): sub}});
    for condition in [
        Value::Null,
        json!({"StringEquals": {format!("{GITHUB}:aud"): "sts.amazonaws.com"}}),
        subject("StringLike", json!("*")),
        subject("StringLike", json!("repo:*")),
        subject("StringLike", json!("repo:*/*")),
        subject("StringLike", json!("repo:*/infra:*")),
        subject("StringLike", json!("repo:acm?/infra:*")),
        subject("StringLike", json!("repo:acme*")),
        subject("StringLike", json!(["repo:acme/infra:*", "repo:*:environment:production"])),
        subject("StringNotEquals", json!("repo:evil/x:ref:refs/heads/main")),
        subject("StringNotLike", json!("repo:evil/*")),
        subject("StringLikeIfExists", json!("repo:acme/*")),
        subject("ForAllValues:StringLike", json!("repo:acme/*")),
        subject("StringEquals", json!("environment:production")),
        json!({"Null": {format!("{GITHUB}:sub"): "false"}}),
        json!({"StringEquals": {format!("{GITHUB}:environment"): "production"}}),
        json!({"StringLike": {"gitlab.com:sub": "project_path:acme/*"}}),
        // Anybody's workflow may call a workflow of others.
        json!({"StringLike": {format!("{GITHUB}:job_workflow_ref"): "acme/ci/.github/workflows/deploy.yml@*"}}),
        subject("StringLike", json!("job_workflow_ref:acme/ci/*")),
        subject("StringLike", json!("repo:${aws:PrincipalTag/org}/*")),
    ] {
        assert!(!accepts(GITHUB, &condition), "{condition}");
    }
    for condition in [
        subject("StringLike", json!("repo:acme/*")),
        subject("StringEquals", json!("repo:acme/infra:ref:refs/heads/main")),
        subject("ForAnyValue:StringLike", json!(["repo:acme/infra:*", "repo:acme/app:*"])),
        subject("StringLike", json!("repository_owner:acme:*")),
        json!({"StringEquals": {format!("{GITHUB}:repository_owner_id"): "12345"}}),
    ] {
        assert!(accepts(GITHUB, &condition), "{condition}");
    }
}

#[test]
fn other_issuers_need_what_tells_their_customers_apart() {
    let sub = |issuer: &str, value: &str| json!({"StringLike": {format!("{issuer}:sub"): value}});
    for (issuer, open, narrow) in [
        ("gitlab.com", "project_path:*", "project_path:acme/*"),
        ("app.terraform.io", "organization:*:project:x:*", "organization:acme:project:*"),
        ("agent.buildkite.com", "organization:*", "organization:acme:pipeline:*"),
        ("oidc.eks.eu-west-1.amazonaws.com/id/ABC", "system:serviceaccount:*:*", "system:serviceaccount:web:*"),
    ] {
        assert!(!accepts(issuer, &Value::Null), "{issuer}");
        assert!(!accepts(issuer, &sub(issuer, open)), "{issuer}");
        assert!(accepts(issuer, &sub(issuer, narrow)), "{issuer}");
    }
    assert!(!accepts("oidc.eks.eu-west-1.amazonaws.com/id/ABC", &sub("oidc.eks.eu-west-1.amazonaws.com/id/ABC", "*")));
}

#[test]
fn identities_of_cognito_need_their_pool_and_a_sign_in() {
    let cognito = json!({"Federated": "cognito-identity.amazonaws.com"});
    let aud = json!({"cognito-identity.amazonaws.com:aud": "eu-west-1:12345678-aaaa-bbbb-cccc-123456789012"});
    let amr = |value: &str| json!({"cognito-identity.amazonaws.com:amr": value});
    let titles = |condition: Value| {
        found(&cognito, &condition, "cognito-identity.amazonaws.com", "", "AdministratorAccess").titles
    };
    let severity =
        |condition: Value| titles(condition).first().map(|title| title.split(' ').next().unwrap().to_owned());
    assert_eq!(severity(Value::Null).as_deref(), Some("critical"));
    assert_eq!(severity(json!({"ForAnyValue:StringLike": amr("authenticated")})).as_deref(), Some("critical"));
    assert_eq!(severity(json!({"StringEquals": aud})).as_deref(), Some("high"));
    let guests = json!({"StringEquals": aud, "ForAnyValue:StringLike": amr("unauthenticated")});
    assert_eq!(severity(guests).as_deref(), Some("critical"));
    let signed_in = json!({"StringEquals": aud, "ForAnyValue:StringLike": amr("authenticated")});
    let [title] = titles(signed_in).try_into().unwrap();
    assert!(title.ends_with("its row does not approve that the role is administrative"), "{title}");
}

#[test]
fn a_vendor_whose_external_id_was_removed_is_reported() {
    let vendor = json!({"AWS": format!("arn:aws:iam::{OUTSIDER}:root")});
    let with = |condition: Value, cell: &str| found(&vendor, &condition, OUTSIDER, cell, "ReadOnlyAccess").titles;
    let asked = json!({"StringEquals": {"sts:ExternalId": "acme-42"}});
    assert_eq!(with(asked.clone(), ""), Vec::<String>::new());
    assert_eq!(
        with(Value::Null, ""),
        [
            "medium outside-trust: Role `R` in `Acme Production` (222233334444) trusts an external principal (`999988887777`); its row does not approve the conditions"
        ]
    );
    assert_eq!(with(Value::Null, "none"), Vec::<String>::new());
    assert_eq!(with(json!({"StringLike": {"sts:ExternalId": "*"}}), "").len(), 1);
    assert_eq!(with(json!({"Bool": {"aws:SecureTransport": "true"}}), "").len(), 1);
    for cell in ["sts:ExternalId=acme-42", "ExternalId=acme-*", "externalid=*"] {
        assert_eq!(with(asked.clone(), cell), Vec::<String>::new(), "{cell}");
        assert_eq!(with(Value::Null, cell).len(), 1, "{cell}");
    }
    let of_somebody_else = json!({"StringEquals": {"sts:ExternalId": "evil-1"}});
    assert_eq!(with(of_somebody_else, "sts:ExternalId=acme-42").len(), 1);
}

#[test]
fn a_saml_provider_needs_an_audience() {
    let provider = "arn:aws:iam::222233334444:saml-provider/corp";
    let saml = json!({"Federated": provider});
    let with = |condition: Value| found(&saml, &condition, provider, "", "ReadOnlyAccess").titles.len();
    assert_eq!(with(Value::Null), 1);
    assert_eq!(with(json!({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}})), 0);
}

#[test]
fn anyone_in_aws_needs_a_condition_that_says_who() {
    let anyone = json!({"AWS": "*"});
    let with = |condition: Value| found(&anyone, &condition, "*", "", "ReadOnlyAccess").titles.len();
    for open in [
        Value::Null,
        json!({"StringLike": {"aws:PrincipalOrgID": "o-*"}}),
        json!({"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}),
        json!({"Bool": {"aws:SecureTransport": "true"}}),
        json!({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}),
        json!({"StringEquals": {"aws:PrincipalTag/team": "platform"}}),
    ] {
        assert_eq!(with(open.clone()), 1, "{open}");
    }
    assert_eq!(with(json!({"StringEquals": {"aws:PrincipalOrgID": "o-elsewhere"}})), 0);
    assert_eq!(with(json!({"StringEquals": {"sts:ExternalId": "acme-42"}})), 0);
}

#[test]
fn each_statement_has_to_be_as_the_row_says() {
    let mut story = Story::small();
    story.role_for("prod", "R", OUTSIDER).expect_trust_under("prod", "R", OUTSIDER, "sts:ExternalId=acme-42");
    assert_eq!(Audited::of(&story).titles(), Vec::<String>::new());
    let statement = |condition: Value| json!({"Effect": "Allow", "Principal": {"AWS": OUTSIDER}, "Action": "sts:AssumeRole", "Condition": condition});
    let both = [
        statement(json!({"StringEquals": {"sts:ExternalId": "acme-42"}})),
        statement(json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
    ];
    story.aws.roles.values_mut().for_each(|role| role.trust = json!({"Statement": both}).to_string());
    let titles = Audited::of(&story).titles();
    assert_eq!(titles.len(), 1, "{titles:?}");
    // Two statements go into no cell but as a digest.
    let audited = Audited::of(&story);
    let report = audited.report();
    let evidence = report.open().flat_map(|finding| &finding.evidence);
    let said: Vec<String> = evidence.map(|piece| wording::evidence(audited.world(), piece)).collect();
    let digest = said.iter().find_map(|said| said.strip_prefix("To approve it as it is, a row needs `")).unwrap();
    let digest = &digest[..64];
    story.lists.trusts = None;
    story.expect_trust_under("prod", "R", OUTSIDER, digest);
    assert_eq!(Audited::of(&story).titles(), Vec::<String>::new());
}

#[test]
fn conditions_that_cannot_be_read_refuse_the_row() {
    for cell in ["sub", "=x", "sub=", "a b=c", "any"] {
        let mut story = Story::small();
        story.role_for("prod", "R", OUTSIDER).expect_trust_under("prod", "R", OUTSIDER, cell);
        let audited = Audited::of(&story);
        assert_eq!(audited.world().expectation.refused.len(), 1, "{cell}");
        assert!(audited.world().expectation.refused[0].reason.starts_with("`conditions` is `"), "{cell}");
    }
}

/// Whether a row without conditions accepts a whole account under this condition.
fn accepts_account(condition: &Value) -> bool {
    let principal = json!({"AWS": format!("arn:aws:iam::{OUTSIDER}:root")});
    found(&principal, condition, OUTSIDER, "", "ReadOnlyAccess").titles.is_empty()
}

#[test]
fn what_is_true_of_everybody_in_an_account_does_not_narrow_it() {
    for condition in [
        json!({"StringEquals": {"aws:PrincipalAccount": OUTSIDER}}),
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-vendor1234"}}),
        json!({"StringLike": {"aws:PrincipalArn": format!("arn:aws:iam::{OUTSIDER}:*")}}),
        json!({"ArnLike": {"aws:PrincipalArn": [format!("arn:aws:iam::{OUTSIDER}:role/x"), format!("arn:aws:iam::{OUTSIDER}:role/*")]}}),
        json!({"Bool": {"aws:ViaAWSService": "false"}}),
        json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        json!({"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}),
        json!({"IpAddress": {"aws:SourceIp": ["2000::/3"]}}),
        json!({"StringLike": {"sts:ExternalId": "${aws:userid}"}}),
        json!({"StringEquals": {"acme:Unknown": "x"}}),
    ] {
        assert!(!accepts_account(&condition), "{condition}");
    }
    for condition in [
        json!({"StringEquals": {"sts:ExternalId": "acme-42"}}),
        json!({"ArnLike": {"aws:PrincipalArn": format!("arn:aws:iam::{OUTSIDER}:role/scanner-*")}}),
        json!({"StringEquals": {"aws:PrincipalTag/team": "scanner"}}),
        json!({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "198.51.100.7"]}}),
        json!({"StringEquals": {"aws:SourceVpce": "vpce-1a2b3c4d"}}),
    ] {
        assert!(accepts_account(&condition), "{condition}");
    }
}

#[test]
fn an_audience_narrows_only_where_the_issuer_is_one_customer_s_alone() {
    let audience = |issuer: &str| json!({"StringEquals": {format!("{issuer}:aud"): "sts.amazonaws.com"}});
    for issuer in [
        "api.gitpod.io/idp",
        "oidc.modal.com",
        "api.pulumi.com/oidc",
        "accounts.google.com",
        "graph.facebook.com",
        "www.amazon.com",
        "login.okta.com",
        "login.microsoftonline.com/common/v2.0",
        "idp.example.net",
    ] {
        assert!(!accepts(issuer, &audience(issuer)), "{issuer}");
        let subject = json!({"StringLike": {format!("{issuer}:sub"): "org:acme:*"}});
        assert!(accepts(issuer, &subject), "{issuer}");
        let word = json!({"StringLike": {format!("{issuer}:sub"): "org:*"}});
        assert!(!accepts(issuer, &word), "{issuer}");
    }
    for issuer in [
        "acme.okta.com",
        "oidc.circleci.com/org/0f6c1764",
        "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc",
        "sts.windows.net/0f6c1764",
    ] {
        assert!(accepts(issuer, &audience(issuer)), "{issuer}");
    }
}

/// The role that Identity Center keeps for a permission set, which holds this policy of AWS.
fn reserved(set: &str, policy: &str) -> Audited {
    Audited::of(&story_of_reserved(set, policy))
}

pub fn story_of_reserved(set: &str, policy: &str) -> Story {
    let mut story = Story::small();
    let provider = json!({"Federated": "arn:aws:iam::222233334444:saml-provider/AWSSSO_1_DO_NOT_DELETE"});
    let name = format!("AWSReservedSSO_{set}_0123456789abcdef");
    story.role("prod", &name, &provider, &json!({"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}));
    story.attach_to_role("prod", &name, policy);
    let role = story.aws.roles.get_mut(&("prod".to_owned(), name)).unwrap();
    role.path = "/aws-reserved/sso.amazonaws.com/".to_owned();
    story.lists.trusts = Some(std::collections::BTreeSet::new());
    story
}

/// The same with documents that are written into the set and into the role.
fn reserved_with(of_set: &str, of_role: &str) -> Audited {
    let mut story = story_of_reserved("ReadOnly", "ReadOnlyAccess");
    story.permission_set_grows("ReadOnly", of_set);
    let mut saved = story.saved_files();
    let written = json!([{"PolicyName": "AwsSSOInlinePolicy", "PolicyDocument": of_role}]).to_string();
    for file in saved.iter_mut().filter(|file| file.text.contains("AWSReservedSSO_ReadOnly")) {
        let mut answer: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        let roles = answer["RoleDetailList"].as_array_mut().unwrap();
        let role = roles.iter_mut().find(|role| role["RoleName"].as_str().unwrap().starts_with("AWSReservedSSO_"));
        role.unwrap()["RolePolicyList"] = serde_json::from_str(&written).unwrap();
        file.text = answer.to_string();
    }
    Audited::from(&saved, &story.expected_files())
}

#[test]
fn roles_left_behind_for_a_permission_set_that_is_gone_are_one_finding() {
    let mut story = Story::small();
    story.lists.trusts = Some(std::collections::BTreeSet::new());
    for (account, set, policy) in [
        ("dev", "Ghost", "ReadOnlyAccess"),
        ("prod", "Ghost", "AdministratorAccess"),
        ("management", "Ghost", "ReadOnlyAccess"),
        ("dev", "Spectre", "ReadOnlyAccess"),
    ] {
        let id = story.aws.accounts[account].id.clone();
        let provider = json!({"Federated": format!("arn:aws:iam::{id}:saml-provider/AWSSSO_1_DO_NOT_DELETE")});
        let name = format!("AWSReservedSSO_{set}_0123456789abcdef");
        story.role(account, &name, &provider, &serde_json::Value::Null).attach_to_role(account, &name, policy);
        let role = story.aws.roles.get_mut(&(account.to_owned(), name)).unwrap();
        role.path = "/aws-reserved/sso.amazonaws.com/".to_owned();
    }
    let audited = Audited::of(&story);
    assert_eq!(audited.rules(), ["outside-trust", "outside-trust"]);
    let report = audited.report();
    let first = report.open().next().unwrap();
    assert!(rollcall::wording::title(&report, first).contains("222233334444"), "the gravest one comes first");
    assert_eq!(rollcall::wording::consequences(first).as_deref(), Some("Holds 2 external trusts"));
}

#[test]
fn documents_that_cannot_be_read_are_the_same_only_where_their_texts_are() {
    let contradicted = |of_set: &str, of_role: &str| {
        let said = "the role's policies differ from those of the permission set";
        reserved_with(of_set, of_role).gaps().iter().any(|gap| gap.contains(said))
    };
    assert!(!contradicted("not JSON", "not JSON"));
    assert!(contradicted("not JSON", "neither JSON"));
}

#[test]
fn a_role_of_identity_center_has_a_permission_set_and_holds_what_that_does() {
    let known = reserved("ReadOnly", "ReadOnlyAccess");
    assert_eq!((known.rules(), known.gaps()), (Vec::new(), Vec::new()));
    assert_eq!(reserved("Ghost", "ReadOnlyAccess").rules(), ["outside-trust"]);
    let other = reserved("ReadOnly", "AdministratorAccess");
    assert_eq!(other.rules(), Vec::<&str>::new());
    assert_eq!(
        other.gaps(),
        [
            "permissions of role `AWSReservedSSO_ReadOnly_0123456789abcdef`: `iam:GetAccountAuthorizationDetails` in account 222233334444: the answer could not be understood: the role's policies differ from those of the permission set `ReadOnly`"
        ]
    );
}
