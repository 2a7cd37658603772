//! A run that failed, and one that works again, as messages. Telling is once a cause, again after a day, and once when
//! it works again; what the recipients know arrives as data, and goes back as data.
//!
//! A message names which input or service failed, where, why and what to do, and nothing of what the lists or AWS say.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::failure_text::{FailedText, WorksText};
use super::lines::clipped;
use super::mail_page::MailPage;
use super::{Kind, Message, ReportPlace};
use crate::wording;

/// After how long the same failure is told again.
const TOLD_AGAIN_AFTER: TimeDelta = TimeDelta::hours(24);
/// How far in the future a record may be dated by a clock that was corrected since; others were not left by a run.
const CORRECTED: TimeDelta = TimeDelta::minutes(5);

/// What a run could not do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Input {
    /// What the run was asked for.
    Settings,
    /// The lists that say what is expected.
    ExpectedLists,
    /// Saved output of AWS.
    SavedOutput,
    /// AWS itself.
    Aws,
    /// The place that packages go to.
    Store,
    /// Room for journals and drafts.
    LocalDisk,
    /// Rollcall itself: a bug.
    Rollcall,
    /// Whatever should have started the run: the job is overdue.
    Scheduler,
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What it could not do without.
    pub input: Input,
    /// Which file, bucket or object, where that is known.
    pub place: Option<String>,
    /// What happened, without a word of what lists or answers hold.
    pub why: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What tells this failure from others: the same text for the same cause, whatever AWS's request was called.
    pub cause: String,
}

/// What the recipients know of failures of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The cause that they were told last; `None` where that was that the job works again.
    pub cause: Option<String>,
    /// Since when it has failed, or has worked again.
    pub since: DateTime<Utc>,
    /// When they were told.
    pub told: DateTime<Utc>,
}

/// When the job was audited last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastAudit {
    /// Its last package is about this instant.
    At(DateTime<Utc>),
    /// It has no package.
    Never,
    /// The store could not be read.
    Unknown,
}

impl Serialize for LastAudit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            LastAudit::At(at) => at.serialize(serializer),
            LastAudit::Never => serializer.serialize_str("never"),
            LastAudit::Unknown => serializer.serialize_str("unknown"),
        }
    }
}

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// Nothing: they know, or there is nothing to know.
    Nothing,
    /// That the job fails.
    Failed {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// That it works again.
    WorksAgain {
        /// Since when it had failed.
        since: DateTime<Utc>,
    },
}

/// The circumstances of a message.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// What the audited organization is called.
    pub organization: Option<&'a str>,
    /// The job.
    pub job: &'a str,
    /// When it was due, where it ran because of that: then it is tried again by itself.
    pub due: Option<DateTime<Utc>>,
    /// The run's id.
    pub run_id: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// Since when the job fails, or had failed.
    pub since: DateTime<Utc>,
    /// When the job was audited last, before this run.
    pub last_audit: LastAudit,
    /// Whether an earlier message may have said the same: what was sent before could not be read.
    pub may_repeat: bool,
}

/// What is to be told to those who know this, of a run that failed or did not.
#[must_use]
pub fn tell(known: Option<&Known>, failed: Option<&Failed>, now: DateTime<Utc>) -> Tell {
    let known = known.filter(|known| known.may_be_of_a_run(now));
    let failing = known.and_then(|known| Some((known.cause.as_ref()?, known)));
    match (failing, failed) {
        (None, None) => Tell::Nothing,
        (None, Some(_)) => Tell::Failed { since: now },
        (Some((_, known)), None) => Tell::WorksAgain { since: known.since },
        (Some((cause, known)), Some(failed)) => {
            let is_news = *cause != failed.cause || now - known.told >= TOLD_AGAIN_AFTER;
            if is_news { Tell::Failed { since: known.since } } else { Tell::Nothing }
        }
    }
}

impl Input {
    /// What it is, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Input::Settings => "the settings",
            Input::ExpectedLists => "the expected lists",
            Input::SavedOutput => "saved AWS output",
            Input::Aws => "AWS",
            Input::Store => "the package store",
            Input::LocalDisk => "the local disk",
            Input::Rollcall => "Rollcall itself",
            Input::Scheduler => "the scheduler",
        }
    }
}

/// Format 1 of a record.
#[derive(Serialize, Deserialize)]
struct Document {
    version: u32,
    cause: Option<String>,
    since: DateTime<Utc>,
    told: DateTime<Utc>,
}

impl Known {
    /// Whether a run can have left it: none leaves one from the future.
    #[must_use]
    pub fn may_be_of_a_run(&self, now: DateTime<Utc>) -> bool {
        self.told - now <= CORRECTED
    }

    /// Reads a record; `None` where it cannot be understood: then the recipients are told once more.
    #[must_use]
    pub fn decode(record: &[u8]) -> Option<Self> {
        let Document { version: 1, cause, since, told } = serde_json::from_slice(record).ok()? else { return None };
        Some(Known { cause, since, told })
    }

    /// The record.
    ///
    /// # Panics
    /// Never: texts and instants are JSON.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let Known { cause, since, told } = self.clone();
        serde_json::to_vec_pretty(&Document { version: 1, cause, since, told }).expect("a record is JSON")
    }
}

