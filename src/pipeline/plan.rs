//! Plans of changes: what an audit reads and judges, then changes for findings or for what is asked for, then what they
//! would come to; and the same for a plan that is to be applied. Nothing is asked of AWS but what an audit asks, and nothing is written to it.

mod dry_run;
mod error;
mod look;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::change::bulk::{self, Bulk, BulkVerb};
use crate::change::effect::Clashes;
use crate::change::request::{self, Request};
use crate::change::{
    self, Builder, Digest, Foreseen, Guard, Judgement, LeftOut, Limits, Made, Place, Plan, Planned, Quarantine, derive,
    undo,
};
use crate::collect::Clock;
use crate::compare::compare;
use crate::model::{Finding, IamScope, Report, RuleId, Scope};
use crate::settings::Settings;
use crate::store::Location;
use crate::wording;

use super::order::Source;
use super::{as_of, lists, panics};

pub use crate::change::bulk::BulkVerb as CsvVerb;
pub use crate::change::request::Named as PrincipalName;
pub use crate::change::request::{NewUser, OfIamUser, Request as Asked, Verb};
pub use crate::change::{
    Change as PlanChange, ChangeId as PlanChangeId, Digest as PlanDigest, Permits, Plan as PlanFile,
    PlanError as NotAPlan, Planned as PlannedChange, read as read_plan, write as write_plan,
};
pub use crate::compare::rule_id;
pub use crate::render::plan::{Again as PlanAgain, aws_cli, dry_run as dry_run_text, markdown, schema, text};
pub use dry_run::{Applied, DryRun, dry_run};
pub use error::NoPlan;

/// What is looked at for a plan.
#[derive(Debug, Clone)]
pub struct PlanOrder {
    /// The settings.
    pub settings: Arc<Settings>,
    /// Where AWS's side comes from.
    pub source: Source,
    /// Where the expected lists are.
    pub expected: Location,
    /// The stores in which earlier audits may lie, each with the name of their job: a list that is shorter than it was
    /// then is no reason to remove anything.
    pub audits: Vec<(Location, String)>,
    /// The instant that it speaks about; `None` for the end of collecting.
    pub as_of: Option<DateTime<Utc>>,
    /// The run's own id.
    pub run_id: String,
}

/// What a plan is for.
#[derive(Debug, Clone)]
pub enum PlanFor {
    /// Findings, by how their ids begin.
    Findings(Vec<String>),
    /// All open findings of these rules.
    Rules(Vec<RuleId>),
    /// All open findings that a change can put in order.
    AsListed,
    /// What a person asks for.
    Request(Box<Request>),
    /// Users of a CSV file.
    Bulk {
        /// What is to be done with them.
        verb: BulkVerb,
        /// The file's name, for readers.
        file: String,
        /// Its bytes.
        bytes: Vec<u8>,
        /// Whether bad rows are left out; else none is planned.
        skip_bad_rows: bool,
    },
    /// Taking back what another plan did.
    Undo(Box<Plan>),
}

/// A plan that was made.
#[derive(Debug)]
pub struct PlanMade {
    /// The plan.
    pub plan: Plan,
    /// Its file.
    pub bytes: Vec<u8>,
    /// The digest of the file.
    pub digest: Digest,
    /// What could not be seen where something is to be changed.
    pub unseen: Vec<String>,
}

/// Makes a plan.
///
/// # Errors
/// [`NoPlan`].
pub async fn plan(order: &PlanOrder, what: PlanFor, clock: &Clock) -> Result<PlanMade, NoPlan> {
    let settings = Arc::clone(&order.settings);
    as_of::check(order.as_of, &settings, &order.source, clock)?;
    let records = lists::read(&order.expected, &settings, clock).await?;
    let looked = look::look(order, records, clock).await?;
    let now = clock();
    panics::compute(move || Ok(make(&looked, &settings, what, now))).await?
}

