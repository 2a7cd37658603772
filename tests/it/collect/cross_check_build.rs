//! What two ways say, folded: what the time between them explains is no difference, and nothing is held that nobody
//! has.

use chrono::{DateTime, Utc};
use std::path::Path;

use rollcall::collect::build::fold;
use rollcall::collect::from_files;
use rollcall::collect::journal::page::{Call, Operation, Outcome, Page, Parameters};
use rollcall::model::{CrossCheck, Hides, Scope, Snapshot};
use serde_json::{Value, json};

const STORE: &str = "d-1";
const INSTANCE: &str = "arn:aws:sso:::instance/ssoins-1";
const SET: &str = "arn:aws:sso:::permissionSet/ssoins-1/ps-1";
const PROD: &str = "111122223333";
const DEV: &str = "444455556666";

/// The small world of the fixtures, asked at eight, with further answers of one minute later.
struct Asked {
    scope: Scope,
    pages: Vec<Page>,
}

impl Asked {
    fn once() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/aws/small");
        let collected = from_files(&folder).unwrap();
        Asked { scope: collected.snapshot.scope, pages: collected.pages }
    }

    /// The answers of the second way break off after their first page.
    fn cut(mut self) -> Self {
        let at: DateTime<Utc> = "2026-11-20T08:01:00Z".parse().unwrap();
        for page in self.pages.iter_mut().filter(|page| page.started == at) {
            let Outcome::Answer(answer) = &page.outcome else { panic!("it was answered") };
            let mut answer: Value = answer.parse().unwrap();
            answer["NextToken"] = json!("more");
            page.outcome = Outcome::of_text(&answer.to_string()).unwrap();
        }
        self
    }

    fn answer(mut self, operation: Operation, parameters: Parameters, answer: &Value) -> Self {
        let at: DateTime<Utc> = "2026-11-20T08:01:00Z".parse().unwrap();
        self.pages.push(Page {
            call: Call { operation, account: None, parameters },
            page: 1,
            started: at,
            ended: at,
            request_id: None,
            attempts: 1,
            throttled: 0,
            redirected_to: None,
            outcome: Outcome::of_text(&answer.to_string()).unwrap(),
        });
        self
    }

    /// What a user says that it is in: groups, each with when it was put into it.
    fn member(self, user: &str, groups: &[(&str, &str)]) -> Self {
        let memberships: Vec<Value> =
            groups.iter().map(|(group, at)| json!({"GroupId": group, "CreatedAt": at})).collect();
        let question = Parameters::of([("IdentityStoreId", STORE), ("UserId", user)]);
        let answer = json!({"GroupMemberships": memberships});
        self.answer(Operation::ListGroupMembershipsForMember, question, &answer)
    }

    /// What a principal says that it has: set and account, each as whose.
    fn principal(self, kind: &str, id: &str, assigned: &[(&str, &str, &str, &str)]) -> Self {
        let assigned: Vec<Value> = assigned
            .iter()
            .map(|(set, account, kind, id)| {
                json!({"AccountId": account, "PermissionSetArn": set, "PrincipalType": kind, "PrincipalId": id})
            })
            .collect();
        let question = Parameters::of([("InstanceArn", INSTANCE), ("PrincipalType", kind), ("PrincipalId", id)]);
        let answer = json!({"AccountAssignments": assigned});
        self.answer(Operation::ListAccountAssignmentsForPrincipal, question, &answer)
    }

    fn fold(&self) -> Snapshot {
        fold(&self.scope, &self.pages)
    }
}

const LONG_AGO: &str = "2026-01-01T00:00:00Z";

fn contradictions(snapshot: &Snapshot) -> usize {
    snapshot.cross_checked.iter().map(|checked| checked.contradictions.len()).sum()
}

fn gaps(snapshot: &Snapshot) -> Vec<String> {
    snapshot.gaps.iter().map(|gap| gap.key()).collect()
}

