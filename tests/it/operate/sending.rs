//! Every step works against a stand-in that refuses as AWS does: users are made, changed, disabled and deleted with
//! everything that hangs on them.

use std::collections::BTreeMap;

use aws_sdk_iam::Client;
use aws_sdk_iam::types::StatusType;
use rollcall::change::{Change, Place};
use rollcall::model::{GroupId, UserId};
use rollcall::operate::{
    Email, IamWrite, IdentityStoreWrite, Observed, ObservedCredential, ObservedIamUser, ObservedPolicies, Operator,
    Outcome, Password, SignIn, Step, Stop, Target, steps,
};
use serde_json::{Value, json};

use super::answers::password;
use super::world::*;
use crate::support::Moto;

const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----
MIIBBDCBq6ADAgECAgEBMAoGCCqGSM49BAMCMAwxCjAIBgNVBAMMAXgwHhcNMjYw
MTAxMDAwMDAwWhcNNDYwMTAxMDAwMDAwWjAMMQowCAYDVQQDDAF4MFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEEIiJJeTD7kwfW88ZLZS152iYhk+WYWS7QT3oIb2Y
DH1kZmFr58vXI2NmiFd0I7N40OSAtfYbZhh9pyqsJu8GzzAKBggqhkjOPQQDAgNI
ADBFAiEA0Bo0rADUl8Qi1r44+NM5U4XOyM+s8tn0l7UUYhB9/dACIFs8gQwBeVTH
3oin5HHfUNfPhOl1DptFtJ6KTeUs5Bwc
-----END CERTIFICATE-----";

/// Sends steps one by one, each of which has to be done; gives the id of what the first one made.
async fn done(operator: &Operator, steps: &[Step], password: Option<&Password>) -> Option<String> {
    let mut first = None;
    for (number, step) in steps.iter().enumerate() {
        let outcome = operator.send(step, Target::Settled, password).await.outcome;
        let Outcome::Done { made } = outcome else { panic!("{}: {outcome:?}", told(step)) };
        if number == 0 {
            first = made;
        }
    }
    first
}

async fn one(operator: &Operator, step: Step) -> Outcome {
    operator.send(&step, Target::Settled, None).await.outcome
}

/// What the stand-in has of an IAM user, as whoever observes would see it.
async fn observed(client: &Client, name: &str) -> Option<ObservedIamUser> {
    let user = client.get_user().user_name(name).send().await.ok()?.user?;
    let credential =
        |id: &str, status: &StatusType| ObservedCredential { id: id.to_owned(), active: *status == StatusType::Active };
    let keys = client.list_access_keys().user_name(name).send().await.unwrap().access_key_metadata;
    let ssh = client.list_ssh_public_keys().user_name(name).send().await.unwrap().ssh_public_keys.unwrap_or_default();
    let certificates = client.list_signing_certificates().user_name(name).send().await.unwrap().certificates;
    let services = client.list_service_specific_credentials().user_name(name).send().await.unwrap();
    let services = services.service_specific_credentials.unwrap_or_default();
    let devices = client.list_mfa_devices().user_name(name).send().await.unwrap().mfa_devices;
    let inline = client.list_user_policies().user_name(name).send().await.unwrap().policy_names;
    let attached = client.list_attached_user_policies().user_name(name).send().await.unwrap();
    let groups = client.list_groups_for_user().user_name(name).send().await.unwrap().groups;
    let unread = |name: &str| ObservedPolicies { name: name.to_owned(), documents: vec![None] };
    Some(ObservedIamUser {
        id: user.user_id.clone(),
        tags: user.tags().iter().map(|tag| (tag.key.clone(), tag.value.clone())).collect(),
        password: client.get_login_profile().user_name(name).send().await.is_ok(),
        access_keys: keys.iter().map(|key| credential(key.access_key_id().unwrap(), key.status().unwrap())).collect(),
        ssh_keys: ssh.iter().map(|key| credential(&key.ssh_public_key_id, &key.status)).collect(),
        certificates: certificates.iter().map(|one| credential(&one.certificate_id, &one.status)).collect(),
        service_credentials: services
            .iter()
            .map(|one| credential(&one.service_specific_credential_id, &one.status))
            .collect(),
        mfa_devices: devices.iter().map(|device| device.serial_number.clone()).collect(),
        unassigned_devices: Vec::new(),
        inline: inline.iter().map(|name| unread(name)).collect(),
        attached: attached.attached_policies().iter().map(|policy| unread(policy.policy_arn().unwrap())).collect(),
        groups: groups.iter().map(|group| unread(&group.group_name)).collect(),
    })
}

