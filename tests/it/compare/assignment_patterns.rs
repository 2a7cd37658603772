//! Rows of assignments with patterns: accounts by name, by place, all; naming conventions; rows that may be met and
//! rows that have an end.

use rollcall::expect::{self, InputFile, Options};
use rollcall::model::{Kind, StandingWord};

use serde_json::json;

use crate::story::{File, Story, call_line, group, sign_in_name, user};
use crate::support::audited::Audited;

const HEADER: &str = "principal_type,principal,account,permission_set";

/// The names of the units that the accounts lie in.
const UNITS: [(&str, &str); 3] = [("ou-1-prod", "Prod"), ("ou-1-sand", "Sandbox"), ("ou-1-devs", "Dev")];

/// A company in order but for its list of assignments, which is this one; and the places of its accounts.
fn with_rows(story: &Story, rows: &str) -> Audited {
    with_rows_and_units(story, rows, &UNITS)
}

/// The same, of which only these units were asked for their names.
fn with_rows_and_units(story: &Story, rows: &str, units: &[(&str, &str)]) -> Audited {
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| name != "assignments.csv");
    lists.push(("assignments.csv".to_owned(), rows.to_owned()));
    let mut saved = story.saved_files();
    let places = [
        ("management", "o-1/r-1/123456789012/"),
        ("prod", "o-1/r-1/ou-1-prod/222233334444/"),
        ("dev", "o-1/r-1/ou-1-sand/ou-1-devs/333344445555/"),
    ];
    for file in &mut saved {
        for (key, place) in places {
            let account = format!("\"Email\": \"{key}@");
            file.text = file.text.replace(&account, &format!("\"Paths\": [\"{place}\"], {account}"));
        }
    }
    for (id, name) in units {
        let (file, parameters) = (format!("{id}.json"), json!({ "OrganizationalUnitId": id }));
        let line = call_line("organizations describe-organizational-unit", &parameters, None, 0, &file);
        saved.last_mut().expect("the list of calls is the last file").text += &format!("{line}\n");
        let text = json!({"OrganizationalUnit": {"Id": id, "Name": name}}).to_string();
        saved.insert(0, File { name: file, text });
    }
    Audited::from(&saved, &lists)
}

/// A company whose readers may read everywhere.
fn readers_everywhere() -> Story {
    let mut story = Story::small();
    story.lists.assignments = Some(std::collections::BTreeSet::new());
    story.aws.assignments.clear();
    story.grant_in_aws_everywhere("AWS-Readers", "ReadOnly");
    story
}

fn standings(audited: &Audited, kind: Kind) -> Vec<(StandingWord, usize)> {
    audited.report().counts[&kind].iter().map(|(word, count)| (*word, *count)).collect()
}

#[test]
fn a_star_means_every_account() {
    let audited = with_rows(&readers_everywhere(), &format!("{HEADER}\ngroup,AWS-Readers,*,ReadOnly\n"));
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(standings(&audited, Kind::Assignment), [(StandingWord::Expected, 3)]);
}

#[test]
fn a_row_means_accounts_by_name_and_no_others() {
    let rows = format!("{HEADER}\ngroup,AWS-Readers,acme prod*,ReadOnly\ngroup,AWS-Readers,Acme Management,ReadOnly\n");
    let titles = with_rows(&readers_everywhere(), &rows).titles();
    assert_eq!(titles.len(), 1, "{titles:?}");
    assert!(titles[0].contains("`ReadOnly` in `Acme Development`"), "{titles:?}");
}

#[test]
fn a_row_means_accounts_by_their_place_in_the_organization() {
    let rows = format!("{HEADER}\ngroup,AWS-Readers,ou:/prod,ReadOnly\ngroup,AWS-Readers,ou:/Sandbox/*,ReadOnly\n");
    let titles = with_rows(&readers_everywhere(), &rows).titles();
    assert_eq!(titles.len(), 1, "{titles:?}");
    assert!(titles[0].contains("`ReadOnly` in `Acme Management`"), "{titles:?}");
}

