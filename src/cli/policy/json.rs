//! Policies as the JSON documents that IAM takes.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::iam_policy::{Resource, Statement};

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

type Condition<'s> = BTreeMap<&'s str, BTreeMap<&'s str, &'s str>>;

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
            std::iter::once(("aws:PrincipalOrgID", "${aws:ResourceOrgID}"))
                .chain(external_id.map(|id| ("sts:ExternalId", id)))
                .collect(),
        )])),
    }])
}

fn entry<'s>(statement: &'s Statement, partition: &str) -> Entry<'s> {
    Entry {
        sid: &statement.sid,
        effect: "Allow",
        principal: None,
        action: statement.actions.iter().map(|action| action.name.as_str()).collect(),
        resource: statement.resources.iter().map(|resource| arn(resource, partition)).collect(),
        condition: statement.condition.as_ref().map(|[operator, key, value]| condition(operator, key, value)),
    }
}

fn document(statement: Vec<Entry<'_>>) -> String {
    let document = Document { version: "2012-10-17", statement };
    serde_json::to_string_pretty(&document).expect("a policy is plain JSON") + "\n"
}

fn condition<'s>(operator: &'s str, key: &'s str, value: &'s str) -> Condition<'s> {
    BTreeMap::from([(operator, BTreeMap::from([(key, value)]))])
}

fn arn(resource: &Resource, partition: &str) -> String {
    match resource {
        Resource::Everything => "*".to_owned(),
        Resource::Within(rest) => format!("arn:{partition}:{rest}"),
        Resource::Arn(arn) => arn.clone(),
    }
}
