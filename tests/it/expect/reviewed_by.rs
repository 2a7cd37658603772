//! Whether rows have a reviewer: until all of them have one, what AWS matches is a draft and not what was approved.

use rollcall::cli::Exit;
use rollcall::model::{Listing, Severity};
use rollcall::wording;

use crate::cli::adopt::{folder, run};
use crate::story::{Story, group, user};
use crate::support::audited::Audited;

/// A company in order, with each of the lists that are kept by hand.
fn with_every_list() -> Story {
    let mut story = Story::small();
    story
        .aws_application("Grafana", group("AWS-Readers"))
        .expect_application("Grafana", Some(group("AWS-Readers")))
        .entitling_role("dev", "BuildOperator")
        .aws_entitle(group("AWS-Readers"), "BuildOperator", "dev")
        .expect_entitlement(group("AWS-Readers"), "BuildOperator", "dev")
        .role_for("prod", "VendorScanner", "999988887777")
        .expect_trust("prod", "VendorScanner", "999988887777")
        .approve_permission_sets();
    story
}

const BY_HAND: [&str; 6] =
    ["applications.csv", "assignments.csv", "entitlements.csv", "iam-users.csv", "permission-sets.csv", "trusts.csv"];

/// The story against its lists, one of which is changed.
fn changed(story: &Story, list: &str, change: impl Fn(&str) -> String) -> Audited {
    let mut lists = story.expected_files();
    let (_, text) = lists.iter_mut().find(|(name, _)| name == list).unwrap();
    *text = change(text);
    Audited::from(&story.saved_files(), &lists)
}

fn said(audited: &Audited) -> (String, Exit) {
    let report = audited.report();
    assert_eq!(audited.titles(), Vec::<String>::new());
    (wording::headline(&report), Exit::of(&report.verdict, Severity::Low, true))
}

#[test]
fn lists_whose_rows_all_have_a_reviewer_are_in_order() {
    let (headline, exit) = said(&Audited::of(&with_every_list()));
    assert!(headline.starts_with("In order for "), "{headline}");
    assert_eq!(exit, Exit::InOrder);
}

#[test]
fn a_list_with_one_row_that_has_no_reviewer_is_a_draft() {
    for list in BY_HAND {
        let (headline, exit) = said(&changed(&with_every_list(), list, |text| text.replacen(",ciso\n", ",\n", 1)));
        assert!(headline.starts_with("Matches an unreviewed draft for "), "{list}: {headline}");
        assert!(headline.contains("1 row without a reviewer"), "{list}: {headline}");
        assert_eq!(exit, Exit::Incomplete, "{list}");
    }
}

/// Whoever leaves the column out has not reviewed a row.
#[test]
fn a_list_without_the_column_is_a_draft() {
    let without = |text: &str| text.replace(",reviewed_by\n", "\n").replace(",ciso\n", "\n");
    for list in BY_HAND {
        let (headline, exit) = said(&changed(&with_every_list(), list, without));
        assert!(headline.starts_with("Matches an unreviewed draft for "), "{list}: {headline}");
        assert_eq!(exit, Exit::Incomplete, "{list}");
    }
}

#[test]
fn a_list_without_rows_needs_no_reviewer() {
    let mut story = Story::small();
    story.aws.assignments.clear();
    let header = "principal_type,principal,account,permission_set\n".to_owned();
    let (headline, exit) = said(&changed(&story, "assignments.csv", |_| header.clone()));
    assert!(headline.starts_with("In order for "), "{headline}");
    assert_eq!(exit, Exit::InOrder);
}

/// A list of people may come from another system, as the export of a directory does; a draft of it has the column.
#[test]
fn people_need_a_reviewer_where_the_list_says_so() {
    let story = Story::company();
    let against = |people: &str| {
        let mut lists = story.expected_files();
        lists.retain(|(name, _)| !name.starts_with("directory/"));
        lists.push(("people.csv".to_owned(), people.to_owned()));
        said(&Audited::from(&story.saved_files(), &lists)).1
    };
    assert_eq!(against("mail,status\nzoe@corp.example.com,active\n"), Exit::InOrder);
    assert_eq!(against("mail,status,reviewed_by\nzoe@corp.example.com,active,\n"), Exit::Incomplete);
    assert_eq!(against("mail,status,reviewed_by\nzoe@corp.example.com,active,cy\n"), Exit::InOrder);
}

/// A finding is a finding, whatever was reviewed: the code is that of the finding.
#[test]
fn a_finding_counts_before_a_draft() {
    let mut story = Story::small();
    story.stranger("mallory");
    let audited = changed(&story, "assignments.csv", |text| text.replace(",ciso\n", ",\n"));
    let report = audited.report();
    assert_eq!(Exit::of(&report.verdict, Severity::Low, true), Exit::Findings);
    assert!(wording::notices(&report).iter().any(|notice| notice.contains("without a reviewer")));
}