#[test]
fn a_unit_is_called_by_its_id_whether_its_name_is_known_or_not() {
    let rows =
        format!("{HEADER}\ngroup,AWS-Readers,ou:/ou-1-prod,ReadOnly\ngroup,AWS-Readers,ou:/ou-1-sand/*,ReadOnly\n");
    for units in [&UNITS[..], &[]] {
        let titles = with_rows_and_units(&readers_everywhere(), &rows, units).titles();
        assert_eq!(titles.len(), 1, "{titles:?}");
        assert!(titles[0].contains("`ReadOnly` in `Acme Management`"), "{titles:?}");
    }
}

#[test]
fn a_name_of_a_unit_that_nobody_asked_for_leaves_a_gap_and_no_finding_where_it_may_matter() {
    let rows = format!("{HEADER}\ngroup,AWS-Readers,ou:/Prod,ReadOnly\ngroup,AWS-Readers,ou:/Sandbox/*,ReadOnly\n");
    let audited = with_rows_and_units(&readers_everywhere(), &rows, &UNITS[..1]);
    assert_eq!(audited.titles(), Vec::<String>::new());
    let expected = [(StandingWord::Expected, 1), (StandingWord::Unknown, 2)];
    assert_eq!(standings(&audited, Kind::Assignment), expected);
    assert!(
        audited.gaps().iter().any(|gap| gap.contains("not all names that it refers to could be read")),
        "{:?}",
        audited.gaps()
    );
}

#[test]
fn a_place_that_nobody_knows_leaves_a_gap_and_no_finding() {
    let story = readers_everywhere();
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| name != "assignments.csv");
    lists.push(("assignments.csv".to_owned(), format!("{HEADER}\ngroup,AWS-Readers,ou:/Prod/*,ReadOnly\n")));
    let audited = Audited::from(&story.saved_files(), &lists);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(standings(&audited, Kind::Assignment), [(StandingWord::Unknown, 3)]);
    assert!(!audited.report().verdict.complete());
}

#[test]
fn a_pattern_that_fits_no_account_is_reported() {
    let rows = format!("{HEADER}\ngroup,AWS-Readers,*,ReadOnly\ngroup,AWS-Readers,gone-*,ReadOnly\n");
    assert_eq!(
        with_rows(&readers_everywhere(), &rows).titles(),
        ["info unused-row: The row at `assignments.csv:3` matches nothing that exists"]
    );
}

#[test]
fn what_may_come_and_go_is_neither_missing_nor_unexpected() {
    let mut story = readers_everywhere();
    let rows = format!("{HEADER},presence\ngroup,AWS-Readers,*,ReadOnly,required\ngroup,AWS-Admins,*,Admin,allowed\n");
    assert_eq!(with_rows(&story, &rows).titles(), Vec::<String>::new());
    story.aws_grant(group("AWS-Admins"), "Admin", "prod");
    assert_eq!(with_rows(&story, &rows).titles(), Vec::<String>::new());
}

#[test]
fn whoever_is_only_allowed_something_need_not_be_a_user() {
    let mut story = readers_everywhere();
    story.directory_person("eve");
    let rows = |presence: &str| {
        let eve = sign_in_name("eve");
        format!("{HEADER},presence\ngroup,AWS-Readers,*,ReadOnly,\nuser,{eve},222233334444,Admin,{presence}\n")
    };
    assert_eq!(with_rows(&story, &rows("allowed")).titles(), Vec::<String>::new());
    assert!(with_rows(&story, &rows("required")).rules().contains(&"missing-user"));
}

