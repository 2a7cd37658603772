//! One audit from end to end: read the lists, collect, compare, render, publish, alert.

use std::sync::Arc;

use super::as_of;
use super::audited::Audited;
use super::collect_live::{self, At, Watch, or_interrupted, settle};
use super::deliver;
use super::evaluate::{self, Judgement};
use super::order::{Order, Source};
use super::{
    PipelineError, earlier_runs, lists, open_store, output_folders, panics, report_failure, report_link, saved_answers,
};
use crate::collect::journal::run_journal::Journal;
use crate::collect::{Clock, OnProgress};
use crate::model::Stamp;
use crate::store::{self, Run, Shelf, StoreError};

/// Runs one audit from end to end.
///
/// Nothing is published before everything has been judged and written down; a package that cannot be delivered stays
/// in its draft folder, whole.
///
/// # Errors
/// Where no audit could be done, or it was interrupted. An audit that was done and not delivered is no error: see
/// [`Audited::delivery`].
///
/// Where it is a job's, its recipients are told that it failed, or that it works again.
pub async fn audit(order: &Order, clock: &Clock, watch: Watch) -> Result<Audited, PipelineError> {
    let ended = panics::caught(Box::pin(run(order, clock, watch))).await;
    Box::pin(report_failure::tell_end(order, ended.as_ref().map(Some), clock)).await;
    ended
}

async fn run(order: &Order, clock: &Clock, watch: Watch) -> Result<Audited, PipelineError> {
    output_folders::are_apart(order)?;
    let at = At::of(&order.settings, watch.journaling, &order.run_id)?;
    let shelf = open_store::open(&order.settings, &order.to).await?;
    let prepared = or_interrupted(prepare(order, &shelf, &at, clock, watch.on_progress), watch.interrupted).await;
    let prepared = prepared.map_err(|error| at.left(error))?;
    // What is being published is not interrupted.
    Ok(deliver(order, &shelf, prepared, clock).await)
}

/// A run that was judged, and the journal that AWS's side lies in besides.
pub(super) struct Prepared {
    pub(super) judgement: Judgement,
    pub(super) journal: Option<Journal>,
    pub(super) unanswered: usize,
}

/// Everything up to the sealed draft. What is dropped in here leaves nothing behind but a journal.
pub(super) async fn prepare(
    order: &Order,
    shelf: &Shelf,
    at: &At,
    clock: &Clock,
    on_progress: OnProgress,
) -> Result<Prepared, PipelineError> {
    let settings = &order.settings;
    as_of::check(order.as_of, settings, &order.source, clock)?;
    // AWS is not asked before the lists are known to be good; what was saved is read beside them.
    let saved = match &order.source {
        Source::Saved(path) => {
            let (path, settings) = (path.clone(), Arc::clone(settings));
            Some(tokio::task::spawn_blocking(move || saved_answers::read(&path, &settings.aws)))
        }
        Source::Live => None,
    };
    let records = lists::read(&order.expected, settings, clock).await?;
    let job = order.job.as_deref().unwrap_or(store::MANUAL);
    let recipients = settings.recipients(job);
    let before = earlier_runs::before(shelf, job, &recipients).await?;
    lists::refuse_vanished(&order.expected, &records, before.earlier.as_ref())?;
    let (collected, journal) = match saved {
        Some(collected) => (collected.await.unwrap_or(Err(PipelineError::Bug))?, None),
        None => {
            collect_live::predict(settings, before.took);
            collect_live::ask(settings, &lists::names(&records, clock()), at, &order.run_id, clock, on_progress).await?
        }
    };
    let unanswered = collected.unanswered();
    let as_of = as_of::of(order.as_of, settings, &order.source, collected.snapshot.window, clock)?;
    let stamp = Stamp {
        run_id: order.run_id.clone(),
        as_of,
        origin: Some(as_of::origin(&order.source)),
        job: order.job.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        organization: settings.organization.clone(),
    };
    let run = Run::new(job, as_of, &order.run_id, false).map_err(StoreError::from)?.because_due(order.due);
    let package = order.to.address_of(&run);
    let link = report_link::of(settings, &order.to, &run);
    let given = evaluate::Given { package, link, records, collected, policy: settings.policy(), stamp, before, run };
    // Comparing and rendering a large organization takes seconds of pure computation.
    let columns = order.columns;
    let judgement = panics::compute(move || evaluate::judge(given, recipients, columns)).await?;
    Ok(Prepared { judgement, journal, unanswered })
}

/// Everything after the sealed draft. It must be awaited to its end.
pub(super) async fn deliver(order: &Order, shelf: &Shelf, prepared: Prepared, clock: &Clock) -> Audited {
    let Prepared { judgement: Judgement { verdict, headline, text, deliverable }, journal, unanswered } = prepared;
    let delivery = Box::pin(deliver::deliver(order, shelf, deliverable, clock)).await;
    // From here on the draft or the package has what the journal has.
    let goes_on = settle(journal, unanswered);
    Audited { verdict, headline, text, delivery, goes_on }
}
