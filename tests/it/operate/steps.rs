//! Which steps a change takes, in which order: from what was observed, and from nothing else.

use std::collections::{BTreeMap, BTreeSet};

use rollcall::change::{Change, ChangeKind, PrincipalRef};
use rollcall::model::{GroupId, UserId};
use rollcall::operate::permissions::{attaches_deny_all, operations_of};
use rollcall::operate::{
    NoSteps, Observed, ObservedGroup, ObservedIamUser, ObservedPrincipal, ObservedUser, Operation, PrincipalId, TAG,
    steps,
};

use super::world::*;

fn of(change: &Change, observed: &Observed) -> Vec<String> {
    steps(change, &place(), &mark(), observed).unwrap().iter().map(told).collect()
}

fn refused(change: &Change, observed: &Observed) -> String {
    steps(change, &place(), &mark(), observed).unwrap_err().to_string()
}

fn create() -> Change {
    Change::CreateIamUser {
        account: account(),
        name: "build-7".to_owned(),
        path: "/services/".to_owned(),
        tags: BTreeMap::from([("service".to_owned(), "devmongodb".to_owned())]),
        boundary: Some("arn:aws:iam::123456789012:policy/limit".to_owned()),
        policies: vec![READ_ONLY.to_owned()],
        groups: vec!["ops".to_owned()],
        console: true,
    }
}

#[test]
fn an_iam_user_is_made_with_its_boundary_and_gets_its_password_last() {
    let mark = mark().as_str().to_owned();
    assert_eq!(
        of(&create(), &Observed::IamUser(None)),
        [
            &format!("iam:CreateUser arn:aws:iam::123456789012:policy/limit /services/ {mark} devmongodb"),
            "iam:AttachUserPolicy arn:aws:iam::aws:policy/ReadOnlyAccess",
            "iam:AddUserToGroup ops",
            "iam:CreateLoginProfile",
        ]
    );
}

#[test]
fn what_an_interrupted_creation_left_is_finished_and_another_user_of_the_name_is_not_touched() {
    let tags = BTreeMap::from([(TAG.to_owned(), mark().as_str().to_owned())]);
    let ours = ObservedIamUser { tags, attached: vec![policies(READ_ONLY, &[ALLOW])], ..ObservedIamUser::default() };
    assert_eq!(
        of(&create(), &Observed::IamUser(Some(ours.clone()))),
        ["iam:AddUserToGroup ops", "iam:CreateLoginProfile"]
    );
    let theirs = ObservedIamUser { tags: BTreeMap::new(), ..ours };
    assert_eq!(
        refused(&create(), &Observed::IamUser(Some(theirs))),
        "IAM user `build-7` exists already, and this change did not make it"
    );
}

#[test]
fn disabling_switches_all_credentials_off_and_takes_the_password_last() {
    let change = Change::DisableIamUser { user: iam_user("AIDA1") };
    assert_eq!(
        of(&change, &Observed::IamUser(Some(laden()))),
        [
            "iam:UpdateAccessKey AKIA1 access-key inactive",
            "iam:UpdateServiceSpecificCredential ACCA1 service-credential inactive",
            "iam:UpdateSSHPublicKey APKA1 ssh-key inactive",
            "iam:UpdateSigningCertificate CERT1 certificate inactive",
            "iam:DeleteLoginProfile",
        ]
    );
}

#[test]
fn deleting_takes_credentials_first_then_what_allows_then_what_denies_and_the_user_last() {
    let change = Change::DeleteIamUser { user: iam_user("AIDA1"), at_once: true };
    assert_eq!(
        of(&change, &Observed::IamUser(Some(laden()))),
        [
            "iam:DeleteLoginProfile",
            "iam:DeleteAccessKey AKIA1 access-key",
            "iam:DeleteAccessKey AKIA2 access-key",
            "iam:DeleteServiceSpecificCredential ACCA1 service-credential",
            "iam:DeleteSSHPublicKey APKA1 ssh-key",
            "iam:DeleteSigningCertificate CERT1 certificate",
            "iam:DeactivateMFADevice arn:aws:iam::123456789012:mfa/phone",
            "iam:DeleteVirtualMFADevice arn:aws:iam::123456789012:mfa/phone",
            "iam:DeactivateMFADevice GAHT12345678",
            "iam:DetachUserPolicy arn:aws:iam::aws:policy/ReadOnlyAccess",
            "iam:RemoveUserFromGroup readers",
            "iam:RemoveUserFromGroup ops",
            "iam:DeleteUserPolicy denies",
            "iam:DeleteUser",
        ]
    );
}