#[test]
fn a_row_holds_through_its_last_day_and_no_longer() {
    let rows = |day: &str| format!("{HEADER},expires\ngroup,AWS-Readers,*,ReadOnly,{day}\n");
    let story = readers_everywhere();
    assert_eq!(with_rows(&story, &rows("2026-11-20")).titles(), Vec::<String>::new());
    let titles = with_rows(&story, &rows("2026-11-19")).titles();
    assert_eq!(titles.len(), 3);
    let said = "Group `AWS-Readers` still has `ReadOnly` in `Acme Development` (333344445555), but the row that expected it \
                has expired";
    assert!(titles.iter().any(|title| title.ends_with(said)), "{titles:?}");
}

/// A company whose groups are called after what they give.
fn by_convention() -> Story {
    let mut story = Story::small();
    story.lists.assignments = Some(std::collections::BTreeSet::new());
    story.aws.assignments.clear();
    for (name, set, account) in
        [("AWS-222233334444-ReadOnly", "ReadOnly", "prod"), ("AWS-Acme Development-Admin", "Admin", "dev")]
    {
        story.group(name).hire(&format!("in.{}", account), &[name]);
        story.aws_grant(group(name), set, account);
    }
    story
}

#[test]
fn a_naming_convention_expects_what_the_names_of_groups_say() {
    let rows = format!("{HEADER}\ngroup,AWS-{{account}}-{{permission_set}},{{account}},{{permission_set}}\n");
    let mut story = by_convention();
    let audited = with_rows(&story, &rows);
    assert_eq!(audited.titles(), Vec::<String>::new());
    assert_eq!(standings(&audited, Kind::Assignment), [(StandingWord::Expected, 2)]);
    story.aws_grant(group("AWS-222233334444-ReadOnly"), "Admin", "prod");
    assert_eq!(with_rows(&story, &rows).titles().len(), 1);
}

#[test]
fn a_group_that_the_convention_expects_and_identity_center_lacks_is_one_finding() {
    let rows = format!("{HEADER}\ngroup,AWS-{{account}}-{{permission_set}},{{account}},{{permission_set}}\n");
    let mut story = by_convention();
    story.aws.assignments.retain(|one| one.account != "dev");
    story.aws.groups.remove("AWS-Acme Development-Admin");
    assert_eq!(
        with_rows(&story, &rows).titles(),
        ["low missing-group: Group `AWS-Acme Development-Admin` is missing in Identity Center"]
    );
}

#[test]
fn a_name_that_can_be_read_in_two_ways_is_no_guess() {
    let rows = format!("{HEADER}\ngroup,{{account}}-{{permission_set}},{{account}},{{permission_set}}\n");
    let mut story = Story::small();
    story.lists.assignments = Some(std::collections::BTreeSet::new());
    story.aws.assignments.clear();
    story.account("a", "444444444444", "x").account("b", "555555555555", "x-y");
    story.permission_set("y-z", "ReadOnlyAccess").permission_set("z", "ReadOnlyAccess");
    story.group("x-y-z").hire("eve", &["x-y-z"]).aws_grant(group("x-y-z"), "z", "b");
    let audited = with_rows(&story, &rows);
    // `AWS-Admins` and `AWS-Readers` fit it too, and `AWS` is no account: that is one row's matter.
    assert_eq!(audited.rules(), ["unused-row"]);
    assert_eq!(standings(&audited, Kind::Assignment), [(StandingWord::Unknown, 1)]);
}