/// Who is in the group, by id.
fn members(snapshot: &Snapshot, group: &str) -> Vec<String> {
    let group = snapshot.groups.seen().find(|one| one.id.as_str() == group).unwrap();
    let mut members: Vec<String> = group.members.seen().map(|user| snapshot.users[*user].id.to_string()).collect();
    members.sort();
    members
}

#[test]
fn saved_answers_of_a_second_way_are_compared_although_nobody_ordered_it() {
    let plain = Asked::once().fold();
    let twice = Asked::once()
        .member("u-ada", &[("g-admins", LONG_AGO)])
        .member("u-bo", &[])
        .principal("USER", "u-bo", &[(SET, DEV, "USER", "u-bo")])
        .principal("GROUP", "g-admins", &[(SET, PROD, "GROUP", "g-admins")]);
    let twice = twice.fold();
    let told: Vec<_> = twice.cross_checked.iter().map(|one| (one.second, one.answered, one.differing)).collect();
    let of_each =
        [("identitystore:ListGroupMembershipsForMember", 2, 0), ("sso:ListAccountAssignmentsForPrincipal", 2, 0)];
    assert_eq!((told.as_slice(), twice.gaps.as_slice()), (of_each.as_slice(), [].as_slice()));
    assert_eq!((&plain.users, &plain.permission_sets), (&twice.users, &twice.permission_sets));
    assert_eq!(members(&plain, "g-admins"), members(&twice, "g-admins"));
}

#[test]
fn a_membership_that_was_made_meanwhile_is_held_and_no_contradiction_and_an_older_one_is_both() {
    for (made, expected) in [("2026-11-20T08:00:30Z", 0), ("2026-11-20T07:56:00Z", 0), (LONG_AGO, 1)] {
        let snapshot =
            Asked::once().member("u-ada", &[("g-admins", LONG_AGO)]).member("u-bo", &[("g-empty", made)]).fold();
        assert_eq!(members(&snapshot, "g-empty"), ["u-bo"]);
        assert_eq!((contradictions(&snapshot), snapshot.gaps.len()), (expected, expected), "{made}");
    }
}

/// What a cut listing shows is shown; what it does not show it may have been going to.
#[test]
fn a_second_listing_that_was_cut_still_disproves_the_first_and_is_never_disproved() {
    let of_member = Asked::once().member("u-bo", &[("g-empty", LONG_AGO)]).member("u-ada", &[]).cut().fold();
    let of_principal = Asked::once()
        .principal("USER", "u-ada", &[(SET, DEV, "USER", "u-ada")])
        .principal("GROUP", "g-admins", &[])
        .cut()
        .fold();
    let disproved = |snapshot: &Snapshot| -> Vec<String> {
        gaps(snapshot).into_iter().filter(|gap| gap.contains("/disproved/")).collect()
    };
    assert_eq!(disproved(&of_member), ["identitystore:ListGroupMemberships/members/disproved/AWS-Empty"]);
    assert_eq!(
        disproved(&of_principal),
        ["sso:ListAccountAssignments/assignments-of-set:444455556666/disproved/Admin"]
    );
    for checked in of_member.cross_checked.iter().chain(&of_principal.cross_checked) {
        assert_eq!((checked.answered, checked.differing, checked.contradictions.len()), (0, 1, 1));
    }
}

#[test]
fn a_question_that_says_more_than_whom_it_is_about_is_another_one() {
    let narrowed = Parameters::of([("IdentityStoreId", STORE), ("UserId", "u-bo"), ("Filter", "x")]);
    let mut asked =
        Asked::once().answer(Operation::ListGroupMembershipsForMember, narrowed, &json!({"GroupMemberships": []}));
    assert_eq!(asked.fold().cross_checked, []);
    asked.scope.cross_check = CrossCheck::All;
    let stated = "identitystore:ListGroupMembershipsForMember/memberships-of-users-again/not-asked+2";
    assert!(gaps(&asked.fold()).contains(&stated.to_owned()), "{:#?}", gaps(&asked.fold()));
}

