//! A quarter of a company, night after night: people join, move and leave, the synchronization lags, exports fail, and
//! a few things go wrong that somebody planted. Those are found, and nothing else is.

use std::collections::BTreeSet;

use rollcall::model::{Report, StandingWord};

use crate::oracle::quarter_company::{AUDIT, Company, DAY, EXPORT, Format, at};
use crate::story::{File, call_line, guid};
use crate::support::audited::{Audited, can_be_read, left_by, line};

const DAYS: i64 = 90;

/// How last night's export went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Export {
    Whole,
    /// The last file that was written is still there.
    Stale,
    /// The connection broke in the middle.
    Truncated,
    /// The disk was full.
    Empty,
    /// Written in an encoding that does not have every letter.
    Lossy,
}

fn export_of(day: i64) -> Export {
    match day {
        18 | 53 | 54 | 82 => Export::Stale,
        26 | 64 => Export::Truncated,
        34 | 78 => Export::Empty,
        45 => Export::Lossy,
        _ => Export::Whole,
    }
}

fn format_of(day: i64) -> Format {
    match (export_of(day), day % 7) {
        (Export::Lossy, _) | (Export::Whole, 5) => Format::Script,
        (Export::Whole, 3) => Format::Csvde,
        _ => Format::Ldif,
    }
}

/// What AWS refuses tonight: a command, and what its parameters or its account hold.
fn refused(day: i64) -> Vec<(&'static str, String)> {
    match day {
        12 => vec![("identitystore list-users", String::new())],
        42 => vec![
            ("identitystore list-group-memberships", guid("group", "AWS-Admins")),
            ("identitystore list-group-memberships", guid("group", "AWS-G04")),
        ],
        61 => vec![("sso-admin list-account-assignments", "333344445555".to_owned())],
        74 => vec![("iam get-account-authorization-details", "222233334444".to_owned())],
        _ => Vec::new(),
    }
}

/// The same answers without those that are refused.
fn refuse(saved: &mut Vec<File>, refused: &[(&str, String)]) {
    let calls = saved.iter_mut().find(|file| file.name == "calls.jsonl").unwrap();
    let line = |line: &str| {
        if !refused.iter().any(|(command, of)| line.contains(command) && line.contains(of.as_str())) {
            return line.to_owned();
        }
        let call: serde_json::Value = serde_json::from_str(line).unwrap();
        let command = call["command"].as_str().unwrap();
        call_line(command, &call["parameters"], call["account"].as_str(), 254, "refused.json")
    };
    calls.text = calls.text.lines().map(line).collect::<Vec<_>>().join("\n") + "\n";
    let text = "An error occurred (AccessDeniedException) when calling the operation: no".to_owned();
    saved.push(File { name: "refused.json.err".to_owned(), text });
}

/// Something that should be found: by this rule, with these words, from the night of one day up to that of another.
struct Planted {
    rule: &'static str,
    words: &'static str,
    from: i64,
    to: i64,
}

const PLANTED: [Planted; 11] = [
    Planted { rule: "unexpected-user", words: "mallory", from: 10, to: 14 },
    Planted { rule: "unexpected-assignment", words: "q001", from: 20, to: 23 },
    Planted { rule: "leaver-with-access", words: "q002", from: 29, to: 37 },
    Planted { rule: "unexpected-membership", words: "q003", from: 40, to: 45 },
    Planted { rule: "differing-permission-set", words: "Support", from: 48, to: 51 },
    Planted { rule: "unexpected-assignment", words: "q004", from: 59, to: 66 },
    Planted { rule: "expired-waiver", words: "q004", from: 59, to: 66 },
    Planted { rule: "unexpected-assignment", words: "AWS-G03", from: 70, to: 72 },
    // An ordinary move out of a group that is administrative by now: such access does not are pending.
    Planted { rule: "unexpected-membership", words: "q000", from: 49, to: 50 },
    // Neither does what was made by hand, nor an administrator, where the export is a day old.
    Planted { rule: "unexpected-membership", words: "q001", from: 53, to: 56 },
    Planted { rule: "unexpected-membership", words: "q006", from: 54, to: 55 },
];

/// What the quarter came to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    runs: usize,
    unusable: usize,
    partial: usize,
    lossy: usize,
    incomplete: usize,
    found: usize,
    resolved: usize,
    /// What is there as before, and listed by now.
    now_listed: usize,
    false_alarms: Vec<String>,
    /// What was planted, could be seen, and was not found.
    missed: Vec<String>,
    /// What was called resolved although it was still there.
    given_up: Vec<String>,
    pending: usize,
}

