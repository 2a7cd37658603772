//! AWS's side for what leaves no package: explanations, drafts and waivers.

use super::collect_live::{self, At, unwatched};
use super::order::Source;
use super::{PipelineError, lists, saved_answers};
use crate::collect::{Clock, Collected};
use crate::expect::Records;
use crate::settings::Settings;

/// AWS's side, live or saved. Nothing is written to disk.
pub(super) async fn collect(
    settings: &Settings,
    source: &Source,
    records: &Records,
    run_id: &str,
    clock: &Clock,
) -> Result<Collected, PipelineError> {
    match source {
        Source::Live => {
            Ok(collect_live::ask(settings, &lists::names(records, clock()), &At::Nowhere, run_id, clock, unwatched())
                .await?
                .0)
        }
        Source::Saved(path) => saved_answers::read(path, &settings.aws),
    }
}
