//! The words by which personnel departments and identity providers say whether somebody is there.

use super::staff_status_words;
pub(crate) use super::staff_status_words::Status;
use crate::expect::csv::header::column_key;

/// What is expected of a word.
pub(crate) const KNOWN: &str = "a known status, such as `active`, `on leave`, `terminated` or `left`";

/// The words that most lists have, for whoever has another one.
pub(crate) const COMMON: &str = "`active`, `enabled`, `employed`, `current`, `contractor`, `probation`, `on leave` or `notice \
    period`; `inactive`, `terminated`, `left`, `former`, `resigned`, `retired`, `disabled`, `suspended` or `deleted`; \
    `prehire`, `pending`, `invited` or `not started`; or the like in Dutch, French, German, Italian, Portuguese or Spanish, as \
    `expected/README.md` lists them";

/// Whether a word says of a person, and not of an account or a licence, that they have left.
pub(crate) fn is_of_leaver(word: &str) -> bool {
    // Cells of lists are many and long.
    word.len() <= 24
        && matches!(
            column_key(word.trim()).as_str(),
            "terminated"
                | "left"
                | "leaver"
                | "former"
                | "formeremployee"
                | "exemployee"
                | "resigned"
                | "retired"
                | "dismissed"
                | "offboarded"
                | "separated"
                | "deceased"
                | "quit"
                | "ausgetreten"
                | "ausgeschieden"
        )
}

/// What a word says; `None` where it is not known.
///
/// The states of identity providers are those of the Users API of Okta (`LOCKED_OUT`, `DEPROVISIONED`) and the words of
/// its console for them, of OneLogin (`Unactivated`, `Awaiting password reset`), Google Workspace (`Suspended`,
/// `Archived`), JumpCloud (`Activated`, `Staged`) and Duo (`Bypass`, `Pending deletion`). `Provisioned` is an activated
/// account whose owner has not yet set a password: applications are given to it. Kinds of contracts (BambooHR, Workday)
/// say that somebody is there.
pub(crate) fn of(word: &str) -> Option<Status> {
    Some(match column_key(word.trim()).as_str() {
        "active" | "activated" | "employed" | "current" | "enabled" | "working" | "permanent" | "regular"
        | "probation" | "hired" | "fulltime" | "parttime" | "contractor" | "contract" | "temporary" | "intern"
        | "seasonal" | "freelance" => Status::There,
        "onleave" | "leave" | "leaveofabsence" | "loa" | "paidleave" | "unpaidleave" | "parentalleave"
        | "maternityleave" | "paternityleave" | "sickleave" | "medicalleave" | "sabbatical" | "furloughed"
        | "furlough" | "noticeperiod" | "onnotice" | "gardenleave" => Status::There,
        "provisioned"
        | "recovery"
        | "passwordexpired"
        | "passwordreset"
        | "passwordpending"
        | "pendinguseraction"
        | "awaitingpasswordreset"
        | "securityquestionsrequired"
        | "locked"
        | "lockedout"
        | "bypass" => Status::There,
        "inactive" | "terminated" | "left" | "leaver" | "disabled" | "deactivated" | "suspended" | "former"
        | "formeremployee" | "exemployee" | "resigned" | "retired" | "dismissed" | "ended" | "deleted"
        | "offboarded" | "separated" | "deceased" | "archived" | "blocked" | "deprovisioned" | "discarded"
        | "pendingdeletion" | "notactive" | "quit" | "expired" => Status::Gone,
        "prehire"
        | "pending"
        | "onboarding"
        | "invited"
        | "notstarted"
        | "future"
        | "futurehire"
        | "notyethired"
        | "upcoming"
        | "staged"
        | "unactivated"
        | "scheduledactivation"
        | "pendingactivation"
        | "pendinginvitation" => Status::NotYet,
        other => return staff_status_words::of(other),
    })
}
