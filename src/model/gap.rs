//! Where a fact came from, and what could not be seen.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, Looks, Matches, Unseen, Unusable};

/// Something that was read to its end: an answer of AWS, or an expected list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// What was read: an operation (`identitystore:ListGroupMemberships`), or a file's name.
    pub name: String,
    /// What an operation was asked about, for a reader: `` `AWS-Admins` ``.
    pub of: Option<String>,
    /// What vouches for its completeness (the last page, the trailer of an export), or `None` where nobody does.
    /// A source that nobody vouches for counts as complete, and page one of the report says so.
    pub vouched_by: Option<String>,
    /// The expected lists that it consists of, one or several together; an answer of AWS has none.
    pub lists: Vec<ListRead>,
}

/// An expected list that was read to its end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListRead {
    /// The file's name.
    pub name: String,
    /// What vouches for its completeness, or `None` where nobody does.
    pub vouched_by: Option<String>,
}

/// Something that could not be seen although it was to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// Which half it is missing from, and so where to mend it.
    pub side: Side,
    /// The AWS operation (`identitystore:ListUsers`), or the expected list's file name.
    pub source: String,
    /// The account that was asked, where it was one among several.
    pub account: Option<AccountId>,
    /// What was not seen.
    pub unseen: Unseen,
    /// Why.
    pub why: Why,
    /// What it could hide, which decides whether the verdict can be complete.
    pub hides: Hides,
}

/// The two halves of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// What AWS says.
    Aws,
    /// What the expected lists say.
    Expected,
}

/// What a gap could hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hides {
    /// Access, or a statement that access is expected: the run is incomplete.
    Grants,
    /// No access (the date of a last sign-in, say): it is stated, and lowers nothing.
    Nothing,
}

/// Why something could not be seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// AWS refused: a permission is missing.
    Denied {
        /// The error's code, as AWS names it.
        code: String,
        /// What AWS said.
        message: String,
    },
    /// The call failed otherwise, after the attempts that it was worth.
    Failed {
        /// The error's code, as AWS names it, or a word for what happened on the way (`timeout`).
        code: String,
        /// What was said.
        message: String,
    },
    /// The instance of Identity Center that was asked has nothing of the kind; another one, which nobody asked, may.
    Unsupported,
    /// A page announced another one, and that one was not read.
    Cut {
        /// How many pages were read.
        pages: u32,
    },
    /// The service gave the same page token twice, so going on would not have ended.
    TokenRepeated,
    /// Nobody asked: the call is in scope but neither answered nor failed.
    NotAsked,
    /// The run was not told to look at it, and a row of a list speaks of it.
    OutOfScope,
    /// The organization's list of accounts lacks the account, and another answer shows assignments in it.
    NotListed,
    /// The answer or the list could not be understood.
    Unreadable {
        /// What was wrong with it.
        detail: String,
    },
    /// The export holds only the first values of a long list (MS-ADTS 3.1.1.3.1.3.3, range retrieval), or a page less.
    Truncated {
        /// Which part is there.
        detail: String,
    },
    /// Its time does not fit that of the other answers.
    Untimely {
        /// How not.
        detail: String,
    },
    /// It was kept by an earlier run, and cannot be relied on any more.
    Lost {
        /// What is wrong with it.
        why: Unusable,
    },
    /// Members that the export itself does not hold: another domain, or a filter that was too narrow.
    Outside {
        /// Their names, as the export writes them.
        names: Vec<String>,
    },
    /// The export is older than the settings allow, and this happened after it.
    Outdated {
        /// When it was exported.
        exported: DateTime<Utc>,
    },
    /// A row of an expected list was refused.
    Refused {
        /// The row's line, counted from one.
        line: u32,
        /// Why.
        reason: String,
    },
    /// No list tells of it.
    Untold {
        /// What the lists say instead, if anything.
        detail: String,
    },
    /// Lists of the members of a group disagree, and nothing says which one is newer.
    Disputed {
        /// The lists.
        files: Vec<String>,
        /// Those whom one of them has and another has not.
        people: Vec<String>,
    },
    /// What a row expects may be administrative, nobody can say, and the row does not approve what it allows now.
    Unapproved {
        /// Why nobody can say.
        detail: String,
        /// The digest by which the row would approve it, where a digest says all of it.
        digest: Option<String>,
    },
    /// Two have one name and different ids, so they may be two.
    Contradicted {
        /// The name that they share.
        key: String,
        /// The other one.
        candidate: String,
    },
    /// A user has the external id of a person, and no name of theirs.
    Borrowed {
        /// The user's name.
        name: String,
        /// Whose id it is.
        candidate: String,
    },
    /// A list says whether people are still there, and of some it does not, or not in a way that is understood.
    Unstated {
        /// Of how many, and where.
        detail: String,
    },
    /// A row says that somebody has left, and not which one of those who fit it.
    MayHaveLeft {
        /// The row's line, counted from one.
        line: u32,
        /// The key that they share.
        key: String,
        /// Those who fit.
        candidates: Vec<String>,
    },
    /// It was read to its end, and a second way shows what is not in it.
    Disproved {
        /// The second way: an operation.
        by: String,
        /// What that shows besides, by its ids.
        shows: Vec<String>,
    },
    /// Hardly a user of Identity Center is a person of the lists, so the key is probably wrong.
    Unrecognized {
        /// The numbers.
        matches: Matches,
    },
    /// A list shares no kind of key with the people whom the users of Identity Center are, so its people may be these.
    NoSharedKey {
        /// How many of its people.
        people: usize,
        /// What the first of them is called there.
        first: String,
    },
    /// Groups look as if the setting of nested groups were the other one.
    NestingMismatch {
        /// The numbers.
        looks: Looks,
    },
    /// More than one person fits, so nobody can say which one it is.
    Ambiguous {
        /// The key that they share.
        key: String,
        /// Those who fit.
        candidates: Vec<String>,
    },
}

