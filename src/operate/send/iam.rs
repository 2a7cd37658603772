//! The writes to IAM of an account.

use std::collections::BTreeMap;

use aws_sdk_iam::Client;
use aws_sdk_iam::types::{StatusType, Tag};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::{Answer, DONE, Sent, told};
use crate::aws::failure::{Failure, Kind};
use crate::operate::password::Password;
use crate::operate::reply::Reply;
use crate::operate::step::{Credential, IamWrite, Switch};

pub(super) async fn send(client: &Client, user: &str, write: &IamWrite) -> Sent {
    match write {
        IamWrite::CreateUser { path, tags, boundary } => create(client, user, path, tags, boundary.as_deref()).await,
        IamWrite::AttachPolicy { policy } => {
            let call = client.attach_user_policy().user_name(user).policy_arn(policy);
            told(call.send().await, |_| DONE)
        }
        IamWrite::DetachPolicy { policy } => {
            let call = client.detach_user_policy().user_name(user).policy_arn(policy);
            told(call.send().await, |_| DONE)
        }
        IamWrite::DeletePolicy { policy } => {
            let call = client.delete_user_policy().user_name(user).policy_name(policy);
            told(call.send().await, |_| DONE)
        }
        IamWrite::AddToGroup { group } => {
            let call = client.add_user_to_group().user_name(user).group_name(group);
            told(call.send().await, |_| DONE)
        }
        IamWrite::RemoveFromGroup { group } => {
            let call = client.remove_user_from_group().user_name(user).group_name(group);
            told(call.send().await, |_| DONE)
        }
        // It takes a password: see `give_password`.
        IamWrite::CreateLoginProfile => not_built("a console password needs its own call"),
        IamWrite::DeleteLoginProfile => {
            let call = client.delete_login_profile().user_name(user);
            told(call.send().await, |_| DONE)
        }
        IamWrite::Switch { credential, to } => switch(client, user, credential, *to).await,
        IamWrite::DeleteCredential { credential } => delete_credential(client, user, credential).await,
        IamWrite::DeactivateMfaDevice { serial } => {
            let call = client.deactivate_mfa_device().user_name(user).serial_number(serial);
            told(call.send().await, |_| DONE)
        }
        IamWrite::DeleteMfaDevice { serial } => {
            let call = client.delete_virtual_mfa_device().serial_number(serial);
            told(call.send().await, |_| DONE)
        }
        IamWrite::DeleteUser => {
            let call = client.delete_user().user_name(user);
            told(call.send().await, |_| DONE)
        }
    }
}

async fn create(
    client: &Client,
    user: &str,
    path: &str,
    tags: &BTreeMap<String, String>,
    boundary: Option<&str>,
) -> Sent {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags: Result<Vec<Tag>, _> = tags.iter().map(tag).collect();
    let tags = match tags {
        Ok(tags) => tags,
        Err(error) => return not_built(&error.to_string()),
    };
    let call = client.create_user().user_name(user).path(path).set_tags(Some(tags));
    told(call.set_permissions_boundary(boundary.map(str::to_owned)).send().await, |answer| {
        let made = answer.user().map(|user| user.user_id().to_owned()).filter(|id| !id.is_empty());
        made.map_or(Answer::Nameless, |id| Answer::Done(Some(id)))
    })
}

/// Gives a console password, which has to be changed at the first sign-in. The SDK logs requests at the level `trace`, and
/// could log their bodies, so this call has no log at all.
pub(super) async fn give_password(client: &Client, user: &str, password: &Password) -> Sent {
    let call = client.create_login_profile().user_name(user).password(password.reveal()).password_reset_required(true);
    told(call.send().with_subscriber(NoSubscriber::default()).await, |_| DONE)
}

async fn switch(client: &Client, user: &str, credential: &Credential, to: Switch) -> Sent {
    let status = match to {
        Switch::Active => StatusType::Active,
        Switch::Inactive => StatusType::Inactive,
    };
    match credential {
        Credential::AccessKey(id) => {
            let call = client.update_access_key().user_name(user).access_key_id(id).status(status);
            told(call.send().await, |_| DONE)
        }
        Credential::SshKey(id) => {
            let call = client.update_ssh_public_key().user_name(user).ssh_public_key_id(id).status(status);
            told(call.send().await, |_| DONE)
        }
        Credential::Certificate(id) => {
            let call = client.update_signing_certificate().user_name(user).certificate_id(id).status(status);
            told(call.send().await, |_| DONE)
        }
        Credential::ServiceCredential(id) => {
            let call = client.update_service_specific_credential().user_name(user);
            let call = call.service_specific_credential_id(id).status(status);
            told(call.send().await, |_| DONE)
        }
    }
}

async fn delete_credential(client: &Client, user: &str, credential: &Credential) -> Sent {
    match credential {
        Credential::AccessKey(id) => {
            let call = client.delete_access_key().user_name(user).access_key_id(id);
            told(call.send().await, |_| DONE)
        }
        Credential::SshKey(id) => {
            let call = client.delete_ssh_public_key().user_name(user).ssh_public_key_id(id);
            told(call.send().await, |_| DONE)
        }
        Credential::Certificate(id) => {
            let call = client.delete_signing_certificate().user_name(user).certificate_id(id);
            told(call.send().await, |_| DONE)
        }
        Credential::ServiceCredential(id) => {
            let call = client.delete_service_specific_credential().user_name(user);
            let call = call.service_specific_credential_id(id);
            told(call.send().await, |_| DONE)
        }
    }
}

fn not_built(why: &str) -> Sent {
    let failure = Failure::new(Kind::Failed, "NotSent", why);
    Sent { result: Err(Reply::NotSent { failure }), request_id: None }
}
