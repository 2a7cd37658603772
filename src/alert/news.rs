//! What of a report is news to those who were told of earlier ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::basis::{self, Basis, First};
use super::owed::{Owed, OwedListed};
use super::summary::{self, Summary};
use super::{KnownFinding, Told, Wanted, When};
use crate::model::{Finding, Fingerprint, Gap, Hides, Report, Severity, Waiver};
use crate::wording::{self, Became, Change};

/// What is news, and what stands beside it.
#[derive(Debug)]
pub struct News<'r> {
    /// The report that it is news of.
    pub report: &'r Report<'r>,
    /// Whether it is the first run of its job: then nothing is called new.
    pub is_first: bool,
    /// Findings that the recipients do not know of, or know as milder ones, the worst first.
    pub findings: Vec<New<'r>>,
    /// What is assessed for the first time, each with how many of the findings follow from it.
    pub first: BTreeMap<First, usize>,
    /// Gaps that could hide a grant, and that they do not know of.
    pub gaps: Vec<&'r Arc<Gap>>,
    /// Findings that they were told of, each with how severe it was, and that a row of a list expects by now although AWS
    /// has what it had.
    pub listed: Vec<(&'r Fingerprint, Option<Severity>)>,
    /// The same of earlier runs whose message did not reach them.
    pub(super) owed_listed: Vec<OwedListed>,
    /// Findings that they were told of, of `high` or worse, and that a waiver accepts by now.
    pub accepted: Vec<&'r Finding>,
    /// What of the store could not be used by this run, as sentences. The next run has this one's package and record.
    pub damage: Vec<String>,
    /// Findings that they were told of some days ago, and that are still open.
    pub reminders: Vec<Reminder<'r>>,
    /// Waivers that end within two weeks.
    pub ending: Vec<&'r Waiver>,
    /// The weekly sign of life, where it is due, or where the recipients want one after this run.
    pub summary: Option<Summary>,
    /// After which runs they want a message.
    pub when: When,
    /// The mildest severity of which a finding is told.
    pub min_severity: Severity,
    /// What they know once they have been told.
    pub then_told: Told,
}

/// A finding that is news.
#[derive(Debug, Clone, Copy)]
pub struct New<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// How severe it was when they were told of it, where it is worse now.
    pub was: Option<Severity>,
    /// Whether it follows from what is assessed for the first time: then it is not called new.
    pub is_first: bool,
}

impl News<'_> {
    /// What the summary is called.
    #[must_use]
    pub fn summary_word(&self) -> &'static str {
        match self.when {
            When::Changes => "weekly summary",
            When::Findings | When::Always => "summary",
        }
    }

    /// Whether nothing is new, and the summary alone is due.
    #[must_use]
    pub fn is_summary_only(&self) -> bool {
        let of_findings = [self.listed.len(), self.owed_listed.len(), self.accepted.len(), self.reminders.len()]
            .iter()
            .all(|number| *number == 0);
        self.findings.is_empty() && of_findings && self.gaps.is_empty() && self.damage.is_empty()
    }

    /// How many open findings they know of already.
    #[must_use]
    pub fn known(&self) -> usize {
        self.report.verdict.open_at_least(self.min_severity) - self.findings.len()
    }

    /// How many open findings are too mild for anybody to be told.
    #[must_use]
    pub fn too_mild(&self) -> usize {
        self.report.verdict.open() - self.report.verdict.open_at_least(self.min_severity)
    }

    /// What the recipients know where the message does not reach them, and they knew this of what is there now.
    #[must_use]
    pub fn untold(&self, known: Told) -> Told {
        let told = |change: &Change| {
            let (_, severity) = self.listed.iter().find(|(key, _)| **key == change.fingerprint)?;
            Some(OwedListed::of(change, *severity))
        };
        let listed = wording::changes(self.report).into_iter().filter(|change| change.what == Became::NowListed);
        let listed = self.owed_listed.iter().cloned().chain(listed.filter_map(|change| told(&change)));
        let accepted = self.accepted.iter().map(|finding| finding.fingerprint.clone());
        let owed = Owed { listed: listed.collect(), accepted: accepted.collect(), damage: self.damage.clone() };
        Told { owed, ..known }
    }

    /// The findings that are called new.
    pub fn called_new(&self) -> impl Iterator<Item = &New<'_>> + Clone {
        self.findings.iter().filter(|new| !new.is_first)
    }

    /// The findings that follow from what is assessed for the first time.
    pub fn of_first(&self) -> impl Iterator<Item = &New<'_>> + Clone {
        self.findings.iter().filter(|new| new.is_first)
    }

    /// Whether one of the findings was told before, as a milder one.
    #[must_use]
    pub fn got_worse(&self) -> bool {
        self.findings.iter().any(|new| new.was.is_some())
    }
}

/// A finding that they were told of some days ago and that is still open.
#[derive(Debug, Clone, Copy)]
pub struct Reminder<'r> {
    /// The finding.
    pub finding: &'r Finding,
    /// The instant of the run that told them.
    pub told: DateTime<Utc>,
}

/// After how many days they are reminded of a finding that is still open.
const REMINDED_AFTER: [i64; 3] = [3, 7, 30];
/// The mildest severity of a finding that they are reminded of, and whose acceptance is news.
const NAMED_FROM: Severity = Severity::High;
/// Runs of a daily job are not exactly a day apart.
const EARLY: TimeDelta = TimeDelta::hours(12);

