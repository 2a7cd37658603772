//! The format itself. Fields are only added; what a field means does not change within a version.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::ExportClock;

/// What `rollcall check` understood of settings and expected lists.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Rollcall check", rename = "Check")]
pub(super) struct Document {
    /// The version of this format.
    pub(super) version: u32,
    /// The version of Rollcall.
    pub(super) rollcall: &'static str,
    /// The instant at which accounts are expired or not.
    pub(super) as_of: DateTime<Utc>,
    /// Where the lists are: a folder, or `s3://bucket/prefix`.
    pub(super) expected: String,
    /// Every list, by name; those that cannot be used too.
    pub(super) files: Vec<JsonFile>,
    /// The people and groups that the lists name, without the lists that cannot be used.
    pub(super) directory: Directory,
    /// Everything that a list was to say and does not.
    pub(super) gaps: Vec<String>,
    /// The jobs of the settings.
    pub(super) jobs: Vec<JsonJob>,
    /// Whom the credentials belong to; `null` where AWS was not asked.
    pub(super) aws: Option<JsonAccess>,
    /// The places that packages go to; buckets only where they were to be looked at (`--store`, `--aws`).
    pub(super) stores: Vec<JsonStore>,
}

/// A place that packages go to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Store")]
pub(super) struct JsonStore {
    /// A folder, or `s3://bucket/prefix`.
    pub(super) at: String,
    /// The object that it was tried out with (`--store`), which stays there.
    pub(super) object: Option<String>,
    /// What lies among its links and packages and is neither, or stands in the place of a folder.
    pub(super) strays: Vec<String>,
    /// Why it cannot be used; `null` where it can.
    pub(super) error: Option<JsonError>,
}

/// One list. Of one that cannot be used, only `name`, `sha256` and `error` are known.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "File")]
pub(super) struct JsonFile {
    /// Its name below the place of the lists, with `/` between folders.
    pub(super) name: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(super) sha256: String,
    /// Why it cannot be used; `null` where it can.
    pub(super) error: Option<JsonError>,
    pub(super) format: Option<String>,
    pub(super) encoding: Option<String>,
    /// Rows or entries.
    pub(super) rows_read: Option<u32>,
    /// Of those, the ones that say something Rollcall uses; the others are refused, or of another kind (a computer).
    pub(super) rows_used: Option<u32>,
    /// Of those, the ones that were refused.
    pub(super) rows_refused: Option<u32>,
    /// Each row that was refused.
    pub(super) refused: Vec<JsonRefusal>,
    /// Whether all of it is there.
    pub(super) completeness: JsonCompleteness,
    /// What vouches for its completeness, where it is `complete`.
    pub(super) vouched_by: Option<String>,
    /// What is missing, where it is `partial`.
    pub(super) incomplete_because: Vec<String>,
    /// When it was exported.
    pub(super) exported_at: Option<DateTime<Utc>>,
    /// How that is known.
    pub(super) exported_known_by: Option<JsonClock>,
    /// Whether it grows old: an export of a directory does, a list that is kept by hand does not.
    pub(super) ages: Option<bool>,
    /// What a reader should know about it.
    pub(super) notes: Vec<String>,
}

/// Why a list cannot be used.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(super) struct JsonError {
    pub(super) message: String,
    /// What it was caused by, the nearest first: the line, and what is wrong there.
    pub(super) causes: Vec<String>,
    /// What to do about it.
    pub(super) help: Option<String>,
}

/// A row that was refused.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Refusal")]
pub(super) struct JsonRefusal {
    /// Counted from one.
    pub(super) line: u32,
    pub(super) reason: String,
}

/// Whether all of a list is there.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Completeness")]
pub(super) enum JsonCompleteness {
    /// It is, and something vouches for it.
    Complete,
    /// It is not.
    Partial,
    /// Nothing says that it is not, and nothing vouches for it.
    Unknown,
}

/// How the time of an export is known, the surest first.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "ExportClock")]
pub(super) enum JsonClock {
    /// Its sidecar says so.
    Sidecar,
    /// The bucket says when it was put there.
    Place,
    /// Its name holds a date.
    FileName,
    /// The newest change that it holds: it is at least as young.
    NewestChange,
    /// Its time of modification.
    Modified,
}

impl From<ExportClock> for JsonClock {
    fn from(clock: ExportClock) -> Self {
        match clock {
            ExportClock::Sidecar => JsonClock::Sidecar,
            ExportClock::Place => JsonClock::Place,
            ExportClock::FileName => JsonClock::FileName,
            ExportClock::NewestChange => JsonClock::NewestChange,
            ExportClock::Modified => JsonClock::Modified,
        }
    }
}

