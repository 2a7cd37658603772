//! Whom a role trusts, from its trust policy.
//!
//! Denials are not considered: what a trust policy allows and takes away again stays a trust that somebody should look
//! at.

use std::collections::BTreeMap;

use crate::model::{AccountId, Condition, Effect, PolicyDocument, Principals, Statement, Trust, Trusted, quoted};

/// The operations by which a role is assumed. `sts:TagSession` and `sts:SetSourceIdentity` alone assume nothing.
const ASSUMING: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// Reads the trust policy of a role.
///
/// # Errors
/// In words, where it cannot be read: then nobody can say whom the role trusts.
pub(super) fn read(document: &str) -> Result<Vec<Trust>, String> {
    let document = PolicyDocument::parse(document)?;
    let mut found: BTreeMap<Trusted, Vec<String>> = BTreeMap::new();
    let allowing = document.statements.iter().filter(|statement| {
        statement.effect == Effect::Allow && ASSUMING.iter().any(|operation| statement.actions.name(operation))
    });
    for statement in allowing {
        for trusted in trusted(statement)? {
            let mut keys: Vec<String> = statement.conditions.iter().map(|condition| condition.key.clone()).collect();
            keys.sort();
            keys.dedup();
            let known = found.entry(trusted).or_insert_with(|| keys.clone());
            // Either statement is enough, so of two the one that asks for less says what is needed.
            if keys.len() < known.len() {
                *known = keys;
            }
        }
    }
    Ok(found.into_iter().map(|(trusted, conditions)| Trust { trusted, conditions }).collect())
}

fn trusted(statement: &Statement) -> Result<Vec<Trusted>, String> {
    match &statement.principals {
        Some(Principals::AllBut) => Ok(vec![Trusted::Anyone]),
        Some(Principals::Only(principals)) => {
            principals.iter().map(|(kind, name)| principal(kind, name, &statement.conditions)).collect()
        }
        None => Err("a statement has no `Principal`".to_owned()),
    }
}

fn principal(kind: &str, name: &str, conditions: &[Condition]) -> Result<Trusted, String> {
    match kind {
        "AWS" if name == "*" => Ok(organization(conditions).map_or(Trusted::Anyone, Trusted::Organization)),
        "AWS" => aws(name),
        "Service" => Ok(Trusted::Service(name.to_owned())),
        "Federated" if name == "*" => Ok(Trusted::Anyone),
        "Federated" => Ok(match name.split_once(":saml-provider/") {
            Some(_) => Trusted::Saml(name.to_owned()),
            None => Trusted::Oidc(name.split_once(":oidc-provider/").map_or(name, |(_, url)| url).to_owned()),
        }),
        _ => Err(format!("a principal is a {}", quoted(kind))),
    }
}

/// An account's id, the ARN of an account (`…:root`) or of something in it; the unique id of what is gone.
fn aws(name: &str) -> Result<Trusted, String> {
    if let Ok(account) = name.parse() {
        return Ok(Trusted::Account(account, None));
    }
    let mut parts = name.splitn(6, ':');
    let (account, resource) = (parts.nth(4), parts.next());
    match (account.map(str::parse::<AccountId>), resource) {
        (Some(Ok(account)), Some("root")) => Ok(Trusted::Account(account, None)),
        (Some(Ok(account)), Some(_)) => Ok(Trusted::Account(account, Some(name.to_owned()))),
        _ if name.starts_with('A') && name.chars().all(|letter| letter.is_ascii_alphanumeric()) => {
            Ok(Trusted::Gone(name.to_owned()))
        }
        _ => Err(format!("a principal is {}", quoted(name))),
    }
}

/// The organization whose members alone are meant, where a condition names exactly one.
fn organization(conditions: &[Condition]) -> Option<String> {
    let condition = conditions.iter().find(|condition| {
        condition.key.eq_ignore_ascii_case("aws:PrincipalOrgID") && condition.operator == "StringEquals"
    })?;
    let [only] = condition.values.as_slice() else { return None };
    Some(only.clone())
}
