//! Who made a call: `userIdentity` of CloudTrail.

use serde_json::Value;

/// The roles that Identity Center makes are named after a permission set: this, its name, `_` and a hash.
const RESERVED: &str = "AWSReservedSSO_";
/// `_` and sixteen hexadecimal digits.
const HASH: usize = 17;

/// Who made a call, as far as CloudTrail says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actor {
    /// The ARN of the caller.
    pub arn: Option<String>,
    /// The person, session or user by name.
    pub name: Option<String>,
    /// The role by which they came, where they came by one. Of a role of Identity Center, the hash is left out.
    pub role: Option<String>,
    /// The account that the caller belongs to, as CloudTrail writes it.
    pub account: Option<String>,
    /// The AWS service that called for them.
    pub service: Option<String>,
    /// `Root`, `IAMUser`, `AssumedRole` … as CloudTrail writes it.
    pub kind: Option<String>,
    /// The full name of the role, as AWS has it.
    role_name: Option<String>,
}

impl Actor {
    /// Reads `userIdentity`.
    pub(super) fn of(identity: &Value) -> Self {
        let text = |pointer: &str| identity.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        let arn = text("/arn");
        let parts: Vec<&str> =
            arn.as_deref().and_then(resource).map_or_else(Vec::new, |rest| rest.split('/').collect());
        let by_arn = match parts[..] {
            ["assumed-role", role, session] => (Some(session), Some(role)),
            ["user", .., name] => (Some(name), None),
            _ => (None, None),
        };
        let role_name = by_arn.1.map(str::to_owned).or_else(|| text("/sessionContext/sessionIssuer/userName"));
        let name = by_arn.0.map(str::to_owned).or_else(|| text("/userName")).or_else(|| text("/onBehalfOf/userId"));
        Actor {
            name,
            role: role_name.as_deref().map(|role| without_hash(role).to_owned()),
            role_name,
            account: text("/accountId"),
            service: text("/invokedBy"),
            kind: text("/type"),
            arn,
        }
    }

    /// Whether they came by this role, which is named by its ARN.
    #[must_use]
    pub fn came_by(&self, role: &str) -> bool {
        let Some((account, name)) = resource(role)
            .and_then(|rest| Some((role.split(':').nth(4)?, rest.strip_prefix("role/")?.rsplit('/').next()?)))
        else {
            return false;
        };
        let own = self.arn.as_deref().and_then(|arn| arn.split(':').nth(4)).or(self.account.as_deref());
        own == Some(account) && self.role_name.as_deref() == Some(name)
    }
}

/// What follows the account in an ARN.
fn resource(arn: &str) -> Option<&str> {
    arn.splitn(6, ':').nth(5)
}

/// The name of a role without the hash that Identity Center adds.
fn without_hash(role: &str) -> &str {
    let cut = role.len().checked_sub(HASH).filter(|_| role.starts_with(RESERVED));
    let end = cut.and_then(|cut| role.get(cut..).map(|end| (cut, end)));
    match end {
        Some((cut, end)) if end.starts_with('_') && end[1..].bytes().all(|digit| digit.is_ascii_hexdigit()) => {
            &role[..cut]
        }
        Some(_) | None => role,
    }
}

/// The permission set that a role of Identity Center is named after.
pub(super) fn permission_set_of(role: &str) -> Option<&str> {
    role.strip_prefix(RESERVED)?;
    without_hash(role).strip_prefix(RESERVED)
}