#[test]
fn a_row_that_cannot_be_used_says_why() {
    let row = |cells: &str| format!("{HEADER},presence,expires\n{cells}\n");
    let reason = |cells: &str| {
        let text = row(cells);
        let file = InputFile { name: "assignments.csv", bytes: text.as_bytes(), modified: None };
        let records = expect::read(&[file], &Options::default()).expect("a list");
        records.refusals.first().map(|refused| refused.reason.clone()).unwrap_or_default()
    };
    for (cells, said) in [
        ("group,A,{acount},R,,", "`account`: `{acount}` has an unknown placeholder; only `{account}` is known"),
        ("group,A,{account},R,,", "`{account}` must be in both the group name and `account`, or in neither"),
        ("group,A-{account},1*,R,,", "`{account}` must be in both the group name and `account`, or in neither"),
        (
            "group,A-{team},*,R,,",
            "`principal` has an unknown placeholder; only `{account}` and `{permission_set}` are known",
        ),
        (
            "group,A-{permission_set},*,R,,",
            "`{permission_set}` must be in both the group name and `permission_set`, or in neither",
        ),
        ("group,A,ou:,R,,", "`account`: `ou:` names no organizational unit; write `ou:/Prod/*`"),
        ("group,A,*,R,maybe,", "`presence` is `maybe`; it must be `required` or `allowed`"),
        ("group,A,*,R,,31.3.2027", "`expires` is `31.3.2027`, which is not a date; write it as `2027-03-31`"),
    ] {
        assert_eq!(reason(cells), said, "{cells}");
    }
    assert_eq!(reason("user,a{b}@example.com,*,R,,"), "", "a user's name may hold anything");
}

#[test]
fn rows_without_a_reviewer_are_counted_on_page_one() {
    let rows = format!("{HEADER},reviewed_by\ngroup,AWS-Readers,*,ReadOnly,\n");
    let story = readers_everywhere();
    let audited = with_rows(&story, &rows);
    let notices = rollcall::wording::notices(&audited.report());
    assert!(
        notices.iter().any(|notice| notice.starts_with("1 row in expected lists without a reviewer")),
        "{notices:?}"
    );
    let reviewed = with_rows(&story, &rows.replace("ReadOnly,\n", "ReadOnly,ciso\n"));
    assert!(!rollcall::wording::notices(&reviewed.report()).iter().any(|notice| notice.contains("reviewed")));
}

#[test]
fn a_row_for_a_user_counts_in_every_account_too() {
    let mut story = readers_everywhere();
    story.hire("dora", &["AWS-Readers"]).aws_grant(user("dora"), "ReadOnly", "dev");
    let rows = format!("{HEADER}\ngroup,AWS-Readers,*,ReadOnly\nuser,dora@corp.example.com,*dev*,ReadOnly\n");
    assert_eq!(with_rows(&story, &rows).titles(), Vec::<String>::new());
}

/// These lists of assignments against a company whose production account has this state.
fn in_state(story: &Story, rows: &str, state: &str) -> Audited {
    let mut lists = story.expected_files();
    lists.retain(|(name, _)| name != "assignments.csv");
    lists.push(("assignments.csv".to_owned(), rows.to_owned()));
    let mut saved = story.saved_files();
    let listed = saved.iter_mut().find(|file| file.text.contains("\"Accounts\"")).expect("the accounts");
    let mut answer: serde_json::Value = serde_json::from_str(&listed.text).expect("JSON");
    for account in answer["Accounts"].as_array_mut().expect("a list") {
        if account["Id"] == "222233334444" {
            account["State"] = state.into();
        }
    }
    listed.text = answer.to_string();
    Audited::from(&saved, &lists)
}

#[test]
fn patterns_and_names_demand_nothing_in_an_account_that_is_out_of_use() {
    let mut story = readers_everywhere();
    story.aws_grant_gone(group("AWS-Readers"), "ReadOnly", "prod");
    let missing = ["missing-assignment"];
    for account in ["*", "Acme*", "Acme Production"] {
        let others = if account == "Acme Production" { "group,AWS-Readers,*,ReadOnly,allowed\n" } else { "" };
        let rows = format!("{HEADER},presence\ngroup,AWS-Readers,{account},ReadOnly,\n{others}");
        for state in ["SUSPENDED", "PENDING_CLOSURE", "PENDING_ACTIVATION", "CLOSED"] {
            let found = in_state(&story, &rows, state).rules();
            assert_eq!(found, Vec::<&str>::new(), "{account} {state}");
        }
        assert_eq!(in_state(&story, &rows, "ACTIVE").rules(), missing, "{account}");
    }
    let by_id =
        format!("{HEADER},presence\ngroup,AWS-Readers,222233334444,ReadOnly,\ngroup,AWS-Readers,*,ReadOnly,allowed\n");
    assert_eq!(in_state(&story, &by_id, "SUSPENDED").rules(), missing, "a row that names the account itself");
}

