//! Where hardly anybody matches, or most groups look like another setting, the key or the setting is wrong: it is said
//! once and first, and nothing is concluded from it about people.

use rollcall::compare::rule_id;
use rollcall::model::{Kind, Level, Nesting, StandingWord};
use rollcall::wording;

use crate::story::{Story, user};
use crate::support::audited::Audited;

type Lists = Vec<(String, String)>;

/// A company of seven people, two of them administrators.
fn company() -> Story {
    let mut story = Story::small();
    for name in ["dan", "eva", "finn", "gina"] {
        story.hire(name, &["AWS-Readers"]);
    }
    story.aws_grant(user("dan"), "Admin", "dev").expect_grant(user("dan"), "Admin", "dev");
    story
}

/// The lists with other names of the people, and in another domain.
fn renamed(story: &Story, rename: impl Fn(&str) -> String) -> Lists {
    let mut lists = story.expected_files();
    for (name, text) in &mut lists {
        if name.starts_with("directory/") {
            for sam in story.directory.people.keys() {
                *text = text.replace(&format!("\"{sam}\""), &format!("\"{}\"", rename(sam)));
                *text =
                    text.replace(&format!("\"{sam}@corp.example.com\""), &format!("\"{}@corp.local\"", rename(sam)));
            }
            *text = text.replace("DC=example,DC=com", "DC=local");
        }
    }
    lists
}

fn evidence(audited: &Audited) -> Vec<String> {
    let report = audited.report();
    let first = report.open().next().expect("a finding");
    first.evidence.iter().map(|piece| wording::evidence(audited.world(), piece)).collect()
}

#[test]
fn a_list_of_another_domain_is_one_finding_ahead_of_all_others() {
    let story = company();
    let audited = Audited::from(&story.saved_files(), &renamed(&story, str::to_owned));
    assert_eq!(
        audited.titles(),
        [
            "high people-not-matched: 0 of 7 users of Identity Center match one of the 7 people in the lists (check the key)"
        ]
    );
    assert_eq!(
        evidence(&audited),
        [
            "No conclusion is drawn about the 7 users who match no person, or about people who match no user",
            "7 users match a person in the lists except for the domain: user names in Identity Center end in `@corp.example.com`, names in the lists end in `@corp.local`",
            "2 of them hold administrative access: `alice@corp.example.com` and `dan@corp.example.com`",
        ]
    );
    let report = audited.report();
    assert!(!report.verdict.complete());
    assert_eq!(audited.counts(Kind::User).into_iter().collect::<Vec<_>>(), [(StandingWord::Unknown, 14)]);
    assert!(
        wording::headline(&report).starts_with(
            "0 of 7 users of Identity Center match one of the 7 people in the lists (check the key); 1 high finding; \
             incomplete: "
        ),
        "{}",
        wording::headline(&report)
    );
}

#[test]
fn what_has_another_cause_is_found_beside_it() {
    let mut story = company();
    story.aws_iam_user("prod", "svc-old", &["AdministratorAccess"]).aws_group("Temp");
    let audited = Audited::from(&story.saved_files(), &renamed(&story, str::to_owned));
    assert_eq!(audited.rules(), ["people-not-matched", "unexpected-iam-user", "unexpected-group"]);
}

#[test]
fn the_likely_cause_is_named_where_the_people_are_the_same_by_their_display_names() {
    let story = company();
    let other = |sam: &str| format!("{}xample", &sam[..1]);
    let audited = Audited::from(&story.saved_files(), &renamed(&story, other));
    assert_eq!(audited.rules(), ["people-not-matched"]);
    assert!(
        evidence(&audited)[1].starts_with("7 users have the display name of a person in the lists; they are probably"),
        "{:?}",
        evidence(&audited)
    );
}

#[test]
fn a_column_of_numbers_is_named() {
    let story = company();
    let people = (1..=7).map(|number| format!("{number:06},Person {number}\n")).collect::<String>();
    let lists = [("people.csv".to_owned(), format!("user,name\n{people}"))];
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.rules()[0], "people-not-matched");
    assert_eq!(
        evidence(&audited)[1],
        "Most names have no part in common: user names in Identity Center end in `@corp.example.com`, names in the lists \
         are numbers"
    );
}

