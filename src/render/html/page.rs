//! The page as a whole: what each section says.

use std::collections::BTreeSet;

use askama::Template;

use super::LISTED;
use super::account_access::{self, AccountRows};
use super::administrators::{self, Administrators};
use super::blind_spots;
use super::controls::{CONTROLS, Control};
use super::coverage_tables::{self, FileRow, GapRow, STANDINGS, StandingRow};
use super::finding_cards::{self, Card, RuleRow, Worst};
use super::former_employees::{self, FormerRow};
use super::iam_credentials::{self, CredentialRow};
use super::permission_sets::{self, PermissionSetRow};
use super::person_access::{self, People};
use super::script;
use super::waiver_register::{self, WaiverRow};
use crate::model::{Finding, Fingerprint, Hides, Kind, Outcome, Report, Severity};
use crate::render::legend::{self, FileOfPackage};
use crate::render::markup::Marked;
use crate::wording::{
    Became, Change, EVERY_GAP, GapGroup, LEDGER_COLUMNS, change_counts, changes, count, coverage, facts, gap_groups,
    headline, notices, standing_meaning, standing_word, subline, thousands, visible,
};

/// What could not be read, as far as page one names it.
const UNREAD: usize = 3;

#[derive(Template)]
#[template(path = "report/report.html")]
pub(super) struct Page {
    organization: String,
    tone: &'static str,
    mark: &'static str,
    tone_word: &'static str,
    headline: String,
    subline: String,
    coverage: Vec<String>,
    notices: Vec<Marked>,
    /// What each is called, and what it is.
    facts: Vec<(&'static str, Marked)>,
    /// The run as the foot of a printed page names it, in letters that end no text of a style sheet.
    run: String,
    script: &'static str,
    /// The source of the Content-Security-Policy that allows the script.
    script_hash: String,
    worst: Vec<Worst>,
    more_worst: Option<String>,
    unread: Vec<Marked>,
    more_unread: Option<String>,
    severities: Vec<(&'static str, String)>,
    standings: Vec<StandingRow>,
    meanings: Vec<(&'static str, &'static str)>,
    /// Open findings by rule, where they are of several or many.
    overview: Vec<RuleRow>,
    findings: Vec<Card>,
    open: String,
    more_findings: Option<String>,
    waived: Vec<Card>,
    more_waived: Option<String>,
    gaps: Vec<GapRow>,
    more_gaps: Option<String>,
    administrators: Administrators,
    former: Vec<FormerRow>,
    more_former: Option<String>,
    waivers: Vec<WaiverRow>,
    more_waivers: Option<String>,
    accounts: Vec<AccountRows>,
    more_accounts: Option<String>,
    people: People,
    credentials: Vec<CredentialRow>,
    more_credentials: Option<String>,
    permission_sets: Vec<PermissionSetRow>,
    more_permission_sets: Option<String>,
    blind_spots: Vec<Marked>,
    controls: [Control; 7],
    earlier: bool,
    change_counts: String,
    changes: Vec<ChangeRow>,
    more_changes: Option<String>,
    files: Vec<FileRow>,
    ledger_columns: [&'static str; 7],
    ledger: Vec<(Marked, [String; 7], String)>,
    package: Vec<FileOfPackage>,
    columns: Vec<(&'static str, Marked)>,
}

struct ChangeRow {
    what: &'static str,
    title: Marked,
    cause: Option<Marked>,
    fingerprint: Fingerprint,
}

impl Page {
    /// All sections of the report.
    pub(super) fn of(report: &Report<'_>) -> Self {
        let verdict = &report.verdict;
        let (tone, mark, tone_word) = match (verdict.outcome(), verdict.complete()) {
            (Outcome::InOrder, _) => ("good", "✓", "In order"),
            (Outcome::Unreviewed, _) => ("warn", "?", "Not reviewed"),
            (Outcome::NotAssessed, _) => ("warn", "?", "Not assessed"),
            (Outcome::Incomplete, _) => ("warn", "?", "Incomplete"),
            (Outcome::Unread, _) => ("bad", "!", "Not read"),
            (Outcome::Findings, true) => ("bad", "!", "Findings"),
            (Outcome::Findings, false) => ("bad", "!", "Findings, and incomplete"),
        };
        let new: BTreeSet<&Fingerprint> = report.changes.new.iter().filter(|_| report.earlier().is_some()).collect();
        let cards = |findings: Vec<&Finding>| {
            findings.into_iter().map(|finding| finding_cards::card(report, finding, &new)).collect()
        };
        // What is open still stands among the findings.
        let mut all_changes = changes(report);
        all_changes.retain(|change| change.what != Became::StillOpen);
        let changed = all_changes.len();
        let (gaps, more_gaps) = coverage_tables::gaps(report);
        let (unread, more_unread) = unread(report);
        let administrators = administrators::of(report);
        let (former, more_former) = former_employees::of(report);
        let (waivers, more_waivers) = waiver_register::of(report);
        let (accounts, more_accounts) = account_access::of(report);
        let (credentials, more_credentials) = iam_credentials::of(report);
        let (permission_sets, more_permission_sets) = permission_sets::of(report);
        let people = person_access::of(
            report,
            administrators.users.iter().copied().take(300).chain(former_employees::users(report).take(300)),
        );
        Page {
            organization: report.world.stamp.organization.as_deref().map_or_else(String::new, |o| visible(o).into()),
            tone,
            mark,
            tone_word,
            headline: headline(report),
            subline: subline(report),
            coverage: coverage(report),
            notices: notices(report).into_iter().map(Marked::from).collect(),
            facts: facts(report).into_iter().map(|fact| (fact.label, Marked::from(fact.value))).collect(),
            run: (report.world.stamp.run_id.chars())
                .filter(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
                .collect(),
            script: script::SCRIPT,
            script_hash: script::allowed(),
            worst: finding_cards::worst(report).collect(),
            more_worst: (verdict.open() > finding_cards::WORST)
                .then(|| count(verdict.open() - finding_cards::WORST, "more open finding")),
            unread,
            more_unread,
            severities: (Severity::ALL.into_iter().rev())
                .map(|one| (one.word(), thousands(verdict.findings.get(&one).copied().unwrap_or(0) as u64)))
                .collect(),
            standings: Kind::ALL.into_iter().filter_map(|kind| coverage_tables::standing_row(report, kind)).collect(),
            meanings: STANDINGS.map(|word| (standing_word(word), standing_meaning(word))).to_vec(),
            overview: finding_cards::overview(report),
            findings: cards(report.open().take(LISTED).collect()),
            open: thousands(verdict.open() as u64),
            more_findings: more(verdict.open(), "finding"),
            waived: cards(report.waived().take(LISTED).collect()),
            more_waived: more(verdict.waived, "waived finding"),
            gaps,
            more_gaps,
            administrators,
            former,
            more_former,
            waivers,
            more_waivers,
            accounts,
            more_accounts,
            people,
            credentials,
            more_credentials,
            permission_sets,
            more_permission_sets,
            blind_spots: blind_spots::of(report),
            controls: CONTROLS,
            earlier: report.earlier().is_some(),
            change_counts: change_counts(report),
            changes: all_changes.into_iter().take(LISTED).map(change_row).collect(),
            more_changes: more(changed, "change"),
            files: report.world.expectation.files.iter().map(|file| coverage_tables::file_row(report, file)).collect(),
            ledger_columns: LEDGER_COLUMNS,
            ledger: coverage_tables::ledger(report),
            package: legend::files(),
            columns: legend::columns(),
        }
    }
}

fn more(all: usize, one: &str) -> Option<String> {
    (all > LISTED).then(|| count(all - LISTED, &format!("more {one}")))
}

fn change_row(change: Change) -> ChangeRow {
    let Change { what, fingerprint, title, cause } = change;
    ChangeRow { what: what.word(), title: title.into(), cause: cause.map(Marked::from), fingerprint }
}

/// What could not be read and may hide access: the first of it, and how many more there are.
fn unread(report: &Report<'_>) -> (Vec<Marked>, Option<String>) {
    let hiding = report.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
    let groups = gap_groups(hiding, &report.world.snapshot);
    let named = groups.iter().take(UNREAD).map(|group| {
        let (unseen, place) = (group.unseen(Some(EVERY_GAP)), group.place(Some(EVERY_GAP)));
        format!("{unseen} ({place})").into()
    });
    let left_out: usize = groups.iter().skip(UNREAD).map(GapGroup::size).sum();
    (named.collect(), (left_out > 0).then(|| count(left_out, "more gap")))
}
