//! What becomes administrative behind an expected name is a finding, in every run until a row approves it.

use rollcall::model::Earlier;
use rollcall::wording;
use serde_json::json;

use crate::story::{Story, group};
use crate::support::audited::{Audited, left_by};

/// The run of a story after an earlier one, and what it leaves.
fn run(story: &Story, earlier: Option<Earlier>) -> (Vec<String>, Earlier) {
    let audited = Audited::of(story).with(|world| world.earlier = earlier);
    (audited.titles(), left_by(&audited.report()))
}

/// What is found when a story grows, in the first run after that and in the next one.
fn after(before: &Story, grown: &Story) -> [Vec<String>; 2] {
    let (_, left) = run(before, None);
    let (first, left) = run(grown, Some(left));
    let (second, _) = run(grown, Some(left));
    [first, second]
}

fn everything() -> String {
    json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}).to_string()
}

fn none() -> Vec<String> {
    Vec::new()
}

/// A permission set whose name says that it is administrative, and that is not.
fn called_admin() -> Story {
    let mut story = Story::small();
    story.permission_set("BillingAdmin", "ReadOnlyAccess").grant(group("AWS-Readers"), "BillingAdmin", "dev");
    story
}

/// The folder of lists with a row for each permission set.
fn listed(story: &Story, row: &str) -> Vec<(String, String)> {
    let mut files = story.expected_files();
    let rows = format!("name,administrative\nAdmin,yes\nReadOnly,no\nAudit,no\nBillingAdmin,{row}\n");
    files.push(("permission-sets.csv".to_owned(), rows));
    files
}

#[test]
fn a_permission_set_that_became_administrative_is_reported_until_its_row_approves_it() {
    let (before, mut grown) = (called_admin(), called_admin());
    grown.permission_set_grows("BillingAdmin", &everything());
    let run = |story: &Story, row: &str, earlier: Option<Earlier>| {
        let audited = Audited::from(&story.saved_files(), &listed(story, row)).with(|world| world.earlier = earlier);
        (audited.titles(), left_by(&audited.report()))
    };
    let (first, left) = run(&before, "", None);
    assert_eq!(first, none());
    // Without an earlier run, the name says what it is.
    assert_eq!(run(&grown, "", None).0, none());
    let found = [
        "critical differing-permission-set: Permission set `BillingAdmin` makes its holders administrators; its row does not approve this",
    ];
    let (second, left) = run(&grown, "", Some(left));
    assert_eq!(second, found);
    let (third, left) = run(&grown, "", Some(left));
    assert_eq!(third, found);
    let (approved, left) = run(&grown, "yes", Some(left));
    assert_eq!(approved, none());
    assert_eq!(run(&grown, "yes", Some(left)).0, none());
}

#[test]
fn without_a_list_of_permission_sets_one_that_became_administrative_is_reported() {
    let (before, mut grown) = (called_admin(), called_admin());
    grown.permission_set_grows("BillingAdmin", &everything());
    let found = vec![
        "critical unlisted-administrative-access: Permission set `BillingAdmin` became administrative; no expected list says what it may allow"
            .to_owned(),
    ];
    assert_eq!(after(&before, &grown), [found.clone(), found]);
    assert_eq!(after(&grown, &grown), [none(), none()]);
}

#[test]
fn a_user_whose_boundary_ended_is_reported_although_its_row_names_the_policy() {
    let mut before = Story::small();
    before.iam_user("prod", "svc-deploy", &["AdministratorAccess"], "alice");
    let mut grown = before.clone();
    before
        .change("prod", "svc-deploy", |user| user.boundary = Some("arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned()));
    let found = vec![
        "critical differing-policy: IAM user `svc-deploy` in `Acme Production` (222233334444) is an administrator; its row does not approve this"
            .to_owned(),
    ];
    assert_eq!(after(&before, &grown), [found.clone(), found]);
    let rows = grown.lists.iam_users.as_mut().unwrap();
    rows.values_mut().for_each(|row| row.administrative = "yes".to_owned());
    assert_eq!(after(&before, &grown), [none(), none()]);
}

#[test]
fn a_trusted_role_that_is_administrative_is_reported_although_its_row_accepts_the_conditions() {
    let mut before = Story::small();
    before.role_for("prod", "vendor", "999988887777").expect_trust("prod", "vendor", "999988887777");
    let mut grown = before.clone();
    grown.attach_to_role("prod", "vendor", "AdministratorAccess");
    let found = vec![
        "high outside-trust: Role `vendor` in `Acme Production` (222233334444) trusts an external principal (`999988887777`); its row does not approve that the role is administrative"
            .to_owned(),
    ];
    assert_eq!(after(&before, &grown), [found.clone(), found.clone()]);
    let audited = Audited::of(&grown).with(|world| world.earlier = Some(run(&before, None).1));
    let report = audited.report();
    let evidence = report.open().flat_map(|finding| &finding.evidence);
    let said: Vec<String> = evidence.map(|piece| wording::evidence(audited.world(), piece)).collect();
    assert!(said.contains(&"To approve it as it is, a row needs `yes` in `administrative`".to_owned()), "{said:?}");
    // Also if it was so from the first run on.
    assert_eq!(after(&grown, &grown), [found.clone(), found]);
}

#[test]
fn what_is_harmless_again_is_found_again_when_it_grows_again() {
    let (before, mut grown) = (called_admin(), called_admin());
    grown.permission_set_grows("BillingAdmin", &everything());
    let (_, left) = run(&before, None);
    let (_, left) = run(&grown, Some(left));
    let (calm, left) = run(&before, Some(left));
    assert_eq!(calm, none());
    assert_eq!(run(&grown, Some(left)).0.len(), 1);
}

#[test]
fn the_role_of_an_entitlement_that_is_administrative_is_reported() {
    let mut before = Story::small();
    before.entitling_role("prod", "Developer");
    before.aws_entitle(group("AWS-Readers"), "Developer", "prod");
    before.expect_entitlement(group("AWS-Readers"), "Developer", "prod");
    let mut grown = before.clone();
    grown.attach_to_role("prod", "Developer", "AdministratorAccess");
    let found = vec![
        "high unexpected-entitlement: Group `AWS-Readers` is entitled to role `Developer` in `Acme Production` (222233334444), which is administrative; its row does not approve that"
            .to_owned(),
    ];
    assert_eq!(after(&before, &grown), [found.clone(), found.clone()]);
    assert_eq!(after(&grown, &grown), [found.clone(), found]);
}
