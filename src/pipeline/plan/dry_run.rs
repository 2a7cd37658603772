//! A plan judged once more by what is there now, as it is before it is applied. Nothing is written to AWS.
//!
//! Nothing that the file says is believed but its changes: what is seen, foreseen and held is derived again.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::super::{as_of, lists, panics};
use super::{NoPlan, PlanOrder, look};
use crate::change::{
    self, Circumstances, Difference, Digest, Guard, Limits, Own, Permits, Place, Plan, Planned, differences,
};
use crate::collect::{Clock, Collected};
use crate::compare::compare;
use crate::expect::Records;
use crate::model::World;
use crate::settings::Settings;
use crate::wording;

/// What applying a plan would come to.
#[derive(Debug)]
pub struct DryRun {
    /// The plan with what is seen, foreseen and held now. What the command lets pass is not among what holds it.
    pub now: Plan,
    /// What is not as the plan saw it.
    pub differences: Vec<Difference>,
    /// The guards that the command lets pass.
    pub passed: Vec<Guard>,
    /// What could not be seen where something is to be changed.
    pub unseen: Vec<String>,
}

impl DryRun {
    /// Whether nothing speaks against applying the plan.
    #[must_use]
    pub fn could_be_applied(&self) -> bool {
        self.now.held.is_empty() && self.differences.is_empty()
    }
}

/// Judges a plan by what there is now.
///
/// # Errors
/// [`NoPlan`]: also where the plan is past its time, for another place, or made of other lists or settings.
pub async fn dry_run(order: &PlanOrder, plan: Plan, permits: Permits, clock: &Clock) -> Result<DryRun, NoPlan> {
    let settings = Arc::clone(&order.settings);
    as_of::check(order.as_of, &settings, &order.source, clock)?;
    let records = lists::read(&order.expected, &settings, clock).await?;
    // What needs no answer of AWS is looked at before AWS is asked.
    let lists = digests(&records);
    valid(&plan, clock(), plan.place.clone(), &lists, &settings)?;
    let looked = look::look(order, records, clock).await?;
    valid(&plan, clock(), look::place(&looked.collected.snapshot), &lists, &settings)?;
    panics::compute(move || Ok(judge(&looked.world(), &looked.collected, &settings, plan, &permits)))
        .await
        .map_err(NoPlan::Pipeline)
}

fn digests(records: &Records) -> BTreeMap<String, Digest> {
    let files = records.files.iter();
    files.filter_map(|file| Some((file.name.clone(), file.sha256.parse().ok()?))).collect()
}

fn valid(
    plan: &Plan,
    now: DateTime<Utc>,
    place: Place,
    lists: &BTreeMap<String, Digest>,
    settings: &Settings,
) -> Result<(), NoPlan> {
    let is = Circumstances { now, place, lists: lists.clone(), settings: look::settings_digest(settings) };
    let held = change::still_valid(plan, &is);
    if held.is_empty() {
        return Ok(());
    }
    let is_elsewhere = held.iter().any(|guard| matches!(guard, Guard::OtherPlace { .. }));
    Err(NoPlan::NotValid { because: held.iter().map(wording::guard).collect(), is_elsewhere })
}

fn judge(world: &World, collected: &Collected, settings: &Settings, plan: Plan, permits: &Permits) -> DryRun {
    let report = compare(world);
    let seen_now = |planned: &Planned| Planned { seen: change::seen_of(&report, &planned.change), ..planned.clone() };
    let mut changes: Vec<Planned> = plan.changes.iter().map(seen_now).collect();
    look::name_memberships(&mut changes, collected);

    let options = settings.change.clone().unwrap_or_default();
    let caller = world.snapshot.caller.as_ref().map(|caller| caller.arn.as_str());
    let own = Own::of(caller.into_iter().chain(plan.made.by.as_deref()));
    let limits = Limits { options: &options, own: &own, title: &wording::title };
    let (judgement, clashes) = change::judge_possible(&report, &changes, limits);
    let differences = differences(&world.snapshot, &plan.changes, &changes, &clashes);

    let removals = changes.iter().filter(|planned| planned.change.kind().is_removal()).count();
    // Which of the settings' filters a plan rests on is known only when it is made.
    let filtered = plan.held.iter().filter(|guard| matches!(guard, Guard::FilteredBasis { .. })).cloned();
    let guards = judgement.held.into_iter().chain(filtered);
    let (passed, held) = guards.partition(|guard| permits.pass(guard, removals));
    let mut basis = plan.basis;
    basis.as_of = world.stamp.as_of;
    DryRun {
        now: Plan { basis, foreseen: judgement.foreseen, held, changes, ..plan },
        differences,
        passed,
        unseen: judgement.unseen.iter().map(|gap| wording::gap_line(gap)).collect(),
    }
}
