//! Which message recipients get after a run, by going through everything that happened so far each time. It shares nothing
//! with the records by which the program remembers.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::alert::When;
use serde_json::Value;

/// Severities in their order.
pub const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];
const HIGH: usize = 3;
/// Days after which a high or critical finding is named again.
const REMINDED_AFTER: [i64; 3] = [3, 7, 30];
/// Days between two summaries.
const WEEK: i64 = 7;

pub fn rank(severity: &Value) -> usize {
    SEVERITIES.iter().position(|word| severity == word).unwrap()
}

/// Everything in a report that decides what is said about it.
#[derive(Debug, Default)]
pub struct Run {
    pub day: i64,
    /// Open findings, by fingerprint.
    pub open: BTreeMap<String, usize>,
    pub waived: BTreeMap<String, usize>,
    /// Findings of the run before that a list expects by now.
    pub listed: BTreeSet<String>,
    /// Gaps that may hide access.
    pub hiding: BTreeSet<String>,
    pub gaps: BTreeSet<String>,
    /// Whether an earlier package could not be used.
    pub is_damaged: bool,
    /// The run that it was compared with.
    pub earlier: Option<usize>,
}

/// What a message says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Said {
    pub findings: BTreeMap<String, usize>,
    pub reminders: BTreeSet<String>,
    pub accepted: BTreeSet<String>,
    pub listed: BTreeSet<String>,
    pub new_gaps: usize,
    pub damage: bool,
    pub summary: bool,
}

/// What became of the messages of one channel.
pub struct Recipients {
    pub name: &'static str,
    pub min_severity: usize,
    pub when: When,
    /// By run: what was to be said, and gaps that were new in it.
    expected: Vec<(Option<Said>, BTreeSet<String>)>,
    /// By run: whether the message arrived, and whether the run left a record.
    ended: Vec<(bool, bool)>,
    /// By run: what was told to be listed, where the message was not sent.
    owed_listed: Vec<BTreeSet<String>>,
}

impl Recipients {
    pub fn of(name: &'static str, min_severity: usize, when: When) -> Self {
        Recipients { name, min_severity, when, expected: Vec::new(), ended: Vec::new(), owed_listed: Vec::new() }
    }

    /// What they are to be told about the last of these runs.
    pub fn expected(&mut self, runs: &[Run]) -> Option<Said> {
        let now = runs.len() - 1;
        let run = &runs[now];
        let owed = self.last_recorded(now).filter(|last| !self.ended[*last].0);
        let owed_said = owed.and_then(|last| self.expected[last].0.clone()).unwrap_or_default();
        let new = |(key, severity): (&String, &usize)| {
            let known = self.told_as(runs, now, key);
            (*severity >= self.min_severity && known.is_none_or(|known| known < *severity))
                .then(|| (key.clone(), *severity))
        };
        let findings: BTreeMap<String, usize> = run.open.iter().filter_map(new).collect();
        let new_gaps: BTreeSet<String> =
            run.hiding.iter().filter(|gap| !self.knows_gap(runs, now, gap)).cloned().collect();
        let was_told = |key: &&String| self.remembers(runs, now, key);
        let accepted = run.waived.iter().filter(|(_, severity)| **severity >= HIGH).map(|(key, _)| key);
        let accepted: BTreeSet<String> =
            accepted.filter(|key| was_told(key) || owed_said.accepted.contains(*key)).cloned().collect();
        let owed_listed = owed.map(|last| self.owed_listed[last].clone()).unwrap_or_default();
        let owed_listed: BTreeSet<String> = owed_listed.into_iter().filter(|key| !run.open.contains_key(key)).collect();
        let told_listed: BTreeSet<String> = run.listed.iter().filter(was_told).cloned().collect();
        let reminders = run.open.iter().filter(|(_, severity)| **severity >= HIGH.max(self.min_severity));
        let reminders = reminders.map(|(key, _)| key).filter(|key| !findings.contains_key(*key));
        let reminders: BTreeSet<String> = reminders.filter(|key| self.is_reminded(runs, now, key)).cloned().collect();
        let damage = run.is_damaged || owed_said.damage;
        let is_news = !findings.is_empty()
            || !new_gaps.is_empty()
            || !accepted.is_empty()
            || !told_listed.is_empty()
            || !owed_listed.is_empty()
            || !reminders.is_empty()
            || damage;
        let summary = self.when == When::Always || self.is_summary_due(runs, now);
        let listed = run.listed.union(&owed_listed).cloned().collect();
        let said = Said { findings, reminders, accepted, listed, new_gaps: new_gaps.len(), damage, summary };
        let said = (is_news || summary).then_some(said);
        self.expected.push((said.clone(), new_gaps));
        self.owed_listed.push(told_listed.union(&owed_listed).cloned().collect());
        said
    }

