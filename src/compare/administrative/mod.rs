//! Whether policies make their holder an administrator, from what they allow and not from what they are called; only
//! for AWS-managed policies, whose documents AWS keeps under fixed names, the name is the document.
//!
//! What a service control policy takes away
//! again is not considered: those are the organization's, and can change without the account.

mod aws_managed;
mod reach;
mod ways;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Administrative, Boundary, Entitlement, IamAccount, IamPolicy, Ix, Known, NameKey, PermissionSet,
    PermissionSetPolicies, PolicyDocument, Sight, Snapshot, quoted,
};

use reach::{Held, Reach};
use ways::WAYS;

/// A policy that somebody has, and what it says.
#[derive(Debug)]
pub struct Policy<'a> {
    /// What it is called, for a reader.
    pub name: String,
    /// What it says, where that is known.
    pub says: Says<'a>,
}

/// What a policy says.
#[derive(Debug)]
pub enum Says<'a> {
    /// Its document.
    Document(&'a str),
    /// The document was not read, and AWS keeps it under this ARN.
    Arn(&'a str),
    /// Nobody can say: why, to follow the policy's name.
    Unread(String),
}

/// Whether these policies together make their holder an administrator.
#[must_use]
pub fn of<'a>(policies: impl IntoIterator<Item = Policy<'a>>) -> Administrative {
    let mut by_name = Administrative::No;
    let mut read: Vec<(String, PolicyDocument)> = Vec::new();
    for Policy { name, says } in policies {
        let unread = |why: String| Administrative::Unknown(format!("{name} {why}"));
        let judged = match says {
            Says::Document(text) => match PolicyDocument::parse(text) {
                Ok(document) => {
                    read.push((name, document));
                    continue;
                }
                Err(why) => unread(format!("could not be read: {why}")),
            },
            Says::Arn(arn) => aws_managed::judge(arn, &name),
            Says::Unread(why) => unread(why),
        };
        by_name = by_name.or(judged);
    }
    let statements = read
        .iter()
        .flat_map(|(policy, document)| document.statements.iter().map(move |statement| Held { policy, statement }));
    let statements: Vec<Held<'_>> = statements.collect();
    by_name.or(by_statements(&statements))
}

/// The first way that is open; else the first of which nobody can say.
fn by_statements(held: &[Held<'_>]) -> Administrative {
    let mut answer = Administrative::No;
    for way in WAYS {
        let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut all = true;
        let mut doubt = None;
        for need in way.0 {
            match reach::of(held, need) {
                Reach::All { policy, words } => {
                    let said = said.entry(policy).or_default();
                    if !said.contains(&words) {
                        said.push(words);
                    }
                }
                Reach::Some(why) => doubt = doubt.or(Some(why)),
                Reach::None => all = false,
            }
        }
        let open = match (all, doubt) {
            (false, _) => Administrative::No,
            (true, Some(why)) => Administrative::Unknown(why),
            (true, None) => {
                let said = said.into_iter().map(|(policy, words)| format!("{policy} allows {}", words.join(" with ")));
                Administrative::Yes(said.collect::<Vec<_>>().join(" and "))
            }
        };
        answer = answer.or(open);
        if answer.is_yes() {
            return answer;
        }
    }
    answer
}

/// Whether a permission set makes its holders administrators, in any account that it is provisioned to: each account
/// has its own policies under the names that the set refers to.
#[must_use]
pub fn permission_set(set: &PermissionSet, snapshot: &Snapshot) -> Administrative {
    let policies = match &set.policies {
        Known::Is(policies) => policies,
        Known::Unknown(_) => {
            return Administrative::Unknown(format!("the policies of {} were not read", quoted(&set.name)));
        }
    };
    let boundary = match &policies.boundary {
        Some(Boundary::CustomerManaged(name)) => Some(name),
        Some(Boundary::AwsManaged(_)) | None => None,
    };
    let names: Vec<&String> = policies.customer_managed.iter().chain(boundary).collect();
    if names.is_empty() {
        return with_documents(policies, &[], snapshot);
    }
    // Accounts that have the same documents are asked once.
    let mut versions: BTreeSet<Vec<Option<&str>>> = BTreeSet::new();
    for placement in set.placements.seen() {
        let account = snapshot.iam.binary_search_by_key(&placement.account, |iam| iam.account).ok();
        let document = |name: &&String| document_in(&snapshot.iam[account?], name);
        versions.insert(names.iter().map(document).collect());
    }
    if versions.is_empty() {
        versions.insert(vec![None; names.len()]);
    }
    let judged = versions.into_iter().map(|documents| {
        let in_account: Vec<(&str, Option<&str>)> = names.iter().map(|name| name.as_str()).zip(documents).collect();
        with_documents(policies, &in_account, snapshot)
    });
    judged.fold(Administrative::No, Administrative::or)
}

/// Whether policies make their holder an administrator where an account has these documents under the names that they
/// refer to.
fn with_documents(
    policies: &PermissionSetPolicies,
    in_account: &[(&str, Option<&str>)],
    snapshot: &Snapshot,
) -> Administrative {
    let aws_managed = |arn| {
        let says = snapshot.aws_managed.get(arn).map_or(Says::Arn(arn), |document| Says::Document(document));
        Policy { name: code(name_of(arn)), says }
    };
    let customer_managed = |name: &str| {
        let document = in_account.iter().find(|(known, _)| *known == name).and_then(|(_, document)| *document);
        let unread =
            || Says::Unread("is defined by each account for itself, and was not read in all of them".to_owned());
        Policy { name: code(name), says: document.map_or_else(unread, Says::Document) }
    };
    let inline = policies.inline.iter();
    let inline = inline.map(|text| Policy { name: "the inline policy".to_owned(), says: Says::Document(text) });
    let own = of(policies
        .aws_managed
        .iter()
        .map(|arn| aws_managed(arn))
        .chain(policies.customer_managed.iter().map(|name| customer_managed(name)))
        .chain(inline));
    let limit = match &policies.boundary {
        Some(Boundary::AwsManaged(arn)) => of([aws_managed(arn)]),
        Some(Boundary::CustomerManaged(name)) => of([customer_managed(name)]),
        None => return own,
    };
    within(own, &limit)
}

fn document_in<'s>(account: &'s IamAccount, name: &str) -> Option<&'s str> {
    let policy = account.policies.look_up(&NameKey::of(name), |policy| NameKey::of(&policy.name)).seen()?;
    policy.document.as_deref()
}

