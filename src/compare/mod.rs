//! One [`World`] in, one [`Report`] out: pure, synchronous and total.
//!
//! Who is who (`matching`), how everything stands (`judge`), what of it is a finding ([`rules`]), which findings
//! are accepted, what changed, and the verdict. It knows no clock, no file and no network: what time it is stands in
//! the world's stamp.

mod administrators;
mod became_administrative;
mod changes;
mod closures;
mod control_tower;
mod coverage;
mod fingerprint;
mod former_employees;
mod matching;
mod options;
mod outside_organization;
mod pending;
mod persons;
mod remembered_leavers;
mod reserved_roles;
mod resolved_findings;
mod rule_context;
mod rule_context_iam;
mod run_gaps;
mod self_reviewed;
mod standings;
mod trust_conditions;
mod trust_issuers;
mod verdict;
mod waivers;

pub mod administrative;
pub mod merge_join;
pub mod rules;

use std::sync::Arc;

use crate::model::{Gap, Judged, Report, Standing, World};

use persons::Persons;
use rule_context::Case;

pub use control_tower::group as maker_of_group;
pub use fingerprint::of as natural_keys;
pub use options::{Options, rule_id};
pub use waivers::{about, accepted};

/// Compares what is with what should be.
///
/// The same world gives the same report. Linear in the number of grants and rows, but for the sorting of each.
#[must_use]
pub fn compare(world: &World) -> Report<'_> {
    let who = matching::who_is_who::of(world);
    let (mut judged, pending) = standings::everything(world, &who);
    let former_employees = remembered_leavers::of(world, &who.matching, &judged);
    former_employees.settle(world, &mut judged);
    let case = Case::new(world, &who.matching, &judged, &former_employees);
    let mut findings = rules::run(&case);
    let unapproved = standings::unapproved_sets(world, &judged);
    let untold = rules::untold(world).chain(reserved_roles::contradicted(world));
    let gaps = gaps(world, &judged, who.gaps.into_iter().chain(unapproved).chain(untold));
    let persons = Persons::of(&case);
    let self_reviewed = self_reviewed::rows(&case, &persons);
    let waivers = waivers::lay_over(&case, &persons, &mut findings);
    findings.extend(rules::run_on_waivers(&case, &waivers, &gaps));
    rules::level(world, &mut findings);
    rules::sort(&mut findings);
    let changes = changes::since_earlier(&case, &findings, &gaps);
    let counts = verdict::counts(&judged);
    let verdict = verdict::of(world, &counts, &findings, &gaps, &self_reviewed);
    let harmless = became_administrative::harmless(world, &judged);
    let pending = pending::remembered(world, pending, &findings, &gaps);
    let closed = closures::remembered(world, &changes);
    let administrators = administrators::of(&case);
    Report {
        world,
        administrators,
        harmless,
        closed,
        pending,
        self_reviewed,
        matching: who.matching,
        judged,
        findings,
        gaps,
        changes,
        counts,
        verdict,
        rules: rules::RULES,
    }
}

/// The gaps of both sides and those besides (of the matching, of what no row approves), and whatever gap forbade a
/// conclusion; each once, in report order.
fn gaps(world: &World, judged: &[Judged], besides: impl Iterator<Item = Arc<Gap>>) -> Vec<Arc<Gap>> {
    let mut gaps: Vec<Arc<Gap>> =
        world.snapshot.gaps.iter().chain(&world.expectation.gaps).cloned().chain(besides).collect();
    gaps.extend(run_gaps::gaps(world));
    for judged in judged {
        if let Standing::Unknown(gap) = &judged.standing
            && !gaps.last().is_some_and(|last| Arc::ptr_eq(last, gap))
        {
            gaps.push(Arc::clone(gap));
        }
    }
    gaps.sort();
    // What hides something is told once, and not as something that hides nothing besides.
    gaps.dedup_by(|later, earlier| {
        let [later, earlier] = [later, earlier].map(|gap| (gap.side, &gap.source, gap.account, &gap.unseen, &gap.why));
        later == earlier
    });
    gaps
}