#[test]
fn where_several_policies_both_allow_and_deny_everything_is_denied_until_all_are_gone() {
    let change = Change::DeleteIamUser { user: iam_user("AIDA1"), at_once: true };
    let unread = rollcall::operate::ObservedPolicies { name: "unread".to_owned(), documents: vec![None] };
    let mut seen = ObservedIamUser {
        id: "AIDA1".to_owned(),
        inline: vec![unread, policies("allows", &[ALLOW]), policies("both", &[BOTH])],
        ..ObservedIamUser::default()
    };
    assert_eq!(
        of(&change, &Observed::IamUser(Some(seen.clone()))),
        [
            "iam:DeleteUserPolicy allows",
            &format!("iam:AttachUserPolicy {DENY_ALL}"),
            "iam:DeleteUserPolicy unread",
            "iam:DeleteUserPolicy both",
            &format!("iam:DetachUserPolicy {DENY_ALL}"),
            "iam:DeleteUser",
        ]
    );
    // As an interrupted apply left it, or somebody put it there: it goes last.
    seen.attached = vec![policies(DENY_ALL, &[DENY]), policies(READ_ONLY, &[ALLOW])];
    assert_eq!(
        of(&change, &Observed::IamUser(Some(seen))),
        [
            "iam:DeleteUserPolicy allows",
            &format!("iam:DetachUserPolicy {READ_ONLY}"),
            "iam:DeleteUserPolicy unread",
            "iam:DeleteUserPolicy both",
            &format!("iam:DetachUserPolicy {DENY_ALL}"),
            "iam:DeleteUser",
        ]
    );
}

#[test]
fn what_is_so_already_takes_no_step() {
    let user = || iam_user("AIDA1");
    let seen = Observed::IamUser(Some(laden()));
    let no_steps = [
        Change::AttachIamPolicy { user: user(), policy: READ_ONLY.to_owned() },
        Change::DetachIamPolicy { user: user(), policy: "arn:aws:iam::aws:policy/Other".to_owned() },
        Change::AddIamGroupMember { user: user(), group: "ops".to_owned() },
        Change::RemoveIamGroupMember { user: user(), group: "others".to_owned() },
        Change::ActivateIamKey { user: user(), key: "AKIA1".to_owned() },
        Change::DeactivateIamKey { user: user(), key: Some("AKIA2".to_owned()) },
        Change::EnableIamUser { user: user(), keys: vec!["AKIA1".to_owned()] },
    ];
    for change in no_steps {
        assert_eq!(of(&change, &seen), [""; 0], "{change:?}");
    }
    let gone = [Change::DeleteIamUser { user: user(), at_once: false }, Change::DisableIamUser { user: user() }];
    for change in gone {
        assert_eq!(of(&change, &Observed::IamUser(None)), [""; 0], "{change:?}");
    }
}

#[test]
fn single_keys_policies_and_groups_take_one_step_each() {
    let user = || iam_user("AIDA1");
    let seen = Observed::IamUser(Some(laden()));
    let one = |change: Change| of(&change, &seen).join(", ");
    let key = || "AKIA2".to_owned();
    assert_eq!(one(Change::ActivateIamKey { user: user(), key: key() }), "iam:UpdateAccessKey AKIA2 access-key active");
    assert_eq!(
        one(Change::EnableIamUser { user: user(), keys: vec![key()] }),
        "iam:UpdateAccessKey AKIA2 access-key active"
    );
    assert_eq!(
        one(Change::DeactivateIamKey { user: user(), key: None }),
        "iam:UpdateAccessKey AKIA1 access-key inactive"
    );
    assert_eq!(
        one(Change::DetachIamPolicy { user: user(), policy: READ_ONLY.to_owned() }),
        format!("iam:DetachUserPolicy {READ_ONLY}")
    );
    assert_eq!(
        one(Change::RemoveIamGroupMember { user: user(), group: "ops".to_owned() }),
        "iam:RemoveUserFromGroup ops"
    );
}

