//! From what was read to a sealed draft: fold, compare, render. Pure computation but for writing the draft.

use std::io;

use crate::alert::{self, Message};
use crate::collect::Collected;
use crate::compare::compare;
use crate::expect::{self, Records};
use crate::model::{AuditPolicy, Estate, Report, Severity, Stamp, Verdict, World};
use crate::render;
use crate::store::Run;
use crate::store::draft::Draft;

use super::deliver::{Before, Deliverable};
use super::{PipelineError, inputs};

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
}

/// A run that has been judged and written down, and not yet delivered.
pub(super) struct Judgement {
    /// The verdict.
    pub(super) verdict: Verdict,
    /// The report as text.
    pub(super) text: Vec<u8>,
    /// The package, and who is to be told what.
    pub(super) deliverable: Deliverable,
}

pub(super) fn judge(given: Given, min_severity: Severity) -> Result<Judgement, PipelineError> {
    let Given { records, collected, policy, stamp, before, run, package } = given;
    let folder = tempfile::Builder::new().prefix("rollcall-draft-").tempdir().map_err(PipelineError::Draft)?;
    let mut draft = Draft::begin(folder.path(), run)?;
    let kept = inputs::Run { stamp: stamp.clone(), policy: policy.clone(), earlier: before.earlier.clone() };
    // What was read is written down first, so that it need not be in memory beside what is made of it.
    inputs::add(&mut draft, &collected, &records, &kept)?;
    let Collected { snapshot, pages } = collected;
    drop(pages);
    let expectation = expect::fold(&records, stamp.as_of, Some(&Estate::of(&snapshot)));
    drop(records);
    let world = World { snapshot, expectation, policy, earlier: before.earlier, stamp };
    let report = compare(&world);
    for file in render::FILES {
        draft.add(file.name, file.media_type, |out| (file.render)(&report, out))?;
    }
    let news = alert::news(&report, before.told.as_ref(), min_severity);
    let news = news.map(|news| (Message::of(&news, &package), news.then_told));
    let deliverable = Deliverable { draft: draft.seal()?, folder, news };
    Ok(Judgement { text: text(&report)?, verdict: report.verdict.clone(), deliverable })
}

fn text(report: &Report<'_>) -> Result<Vec<u8>, PipelineError> {
    let mut text = Vec::new();
    let written: io::Result<()> = render::text(report, &mut text);
    written.map_err(PipelineError::Draft)?;
    Ok(text)
}
