//! `shrunken-list`: an export that says much less than in the earlier run, or a list that is gone. A filter that became
//! too narrow makes people strangers, and a list that lost most of its rows is more often broken than true. What a list
//! spoke for is assessed by none once it is gone: that stays a finding until a list speaks for it again, a waiver accepts
//! it, or it is out of scope.

use crate::compare::rule_context::Case;
use crate::compare::{coverage, fingerprint};
use crate::model::{
    Earlier, Evidence, Finding, Fingerprint, Ix, Kind, ReadExtent, Rule, RuleId, Severity, Subject, file_name_time,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("shrunken-list"),
    severity: Severity::High,
    title: "Expected list {list} has {rows}, down from {before} in the earlier run",
    meaning: "A directory export lost at least a fifth of its rows since the earlier run, or a list is missing and \
              no other list covers its contents.",
    advice: "Restore a missing list. If you no longer need it, accept this finding once with a waiver that names it. \
             If a list shrank, check the export's filter and search base. If so many people really left, the next \
             run no longer reports this.",
};

/// See [`RULE`]: the title of another case of it.
const ONE_GONE: &str = "Expected list {gone} is missing; it had {gone rows} in the run of {then}";

/// See [`RULE`]: the title of another case of it.
const SEVERAL_GONE: &str = "Expected lists {gone} are missing; they existed in the run of {then}";

/// See [`RULE`]: the title of another case of it.
const NO_LIST: &str = "No expected list covers {kinds} any more; one did in an earlier run";

/// See [`RULE`]: the title of another case of it.
const NO_FULL_LIST: &str = "No expected list names all {kinds} any more; one did in an earlier run";

/// The kinds that one list speaks for, by the name that a list has which is kept by hand; exports have others.
const OF_ONE_LIST: [(Option<&str>, &[Kind]); 7] = [
    (None, &[Kind::User, Kind::Group, Kind::Membership]),
    (Some("assignments.csv"), &[Kind::Assignment]),
    (Some("applications.csv"), &[Kind::Application]),
    (Some("entitlements.csv"), &[Kind::Entitlement]),
    (Some("permission-sets.csv"), &[Kind::PermissionSet]),
    (Some("iam-users.csv"), &[Kind::IamUser, Kind::Policy]),
    (Some("trusts.csv"), &[Kind::Trust]),
];

/// Rows that a list may lose in any case: in a small one a few leavers are a fifth.
const FEW: u32 = 5;

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(earlier) = &case.world.earlier else { return Vec::new() };
    let mut findings = gone(case, earlier);
    // That a file is cut is a finding of its own.
    let files = case.world.expectation.files.iter().enumerate().filter(|(_, file)| file.ages && file.cut.is_none());
    findings.extend(files.filter_map(|(number, file)| {
        let (rows, before) = (file.rows_used, rows_before(earlier, &file.name)?);
        let lost = before.saturating_sub(rows);
        let shrunken = lost > FEW && u64::from(lost) * 5 >= u64::from(before);
        let evidence = vec![Evidence::Shrunk { rows, before }];
        shrunken.then(|| case.finding(&RULE, Severity::Medium, Subject::List(Ix::new(number)), evidence))
    }));
    findings
}

/// How many rows a list had in the earlier run: by its own name, or else the newest one that was called the same but for
/// its date.
fn rows_before(earlier: &Earlier, name: &str) -> Option<u32> {
    let alike = || {
        let alike = earlier.list_rows.iter().filter(|(before, _)| file_name_time::have_one_name(before, name));
        alike.max_by_key(|(before, _)| file_name_time::by_name(before)).map(|(_, rows)| rows)
    };
    earlier.list_rows.get(name).or_else(alike).copied()
}

/// What lists spoke for in the earlier run, or before it as a finding of that run says, and none speaks for now; and
/// what they named all of, and name only some of now.
fn gone(case: &Case<'_>, earlier: &Earlier) -> Vec<Finding> {
    let world = case.world;
    let findings = OF_ONE_LIST.iter().filter_map(|(name, kinds)| {
        let subject = Subject::GoneList(kinds[0]);
        let was_gone = earlier.open.contains_key(&Fingerprint::of(RULE.id, &fingerprint::of(world, subject)));
        let in_scope =
            kinds.iter().copied().filter(|kind| coverage::read(&world.snapshot, *kind) != ReadExtent::OutOfScope);
        let (listed, unlisted): (Vec<Kind>, Vec<Kind>) =
            in_scope.partition(|kind| world.expectation.speaks_for.contains(kind));
        let was_listed = |kind: &Kind| was_gone || earlier.judged.contains(kind.word());
        let kinds: Vec<Kind> = unlisted.into_iter().filter(was_listed).collect();
        let is_in_part =
            |kind: &Kind| !coverage::in_full(&world.expectation, *kind) && earlier.judged_in_full.contains(kind.word());
        let in_part: Vec<Kind> = listed.into_iter().filter(is_in_part).collect();
        if kinds.is_empty() && in_part.is_empty() {
            return None;
        }
        let lists = lists_gone(case, earlier, *name);
        let title = match (lists.as_slice(), kinds.as_slice()) {
            ([], []) => NO_FULL_LIST,
            ([], _) => NO_LIST,
            ([_], _) => ONE_GONE,
            ([..], _) => SEVERAL_GONE,
        };
        let evidence = vec![Evidence::Gone { lists, before: earlier.as_of, kinds, in_part }];
        Some(case.finding(&RULE, RULE.severity, subject, evidence).titled(title))
    });
    findings.collect()
}

/// Lists that the earlier run had and this one has not: of this name, or exports.
fn lists_gone(case: &Case<'_>, earlier: &Earlier, name: Option<&str>) -> Vec<(String, u32)> {
    let file_name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let is_one = |path: &str| match name {
        Some(name) => file_name(path) == name,
        None => !OF_ONE_LIST.iter().any(|(known, _)| *known == Some(file_name(path).as_str())),
    };
    // Exports have the day, or the number of the week, in their name.
    let undated = |path: &str| path.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>();
    let files = &case.world.expectation.files;
    let is_there = |path: &String| files.iter().any(|file| undated(&file.name) == undated(path));
    let gone = earlier.list_rows.iter().filter(|(path, rows)| **rows > 0 && is_one(path) && !is_there(path));
    gone.map(|(path, rows)| (path.clone(), *rows)).collect()
}
