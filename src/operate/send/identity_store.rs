//! The writes to users and groups of Identity Center.

use aws_sdk_identitystore::Client;
use aws_sdk_identitystore::types::{Email as SdkEmail, MemberId, Name};

use super::{Answer, DONE, Sent, told};
use crate::operate::step::{Email, IdentityStoreWrite};

pub(super) async fn send(client: &Client, store: &str, write: &IdentityStoreWrite) -> Sent {
    match write {
        IdentityStoreWrite::CreateUser { name, given_name, family_name, display_name, email } => {
            let person = Name::builder().given_name(given_name).family_name(family_name).build();
            let call = client.create_user().identity_store_id(store).user_name(name).name(person);
            told(call.display_name(display_name).set_emails(emails(email.as_ref())).send().await, |answer| {
                made(answer.user_id())
            })
        }
        IdentityStoreWrite::DeleteUser { user, revision } => {
            let call = client.delete_user().identity_store_id(store).user_id(user.as_str());
            told(call.set_revision(revision.clone()).send().await, |_| DONE)
        }
        IdentityStoreWrite::CreateGroup { name, description } => {
            let call = client.create_group().identity_store_id(store).display_name(name);
            told(call.set_description(description.clone()).send().await, |answer| made(answer.group_id()))
        }
        IdentityStoreWrite::DeleteGroup { group, revision } => {
            let call = client.delete_group().identity_store_id(store).group_id(group.as_str());
            told(call.set_revision(revision.clone()).send().await, |_| DONE)
        }
        IdentityStoreWrite::AddMember { group, user } => {
            let call = client.create_group_membership().identity_store_id(store).group_id(group.as_str());
            told(call.member_id(MemberId::UserId(user.as_str().to_owned())).send().await, |answer| {
                made(answer.membership_id())
            })
        }
        IdentityStoreWrite::RemoveMember { membership } => {
            let call = client.delete_group_membership().identity_store_id(store).membership_id(membership);
            told(call.send().await, |_| DONE)
        }
    }
}

/// AWS takes one address, which is the primary one.
fn emails(email: Option<&Email>) -> Option<Vec<SdkEmail>> {
    email
        .map(|email| vec![SdkEmail::builder().value(&email.address).set_type(email.sort.clone()).primary(true).build()])
}

fn made(id: &str) -> Answer {
    if id.is_empty() { Answer::Nameless } else { Answer::Done(Some(id.to_owned())) }
}