#[test]
fn another_user_of_the_same_name_is_never_touched() {
    let seen = Observed::IamUser(Some(laden()));
    let change = Change::DeleteIamUser { user: iam_user("AIDA9"), at_once: true };
    assert_eq!(
        refused(&change, &seen),
        "IAM user `build-7` in account 123456789012 was replaced: its id is now `AIDA1`, and the plan names `AIDA9`"
    );
    let seen = Observed::User(Some(ObservedUser { id: UserId::new("u-2"), holds: ObservedPrincipal::default() }));
    assert_eq!(
        refused(&Change::DeleteUser { user: user(Some("u-1")) }, &seen),
        "user `ana` was replaced: its id is now `u-2`, and the plan names `u-1`"
    );
}

#[test]
fn nothing_is_given_to_what_is_gone() {
    let change = Change::AttachIamPolicy { user: iam_user("AIDA1"), policy: READ_ONLY.to_owned() };
    assert_eq!(
        refused(&change, &Observed::IamUser(None)),
        "IAM user `build-7` in account 123456789012 no longer exists"
    );
    let change = Change::ActivateIamKey { user: iam_user("AIDA1"), key: "AKIA9".to_owned() };
    assert_eq!(
        refused(&change, &Observed::IamUser(Some(laden()))),
        "access key `AKIA9` of IAM user `build-7` no longer exists"
    );
    let seen = Observed::Membership { user: None, group: Some(GroupId::new("g-1")), membership: None };
    let change = Change::AddMember { group: group(Some("g-1")), user: user(Some("u-1")) };
    assert_eq!(refused(&change, &seen), "user `ana` no longer exists");
    assert_eq!(of(&Change::RemoveMember { group: group(Some("g-1")), user: user(Some("u-1")) }, &seen), [""; 0]);
}

#[test]
fn a_user_of_identity_center_is_deleted_by_its_revision_after_its_applications_and_never_before_its_assignments() {
    let holds = ObservedPrincipal {
        revision: Some("7".to_owned()),
        applications: vec!["arn:aws:sso::1:application/a".to_owned()],
        ..ObservedPrincipal::default()
    };
    let seen = Observed::User(Some(ObservedUser { id: UserId::new("u-1"), holds: holds.clone() }));
    let change = Change::DeleteUser { user: user(Some("u-1")) };
    assert_eq!(
        of(&change, &seen),
        ["sso:DeleteApplicationAssignment arn:aws:sso::1:application/a u-1 user", "identitystore:DeleteUser 7 u-1"]
    );
    let holds = ObservedPrincipal { assignments: 1, memberships: 2, ..holds };
    let seen = Observed::Group(Some(ObservedGroup { id: GroupId::new("g-1"), holds }));
    assert_eq!(
        refused(&Change::DeleteGroup { group: group(Some("g-1")) }, &seen),
        "group `eng` still has 2 memberships and 1 assignments; plan their removal first"
    );
}

#[test]
fn ids_of_what_the_plan_itself_made_are_those_that_were_observed() {
    let (user, group) = (user(None), group(None));
    let seen =
        Observed::Membership { user: Some(UserId::new("u-new")), group: Some(GroupId::new("g-new")), membership: None };
    assert_eq!(
        of(&Change::AddMember { group: group.clone(), user }, &seen),
        ["identitystore:CreateGroupMembership g-new u-new"]
    );
    let change = Change::AddAssignment {
        principal: PrincipalRef::Group(group),
        permission_set: permission_set(),
        account: account(),
    };
    let seen = Observed::Assignment { principal: PrincipalId::Group(GroupId::new("g-new")), assigned: false };
    assert_eq!(of(&change, &seen), [format!("sso:CreateAccountAssignment 123456789012 {SET} g-new group")]);
}