/// Gives a user one of everything that the operator never makes.
pub async fn load(client: &Client, name: &str) {
    client.create_access_key().user_name(name).send().await.unwrap();
    let ssh = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 x";
    client.upload_ssh_public_key().user_name(name).ssh_public_key_body(ssh).send().await.unwrap();
    client.upload_signing_certificate().user_name(name).certificate_body(CERTIFICATE).send().await.unwrap();
    let service = client.create_service_specific_credential().user_name(name);
    service.service_name("codecommit.amazonaws.com").send().await.unwrap();
    let device = client.create_virtual_mfa_device().virtual_mfa_device_name(name).send().await.unwrap();
    let serial = device.virtual_mfa_device.unwrap().serial_number;
    let enable = client.enable_mfa_device().user_name(name).serial_number(serial);
    enable.authentication_code1("123456").authentication_code2("654321").send().await.unwrap();
    let both = BOTH.replace("{\"Statement\"", "{\"Version\": \"2012-10-17\", \"Statement\"");
    for policy in ["one", "two"] {
        let put = client.put_user_policy().user_name(name).policy_name(policy);
        put.policy_document(&both).send().await.unwrap();
    }
}

#[tokio::test]
async fn an_iam_user_is_made_used_disabled_enabled_and_deleted() {
    let moto = Moto::start();
    let operator = operator(&moto).await;
    let client = Client::new(&config(&url(&moto), ["testing", "testing"]));
    client.create_group().group_name("ops").send().await.unwrap();
    let create = Change::CreateIamUser {
        account: account(),
        name: "build-7".to_owned(),
        path: "/services/".to_owned(),
        tags: BTreeMap::from([("service".to_owned(), "devmongodb".to_owned())]),
        boundary: Some(READ_ONLY.to_owned()),
        policies: vec![READ_ONLY.to_owned()],
        groups: vec!["ops".to_owned()],
        console: true,
    };
    let of = |change: &Change, seen: &Option<ObservedIamUser>| {
        steps(change, &place(), &mark(), &Observed::IamUser(seen.clone())).unwrap()
    };
    let made = done(&operator, &of(&create, &None), Some(&password())).await;
    let seen = observed(&client, "build-7").await.unwrap();
    assert_eq!(made, Some(seen.id.clone()));
    assert!(mark().is_in(&seen.tags) && seen.password, "{seen:?}");
    let user = client.get_user().user_name("build-7").send().await.unwrap().user.unwrap();
    assert_eq!((user.path(), user.permissions_boundary.is_some()), ("/services/", true));
    let profile = client.get_login_profile().user_name("build-7").send().await.unwrap().login_profile.unwrap();
    assert!(profile.password_reset_required, "the password has to be changed at the first sign-in");
    assert_eq!(of(&create, &Some(seen.clone())), [], "the whole of it is done");

    load(&client, "build-7").await;
    let user = || iam_user(&seen.id);
    let loaded = observed(&client, "build-7").await;
    done(&operator, &of(&Change::DisableIamUser { user: user() }, &loaded), None).await;
    let disabled = observed(&client, "build-7").await;
    assert_eq!(of(&Change::DisableIamUser { user: user() }, &disabled), [], "all is switched off");
    let key = disabled.as_ref().unwrap().access_keys[0].id.clone();
    done(&operator, &of(&Change::ActivateIamKey { user: user(), key }, &disabled), None).await;

    let active = observed(&client, "build-7").await;
    assert!(active.as_ref().unwrap().access_keys[0].active);
    let delete = of(&Change::DeleteIamUser { user: user(), at_once: true }, &active);
    assert!(delete.iter().any(|step| told(step) == format!("iam:AttachUserPolicy {DENY_ALL}")), "{delete:?}");
    done(&operator, &delete, None).await;
    assert_eq!(observed(&client, "build-7").await, None);
    let again = one(&operator, iam(IamWrite::DeleteUser)).await;
    assert_eq!(again, Outcome::WasGone);
}