/// Format 1 of the messages for machines.
#[derive(Serialize)]
struct Machine<'a> {
    version: u32,
    kind: Kind,
    organization: Option<&'a str>,
    job: &'a str,
    due: Option<DateTime<Utc>>,
    run_id: &'a str,
    at: DateTime<Utc>,
    since: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<Input>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'a str>,
    /// When the job was audited last: an instant, `never`, or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_audit: Option<LastAudit>,
    /// Whether an earlier message may have said the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    may_repeat: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    package: Option<&'a str>,
    /// How many scheduled runs it missed, where it did not fail but was not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    missed_runs: Option<usize>,
}

/// The message that a run failed.
///
/// # Panics
/// Never: the template only writes to memory, and the JSON has only texts and instants.
#[must_use]
pub fn failed(failed: &Failed, occasion: &Occasion<'_>) -> Message {
    // What a file holds may be as long as a message, and is quoted by some errors.
    let failed = &Failed {
        input: failed.input,
        place: failed.place.clone().map(clipped),
        why: clipped(failed.why.clone()),
        help: failed.help.clone().map(clipped),
        cause: clipped(failed.cause.clone()),
    };
    let text = FailedText {
        job: occasion.job,
        organization: organization(occasion),
        due: occasion.due.map(wording::instant),
        run_id: occasion.run_id,
        now: wording::instant(occasion.now),
        since: (occasion.since < occasion.now).then(|| wording::instant(occasion.since)),
        last_audit: last_audit(occasion.last_audit),
        may_repeat: occasion.may_repeat,
        is_overdue: failed.input == Input::Scheduler,
        input: failed.input.words(),
        place: failed.place.as_deref().map(|place| wording::visible(place).into_owned()),
        why: wording::phrase(&failed.why).into_owned(),
        help: failed.help.as_deref(),
    };
    let machine = Machine {
        input: Some(failed.input),
        place: failed.place.as_deref(),
        why: Some(&failed.why),
        help: failed.help.as_deref(),
        cause: Some(&failed.cause),
        last_audit: Some(occasion.last_audit),
        ..machine(Kind::RunFailed, occasion)
    };
    let what = match failed.input {
        Input::Scheduler => format!("job {} is overdue", occasion.job),
        Input::Settings
        | Input::ExpectedLists
        | Input::SavedOutput
        | Input::Aws
        | Input::Store
        | Input::LocalDisk
        | Input::Rollcall => format!("job {} failed: {}", occasion.job, failed.input.words()),
    };
    message(&what, occasion, (text.text(), text.page()), &machine, Kind::RunFailed)
}

/// The message that a job works again, whose package is there. Where it did not fail, `missed` says how many scheduled
/// runs it missed; the occasion then says when the first of them was due.
///
/// # Panics
/// Never, as above.
#[must_use]
pub fn works_again<'a>(occasion: &Occasion<'_>, place: impl Into<ReportPlace<'a>>, missed: Option<usize>) -> Message {
    let ReportPlace { package, link } = place.into();
    let text = WorksText {
        job: occasion.job,
        organization: organization(occasion),
        run_id: occasion.run_id,
        now: wording::instant(occasion.now),
        since: wording::instant(occasion.since),
        missed: missed.map(|missed| wording::count(missed, "scheduled run")),
        package,
        link,
    };
    let machine = Machine { package: Some(package), missed_runs: missed, ..machine(Kind::RunWorksAgain, occasion) };
    let what = format!("job {} works again", occasion.job);
    message(&what, occasion, (text.text(), text.page()), &machine, Kind::RunWorksAgain)
}

fn machine<'a>(kind: Kind, occasion: &Occasion<'a>) -> Machine<'a> {
    Machine {
        version: 1,
        kind,
        organization: occasion.organization,
        job: occasion.job,
        due: occasion.due,
        run_id: occasion.run_id,
        at: occasion.now,
        since: occasion.since,
        input: None,
        place: None,
        why: None,
        help: None,
        cause: None,
        last_audit: None,
        may_repeat: occasion.may_repeat,
        package: None,
        missed_runs: None,
    }
}

fn last_audit(last: LastAudit) -> String {
    match last {
        LastAudit::At(at) => format!("No audit since {}.", wording::instant(at)),
        LastAudit::Never => "This job has no earlier audit.".to_owned(),
        LastAudit::Unknown => "The time of the last audit is unknown: the package store cannot be read.".to_owned(),
    }
}

fn organization(occasion: &Occasion<'_>) -> String {
    occasion.organization.map(|name| wording::visible(name).into_owned()).unwrap_or_default()
}

fn message(
    what: &str,
    occasion: &Occasion<'_>,
    (text, page): (String, MailPage),
    machine: &Machine<'_>,
    kind: Kind,
) -> Message {
    let (severity, completeness) = match kind {
        // Nothing was seen.
        Kind::RunFailed => ("failure", "incomplete"),
        Kind::RunWorksAgain | Kind::News | Kind::Summary | Kind::Test | Kind::ChangesMade | Kind::Watch => {
            ("recovery", "complete")
        }
    };
    Message {
        kind,
        job: Some(occasion.job.to_owned()),
        subject: Message::subject_of(what, occasion.organization),
        text,
        page,
        json: serde_json::to_string(machine).expect("a message is JSON"),
        severity: severity.to_owned(),
        completeness: completeness.to_owned(),
    }
}
