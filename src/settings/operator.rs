//! `[operator]`: by which role access is changed. What may be changed is in `[change]`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::is_role;

/// The role that `rollcall apply` uses to change access. Nothing else uses it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Operator {
    /// The ARN of the role that changes access. Use a different role than for audits.
    pub role: Option<String>,
    /// The name of the role that changes IAM in each other account, with its path; without it, IAM is changed only in the
    /// account of the operator's role.
    pub member_role: Option<String>,
    /// The external id that the trust policies of these roles require.
    pub external_id: Option<String>,
    /// ARNs of the managed policies that may be attached to IAM users; `*` is any characters. Default: any policy.
    /// `rollcall policy` enforces this in AWS.
    pub policies: Vec<String>,
    /// Whether assignments in the management account are changed as well: AWS then uses the operator's own permissions to
    /// make the roles of permission sets there.
    pub management_account: bool,
}

impl Operator {
    /// What AWS would refuse only when a plan is applied: key, value, and what to write.
    pub(super) fn wrong(&self) -> [(&'static str, Option<String>, &'static str); 3] {
        let role = self.role.clone().filter(|arn| !is_arn_of(arn, "role/"));
        let member_role = self.member_role.clone().filter(|name| !is_role(name));
        let policy = self.policies.iter().find(|arn| !is_arn_of(arn, "policy/")).cloned();
        [
            ("operator.role", role, "write the ARN of the role: `arn:aws:iam::111122223333:role/RollcallOperator`"),
            (
                "operator.member_role",
                member_role,
                "write the name of the role in every account (with its path, if it has one), not its ARN: \
                 `RollcallOperatorMember`",
            ),
            ("operator.policies", policy, "write ARNs of managed policies: `arn:aws:iam::aws:policy/ReadOnlyAccess`"),
        ]
    }
}

/// Whether a text is the ARN of something in IAM.
fn is_arn_of(text: &str, kind: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts[..] else { return false };
    let is_account = account == "aws" || account == "*" || account.bytes().all(|digit| digit.is_ascii_digit());
    let named = resource.strip_prefix(kind).is_some_and(|name| !name.is_empty());
    partition.starts_with("aws") && !account.is_empty() && is_account && named
}