    /// How the last run ended for them: whether the message arrived, and whether the process lived to write that down.
    pub fn ended(&mut self, arrived: bool, lived: bool) {
        let had_record = self.ended.iter().any(|(_, recorded)| *recorded);
        let said = self.expected.last().unwrap().0.is_some();
        self.ended.push((arrived && said, lived && (arrived && said || had_record)));
    }

    fn last_recorded(&self, before: usize) -> Option<usize> {
        (0..before).rev().find(|run| self.ended[*run].1)
    }

    /// The runs that told them of a finding, and after which nothing was to be forgotten before run `now`.
    fn tellings<'s>(&'s self, runs: &'s [Run], now: usize, key: &'s str) -> impl Iterator<Item = (usize, usize)> + 's {
        let named = move |run: usize| {
            let said = self.expected[run].0.as_ref().filter(|_| self.ended[run] == (true, true))?;
            said.findings.get(key).map(|severity| (run, *severity))
        };
        let stays = move |(told, _): &(usize, usize)| {
            (told + 1..now).filter(|run| self.ended[*run].1).all(|run| {
                let earlier = runs[run].earlier.is_some_and(|earlier| runs[earlier].open.contains_key(key));
                earlier && runs[run].open.contains_key(key)
            })
        };
        (0..now).filter_map(named).filter(stays)
    }

    /// Whether the record that run `now` reads has a finding.
    fn remembers(&self, runs: &[Run], now: usize, key: &str) -> bool {
        self.tellings(runs, now, key).next().is_some()
    }

    /// How severe they know a finding to be that is open in run `now`.
    fn told_as(&self, runs: &[Run], now: usize, key: &str) -> Option<usize> {
        let earlier = runs[now].earlier?;
        runs[earlier].open.get(key)?;
        self.tellings(runs, now, key).map(|(_, severity)| severity).max()
    }

    fn is_reminded(&self, runs: &[Run], now: usize, key: &str) -> bool {
        let Some(told) = self.tellings(runs, now, key).map(|(run, _)| run).max() else { return false };
        let due = |run: usize| REMINDED_AFTER.iter().filter(|days| runs[run].day - runs[told].day >= **days).count();
        // On days on which less of it was seen, it may have been milder.
        let is_grave = |run: &usize| runs[*run].open.get(key).is_some_and(|severity| *severity >= HIGH);
        let spoken = (told..now).filter(|run| self.ended[*run] == (true, true)).filter(is_grave);
        due(now) > spoken.map(due).max().unwrap_or(0)
    }

    fn knows_gap(&self, runs: &[Run], now: usize, gap: &str) -> bool {
        let told = (0..now).filter(|run| self.ended[*run] == (true, true) && self.expected[*run].1.contains(gap));
        let stood = |run: usize| {
            runs[run].hiding.contains(gap) && runs[run].earlier.is_some_and(|earlier| runs[earlier].gaps.contains(gap))
        };
        let stays = |told: usize| (told + 1..now).filter(|run| self.ended[*run].1).chain([now]).all(stood);
        told.into_iter().any(stays)
    }

    fn is_summary_due(&self, runs: &[Run], now: usize) -> bool {
        let had = |run: &usize| {
            self.ended[*run] == (true, true) && self.expected[*run].0.as_ref().is_some_and(|said| said.summary)
        };
        let last = (0..now).rev().find(had);
        last.is_none_or(|last| runs[now].day - runs[last].day >= WEEK)
    }
}