/// What is news; `None` where nothing is, and no summary is due.
///
/// A finding is known to the recipients if they were told of it, as one that is as severe or worse, and it has stood in
/// every run since: one that went away and came back is news again, and so is one whose message could not be delivered.
#[must_use]
pub fn news<'r>(report: &'r Report<'r>, told: Option<&Told>, wanted: impl Into<Wanted>) -> Option<News<'r>> {
    let as_of = report.world.stamp.as_of;
    let Wanted { min_severity, when, watches } = wanted.into();
    let known = told.unwrap_or(&Told::default()).still(report);
    let basis = Basis::of(report);
    let changed = known.basis.as_ref().map(|before| before.first_in(&basis)).unwrap_or_default();
    let mut first: BTreeMap<First, usize> = changed.iter().map(|first| (first.clone(), 0)).collect();
    let findings = new_findings(report, &known, min_severity, (&changed, &mut first));
    let hiding = report.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
    let gaps: Vec<&Arc<Gap>> = hiding.filter(|gap| !known.gaps.contains(&gap.key())).collect();
    let owed = told.map(|told| told.owed.clone()).unwrap_or_default();
    let mut damage = owed.damage;
    damage.extend(wording::damage_notices(report));
    let was_told = |key: &'r Fingerprint| Some((key, told?.findings.get(key)?.severity));
    let listed: Vec<_> = report.changes.listed.iter().filter_map(|(key, _)| was_told(key)).collect();
    let accepted = report.waived().filter(|finding| finding.severity >= NAMED_FROM);
    let is_news = |key: &'r Fingerprint| was_told(key).is_some() || owed.accepted.contains(key);
    let accepted: Vec<_> = accepted.filter(|finding| is_news(&finding.fingerprint)).collect();
    let owed_listed: Vec<OwedListed> = owed.listed.into_iter().filter(|listed| listed.holds(report)).collect();
    let mut then_told = known;
    then_told.basis = Some(basis);
    let as_told = |finding: &Finding| KnownFinding { severity: Some(finding.severity), told: Some(as_of), reminded: 0 };
    then_told.findings.extend(findings.iter().map(|new| (new.finding.fingerprint.clone(), as_told(new.finding))));
    then_told.gaps.extend(gaps.iter().map(|gap| gap.key()));
    let reminders = remind(report, &mut then_told, min_severity);
    let is_wanted = match when {
        When::Changes => false,
        When::Findings => report.verdict.open_at_least(min_severity) > 0 || !report.verdict.complete(),
        When::Always => true,
    };
    let summary = (is_wanted || summary::due(then_told.summarized, as_of))
        .then(|| Summary::of(report, then_told.complete, watches));
    if summary.is_some() {
        then_told.summarized = Some(as_of);
    }
    let is_first = told.is_none() && report.earlier().is_none();
    let ending = ending_waivers(report);
    let news = News {
        report,
        is_first,
        findings,
        first,
        gaps,
        listed,
        owed_listed,
        accepted,
        damage,
        reminders,
        ending,
        summary,
        when,
        min_severity,
        then_told,
    };
    (!news.is_summary_only() || news.summary.is_some()).then_some(news)
}

/// Findings that they do not know of, or know as milder ones; `first` counts those that follow from what changed in what
/// is assessed.
fn new_findings<'r>(
    report: &'r Report<'r>,
    known: &Told,
    min_severity: Severity,
    (changed, first): (&BTreeSet<First>, &mut BTreeMap<First, usize>),
) -> Vec<New<'r>> {
    let mut findings = Vec::new();
    for finding in report.open().filter(|finding| finding.severity >= min_severity) {
        let was = known.findings.get(&finding.fingerprint).and_then(|known| known.severity);
        if was.is_some_and(|was| finding.severity <= was) {
            continue;
        }
        let why = basis::why(report, finding, changed).filter(|_| was.is_none());
        findings.push(New { finding, was, is_first: why.is_some() });
        if let Some(number) = why.and_then(|why| first.get_mut(&why)) {
            *number += 1;
        }
    }
    findings
}

/// What they are reminded of now; `then_told` then says so.
fn remind<'r>(report: &'r Report<'r>, then_told: &mut Told, min_severity: Severity) -> Vec<Reminder<'r>> {
    let as_of = report.world.stamp.as_of;
    let mut reminders = Vec::new();
    for finding in report.open().filter(|finding| finding.severity >= NAMED_FROM.max(min_severity)) {
        let Some(known) = then_told.findings.get_mut(&finding.fingerprint) else { continue };
        let Some(told) = known.told else { continue };
        let due = REMINDED_AFTER.iter().filter(|days| as_of - told + EARLY >= TimeDelta::days(**days)).count();
        let due = u8::try_from(due).unwrap_or(u8::MAX);
        if due > known.reminded {
            known.reminded = due;
            reminders.push(Reminder { finding, told });
        }
    }
    reminders
}

/// How many days before its end a waiver is mentioned.
const ENDS_SOON: TimeDelta = TimeDelta::days(14);

/// Waivers that end soon, the first to end first.
fn ending_waivers<'r>(report: &'r Report<'r>) -> Vec<&'r Waiver> {
    let today = report.world.stamp.as_of.date_naive();
    let waivers = report.world.expectation.waivers.iter();
    let mut ending: Vec<&Waiver> =
        waivers.filter(|waiver| waiver.expires >= today && waiver.expires - today <= ENDS_SOON).collect();
    ending.sort_by_key(|waiver| (waiver.expires, waiver.row));
    ending
}
