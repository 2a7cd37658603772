//! What each answer of AWS to a write means.

use rollcall::aws::failure::{Failure, Kind};
use rollcall::model::{GroupId, UserId};
use rollcall::operate::{
    Busy, IamWrite, IdentityStoreWrite, Operation, Outcome, Reply, ServiceError, SsoAdminWrite, Step, Stop, Switch,
    Target, judge,
};

use super::world::*;

fn error(code: &str) -> ServiceError {
    ServiceError { failure: Failure::from_code(code, "said AWS"), reason: None, resource: None }
}

fn said(step: &Step, error: ServiceError) -> String {
    word(&judge(step, Reply::Error(error), Target::Settled))
}

fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { .. } => "done".to_owned(),
        Outcome::Asked { .. } => "asked".to_owned(),
        Outcome::WasGone => "was gone".to_owned(),
        Outcome::NotDone { why, .. } => format!("not done: {why:?}"),
        Outcome::Stopped { why, .. } => format!("stopped: {why:?}"),
        Outcome::Unknown { .. } => "unknown".to_owned(),
    }
}

fn create_user() -> Step {
    iam(IamWrite::CreateUser { path: "/".to_owned(), tags: std::iter::empty().collect(), boundary: None })
}

fn attach() -> Step {
    iam(IamWrite::AttachPolicy { policy: READ_ONLY.to_owned() })
}

fn detach() -> Step {
    iam(IamWrite::DetachPolicy { policy: READ_ONLY.to_owned() })
}

fn switch(to: Switch) -> Step {
    iam(IamWrite::Switch { credential: rollcall::operate::Credential::AccessKey("AKIA1".to_owned()), to })
}

fn delete_group() -> Step {
    store(IdentityStoreWrite::DeleteGroup { group: GroupId::new("g-1"), revision: Some("7".to_owned()) })
}

fn add_member() -> Step {
    store(IdentityStoreWrite::AddMember { group: GroupId::new("g-1"), user: UserId::new("u-1") })
}

fn assign() -> Step {
    sso(SsoAdminWrite::AddAssignment(assignment(ACCOUNT)))
}

fn unassign() -> Step {
    sso(SsoAdminWrite::RemoveAssignment(assignment(ACCOUNT)))
}

#[test]
fn every_row_of_the_table_is_judged_as_it_says() {
    let not_done = [
        (attach(), "Throttling", "not done: Throttled"),
        (assign(), "ThrottlingException", "not done: Throttled"),
        (assign(), "ConflictException", "not done: EarlierWrite"),
        (unassign(), "ConflictException", "not done: EarlierWrite"),
        (attach(), "ConcurrentModification", "not done: ConcurrentModification"),
        (detach(), "EntityTemporarilyUnmodifiable", "not done: TemporarilyUnmodifiable"),
        (attach(), "RequestTimeTooSkewed", "not done: WrongClock"),
    ];
    let gone = [
        (detach(), "NoSuchEntity", "was gone"),
        (switch(Switch::Inactive), "NoSuchEntity", "was gone"),
        (iam(IamWrite::DeleteUser), "NoSuchEntity", "was gone"),
        (delete_group(), "ResourceNotFoundException", "was gone"),
    ];
    let stopped = [
        (create_user(), "EntityAlreadyExists", "stopped: Exists"),
        (add_member(), "ConflictException", "stopped: Exists"),
        (delete_group(), "ConflictException", "stopped: ChangedByOthers"),
        (attach(), "NoSuchEntity", "stopped: NotThere"),
        (switch(Switch::Active), "NoSuchEntity", "stopped: NotThere"),
        (add_member(), "ResourceNotFoundException", "stopped: NotThere"),
        // The instance, the set or the account is not there: that says nothing of the assignment.
        (unassign(), "ResourceNotFoundException", "stopped: NotThere"),
        (iam(IamWrite::DeleteUser), "DeleteConflict", "stopped: InUse"),
        (attach(), "LimitExceeded", "stopped: Limit"),
        (add_member(), "ServiceQuotaExceededException", "stopped: Limit"),
        (attach(), "ExpiredToken", "stopped: Credentials"),
        (create_user(), "ValidationError", "stopped: Refused"),
        (iam(IamWrite::CreateLoginProfile), "PasswordPolicyViolation", "stopped: Refused"),
    ];
    let unknown = [
        (create_user(), "ServiceFailure", "unknown"),
        (add_member(), "InternalServerException", "unknown"),
        (attach(), "ServiceUnavailable", "unknown"),
        (attach(), "RequestTimeout", "unknown"),
    ];
    for (step, code, expected) in not_done.into_iter().chain(gone).chain(stopped).chain(unknown) {
        assert_eq!(said(&step, error(code)), expected, "{code} to {}", told(&step));
    }
}

