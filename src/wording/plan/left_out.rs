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
        NotPlanned::NoChange => format!("there is no change for it. {}", advice(report, finding)),
        NotPlanned::KeptElsewhere => {
            "the identity provider keeps it: change it there; the next synchronization brings it here".to_owned()
        }
        NotPlanned::KeptSomewhere => "it is not clear whether an identity provider keeps it; `expect.identity_source` \
                                      says what fills Identity Center"
            .to_owned(),
        NotPlanned::NoNames { user } => format!(
            "Identity Center asks for a given name and a family name, and the lists have neither: `rollcall plan user \
             create {} --given … --family …`",
            crate::wording::visible(user)
        ),
        NotPlanned::NothingLeft { user } => {
            format!("{} has no access that could be taken away; deleting it is asked for by name", code(user))
        }
        NotPlanned::NotAttached { policy } => {
            format!("{} is an inline policy, or comes by an IAM group: change it there", code(policy))
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
            format!("no {what} is called {}; near is {}", code(name), list(&codes(near)))
        }
        NotFound::Several { what, name, found } => {
            format!("more than one {what} is called {}: name {}", code(name), list_or(&codes(found)))
        }
        NotFound::Unseen { what, name, gap } => format!(
            "no {what} that could be read is called {}, and not everything could be read: {}",
            code(name),
            gap_line(gap)
        ),
        NotFound::NoId { name } => format!(
            "AWS did not say the id of the IAM user {}, and another user may have its name tomorrow",
            code(name)
        ),
        NotFound::NotRead { account } => {
            format!("IAM of {} was not read: it is out of scope, or could not be asked", code(account))
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
        Clashes::Already => "it is so already".to_owned(),
        Clashes::NotThere(what) => format!("{} is not there", phrase(what)),
        Clashes::Taken(name) => format!("the name {} is taken", code(name)),
        Clashes::StillHas(what) => format!("{}, and that is taken away first", phrase(what)),
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
        BadCell::MailTaken(mail) => format!("the mail address {} is another user's", code(mail)),
        BadCell::Exists(name) => format!("there is a user {} already", code(name)),
        BadCell::NotFound(missing) => not_found(missing),
        BadCell::OtherStore(store) => format!("it is for the identity store {}, which is another one", code(store)),
    }
}

/// Why a change is not taken back.
#[must_use]
pub fn not_undone(why: NotUndone) -> &'static str {
    match why {
        NotUndone::Final => "it is final: what was deleted does not come back",
        NotUndone::NotDone => "it was not made, or was taken back already",
        NotUndone::Unseen => "it cannot be seen whether it was made",
        NotUndone::CredentialsUnknown => "the plan does not say which credentials were active before",
        NotUndone::NotOurs => "nothing of this name was made since the plan was",
    }
}