#[test]
fn a_row_that_names_an_unmatched_user_by_the_other_name_is_not_called_missing_nor_the_grant_unexpected() {
    let mut story = company();
    story.aws_grant(user("eva"), "Audit", "dev");
    let mut lists = renamed(&story, str::to_owned);
    for (name, text) in &mut lists {
        if name == "assignments.csv" {
            *text = text.replace("user,dan@corp.example.com", "user,dan@corp.local");
        }
    }
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.rules(), ["people-not-matched"]);
    assert_eq!(audited.counts(Kind::Assignment)[&StandingWord::Unknown], 3);
}

#[test]
fn a_stranger_who_is_the_only_user_stays_a_stranger() {
    for strangers in [&["mallory"] as &[&str], &["mallory", "trudy"]] {
        let mut story = Story::company();
        story.group("AWS-Admins").directory_person("alice").directory_member("AWS-Admins", "alice");
        for stranger in strangers {
            story.stranger(stranger).aws_member("AWS-Admins", stranger);
        }
        story.grant(crate::story::group("AWS-Admins"), "Admin", "prod");
        let audited = Audited::of(&story);
        let titles = audited.titles();
        assert!(titles[0].starts_with("critical unexpected-user: User `mallory@"), "{titles:?}");
        assert_eq!(audited.rules().iter().filter(|rule| **rule == "unexpected-user").count(), strangers.len());
    }
}

#[test]
fn three_strangers_alone_are_named_as_administrators_and_the_run_is_incomplete() {
    let mut story = Story::company();
    story.group("AWS-Admins").directory_person("alice").directory_member("AWS-Admins", "alice");
    for stranger in ["mallory", "trudy", "oscar"] {
        story.stranger(stranger);
    }
    story.aws_member("AWS-Admins", "mallory").grant(crate::story::group("AWS-Admins"), "Admin", "prod");
    let audited = Audited::of(&story);
    assert_eq!(audited.rules(), ["people-not-matched"]);
    assert_eq!(evidence(&audited)[2], "1 of them holds administrative access: `mallory@corp.example.com`");
    let off = audited.with(|world| {
        world.policy.levels.insert(rule_id("people-not-matched").expect("a rule"), Level::Off);
    });
    assert!(!off.report().verdict.complete(), "switched off, the run still says that it does not know");
}

#[test]
fn where_a_few_match_only_a_common_cause_makes_it_the_key() {
    // One of seven matches by the name that it has in both domains.
    let story = company();
    let mut lists = renamed(&story, str::to_owned);
    lists.push(("people.csv".to_owned(), "user,groups\nalice@corp.example.com,AWS-Admins\n".to_owned()));
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.rules(), ["people-not-matched"]);
    assert!(audited.titles()[0].contains("1 of 7 users"), "{:?}", audited.titles());

    // Two of seven are more than a fifth.
    lists.last_mut().expect("a list").1 += "bob@corp.example.com,AWS-Readers\n";
    let rules = Audited::from(&story.saved_files(), &lists).rules();
    assert_eq!(rules.iter().filter(|rule| **rule == "unexpected-user").count(), 5, "{rules:?}");

    // And nine strangers beside one who matches share nothing with anybody.
    let mut story = Story::small();
    for number in 0..16 {
        story.stranger(&format!("guest{number}"));
    }
    let rules = Audited::of(&story).rules();
    assert_eq!(rules.iter().filter(|rule| **rule == "unexpected-user").count(), 16, "{rules:?}");
}

#[test]
fn a_list_that_names_some_people_only_makes_no_key_wrong_for_all_others() {
    let story = company();
    // Nobody who has left is in Identity Center, which is as it should be.
    let leavers = "user,name,status\nold@corp.example.com,Old,left\nolder@corp.example.com,Older,left\n";
    let audited = Audited::from(&story.saved_files(), &[("people.csv".to_owned(), leavers.to_owned())]);
    assert!(!audited.rules().contains(&"people-not-matched"), "{:?}", audited.titles());

    // The members of a group that Identity Center does not have say nothing of its users.
    let header = "\"Group\",\"SamAccountName\",\"DistinguishedName\",\"Name\",\"ObjectClass\"\r\n";
    let members = |group: &str, domain: &str| {
        let row = |sam: &String| {
            format!("\"{group}\",\"{sam}\",\"CN={sam},OU=Staff,DC=corp,{domain}\",\"{sam}\",\"user\"\r\n")
        };
        header.to_owned() + &story.directory.groups["AWS-Readers"].people.iter().map(row).collect::<String>()
    };
    let of_group = |group: &str, domain: &str| {
        let list = (format!("get-adgroupmember_{group}-2026-11-19.csv"), members(group, domain));
        Audited::from(&story.saved_files(), &[list])
    };
    assert!(!of_group("Other", "DC=local").rules().contains(&"people-not-matched"));

    // Those of a group that it has do, of the people in that group.
    let audited = of_group("AWS-Readers", "DC=local");
    assert_eq!(audited.rules()[0], "people-not-matched");
    assert!(audited.titles()[0].contains("0 of 6 users"), "{:?}", audited.titles());
    assert!(!audited.rules().contains(&"unexpected-membership"), "{:?}", audited.titles());
    assert!(!of_group("AWS-Readers", "DC=example,DC=com").rules().contains(&"people-not-matched"));
}