#[tokio::test]
async fn iam_of_another_account_is_changed_by_the_role_there_and_of_none_where_the_settings_name_no_role() {
    let moto = Moto::start();
    moto.seed(&json!({"accounts": [{"key": "prod", "name": "P", "email": "p@corp.example", "id": "222233334444"}],
                      "iam": {"prod": {"users": [{"name": "build-7", "attached": [READ_ONLY]}]}}}));
    let elsewhere = |write| Step::Iam { account: "222233334444".parse().unwrap(), user: "build-7".to_owned(), write };
    let detach = elsewhere(IamWrite::DetachPolicy { policy: READ_ONLY.to_owned() });
    let by = operator(&moto).await;
    done(&by, std::slice::from_ref(&detach), None).await;
    assert_eq!(
        moto.writing_calls()[0].as_array().unwrap()[..2],
        [json!("iam:DetachUserPolicy"), json!("222233334444")]
    );

    let sign_in = SignIn { member_role: None, ..sign_in() };
    let alone = Operator::by(&config(&url(&moto), ["testing", "testing"]), sign_in).await.unwrap();
    let refused = one(&alone, detach).await;
    let Outcome::Stopped { why: Stop::Credentials, failure } = refused else { panic!("{refused:?}") };
    assert_eq!(
        failure.message,
        "account 222233334444: the settings name no role that changes IAM in account 222233334444"
    );
    assert_eq!(moto.writes(), json!({"iam:DetachUserPolicy": 1}));
}

/// The place of a story that was told.
fn place_of(made: &Value) -> Place {
    let text = |name: &str| Some(made[name].as_str().unwrap().to_owned());
    Place { instance: text("instance_arn"), identity_store: text("identity_store_id"), ..place() }
}

#[tokio::test]
async fn users_and_groups_of_identity_center_are_made_joined_parted_and_deleted() {
    let moto = Moto::start();
    let made = moto.seed(&json!({}));
    let operator = operator(&moto).await;
    let the_store = place_of(&made).identity_store.unwrap();
    let send = async |write| {
        let outcome = one(&operator, Step::IdentityStore { store: the_store.clone(), write }).await;
        let Outcome::Done { made } = outcome else { panic!("{outcome:?}") };
        made
    };
    let email = Email { address: "ana@corp.example".to_owned(), sort: Some("work".to_owned()) };
    let create = IdentityStoreWrite::CreateUser {
        name: "ana".to_owned(),
        given_name: "Ana".to_owned(),
        family_name: "Lopez".to_owned(),
        display_name: "Ana Lopez".to_owned(),
        email: Some(email),
    };
    let user = UserId::new(send(create.clone()).await.unwrap());
    let name = "eng".to_owned();
    let group = IdentityStoreWrite::CreateGroup { name, description: Some("builds".to_owned()) };
    let group = GroupId::new(send(group).await.unwrap());
    let add = IdentityStoreWrite::AddMember { group: group.clone(), user: user.clone() };
    let membership = send(add.clone()).await.unwrap();

    let in_store = |write| Step::IdentityStore { store: the_store.clone(), write };
    for twice in [create, add] {
        let outcome = one(&operator, in_store(twice)).await;
        assert!(matches!(outcome, Outcome::Stopped { why: Stop::Exists, .. }), "{outcome:?}");
    }
    let client = aws_sdk_identitystore::Client::new(&config(&url(&moto), ["testing", "testing"]));
    let described = client.describe_user().identity_store_id(&the_store).user_id(user.as_str()).send().await.unwrap();
    assert_eq!(described.created_by(), Some(operator.caller().arn.as_str()), "by which a lost answer is told");
    assert!(described.emails()[0].primary);

    send(IdentityStoreWrite::RemoveMember { membership: membership.clone() }).await;
    let stale = IdentityStoreWrite::DeleteUser { user: user.clone(), revision: Some("99".to_owned()) };
    let outcome = one(&operator, in_store(stale)).await;
    assert!(matches!(outcome, Outcome::Stopped { why: Stop::ChangedByOthers, .. }), "{outcome:?}");
    let revision = Some(described.revision().to_owned());
    let deletions =
        [IdentityStoreWrite::DeleteUser { user, revision }, IdentityStoreWrite::DeleteGroup { group, revision: None }];
    for deletion in deletions {
        send(deletion.clone()).await;
        assert_eq!(one(&operator, in_store(deletion)).await, Outcome::WasGone);
    }
    assert_eq!(one(&operator, in_store(IdentityStoreWrite::RemoveMember { membership })).await, Outcome::WasGone);
    let nowhere = store(IdentityStoreWrite::RemoveMember { membership: "m-1".to_owned() });
    let outcome = one(&operator, nowhere).await;
    assert!(matches!(outcome, Outcome::Stopped { why: Stop::NotThere, .. }), "no store, no conclusion: {outcome:?}");
}
