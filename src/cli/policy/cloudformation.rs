//! Policies in CloudFormation templates: for the account that Rollcall runs in, and for the accounts that it reads.
//!
//! The templates lie beside this file, with a place for the statements. Each action has a comment that says what it is
//! for. ARNs take the partition of the account that a stack is made in, whatever the settings say.

use crate::iam_policy::{Resource, Statement};
use crate::model::Effect;
use crate::settings::Settings;

/// The role that Rollcall runs as.
pub(super) fn management(statements: &[Statement]) -> String {
    include_str!("management.yaml").replace("@STATEMENTS@", &written(statements))
}

/// The role that Rollcall assumes.
pub(super) fn member(statements: &[Statement], settings: &Settings, principal: Option<&str>) -> String {
    let role = settings.aws.member_role.as_deref().unwrap_or_default();
    let external_id = settings.aws.external_id.as_deref();
    of_role(include_str!("member.yaml"), role, external_id, principal).replace("@STATEMENTS@", &written(statements))
}

/// The role that changes access.
pub(super) fn operator(statements: &[Statement], settings: &Settings) -> String {
    // `arn:aws:iam::111122223333:role/path/Name`
    let role = settings.operator.role.as_deref().and_then(|arn| arn.split_once(":role/")).map(|(_, role)| role);
    let (role, external_id) = (role.unwrap_or("RollcallOperator"), settings.operator.external_id.as_deref());
    of_role(include_str!("operator.yaml"), role, external_id, None).replace("@STATEMENTS@", &written(statements))
}

/// The role that changes IAM of another account.
pub(super) fn operator_member(statements: &[Statement], settings: &Settings, principal: Option<&str>) -> String {
    let role = settings.operator.member_role.as_deref().unwrap_or_default();
    let (principal, external_id) =
        (principal.or(settings.operator.role.as_deref()), settings.operator.external_id.as_deref());
    let template = include_str!("operator-member.yaml");
    of_role(template, role, external_id, principal).replace("@STATEMENTS@", &written(statements))
}

/// The queue of events.
pub(super) fn watcher() -> String {
    include_str!("watcher.yaml").to_owned()
}

/// The rule that sends the events of these services to it.
pub(super) fn watcher_member(sources: impl Iterator<Item = &'static str>) -> String {
    let sources: Vec<String> = sources.map(|source| format!("            - {source}")).collect();
    include_str!("watcher-member.yaml").replace("@SOURCES@", &sources.join("\n"))
}

/// A template with the role's name and path, the external id that it asks for, and whom it trusts.
fn of_role(template: &str, role: &str, external_id: Option<&str>, principal: Option<&str>) -> String {
    let (path, name) = role.rsplit_once('/').map_or(("/".to_owned(), role), |(path, name)| (format!("/{path}/"), name));
    let principal = principal.map_or_else(String::new, |arn| format!("\n    Default: {}", quoted(arn)));
    template
        .replace("@DEFAULT_PRINCIPAL@", &principal)
        .replace("@EXTERNAL_ID@", &quoted(external_id.unwrap_or_default()))
        .replace("@ROLE@", &quoted(name))
        .replace("@PATH@", &quoted(&path))
}

fn written(statements: &[Statement]) -> String {
    statements.iter().map(entry).collect::<Vec<_>>().join("\n")
}

/// One statement, as deep as the templates have their statements.
fn entry(statement: &Statement) -> String {
    let effect = match statement.effect {
        Effect::Allow => "  Effect: Allow",
        Effect::Deny => "  Effect: Deny",
    };
    let mut lines = vec![format!("- Sid: {}", statement.sid), effect.to_owned(), "  Action:".to_owned()];
    lines.extend(statement.actions.iter().map(|action| format!("    - {}  # {}", action.name, action.why)));
    lines.push("  Resource:".to_owned());
    lines.extend(statement.resources.iter().map(|resource| format!("    - {}", on(resource))));
    if let Some(condition) = &statement.condition {
        let values = match condition.values.as_slice() {
            [one] => quoted(one),
            several => format!("[{}]", several.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", ")),
        };
        lines.extend([
            "  Condition:".to_owned(),
            format!("    {}:", quoted(&condition.operator)),
            format!("      {}: {values}", quoted(&condition.key)),
        ]);
    }
    lines.iter().map(|line| format!("              {line}")).collect::<Vec<_>>().join("\n")
}

fn on(resource: &Resource) -> String {
    match resource {
        Resource::Everything => quoted("*"),
        Resource::Within(rest) => format!("!Sub {}", quoted(&format!("arn:${{AWS::Partition}}:{rest}"))),
        Resource::Arn(arn) => quoted(arn),
    }
}

/// A text in YAML, whatever is in it: a JSON string is one.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is JSON")
}