/// The lists of one night.
fn lists(company: &Company, export: &[(String, String)]) -> Vec<(String, String)> {
    let mut lists = company.story.expected_files();
    lists.retain(|(name, _)| !name.starts_with("directory/"));
    lists.extend(export.iter().map(|(name, text)| (format!("directory/{name}"), text.clone())));
    let sets = "name,administrative\nAdmin,yes\nReadOnly,no\nAudit,no\nSupport,no\n";
    lists.push(("permission-sets.csv".to_owned(), sets.to_owned()));
    lists
}

/// What is exported on this night, with when it was; `None` where nothing is.
fn exported(company: &Company, day: i64) -> Option<Vec<(String, String)>> {
    let mut files = company.export(format_of(day));
    match export_of(day) {
        Export::Whole => {}
        Export::Stale => return None,
        Export::Truncated => {
            files[0].1 = files[0].1.split_at(20_000).0.rsplit_once("\n\n").unwrap().0.to_owned() + "\n";
        }
        Export::Empty => files[0].1.clear(),
        Export::Lossy => files[0].1 = files[0].1.replace('ë', "?"),
    }
    let sidecar = format!("{{\"exported_at\": \"{}\"}}", at((day + 1) * DAY + EXPORT).to_rfc3339());
    let sidecars: Vec<_> = files.iter().map(|(name, _)| (format!("{name}.export.json"), sidecar.clone())).collect();
    files.extend(sidecars);
    Some(files)
}

#[test]
fn in_a_quarter_what_was_planted_is_found_and_nothing_else() {
    let mut company = Company::new();
    let (mut tally, mut before, mut export) = (Tally::default(), None, Vec::new());
    for day in 0..DAYS {
        let night = (day + 1) * DAY;
        company.plant(day);
        company.live_through(day);
        company.synchronize(night + AUDIT);
        export = exported(&company, day).unwrap_or(export);
        let lists = lists(&company, &export);
        if !can_be_read(&lists) {
            assert_eq!(export_of(day), Export::Empty, "night {day}");
            tally.unusable += 1;
            continue;
        }
        let (mut saved, refused) = (company.saved(night), refused(day));
        refuse(&mut saved, &refused);
        let audited = Audited::from(&saved, &lists).with(|world| {
            world.stamp.as_of = at(night + AUDIT);
            world.earlier = before.take();
        });
        let report = audited.report();
        judge(&report, day, !refused.is_empty(), &mut tally);
        before = Some(left_by(&report));
    }
    assert_eq!(tally.false_alarms, Vec::<String>::new());
    assert_eq!(tally.missed, Vec::<String>::new());
    assert_eq!(tally.given_up, Vec::<String>::new());
    assert_eq!((tally.runs, tally.unusable, tally.partial, tally.lossy, tally.incomplete), (88, 2, 2, 1, 6));
    // The dice always fall the same way.
    assert_eq!((tally.found, tally.resolved, tally.now_listed, tally.pending), (39, 12, 2, 112));
}

/// Holds one night's report against what was planted.
fn judge(report: &Report<'_>, day: i64, refused: bool, tally: &mut Tally) {
    let export = export_of(day);
    tally.runs += 1;
    tally.incomplete += usize::from(!report.verdict.complete());
    tally.pending += report.judged.iter().filter(|judged| judged.standing.word() == StandingWord::Pending).count();
    let there = |planted: &&Planted| (planted.from..planted.to).contains(&day);
    let is = |planted: &Planted, rule: &str, said: &str| planted.rule == rule && said.contains(planted.words);
    let mut found = BTreeSet::new();
    for finding in report.open() {
        let said = line(report, finding);
        let planted = PLANTED.iter().filter(there).find(|planted| is(planted, finding.rule.0, &said));
        match (planted, finding.rule.0, export) {
            (Some(planted), ..) => drop(found.insert((planted.rule, planted.words))),
            (None, "partial-list", Export::Truncated) => tally.partial += 1,
            (None, "lossy-list", Export::Lossy) => tally.lossy += 1,
            (None, ..) => tally.false_alarms.push(format!("night {day}: {said}")),
        }
    }
    tally.found += found.len();
    let is_blind = refused || export == Export::Truncated;
    assert_eq!(report.verdict.complete(), !is_blind, "night {day}");
    let missed = PLANTED.iter().filter(there).filter(|planted| !found.contains(&(planted.rule, planted.words)));
    // What nobody can see tonight is found again when it can be seen.
    let missed = missed.filter(|_| !is_blind).map(|planted| format!("night {day}: {} {}", planted.rule, planted.words));
    tally.missed.extend(missed);
    let Some(known) = report.earlier() else { return };
    tally.now_listed += report.changes.listed.len();
    for gone in report.changes.resolved.iter().map(|fingerprint| &known.open[fingerprint]) {
        let was = |planted: &&Planted| is(planted, &gone.rule, &gone.title);
        match PLANTED.iter().filter(there).find(was) {
            Some(planted) => tally.given_up.push(format!("night {day}: {} {}", planted.rule, planted.words)),
            None => tally.resolved += 1,
        }
    }
}
