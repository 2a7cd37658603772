//! Rows of `people.csv` that cannot be used: nothing is concluded about whatever they may have spoken of.

use crate::story::{Story, sign_in_name};
use crate::support::audited::Audited;

fn audited(story: &Story, people: &str) -> Audited {
    let mut lists = story.expected_files();
    lists.push(("people.csv".to_owned(), format!("user,mail,name,groups,status\n{people}")));
    Audited::from(&story.saved_files(), &lists)
}

#[test]
fn a_refused_row_keeps_the_person_open_by_every_name_and_so_its_groups_and_memberships() {
    let mut story = Story::small();
    story.stranger("zoe").aws_member("AWS-Admins", "zoe").aws_group("AWS-New").aws_member("AWS-Admins", "carol");
    let (zoe, carol) = (sign_in_name("zoe"), sign_in_name("carol"));
    let rows = |status: &str| {
        format!("zz,other@c.x;{zoe},Zoe,AWS-Admins;AWS-New,{status}\nCORP\\{carol},,Carol,AWS-Admins,{status}\n")
    };
    let refused = audited(&story, &rows("activ"));
    assert_eq!(refused.titles(), Vec::<String>::new());
    assert!(!refused.report().verdict.complete());
    assert_eq!(refused.world().expectation.refused.len(), 2, "each row is told once");
}

#[test]
fn a_refused_row_keeps_open_only_what_it_may_have_spoken_of() {
    let mut story = Story::small();
    story.stranger("zoe").aws_group("AWS-New").aws_member("AWS-Admins", "carol");
    let other = audited(&story, &format!("{},,Bob,AWS-Other;AWS-Readers,activ\n", sign_in_name("bob")));
    assert_eq!(other.rules(), ["unexpected-membership", "unexpected-user", "unexpected-group"]);
}