impl Gap {
    /// Tells gaps of different runs apart or together: where, what and for what sort of reason, in machine words and in
    /// names: `sso:ListAccountAssignments/assignments-of-set:111122223333/denied/Admin`.
    #[must_use]
    pub fn key(&self) -> String {
        let Unseen { what, object, account, number, .. } = &self.unseen;
        let mut key = format!("{}/{}", self.source, what.word());
        if let Some(account) = self.account.or(*account) {
            key += &format!(":{account}");
        }
        key += &format!("/{}", self.why.word());
        if let Some(object) = object {
            key += &format!("/{object}");
        }
        if *number > 0 {
            key += &format!("+{number}");
        }
        key
    }

    /// Whether it may hide a user, a group or a member: what IAM of an account did not show hides none of them.
    #[must_use]
    pub fn may_hide_in_the_identity_store(&self) -> bool {
        match self.hides {
            Hides::Nothing => false,
            Hides::Grants => self.account.is_none() || !self.source.starts_with("iam:"),
        }
    }
}

impl Why {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Why::Denied { .. } => "denied",
            Why::Failed { .. } => "failed",
            Why::Unsupported => "unsupported",
            Why::Cut { .. } => "cut",
            Why::TokenRepeated => "token-repeated",
            Why::NotAsked => "not-asked",
            Why::OutOfScope => "out-of-scope",
            Why::NotListed => "not-listed",
            Why::Unreadable { .. } => "unreadable",
            Why::Truncated { .. } => "truncated",
            Why::Untimely { .. } => "untimely",
            Why::Lost { .. } => "lost",
            Why::Outside { .. } => "outside",
            Why::Outdated { .. } => "outdated",
            Why::Refused { .. } => "refused",
            Why::Untold { .. } => "untold",
            Why::Disputed { .. } => "disputed",
            Why::Unapproved { .. } => "unapproved",
            Why::Contradicted { .. } => "contradicted",
            Why::Borrowed { .. } => "borrowed",
            Why::Unstated { .. } => "unstated",
            Why::MayHaveLeft { .. } => "may-have-left",
            Why::Disproved { .. } => "disproved",
            Why::Unrecognized { .. } => "unrecognized",
            Why::NoSharedKey { .. } => "no-shared-key",
            Why::NestingMismatch { .. } => "nesting-mismatch",
            Why::Ambiguous { .. } => "ambiguous",
        }
    }
}
