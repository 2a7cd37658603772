//! Telling the recipients of a job's messages that a run failed, and that the job works again.

use chrono::{DateTime, TimeDelta, Utc};

use crate::alert::ReportPlace;
use crate::alert::failure::{self, Failed, Input, Known, LastAudit, Occasion, Tell};
use crate::aws::failure::{Failure, Kind};
use crate::collect::{CollectError, WalkError};
use crate::expect::ExpectError;
use crate::settings::{Recipients, SettingsError, Target};
use crate::store::{Shelf, StoreError, chain, failure_log};
use crate::wording;

use super::audited::Audited;
use super::open_store::open;
use super::order::Order;
use super::send::{Outgoing, send};
use super::{Clock, NotPublished, PipelineError, Published, for_log, job_status, report_link};

/// Tells how a run ended, where its job has recipients and they do not know yet.
pub(super) async fn tell_end(order: &Order, ended: Result<Option<&Audited>, &PipelineError>, clock: &Clock) {
    let failed = match ended {
        // Another process has this run, and knows how it ended.
        Ok(None) => return,
        Ok(Some(audited)) => match &audited.delivery.package {
            Ok(published) => {
                order.failures.audited(published.link.run.job(), published.link.run.as_of());
                return tell(order, Err(published), clock).await;
            }
            Err(NotPublished { source, .. }) => of_store(source),
        },
        Err(error) => match describe(error) {
            Some(failed) => failed,
            None => return,
        },
    };
    tell(order, Ok(&failed), clock).await;
}

/// Tells that a run of a job could not even begin.
pub async fn tell_failed(order: &Order, error: &PipelineError, clock: &Clock) {
    tell_end(order, Err(error), clock).await;
}

/// Tells the recipients of a job's messages that its settings were refused. `order` has what of them was understood.
pub async fn tell_refused(order: &Order, error: &SettingsError, clock: &Clock) {
    let why = for_log(error);
    let failed = Failed {
        input: Input::Settings,
        place: error.path().map(|path| path.display().to_string()),
        cause: cause(Input::Settings, None, &why),
        why,
        help: error.help(),
    };
    tell(order, Ok(&failed), clock).await;
}

/// After how long it is told that a job is overdue whose recipients know that it fails: whoever runs it would have told
/// them again.
const SILENT: TimeDelta = TimeDelta::hours(26);

/// Tells the recipients of a job's messages that it is overdue, where it is, and they do not know that it fails.
pub async fn tell_overdue(order: &Order, clock: &Clock) {
    let (Some(job), now) = (order.job.as_deref().filter(|_| order.alert), clock()) else { return };
    let Ok(shelf) = open(&order.settings, &order.to).await else { return };
    let Ok(Some(since)) = job_status::overdue(order, &shelf, job, now).await else { return };
    let failed = Failed {
        input: Input::Scheduler,
        place: None,
        why: format!("a run was due at {}, and there is no package of it", wording::instant(since)),
        help: Some("check that a process runs this job (`rollcall serve`, cron), and its log".to_owned()),
        cause: cause(Input::Scheduler, None, "overdue"),
    };
    for Recipients { channel, target, .. } in order.settings.recipients(job) {
        let Some(target) = target else { continue };
        let of = OfChannel { order, shelf: Some(&shelf), job, channel: channel.as_deref() };
        let known = recall(&of, now).await.known;
        let knows_other =
            |known: Known| known.cause.is_some_and(|cause| cause != failed.cause) && now - known.told < SILENT;
        if !known.is_some_and(knows_other) {
            Box::pin(tell_by(&of, &target, Ok(&failed), now)).await;
        }
    }
}

/// `ended` is why the run failed, or else its package. Each channel has its own record; one that fails delays no other.
async fn tell(order: &Order, ended: Result<&Failed, &Published>, clock: &Clock) {
    let Some(job) = order.job.as_deref().filter(|_| order.alert) else { return };
    let shelf = open(&order.settings, &order.to).await.ok();
    for Recipients { channel, target, .. } in order.settings.recipients(job) {
        if let Some(target) = target {
            let of = OfChannel { order, shelf: shelf.as_ref(), job, channel: channel.as_deref() };
            // On the heap: the futures of the SDK are deep.
            Box::pin(tell_by(&of, &target, ended, clock())).await;
        }
    }
}

/// A channel of a job's messages.
struct OfChannel<'a> {
    order: &'a Order,
    shelf: Option<&'a Shelf>,
    job: &'a str,
    /// Its name; the topic has none.
    channel: Option<&'a str>,
}