/// Whether the role of an entitlement makes its holder an administrator.
#[must_use]
pub fn entitlement(snapshot: &Snapshot, account: Ix<Account>, entitlement: &Entitlement) -> Administrative {
    let name = &entitlement.role;
    let iam = snapshot.iam.binary_search_by_key(&account, |iam| iam.account).ok();
    let found = iam.map(|iam| snapshot.iam[iam].roles.look_up(&NameKey::of(name), |role| NameKey::of(&role.name)));
    match found {
        Some(Sight::Seen(role)) => iam_policies(&role.policies, role.boundary.as_ref()),
        // A role that is gone gives nothing.
        Some(Sight::Absent(_)) => Administrative::No,
        Some(Sight::Unseen(_)) | None => {
            Administrative::Unknown(format!("the policies of role {} were not read", quoted(name)))
        }
    }
}

/// Whether a policy of an IAM user or a role makes its holder an administrator, taken alone.
pub(super) fn iam_policy(policy: &IamPolicy) -> Administrative {
    of([as_policy(policy)])
}

/// Whether policies of an IAM user or a role do so together: one may allow what another needs, or deny it.
#[must_use]
pub fn iam_policies(policies: &[IamPolicy], boundary: Option<&IamPolicy>) -> Administrative {
    let own = of(policies.iter().map(as_policy));
    match boundary.map(iam_policy) {
        Some(limit) => within(own, &limit),
        None => own,
    }
}

/// What a boundary leaves of it: nothing where it was read and does not allow it. One that was not read takes nothing
/// away, because what is known gives the access, and nobody knows that it is limited.
fn within(own: Administrative, limit: &Administrative) -> Administrative {
    match limit {
        Administrative::No => Administrative::No,
        Administrative::Yes(_) | Administrative::Unknown(_) => own,
    }
}

fn as_policy(policy: &IamPolicy) -> Policy<'_> {
    let says = match (&policy.document, &policy.arn) {
        (Some(document), _) => Says::Document(document),
        (None, Some(arn)) => Says::Arn(arn),
        (None, None) => Says::Unread("has no document in AWS's answer".to_owned()),
    };
    Policy { name: code(&policy.name), says }
}

fn code(name: &str) -> String {
    quoted(name)
}

/// The last part of a policy's ARN: `arn:aws:iam::aws:policy/job-function/Billing`.
fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}
