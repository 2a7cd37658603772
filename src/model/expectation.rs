//! All that the expected lists say, each statement with its file and line.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    AccountId, DirectoryGroup, Extent, Gap, Ix, Kind, ListFormat, Listing, NameKey, Person, Sight, Source,
    TrustConditions, Waiver,
};

/// All that the expected lists say.
#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    /// The files, by name.
    pub files: Vec<ExpectedFile>,
    /// The kinds that a list speaks for. Of the others nothing is judged.
    pub speaks_for: BTreeSet<Kind>,
    /// Of these, the ones of which the lists name some only. What they do not name is not judged.
    pub speaks_in_part: BTreeSet<Kind>,
    /// Where nothing but the people in them names groups: how far it is known which groups are in others. Such lists do
    /// not name a group that nobody is in.
    pub groups_by_people: Option<Extent>,
    /// People, by name.
    pub people: Listing<Person>,
    /// Directory groups, by name.
    pub groups: Listing<DirectoryGroup>,
    /// Rows of `assignments.csv` that are in force, in file order: one for each account that a row means, and for each
    /// directory group that a naming convention fits.
    pub assignments: Listing<AssignmentRow>,
    /// The same of rows that have expired.
    pub lapsed: Listing<AssignmentRow>,
    /// Rows of `applications.csv`, in file order, lapsed ones among them.
    pub applications: Listing<ApplicationRow>,
    /// Rows of `entitlements.csv`, in file order, one for each account that a row means; lapsed ones among them.
    pub entitlements: Listing<EntitlementRow>,
    /// Rows of `permission-sets.csv`, in file order.
    pub permission_sets: Listing<PermissionSetRow>,
    /// Rows of `iam-users.csv`, in file order.
    pub iam_users: Listing<IamUserRow>,
    /// Rows of `trusts.csv`, in file order.
    pub trusts: Listing<TrustRow>,
    /// Accepted deviations, in file order.
    pub waivers: Vec<Waiver>,
    /// Rows that were understood and mean nothing that exists.
    pub idle: Vec<IdleRow>,
    /// Rows that could not be used.
    pub refused: Vec<Refusal>,
    /// What rows may mean besides what they are known to mean: patterns over names that are not known, and what else a
    /// refused row may have spoken about. It matters only where something is there that one of them may mean.
    pub undecided: Vec<Refusal>,
    /// All that could not be read although a list was to say it.
    pub gaps: Vec<Arc<Gap>>,
    /// All that was read to its end.
    pub sources: Vec<Arc<Source>>,
}

/// A file of the expected lists, as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedFile {
    /// Its name below the folder of expected lists, with `/` between folders.
    pub name: String,
    /// Its format.
    pub format: ListFormat,
    /// Its encoding, for a reader: `UTF-16LE`.
    pub encoding: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many rows or entries it has.
    pub rows_read: u32,
    /// How many of them say something that Rollcall uses; the others are of another kind (a computer, a contact).
    pub rows_used: u32,
    /// How many were refused.
    pub rows_refused: u32,
    /// How many no reviewer has signed, in a list that is kept by hand: their `reviewed_by` is empty, or there is no such
    /// column.
    pub rows_unreviewed: u32,
    /// The lines that each reviewer signed, in file order.
    pub reviewers: BTreeMap<String, Vec<u32>>,
    /// How it is known that the file is not there to its end, where it is not.
    pub cut: Option<String>,
    /// Whether the export lost characters of names.
    pub lossy: bool,
    /// When it was exported, and how that is known.
    pub exported: Option<Exported>,
    /// Whether it grows old: an export of a directory does, a list that is kept by hand does not.
    pub ages: bool,
    /// What a reader should know about it: lost characters, columns that could not be used.
    pub notes: Vec<String>,
    /// The newer export of the same source for which it was set aside: then it says nothing.
    pub set_aside: Option<String>,
    /// Where it is a list of all people of a source: the domains of their accounts, in lower case, from their DNs and
    /// after the `@` of their sign-in names. A list of the personnel department may name no account at all.
    pub domains: Option<BTreeSet<String>>,
}

impl ExpectedFile {
    /// Who signed the row on a line.
    #[must_use]
    pub fn reviewer_of(&self, line: u32) -> Option<&str> {
        let signed = |lines: &Vec<u32>| lines.binary_search(&line).is_ok();
        self.reviewers.iter().find(|(_, lines)| signed(lines)).map(|(reviewer, _)| reviewer.as_str())
    }
}

/// When a list was exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// The instant.
    pub at: DateTime<Utc>,
    /// How it is known.
    pub known_by: ExportClock,
}

/// How the time of an export is known, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportClock {
    /// The file's sidecar says so.
    Sidecar,
    /// The place it lies in says when it was put there: S3's `LastModified`.
    Place,
    /// The file's name holds a date.
    FileName,
    /// The newest change that the export holds; the export is at least as young.
    NewestChange,
    /// The file's time of modification.
    Modified,
}

/// A row of an expected list: file and line, counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowRef {
    /// The file.
    pub file: Ix<ExpectedFile>,
    /// The line on which the row begins.
    pub line: u32,
}

/// A row of `assignments.csv`, for one account: this principal is expected to have this permission set there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    /// Whom.
    pub principal: PrincipalName,
    /// The name of the permission set.
    pub permission_set: String,
    /// Where.
    pub account: AccountId,
    /// Whether it must be there.
    pub presence: Presence,
    /// The last day on which it is expected (UTC); `None` for no end.
    pub expires: Option<NaiveDate>,
    /// The row.
    pub row: RowRef,
}

/// Whether what a row expects must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// It must.
    #[default]
    Required,
    /// It may come and go: just-in-time and break-glass access.
    Allowed,
}

