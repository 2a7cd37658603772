//! Whom an earlier run knew as a former employee: what no list says any more is no news of the person.

use chrono::TimeDelta;
use rollcall::model::{Earlier, World};
use rollcall::render;
use rollcall::wording::{changes, evidence};

use crate::story::Story;
use crate::support::audited::{Audited, left_by};

const HR: &str = "hr/staff-2026-11-19.csv";

/// Lists of the company, with one of the personnel department in which Bob has this status.
fn with_staff(story: &Story, name: &str, bob: &str) -> Vec<(String, String)> {
    let mut lists = story.expected_files();
    let staff = format!(
        "Name,Email,Status\nAlice,alice@corp.example.com,active\nCarol,carol@corp.example.com,active\n\
         Bob,bob@corp.example.com,{bob}\n"
    );
    lists.push((name.to_owned(), staff));
    lists
}

/// The titles of a run, and what it leaves for the next one.
fn run(story: &Story, lists: &[(String, String)], earlier: Option<&Earlier>) -> (Vec<String>, Earlier) {
    let set = |world: &mut World| world.earlier = earlier.cloned();
    let audited = Audited::from(&story.saved_files(), lists).with(set);
    let report = audited.report();
    assert!(report.changes.listed.is_empty(), "no list newly expects a person: {:?}", report.changes);
    (audited.titles(), left_by(&report))
}

const LEFT: &str = "high leaver-with-access: User `bob@corp.example.com` has left but is still in Identity Center";
const SILENT: &str = "high leaver-with-access: User `bob@corp.example.com` had left according to the run of 2026-11-20 08:00:00 UTC, but no list says so any more";

#[test]
fn a_leaver_stays_one_when_the_list_that_said_so_is_gone() {
    let story = Story::small();
    let (titles, first) = run(&story, &with_staff(&story, HR, "terminated"), None);
    assert_eq!(titles, [LEFT]);
    let (titles, second) = run(&story, &story.expected_files(), Some(&first));
    assert_eq!(titles, [SILENT]);
    let (titles, third) = run(&story, &story.expected_files(), Some(&second));
    assert_eq!(titles, [SILENT], "in every further run");
    assert_eq!(run(&story, &with_staff(&story, HR, "terminated"), Some(&third)).0, [LEFT], "the list is back");
    assert_eq!(run(&story, &story.expected_files(), None).0, Vec::<String>::new(), "the first run of a job");
}

#[test]
fn a_leaver_stays_one_when_the_list_or_a_newer_one_loses_the_row_or_the_column() {
    let story = Story::small();
    let (_, first) = run(&story, &with_staff(&story, HR, "terminated"), None);
    let newer = "hr/staff-2026-11-20.csv";
    let without = |what: &str| {
        let mut lists = with_staff(&story, newer, "terminated");
        let staff = &mut lists.last_mut().unwrap().1;
        *staff = match what {
            "row" => staff.replace("Bob,bob@corp.example.com,terminated\n", ""),
            _ => staff.replace(",Status", "").replace(",active", "").replace(",terminated", ""),
        };
        run(&story, &lists, Some(&first)).0
    };
    assert_eq!(without("row"), [SILENT]);
    assert_eq!(without("column"), [SILENT]);

    let mut disabled = Story::small();
    disabled.leaves("bob");
    let (titles, first) = run(&disabled, &disabled.expected_files(), None);
    assert_eq!(titles.len(), 1, "{titles:?}");
    let mut lists = disabled.expected_files();
    let users = lists.iter_mut().find(|(name, _)| name.contains("users")).unwrap();
    users.1 = users.1.replace("\"Enabled\",", "").replace("\"True\",", "").replace("\"False\",", "");
    assert!(run(&disabled, &lists, Some(&first)).0.contains(&SILENT.to_owned()), "the directory lost its column");
}

#[test]
fn a_leaver_is_none_any_more_once_another_row_says_that_they_are_there_or_the_user_is_gone() {
    let mut story = Story::small();
    let (_, first) = run(&story, &with_staff(&story, HR, "terminated"), None);
    let titles = |lists: &[(String, String)]| {
        let audited = Audited::from(&story.saved_files(), lists).with(|world| world.earlier = Some(first.clone()));
        audited.titles()
    };
    assert_eq!(titles(&with_staff(&story, "hr/staff-2026-11-20.csv", "active")), Vec::<String>::new());
    let mut by_hand = story.expected_files();
    let row = "user,mail,name,status\nbob@corp.example.com,bob@corp.example.com,Bob,active\n";
    by_hand.push(("people.csv".to_owned(), row.to_owned()));
    assert_eq!(titles(&by_hand), Vec::<String>::new());
    // The directory said all along that he is there.
    let renamed = |(name, text): (String, String)| (name.replace("2026-11-19", "2026-11-20"), text);
    let next_day: Vec<_> = story.expected_files().into_iter().map(renamed).collect();
    assert_eq!(titles(&next_day), [SILENT]);
    let lists = story.expected_files();
    story.aws_user_gone("bob");
    let audited = Audited::from(&story.saved_files(), &lists).with(|world| world.earlier = Some(first.clone()));
    assert!(!audited.rules().contains(&"leaver-with-access"), "{:?}", audited.titles());
}

