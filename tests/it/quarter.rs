//! A quarter of a company, night after night: people join, move and leave, the synchronization lags, exports fail, and
//! a few things go wrong that somebody planted. Those are found, and nothing else is.

use std::collections::BTreeSet;

use rollcall::model::{Earlier, EarlierFinding, Report, StandingWord};
use rollcall::wording;

use crate::quarter_company::{AUDIT, Company, DAY, EXPORT, at};
use crate::support::audited::{Audited, can_be_read, line};

const DAYS: i64 = 90;

/// How last night's export went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Export {
    Whole,
    /// Yesterday's file is still there.
    Stale,
    /// The connection broke in the middle.
    Truncated,
    /// The disk was full.
    Empty,
}

fn export_of(day: i64) -> Export {
    match day {
        18 | 53 => Export::Stale,
        26 | 64 => Export::Truncated,
        34 | 78 => Export::Empty,
        _ => Export::Whole,
    }
}

/// Something that should be found: by this rule, with these words, from the night of one day up to that of another.
struct Planted {
    rule: &'static str,
    words: &'static str,
    from: i64,
    to: i64,
}

const PLANTED: [Planted; 8] = [
    Planted { rule: "unexpected-user", words: "mallory", from: 10, to: 14 },
    Planted { rule: "unexpected-assignment", words: "q001", from: 20, to: 23 },
    Planted { rule: "leaver-with-access", words: "q002", from: 29, to: 37 },
    Planted { rule: "unexpected-membership", words: "q003", from: 40, to: 45 },
    Planted { rule: "differing-permission-set", words: "Support", from: 48, to: 51 },
    Planted { rule: "unexpected-assignment", words: "q004", from: 59, to: 66 },
    Planted { rule: "expired-waiver", words: "q004", from: 59, to: 66 },
    Planted { rule: "unexpected-assignment", words: "AWS-G03", from: 70, to: 72 },
];

/// What the next night knows of this one.
fn earlier(report: &Report<'_>) -> Earlier {
    let open = report.open().map(|finding| {
        let title = wording::title(report, finding);
        let kept = EarlierFinding { first_seen: finding.first_seen, rule: finding.rule.to_string(), title };
        (finding.fingerprint.clone(), kept)
    });
    let lists = report.world.expectation.files.iter().map(|file| (file.name.clone(), file.rows_used));
    Earlier {
        run_id: report.world.stamp.run_id.clone(),
        as_of: report.world.stamp.as_of,
        manifest_sha256: "00".repeat(32),
        open: open.collect(),
        gaps: report.gaps.iter().map(|gap| wording::gap_line(gap)).collect(),
        list_rows: lists.collect(),
    }
}

/// What the quarter came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    runs: usize,
    refused: usize,
    partial: usize,
    planted: usize,
    found: usize,
    resolved: usize,
    /// Findings of moves that a stale export does not know of: there is no date by which to tell them from a deviation.
    of_stale_exports: usize,
    false_alarms: Vec<String>,
    wrongly_in_order: Vec<i64>,
    pending: usize,
}

#[test]
fn in_a_quarter_what_was_planted_is_found_and_nothing_else() {
    let mut company = Company::new();
    let (mut tally, mut before, mut ldif) = (Tally { planted: PLANTED.len(), ..Tally::default() }, None, String::new());
    let (mut exported, mut found) = (0, BTreeSet::new());
    for day in 0..DAYS {
        let night = (day + 1) * DAY;
        company.plant(day);
        company.live_through(day);
        company.synchronize(night + AUDIT);
        let export = export_of(day);
        match export {
            Export::Whole => (ldif, exported) = (company.ldif(), night + EXPORT),
            Export::Stale => {}
            Export::Truncated => {
                ldif = company.ldif().split_at(20_000).0.rsplit_once("\n\n").unwrap().0.to_owned() + "\n"
            }
            Export::Empty => ldif.clear(),
        }
        let mut lists = company.story.expected_files();
        lists.retain(|(name, _)| !name.starts_with("directory/"));
        lists.push(("directory/export.ldif".to_owned(), ldif.clone()));
        lists.push((
            "permission-sets.csv".to_owned(),
            "name,administrative\nAdmin,yes\nReadOnly,no\nAudit,no\nSupport,no\n".to_owned(),
        ));
        if !can_be_read(&lists) {
            assert_eq!(export, Export::Empty, "night {day}");
            tally.refused += 1;
            continue;
        }
        let audited = Audited::from(&company.saved(night), &lists).with(|world| {
            world.stamp.as_of = at(night + AUDIT);
            world.earlier = before.take();
        });
        let report = audited.report();
        tally.runs += 1;
        tally.pending += report.judged.iter().filter(|judged| judged.standing.word() == StandingWord::Pending).count();
        let visible: Vec<usize> =
            (0..PLANTED.len()).filter(|&number| (PLANTED[number].from..PLANTED[number].to).contains(&day)).collect();
        for finding in report.open() {
            let said = line(&report, finding);
            let planted =
                PLANTED.iter().position(|planted| finding.rule.0 == planted.rule && said.contains(planted.words));
            let moved = company.touched.iter().any(|(name, when)| *when > exported && said.contains(name.as_str()));
            match planted.filter(|number| visible.contains(number)) {
                Some(number) => drop(found.insert((number, day))),
                None if finding.rule.0 == "partial-list" && export == Export::Truncated => tally.partial += 1,
                None if export == Export::Stale && moved => tally.of_stale_exports += 1,
                None => tally.false_alarms.push(format!("night {day}: {said}")),
            }
        }
        if !visible.is_empty() && report.open().next().is_none() && report.verdict.complete() {
            tally.wrongly_in_order.push(day);
        }
        if let Some(known) = report.earlier() {
            let gone = report.changes.resolved.iter().map(|fingerprint| &known.open[fingerprint]);
            let gone: Vec<(&str, &str)> = gone.map(|gone| (gone.rule.as_str(), gone.title.as_str())).collect();
            let undone = |planted: &&Planted| {
                let is_it = |(rule, title): &(&str, &str)| *rule == planted.rule && title.contains(planted.words);
                planted.to == day && gone.iter().any(is_it)
            };
            tally.resolved += PLANTED.iter().filter(undone).count();
        }
        assert_eq!(report.verdict.complete(), export != Export::Truncated, "night {day}");
        before = Some(earlier(&report));
    }
    tally.found = (0..PLANTED.len()).filter(|&number| found.contains(&(number, PLANTED[number].from))).count();
    assert_eq!(tally.false_alarms, Vec::<String>::new());
    assert_eq!((tally.found, tally.resolved), (PLANTED.len(), PLANTED.len()), "{found:?}");
    assert_eq!((tally.runs, tally.refused, tally.partial), (88, 2, 2));
    assert_eq!(tally.wrongly_in_order, Vec::<i64>::new());
    // The dice always fall the same way.
    assert_eq!((tally.pending, tally.of_stale_exports), (62, 17));
}
