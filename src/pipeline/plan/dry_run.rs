//! A plan judged once more by what is there now, as it is before it is applied. Nothing is written to AWS.
//!
//! Nothing that the file says is believed but its changes: what is seen, foreseen and held is derived again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::super::{as_of, lists, panics};
use super::{NoPlan, PlanOrder, look};
use crate::change::{
    self, ChangeId, Circumstances, Difference, Digest, Guard, Limits, MadeIds, Permits, Place, Plan, Planned,
    differences,
};
use crate::collect::Clock;
use crate::compare::compare;
use crate::expect::Records;
use crate::model::Caller;
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

/// What the command says besides the plan, and what is known of an earlier apply.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// The guards that the command lets pass.
    pub permits: Permits,
    /// Changes that the command leaves out.
    pub except: BTreeSet<ChangeId>,
    /// Changes that are done: they are not judged again, and what they did is no difference.
    pub done: BTreeSet<ChangeId>,
    /// Changes that are begun and not done: they are judged, and whoever continues them looks at each by itself.
    pub begun: BTreeSet<ChangeId>,
    /// The ids of the users and groups that changes created: later changes name them.
    pub made: MadeIds,
    /// Who is to change AWS, where that is known.
    pub operator: Option<Caller>,
}

/// Judges a plan by what there is now.
///
/// # Errors
/// [`NoPlan`]: also where the plan is past its time, for another place, or made of other lists or settings.
pub async fn dry_run(order: &PlanOrder, plan: Plan, applied: Applied, clock: &Clock) -> Result<DryRun, NoPlan> {
    let settings = Arc::clone(&order.settings);
    as_of::check(order.as_of, &settings, &order.source, clock)?;
    let records = lists::read(&order.expected, &settings, clock).await?;
    // What needs no answer of AWS is looked at before AWS is asked.
    let lists = digests(&records);
    valid(&plan, clock(), plan.place.clone(), &lists, &settings)?;
    if let Some((change, needs)) = needs_what_is_left_out(&plan, &applied) {
        return Err(NoPlan::LeftOutNeeded { change, needs });
    }
    let looked = look::look(order, records, clock).await?;
    valid(&plan, clock(), look::place(&looked.collected.snapshot), &lists, &settings)?;
    panics::compute(move || Ok(judge(&looked, &settings, plan, &applied))).await.map_err(NoPlan::Pipeline)
}

fn needs_what_is_left_out(plan: &Plan, applied: &Applied) -> Option<(ChangeId, ChangeId)> {
    let is_left_out = |id: &ChangeId| applied.except.contains(id) && !applied.done.contains(id);
    let made = plan.changes.iter().filter(|planned| !applied.except.contains(&planned.id));
    made.flat_map(|planned| planned.needs().map(|needs| (planned.id.clone(), needs.clone())))
        .find(|(_, needs)| is_left_out(needs))
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

fn judge(looked: &look::Looked, settings: &Settings, plan: Plan, applied: &Applied) -> DryRun {
    let (world, collected, quarantine) = (&looked.world(), &looked.collected, &looked.quarantine);
    let report = compare(world);
    let Applied { permits, except, done, begun, made, operator } = applied;
    // Of what the plan itself creates, nothing was seen, and what was created by now is no difference.
    let seen_now =
        |planned: &Planned| Planned { seen: change::seen_of(&report, &planned.change), ..planned.by_ids(made) };
    // What is done counts as removed also where this command leaves it out.
    let counts = |planned: &&Planned| !except.contains(&planned.id) || done.contains(&planned.id);
    let (done, planned): (Vec<Planned>, Vec<Planned>) =
        plan.changes.iter().filter(counts).cloned().partition(|planned| done.contains(&planned.id));
    let mut changes: Vec<Planned> = planned.iter().map(seen_now).collect();
    look::name_memberships(&mut changes, collected);

    let options = settings.change.clone().unwrap_or_default();
    let own = look::own(settings, &world.snapshot, operator.as_ref(), plan.made.by.as_deref());
    let limits = Limits { options: &options, done: &done, own: &own, quarantine, title: &wording::title };
    let (judgement, clashes) = change::judge_possible(&report, &changes, limits);
    let mut differences = differences(&world.snapshot, &planned, &changes, &clashes);
    differences.retain(|one| !begun.contains(&one.change) && !change::explained(one, &planned, &done));

    // Which of the settings' filters a plan rests on is known only when it is made.
    let filtered = plan.held.iter().filter(|guard| matches!(guard, Guard::FilteredBasis { .. })).cloned();
    let guards = judgement.held.into_iter().chain(filtered);
    let removals = judgement.foreseen.removals();
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
