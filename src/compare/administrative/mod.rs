//! Whether policies make their holder an administrator, from what they allow and not from what they are called; only
//! for AWS-managed policies, whose documents AWS keeps under fixed names, the name is the document.
//!
//! What a service control policy takes away
//! again is not considered: those are the organization's, and can change without the account.

mod access_services;
mod action_verbs;
mod aws_managed;
mod denied;
mod escalation_paths;
mod management_account;
mod pass_role;
mod passed_services;
mod reach;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Account, Administrative, Boundary, Entitlement, IamAccount, IamPolicy, IamRole, IamUser, Ix, Known, NameKey,
    PermissionSet, PermissionSetPolicies, PolicyDocument, Sight, Snapshot, quoted,
};

use escalation_paths::{PERHAPS, WAYS, Way};
use reach::{Held, Holding, Reach};

pub use management_account::Place;

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

/// Whether these policies together make their holder an administrator, in an account that is this in its organization.
#[must_use]
pub fn of<'a>(policies: impl IntoIterator<Item = Policy<'a>>, place: Place) -> Administrative {
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
            Says::Arn(arn) => aws_managed::judge(arn, &name, place),
            Says::Unread(why) => unread(why),
        };
        by_name = by_name.or(judged);
    }
    let statements = read
        .iter()
        .flat_map(|(policy, document)| document.statements.iter().map(move |statement| Held { policy, statement }));
    by_name.or(by_statements(&Holding { statements: statements.collect(), place }))
}

/// The first way that is open; else the first of which nobody can say.
fn by_statements(holding: &Holding<'_>) -> Administrative {
    let mut answer = Administrative::No;
    for way in WAYS {
        answer = answer.or(by_way(holding, way));
        if answer.is_yes() {
            return answer;
        }
    }
    // What may be is looked for where nothing is yet found: it is slower, and adds nothing.
    let may_be = || {
        let perhaps = PERHAPS.iter().map(|way| by_way(holding, way)).find_map(|judged| match judged {
            Administrative::Yes(how) => Some(format!("{how}, which may run with a more powerful role")),
            Administrative::Unknown(why) => Some(why),
            Administrative::No => None,
        });
        access_services::judge(holding).or_else(|| pass_role::judge(holding)).or(perhaps)
    };
    match answer {
        Administrative::No => may_be().map_or(Administrative::No, Administrative::Unknown),
        Administrative::Unknown(_) | Administrative::Yes(_) => answer,
    }
}

/// Whether a way is open: all that it needs is allowed.
fn by_way(holding: &Holding<'_>, way: &Way) -> Administrative {
    let mut said: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut doubt = None;
    for need in way.0 {
        match reach::of(holding, need) {
            Reach::All { policy, words } => {
                let said = said.entry(policy).or_default();
                if !said.contains(&words) {
                    said.push(words);
                }
            }
            Reach::Some(why) => doubt = doubt.or(Some(why)),
            Reach::None => return Administrative::No,
        }
    }
    match doubt {
        Some(why) => Administrative::Unknown(why),
        None => {
            let said = said.into_iter().map(|(policy, words)| format!("{policy} allows {}", words.join(" with ")));
            Administrative::Yes(said.collect::<Vec<_>>().join(" and "))
        }
    }
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
    // Accounts of one kind that have the same documents are asked once.
    let mut versions: BTreeSet<(Place, Vec<Option<&str>>)> = BTreeSet::new();
    for placement in set.placements.seen() {
        let account = snapshot.iam_of(placement.account);
        let document = |name: &&String| document_in(account?, name);
        versions.insert((Place::of(snapshot, placement.account), names.iter().map(document).collect()));
    }
    if versions.is_empty() {
        versions.insert((Place::Member, vec![None; names.len()]));
    }
    let judged = versions.into_iter().map(|(place, documents)| {
        let in_account: Vec<(&str, Option<&str>)> = names.iter().map(|name| name.as_str()).zip(documents).collect();
        with_documents(policies, &in_account, snapshot, place)
    });
    judged.fold(Administrative::No, Administrative::or)
}