async fn tell_by(of: &OfChannel<'_>, target: &Target, ended: Result<&Failed, &Published>, now: DateTime<Utc>) {
    let OfChannel { order, shelf, job, channel } = *of;
    let memory = recall(of, now).await;
    let known = memory.known;
    let (since, cause, missed) = match (failure::tell(known.as_ref(), ended.ok(), now), shelf, ended) {
        (Tell::Failed { since }, _, _) => (since, ended.ok().map(|failed| failed.cause.clone()), None),
        (Tell::WorksAgain { since }, _, _) => (since, None, None),
        (Tell::Nothing, Some(shelf), Err(published)) => {
            let missed = job_status::missed(order, shelf, &published.link, now).await;
            let Some((first, missed)) = missed else { return };
            (first, None, Some(missed))
        }
        (Tell::Nothing, _, _) => return,
    };
    let organization = order.settings.organization.as_deref();
    let last_audit = last_audit(order, shelf, job).await;
    let may_repeat = memory.may_lack;
    let run_id = &order.run_id;
    let occasion = Occasion { organization, job, due: order.due, run_id, now, since, last_audit, may_repeat };
    let message = match ended {
        Ok(failed) => failure::failed(failed, &occasion),
        Err(published) => {
            let link = report_link::of(&order.settings, &order.to, &published.link.run);
            failure::works_again(&occasion, ReportPlace { package: &published.at, link: link.as_deref() }, missed)
        }
    };
    if let Err(error) = send(target, Outgoing { message: &message, run_id, now, findings: None }, &order.settings).await
    {
        tracing::warn!(job, channel, error = for_log(&error), "cannot send the alert about how this run ended");
        return;
    }
    tracing::info!(job, channel, subject = message.subject, "sent an alert about how this run ended");
    let known = Known { since: if cause.is_some() { since } else { now }, cause, told: now };
    if let Some(shelf) = shelf
        && let Err(error) = failure_log::record(shelf, job, channel, memory.last, known.encode()).await
    {
        tracing::warn!(job, channel, %error, "cannot record the alert; after a restart it may be sent again");
    }
    order.failures.remember(job, channel, known);
}

/// What is known of what recipients were told.
struct Memory {
    known: Option<Known>,
    /// The number of the last record of the store; zero where there is none.
    last: u32,
    /// Whether they may have been told something that is not known here.
    may_lack: bool,
}

/// Where the store is what fails, this process knows at least what it has told itself.
async fn recall(of: &OfChannel<'_>, now: DateTime<Utc>) -> Memory {
    let read = match of.shelf {
        Some(shelf) => failure_log::latest(shelf, of.job, of.channel).await.ok(),
        None => None,
    };
    let (last, record) = read.clone().unwrap_or_default();
    // One from the future was not left by a run, and would hide what this process knows.
    let decode = |record: &Vec<u8>| Known::decode(record).filter(|known| known.may_be_of_a_run(now));
    let of_store = record.as_ref().and_then(decode);
    let of_process = of.order.failures.known(of.job, of.channel);
    let is_lost = read.is_none() || record.is_some() && of_store.is_none();
    let may_lack = is_lost && of_process.is_none();
    let known = [of_store, of_process].into_iter().flatten().max_by_key(|known| known.told);
    Memory { known, last, may_lack }
}

/// When the job was audited last, as the store says, or else this process.
async fn last_audit(order: &Order, shelf: Option<&Shelf>, job: &str) -> LastAudit {
    let of_process = || order.failures.last_audit(job).map_or(LastAudit::Unknown, LastAudit::At);
    let Some(shelf) = shelf else { return of_process() };
    match chain::last_run(shelf, job).await {
        Ok(Some(link)) => LastAudit::At(link.run.as_of()),
        Ok(None) => LastAudit::Never,
        Err(_) => of_process(),
    }
}

