//! Where to look: what a call named, by the names of its parameters and of its answer.

use std::collections::BTreeSet;

use serde_json::Value;

use super::event_source::EventSource;
use crate::model::{AccountId, AlsoNamed, GroupId, PermissionSetArn, UserId, Watched};

/// What the call named, and what belongs to it; nothing where it named nothing that can be looked at.
pub(super) fn places(
    source: EventSource,
    account: Option<AccountId>,
    name: &str,
    detail: &Value,
) -> Vec<(Watched, Option<AlsoNamed>)> {
    let call = Call { asked: detail.get("requestParameters"), answered: detail.get("responseElements") };
    match source {
        EventSource::Iam => account.map_or_else(Vec::new, |account| iam(account, &call)),
        EventSource::Sso => sso(&call),
        EventSource::IdentityStore | EventSource::SsoDirectory => directory(&call),
        EventSource::Scim => scim(name, &call),
    }
}

/// The parameters of a call, and its answer.
struct Call<'a> {
    asked: Option<&'a Value>,
    answered: Option<&'a Value>,
}

impl Call<'_> {
    /// A text among the parameters.
    fn asked(&self, pointer: &str) -> Option<&str> {
        text(self.asked, pointer)
    }

    /// A text at the first of these places, of the parameters first.
    fn named(&self, pointers: &[&str]) -> Option<&str> {
        let asked = pointers.iter().find_map(|pointer| text(self.asked, pointer));
        asked.or_else(|| pointers.iter().find_map(|pointer| text(self.answered, pointer)))
    }
}

/// A text that says something.
fn text<'a>(of: Option<&'a Value>, pointer: &str) -> Option<&'a str> {
    of?.pointer(pointer)?.as_str().filter(|text| !text.is_empty() && *text != HIDDEN)
}

/// All texts in a value.
pub(super) fn texts(value: &Value) -> BTreeSet<String> {
    let (mut texts, mut open) = (BTreeSet::new(), vec![value]);
    while let Some(value) = open.pop() {
        if let Some(text) = value.as_str() {
            texts.insert(text.to_owned());
        }
        open.extend(value.as_array().into_iter().flatten());
        open.extend(value.as_object().into_iter().flat_map(|object| object.values()));
    }
    texts
}

/// What CloudTrail writes in place of what it does not show.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Where an answer of IAM names the user whom a call without a name was about: the caller.
const USER: [&str; 5] = [
    "/userName",
    "/user/userName",
    "/accessKey/userName",
    "/loginProfile/userName",
    "/serviceSpecificCredential/userName",
];

fn iam(account: AccountId, call: &Call<'_>) -> Vec<(Watched, Option<AlsoNamed>)> {
    let renamed = call.asked("/newUserName").map(|name| Watched::IamUser(account, name.to_owned()));
    let user = call.named(&USER).map(|name| Watched::IamUser(account, name.to_owned()));
    let users: Vec<Watched> = user.into_iter().chain(renamed).collect();
    let one = || {
        let role = call.named(&["/roleName", "/role/roleName"]);
        let role = role.map(|name| Watched::IamRole(account, name.to_owned()));
        let group = || {
            let name = call.named(&["/newGroupName"]).or_else(|| call.named(&["/groupName", "/group/groupName"]));
            name.map(|name| Watched::IamGroup(account, name.to_owned()))
        };
        let policy =
            || call.named(&["/policyArn", "/policy/arn"]).map(|arn| Watched::IamPolicy(account, arn.to_owned()));
        role.or_else(group).or_else(policy)
    };
    let found = if users.is_empty() { one().into_iter().collect() } else { users };
    found.into_iter().map(|watched| (watched, None)).collect()
}

fn sso(call: &Call<'_>) -> Vec<(Watched, Option<AlsoNamed>)> {
    let set = call.named(&["/permissionSetArn", "/permissionSet/permissionSetArn"]).map(PermissionSetArn::new);
    // Of an application nothing else is looked at: whom it is open to is left to the next audit.
    let principal = call.asked("/principalId").filter(|_| call.asked("/applicationArn").is_none());
    let principal = match (principal, call.asked("/principalType")) {
        (Some(id), Some("USER")) => Some(Watched::User(UserId::new(id))),
        (Some(id), Some("GROUP")) => Some(Watched::Group(GroupId::new(id))),
        (Some(_), _) | (None, _) => None,
    };
    let account = call.asked("/targetId").and_then(|account| account.parse().ok());
    match (principal, set, account) {
        (Some(principal), Some(set), Some(account)) => vec![(principal, Some(AlsoNamed::Assignment(set, account)))],
        (None, Some(set), _) if call.asked("/principalId").is_none() => vec![(Watched::PermissionSet(set), None)],
        (Some(_) | None, Some(_) | None, Some(_) | None) => Vec::new(),
    }
}

fn directory(call: &Call<'_>) -> Vec<(Watched, Option<AlsoNamed>)> {
    let user = call.named(&["/memberId/userId", "/member/memberId", "/memberId", "/userId", "/user/userId"]);
    let group = call.named(&["/groupId", "/group/groupId"]).map(GroupId::new);
    match (user, group) {
        (Some(user), group) => vec![(Watched::User(UserId::new(user)), group.map(AlsoNamed::Group))],
        (None, Some(group)) => vec![(Watched::Group(group), None)],
        (None, None) => Vec::new(),
    }
}

/// SCIM shows an id and no more: whose it is, the operation says.
fn scim(name: &str, call: &Call<'_>) -> Vec<(Watched, Option<AlsoNamed>)> {
    let Some(id) = call.named(&["/id"]) else { return Vec::new() };
    let watched = if name.ends_with("Group") {
        Watched::Group(GroupId::new(id))
    } else if name.ends_with("User") {
        Watched::User(UserId::new(id))
    } else {
        return Vec::new();
    };
    vec![(watched, None)]
}
