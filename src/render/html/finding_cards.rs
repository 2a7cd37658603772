//! Findings as the page shows them: a card each, an overview by rule, and the worst by name.

use std::collections::BTreeSet;

use crate::model::{Evidence, Finding, Fingerprint, Report, Subject};
use crate::render::markup::Marked;
use crate::wording::{advice, consequences, evidence, instant, row, row_of, short, thousands, title, visible};

use super::LISTED;

/// Findings of one rule that need no overview.
const FEW: usize = 10;
/// Held things that are listed per finding.
const HELD: usize = 10;

/// A rule, and how many findings are open.
pub(super) struct RuleRow {
    pub(super) severity: &'static str,
    pub(super) rule: String,
    pub(super) open: String,
    /// Its first card, where the page lists one.
    pub(super) first: Option<Fingerprint>,
    pub(super) meaning: Marked,
}

/// Open findings that page one names.
pub(super) const WORST: usize = 5;

/// One of the worst findings: its severity, who, what and where, and its card.
pub(super) struct Worst {
    pub(super) severity: &'static str,
    pub(super) title: Marked,
    pub(super) fingerprint: Fingerprint,
}

/// The worst open findings, by name.
pub(super) fn worst<'r>(report: &'r Report<'_>) -> impl Iterator<Item = Worst> + 'r {
    report.open().take(WORST).map(move |finding| Worst {
        severity: finding.severity.word(),
        title: title(report, finding).into(),
        fingerprint: finding.fingerprint.clone(),
    })
}

/// A finding.
pub(super) struct Card {
    pub(super) severity: &'static str,
    pub(super) rule: String,
    pub(super) fingerprint: String,
    pub(super) title: Marked,
    pub(super) at: Option<String>,
    pub(super) new: bool,
    pub(super) first_seen: String,
    pub(super) evidence: Vec<Marked>,
    pub(super) holds: Option<String>,
    pub(super) held: Vec<Marked>,
    pub(super) more_held: Option<String>,
    pub(super) advice: Marked,
    pub(super) waiver: Option<Marked>,
}

/// Open findings by rule, in the order in which they are listed; nothing where it would say no more than the list.
pub(super) fn overview(report: &Report<'_>) -> Vec<RuleRow> {
    let mut rules: Vec<(&Finding, usize, bool)> = Vec::new();
    for (place, finding) in report.open().enumerate() {
        let same =
            |known: &&mut (&Finding, usize, bool)| (known.0.rule, known.0.severity) == (finding.rule, finding.severity);
        match rules.iter_mut().find(same) {
            Some((_, open, _)) => *open += 1,
            None => rules.push((finding, 1, place < LISTED)),
        }
    }
    if rules.len() < 2 && report.verdict.open() <= FEW {
        return Vec::new();
    }
    let row = |(first, open, listed): (&Finding, usize, bool)| RuleRow {
        severity: first.severity.word(),
        rule: first.rule.to_string(),
        open: thousands(open as u64),
        first: listed.then(|| first.fingerprint.clone()),
        meaning: report.rule(first.rule).meaning.into(),
    };
    rules.into_iter().map(row).collect()
}

/// A finding as a card.
pub(super) fn card(report: &Report<'_>, finding: &Finding, new: &BTreeSet<&Fingerprint>) -> Card {
    let world = report.world;
    let held: Vec<Subject> = finding.evidence.iter().filter_map(Evidence::held).collect();
    let others = finding.evidence.iter().filter(|piece| !matches!(piece, Evidence::Holds(_) | Evidence::Row(_)));
    let waiver = finding.waiver.map(|waiver| &world.expectation.waivers[waiver.number()]);
    Card {
        severity: finding.severity.word(),
        rule: finding.rule.to_string(),
        fingerprint: finding.fingerprint.to_string(),
        title: title(report, finding).into(),
        at: row_of(report, finding).map(|at| row(&world.expectation, at)),
        new: new.contains(&finding.fingerprint),
        first_seen: instant(finding.first_seen),
        evidence: others.map(|piece| evidence(world, piece).into()).collect(),
        holds: consequences(finding),
        more_held: (held.len() > HELD).then(|| thousands((held.len() - HELD) as u64)),
        held: held.into_iter().take(HELD).map(|subject| short(world, subject).into()).collect(),
        advice: advice(report, finding).into(),
        waiver: waiver.map(|waiver| {
            let at = row(&world.expectation, waiver.row);
            let (by, why) = (visible(&waiver.approved_by), visible(&waiver.reason));
            format!("{why} (approved by {by}, until {}, {at})", waiver.expires).into()
        }),
    }
}