#[test]
fn a_conflict_of_the_identity_store_is_told_by_its_reason() {
    let with = |reason: &str| ServiceError { reason: Some(reason.to_owned()), ..error("ConflictException") };
    assert_eq!(said(&delete_group(), with("CONCURRENT_MODIFICATION")), "stopped: ChangedByOthers");
    assert_eq!(said(&add_member(), with("CONCURRENT_MODIFICATION")), "stopped: ChangedByOthers");
    assert_eq!(said(&add_member(), with("UNIQUENESS_CONSTRAINT_VIOLATION")), "stopped: Exists");
}

#[test]
fn an_identity_store_that_is_not_there_says_nothing_of_what_was_to_be_deleted() {
    let no_store = ServiceError { resource: Some("IDENTITY_STORE".to_owned()), ..error("ResourceNotFoundException") };
    assert_eq!(said(&delete_group(), no_store), "stopped: NotThere");
}

#[test]
fn what_was_just_made_is_waited_for_also_where_it_is_taken_away_again() {
    for step in [attach(), detach(), add_member(), delete_group()] {
        for code in ["NoSuchEntity", "ResourceNotFoundException"] {
            let outcome = judge(&step, Reply::Error(error(code)), Target::JustMade);
            assert_eq!(word(&outcome), "not done: NotVisibleYet", "{}", told(&step));
        }
    }
}

#[test]
fn a_denial_names_the_action_that_is_missing() {
    let denied = |message: &str| {
        let error = ServiceError { failure: Failure::from_code("AccessDenied", message), ..error("AccessDenied") };
        let outcome = judge(&create_user(), Reply::Error(error), Target::Settled);
        let Outcome::Stopped { why: Stop::Denied { action }, .. } = outcome else { panic!("{outcome:?}") };
        action
    };
    let told = "User: arn:aws:sts::1:assumed-role/Op/x is not authorized to perform: iam:TagUser on resource: arn:aws:iam::1:user/x because no identity-based policy allows it";
    assert_eq!(denied(told), "iam:TagUser");
    assert_eq!(denied(""), "iam:CreateUser");
    assert_eq!(denied("you are not authorized to perform: this operation"), "iam:CreateUser");
}

#[test]
fn what_no_service_answered_is_unknown_and_what_was_never_sent_is_not_done() {
    let failure = |kind| Failure::new(kind, "code", "said");
    for kind in [Kind::Timeout, Kind::Unreachable, Kind::Denied, Kind::Failed, Kind::Unreadable] {
        let outcome = judge(&create_user(), Reply::Nothing { failure: failure(kind) }, Target::Settled);
        assert_eq!(word(&outcome), "unknown", "{kind:?}");
    }
    let not_sent = |kind| word(&judge(&create_user(), Reply::NotSent { failure: failure(kind) }, Target::Settled));
    assert_eq!(not_sent(Kind::NoCredentials), "stopped: Credentials");
    assert_eq!(not_sent(Kind::Failed), "stopped: NotSent");
}

#[test]
fn what_names_by_a_name_is_never_sent_twice() {
    let never: Vec<&str> =
        Operation::all().filter(|operation| !operation.may_be_sent_twice()).map(Operation::api).collect();
    assert_eq!(
        never,
        [
            "iam:DeleteUserPolicy",
            "iam:CreateLoginProfile",
            "iam:DeleteLoginProfile",
            "iam:DeactivateMFADevice",
            "iam:DeleteVirtualMFADevice",
            "iam:DeleteUser",
        ]
    );
}

#[test]
fn waits_double_up_to_twenty_seconds() {
    let waits: Vec<u64> = (1..8).map(|sent| Busy::Throttled.wait(sent).as_secs()).collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 20, 20]);
}
