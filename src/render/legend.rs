//! What the files of a package hold, told in the page itself: whoever opens a sheet needs no other documentation.

use super::markup::Marked;

/// A file, what one row of it is, and what it holds.
pub(super) struct FileOfPackage {
    pub(super) name: &'static str,
    pub(super) row: Marked,
    pub(super) holds: Marked,
}

/// Every file of a package.
pub(super) fn files() -> Vec<FileOfPackage> {
    [
        (
            "access-review.xlsx",
            "what its first sheet says",
            "All tables of this package in one workbook: findings, administrators, population, waivers and \
             completeness, with filters, numbers and dates",
        ),
        (
            "findings.csv",
            "a finding",
            "Open and waived findings (`state`): who, what, where, the evidence, what to do. `change` says whether a \
             finding is new since the earlier run; it is empty if there is none",
        ),
        (
            "population.csv",
            "one access: a principal, what it can use, and the path to it",
            "Every principal with its access, including principals without access. The columns about the lists are \
             explained below",
        ),
        (
            "completeness.csv",
            "what `record` says: an operation, how far a kind was read (`coverage`), a file, a fully read source, a \
             gap, a refused row …",
            "What was read, how far, and the proof that it is complete; every gap, with its reason and what to do",
        ),
        (
            "report.json",
            "",
            "All of this for machines, with unchanged names; `rollcall schema report` explains each \
                             field",
        ),
        (
            "inputs/",
            "",
            "AWS's answers, the contents of the lists and the run's circumstances: the same inputs give the same \
             report again",
        ),
        ("manifest.json", "", "Every file with its SHA-256"),
    ]
    .map(|(name, row, holds)| FileOfPackage { name, row: row.into(), holds: holds.into() })
    .into()
}

/// The columns of `population.csv` that a reader cannot guess.
pub(super) fn columns() -> Vec<(&'static str, Marked)> {
    [
        (
            "standing",
            "The result for the whole access: the first of unintended, unknown, differs, missing, pending, unlisted \
             and expected that a step of its path has. The words are explained above",
        ),
        ("principal_standing", "The standing of the user, the group or the IAM user itself"),
        (
            "membership_standing",
            "The standing of the user's membership in the group that has the access; empty if the access is the \
             user's own",
        ),
        (
            "entitlement_standing",
            "The standing of what `entitlement` names, for this user or group; empty if it names nothing",
        ),
        (
            "expected_by",
            "The rows that expect steps of the path, as file and line. Unintended access can have some: its user may \
             be expected while the membership is not",
        ),
        ("person", "The row of the directory or the list that the user was matched with; `matched_by` names the key"),
        (
            "path",
            "The path from the principal to the account. A directory group that AWS knows only by its members is \
             followed by `(directory)`",
        ),
        (
            "findings",
            "The ids (fingerprints) of the findings about any step, open and waived; `waiver` has the rows of the \
             waivers",
        ),
        (
            "administrative",
            "Whether the access makes its holder an administrator (`yes`, `no`, `unknown`); `administrative_by` says by \
             which policy, or why it is unknown. For an IAM user, all of its policies count together. Empty where \
             nothing is granted, and for applications",
        ),
        (
            "account_type",
            "`person`: matched with a person of the lists, or an IAM user with a console password. `service`: an IAM \
             user without one",
        ),
        (
            "owner",
            "Who answers for an IAM user, by its row or its `owner` tag. `reviewed_by` has the reviewers of the rows \
             in `expected_by`",
        ),
        (
            "person_state",
            "What the lists say of the person: `current`, `left`, `expired`, `unknown`, or `not-stated` if they have \
             no column for it. `leaves_on` is the day on which the account expires (UTC), `employee_id` the number \
             in the lists",
        ),
        (
            "entitlement_last_used",
            "When anybody last used the permission set in the account, by its role. AWS keeps that for 400 days; \
             empty means unknown, not unused",
        ),
    ]
    .map(|(column, meaning)| (column, meaning.into()))
    .into()
}
