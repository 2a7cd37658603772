//! What is not planned, and why: findings, names, rows, changes that clash.

use super::code;
use crate::change::bulk::BadCell;
use crate::change::derive::NotPlanned;
use crate::change::effect::Clashes;
use crate::change::names::NotFound;
use crate::change::undo::NotUndone;
use crate::model::{Finding, Report};
use crate::wording::{advice, gap_line, list, list_or, phrase};

/// Why no change is planned for a finding, and what to do instead.
#[must_use]
pub fn not_planned(report: &Report<'_>, finding: &Finding, why: &NotPlanned) -> String {
    match why {
        NotPlanned::Waived => "a waiver accepts it".to_owned(),
        NotPlanned::NoChange => format!("Rollcall plans no change for this rule. {}", advice(report, finding)),
        NotPlanned::KeptElsewhere => {
            "the identity provider manages it: change it there; the next synchronization updates Identity Center"
                .to_owned()
        }
        NotPlanned::KeptSomewhere => "it is unclear whether an identity provider manages it: set \
                                      `expect.identity_source`"
            .to_owned(),
        NotPlanned::NoNames { user } => format!(
            "Identity Center requires a given name and a family name, and the lists have neither: use `rollcall plan \
             user create {} --given … --family …`",
            crate::wording::visible(user)
        ),
        NotPlanned::NothingLeft { user } => {
            format!(
                "{} has no access to remove; to delete it, request that by name (`rollcall plan --help`)",
                code(user)
            )
        }
        NotPlanned::NotAttached { policy } => {
            format!("{} is an inline policy, or comes from an IAM group: change it there", code(policy))
        }
        NotPlanned::NotFound(not_found) => self::not_found(not_found),
    }
}

/// Why a name does not say what is meant.
#[must_use]
pub fn not_found(not_found: &NotFound) -> String {
    let codes = |names: &[String]| names.iter().map(|name| code(name)).collect::<Vec<_>>();
    match not_found {
        NotFound::Nothing { what: "policy", name, .. } => {
            format!("no policy that was read is called {}; give its ARN", code(name))
        }
        NotFound::Nothing { what, name, near } if near.is_empty() => format!("no {what} is called {}", code(name)),
        NotFound::Nothing { what, name, near } => {
            format!("no {what} is called {}; similar: {}", code(name), list(&codes(near)))
        }
        NotFound::Several { what, name, found } => {
            format!("more than one {what} is called {}: give {}", code(name), list_or(&codes(found)))
        }
        NotFound::Unseen { what, name, gap } => format!(
            "no {what} that could be read is called {}, and not everything could be read: {}",
            code(name),
            gap_line(gap)
        ),
        NotFound::NoId { name } => {
            format!("AWS gave no id for the IAM user {}, and its name may be reused", code(name))
        }
        NotFound::NotRead { account } => {
            format!("IAM of {} was not read: it is out of scope, or could not be read", code(account))
        }
        NotFound::Inline { name } => {
            format!("{} is an inline policy, and only managed policies are attached and detached", code(name))
        }
    }
}

/// Why a change cannot be made.
#[must_use]
pub fn clash(why: &Clashes) -> String {
    match why {
        Clashes::Already => "this is already the case".to_owned(),
        Clashes::NotThere(what) => format!("{} does not exist", phrase(what)),
        Clashes::Taken(name) => format!("the name {} is taken", code(name)),
        Clashes::StillHas(what) => format!("{}; remove that first", phrase(what)),
        Clashes::NotRead(what) => format!("{} was not read", phrase(what)),
    }
}

/// What is wrong with a row of a file.
#[must_use]
pub fn bad_row(why: &BadCell) -> String {
    match why {
        BadCell::Empty(column) => format!("`{column}` is empty"),
        BadCell::Value(column, value, takes) => format!("`{column}` is {}; {takes}", code(value)),
        BadCell::Twice(line) => format!("the same user is on line {line}"),
        BadCell::MailTaken(mail) => format!("the email address {} belongs to another user", code(mail)),
        BadCell::Exists(name) => format!("a user {} already exists", code(name)),
        BadCell::NotFound(missing) => not_found(missing),
        BadCell::OtherStore(store) => format!("it is for another identity store, {}", code(store)),
    }
}

/// Why a change is not taken back.
#[must_use]
pub fn not_undone(why: NotUndone) -> &'static str {
    match why {
        NotUndone::Final => "deletion is final and cannot be undone",
        NotUndone::NotDone => "the change was not made, or is already undone",
        NotUndone::Unseen => "it is unknown whether the change was made",
        NotUndone::CredentialsUnknown => "the plan does not say which credentials were active before",
        NotUndone::NotOurs => "nothing with this name was created after the plan",
    }
}