/// Every kind of change, with what it takes all its steps of.
fn every_change() -> Vec<(Change, Observed)> {
    let user_ref = || iam_user("AIDA1");
    let laden = || Observed::IamUser(Some(laden()));
    let held = ObservedPrincipal { applications: vec!["arn:a".to_owned()], ..ObservedPrincipal::default() };
    let membership = |membership: Option<&str>| Observed::Membership {
        user: Some(UserId::new("u-1")),
        group: Some(GroupId::new("g-1")),
        membership: membership.map(str::to_owned),
    };
    let assigned = |assigned| Observed::Assignment { principal: PrincipalId::User(UserId::new("u-1")), assigned };
    let (the_user, the_group) = (|| user(Some("u-1")), || group(Some("g-1")));
    let text = str::to_owned;
    let principal = || PrincipalRef::User(the_user());
    vec![
        (create(), Observed::IamUser(None)),
        (Change::DisableIamUser { user: user_ref() }, laden()),
        (Change::EnableIamUser { user: user_ref(), keys: vec![text("AKIA2")] }, laden()),
        (Change::DeleteIamUser { user: user_ref(), at_once: true }, laden()),
        (Change::DeactivateIamKey { user: user_ref(), key: None }, laden()),
        (Change::ActivateIamKey { user: user_ref(), key: text("AKIA2") }, laden()),
        (Change::AttachIamPolicy { user: user_ref(), policy: text(DENY_ALL) }, laden()),
        (Change::DetachIamPolicy { user: user_ref(), policy: text(READ_ONLY) }, laden()),
        (Change::AddIamGroupMember { user: user_ref(), group: text("new") }, laden()),
        (Change::RemoveIamGroupMember { user: user_ref(), group: text("ops") }, laden()),
        (
            Change::CreateUser {
                name: text("ana"),
                given_name: text("Ana"),
                family_name: text("Lopez"),
                display_name: text("Ana Lopez"),
                email: None,
                email_type: None,
            },
            Observed::Named(None),
        ),
        (
            Change::DeleteUser { user: the_user() },
            Observed::User(Some(ObservedUser { id: UserId::new("u-1"), holds: held.clone() })),
        ),
        (Change::CreateGroup { name: text("eng"), description: None }, Observed::Named(None)),
        (
            Change::DeleteGroup { group: the_group() },
            Observed::Group(Some(ObservedGroup { id: GroupId::new("g-1"), holds: held })),
        ),
        (Change::AddMember { group: the_group(), user: the_user() }, membership(None)),
        (Change::RemoveMember { group: the_group(), user: the_user() }, membership(Some("m-1"))),
        (
            Change::AddAssignment { principal: principal(), permission_set: permission_set(), account: account() },
            assigned(false),
        ),
        (
            Change::RemoveAssignment { principal: principal(), permission_set: permission_set(), account: account() },
            assigned(true),
        ),
    ]
}

#[test]
fn each_kind_of_change_takes_the_operations_that_its_policy_allows_and_no_others() {
    let changes = every_change();
    let kinds: Vec<ChangeKind> = changes.iter().map(|(change, _)| change.kind()).collect();
    assert_eq!(kinds, ChangeKind::all().collect::<Vec<_>>());
    let mut all = BTreeSet::new();
    for (change, observed) in changes {
        let taken: BTreeSet<Operation> =
            steps(&change, &place(), &mark(), &observed).unwrap().iter().map(|step| step.operation()).collect();
        let allowed: BTreeSet<Operation> = operations_of(change.kind()).iter().copied().collect();
        let writing = allowed.iter().copied().filter(|operation| operation.is_write()).collect();
        assert_eq!(taken, writing, "{change:?}");
        all.extend(allowed);
    }
    assert_eq!(all, Operation::all().collect(), "every operation is of some change");
    assert!(ChangeKind::all().filter(|kind| attaches_deny_all(*kind)).eq([ChangeKind::DeleteIamUser]));
}

#[test]
fn the_table_of_operations_is_in_the_order_of_the_enumeration() {
    for (place, operation) in Operation::all().enumerate() {
        assert_eq!(operation as usize, place, "{operation}");
    }
}

#[test]
fn steps_are_kept_and_read_again_as_they_are() {
    for (change, observed) in every_change() {
        let steps = steps(&change, &place(), &mark(), &observed).unwrap();
        let text = serde_json::to_string(&steps).unwrap();
        assert_eq!(serde_json::from_str::<Vec<rollcall::operate::Step>>(&text).unwrap(), steps);
    }
}

#[test]
fn what_was_observed_of_something_else_is_refused() {
    let change = Change::DisableIamUser { user: iam_user("AIDA1") };
    assert_eq!(steps(&change, &place(), &mark(), &Observed::Group(None)), Err(NoSteps::NotObserved));
    let change = Change::CreateGroup { name: "eng".to_owned(), description: None };
    assert_eq!(steps(&change, &place(), &mark(), &Observed::User(None)), Err(NoSteps::NotObserved));
}
