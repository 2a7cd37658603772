//! A row that names a policy means what AWS keeps under that name; what another policy of that name allows, no name says.

use rollcall::model::{IamPolicy, IamUser, Naming, PolicyCell, PolicyWay};
use rollcall::wording;
use serde_json::{Value, json};

use crate::story::{IamRow, Story};
use crate::support::audited::Audited;

const NAME: &str = "AmazonS3ReadOnlyAccess";

/// A small company, and what happens to the one IAM user, whose row names a policy of AWS.
fn story(happens: impl FnOnce(&mut Story)) -> Story {
    let mut story = Story::small();
    happens(&mut story);
    story
}

fn titles(happens: impl FnOnce(&mut Story)) -> Vec<String> {
    Audited::of(&story(happens)).titles()
}

fn evidence(story: &Story) -> Vec<String> {
    let audited = Audited::of(story);
    let report = audited.report();
    let evidence = report.open().flat_map(|finding| &finding.evidence);
    evidence.map(|piece| wording::evidence(audited.world(), piece)).collect()
}

fn allows(action: &str) -> Value {
    json!({"Statement": {"Effect": "Allow", "Action": action, "Resource": "*"}})
}

/// In place of the policy of AWS, the user has an inline one.
fn inline(story: &mut Story, name: &str, document: &Value) {
    story.change("dev", "svc-backup", |user| {
        user.attached.clear();
        user.inline.insert(name.to_owned(), document.to_string());
    });
}

/// In place of the policy of AWS, the user has one that the account keeps.
fn of_account(story: &mut Story, name: &str, document: &Value) {
    story.managed_policy("dev", name, document);
    story.change("dev", "svc-backup", |user| user.attached = vec![format!("arn:aws:iam::333344445555:policy/{name}")]);
}

fn row(story: &mut Story, change: impl FnOnce(&mut IamRow)) {
    change(story.lists.iam_users.as_mut().unwrap().values_mut().next().unwrap());
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn an_inline_policy_with_the_name_of_one_of_aws_is_not_that_one() {
    let happens = |story: &mut Story| inline(story, NAME, &allows("*"));
    assert_eq!(
        titles(happens),
        [
            "high differing-policy: IAM user `svc-backup` in `Acme Development` (333344445555) has a policy `AmazonS3ReadOnlyAccess` that is not the AWS managed policy in its row"
        ]
    );
    let said = evidence(&story(happens));
    assert!(said.contains(&"Administrative: `AmazonS3ReadOnlyAccess` allows everything".to_owned()), "{said:?}");
    let cell = "To approve it as it is, a row needs `inline:AmazonS3ReadOnlyAccess` in `policies`";
    assert!(said.contains(&cell.to_owned()), "{said:?}");
}

#[test]
fn a_policy_of_the_account_with_the_name_of_one_of_aws_is_not_that_one() {
    let found = titles(|story| of_account(story, NAME, &allows("*")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("high differing-policy: "), "{found:?}");
    // Harmless or not: it is not what the row names.
    let found = titles(|story| of_account(story, NAME, &allows("s3:GetObject")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("medium differing-policy: "), "{found:?}");
}

#[test]
fn a_row_says_which_sort_of_policy_it_means() {
    let with = |cell: &'static str, happens: &dyn Fn(&mut Story)| {
        titles(|story| {
            row(story, |row| row.policies = vec![cell.to_owned()]);
            happens(story);
        })
    };
    let written = |story: &mut Story| inline(story, NAME, &allows("s3:GetObject"));
    let kept = |story: &mut Story| of_account(story, NAME, &allows("s3:GetObject"));
    let of_aws = |_: &mut Story| {};
    assert_eq!(with("inline:AmazonS3ReadOnlyAccess", &written), none());
    assert_eq!(with("customer-managed:AmazonS3ReadOnlyAccess", &kept), none());
    assert_eq!(with("aws-managed:AmazonS3ReadOnlyAccess", &of_aws), none());
    assert_eq!(with("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", &of_aws), none());
    for (cell, happens) in [
        ("inline:AmazonS3ReadOnlyAccess", &kept as &dyn Fn(&mut Story)),
        ("customer-managed:AmazonS3ReadOnlyAccess", &of_aws),
        ("aws-managed:AmazonS3ReadOnlyAccess", &written),
        ("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", &kept),
    ] {
        let rules: Vec<String> =
            with(cell, happens).iter().map(|title| title.split(':').next().unwrap().into()).collect();
        assert_eq!(rules, ["medium unexpected-policy", "low missing-policy"], "{cell}");
    }
}

#[test]
fn a_name_of_no_policy_of_aws_means_any_policy_of_that_name_that_makes_no_administrator() {
    let with = |action: &str, change: &dyn Fn(&mut IamRow)| {
        titles(|story| {
            row(story, |row| row.policies = vec!["backup".to_owned()]);
            row(story, change);
            inline(story, "backup", &allows(action));
        })
    };
    assert_eq!(with("s3:*", &|_| ()), none());
    assert_eq!(
        with("iam:*", &|_| ()),
        [
            "critical differing-policy: IAM user `svc-backup` in `Acme Development` (333344445555) is an administrator; its row does not approve this"
        ]
    );
    assert_eq!(with("iam:*", &|row| row.administrative = "yes".to_owned()), none());
    let said_no = with("iam:*", &|row| row.administrative = "no".to_owned());
    assert!(said_no[0].ends_with("differ from what was approved"), "{said_no:?}");
}

#[test]
fn what_several_named_policies_allow_together_counts() {
    let found = titles(|story| {
        row(story, |row| row.policies = vec!["passing".to_owned(), "running".to_owned()]);
        inline(story, "passing", &allows("iam:PassRole"));
        inline(story, "running", &allows("ec2:RunInstances"));
    });
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with("is an administrator; its row does not approve this"), "{found:?}");
}

#[test]
fn a_policy_of_aws_that_a_row_names_is_approved_by_its_name() {
    let found = titles(|story| {
        row(story, |row| row.policies = vec!["AdministratorAccess".to_owned(), "backup".to_owned()]);
        inline(story, "backup", &allows("*"));
        story.attach("dev", "svc-backup", "AdministratorAccess");
    });
    assert_eq!(found, none());
}

#[test]
fn a_row_that_says_that_a_user_is_no_administrator_is_held_to_it() {
    let found = titles(|story| {
        row(story, |row| {
            row.policies = vec!["AdministratorAccess".to_owned()];
            row.administrative = "no".to_owned();
        });
        story.change("dev", "svc-backup", |user| user.attached.clear());
        story.attach("dev", "svc-backup", "AdministratorAccess");
    });
    assert_eq!(found.len(), 1, "{found:?}");
    let audited = Audited::of(&story(|story| {
        row(story, |row| {
            row.policies = vec!["running".to_owned()];
            row.administrative = "no".to_owned();
        });
        inline(story, "running", &allows("lambda:UpdateFunctionCode"));
    }));
    assert_eq!(audited.titles(), none());
    assert!(audited.gaps()[0].starts_with("whether IAM user `svc-backup` is administrative"), "{:?}", audited.gaps());
}

/// The digest of the one IAM user's policies.
fn digest(story: &Story) -> String {
    let audited = Audited::of(story);
    let users = audited.world().snapshot.iam.iter().flat_map(|iam| iam.users.seen());
    users.last().and_then(IamUser::policies_digest).unwrap()
}

#[test]
fn a_digest_approves_what_it_is_of_by_whatever_name_and_with_its_boundary() {
    let mut approved = story(|story| {
        inline(story, NAME, &allows("*"));
        story.change("dev", "svc-backup", |user| {
            user.boundary = Some("arn:aws:iam::aws:policy/ReadOnlyAccess".to_owned())
        });
    });
    let digest = digest(&approved);
    row(&mut approved, |row| row.digest = digest.clone());
    assert_eq!(Audited::of(&approved).titles(), none());
    approved.change("dev", "svc-backup", |user| user.boundary = None);
    let found = Audited::of(&approved).titles();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("critical differing-policy: The policies of IAM user"), "{found:?}");
}

