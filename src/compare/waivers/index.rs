//! Which waivers name a finding, without asking each of them.
//!
//! Waivers for one finding lie under its fingerprint, all others under their rule, principal and account. Of those that
//! name the same and are approved by the same person, the first one says all that the others say.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::compare::rules;
use crate::model::{AccountId, Finding, Ix, Level, NameKey, RuleId, Severity, Waiver, WaiverFault, World};

use super::outcome::holds;
use super::subject_names::About;

/// Rule, principal and account of waivers that are not for one finding.
type Scope<'w> = (&'w str, Option<NameKey>, Option<AccountId>);

/// Waivers that name the same.
#[derive(Default)]
struct Group {
    all: Vec<Ix<Waiver>>,
    /// Those that hold, one for each approver, and of those that are not valid the first.
    asked: Vec<Ix<Waiver>>,
    named: bool,
}

/// Waivers by what they name.
pub(super) struct Index<'w> {
    world: &'w World,
    rules: BTreeSet<&'w str>,
    of_finding: BTreeMap<&'w str, usize>,
    of_scope: BTreeMap<Scope<'w>, usize>,
    groups: Vec<Group>,
    /// Waivers for one finding that was found, and for nothing else about it.
    named: BTreeSet<Ix<Waiver>>,
}

impl<'w> Index<'w> {
    pub(super) fn of(world: &'w World, faults: &BTreeMap<Ix<Waiver>, BTreeSet<WaiverFault>>) -> Self {
        let mut index = Index {
            world,
            rules: BTreeSet::new(),
            of_finding: BTreeMap::new(),
            of_scope: BTreeMap::new(),
            groups: Vec::new(),
            named: BTreeSet::new(),
        };
        let mut approvers: BTreeSet<(usize, NameKey)> = BTreeSet::new();
        for (number, waiver) in world.expectation.waivers.iter().enumerate() {
            let (number, group) = (Ix::new(number), index.group_for(waiver));
            index.rules.insert(&waiver.rule);
            index.groups[group].all.push(number);
            // Waivers for one finding differ in what they accepted.
            let mut is_news = || approvers.insert((group, NameKey::of(&waiver.approved_by)));
            if holds(waiver, world) && (waiver.finding.is_some() || faults.contains_key(&number) || is_news()) {
                index.groups[group].asked.push(number);
            }
        }
        index
    }

    fn group_for(&mut self, waiver: &'w Waiver) -> usize {
        let next = self.groups.len();
        let group = match &waiver.finding {
            Some(finding) => *self.of_finding.entry(finding).or_insert(next),
            None => {
                let scope = (waiver.rule.as_str(), waiver.principal.as_deref().map(NameKey::of), waiver.account);
                *self.of_scope.entry(scope).or_insert(next)
            }
        };
        if group == next {
            self.groups.push(Group::default());
        }
        group
    }

    /// The waivers that name a finding and hold, in groups of those that name it alike, each in file order.
    pub(super) fn naming(&mut self, finding: &Finding) -> Vec<Cow<'_, [Ix<Waiver>]>> {
        if !self.rules.contains(finding.rule.0) {
            return Vec::new();
        }
        let about = About::of(self.world, finding.subject);
        let mut for_it: Vec<Ix<Waiver>> = Vec::new();
        if let Some(&group) = self.of_finding.get(finding.fingerprint.as_str()) {
            let waivers = &self.world.expectation.waivers;
            let is_for_it = |number: &Ix<Waiver>| fits(&waivers[number.number()], finding, &about);
            self.named.extend(self.groups[group].all.iter().copied().filter(is_for_it));
            for_it.extend(self.groups[group].asked.iter().copied().filter(is_for_it));
        }
        let mut groups: Vec<usize> = Vec::new();
        let principals: BTreeSet<Option<NameKey>> =
            about.principals.iter().map(|name| Some(NameKey::of(name))).chain([None]).collect();
        for principal in principals {
            for account in [about.account, None] {
                let scope = (finding.rule.0, principal.clone(), account);
                let group = self.of_scope.get(&scope).copied();
                if let Some(group) = group.filter(|group| !groups.contains(group)) {
                    self.groups[group].named = true;
                    groups.push(group);
                }
            }
        }
        let of_scopes = groups.into_iter().map(|group| Cow::Borrowed(self.groups[group].asked.as_slice()));
        [Cow::Owned(for_it)].into_iter().chain(of_scopes).collect()
    }

    /// By waiver: whether it names something that was found.
    pub(super) fn used(self) -> Vec<bool> {
        let mut used = vec![false; self.world.expectation.waivers.len()];
        let of_scopes = self.groups.iter().filter(|group| group.named).flat_map(|group| &group.all);
        for number in of_scopes.chain(&self.named) {
            used[number.number()] = true;
        }
        used
    }
}

/// Whether a waiver names this finding: its rule, and its principal and account where it names them.
fn fits(waiver: &Waiver, finding: &Finding, about: &About<'_>) -> bool {
    let principal = waiver.principal.as_deref().map(NameKey::of);
    waiver.rule == finding.rule.0
        && waiver.finding.as_ref().is_none_or(|only| *only == finding.fingerprint.as_str())
        && principal.is_none_or(|principal| about.principals.iter().any(|name| NameKey::of(name) == principal))
        && waiver.account.is_none_or(|account| about.account == Some(account))
}

/// Waivers that are not valid, whatever they name. One that has expired is none any more.
pub(super) fn faults(world: &World, findings: &[Finding]) -> BTreeMap<Ix<Waiver>, BTreeSet<WaiverFault>> {
    let worst = worst(world, findings);
    let last = world.stamp.as_of.date_naive() + world.policy.max_waiver;
    let of = |waiver: &Waiver| {
        let too_long = (waiver.expires > last).then_some(WaiverFault::TooLong(last));
        let severity = worst.get(waiver.rule.as_str()).filter(|severity| **severity >= Severity::High);
        let whole_rule = severity.filter(|_| waiver.is_for_whole_rule()).map(|one| WaiverFault::WholeRule(*one));
        too_long.into_iter().chain(whole_rule).collect::<BTreeSet<_>>()
    };
    let waivers = world.expectation.waivers.iter().enumerate().filter(|(_, waiver)| holds(waiver, world));
    waivers.map(|(number, waiver)| (Ix::new(number), of(waiver))).filter(|(_, faults)| !faults.is_empty()).collect()
}

/// How severe each rule is, or the worst finding of it. One that is switched off finds nothing.
fn worst(world: &World, findings: &[Finding]) -> BTreeMap<&'static str, Severity> {
    let is_on = |rule: RuleId| world.policy.levels.get(&rule) != Some(&Level::Off);
    let on = rules::RULES.iter().filter(|rule| is_on(rule.id));
    let mut worst: BTreeMap<&str, Severity> =
        on.map(|rule| (rule.id.0, rules::leveled(world, rule.id, rule.severity))).collect();
    for finding in findings {
        if let Some(severity) = worst.get_mut(finding.rule.0) {
            *severity = (*severity).max(rules::leveled(world, finding.rule, finding.severity));
        }
    }
    worst
}
