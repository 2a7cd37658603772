//! Whether a row approves what may be administrative: by saying so, or by the digest of what is there now.

use serde_json::json;

use crate::story::{Story, group};
use crate::support::audited::Audited;

/// Lists with a column more in one of them: each row has this cell in it.
fn with_column(lists: Vec<(String, String)>, list: &str, column: &str, cell: &str) -> Vec<(String, String)> {
    let widened = |text: String| -> String {
        let end = |number| if number == 0 { column } else { cell };
        text.lines().enumerate().map(|(number, line)| format!("{line},{}\n", end(number))).collect()
    };
    lists.into_iter().map(|(name, text)| if name == list { (name, widened(text)) } else { (name, text) }).collect()
}

/// What is found, and whether something was not told, of a story with such a column.
fn judged(story: &Story, list: &str, column: &str, cell: &str) -> (Vec<&'static str>, Vec<String>) {
    let audited = Audited::from(&story.saved_files(), &with_column(story.expected_files(), list, column, cell));
    (audited.rules(), audited.gaps())
}

fn nothing() -> (Vec<&'static str>, Vec<String>) {
    (Vec::new(), Vec::new())
}

/// The digest that a gap gives.
fn digest_in(gap: &str) -> String {
    gap.rsplit_once("its digest is `").expect("a digest is given").1.trim_end_matches('`').to_owned()
}

/// A story whose list lacks what approves something of which nobody can say whether it is administrative.
fn needs_approval(story: &Story, list: &str, unseen: &str) {
    let (rules, gaps) = judged(story, list, "ticket", "");
    assert_eq!(rules, Vec::<&str>::new());
    let [gap] = gaps.as_slice() else { panic!("one gap: {gaps:?}") };
    assert!(
        gap.starts_with(&format!("whether {unseen} is administrative: `{list}` in account 222233334444: ")),
        "{gap}"
    );
    let audited = Audited::of(story);
    assert!(!audited.report().verdict.complete());
    let digest = digest_in(gap);
    assert_eq!(judged(story, list, "administrative", "yes"), nothing());
    assert_eq!(judged(story, list, "administrative", "no"), (Vec::new(), gaps.clone()));
    assert_eq!(judged(story, list, "digest", &digest), nothing());
    let (rules, gaps) = judged(story, list, "digest", &"0".repeat(64));
    assert_eq!((rules.len(), gaps), (1, Vec::new()), "{rules:?}");
}

#[test]
fn an_iam_user_who_may_be_an_administrator_needs_a_row_that_approves_it() {
    let document = json!({"Statement": {"Effect": "Allow", "Action": "codebuild:StartBuild", "Resource": "*"}});
    let mut story = Story::small();
    story.iam_user("prod", "svc-build", &[], "alice");
    story.change("prod", "svc-build", |user| _ = user.inline.insert("builds".to_owned(), document.to_string()));
    for row in story.lists.iam_users.as_mut().unwrap().values_mut().filter(|row| row.policies.is_empty()) {
        row.policies = vec!["inline:builds".to_owned()];
    }
    story.lists.iam_users.as_mut().unwrap().retain(|(_, name), _| name == "svc-build");
    story.aws.iam.get_mut("dev").unwrap().clear();
    needs_approval(&story, "iam-users.csv", "IAM user `svc-build`");
}

#[test]
fn a_row_that_names_a_policy_of_aws_approves_what_that_allows() {
    let mut story = Story::small();
    story.iam_user("prod", "svc-ops", &["job-function/SystemAdministrator"], "alice");
    for row in story.lists.iam_users.as_mut().unwrap().values_mut() {
        row.policies.iter_mut().for_each(|policy| *policy = policy.rsplit('/').next().unwrap().to_owned());
    }
    let audited = Audited::of(&story);
    assert_eq!((audited.rules(), audited.gaps()), nothing());
}

#[test]
fn a_trusted_role_that_may_be_administrative_needs_a_row_that_approves_it() {
    let mut story = Story::small();
    story.role_for("prod", "vendor", "999988887777").attach_to_role(
        "prod",
        "vendor",
        "job-function/SystemAdministrator",
    );
    story.expect_trust("prod", "vendor", "999988887777");
    needs_approval(&story, "trusts.csv", "role `vendor`");
}

