//! Policies as the JSON documents that IAM takes.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::iam_policy::{self, Resource, Statement};
use crate::model::Effect;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'s> {
    version: &'static str,
    statement: Vec<Entry<'s>>,
}

/// One statement, in the order in which AWS's own documentation writes its fields.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'s> {
    sid: &'s str,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal: Option<BTreeMap<&'static str, &'s str>>,
    action: Vec<&'s str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resource: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition<'s>>,
}

type Condition<'s> = BTreeMap<&'s str, BTreeMap<&'s str, Values<'s>>>;

/// What a condition compares with: a single value as it is.
#[derive(Serialize)]
#[serde(untagged)]
enum Values<'s> {
    One(&'s str),
    AnyOf(Vec<&'s str>),
}

/// A policy of a role or a user.
pub(super) fn policy(statements: &[Statement], partition: &str) -> String {
    document(statements.iter().map(|statement| entry(statement, partition)).collect())
}

/// A trust policy: this principal may assume the role, as long as it is in the role's own organization, and if it says
/// the external id.
pub(super) fn trust(principal: &str, external_id: Option<&str>) -> String {
    document(vec![Entry {
        sid: "Rollcall",
        effect: "Allow",
        principal: Some(BTreeMap::from([("AWS", principal)])),
        action: vec!["sts:AssumeRole"],
        resource: Vec::new(),
        condition: Some(BTreeMap::from([(
            "StringEquals",
            std::iter::once(("aws:PrincipalOrgID", Values::One("${aws:ResourceOrgID}")))
                .chain(external_id.map(|id| ("sts:ExternalId", Values::One(id))))
                .collect(),
        )])),
    }])
}

fn entry<'s>(statement: &'s Statement, partition: &str) -> Entry<'s> {
    Entry {
        sid: &statement.sid,
        effect: match statement.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        },
        principal: None,
        action: statement.actions.iter().map(|action| action.name.as_str()).collect(),
        resource: statement.resources.iter().map(|resource| arn(resource, partition)).collect(),
        condition: statement.condition.as_ref().map(condition),
    }
}

fn document(statement: Vec<Entry<'_>>) -> String {
    let document = Document { version: "2012-10-17", statement };
    serde_json::to_string_pretty(&document).expect("a policy is plain JSON") + "\n"
}

fn condition(condition: &iam_policy::Condition) -> Condition<'_> {
    let values = match condition.values.as_slice() {
        [one] => Values::One(one),
        several => Values::AnyOf(several.iter().map(String::as_str).collect()),
    };
    BTreeMap::from([(condition.operator.as_str(), BTreeMap::from([(condition.key.as_str(), values)]))])
}

fn arn(resource: &Resource, partition: &str) -> String {
    match resource {
        Resource::Everything => "*".to_owned(),
        Resource::Within(rest) => format!("arn:{partition}:{rest}"),
        Resource::Arn(arn) => arn.clone(),
    }
}