#[test]
fn a_question_about_an_unknown_kind_of_principal_counts_as_not_answered() {
    let mut asked = Asked::once().principal("ROBOT", "r-1", &[]);
    asked.scope.cross_check = CrossCheck::All;
    let stated = "sso:ListAccountAssignmentsForPrincipal/assignments-again/unreadable+4";
    assert!(gaps(&asked.fold()).contains(&stated.to_owned()), "{:#?}", gaps(&asked.fold()));
}

#[test]
fn a_contradiction_names_both_ways_and_when_each_was_asked() {
    let snapshot = Asked::once().member("u-bo", &[("g-empty", LONG_AGO)]).fold();
    assert_eq!(gaps(&snapshot), ["identitystore:ListGroupMemberships/members/disproved/AWS-Empty"]);
    let found = snapshot.cross_checked[0].contradictions[0];
    let told = |asking: rollcall::model::Asking| (asking.operation, asking.window.to.to_rfc3339());
    assert_eq!(
        (told(found.shown), told(found.lacking)),
        (
            ("identitystore:ListGroupMembershipsForMember", "2026-11-20T08:01:00+00:00".to_owned()),
            ("identitystore:ListGroupMemberships", "2026-11-20T08:00:06+00:00".to_owned())
        )
    );
}

#[test]
fn a_group_that_only_a_user_names_is_seen_and_the_list_of_groups_lacks_it() {
    let snapshot = Asked::once().member("u-bo", &[("g-hidden", LONG_AGO)]).fold();
    assert_eq!(members(&snapshot, "g-hidden"), ["u-bo"]);
    assert_eq!(gaps(&snapshot), ["identitystore:ListGroups/members/disproved/g-hidden"]);
}

#[test]
fn what_a_user_has_by_groups_is_no_assignment_of_its_own_however_aws_tells_it() {
    for whose in [("GROUP", "g-admins"), ("USER", "u-ada")] {
        let snapshot = Asked::once().principal("USER", "u-ada", &[(SET, PROD, whose.0, whose.1)]).fold();
        assert_eq!((contradictions(&snapshot), snapshot.gaps.len()), (0, 0), "{whose:?}");
        assert_eq!(snapshot.permission_sets, Asked::once().fold().permission_sets);
    }
}

#[test]
fn an_assignment_where_the_set_is_said_not_to_be_is_held_and_the_list_of_its_accounts_lacks_it() {
    let third = "777788889999";
    let snapshot = Asked::once().principal("USER", "u-ada", &[(SET, third, "USER", "u-ada")]).fold();
    assert_eq!(
        gaps(&snapshot),
        ["sso:ListAccountsForProvisionedPermissionSet/assignments-of-set:777788889999/disproved/Admin"]
    );
    let set = snapshot.permission_sets.seen().next().unwrap();
    let placed = set.placements.seen().find(|place| snapshot.accounts[place.account].id.to_string() == third);
    assert_eq!(placed.unwrap().principals.seen().count(), 1);
}

#[test]
fn a_permission_set_that_no_list_names_is_a_gap() {
    let snapshot = Asked::once()
        .principal("USER", "u-ada", &[("arn:aws:sso:::permissionSet/ssoins-1/ps-9", PROD, "USER", "u-ada")])
        .fold();
    assert!(
        snapshot.gaps.iter().any(|gap| gap.unseen.object.as_ref().is_some_and(|object| object.contains("ps-9"))
            && gap.hides == Hides::Grants),
        "{:#?}",
        gaps(&snapshot)
    );
}

#[test]
fn what_was_ordered_and_not_asked_is_stated_and_hides_nothing() {
    for ordered in [CrossCheck::Sample, CrossCheck::All] {
        let mut asked = Asked::once();
        asked.scope.cross_check = ordered;
        let snapshot = asked.fold();
        let stated = [
            "identitystore:ListGroupMembershipsForMember/memberships-of-users-again/not-asked+2",
            "sso:ListAccountAssignmentsForPrincipal/assignments-again/not-asked+4",
        ];
        assert_eq!(gaps(&snapshot), stated);
        assert!(snapshot.gaps.iter().all(|gap| gap.hides == Hides::Nothing));
    }
}
