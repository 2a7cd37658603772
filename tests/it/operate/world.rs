//! Names and shapes that the operator's tests share, and a stand-in of AWS to change.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use rollcall::change::{ChangeId, Digest, GroupRef, IamUserRef, PermissionSetRef, Place, UserRef};
use rollcall::model::{AccountId, GroupId, PermissionSetArn, PolicyDocument, UserId};
use rollcall::operate::{
    Assignment, IamWrite, IdentityStoreWrite, Mark, ObservedCredential, ObservedIamUser, ObservedPolicies, Operator,
    PrincipalId, SignIn, SsoAdminWrite, Step,
};
use serde_json::Value;

use crate::support::Moto;

pub const ACCOUNT: &str = "123456789012";
pub const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
pub const DENY_ALL: &str = "arn:aws:iam::aws:policy/AWSDenyAll";
pub const SET: &str = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
pub const ALLOW: &str = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
pub const DENY: &str = r#"{"Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#;
pub const BOTH: &str = r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
                                         {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}"#;

pub fn account() -> AccountId {
    ACCOUNT.parse().unwrap()
}

pub fn place() -> Place {
    Place {
        partition: Some("aws".to_owned()),
        instance: Some("arn:aws:sso:::instance/ssoins-1".to_owned()),
        identity_store: Some("d-1".to_owned()),
        ..Place::default()
    }
}

pub fn mark() -> Mark {
    Mark::of(&Digest::of(b"a plan"), &ChangeId("c1".to_owned()))
}

pub fn iam_user(id: &str) -> IamUserRef {
    IamUserRef { account: account(), name: "build-7".to_owned(), id: id.to_owned() }
}

pub fn user(id: Option<&str>) -> UserRef {
    UserRef { name: "ana".to_owned(), id: id.map(UserId::new), made_by: None }
}

pub fn group(id: Option<&str>) -> GroupRef {
    GroupRef { name: "eng".to_owned(), id: id.map(GroupId::new), made_by: None }
}

pub fn permission_set() -> PermissionSetRef {
    PermissionSetRef { name: "Admin".to_owned(), arn: PermissionSetArn::new(SET) }
}

pub fn policies(name: &str, documents: &[&str]) -> ObservedPolicies {
    let documents = documents.iter().map(|text| Some(PolicyDocument::parse(text).unwrap())).collect();
    ObservedPolicies { name: name.to_owned(), documents }
}

pub fn credential(id: &str, active: bool) -> ObservedCredential {
    ObservedCredential { id: id.to_owned(), active }
}

/// A user with one of everything.
pub fn laden() -> ObservedIamUser {
    ObservedIamUser {
        id: "AIDA1".to_owned(),
        tags: std::iter::empty().collect(),
        password: true,
        access_keys: vec![credential("AKIA1", true), credential("AKIA2", false)],
        ssh_keys: vec![credential("APKA1", true)],
        certificates: vec![credential("CERT1", true)],
        service_credentials: vec![credential("ACCA1", true)],
        mfa_devices: vec!["arn:aws:iam::123456789012:mfa/phone".to_owned(), "GAHT12345678".to_owned()],
        unassigned_devices: Vec::new(),
        inline: vec![policies("denies", &[DENY])],
        attached: vec![policies("arn:aws:iam::aws:policy/ReadOnlyAccess", &[ALLOW])],
        groups: vec![policies("ops", &[ALLOW, DENY]), policies("readers", &[ALLOW])],
    }
}

pub fn iam(write: IamWrite) -> Step {
    Step::Iam { account: account(), user: "build-7".to_owned(), write }
}

pub fn store(write: IdentityStoreWrite) -> Step {
    Step::IdentityStore { store: "d-1".to_owned(), write }
}

pub fn assignment(account: &str) -> Assignment {
    Assignment {
        account: account.parse().unwrap(),
        permission_set: PermissionSetArn::new(SET),
        principal: PrincipalId::User(UserId::new("u-1")),
    }
}

pub fn sso(write: SsoAdminWrite) -> Step {
    Step::SsoAdmin { instance: "arn:aws:sso:::instance/ssoins-1".to_owned(), write }
}

/// Says what a step does, in the name of its operation and in what it names.
pub fn told(step: &Step) -> String {
    let json = match step {
        Step::Iam { write, .. } => serde_json::to_value(write).unwrap(),
        Step::IdentityStore { write, .. } => serde_json::to_value(write).unwrap(),
        Step::SsoAdmin { write, .. } => serde_json::to_value(write).unwrap(),
    };
    let mut words = vec![step.operation().api().to_owned()];
    words.extend(json.as_object().unwrap().iter().filter(|(name, _)| *name != "does").map(|(_, value)| named(value)));
    words.join(" ")
}

fn named(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(fields) => fields.values().map(named).collect::<Vec<_>>().join(" "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
    }
}

/// A configuration for this stand-in by these keys.
pub fn config(url: &str, keys: [&str; 2]) -> SdkConfig {
    let credentials = Credentials::new(keys[0], keys[1], None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

pub fn url(moto: &Moto) -> String {
    moto.environment().into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL").unwrap().1
}

/// Whoever is to change; the role of other accounts is one that every account of the stand-in has.
pub fn sign_in() -> SignIn {
    SignIn {
        member_role: Some("OrganizationAccountAccessRole".to_owned()),
        session_name: "rollcall-9c1f0a2b3c4d".to_owned(),
        ..SignIn::default()
    }
}

pub async fn operator(moto: &Moto) -> Operator {
    Operator::by(&config(&url(moto), ["testing", "testing"]), sign_in()).await.unwrap()
}