fn make(looked: &look::Looked, settings: &Settings, what: PlanFor, now: DateTime<Utc>) -> Result<PlanMade, NoPlan> {
    let (world, collected) = (&looked.world(), &looked.collected);
    let report = compare(world);
    let place = look::place(&world.snapshot);
    let as_listed = matches!(what, PlanFor::AsListed);
    let (mut changes, mut left_out) = changes(&report, what, &place)?;
    if changes.len() > change::MOST_CHANGES {
        return Err(NoPlan::TooMany(changes.len()));
    }
    look::name_memberships(&mut changes, collected);
    let judgement = judge(&report, (&mut changes, &mut left_out), settings, &looked.quarantine)?;
    let mut held = judgement.held;
    held.extend(as_listed.then(|| filtered(&world.snapshot.scope)).flatten());
    let plan = Plan {
        version: change::VERSION,
        made: Made {
            at: now,
            by: world.snapshot.caller.as_ref().map(|caller| caller.arn.clone()),
            rollcall: env!("CARGO_PKG_VERSION").to_owned(),
        },
        expires: now + change::SHELF_LIFE,
        place,
        basis: look::basis(world, collected, settings)?,
        foreseen: judgement.foreseen,
        held,
        left_out,
        changes,
    };
    let bytes = change::write(&plan);
    let digest = Digest::of(&bytes);
    let unseen = judgement.unseen.iter().map(|gap| wording::gap_line(gap)).collect();
    Ok(PlanMade { plan, bytes, digest, unseen })
}

/// Judges changes. What a person asks for and is so already is no error: then there is nothing to change.
fn judge(
    report: &Report<'_>,
    (changes, left_out): (&mut Vec<Planned>, &mut Vec<LeftOut>),
    settings: &Settings,
    quarantine: &Quarantine,
) -> Result<Judgement, NoPlan> {
    let options = settings.change.clone().unwrap_or_default();
    let own = look::own(settings, &report.world.snapshot, None, []);
    let limits = Limits { options: &options, done: &[], own: &own, quarantine, title: &wording::title };
    let clash = match change::judge(report, changes, limits) {
        Ok(judgement) => return Ok(judgement),
        Err(clash) => clash,
    };
    let clashing = changes.iter().find(|planned| planned.id == clash.change);
    let what = clashing.map(|planned| wording::change(&planned.change)).unwrap_or_default();
    let because = wording::clash(&clash.why);
    if clash.why != Clashes::Already || changes.len() > 1 {
        return Err(NoPlan::Clash { what, because });
    }
    changes.clear();
    left_out.push(LeftOut { what, finding: None, because });
    let foreseen = Foreseen { leaves: report.open().count(), ..Foreseen::default() };
    Ok(Judgement { foreseen, held: Vec::new(), unseen: Vec::new() })
}

/// The changes that the rows of a file ask for. Bad rows refuse all of it, unless they are to be left out.
fn of_file(
    report: &Report<'_>,
    file: &str,
    read: &Bulk,
    skip_bad_rows: bool,
    builder: &mut Builder,
    left_out: &mut Vec<LeftOut>,
) -> Result<(), NoPlan> {
    let bad: Vec<(u32, String)> = read.bad.iter().map(|row| (row.line, wording::bad_row(&row.why))).collect();
    if !bad.is_empty() && !skip_bad_rows {
        return Err(NoPlan::BadRows { file: file.to_owned(), bad });
    }
    let what = |line| format!("{}:{line}", wording::visible(file));
    left_out.extend(bad.into_iter().map(|(line, because)| LeftOut { what: what(line), finding: None, because }));
    for (line, steps) in &read.rows {
        builder.add(report, steps, &format!("requested by {}", what(*line)), None);
    }
    Ok(())
}

/// The changes that undo those of a plan.
fn of_undo(report: &Report<'_>, plan: &Plan, builder: &mut Builder, left_out: &mut Vec<LeftOut>) {
    let undone = undo::of(&report.world.snapshot, plan);
    for (id, steps) in &undone.steps {
        let why = format!("undoes {id} of the plan of {}", wording::instant(plan.made.at));
        builder.add(report, steps, &why, None);
    }
    left_out.extend(undone.left.into_iter().map(|(id, why)| {
        let of = plan.changes.iter().find(|planned| planned.id == id);
        let what = of.map(|planned| wording::change(&planned.change)).unwrap_or_default();
        LeftOut { what: format!("{id}: {what}"), finding: None, because: wording::not_undone(why).to_owned() }
    }));
}