#[test]
fn an_administrator_whom_nobody_answers_for_does_not_wait_for_the_review_of_a_draft() {
    let mut story = Story::small();
    story.lists.assignments = None;
    story.lists.iam_users = None;
    story.aws_iam_user("prod", "svc-root", &["AdministratorAccess"]).aws_iam_user("prod", "svc-odd", &["SomePolicy"]);
    let folder = folder(&story.saved_files(), &story.expected_files());
    assert_eq!(run(&folder, &["adopt"]).code, 0);
    let audited = run(&folder, &["audit"]);
    assert_eq!(audited.code, 3, "{}", audited.stdout);
    let unowned = |user: &str| {
        let named = format!("IAM user `{user}` in ");
        audited.stdout.lines().any(|line| line.contains(&named) && line.contains("has no known owner"))
    };
    assert!(unowned("svc-root"), "{}", audited.stdout);
    // A policy of which nobody can say what it allows may be an administrator's.
    assert!(unowned("svc-odd"), "{}", audited.stdout);
    // What can be seen to be harmless waits.
    assert!(!unowned("svc-backup"), "{}", audited.stdout);
}

#[test]
fn a_word_in_place_of_a_reviewer_reviews_nothing() {
    for word in ["-", "n/a", "TODO", "none", "?", "tbd", "x", ".", "no", "pending", "not reviewed", "\u{200b}"] {
        let (headline, exit) = said(&changed(&with_every_list(), "assignments.csv", |text| {
            text.replacen(",ciso\n", &format!(",{word}\n"), 1)
        }));
        assert!(headline.contains("1 row without a reviewer"), "{word}: {headline}");
        assert_eq!(exit, Exit::Incomplete, "{word}");
    }
}

#[test]
fn nobody_reviews_the_row_that_gives_them_access() {
    let reviewed_by = |reviewer: &str| {
        let mut story = Story::small();
        story.aws_grant(user("bob"), "ReadOnly", "dev").expect_grant(user("bob"), "ReadOnly", "dev");
        let by = |text: &str| {
            let of_bob = |line: &str| match line.starts_with("user,bob@") {
                true => line.replace(",ciso", &format!(",{reviewer}")),
                false => line.to_owned(),
            };
            text.lines().map(of_bob).collect::<Vec<_>>().join("\n") + "\n"
        };
        said(&changed(&story, "assignments.csv", by)).1
    };
    for own in ["bob@corp.example.com", "Bob", "CORP\\bob", "Bob Example <bob@corp.example.com>"] {
        assert_eq!(reviewed_by(own), Exit::Incomplete, "{own}");
    }
    for other in ["ciso", "alice@corp.example.com", "bob@other.example"] {
        assert_eq!(reviewed_by(other), Exit::InOrder, "{other}");
    }
}

/// The company in order, with a second mail address of Bob, and this list changed so.
fn with_second_mail(story: &Story, list: &str, change: impl Fn(&str) -> String) -> Audited {
    changed(story, list, change).with(|world| {
        let mut people: Vec<_> = world.expectation.people.seen().cloned().collect();
        let bob = people.iter_mut().find(|person| person.sam.as_deref() == Some("bob")).unwrap();
        bob.mails.push("bob.b@mail.example".to_owned());
        world.expectation.people = Listing::by_key(people, world.expectation.people.extent().clone(), |_| ());
    })
}

#[test]
fn nobody_reviews_their_own_row_by_another_of_their_names() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "ReadOnly", "dev").expect_grant(user("bob"), "ReadOnly", "dev");
    let reviewed_by = |reviewer: &str| {
        with_second_mail(&story, "assignments.csv", |text| {
            let of_bob = |line: &str| match line.starts_with("user,bob@") {
                true => line.replace(",ciso", &format!(",\"{reviewer}\"")),
                false => line.to_owned(),
            };
            text.lines().map(of_bob).collect::<Vec<_>>().join("\n") + "\n"
        })
    };
    for own in [
        "bob.b@mail.example",
        "Bob Example",
        "Example, Bob",
        "Example Bob",
        "Bob Example <bob.b@mail.example>",
        "mailto:bob@corp.example.com",
        "ciso and bob.b@mail.example",
    ] {
        let audited = reviewed_by(own);
        let (headline, exit) = said(&audited);
        assert!(headline.contains("1 row without a reviewer"), "{own}: {headline}");
        assert_eq!(exit, Exit::Incomplete, "{own}");
    }
    for other in ["Bob Other", "bob@mail.example", "alice.b@mail.example"] {
        assert_eq!(said(&reviewed_by(other)).1, Exit::InOrder, "{other}");
    }
}

#[test]
fn nobody_reviews_the_iam_user_that_they_answer_for() {
    let reviewed_by = |reviewer: &str| {
        said(&changed(&Story::small(), "iam-users.csv", |text| text.replacen(",ciso\n", &format!(",{reviewer}\n"), 1)))
            .1
    };
    for own in ["alice", "alice@corp.example.com", "Alice Example"] {
        assert_eq!(reviewed_by(own), Exit::Incomplete, "{own}");
    }
    assert_eq!(reviewed_by("bob@corp.example.com"), Exit::InOrder);
}

#[test]
fn nobody_reviews_their_own_row_of_the_people() {
    let story = Story::company();
    let against = |reviewer: &str| {
        let mut lists = story.expected_files();
        lists.retain(|(name, _)| !name.starts_with("directory/"));
        let people = format!("mail,name,status,reviewed_by\nzoe@corp.example.com,Zoe Zander,active,{reviewer}\n");
        lists.push(("people.csv".to_owned(), people));
        said(&Audited::from(&story.saved_files(), &lists)).1
    };
    assert_eq!(against("Zoe Zander"), Exit::Incomplete);
    assert_eq!(against("Cy Carter"), Exit::InOrder);
}