#[test]
fn a_name_that_no_policy_can_have_refuses_the_row() {
    let audited = Audited::of(&story(|story| row(story, |row| row.policies = vec!["inlined:backup".to_owned()])));
    let refused = &audited.world().expectation.refused;
    assert!(refused[0].reason.starts_with("`policies` names `inlined:backup`; use a name"), "{refused:?}");
}

#[test]
fn what_a_draft_writes_means_the_policy_and_no_other() {
    let policy = |arn: Option<&str>| IamPolicy {
        way: PolicyWay::Attached,
        name: NAME.to_owned(),
        arn: arn.map(|account| format!("arn:aws:iam::{account}:policy/{NAME}")),
        document: None,
    };
    let all = [policy(None), policy(Some("111122223333")), policy(Some("aws"))];
    for (number, one) in all.iter().enumerate() {
        let text = one.cell();
        let cell = PolicyCell::parse(&text).unwrap();
        for (other, policy) in all.iter().enumerate() {
            assert_eq!(cell.naming(policy) == Naming::Means, number == other, "{text}");
        }
    }
}

/// A permission set that everyone in a group has, with this inline policy beside `ReadOnlyAccess`, and its row.
fn permission_set(name: &str, inline: Option<&str>, row: &str) -> Vec<String> {
    let mut story = Story::small();
    story.permission_set(name, "ReadOnlyAccess").grant(crate::story::group("AWS-Readers"), name, "dev");
    if let Some(action) = inline {
        story.permission_set_grows(name, &allows(action).to_string());
    }
    let mut files = story.expected_files();
    let others = "Admin,yes\nReadOnly,no\nAudit,no\n";
    files.push(("permission-sets.csv".to_owned(), format!("name,administrative\n{others}{name},{row}\n")));
    Audited::from(&story.saved_files(), &files).titles()
}

#[test]
fn a_row_without_a_word_does_not_approve_an_administrative_permission_set_unless_its_name_says_so() {
    let found = permission_set("Viewer", Some("iam:*"), "");
    assert_eq!(
        found,
        [
            "high differing-permission-set: Permission set `Viewer` makes its holders administrators; its row does not approve this"
        ]
    );
    assert_eq!(permission_set("Viewer", Some("iam:*"), "yes"), none());
    assert_eq!(permission_set("Viewer", Some("lambda:*"), ""), none());
    assert_eq!(permission_set("Viewer", None, ""), none());
    assert_eq!(permission_set("PlatformAdmins", Some("iam:*"), ""), none());
}
