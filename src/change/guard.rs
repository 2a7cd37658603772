//! What forbids a plan, each with its numbers and with the way through it, if there is one.
//!
//! A guard is data: `wording` says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ChangeId, ChangeKind, ForeseenFinding, Source, Thing};
use crate::model::AccountId;

/// A reason not to apply a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "guard", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Guard {
    /// The plan has more removals than `change.removals` allows.
    Removals {
        /// How many changes take something away.
        removals: usize,
        /// How many may.
        allowed: usize,
    },
    /// The plan removes more of one kind than `change.removal_share` allows.
    RemovalShare {
        /// What.
        of: Thing,
        /// How much of it is taken away.
        removals: usize,
        /// How much of it was seen.
        seen: usize,
        /// How much may be taken away.
        allowed: usize,
    },
    /// A group would have no members, or nobody would have a permission set in an account.
    LeftEmpty {
        /// The group's name, or the account's id.
        name: String,
        /// How many it has now.
        had: usize,
    },
    /// A change gives or may give administrative access.
    GrantsAdministration {
        /// The change.
        change: ChangeId,
        /// Which policy allows what, or why this is unknown, as text.
        how: String,
    },
    /// A change takes away a policy that denies something, or whose document was not read.
    RemovesDeny {
        /// The change.
        change: ChangeId,
        /// The policy.
        policy: String,
        /// Whether its document was read, and denies something; otherwise it may.
        denies: bool,
    },
    /// An audit would have findings that it does not have now.
    NewFindings {
        /// Which.
        findings: Vec<ForeseenFinding>,
    },
    /// Fewer people than `change.min_administrators` would have administrative access to an account.
    LastAdministrators {
        /// The account.
        #[schemars(with = "String")]
        account: AccountId,
        /// How many have it now.
        before: usize,
        /// How many would have it.
        after: usize,
        /// How many must have it.
        least: usize,
    },
    /// A change affects the one who makes or applies the plan, or Rollcall's own access.
    OwnAccess {
        /// The change.
        change: ChangeId,
        /// The ARN of whose access it is.
        whose: String,
    },
    /// The answers do not say who asked AWS: whose own access a change is about, and whether it may touch the management
    /// account, cannot be judged.
    CallerUnknown,
    /// A change affects something that `change.protect` names, or that AWS manages itself.
    Protected {
        /// The change.
        change: ChangeId,
        /// The pattern of the settings; `None` for what AWS keeps.
        pattern: Option<String>,
        /// What it fits.
        name: String,
    },
    /// A directory or a SCIM client manages the user, group or membership.
    OwnedElsewhere {
        /// The change.
        change: ChangeId,
        /// The user or the group.
        name: String,
        /// What keeps it.
        source: Source,
    },
    /// A removal depends on unreliable data.
    WeakBasis {
        /// The change.
        change: ChangeId,
        /// On what.
        rests_on: Rests,
    },
    /// Credentials of a delegated administrator cannot change assignments in the management account.
    ManagementAccount {
        /// The change.
        change: ChangeId,
        /// The account of the credentials.
        #[schemars(with = "String")]
        caller: AccountId,
    },
    /// An IAM user is deleted without `--at-once`, and Rollcall did not disable it `change.quarantine` ago or earlier.
    Quarantine {
        /// The change.
        change: ChangeId,
        /// When Rollcall disabled it (RFC 3339, UTC); `None` where it did not, or where it was enabled or used since.
        disabled: Option<chrono::DateTime<chrono::Utc>>,
        /// From when on it can be deleted (RFC 3339, UTC).
        from: Option<chrono::DateTime<chrono::Utc>>,
    },
    /// `change.allow` does not have the kind.
    KindNotAllowed {
        /// The kind.
        kind: ChangeKind,
        /// The changes of the kind.
        changes: Vec<ChangeId>,
    },
    /// The settings exclude part of AWS, so `--as-listed` would decide on incomplete data.
    FilteredBasis {
        /// What is left out, for a reader.
        what: String,
    },
    /// The plan has expired.
    Expired {
        /// When it expired (RFC 3339, UTC).
        at: chrono::DateTime<chrono::Utc>,
    },
    /// The plan says that it was made later than now: its time cannot be judged.
    MadeLater {
        /// When it says that it was made (RFC 3339, UTC).
        at: chrono::DateTime<chrono::Utc>,
    },
    /// The plan was made for another environment.
    OtherPlace {
        /// What differs: `organization`, `instance`, …
        what: String,
        /// As the plan has it.
        planned: Option<String>,
        /// As it is here.
        here: Option<String>,
    },
    /// An expected list has changed since the plan was made.
    ListChanged {
        /// Its name.
        list: String,
    },
    /// The settings have changed since the plan was made.
    SettingsChanged,
}

/// What a removal rests on that cannot be relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Rests {
    /// A list of which an open finding says that it is stale, shrunken, cut off or damaged, or gone.
    List {
        /// The list, or what no list speaks for any more.
        name: String,
        /// The rule of the finding.
        rule: String,
    },
    /// A listing of AWS that another answer contradicts, or lists that hardly match Identity Center at all.
    Finding {
        /// The rule that says so.
        rule: String,
    },
}

/// How whoever applies a plan gets past a guard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayThrough {
    /// `--allow-removals N`, where N is exactly this.
    AllowRemovals(usize),
    /// `--allow-administrative`.
    AllowAdministrative,
    /// `--allow-new-findings`, with these fingerprints.
    AllowNewFindings(Vec<String>),
    /// Other settings, and a new plan: the key.
    Settings(&'static str),
    /// A new plan, with `--at-once`.
    AtOnce,
    /// A new plan.
    PlanAgain,
    /// None.
    None,
}

impl Guard {
    /// The way through it. `removals` is how many changes of the plan take something away.
    #[must_use]
    pub fn way_through(&self, removals: usize) -> WayThrough {
        match self {
            Guard::Removals { .. } | Guard::RemovalShare { .. } | Guard::LeftEmpty { .. } => {
                WayThrough::AllowRemovals(removals)
            }
            Guard::GrantsAdministration { .. } | Guard::RemovesDeny { .. } => WayThrough::AllowAdministrative,
            Guard::NewFindings { findings } => {
                WayThrough::AllowNewFindings(findings.iter().map(|one| one.finding.clone()).collect())
            }
            Guard::LastAdministrators { .. } => WayThrough::Settings("change.min_administrators"),
            Guard::Protected { pattern: Some(_), .. } => WayThrough::Settings("change.protect"),
            Guard::KindNotAllowed { .. } => WayThrough::Settings("change.allow"),
            Guard::FilteredBasis { .. } => WayThrough::Settings("aws"),
            Guard::Quarantine { .. } => WayThrough::AtOnce,
            Guard::Expired { .. } | Guard::MadeLater { .. } | Guard::ListChanged { .. } | Guard::SettingsChanged => {
                WayThrough::PlanAgain
            }
            Guard::Protected { pattern: None, .. }
            | Guard::OwnAccess { .. }
            | Guard::CallerUnknown
            | Guard::OwnedElsewhere { .. }
            | Guard::WeakBasis { .. }
            | Guard::ManagementAccount { .. }
            | Guard::OtherPlace { .. } => WayThrough::None,
        }
    }
}
