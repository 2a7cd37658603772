//! Whether a policy makes its holder an administrator, from what it allows and not from what it is called; only for
//! AWS-managed policies, whose documents AWS keeps under fixed names, the name is the document.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::model::{IamPolicy, PermissionSet};

/// AWS-managed policies that allow everything, or allow to grant oneself everything.
const AWS_MANAGED: [&str; 2] = ["AdministratorAccess", "IAMFullAccess"];

/// The policy that makes the holders of a permission set administrators, where it can be seen that one does.
#[must_use]
pub fn permission_set(set: &PermissionSet) -> Option<String> {
    let policies = set.policies.is()?;
    let aws_managed = policies.aws_managed.iter().filter_map(|arn| aws_managed_name(arn)).next();
    let inline = policies.inline.as_deref().filter(|document| document_is_administrative(document));
    aws_managed.map(str::to_owned).or_else(|| inline.map(|_| "its inline policy".to_owned()))
}

/// The policy's name, where it can be seen to make its holder an administrator.
#[must_use]
pub fn iam_policy(policy: &IamPolicy) -> Option<String> {
    let by_arn = policy.arn.as_deref().and_then(aws_managed_name).is_some();
    let by_document = policy.document.as_deref().is_some_and(document_is_administrative);
    (by_arn || by_document).then(|| policy.name.clone())
}

fn aws_managed_name(arn: &str) -> Option<&str> {
    let (head, name) = arn.rsplit_once('/')?;
    (head.ends_with(":iam::aws:policy") && AWS_MANAGED.contains(&name)).then_some(name)
}

/// A policy document, as far as it matters here (IAM JSON policy grammar).
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "Statement")]
    statement: OneOrMany<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: String,
    action: Option<OneOrMany<String>>,
    not_action: Option<OneOrMany<String>>,
    resource: Option<OneOrMany<String>>,
    condition: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    fn iter(&self) -> std::slice::Iter<'_, T> {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one).iter(),
            OneOrMany::Many(many) => many.iter(),
        }
    }
}

/// Whether a statement without conditions allows every action, or every action of IAM, on every resource.
fn document_is_administrative(document: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Document>(document) else { return false };
    document.statement.iter().any(|statement| {
        let everywhere = statement.resource.as_ref().is_some_and(|all| all.iter().any(|resource| resource == "*"));
        statement.effect == "Allow" && everywhere && statement.condition.is_none() && allows_administration(statement)
    })
}

fn allows_administration(statement: &Statement) -> bool {
    let is_everything = |action: &String| matches!(action.to_ascii_lowercase().as_str(), "*" | "*:*" | "iam:*");
    let allowed = statement.action.as_ref().is_some_and(|actions| actions.iter().any(is_everything));
    // All but a few: administrative unless those few are all of IAM.
    let all_but = statement.not_action.as_ref().is_some_and(|actions| !actions.iter().any(is_everything));
    allowed || all_but
}