fn changes(report: &Report<'_>, what: PlanFor, place: &Place) -> Result<(Vec<Planned>, Vec<LeftOut>), NoPlan> {
    let mut builder = Builder::default();
    let mut left_out = Vec::new();
    match what {
        PlanFor::Findings(ids) => {
            for id in ids {
                let finding = one(report, &id)?;
                add(report, finding, &mut builder, &mut left_out);
            }
        }
        PlanFor::Rules(rules) => {
            for finding in report.open().filter(|finding| rules.contains(&finding.rule)) {
                add(report, finding, &mut builder, &mut left_out);
            }
        }
        PlanFor::AsListed => {
            let has_change = |finding: &&Finding| derive::RULES.contains(&finding.rule.0);
            report.open().filter(has_change).for_each(|finding| add(report, finding, &mut builder, &mut left_out));
            left_out.extend(without_change(report));
        }
        PlanFor::Request(asked) => {
            let steps = request::changes(&report.world.snapshot, &asked).map_err(|why| NoPlan::not_found(&why))?;
            builder.add(report, &steps, "requested by name", None);
        }
        PlanFor::Bulk { verb, file, bytes, skip_bad_rows } => {
            let read = bulk::read(&bytes, verb, &report.world.snapshot);
            let read = read.map_err(|source| NoPlan::Bulk { file: file.clone(), source })?;
            of_file(report, &file, &read, skip_bad_rows, &mut builder, &mut left_out)?;
        }
        PlanFor::Undo(plan) => {
            if let Some(other) = other_place(&plan.place, place) {
                return Err(NoPlan::OtherPlace { because: wording::guard(&other) });
            }
            of_undo(report, &plan, &mut builder, &mut left_out);
        }
    }
    Ok((builder.finish(), left_out))
}

fn add(report: &Report<'_>, finding: &Finding, builder: &mut Builder, left_out: &mut Vec<LeftOut>) {
    let (title, id) = (wording::title(report, finding), finding.fingerprint.to_string());
    match derive::of(report, finding) {
        Ok(steps) => builder.add(report, &steps, &title, Some(&id)),
        Err(why) => {
            let because = wording::not_planned(report, finding, &why);
            left_out.push(LeftOut { what: title, finding: Some(id), because });
        }
    }
}

/// The open findings that no change puts in order, by rule.
fn without_change(report: &Report<'_>) -> Vec<LeftOut> {
    let mut by_rule: BTreeMap<RuleId, usize> = BTreeMap::new();
    for finding in report.open().filter(|finding| !derive::RULES.contains(&finding.rule.0)) {
        *by_rule.entry(finding.rule).or_default() += 1;
    }
    let left = by_rule.into_iter().map(|(rule, number)| LeftOut {
        what: format!("{} of `{rule}`", wording::count(number, "finding")),
        finding: None,
        because: format!("Rollcall plans no change for this rule. {}", report.rule(rule).advice),
    });
    left.collect()
}

/// The one finding that begins so.
fn one<'r>(report: &'r Report<'_>, id: &str) -> Result<&'r Finding, NoPlan> {
    let wanted = id.to_ascii_lowercase();
    let found: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.fingerprint.as_str().starts_with(&wanted)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        many => Err(NoPlan::NotOne {
            id: id.to_owned(),
            near: many.iter().map(|one| format!("{}  {}", one.fingerprint, wording::title(report, one))).collect(),
            of: report.findings.len(),
        }),
    }
}

/// What the settings leave out of what is read: "as listed" would then be decided by halves.
fn filtered(scope: &Scope) -> Option<Guard> {
    let mut what = Vec::new();
    what.extend((!scope.identity_center).then(|| "Identity Center (`aws.identity_center`)".to_owned()));
    what.extend(match scope.iam {
        IamScope::Organization => None,
        IamScope::CallerAccount => Some("IAM of all accounts but one (`aws.member_role`)".to_owned()),
        IamScope::Nowhere => Some("IAM (`aws.iam`)".to_owned()),
    });
    let excluded = scope.excluded.len();
    what.extend((excluded > 0).then(|| format!("{} (`aws.exclude`)", wording::count(excluded, "account"))));
    (!what.is_empty()).then(|| Guard::FilteredBasis { what: format!("the settings exclude {}", wording::list(&what)) })
}

/// What differs between the place that a plan was made for, and this one.
fn other_place(planned: &Place, here: &Place) -> Option<Guard> {
    change::other_places(planned, here).into_iter().next()
}