/// The people and groups that the lists name, all lists together.
#[derive(Serialize, JsonSchema)]
pub(super) struct Directory {
    /// Whether somebody who is not here is not in the lists.
    pub(super) extents: Extents,
    /// Everybody, by name.
    pub(super) users: Vec<JsonUser>,
    /// Every group, by name.
    pub(super) groups: Vec<JsonGroup>,
}

/// How far users and groups are known.
#[derive(Serialize, JsonSchema)]
pub(super) struct Extents {
    pub(super) users: Known,
    pub(super) groups: Known,
}

/// How far something is known.
#[derive(Serialize, JsonSchema)]
pub(super) struct Known {
    /// Whether all of it is known.
    pub(super) whole: bool,
    /// What vouches for that, where something does.
    pub(super) vouched_by: Option<String>,
    /// Why not all of it is known.
    pub(super) unknown_because: Option<String>,
}

/// A person.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub(super) struct JsonUser {
    /// The name to show.
    pub(super) name: String,
    pub(super) sam_account_name: Option<String>,
    /// `userPrincipalName`, or the user column of `people.csv`.
    pub(super) user_principal_name: Option<String>,
    /// `objectGUID`.
    pub(super) guid: Option<String>,
    /// `objectSid`.
    pub(super) sid: Option<String>,
    /// The DNS name of the domain.
    pub(super) domain: Option<String>,
    pub(super) mails: Vec<String>,
    /// Whether the account is enabled, or the person active; `null` where no list says.
    pub(super) enabled: Option<bool>,
    /// When the account expires; `null` where `expiry` is not `at`.
    pub(super) expires: Option<DateTime<Utc>>,
    /// Whether it expires at all.
    pub(super) expiry: JsonExpiry,
    /// Whether it has expired at `as_of`.
    pub(super) expired: bool,
}

/// Whether an account expires.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Expiry")]
pub(super) enum JsonExpiry {
    /// It never does, as a list says.
    Never,
    /// It does, at the instant of `expires`.
    At,
    /// No list says, or not in a way that is understood.
    NotSaid,
}

/// A group.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Group")]
pub(super) struct JsonGroup {
    /// `sAMAccountName`, else its common name.
    pub(super) name: String,
    /// Every name it is known by.
    pub(super) names: Vec<String>,
    /// `objectGUID`.
    pub(super) guid: Option<String>,
    /// The DNS name of the domain.
    pub(super) domain: Option<String>,
    /// People who are members themselves: by `sAMAccountName`, else by user name, else by the name to show.
    pub(super) direct_users: Vec<String>,
    /// Groups that are members themselves, by name.
    pub(super) direct_groups: Vec<String>,
    /// Whether these are all.
    pub(super) direct_known: Known,
    /// People who are members themselves or by nested groups, as `direct_users`.
    pub(super) effective_users: Vec<String>,
    /// Whether these are all.
    pub(super) effective_known: Known,
}

/// A job of the settings.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Job")]
pub(super) struct JsonJob {
    pub(super) name: String,
    pub(super) cron: String,
    pub(super) zone: String,
    /// When it is due next.
    pub(super) next: Option<DateTime<Utc>>,
    /// Where its alerts go.
    pub(super) alerts: JsonAlerts,
}

/// Where the alerts of a job go.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Alerts")]
pub(super) enum JsonAlerts {
    /// To the topic of the settings.
    Sns,
    /// To web hooks of the settings, and to the topic if there is one.
    Channels,
    /// The job is set to send none.
    Off,
    /// The job should send them, and the settings name no channel.
    NoChannel,
}

/// Whom the credentials belong to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Access")]
pub(super) struct JsonAccess {
    pub(super) caller_arn: Option<String>,
    pub(super) account_id: Option<String>,
    /// Why AWS did not say, where it did not.
    pub(super) gaps: Vec<String>,
    /// Which credentials are used, where there are others besides.
    pub(super) passed_over: Option<String>,
    /// The endpoint that answered, where it was not AWS's own.
    pub(super) redirected_to: Option<String>,
    /// What AWS allows of all that the settings need; `null` where it was not tried.
    pub(super) permissions: Option<Vec<JsonPermission>>,
}

/// One action, in all accounts in which it ended in the same way.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Permission")]
pub(super) struct JsonPermission {
    /// As a policy names it; of what is delivered, the name of the printed statement stands behind it in brackets.
    pub(super) action: String,
    pub(super) outcome: JsonOutcome,
    /// The accounts that were asked, where there are several.
    pub(super) accounts: Vec<String>,
    /// The code of the error.
    pub(super) code: Option<String>,
    /// What AWS said in the first of the accounts, or why it was not tried.
    pub(super) because: Option<String>,
}

/// How trying an action ended.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "Outcome")]
pub(super) enum JsonOutcome {
    /// AWS allows it.
    Granted,
    /// A permission is missing.
    Denied,
    /// The call failed otherwise, so nobody can say.
    Failed,
    /// It was not asked.
    NotTried,
}