#[test]
fn what_an_account_out_of_use_still_has_is_expected_as_before() {
    let rows = format!("{HEADER}\ngroup,AWS-Readers,*,ReadOnly\n");
    let audited = in_state(&readers_everywhere(), &rows, "SUSPENDED");
    assert_eq!(audited.rules(), Vec::<&str>::new());
    assert_eq!(standings(&audited, Kind::Assignment), [(StandingWord::Expected, 3)]);
}

#[test]
fn a_convention_means_the_successor_of_a_closed_account_of_the_same_name() {
    let rows = format!("{HEADER}\ngroup,AWS-{{account}}-{{permission_set}},{{account}},{{permission_set}}\n");
    let mut story = Story::small();
    story.lists.assignments = Some(std::collections::BTreeSet::new());
    story.aws.assignments.clear();
    story.account("new", "555566667777", "Acme Production");
    let name = "AWS-Acme Production-Admin";
    story.group(name).hire("pia", &[name]).aws_grant(group(name), "Admin", "new");
    assert_eq!(in_state(&story, &rows, "SUSPENDED").rules(), Vec::<&str>::new());
    // What the closed one still has is expected too.
    story.aws_grant(group(name), "Admin", "prod");
    assert_eq!(in_state(&story, &rows, "SUSPENDED").rules(), Vec::<&str>::new());
    // Two that are in use leave it open which one is meant.
    let both = in_state(&story, &rows, "ACTIVE");
    assert_eq!(both.rules(), Vec::<&str>::new());
    assert_eq!(standings(&both, Kind::Assignment), [(StandingWord::Unknown, 2)]);
    let said = "several accounts have the name that is in `AWS-Acme Production-Admin`";
    assert!(both.gaps().iter().any(|gap| gap.contains(said)), "{:?}", both.gaps());
    story.aws_grant_gone(group(name), "Admin", "new");
    assert_eq!(in_state(&story, &rows, "SUSPENDED").rules(), ["missing-assignment"], "the successor lacks it");
}

#[test]
fn a_row_for_every_account_demands_no_entitlement_in_an_account_that_is_out_of_use() {
    let mut story = readers_everywhere();
    for account in ["management", "prod", "dev"] {
        story.entitling_role(account, "Operator");
        if account != "prod" {
            story.aws_entitle(group("AWS-Readers"), "Operator", account);
        }
    }
    story.lists.entitlements = Some(std::collections::BTreeMap::new());
    let rows = format!("{HEADER}\ngroup,AWS-Readers,*,ReadOnly\n");
    let found = |state: &str| {
        let mut lists = story.expected_files();
        lists.retain(|(name, _)| name != "assignments.csv" && name != "entitlements.csv");
        lists.push(("assignments.csv".to_owned(), rows.clone()));
        let entitlements = "principal_type,principal,account,role\ngroup,AWS-Readers,*,Operator\n";
        lists.push(("entitlements.csv".to_owned(), entitlements.to_owned()));
        let mut saved = story.saved_files();
        for file in saved.iter_mut().filter(|file| file.text.contains("\"Accounts\"")) {
            let mut answer: serde_json::Value = serde_json::from_str(&file.text).expect("JSON");
            for account in answer["Accounts"].as_array_mut().expect("a list") {
                if account["Id"] == "222233334444" {
                    account["State"] = state.into();
                }
            }
            file.text = answer.to_string();
        }
        Audited::from(&saved, &lists).rules()
    };
    assert_eq!(found("ACTIVE"), ["missing-entitlement"]);
    assert_eq!(found("SUSPENDED"), Vec::<&str>::new());
}
