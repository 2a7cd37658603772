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
            "findings.csv",
            "a finding",
            "Open and waived ones (`state`), part by part: who, what, where, the evidence, what to do. `change` says \
             whether it is new since the earlier run; it is empty where there is none",
        ),
        (
            "population.csv",
            "an access: somebody, what they can use, and the way to it",
            "The whole population, whoever has nothing too. How each link of the way stands is told below",
        ),
        (
            "completeness.csv",
            "what `record` says: an operation, how far a kind was read (`coverage`), a file, a source that was read to its end, a \
             gap, a refused row …",
            "What was read, how far, and who vouches for it; every gap, with its reason and what to do",
        ),
        (
            "report.json",
            "",
            "All of this for machines, with names as they are; `rollcall schema` prints what each field means",
        ),
        (
            "inputs/",
            "",
            "What AWS answered, what the lists said and the run's circumstances: the same inputs give the same report again",
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
            "How the access stands as a whole: the first of unintended, unknown, differs, missing, pending, unlisted and \
             expected that one of its links is. The words are those above",
        ),
        ("principal_standing", "Whether the user, the group or the IAM user is meant to be there at all"),
        (
            "membership_standing",
            "Whether the user is meant to be in the group that has the access; empty where the access is the user's own",
        ),
        (
            "entitlement_standing",
            "Whether the user or the group is meant to have what `entitlement` names; empty where it is nothing",
        ),
        (
            "expected_by",
            "The rows that expect links of the way, as file and line. An unintended access can have some: its user may be \
             expected, and only the membership not",
        ),
        ("person", "The row of the directory or the list that the user was matched with; `matched_by` says by what"),
        (
            "path",
            "The way from the principal to the account. A group of the directory, which AWS knows only by its members, \
             has `(directory)` behind it",
        ),
        ("findings", "The fingerprints of the findings about any link, open and waived ones; `waiver` has the waivers' rows"),
    ]
    .map(|(column, meaning)| (column, meaning.into()))
    .into()
}
