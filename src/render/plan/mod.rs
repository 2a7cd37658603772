//! A plan as bytes: for a terminal, for a pull request, and as the commands of the AWS CLI that do the same.

mod aws_cli;
mod dry_run;
mod markdown;
mod text;

pub use aws_cli::aws_cli;
pub use dry_run::{Again, dry_run};
pub use markdown::markdown;
pub use text::text;

use crate::change::{ChangeKind, Plan};
use crate::wording::count;

/// The JSON Schema of a plan.
///
/// # Panics
/// Never: a schema is JSON.
#[must_use]
pub fn schema() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Plan)).expect("a schema is JSON") + "\n"
}

/// How many changes of a plan take something away.
fn removals(plan: &Plan) -> usize {
    plan.changes.iter().filter(|planned| planned.change.kind().is_removal()).count()
}

/// How many changes there are, and what they do.
fn headline(plan: &Plan) -> String {
    if plan.changes.is_empty() {
        return "Nothing to change".to_owned();
    }
    let removals = removals(plan);
    let others = plan.changes.len() - removals;
    let sorts = [(removals, "removal"), (others, "addition")].into_iter().filter(|(number, _)| *number > 0);
    let sorts: Vec<String> = sorts.map(|(number, sort)| count(number, sort)).collect();
    format!("{}: {}", count(plan.changes.len(), "change"), sorts.join(", "))
}

/// What an audit is foreseen to say.
pub(super) fn foreseen(plan: &Plan) -> String {
    let foreseen = &plan.foreseen;
    let makes = match foreseen.makes.len() {
        0 => "no new ones".to_owned(),
        new => count(new, "new one"),
    };
    format!("resolves {}, {makes}, leaves {} open", count(foreseen.resolves.len(), "finding"), foreseen.leaves)
}

/// Whether a kind of change does its work after the command has ended.
fn is_asynchronous(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::AddAssignment | ChangeKind::RemoveAssignment)
}
