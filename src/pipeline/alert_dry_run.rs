//! What messages a package's run had to send, and to whom. Nothing is sent, and nothing is recorded.

use crate::alert::{self, Message, ReportPlace, Told};
use crate::compare::compare;
use crate::settings::{Recipients, Settings, Target};
use crate::store::chain::{self, Link};
use crate::store::manifest::Manifest;
use crate::store::package::Package;
use crate::store::{Location, MANUAL, Shelf, StoreError, alert_log};

use super::open_store::open;
use super::{PipelineError, change_package, package_world, panics, report_link};

/// The messages of a package's run.
#[derive(Debug)]
pub struct DryRun {
    /// The package's number in the chain.
    pub link: u32,
    /// Its job; `None` where it belongs to none, and nobody gets a message.
    pub job: Option<String>,
    /// What each recipient would get.
    pub messages: Vec<Planned>,
}

/// What recipients would get.
#[derive(Debug)]
pub struct Planned {
    /// The channel; `None` for the topic.
    pub channel: Option<String>,
    /// Where it goes.
    pub target: Target,
    /// The message; `None` where nothing was new for them.
    pub message: Option<Message>,
}

/// The messages of the run of this package, by the settings as they are now and by what its recipients knew before it.
/// `package` is its number in the chain, its run's id, or its folder. `None` where no store of the settings has it.
///
/// # Errors
/// Where a store or the package cannot be read.
pub async fn alert_dry_run(settings: &Settings, package: &str) -> Result<Option<DryRun>, PipelineError> {
    let of_jobs = settings.jobs.iter().filter_map(|job| job.to.as_ref());
    for to in std::iter::once(&settings.report.to).chain(of_jobs) {
        let shelf = open(settings, to).await?;
        if let Some(link) = chain::find(&shelf, None, |link| is_called(link, package)).await?.link {
            return of(settings, to, &shelf, link).await.map(Some);
        }
    }
    Ok(None)
}

fn is_called(link: &Link, package: &str) -> bool {
    let folder = Manifest::folder(&link.run);
    let name = folder.as_str().rsplit_once('/').map_or("", |(_, name)| name);
    let given = package.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    package == link.number.to_string() || package == link.run.id() || given == name
}

async fn of(settings: &Settings, to: &Location, shelf: &Shelf, link: Link) -> Result<DryRun, PipelineError> {
    let (number, run) = (link.number, link.run.clone());
    let package = Package::open(shelf, link).await?;
    let job = Some(run.job().to_owned()).filter(|job| job != MANUAL && !change_package::is_one(&package));
    let Some(job) = job else { return Ok(DryRun { link: number, job: None, messages: Vec::new() }) };
    let world = package_world::read(shelf, &package).await?;
    let mut known = Vec::new();
    for Recipients { channel, target, wanted } in settings.recipients(&job) {
        let Some(target) = target else { continue };
        let told = told_before(shelf, &job, channel.as_deref(), number).await?;
        known.push((channel, target, wanted, told));
    }
    let (at, url) = (to.address_of(&run), report_link::of(settings, to, &run));
    let messages = panics::compute(move || {
        let report = compare(&world);
        let place = ReportPlace { package: &at, link: url.as_deref() };
        let plan = |(channel, target, wanted, told): (_, _, _, Option<Told>)| {
            let news = alert::news(&report, told.as_ref(), wanted);
            Planned { channel, target, message: news.map(|news| Message::of(&news, place)) }
        };
        Ok::<_, PipelineError>(known.into_iter().map(plan).collect())
    });
    Ok(DryRun { link: number, job: Some(job), messages: messages.await? })
}

/// What recipients knew before the run of a link: the last record of an earlier one that can be understood.
async fn told_before(shelf: &Shelf, job: &str, channel: Option<&str>, number: u32) -> Result<Option<Told>, StoreError> {
    for record in alert_log::records(shelf, job, channel, number.saturating_sub(1)).await? {
        if let Some(told) = shelf.read(&record).await?.and_then(|object| Told::decode(&object.bytes).ok()) {
            return Ok(Some(told));
        }
    }
    Ok(None)
}