/// Whether policies make their holder an administrator where an account has these documents under the names that they
/// refer to.
fn with_documents(
    policies: &PermissionSetPolicies,
    in_account: &[(&str, Option<&str>)],
    snapshot: &Snapshot,
    place: Place,
) -> Administrative {
    let aws_managed = |arn| {
        let says = snapshot.aws_managed.get(arn).map_or(Says::Arn(arn), |document| Says::Document(document));
        Policy { name: code(name_of(arn)), says }
    };
    let customer_managed = |name: &str| {
        let document = in_account.iter().find(|(known, _)| *known == name).and_then(|(_, document)| *document);
        let unread = || Says::Unread("is defined in each account and was not read in all of them".to_owned());
        Policy { name: code(name), says: document.map_or_else(unread, Says::Document) }
    };
    let inline = policies.inline.iter();
    let inline = inline.map(|text| Policy { name: "the inline policy".to_owned(), says: Says::Document(text) });
    let all = policies.aws_managed.iter().map(|arn| aws_managed(arn));
    let all = all.chain(policies.customer_managed.iter().map(|name| customer_managed(name))).chain(inline);
    let limit = match &policies.boundary {
        Some(Boundary::AwsManaged(arn)) => Some(aws_managed(arn)),
        Some(Boundary::CustomerManaged(name)) => Some(customer_managed(name)),
        None => None,
    };
    within(all, limit, place)
}

fn document_in<'s>(account: &'s IamAccount, name: &str) -> Option<&'s str> {
    let policy = account.policies.look_up(&NameKey::of(name), |policy| NameKey::of(&policy.name)).seen()?;
    policy.document.as_deref()
}

/// Whether the role of an entitlement makes its holder an administrator.
#[must_use]
pub fn entitlement(snapshot: &Snapshot, account: Ix<Account>, entitlement: &Entitlement) -> Administrative {
    match entitled_role(snapshot, account, entitlement) {
        Some(Sight::Seen(role)) => self::role(role, Place::of(snapshot, account)),
        // A role that is gone gives nothing.
        Some(Sight::Absent(_)) => Administrative::No,
        Some(Sight::Unseen(_)) | None => {
            Administrative::Unknown(format!("the policies of role {} were not read", quoted(&entitlement.role)))
        }
    }
}

/// The role of an entitlement; `None` where IAM of the account was not read.
#[must_use]
pub fn entitled_role<'s>(
    snapshot: &'s Snapshot,
    account: Ix<Account>,
    entitlement: &Entitlement,
) -> Option<Sight<&'s IamRole>> {
    let name = NameKey::of(&entitlement.role);
    Some(snapshot.iam_of(account)?.roles.look_up(&name, |role| NameKey::of(&role.name)))
}

/// Whether a policy of an IAM user or a role makes its holder an administrator, taken alone.
pub(super) fn iam_policy(policy: &IamPolicy, place: Place) -> Administrative {
    of([as_policy(policy)], place)
}

/// Whether its policies make an IAM user an administrator: one may allow what another needs, or deny it.
#[must_use]
pub fn user(user: &IamUser, place: Place) -> Administrative {
    iam_policies(&user.policies, user.boundary.as_ref(), place)
}

/// Whether its policies make whoever assumes a role an administrator.
#[must_use]
pub fn role(role: &IamRole, place: Place) -> Administrative {
    iam_policies(&role.policies, role.boundary.as_ref(), place)
}

/// The same of policies that are had together, within a boundary or without.
pub(super) fn iam_policies<'a>(
    policies: impl IntoIterator<Item = &'a IamPolicy>,
    boundary: Option<&'a IamPolicy>,
    place: Place,
) -> Administrative {
    within(policies.into_iter().map(as_policy), boundary.map(as_policy), place)
}

/// What a boundary leaves of policies: nothing where it was read and allows no way; nobody can say where it was read
/// and may allow one. One that was not read takes nothing away, because what is known gives the access, and nobody
/// knows that it is limited.
fn within<'a>(
    policies: impl IntoIterator<Item = Policy<'a>>,
    limit: Option<Policy<'a>>,
    place: Place,
) -> Administrative {
    let own = of(policies, place);
    let Some(limit) = limit else { return own };
    let is_read = matches!(&limit.says, Says::Document(text) if PolicyDocument::parse(text).is_ok());
    match (of([limit], place), own) {
        (Administrative::No, _) => Administrative::No,
        (Administrative::Unknown(why), Administrative::Yes(_)) if is_read => {
            Administrative::Unknown(format!("in its permissions boundary, {why}"))
        }
        (Administrative::Unknown(_) | Administrative::Yes(_), own) => own,
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
