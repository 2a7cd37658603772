//! Policies in CloudFormation templates: for the account that Rollcall runs in, and for the accounts that it reads.
//!
//! The templates lie beside this file, with a place for the statements. Each action has a comment that says what it is
//! for. ARNs take the partition of the account that a stack is made in, whatever the settings say.

use crate::iam_policy::{Resource, Statement};
use crate::settings::Settings;

/// The role that Rollcall runs as.
pub(super) fn management(statements: &[Statement]) -> String {
    include_str!("management.yaml").replace("@STATEMENTS@", &written(statements))
}

/// The role that Rollcall assumes.
pub(super) fn member(statements: &[Statement], settings: &Settings, principal: Option<&str>) -> String {
    let role = settings.aws.member_role.as_deref().unwrap_or_default();
    let (path, name) = role.rsplit_once('/').map_or(("/".to_owned(), role), |(path, name)| (format!("/{path}/"), name));
    let principal = principal.map_or_else(String::new, |arn| format!("\n    Default: {}", quoted(arn)));
    include_str!("member.yaml")
        .replace("@STATEMENTS@", &written(statements))
        .replace("@DEFAULT_PRINCIPAL@", &principal)
        .replace("@EXTERNAL_ID@", &quoted(settings.aws.external_id.as_deref().unwrap_or_default()))
        .replace("@ROLE@", &quoted(name))
        .replace("@PATH@", &quoted(&path))
}

fn written(statements: &[Statement]) -> String {
    statements.iter().map(entry).collect::<Vec<_>>().join("\n")
}

/// One statement, as deep as the templates have their statements.
fn entry(statement: &Statement) -> String {
    let mut lines = vec![format!("- Sid: {}", statement.sid), "  Effect: Allow".to_owned(), "  Action:".to_owned()];
    lines.extend(statement.actions.iter().map(|action| format!("    - {}  # {}", action.name, action.why)));
    lines.push("  Resource:".to_owned());
    lines.extend(statement.resources.iter().map(|resource| format!("    - {}", on(resource))));
    if let Some([operator, key, value]) = &statement.condition {
        lines.extend([
            "  Condition:".to_owned(),
            format!("    {}:", quoted(operator)),
            format!("      {}: {}", quoted(key), quoted(value)),
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
