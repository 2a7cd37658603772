//! Accepted deviations, laid over findings. A finding that is waived stays in every report; it only no longer counts.
//!
//! A waiver accepts what was there on the day of acceptance: `rollcall waive` writes how severe it was, whose, and the
//! digest of what is behind it, and the waiver ends when one of these changes. One that was written without them
//! accepts by name alone: nothing administrative, and nothing above its rule's own severity. Whoever a finding is about
//! cannot approve it, and a waiver that is too wide or too long accepts nothing.

mod accepted;
mod index;
pub(super) mod outcome;
mod subject_names;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Accepted, Evidence, Finding, Ix, NotAccepted, Subject, Waiver, WaiverFault, World, is_signed_by};

use super::persons::Persons;
use super::rule_context::Case;
use super::rules;
use index::Index;
use outcome::WaiverOutcome;

pub use accepted::accepted;
pub use subject_names::about;

/// How many waivers that do not accept a finding are evidence of it: the last ones of the list.
const TOLD: usize = 3;

/// Lays the waivers that hold at the run's instant over the findings that they accept; the first one that does.
///
/// Nobody accepts what they are themselves, by whatever name. Who approves for a group or a role is not looked at: those
/// are no persons.
pub(super) fn lay_over(case: &Case<'_>, persons: &Persons<'_>, findings: &mut [Finding]) -> WaiverOutcome {
    let mut faults = index::faults(case.world, findings);
    let mut index = Index::of(case.world, &faults);
    let mut by_themselves: Vec<(Ix<Waiver>, WaiverFault)> = Vec::new();
    for finding in findings {
        let named = index.naming(finding);
        let answers = {
            let asked = Asked { case, persons, finding, faults: &faults, now: OnceCell::new() };
            named.iter().map(|waivers| asked.answers(waivers)).collect::<Vec<_>>()
        };
        finding.waiver = answers.iter().filter_map(|answers| answers.accepting).min();
        let mut refused: Vec<(Ix<Waiver>, Vec<NotAccepted>)> =
            answers.into_iter().flat_map(|answers| answers.refused).collect();
        let fault = |(number, because): &(Ix<Waiver>, Vec<NotAccepted>)| {
            Some((*number, because.iter().find_map(NotAccepted::fault)?.clone()))
        };
        by_themselves.extend(refused.iter().filter_map(fault));
        if finding.waiver.is_none() {
            refused.sort_by_key(|(number, _)| *number);
            let last = refused.split_off(refused.len().saturating_sub(TOLD));
            finding.evidence.extend(last.into_iter().map(|(number, because)| told(case.world, number, because)));
        }
    }
    for (number, fault) in by_themselves {
        faults.entry(number).or_default().insert(fault);
    }
    WaiverOutcome { used: index.used(), faults }
}

fn told(world: &World, number: Ix<Waiver>, because: Vec<NotAccepted>) -> Evidence {
    let waiver = &world.expectation.waivers[number.number()];
    Evidence::NotAccepted { waiver: waiver.row, on: waiver.accepted.as_ref().map(|accepted| accepted.on), because }
}

/// A finding, and what waivers are asked about it.
struct Asked<'c> {
    case: &'c Case<'c>,
    persons: &'c Persons<'c>,
    finding: &'c Finding,
    faults: &'c BTreeMap<Ix<Waiver>, BTreeSet<WaiverFault>>,
    /// What it is now; most waivers do not ask.
    now: OnceCell<Accepted>,
}

/// What waivers that name a finding alike say to it.
#[derive(Default)]
struct Answers {
    accepting: Option<Ix<Waiver>>,
    /// Those in front of it that do not accept it.
    refused: Vec<(Ix<Waiver>, Vec<NotAccepted>)>,
}

impl Asked<'_> {
    fn answers(&self, waivers: &[Ix<Waiver>]) -> Answers {
        let mut answers = Answers::default();
        for &number in waivers {
            let because = self.not_accepted(number);
            if because.is_empty() {
                answers.accepting = Some(number);
                break;
            }
            // What one of them cannot accept by name alone, none of them can.
            let alike = because.iter().all(NotAccepted::is_by_name);
            answers.refused.push((number, because));
            if alike && self.case.world.expectation.waivers[number.number()].finding.is_none() {
                break;
            }
        }
        answers
    }

    /// Why a waiver that names the finding does not accept it; nothing where it does.
    fn not_accepted(&self, number: Ix<Waiver>) -> Vec<NotAccepted> {
        let waiver = &self.case.world.expectation.waivers[number.number()];
        if let Some(faults) = self.faults.get(&number) {
            return faults.iter().cloned().map(NotAccepted::Fault).collect();
        }
        let (world, subject) = (self.case.world, self.finding.subject);
        if is_signed_by(&waiver.approved_by, self.persons.whom(subject).iter().map(String::as_str)) {
            return vec![NotAccepted::Fault(WaiverFault::OwnSubject(waiver.approved_by.clone()))];
        }
        match &waiver.accepted {
            Some(then) => changed(then, self.now.get_or_init(|| accepted::now(world, self.finding))),
            None => beyond_a_name(self.finding),
        }
    }
}

/// What of a finding is not what was accepted.
fn changed(then: &Accepted, now: &Accepted) -> Vec<NotAccepted> {
    let severity =
        (now.severity > then.severity).then_some(NotAccepted::Severity { was: then.severity, is: now.severity });
    let principal = (now.principal_id != then.principal_id)
        .then(|| NotAccepted::Principal { was: then.principal_id.clone(), is: now.principal_id.clone() });
    let content = (now.digest != then.digest).then_some(NotAccepted::Content);
    severity.into_iter().chain(principal).chain(content).collect()
}

/// What of a finding nobody accepts by a name alone: a name says nothing of what is behind it.
fn beyond_a_name(finding: &Finding) -> Vec<NotAccepted> {
    let is_administrative =
        |piece: &Evidence| matches!(piece, Evidence::Administrative(_) | Evidence::PerhapsAdministrative(_));
    // Nobody has more than a root user.
    let is_root = matches!(finding.subject, Subject::Root(_));
    let administrative =
        (is_root || finding.evidence.iter().any(is_administrative)).then_some(NotAccepted::Administrative);
    // Before the settings' level: that moves the rule and its findings alike.
    let own = rules::severity(finding.rule);
    let above = (finding.severity > own).then_some(NotAccepted::AboveRule(own));
    administrative.into_iter().chain(above).collect()
}
