//! A plan judged once more by what is there now, as it is before it is applied. Nothing is written to AWS.
//!
//! Nothing that the file says is believed but its changes: what is seen, foreseen and held is derived again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::super::{as_of, lists, panics};
use super::{NoPlan, PlanOrder, look};
use crate::change::{
    self, ChangeId, Circumstances, Difference, Differs, Digest, Guard, Limits, Own, Permits, Place, Plan, Planned,
    differences,
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
    /// The ARN of whoever asked AWS, where the answers say so.
    pub observer: Option<String>,
}

impl DryRun {
    /// Whether nothing speaks against applying the plan.
    #[must_use]
    pub fn could_be_applied(&self) -> bool {
        self.now.held.is_empty() && self.differences.is_empty()
    }
}

/// What a command says beside the plan, and what was done of it before.
#[derive(Debug, Clone, Default)]
pub struct Applied {
    /// What the command lets pass.
    pub permits: Permits,
    /// Changes that the command leaves out.
    pub except: BTreeSet<ChangeId>,
    /// Changes that an earlier apply has made or begun: they are not judged again, and what they did to others is no
    /// difference.
    pub begun: BTreeSet<ChangeId>,
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
    if let Some((change, needs)) = needs_what_is_left_out(&plan, &applied.except) {
        return Err(NoPlan::LeftOutNeeded { change, needs });
    }
    let looked = look::look(order, records, clock).await?;
    valid(&plan, clock(), look::place(&looked.collected.snapshot), &lists, &settings)?;
    panics::compute(move || Ok(judge(&looked.world(), &looked.collected, &settings, plan, &applied)))
        .await
        .map_err(NoPlan::Pipeline)
}

fn needs_what_is_left_out(plan: &Plan, except: &BTreeSet<ChangeId>) -> Option<(ChangeId, ChangeId)> {
    let made = plan.changes.iter().filter(|planned| !except.contains(&planned.id));
    made.flat_map(|planned| planned.needs().map(|needs| (planned.id.clone(), needs.clone())))
        .find(|(_, needs)| except.contains(needs))
}

/// Whether a difference may come from a change of the plan that was made before, about the same user or group.
fn is_own(difference: &Difference, planned: &[Planned], before: &[Planned]) -> bool {
    let Differs::Seen { .. } = &difference.what else { return false };
    let Some(of) = planned.iter().find(|planned| planned.id == difference.change) else { return false };
    let same = |made: &Planned| {
        let both = (of.change.user().zip(made.change.user()), of.change.group().zip(made.change.group()));
        let user = both.0.is_some_and(|(one, other)| one.id == other.id);
        user || both.1.is_some_and(|(one, other)| one.id == other.id)
            || of.change.iam_user().is_some_and(|user| made.change.iam_user() == Some(user))
    };
    before.iter().any(same)
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

fn judge(world: &World, collected: &Collected, settings: &Settings, plan: Plan, applied: &Applied) -> DryRun {
    let report = compare(world);
    let seen_now = |planned: &Planned| Planned { seen: change::seen_of(&report, &planned.change), ..planned.clone() };
    let Applied { permits, except, begun } = applied;
    // The removals of the whole plan count: what was made before is not let pass a second time.
    let removals = plan.changes.iter().filter(|planned| planned.change.kind().is_removal()).count();
    let (before, planned): (Vec<Planned>, Vec<Planned>) = plan
        .changes
        .iter()
        .filter(|planned| !except.contains(&planned.id))
        .cloned()
        .partition(|planned| begun.contains(&planned.id));
    let mut changes: Vec<Planned> = planned.iter().map(seen_now).collect();
    look::name_memberships(&mut changes, collected);

    let options = settings.change.clone().unwrap_or_default();
    let caller = world.snapshot.caller.as_ref().map(|caller| caller.arn.as_str());
    let own = Own::of(caller.into_iter().chain(plan.made.by.as_deref()));
    let limits = Limits { options: &options, own: &own, title: &wording::title };
    let (judgement, clashes) = change::judge_possible(&report, &changes, limits);
    let mut differences = differences(&world.snapshot, &planned, &changes, &clashes);
    differences.retain(|difference| !is_own(difference, &planned, &before));

    // Which of the settings' filters a plan rests on is known only when it is made.
    let filtered = plan.held.iter().filter(|guard| matches!(guard, Guard::FilteredBasis { .. })).cloned();
    let guards = judgement.held.into_iter().chain(filtered);
    let (passed, held) = guards.partition(|guard| permits.pass(guard, removals));
    let mut basis = plan.basis;
    basis.as_of = world.stamp.as_of;
    DryRun {
        observer: caller.map(str::to_owned),
        now: Plan { basis, foreseen: judgement.foreseen, held, changes, ..plan },
        differences,
        passed,
        unseen: judgement.unseen.iter().map(|gap| wording::gap_line(gap)).collect(),
    }
}