/// A run on a later day.
fn run_on(
    day: i64,
    story: &Story,
    lists: &[(String, String)],
    earlier: Option<&Earlier>,
) -> (Vec<String>, Vec<String>, Earlier) {
    let audited = Audited::from(&story.saved_files(), lists).with(|world| {
        world.stamp.as_of += TimeDelta::days(day);
        world.policy.max_list_age = TimeDelta::days(30);
        world.earlier = earlier.cloned();
    });
    let report = audited.report();
    let pieces = report.open().flat_map(|finding| &finding.evidence);
    (audited.titles(), pieces.map(|piece| evidence(report.world, piece)).collect(), left_by(&report))
}

#[test]
fn the_run_and_the_row_that_last_said_so_are_kept_and_named() {
    let story = Story::small();
    let (_, _, mut earlier) = run_on(0, &story, &with_staff(&story, HR, "terminated"), None);
    for day in 1..4 {
        let (titles, evidence, left) = run_on(day, &story, &story.expected_files(), Some(&earlier));
        assert_eq!(titles, [SILENT], "day {day}");
        let said = format!("In the run of 2026-11-20 08:00:00 UTC, `{HR}:4` said that the person had left");
        assert!(evidence.iter().any(|text| text.starts_with(&said)), "day {day}: {evidence:?}");
        earlier = left;
    }
    // A list says so once more, with another row, and then not.
    let newer = "hr/staff-2026-11-24.csv";
    let (_, _, again) = run_on(4, &story, &with_staff(&story, newer, "terminated"), Some(&earlier));
    let (titles, evidence, _) = run_on(5, &story, &story.expected_files(), Some(&again));
    assert!(titles[0].contains("according to the run of 2026-11-24 08:00:00 UTC"), "{titles:?}");
    assert!(evidence.iter().any(|text| text.contains(&format!("`{newer}:4` said"))), "{evidence:?}");
}

#[test]
fn an_iam_user_whose_owner_had_left_stays_one_until_a_list_or_a_new_owner_says_otherwise() {
    let mut story = Story::small();
    let lists = |story: &Story, name: &str, alice: &str| {
        let mut lists = with_staff(story, name, "active");
        let staff = &mut lists.last_mut().unwrap().1;
        *staff = staff.replace("Alice,alice@corp.example.com,active", &format!("Alice,alice@corp.example.com,{alice}"));
        lists
    };
    let of_key =
        |titles: &[String]| titles.iter().any(|title| title.starts_with("high leaver-with-key: IAM user `svc-backup`"));
    let (titles, _, first) = run_on(0, &story, &lists(&story, HR, "terminated"), None);
    assert!(of_key(&titles), "{titles:?}");
    let (titles, evidence, second) = run_on(1, &story, &story.expected_files(), Some(&first));
    let silent = "high leaver-with-key: IAM user `svc-backup` in `Acme Development` (333344445555) has active keys; its owner had left according to the run of 2026-11-20 08:00:00 UTC, but no list says so any more";
    assert!(titles.contains(&silent.to_owned()), "{titles:?}");
    assert!(evidence.iter().any(|text| text.contains(&format!("`{HR}:2` said"))), "{evidence:?}");
    let (titles, _, _) = run_on(2, &story, &story.expected_files(), Some(&second));
    assert!(titles.contains(&silent.to_owned()), "in every further run: {titles:?}");

    let mut unnamed = story.expected_files();
    unnamed.retain(|(name, _)| name != "iam-users.csv");
    let (titles, _, third) = run_on(2, &story, &unnamed, Some(&second));
    assert!(titles.contains(&silent.to_owned()), "the list that named the owner is gone: {titles:?}");
    let (titles, _, _) = run_on(3, &story, &unnamed, Some(&third));
    assert!(titles.contains(&silent.to_owned()), "in every further run: {titles:?}");
    let (titles, _, _) = run_on(3, &story, &story.expected_files(), Some(&third));
    assert!(titles.contains(&silent.to_owned()), "the list is back: {titles:?}");

    let said = lists(&story, "hr/staff-2026-11-20.csv", "active");
    let (titles, _, _) = run_on(2, &story, &said, Some(&second));
    assert!(!of_key(&titles), "a list says that the owner is there: {titles:?}");
    // Without its key it is a finding of the other rule.
    story.change("dev", "svc-backup", |user| (user.keys, user.password) = (0, true));
    let (titles, _, _) = run_on(2, &story, &story.expected_files(), Some(&second));
    let of_access = "The owner of IAM user `svc-backup` in `Acme Development` (333344445555) had left according to the run of 2026-11-20 08:00:00 UTC";
    assert!(!of_key(&titles) && titles.iter().any(|title| title.contains(of_access)), "{titles:?}");
    let mut owned = story.expected_files();
    let list = owned.iter_mut().find(|(name, _)| name == "iam-users.csv").unwrap();
    list.1 = list.1.replace("alice@corp.example.com", "carol@corp.example.com");
    let (titles, _, _) = run_on(2, &story, &owned, Some(&second));
    assert!(
        !titles.iter().any(|title| title.contains("svc-backup") && title.contains("leaver")),
        "another owner: {titles:?}"
    );
}