/// Which input failed, where, why, and what to do. `None` where that is nothing for the recipients: somebody ended the
/// run or asked for what cannot be, or another process has it.
fn describe(error: &PipelineError) -> Option<Failed> {
    let of = |input, place: Option<String>, why: String, code: &str| Failed {
        cause: cause(input, place.as_deref(), code),
        input,
        place,
        why,
        help: error.help(),
    };
    let failed = match error {
        PipelineError::Unfinished { source, .. } => return describe(source),
        PipelineError::Interrupted
        | PipelineError::Resume(_)
        | PipelineError::LeftBefore { .. }
        | PipelineError::Misread { .. }
        | PipelineError::NoChain { .. }
        | PipelineError::NotInChain { .. }
        | PipelineError::Replay { .. }
        | PipelineError::Store(StoreError::ClaimLost { .. } | StoreError::DoneBefore { .. }) => return None,
        PipelineError::NoListsFolder { path } => {
            of(Input::ExpectedLists, Some(path.display().to_string()), error.to_string(), "no folder")
        }
        PipelineError::NotAFile { path, what } => {
            let why = format!("it is {what}; lists must be regular files");
            of(Input::ExpectedLists, Some(path.display().to_string()), why, "no file")
        }
        PipelineError::ListsFolder { path, source } => {
            let place = path.display().to_string();
            of(Input::ExpectedLists, Some(place), for_log(error), &source.kind().to_string())
        }
        PipelineError::ListsBucket { at, source } => {
            let Failed { place, why, cause: code, .. } = of_store(source);
            of(Input::ExpectedLists, place.or_else(|| Some(at.clone())), why, &code)
        }
        PipelineError::ListsVanished { at, .. } => {
            of(Input::ExpectedLists, Some(at.clone()), error.to_string(), "vanished")
        }
        PipelineError::InsideLists { .. } => of(Input::Settings, None, error.to_string(), "inside lists"),
        PipelineError::PastInstant { .. } => of(Input::Settings, None, error.to_string(), "past instant"),
        PipelineError::BeforeFacts { .. } | PipelineError::BeforeLastFact { .. } => {
            of(Input::Settings, None, error.to_string(), "before facts")
        }
        PipelineError::Lists { at, source: ExpectError::List { name, damage } } => {
            let why = damage.without_contents();
            of(Input::ExpectedLists, Some(format!("{at}/{name}")), why.clone(), &why)
        }
        PipelineError::Lists { at, source } => {
            let why = for_log(source);
            of(Input::ExpectedLists, Some(at.clone()), why.clone(), &why)
        }
        PipelineError::Saved { path, source } => {
            let place = path.display().to_string();
            of(Input::SavedOutput, Some(place), for_log(error), &source.kind().to_string())
        }
        PipelineError::SignIn(failure) | PipelineError::Collect(CollectError::SignIn(failure)) => {
            of(Input::Aws, None, of_aws(failure), &failure.code)
        }
        PipelineError::Collect(CollectError::Walk(WalkError::Journal(source))) => {
            of(Input::LocalDisk, None, for_log(error), &source.kind().to_string())
        }
        PipelineError::Collect(CollectError::Walk(_) | CollectError::OtherInstance { .. }) => {
            of(Input::Aws, None, "the instance of IAM Identity Center is not the requested one".to_owned(), "instance")
        }
        PipelineError::Collect(CollectError::Files(_) | CollectError::Journal(_) | CollectError::Mixed { .. }) => of(
            Input::SavedOutput,
            None,
            "it cannot be read as the output of a run or of the printed script".to_owned(),
            "files",
        ),
        PipelineError::Store(source) => of_store(source),
        PipelineError::Draft(source) => of(Input::LocalDisk, None, for_log(error), &source.kind().to_string()),
        PipelineError::Write { path, source } => {
            let place = path.display().to_string();
            of(Input::LocalDisk, Some(place), for_log(error), &source.kind().to_string())
        }
        PipelineError::Bug => of(Input::Rollcall, None, error.to_string(), "bug"),
    };
    Some(failed)
}

fn of_store(error: &StoreError) -> Failed {
    let (place, why, code) = match error {
        StoreError::File { path, source, .. } => {
            (Some(path.display().to_string()), for_log(error), source.kind().to_string())
        }
        // What S3 says besides its code may name who asked.
        StoreError::Bucket { doing, object, code, .. } => {
            (Some(object.clone()), format!("cannot {doing}: {code}"), code.clone())
        }
        StoreError::Contested { object, .. } | StoreError::Answer { object, .. } => {
            (Some(object.clone()), error.to_string(), "answer".to_owned())
        }
        StoreError::Occupied { .. }
        | StoreError::Replaces { .. }
        | StoreError::Missing { .. }
        | StoreError::Changed { .. }
        | StoreError::Unlisted { .. }
        | StoreError::BrokenChain { .. }
        | StoreError::Document { .. }
        | StoreError::Format { .. }
        | StoreError::DoneBefore { .. }
        | StoreError::ClaimLost { .. }
        | StoreError::Key(_) => (None, error.to_string(), error.to_string()),
    };
    // The object differs from run to run, and the cause does not.
    Failed { input: Input::Store, cause: cause(Input::Store, None, &code), place, why, help: error.help() }
}

/// AWS's own message may name who asked; what never reached AWS names nobody.
fn of_aws(failure: &Failure) -> String {
    match failure.kind {
        Kind::NoCredentials | Kind::Expired | Kind::WrongClock | Kind::NoRegion | Kind::Unreachable | Kind::Timeout => {
            failure.to_string()
        }
        Kind::Denied | Kind::Throttled | Kind::Unreadable | Kind::TokenRepeated | Kind::Unavailable | Kind::Failed => {
            failure.code.clone()
        }
    }
}

fn cause(input: Input, place: Option<&str>, code: &str) -> String {
    [Some(input.words()), place, Some(code)].into_iter().flatten().collect::<Vec<_>>().join(": ")
}