/// Groups with a group in each: AWS has the inner one's people in the outer one too.
fn nested(groups: usize, people: usize) -> Story {
    let mut story = Story::small();
    for group in 0..groups {
        let (inner, outer) = (format!("Team-{group}"), format!("AWS-{group}"));
        story.group(&inner).group(&outer).hire(&format!("lead{group}"), &[&outer]);
        for person in 0..people {
            story.hire(&format!("member{group}-{person}"), &[&inner]);
        }
        story.nest(&inner, &outer);
    }
    story
}

/// The same, as it is where nested groups do not count: nobody of the inner group is in the outer one.
fn direct(groups: usize, people: usize) -> Story {
    let mut story = nested(groups, people);
    for group in 0..groups {
        for person in 0..people {
            story.aws_member_gone(&format!("AWS-{group}"), &format!("member{group}-{person}"));
        }
    }
    story
}

fn set(story: &Story, nesting: Nesting) -> Audited {
    Audited::of(story).with(|world| world.policy.nesting = Some(nesting))
}

#[test]
fn a_wrong_setting_of_nested_groups_is_one_finding_in_place_of_one_for_each_membership() {
    let flat = set(&nested(4, 5), Nesting::Direct);
    assert_eq!(
        flat.titles(),
        [
            "medium nesting-mismatch: 4 groups look like `nested_groups = \"flatten\"`, not like `direct`, the value in use; 20 memberships depend on it"
        ]
    );
    assert!(!flat.report().verdict.complete());
    let direct = set(&direct(4, 5), Nesting::Flatten);
    assert_eq!(direct.rules(), ["nesting-mismatch"]);
    assert!(
        wording::headline(&direct.report()).starts_with("4 groups look like `nested_groups = \"direct\"`, not like")
    );
    // The right setting has nothing to say.
    assert_eq!(set(&nested(4, 5), Nesting::Flatten).titles(), Vec::<String>::new());
}

#[test]
fn people_whom_only_a_wrong_setting_makes_due_are_not_called_missing() {
    let mut story = direct(4, 5);
    for group in 0..4 {
        for person in 0..5 {
            story.aws_user_gone(&format!("member{group}-{person}"));
            story.aws.groups.remove(&format!("Team-{group}"));
        }
    }
    assert_eq!(set(&story, Nesting::Flatten).rules(), ["nesting-mismatch"]);
}

#[test]
fn what_does_not_depend_on_the_setting_is_found_beside_it() {
    let mut story = nested(4, 5);
    story.aws_member("AWS-0", "bob").directory_person("erik").directory_member("AWS-1", "erik");
    let audited = set(&story, Nesting::Direct);
    assert_eq!(audited.rules(), ["nesting-mismatch", "unexpected-membership", "missing-user"]);
    assert!(audited.titles()[1].contains("`bob@corp.example.com` is in group `AWS-0`"), "{:?}", audited.titles());
}

#[test]
fn a_few_groups_are_no_setting_unless_they_are_large() {
    let few = set(&nested(2, 3), Nesting::Direct);
    assert_eq!(few.rules(), ["unexpected-membership"; 6]);
    assert!(wording::notices(&few.report()).iter().any(|notice| notice.contains("look like `nested_groups")));
    assert_eq!(set(&nested(1, 40), Nesting::Direct).rules(), ["nesting-mismatch"]);

    // Half of them look like the setting.
    let mut mixed = nested(6, 3);
    for group in 0..3 {
        for person in 0..3 {
            mixed.aws_member_gone(&format!("AWS-{group}"), &format!("member{group}-{person}"));
        }
    }
    assert_eq!(set(&mixed, Nesting::Direct).rules(), ["unexpected-membership"; 9]);
}