/// How the access of a user stands in the population: each row's own standing, and its principal's.
fn population(audited: &Audited, user: &str) -> Vec<(String, String)> {
    let file = render::FILES.iter().find(|file| file.name == "population.csv").unwrap();
    let mut out = Vec::new();
    (file.render)(&audited.report(), &mut out).unwrap();
    let mut rows = csv::Reader::from_reader(out.as_slice());
    let header = rows.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|one| one == name).unwrap();
    let (who, own, of_principal) = (column("user_name"), column("standing"), column("principal_standing"));
    let rows = rows.records().map(Result::unwrap).filter(|row| &row[who] == user);
    rows.map(|row| (row[own].to_owned(), row[of_principal].to_owned())).collect()
}

/// The company without the list that once said who has left, after a run that read it.
fn silent_after(story: &Story, first: &Audited) -> Audited {
    let earlier = left_by(&first.report());
    Audited::from(&story.saved_files(), &story.expected_files()).with(|world| world.earlier = Some(earlier))
}

#[test]
fn a_leaver_whom_no_list_names_any_more_stands_as_any_leaver_does() {
    let story = Story::small();
    let left = |name: &str| {
        let mut lists = with_staff(&story, HR, "active");
        let staff = &mut lists.last_mut().unwrap().1;
        *staff =
            staff.replace(&format!("{name}@corp.example.com,active"), &format!("{name}@corp.example.com,terminated"));
        Audited::from(&story.saved_files(), &lists)
    };
    for (leaver, holder) in [("bob", "bob@corp.example.com"), ("alice", "svc-backup")] {
        let first = left(leaver);
        let as_any = population(&first, holder);
        assert!(
            !as_any.is_empty() && as_any.iter().all(|(_, of_principal)| of_principal == "unintended"),
            "{as_any:?}"
        );
        let silent = silent_after(&story, &first);
        assert_eq!(population(&silent, holder), as_any, "{holder}");
        let in_order = Audited::of(&story);
        assert!(population(&in_order, holder).iter().all(|(own, _)| own == "expected"), "{holder}");
    }
}

#[test]
fn a_leaver_who_is_back_is_listed_by_the_row_that_changed() {
    let story = Story::small();
    let lists = |date: &str, leaver: &str, status: &str| {
        let mut lists = with_staff(&story, HR, "active");
        let staff = &mut lists.last_mut().unwrap().1;
        *staff = staff.replace(&format!("{leaver},active"), &format!("{leaver},{status}"));
        let dated = |(name, text): (String, String)| (name.replace("2026-11-19", date), text);
        lists.into_iter().map(dated).collect::<Vec<_>>()
    };
    for (leaver, line) in [("bob@corp.example.com", 4), ("alice@corp.example.com", 2)] {
        let first = Audited::from(&story.saved_files(), &lists("2026-11-19", leaver, "terminated"));
        let earlier = left_by(&first.report());
        let back = Audited::from(&story.saved_files(), &lists("2026-11-20", leaver, "active"))
            .with(|world| world.earlier = Some(earlier));
        let changes = changes(&back.report());
        assert!(!changes.is_empty());
        let row =
            format!("now listed by `hr/staff-2026-11-20.csv:{line}`, new since the run of 2026-11-20 08:00:00 UTC");
        for change in changes {
            let cause = change.cause.unwrap_or_default();
            assert!(cause.starts_with(&row), "{}: {cause}", change.title);
        }
    }
}
