//! A world that was looked at once, and is judged again with what was to be added: nothing is written that would not do
//! what was asked.

use chrono::{DateTime, Utc};

use super::look::{EarlierRun, Look};
use super::{NotAdded, edit_list};
use crate::compare::compare;
use crate::expect::{self, Records};
use crate::model::{Estate, Evidence, Fingerprint, Stamp, World};
use crate::pipeline::collected::collect;
use crate::pipeline::list_files::Read;
use crate::pipeline::open_store::open;
use crate::pipeline::{Clock, PipelineError, as_of, earlier_runs, lists};
use crate::store;
use crate::wording;

/// A world that was looked at once, to be judged again with other lists.
pub(super) struct Seen<'l> {
    look: &'l Look,
    now: DateTime<Utc>,
    pub(super) world: World,
}

impl<'l> Seen<'l> {
    pub(super) async fn look(look: &'l Look, clock: &Clock) -> Result<Self, PipelineError> {
        as_of::check(look.as_of, &look.settings, &look.source, clock)?;
        let (now, files) = (clock(), look.files().await?);
        let records = understand(look, &files, now)?;
        let collected = collect(&look.settings, &look.source, &records, &look.run_id, clock).await?;
        let as_of = as_of::of(look.as_of, &look.settings, &look.source, collected.snapshot.window, clock)?;
        let snapshot = collected.snapshot;
        let world = World {
            expectation: expect::fold(&records, as_of, Some(&Estate::of(&snapshot))),
            snapshot,
            policy: look.settings.policy(),
            earlier: None,
            store_notes: Vec::new(),
            stamp: Stamp {
                run_id: look.run_id.clone(),
                as_of,
                origin: Some(as_of::origin(&look.source)),
                job: None,
                version: env!("CARGO_PKG_VERSION").to_owned(),
                organization: look.settings.organization.clone(),
            },
        };
        Ok(Seen { look, now, world })
    }

    /// Takes the earlier run into account. Some findings are about what changed since, as that a list is gone.
    pub(super) async fn compare_with_earlier_run(&mut self) -> Result<(), PipelineError> {
        let EarlierRun { store, job } = &self.look.earlier;
        let shelf = open(&self.look.settings, store).await?;
        let before = earlier_runs::before(&shelf, job.as_deref().unwrap_or(store::MANUAL), &[]).await?;
        (self.world.earlier, self.world.store_notes) = (before.earlier, before.notes);
        Ok(())
    }

    pub(super) fn understand(&self, files: &[Read]) -> Result<Records, PipelineError> {
        understand(self.look, files, self.now)
    }

    /// Judges the same again with these files: the finding must be gone, or be waived.
    pub(super) fn refuse_useless(
        &self,
        files: &[Read],
        name: &str,
        finding: &Fingerprint,
        title: &str,
    ) -> Result<(), NotAdded> {
        let records = self.understand(files)?;
        let mut world = self.world.clone();
        world.expectation = expect::fold(&records, world.stamp.as_of, Some(&Estate::of(&world.snapshot)));
        let report = compare(&world);
        let still_open = report.open().find(|open| open.fingerprint == *finding);
        let refused = world.expectation.refused.iter().rev().find(|refusal| {
            world.expectation.files[refusal.row.file.number()].name == name
                && !self.world.expectation.refused.iter().any(|before| {
                    before.row.line == refusal.row.line
                        && self.world.expectation.files[before.row.file.number()].name == name
                })
        });
        let because = refused.map(|refusal| format!("the row would be refused: {}", refusal.reason));
        // Of the waivers that name it, the one that was to be added is the last.
        let is_waiver = name.rsplit('/').next() == Some(edit_list::WAIVERS);
        let not_accepted = still_open.filter(|_| is_waiver).and_then(|open| {
            let why = open.evidence.iter().rev().find(|piece| matches!(piece, Evidence::NotAccepted { .. }))?;
            Some(wording::evidence(&world, why))
        });
        let because = because.or(not_accepted);
        if still_open.is_some() || because.is_some() {
            return Err(NotAdded::Useless { name: name.to_owned(), title: title.to_owned(), because });
        }
        Ok(())
    }
}

/// What the files say. Without any list there is nothing that is expected, and much that can be adopted.
fn understand(look: &Look, files: &[Read], now: DateTime<Utc>) -> Result<Records, PipelineError> {
    lists::understand(&look.place(), files, &look.settings.reading(now))
}
