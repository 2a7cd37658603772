//! From what was read to a sealed draft: fold, compare, render. Pure computation but for writing the draft.

use std::io;
use std::sync::Arc;
use std::thread;

use crate::alert::{self, Message, ReportPlace, Told};
use crate::collect::Collected;
use crate::compare::compare;
use crate::expect::{self, Records};
use crate::model::{AuditPolicy, Estate, Report, Stamp, Verdict, World};
use crate::render;
use crate::settings::Recipients;
use crate::store::Run;
use crate::store::draft::Draft;
use crate::wording;

use super::deliver::{Deliverable, NewsFor};
use super::draft_folder::DraftFolder;
use super::earlier_runs::Before;
use super::{PipelineError, package_inputs};

/// All that a run has read.
pub(super) struct Given {
    pub(super) records: Records,
    pub(super) collected: Collected,
    pub(super) policy: AuditPolicy,
    pub(super) stamp: Stamp,
    pub(super) before: Before,
    pub(super) run: Run,
    /// Where the package will be, for those who are told of it.
    pub(super) package: String,
    /// The address of its report, for a browser.
    pub(super) link: Option<String>,
}

/// A run that has been judged and written down, and not yet delivered.
pub(super) struct Judgement {
    /// The verdict.
    pub(super) verdict: Verdict,
    /// The verdict in one line.
    pub(super) headline: String,
    /// The report as text.
    pub(super) text: Vec<u8>,
    /// The package, and who is to be told what.
    pub(super) deliverable: Deliverable,
}

pub(super) fn judge(
    given: Given,
    recipients: Vec<Recipients>,
    columns: Option<usize>,
) -> Result<Judgement, PipelineError> {
    let Given { records, collected, policy, stamp, before, run, package, link } = given;
    let folder = DraftFolder::begin().map_err(PipelineError::Draft)?;
    let draft = Draft::begin(folder.path(), run)?;
    let kept = package_inputs::Run {
        stamp: stamp.clone(),
        policy: policy.clone(),
        earlier: before.earlier.clone(),
        store_notes: before.notes.clone(),
    };
    let Collected { snapshot, pages } = collected;
    let read = package_inputs::Read { scope: snapshot.scope.clone(), pages, records: Arc::new(records) };
    let records = Arc::clone(&read.records);
    // What was read is written down while it is judged, and goes as soon as neither needs it any more.
    let (text, verdict, headline, news) = thread::scope(|threads| {
        let inputs = threads.spawn(|| package_inputs::add(&draft, read, &kept));
        let expectation = expect::fold(&records, stamp.as_of, Some(&Estate::of(&snapshot)));
        drop(records);
        let world = World { snapshot, expectation, policy, earlier: before.earlier, store_notes: before.notes, stamp };
        let report = compare(&world);
        add_files(&draft, &report)?;
        inputs.join().expect("writing inputs down does not panic")?;
        let place = ReportPlace { package: &package, link: link.as_deref() };
        let told = |recipients: &Recipients| before.told.get(&recipients.channel);
        let news = recipients.into_iter().map(|recipients| news_for(&report, told(&recipients), recipients, place));
        let news = news.collect();
        Ok::<_, PipelineError>((text(&report, columns)?, report.verdict.clone(), wording::headline(&report), news))
    })?;
    let deliverable = Deliverable { draft: draft.seal()?, folder, news };
    Ok(Judgement { text, verdict, headline, deliverable })
}

/// What these recipients are told, who know this.
fn news_for(report: &Report<'_>, told: Option<&Told>, recipients: Recipients, place: ReportPlace<'_>) -> NewsFor {
    let news = alert::news(report, told, recipients.wanted);
    let known = told.map(|told| told.still(report));
    let otherwise = match &news {
        Some(news) => known.map(|known| news.untold(known)),
        None => known,
    };
    let news = news.map(|news| (Message::of(&news, place), news.then_told));
    NewsFor { recipients, news, otherwise: otherwise.filter(|known| Some(known) != told) }
}

/// Adds every file that a report becomes, all at the same time: one of them grows with the population.
fn add_files(draft: &Draft, report: &Report<'_>) -> Result<(), PipelineError> {
    thread::scope(|threads| {
        let add = |file: &'static render::File| {
            threads.spawn(|| draft.add(file.name, file.media_type, |out| (file.render)(report, out)))
        };
        let files: Vec<_> = render::FILES.iter().map(add).collect();
        files.into_iter().try_for_each(|file| Ok(file.join().expect("rendering does not panic")?))
    })
}

fn text(report: &Report<'_>, columns: Option<usize>) -> Result<Vec<u8>, PipelineError> {
    let mut text = Vec::new();
    let written: io::Result<()> = render::text(report, columns, &mut text);
    written.map_err(PipelineError::Draft)?;
    Ok(text)
}
