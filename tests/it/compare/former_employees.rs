//! Whom an earlier run knew as a former employee: what no list says any more is no news of the person.

use rollcall::model::{Earlier, World};

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
