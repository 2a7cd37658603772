//! The writes to IAM of an account.

use std::collections::BTreeMap;

use aws_sdk_iam::Client;
use aws_sdk_iam::types::{StatusType, Tag};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::{Answer, DONE, Sent};
use crate::aws::failure::{Failure, Kind};
use crate::operate::password::Password;
use crate::operate::reply::{self, Reply};
use crate::operate::step::{Credential, IamWrite, Switch};

pub(super) async fn send(client: &Client, user: &str, write: &IamWrite) -> Sent {
    match write {
        IamWrite::CreateUser { path, tags, boundary } => create(client, user, path, tags, boundary.as_deref()).await,
        IamWrite::AttachPolicy { policy } => {
            let call = client.attach_user_policy().user_name(user).policy_arn(policy);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        IamWrite::DetachPolicy { policy } => {
            let call = client.detach_user_policy().user_name(user).policy_arn(policy);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        IamWrite::DeletePolicy { policy } => {
            let call = client.delete_user_policy().user_name(user).policy_name(policy);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        IamWrite::AddToGroup { group } => {
            let call = client.add_user_to_group().user_name(user).group_name(group);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        IamWrite::RemoveFromGroup { group } => {
            let call = client.remove_user_from_group().user_name(user).group_name(group);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        // It takes a password: see `give_password`.
        IamWrite::CreateLoginProfile => Err(not_built("a console password needs its own call")),
        IamWrite::DeleteLoginProfile => {
            let call = client.delete_login_profile().user_name(user);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        IamWrite::Switch { credential, to } => switch(client, user, credential, *to).await,
        IamWrite::DeleteCredential { credential } => delete_credential(client, user, credential).await,
        IamWrite::DeactivateMfaDevice { serial } => {
            let call = client.deactivate_mfa_device().user_name(user).serial_number(serial);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        IamWrite::DeleteMfaDevice { serial } => {
            let call = client.delete_virtual_mfa_device().serial_number(serial);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        IamWrite::DeleteUser => {
            let call = client.delete_user().user_name(user);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
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
    let tags = tags.map_err(|error| not_built(&error.to_string()))?;
    let call = client.create_user().user_name(user).path(path).set_tags(Some(tags));
    let answer = call.set_permissions_boundary(boundary.map(str::to_owned)).send().await;
    let answer = answer.map_err(|error| reply::of(&error))?;
    let made = answer.user().map(|user| user.user_id().to_owned()).filter(|id| !id.is_empty());
    Ok(made.map_or(Answer::Nameless, |id| Answer::Done(Some(id))))
}

/// Gives a console password, which has to be changed at the first sign-in. The SDK logs requests at the level `trace`, and
/// could log their bodies, so this call has no log at all.
pub(super) async fn give_password(client: &Client, user: &str, password: &Password) -> Sent {
    let call = client.create_login_profile().user_name(user).password(password.reveal()).password_reset_required(true);
    let answer = call.send().with_subscriber(NoSubscriber::default()).await;
    answer.map(|_| DONE).map_err(|error| reply::of(&error))
}

async fn switch(client: &Client, user: &str, credential: &Credential, to: Switch) -> Sent {
    let status = match to {
        Switch::Active => StatusType::Active,
        Switch::Inactive => StatusType::Inactive,
    };
    match credential {
        Credential::AccessKey(id) => {
            let call = client.update_access_key().user_name(user).access_key_id(id).status(status);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        Credential::SshKey(id) => {
            let call = client.update_ssh_public_key().user_name(user).ssh_public_key_id(id).status(status);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        Credential::Certificate(id) => {
            let call = client.update_signing_certificate().user_name(user).certificate_id(id).status(status);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        Credential::ServiceCredential(id) => {
            let call = client.update_service_specific_credential().user_name(user);
            let call = call.service_specific_credential_id(id).status(status);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
    }
}

async fn delete_credential(client: &Client, user: &str, credential: &Credential) -> Sent {
    match credential {
        Credential::AccessKey(id) => {
            let call = client.delete_access_key().user_name(user).access_key_id(id);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        Credential::SshKey(id) => {
            let call = client.delete_ssh_public_key().user_name(user).ssh_public_key_id(id);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        Credential::Certificate(id) => {
            let call = client.delete_signing_certificate().user_name(user).certificate_id(id);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
        Credential::ServiceCredential(id) => {
            let call = client.delete_service_specific_credential().user_name(user);
            let call = call.service_specific_credential_id(id);
            call.send().await.map(|_| DONE).map_err(|error| reply::of(&error))
        }
    }
}

fn not_built(why: &str) -> Reply {
    Reply::NotSent { failure: Failure::new(Kind::Failed, "NotSent", why) }
}
