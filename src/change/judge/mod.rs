//! A plan, judged: its effect is laid over what was seen, the result is compared with the lists, and every guard is
//! asked. The same for whoever plans and for whoever applies.

mod basis;
mod caps;
mod grants;
mod last_administrators;
mod left_empty;
mod quarantine;
mod things;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::effect::{self, Clash};
use super::own::Own;
use super::{Change, ChangeKind, Foreseen, ForeseenFinding, Guard, Options, Planned, Quarantine};
use crate::compare::{compare, natural_keys};
use crate::model::{AccountId, Finding, Gap, Hides, Report, Severity, World};

pub use basis::{Circumstances, other_places, still_valid};

/// What a plan comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// What an audit will say after it.
    pub foreseen: Foreseen,
    /// What holds it.
    pub held: Vec<Guard>,
    /// What could not be seen where something is to be changed.
    pub unseen: Vec<Arc<Gap>>,
}

/// How a plan is judged.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// What may be changed, and how much at once.
    pub options: &'a Options,
    /// Changes of the same plan that are done: their removals count as well.
    pub done: &'a [Planned],
    /// Whose access is left alone.
    pub own: &'a Own,
    /// Since when IAM users are disabled, and now.
    pub quarantine: &'a Quarantine,
    /// The sentence of a finding, which is written elsewhere.
    pub title: &'a dyn Fn(&Report<'_>, &Finding) -> String,
}

/// A plan, with what there is before it and after it.
struct Case<'a> {
    before: &'a Report<'a>,
    after: &'a Report<'a>,
    changes: &'a [Planned],
    done: &'a [Planned],
    options: &'a Options,
    own: &'a Own,
    quarantine: &'a Quarantine,
}

/// Judges changes by what was seen before them.
///
/// # Errors
/// [`Clash`] where one of them cannot be made.
pub fn judge(before: &Report<'_>, changes: &[Planned], limits: Limits<'_>) -> Result<Judgement, Clash> {
    let (judgement, clashes) = judge_possible(before, changes, limits);
    clashes.into_iter().next().map_or(Ok(judgement), Err)
}

/// Judges the changes that can be made, by what was seen before them, and says why the others cannot.
#[must_use]
pub fn judge_possible(before: &Report<'_>, changes: &[Planned], limits: Limits<'_>) -> (Judgement, Vec<Clash>) {
    let world = before.world;
    let (snapshot, clashes) = effect::lay_over_possible(&world.snapshot, changes);
    let clash = |planned: &&Planned| clashes.iter().any(|clash| clash.change == planned.id);
    let possible: Vec<Planned> = changes.iter().filter(|planned| !clash(planned)).cloned().collect();
    let changes = possible.as_slice();
    let foreseen = World {
        snapshot,
        expectation: world.expectation.clone(),
        policy: world.policy.clone(),
        earlier: world.earlier.clone(),
        store_notes: Vec::new(),
        stamp: world.stamp.clone(),
    };
    let after = compare(&foreseen);
    let Limits { options, done, own, quarantine, .. } = limits;
    let case = Case { before, after: &after, changes, done, options, own, quarantine };
    let grants = grants::administration(&case);
    let foreseen = Foreseen {
        resolves: open(before).difference(&open(&after)).map(|one| (*one).to_owned()).collect(),
        makes: new_findings(before, &after, limits.title),
        leaves: after.open().count(),
        removes: caps::removed(&case),
        grants_administration: grants.iter().filter_map(grants::change).collect(),
    };
    let mut held = Vec::new();
    held.extend(things::not_allowed(&case));
    held.extend(things::protected(&case));
    held.extend(things::caller_unknown(&case));
    held.extend(things::own_access(&case));
    held.extend(things::owned_elsewhere(&case));
    held.extend(things::management_account(&case));
    held.extend(quarantine::not_over(&case));
    held.extend(basis::weak(&case));
    held.extend(caps::removals(&case, &foreseen.removes));
    held.extend(left_empty::left_empty(&case));
    held.extend(last_administrators::last_administrators(&case));
    held.extend(grants);
    held.extend(grants::removed_denials(&case));
    if !foreseen.makes.is_empty() {
        held.push(Guard::NewFindings { findings: foreseen.makes.clone() });
    }
    (Judgement { foreseen, held, unseen: unseen(before, changes) }, clashes)
}

fn open<'r>(report: &'r Report<'_>) -> BTreeSet<&'r str> {
    report.open().map(|finding| finding.fingerprint.as_str()).collect()
}

fn new_findings(
    before: &Report<'_>,
    after: &Report<'_>,
    title: &dyn Fn(&Report<'_>, &Finding) -> String,
) -> Vec<ForeseenFinding> {
    let (known, left) = (open(before), open(after));
    let gone = before.open().filter(|finding| !left.contains(finding.fingerprint.as_str()));
    // A leaver's user without keys is a milder finding than one with keys, and no new one.
    let replaced: Vec<(Vec<String>, Severity)> =
        gone.map(|finding| (natural_keys(before.world, finding.subject), finding.severity)).collect();
    let is_milder = |finding: &Finding| {
        let keys = natural_keys(after.world, finding.subject);
        replaced.iter().any(|(gone, severity)| *gone == keys && *severity >= finding.severity)
    };
    let new = after.open().filter(|finding| !known.contains(finding.fingerprint.as_str()) && !is_milder(finding));
    let found = new.map(|finding| ForeseenFinding {
        finding: finding.fingerprint.to_string(),
        rule: finding.rule.to_string(),
        title: title(after, finding),
    });
    found.collect()
}

/// The gaps that may hide access where a change is made: in its account, or in what all accounts share.
fn unseen(before: &Report<'_>, changes: &[Planned]) -> Vec<Arc<Gap>> {
    let accounts: BTreeSet<AccountId> = changes.iter().filter_map(|planned| planned.change.account()).collect();
    let bears =
        |gap: &&Arc<Gap>| gap.hides == Hides::Grants && gap.account.is_none_or(|account| accounts.contains(&account));
    if changes.is_empty() { Vec::new() } else { before.gaps.iter().filter(bears).cloned().collect() }
}

impl<'a> Case<'a> {
    fn of_kind(&self) -> BTreeMap<ChangeKind, Vec<&'a Planned>> {
        let mut of_kind: BTreeMap<ChangeKind, Vec<&Planned>> = BTreeMap::new();
        for planned in self.changes {
            of_kind.entry(planned.change.kind()).or_default().push(planned);
        }
        of_kind
    }

    /// Each change for which a guard has something.
    fn each(&self, guard: impl Fn(&Planned, &Change) -> Option<Guard>) -> Vec<Guard> {
        self.changes.iter().filter_map(|planned| guard(planned, &planned.change)).collect()
    }
}