#[test]
fn the_role_of_an_entitlement_that_may_be_administrative_needs_a_row_that_approves_it() {
    let mut story = Story::small();
    story.entitling_role("prod", "Operator").attach_to_role("prod", "Operator", "job-function/SystemAdministrator");
    story.aws_entitle(group("AWS-Readers"), "Operator", "prod");
    story.expect_entitlement(group("AWS-Readers"), "Operator", "prod");
    needs_approval(&story, "entitlements.csv", "role `Operator`");
}

#[test]
fn a_row_that_says_no_does_not_expect_an_administrative_role() {
    let mut story = Story::small();
    story.role_for("prod", "vendor", "999988887777").attach_to_role("prod", "vendor", "AdministratorAccess");
    story.expect_trust("prod", "vendor", "999988887777");
    story.entitling_role("prod", "Operator").attach_to_role("prod", "Operator", "AdministratorAccess");
    story.aws_entitle(group("AWS-Readers"), "Operator", "prod");
    story.expect_entitlement(group("AWS-Readers"), "Operator", "prod");
    for (no, yes, rule) in [
        ("trusts.csv", "entitlements.csv", "outside-trust"),
        ("entitlements.csv", "trusts.csv", "unexpected-entitlement"),
    ] {
        let approved = with_column(story.expected_files(), yes, "administrative", "yes");
        for cell in ["no", ""] {
            let lists = with_column(approved.clone(), no, "administrative", cell);
            assert_eq!(Audited::from(&story.saved_files(), &lists).rules(), [rule], "{no}: {cell}");
        }
        let lists = with_column(approved, no, "administrative", "yes");
        assert_eq!(Audited::from(&story.saved_files(), &lists).rules(), Vec::<&str>::new());
    }
}

/// The gaps where `entitlements.csv` has these rows for one administrative role, and whether it is a finding.
fn entitled_by(rows: &[&str]) -> (Vec<&'static str>, Vec<String>) {
    let mut story = Story::small();
    story.entitling_role("prod", "Operator").attach_to_role("prod", "Operator", "AdministratorAccess");
    story.aws_entitle(group("AWS-Readers"), "Operator", "prod");
    let header = "principal_type,principal,account,role,expires,administrative,digest,reviewed_by";
    let rows: String = [&[header], rows].concat().iter().map(|row| format!("{row}\n")).collect();
    let mut lists = story.expected_files();
    lists.push(("entitlements.csv".to_owned(), rows));
    let audited = Audited::from(&story.saved_files(), &lists);
    (audited.rules(), audited.gaps())
}

#[test]
fn rows_of_entitlements_that_contradict_each_other_are_not_in_order() {
    let yes = "group,AWS-Readers,222233334444,Operator,,yes,,ciso";
    let no = "group,AWS-Readers,222233334444,Operator,,no,,ciso";
    let refused = |line: u32| {
        format!(
            "the accounts that a row means: `entitlements.csv`: line {line} was refused: it contradicts line {}, which is about \
             the same; leave one of the two out",
            line - 1
        )
    };
    assert_eq!(entitled_by(&[yes]), nothing());
    assert_eq!(entitled_by(&[yes, yes]), nothing());
    assert_eq!(entitled_by(&[yes, no]), (Vec::new(), vec![refused(3)]));
    assert_eq!(entitled_by(&[no, yes]), (vec!["unexpected-entitlement"], vec![refused(3)]));
    // The same in a row for all accounts, and in another way to write the group.
    let for_all = "group,aws-readers,*,operator,,no,,ciso";
    assert_eq!(entitled_by(&[yes, for_all]), (Vec::new(), vec![refused(3)]));
    // What has expired approves nothing, and what approves nothing contradicts nothing.
    let expired = "group,AWS-Readers,222233334444,Operator,2026-01-01,no,,ciso";
    let silent = "group,AWS-Readers,222233334444,Operator,,,,ciso";
    assert_eq!([entitled_by(&[expired, yes]), entitled_by(&[silent, yes])], [nothing(), nothing()]);
}
