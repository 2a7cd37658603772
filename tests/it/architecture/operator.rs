//! The walls around what changes AWS: who may make such calls, who reaches whoever makes them, and how they are sent.

use super::{NOTHING, forbidden_imports, module, over};
use crate::support::source::{code, files_below, has, paths};

/// The SDK's crates for what Rollcall audits, and the only modules that may name them.
const AUDITED: (&[&str], &[&str]) = (
    &["aws_sdk_iam", "aws_sdk_identitystore", "aws_sdk_organizations", "aws_sdk_ssoadmin", "aws_sdk_accountaccess"],
    &["collect", "operate"],
);

/// How the names of operations that change AWS begin.
const CHANGING: [&str; 18] = [
    "create_",
    "delete_",
    "update_",
    "put_",
    "attach_",
    "detach_",
    "add_",
    "remove_",
    "upload_",
    "tag_",
    "untag_",
    "enable_",
    "disable_",
    "deactivate_",
    "provision_",
    "set_default_",
    "resync_",
    "reset_",
];

/// Calls that change what is audited: a fluent builder of the SDK takes nothing, and an operation's module has its name.
/// `operate` alone may make them; of the others only `collect` has clients that could.
fn changes_aws(path: &str, text: &str) -> Vec<String> {
    let (module, code) = (module(path), code(text));
    let mut wrong = Vec::new();
    let (crates, doors) = AUDITED;
    for found in paths(&code) {
        let root = found.split("::").next().unwrap_or(&found);
        if crates.contains(&root) && !doors.contains(&module) {
            wrong.push(format!("{path}: `{module}` may not name `{found}`"));
        }
        let operation = found.split_once("operation::").map(|(_, operation)| operation);
        let is_audited = crates.contains(&root) && module != "operate";
        if is_audited && operation.is_some_and(|name| CHANGING.iter().any(|verb| name.starts_with(verb))) {
            wrong.push(format!("{path}: `{module}` may not name `{found}`"));
        }
    }
    if module != "collect" {
        return wrong;
    }
    for call in code.split('.').skip(1) {
        let end = call.find(|next: char| !(next.is_alphanumeric() || next == '_')).unwrap_or(call.len());
        let (name, rest) = call.split_at(end);
        if rest.trim_start().starts_with("()") && CHANGING.iter().any(|verb| name.starts_with(verb)) {
            wrong.push(format!("{path}: `{module}` may not call `{name}`"));
        }
    }
    wrong
}

/// Who reaches the code that changes: `apply`, which the command `apply` alone names. Policies are made from its table of
/// operations, and from nothing else of it.
fn reaches_the_operator(path: &str, text: &str) -> Vec<String> {
    let module = module(path);
    let in_table = ["crate::operate::permissions", "crate::operate::Operation"];
    let wrong = paths(&code(text)).into_iter().filter(|found| {
        let names = |room: &str| found == room || found.starts_with(&format!("{room}::"));
        let is_apply = path.starts_with("src/cli/apply");
        let operate = names("crate::operate")
            && !["operate", "apply"].contains(&module)
            && !(module == "iam_policy" && in_table.into_iter().any(names));
        operate || (names("crate::apply") && module != "apply" && !is_apply)
    });
    wrong.map(|found| format!("{path}: `{found}` is for `apply` and the command `apply`")).collect()
}

/// What sends again by itself, and the sign-in of what reads: nothing for `operate`.
fn sends_again(path: &str, text: &str) -> Vec<String> {
    if module(path) != "operate" {
        return Vec::new();
    }
    let reading = ["aws::retry", "retry::call", "session::Session", "session::connect"];
    let wrong = paths(&code(text)).into_iter().filter(|found| reading.iter().any(|segments| has(found, segments)));
    wrong.map(|found| format!("{path}: `operate` may not name `{found}`")).collect()
}

#[test]
fn only_the_operator_makes_calls_that_change_aws() {
    assert_eq!(over(&files_below("src"), changes_aws), NOTHING);
}

#[test]
fn a_call_that_changes_aws_is_seen_wherever_it_could_be_made() {
    let text = "use aws_sdk_iam::operation::delete_user::builders;\n// client.create_user()\n\
                fn f() { client\n.attach_user_policy()\n.send(); client.list_users(); map.remove_entry(1); }";
    assert_eq!(
        changes_aws("src/collect/walk/iam.rs", text),
        [
            "src/collect/walk/iam.rs: `collect` may not name `aws_sdk_iam::operation::delete_user::builders`",
            "src/collect/walk/iam.rs: `collect` may not call `attach_user_policy`",
        ]
    );
    assert_eq!(
        changes_aws("src/pipeline/audit.rs", "fn f(client: aws_sdk_ssoadmin::Client) {}"),
        ["src/pipeline/audit.rs: `pipeline` may not name `aws_sdk_ssoadmin::Client`"]
    );
    assert_eq!(changes_aws("src/operate/send/iam.rs", text), NOTHING);
}

#[test]
fn nothing_that_reads_reaches_the_operator() {
    assert_eq!(over(&files_below("src"), reaches_the_operator), NOTHING);
}

#[test]
fn whoever_reaches_the_operator_is_seen() {
    let text = "use crate::operate::{Operation, Operator, permissions::need};\nuse crate::apply::apply;";
    let seen = |path: &str| reaches_the_operator(path, text).len();
    assert_eq!(seen("src/serve/job_loop.rs"), 4);
    assert_eq!(seen("src/pipeline/plan.rs"), 4);
    assert_eq!(seen("src/collect/mod.rs"), 4);
    assert_eq!(seen("src/pipeline/watch/mod.rs"), 4);
    assert_eq!(seen("src/events/mod.rs"), 4);
    assert_eq!(seen("src/cli/watch.rs"), 4);
    assert_eq!(
        reaches_the_operator("src/iam_policy/operator.rs", text),
        [
            "src/iam_policy/operator.rs: `crate::operate::Operator` is for `apply` and the command `apply`",
            "src/iam_policy/operator.rs: `crate::apply::apply` is for `apply` and the command `apply`",
        ]
    );
    assert_eq!(reaches_the_operator("src/cli/apply.rs", "use crate::apply::apply;"), NOTHING);
    assert_eq!(seen("src/apply/mod.rs"), 0);
}

#[test]
fn the_operator_sends_nothing_again_and_signs_in_by_itself() {
    assert_eq!(over(&files_below("src"), sends_again), NOTHING);
    let text = "use crate::aws::retry::{Patience, call};\nuse crate::aws::session::{Session, connect};";
    assert_eq!(sends_again("src/operate/send/mod.rs", text).len(), 4);
    assert_eq!(forbidden_imports("src/operate/mod.rs", "use crate::collect::walk;").len(), 1);
}
