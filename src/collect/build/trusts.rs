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
    let mut found: BTreeMap<Trusted, Vec<Vec<Condition>>> = BTreeMap::new();
    let allowing = document.statements.iter().filter(|statement| {
        statement.effect == Effect::Allow && ASSUMING.iter().any(|operation| statement.actions.name(operation))
    });
    for statement in allowing {
        for trusted in trusted(statement)? {
            found.entry(trusted).or_default().push(terms(&statement.conditions));
        }
    }
    let trust = |(trusted, mut terms): (Trusted, Vec<Vec<Condition>>)| {
        terms.sort();
        terms.dedup();
        Trust { trusted, terms }
    };
    Ok(found.into_iter().map(trust).collect())
}

/// Conditions in an order that does not depend on how they were written.
fn terms(conditions: &[Condition]) -> Vec<Condition> {
    let mut conditions = conditions.to_vec();
    for condition in &mut conditions {
        condition.values.sort();
        condition.values.dedup();
    }
    conditions.sort();
    conditions
}

fn trusted(statement: &Statement) -> Result<Vec<Trusted>, String> {
    match &statement.principals {
        Some(Principals::AllBut) => Ok(vec![Trusted::Anyone]),
        Some(Principals::Only(principals)) => {
            let mut trusted = Vec::new();
            for (kind, name) in principals {
                trusted.extend(principal(kind, name, &statement.conditions)?);
            }
            Ok(trusted)
        }
        None => Err("a statement has no `Principal`".to_owned()),
    }
}

fn principal(kind: &str, name: &str, conditions: &[Condition]) -> Result<Vec<Trusted>, String> {
    let one = match kind {
        "AWS" if name == "*" => return Ok(anyone(conditions)),
        "AWS" => aws(name)?,
        "Service" => Trusted::Service(name.to_owned()),
        "Federated" if name == "*" => Trusted::Anyone,
        "Federated" => match name.split_once(":saml-provider/") {
            Some(_) => Trusted::Saml(name.to_owned()),
            None => Trusted::Oidc(name.split_once(":oidc-provider/").map_or(name, |(_, url)| url).to_owned()),
        },
        _ => return Err(format!("unknown principal type {}", quoted(kind))),
    };
    Ok(vec![one])
}

/// An account's id, the ARN of an account (`…:root`) or of something in it; the unique id of what is gone.
fn aws(name: &str) -> Result<Trusted, String> {
    if let Ok(account) = name.parse() {
        return Ok(Trusted::Account(account, None));
    }
    if let Some((account, resource)) = of_arn(name) {
        return Ok(Trusted::Account(account, (resource != "root").then(|| name.to_owned())));
    }
    if name.starts_with('A') && name.chars().all(|letter| letter.is_ascii_alphanumeric()) {
        return Ok(Trusted::Gone(name.to_owned()));
    }
    Err(format!("unknown principal {}", quoted(name)))
}

/// The account of an ARN, and what it names there.
fn of_arn(arn: &str) -> Option<(AccountId, &str)> {
    let mut parts = arn.splitn(6, ':');
    let (account, resource) = (parts.nth(4)?, parts.next()?);
    Some((account.parse().ok()?, resource))
}

/// Whom `*` means under these conditions: the members of organizations or of accounts where one of the conditions
/// names them all, else anyone.
fn anyone(conditions: &[Condition]) -> Vec<Trusted> {
    conditions.iter().find_map(named).unwrap_or_else(|| vec![Trusted::Anyone])
}

/// Whom a condition names, where it admits only those whom it names.
fn named(condition: &Condition) -> Option<Vec<Trusted>> {
    let operator = condition.operator.strip_prefix("ForAnyValue:").unwrap_or(&condition.operator);
    let as_pattern = match operator {
        "StringEquals" | "StringEqualsIgnoreCase" => false,
        "StringLike" | "ArnEquals" | "ArnLike" => true,
        _ => return None,
    };
    let whole = |value: &str| !(as_pattern && value.contains(['*', '?']));
    let key = condition.key.to_ascii_lowercase();
    let who = |value: &String| match key.as_str() {
        "aws:principalorgid" if whole(value) => Some(Trusted::Organization(value.clone())),
        // The organization of the role, whichever that is.
        "aws:resourceorgid" if value == "${aws:PrincipalOrgID}" => {
            Some(Trusted::Organization(Trusted::OWN_ORGANIZATION.to_owned()))
        }
        "aws:principalorgpaths" => {
            let (organization, _) = value.split_once('/')?;
            (whole(organization) && organization.starts_with("o-"))
                .then(|| Trusted::Organization(organization.to_owned()))
        }
        "aws:principalaccount" => Some(Trusted::Account(value.parse().ok()?, None)),
        "aws:principalarn" => Some(Trusted::Account(of_arn(value)?.0, Some(value.clone()))),
        _ => None,
    };
    condition.values.iter().map(who).collect::<Option<Vec<_>>>().filter(|named| !named.is_empty())
}