/// A row of `applications.csv`: this principal is expected to be assigned to this application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// The application's name or its ARN.
    pub application: String,
    /// Whom; every user of Identity Center where it is `None`.
    pub principal: Option<PrincipalName>,
    /// Whether it must be there.
    pub presence: Presence,
    /// The last day on which it is expected (UTC); `None` for no end.
    pub expires: Option<NaiveDate>,
    /// Whether that day is past.
    pub lapsed: bool,
    /// The row.
    pub row: RowRef,
}

/// A row of `entitlements.csv`, for one account: this principal is expected to be entitled to this role there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitlementRow {
    /// Whom.
    pub principal: PrincipalName,
    /// Where.
    pub account: AccountId,
    /// The role's name, without its path.
    pub role: String,
    /// Whether it must be there.
    pub presence: Presence,
    /// The last day on which it is expected (UTC); `None` for no end.
    pub expires: Option<NaiveDate>,
    /// Whether that day is past.
    pub lapsed: bool,
    /// Whether the role may make its holder an administrator, where the row says so.
    pub administrative: Option<bool>,
    /// The digest of the role's policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// The row.
    pub row: RowRef,
}

/// A row of `permission-sets.csv`: this permission set is expected, and this is what it should allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSetRow {
    /// Its name.
    pub name: String,
    /// Whether it may make its holders administrators, where the row says so.
    pub administrative: Option<bool>,
    /// The digest of its policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// The row.
    pub row: RowRef,
}

/// A row that was understood and means nothing that exists: policy that does nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdleRow {
    /// What does not exist, as a sentence.
    pub what: String,
    /// The row.
    pub row: RowRef,
}

/// A principal as an expected list names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrincipalName {
    /// A group.
    Group(String),
    /// A user.
    User(String),
}

/// A row of `iam-users.csv`: this IAM user is expected in this account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamUserRow {
    /// Where.
    pub account: AccountId,
    /// The user's name.
    pub name: String,
    /// The policies it is expected to have, by whatever way, as [`PolicyCell`](super::PolicyCell) reads each; `None`
    /// where the list has no such column.
    pub policies: Option<Vec<String>>,
    /// Whether it may be an administrator, where the row says so.
    pub administrative: Option<bool>,
    /// The person who answers for it: a user name or a mail address of the directory.
    pub owner: Option<String>,
    /// The digest of its policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// Whether it is a draft that waits for a reviewer: then it says nothing yet of who answers for the user.
    pub unreviewed: bool,
    /// The row.
    pub row: RowRef,
}

/// A row of `trusts.csv`: this role is expected to trust this outsider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustRow {
    /// The role's account.
    pub account: AccountId,
    /// The role's name.
    pub role: String,
    /// Whom, as [`Trusted::name`](super::Trusted::name) has it.
    pub trusted: String,
    /// The person who answers for it.
    pub owner: Option<String>,
    /// Under which conditions.
    pub conditions: TrustConditions,
    /// Whether the role may make whoever assumes it an administrator, where the row says so.
    pub administrative: Option<bool>,
    /// The digest of the role's policies as they were approved, in hexadecimal, where the row has one.
    pub digest: Option<String>,
    /// The row.
    pub row: RowRef,
}

/// A row that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The row.
    pub row: RowRef,
    /// Why it was refused, for a reader.
    pub reason: String,
    /// What it may have spoken about.
    pub concerns: Concerns,
    /// The gap that it leaves.
    pub gap: Arc<Gap>,
}

/// What a refused row may have spoken about: what of it could be read. `None` means that it could have been anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concerns {
    /// The kind of grant.
    pub kind: Kind,
    /// The principal: a user, a group or an IAM user.
    pub principal: Option<NameKey>,
    /// The account.
    pub account: Option<AccountId>,
    /// What is granted: a permission set, a group or a policy.
    pub what: Option<NameKey>,
}

/// What was looked up, by every name that a row may use for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The kind of grant.
    pub kind: Kind,
    /// The principal's names; none where there is no principal.
    pub principal: Vec<NameKey>,
    /// The account.
    pub account: Option<AccountId>,
    /// Names of what is granted; none where nothing is.
    pub what: Vec<NameKey>,
}

impl Expectation {
    /// Takes back an absence that a refused row could contradict: where a row that could not be read may have named
    /// what was looked up, nobody can say that the list does not name it.
    #[must_use]
    pub fn unless_refused<T>(&self, sight: Sight<T>, asked: impl FnOnce() -> Asked) -> Sight<T> {
        match sight {
            Sight::Absent(absence) if self.refused.is_empty() && self.undecided.is_empty() => Sight::Absent(absence),
            Sight::Absent(absence) => {
                let asked = asked();
                let mut rows = self.refused.iter().chain(&self.undecided);
                match rows.find(|refusal| refusal.concerns.may_be(&asked)) {
                    Some(refusal) => Sight::Unseen(Arc::clone(&refusal.gap)),
                    None => Sight::Absent(absence),
                }
            }
            Sight::Seen(_) | Sight::Unseen(_) => sight,
        }
    }
}

impl Concerns {
    /// Whether the refused row may have spoken about `asked`: nothing that both name differs.
    fn may_be(&self, asked: &Asked) -> bool {
        let fits = |own: &Option<NameKey>, asked: &[NameKey]| {
            own.as_ref().is_none_or(|own| asked.is_empty() || asked.contains(own))
        };
        self.kind == asked.kind
            && fits(&self.principal, &asked.principal)
            && self.account.zip(asked.account).is_none_or(|(own, asked)| own == asked)
            && fits(&self.what, &asked.what)
    }
}
