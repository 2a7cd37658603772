//! The sentences of findings about applications and entitlements.

use crate::model::Subject;

use super::findings::{Told, holder, lower, place};
use super::{Names, visible};

/// Who, what and where, in one sentence.
pub(super) fn title(names: &Names, subject: Subject, told: &Told) -> String {
    let name = |name: &Option<String>| visible(name.as_deref().unwrap_or("?")).into_owned();
    let (holder, place) = (holder(names), place(names));
    let (application, role) = (name(&names.application), name(&names.role));
    match (subject, told.nothing_such) {
        (Subject::Application(_, None), _) if told.lapsed => {
            format!("Everyone may still use application `{application}`, and the row that expected it has expired")
        }
        (Subject::Application(_, None), _) => format!(
            "Everyone may use application `{application}`, which asks for no assignment, and no expected list says so"
        ),
        (Subject::Application(..), _) if told.lapsed => {
            format!("{holder} may still use application `{application}`, and the row that expected it has expired")
        }
        (Subject::Application(..), _) => {
            format!("{holder} may use application `{application}`, and no expected list says so")
        }
        (Subject::DueApplication(_), Some(what)) => {
            format!("A row expects application `{application}` for {}, but {what}", lower(&holder))
        }
        (Subject::DueApplication(_), None) => {
            format!("{holder} is expected to have application `{application}`, and does not")
        }
        (Subject::DueEntitlement(_), Some(what)) => {
            format!("A row expects {} to be entitled to role `{role}` in {place}, but {what}", lower(&holder))
        }
        (Subject::DueEntitlement(_), None) => {
            format!("{holder} is expected to be entitled to role `{role}` in {place}, and is not")
        }
        (_, _) if told.differs => {
            format!("{holder} is entitled to role `{role}` in {place}, which is not what the row approves")
        }
        (_, _) if told.to_administer => format!(
            "{holder} is entitled to role `{role}` in {place}, which is administrative, and the row does not approve that"
        ),
        (_, _) if told.unjudged_administrative => format!(
            "{holder} is entitled to role `{role}` in {place}, which is administrative, and no expected list speaks of it"
        ),
        (_, _) if told.lapsed => {
            format!("{holder} is still entitled to role `{role}` in {place}, and the row that expected it has expired")
        }
        (_, _) => format!("{holder} is entitled to role `{role}` in {place}, and no expected list says so"),
    }
}
