//! A finding: one cause, one rule, one subject.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{
    Account, Contradiction, Employment, Ix, Kind, Looks, Matches, NamesApart, NotAccepted, RowRef, RuleId, SaidLeft,
    Severity, Source, Subject, User, Waiver, WaiverFault,
};

/// One cause, one rule, one subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: RuleId,
    /// How much it matters.
    pub severity: Severity,
    /// Who, what and where: a sentence with slots, as in [`Rule::title`](super::Rule::title).
    pub title: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// What was seen, and what follows from it.
    pub evidence: Vec<Evidence>,
    /// The same in every run for the same rule and subject.
    pub fingerprint: Fingerprint,
    /// When a run first had it: this run's instant where the earlier one did not.
    pub first_seen: DateTime<Utc>,
    /// The waiver that accepts it.
    pub waiver: Option<Ix<Waiver>>,
}

impl Finding {
    /// The same with the title of another case of its rule.
    #[must_use]
    pub fn titled(self, title: &'static str) -> Self {
        Finding { title, ..self }
    }
}

/// A piece of evidence. `wording` turns it into a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// The source that was read to its end and does not name the subject.
    NotIn(Arc<Source>),
    /// The row of an expected list that speaks of the subject.
    Row(RowRef),
    /// What the list says of the person's employment.
    Employment(Employment),
    /// A row that says that the person is still there, where another one says that they have left.
    SaidToBeThere(RowRef),
    /// An earlier run knew by a list that the person has left. No list says so any more.
    LeftBefore(SaidLeft),
    /// A row that said already then that the person is current, and still does.
    StillSaidCurrent(RowRef),
    /// The instant of the first run of the job that showed the difference as pending: longer ago than the
    /// synchronization needs.
    PendingSince(DateTime<Utc>),
    /// What the subject holds, or what follows for it: memberships, assignments, policies.
    Holds(Subject),
    /// How many people the assignment or the group reaches.
    Reaches(usize),
    /// The subject is administrative: which policy allows what, for a reader.
    Administrative(String),
    /// Nobody can say whether the subject is administrative: why not, for a reader.
    PerhapsAdministrative(String),
    /// The subject can be used: it has a password, an active key or a password for a single service.
    LiveCredentials,
    /// How many active access keys there are.
    ActiveKeys(u8),
    /// How many active signing certificates the user has.
    SigningCertificates(u8),
    /// How many active passwords and API keys for single services there are.
    ServiceCredentials(u16),
    /// A password, and no MFA.
    WithoutMfa,
    /// The person who answers for an IAM user, as the list or a tag names them.
    Owner(String),
    /// Neither the list nor a tag names a person who answers for the IAM user.
    NoOwner,
    /// The keys of the conditions under which a role is trusted; none are asked for where there are none.
    Conditions(Vec<String>),
    /// Everyone there is trusted: anyone in AWS, or anyone whom a provider that many share lets sign in.
    TrustsEveryone,
    /// What has to be written into which column of the row, where somebody approves it as it is.
    ToApprove(&'static str, String),
    /// Who makes roles of this name.
    MadeBy(&'static str),
    /// When it was made, and by whom, as AWS writes it; at least one of both.
    Made(Option<DateTime<Utc>>, Option<String>),
    /// The account of the row is not in the organization.
    NoSuchAccount,
    /// The row names a permission set that does not exist.
    NoSuchPermissionSet,
    /// The row names an application that Identity Center does not have.
    NoSuchApplication,
    /// The row names a group or a user that Identity Center does not have.
    NoSuchPrincipal,
    /// Nothing lists the principal: it was probably deleted, and this is what remains.
    PrincipalNotListed,
    /// When the list was exported, and how many whole hours ago.
    ExportedAt(DateTime<Utc>, i64),
    /// How it is known that the list is not there to its end.
    CutOff(String),
    /// The list has this many rows that say something, and had so many in the earlier run.
    Shrunk {
        /// Now.
        rows: u32,
        /// Then.
        before: u32,
    },
    /// Lists that the earlier run had, each with its rows then, and that are not there any more: when that run was, and
    /// what no list speaks for since. No list is named where it went before that run.
    Gone {
        /// The lists.
        lists: Vec<(String, u32)>,
        /// The instant that the earlier run spoke about.
        before: DateTime<Utc>,
        /// What no list speaks for.
        kinds: Vec<Kind>,
        /// What lists name only some of, and named all of then.
        in_part: Vec<Kind>,
    },
    /// The row that expected it, and the last day on which it did.
    Lapsed(RowRef, NaiveDate),
    /// What it allows now has this digest, and the row has another one.
    Digest {
        /// Of what it allows now.
        now: String,
        /// As the row has it.
        approved: String,
    },
    /// The row says that it is not administrative.
    NotToAdminister,
    /// It was not administrative in the earlier run, which spoke about this instant.
    BecameAdministrative(DateTime<Utc>),
    /// It has the name of a policy of AWS, and is none: it is written into the user or its group, or the account keeps it.
    NotOfAws {
        /// Whether it is written into the user or its group.
        inline: bool,
    },
    /// The account in which an older version of the permission set is in force.
    OlderVersionIn(Ix<Account>),
    /// Sign-in is passed on to Active Directory, which refuses the account.
    SignInRefused,
    /// What was to be told apart, by this key, and who fits it.
    Fits(String, Vec<String>),
    /// Identity Center has disabled the user.
    CannotSignIn,
    /// Why Identity Center cannot take the person.
    NotProvisionable(&'static str),
    /// The subject's listing lacks what another one shows.
    Contradicted(Contradiction),
    /// How many users of Identity Center are people of the lists.
    Matches(Matches),
    /// What tells the names of both halves apart.
    NamesApart(NamesApart),
    /// The users among them who hold administrative access.
    AdministratorsAmong(Vec<Ix<User>>),
    /// How groups look that have members by nested groups alone.
    Looks(Looks),
    /// Why the row means nothing.
    MeansNothing(String),
    /// A waiver names the finding and does not accept it.
    NotAccepted {
        /// Its row.
        waiver: RowRef,
        /// The day on which it was written, where it says what it accepted.
        on: Option<NaiveDate>,
        /// Why not.
        because: Vec<NotAccepted>,
    },
    /// Why the waiver is not valid.
    WaiverFault(WaiverFault),
    /// When the oldest active access key was made.
    OldestKey(DateTime<Utc>),
    /// When something was last used, which is longer ago than the settings allow.
    LastUsed(Used, DateTime<Utc>),
}

/// What was last used at some instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// The console password of an IAM user.
    Password,
    /// The active access keys of an IAM user.
    Keys,
    /// The role of a permission set in this account.
    RoleIn(Ix<Account>),
}

impl Evidence {
    /// What the subject holds, where this says so.
    #[must_use]
    pub fn held(&self) -> Option<Subject> {
        if let Evidence::Holds(subject) = self { Some(*subject) } else { None }
    }

    /// The row that says that the person is current, where another list says or said the opposite.
    #[must_use]
    pub fn said_current(&self) -> Option<RowRef> {
        if let Evidence::SaidToBeThere(row) | Evidence::StillSaidCurrent(row) = self { Some(*row) } else { None }
    }

    /// When a list last said that the person had left, where none says so any more.
    #[must_use]
    pub fn left_before(&self) -> Option<&SaidLeft> {
        if let Evidence::LeftBefore(said) = self { Some(said) } else { None }
    }

    /// Who answers for an IAM user, where this says so.
    #[must_use]
    pub fn owner(&self) -> Option<&str> {
        if let Evidence::Owner(owner) = self { Some(owner) } else { None }
    }

    /// The row that speaks of the subject, where this says so.
    #[must_use]
    pub fn row(&self) -> Option<RowRef> {
        if let Evidence::Row(row) = self { Some(*row) } else { None }
    }
}

/// Tells findings of different runs apart or together: a hash of the rule and of the subject's natural keys (names and
/// ids as AWS and the lists write them), never of a position or of evidence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of this rule about the subject with these natural keys: sixteen hexadecimal digits.
    #[must_use]
    pub fn of(rule: RuleId, natural_keys: &[String]) -> Self {
        let mut hash = Sha256::new();
        for part in [rule.0].into_iter().chain(natural_keys.iter().map(String::as_str)) {
            // The length goes in front, so that no two lists of keys run together.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        Fingerprint(hex::encode(&hash.finalize()[..8]))
    }

    /// The fingerprint as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
