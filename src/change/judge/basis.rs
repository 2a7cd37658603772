//! What a plan rests on: lists and answers that can be relied on, and that are still the same.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::Case;
use crate::change::{Digest, Guard, Place, Plan, Rests, Thing};
use crate::model::{Evidence, ExpectedFile, Finding, Ix, Report, Subject};

/// How far the clocks of two machines may differ.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(5);
/// Rules about one list: what rests on it cannot be relied on.
const OF_A_LIST: [&str; 4] = ["lossy-list", "partial-list", "shrunken-list", "stale-list"];
/// Rules about all lists or listings together.
const OF_ALL: [&str; 2] = ["nesting-mismatch", "people-not-matched"];

/// Removals that come from findings whose lists, or whose listing, cannot be relied on.
pub(super) fn weak(case: &Case<'_>) -> Vec<Guard> {
    let report = case.before;
    let weak = weak_lists(report);
    let of_all = report.open().find(|finding| OF_ALL.contains(&finding.rule.0) || is_gone_list(finding));
    let contradicted = report.open().find(|finding| finding.rule.0 == "contradicted-listing");
    case.each(|planned, change| {
        let kind = change.kind();
        if !kind.is_removal() || planned.findings.is_empty() {
            return None;
        }
        let by_listing = contradicted.filter(|_| matches!(kind.thing(), Thing::Membership | Thing::Assignment));
        let rests_on = match of_all.or(by_listing) {
            Some(finding) => Rests::Finding { rule: finding.rule.to_string() },
            None => {
                let from = report.findings.iter().filter(|one| planned.findings.contains(&one.fingerprint.to_string()));
                let lists: BTreeSet<String> = from.flat_map(|finding| lists_of(report, finding)).collect();
                let (name, rule) = lists.iter().find_map(|name| weak.get_key_value(name.as_str()))?;
                Rests::List { name: (*name).to_owned(), rule: (*rule).to_owned() }
            }
        };
        Some(Guard::WeakBasis { change: planned.id.clone(), rests_on })
    })
}

fn is_gone_list(finding: &Finding) -> bool {
    matches!(finding.subject, Subject::GoneList(_))
}

/// The lists of which an open finding says that they cannot be relied on, each with its rule.
fn weak_lists<'r>(report: &'r Report<'_>) -> BTreeMap<&'r str, &'static str> {
    let about = report.open().filter(|finding| OF_A_LIST.contains(&finding.rule.0));
    let lists = about.filter_map(|finding| {
        let Subject::List(file) = finding.subject else { return None };
        Some((name(report, file), finding.rule.0))
    });
    lists.collect()
}

fn name<'r>(report: &'r Report<'_>, file: Ix<ExpectedFile>) -> &'r str {
    &report.world.expectation.files[file.number()].name
}

/// The lists that a finding rests on: those that do not name its subject, and those whose rows speak of it.
fn lists_of(report: &Report<'_>, finding: &Finding) -> Vec<String> {
    let mut lists = Vec::new();
    for evidence in &finding.evidence {
        if let Evidence::NotIn(source) = evidence {
            lists.extend(source.lists.iter().map(|list| list.name.clone()));
        }
        if let Evidence::Row(row) | Evidence::Lapsed(row, _) | Evidence::SaidToBeThere(row) = evidence {
            lists.push(name(report, row.file).to_owned());
        }
    }
    lists
}

/// What is so when a plan is to be applied.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The present.
    pub now: DateTime<Utc>,
    /// Where the credentials lead to.
    pub place: Place,
    /// The expected lists as they are, by name.
    pub lists: BTreeMap<String, Digest>,
    /// The settings file as it is.
    pub settings: Digest,
}

/// What forbids to apply a plan at all: its time is over, it is of another place, or what it was made of is another one.
#[must_use]
pub fn still_valid(plan: &Plan, is: &Circumstances) -> Vec<Guard> {
    let mut held = Vec::new();
    if is.now >= plan.expires {
        held.push(Guard::Expired { at: plan.expires });
    }
    if plan.made.at > is.now + CLOCKS_DIFFER {
        held.push(Guard::MadeLater { at: plan.made.at });
    }
    held.extend(other_places(&plan.place, &is.place));
    let names: BTreeSet<&String> = plan.basis.lists.keys().chain(is.lists.keys()).collect();
    let changed = names.into_iter().filter(|name| plan.basis.lists.get(*name) != is.lists.get(*name));
    held.extend(changed.map(|list| Guard::ListChanged { list: list.clone() }));
    if plan.basis.settings != is.settings {
        held.push(Guard::SettingsChanged);
    }
    held
}

/// What differs between the place that a plan was made for, and another one.
#[must_use]
pub fn other_places(planned: &Place, here: &Place) -> Vec<Guard> {
    let places = [
        ("partition", &planned.partition, &here.partition),
        ("organization", &planned.organization, &here.organization),
        ("instance", &planned.instance, &here.instance),
        ("identity_store", &planned.identity_store, &here.identity_store),
        ("region", &planned.region, &here.region),
        ("endpoint", &planned.endpoint, &here.endpoint),
    ];
    let differing = places.into_iter().filter(|(_, planned, here)| planned != here);
    let guards = differing.map(|(what, planned, here)| Guard::OtherPlace {
        what: what.to_owned(),
        planned: planned.clone(),
        here: here.clone(),
    });
    guards.collect()
}
