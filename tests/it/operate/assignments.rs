//! Assignments are asked for and carried out later: requests are followed to their ends, and found where they were lost.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::model::{PermissionSetArn, UserId};
use rollcall::operate::{
    Assignment, Busy, Clock, Operator, Outcome, PrincipalId, Request, Settled, SsoAdminWrite, Status, Step, Stop,
    Target, Wants,
};
use serde_json::{Value, json};

use super::world::{operator, sso};
use crate::support::Moto;

const PROD: &str = "222233334444";
const DEV: &str = "333344445555";

struct World {
    moto: Moto,
    operator: Operator,
    instance: String,
    set: String,
    user: String,
}

impl World {
    async fn new() -> Self {
        let moto = Moto::start();
        let made: Value = moto.seed(&json!({
            "accounts": [{"key": "prod", "name": "P", "email": "p@corp.example", "id": PROD},
                         {"key": "dev", "name": "D", "email": "d@corp.example", "id": DEV}],
            "users": [{"user_name": "ana", "display_name": "Ana Lopez"}],
            "permission_sets": [{"name": "Admin"}, {"name": "Other"}],
        }));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let operator = operator(&moto).await;
        World {
            instance: text(&made["instance_arn"]),
            set: text(&made["permission_sets"]["Admin"]),
            user: text(&made["users"]["ana"]),
            operator,
            moto,
        }
    }

    fn assignment(&self, account: &str) -> Assignment {
        Assignment {
            account: account.parse().unwrap(),
            permission_set: PermissionSetArn::new(&self.set),
            principal: PrincipalId::User(UserId::new(&self.user)),
        }
    }

    fn add(&self, account: &str) -> Step {
        let write = SsoAdminWrite::AddAssignment(self.assignment(account));
        Step::SsoAdmin { instance: self.instance.clone(), write }
    }

    fn remove(&self, account: &str) -> Step {
        let write = SsoAdminWrite::RemoveAssignment(self.assignment(account));
        Step::SsoAdmin { instance: self.instance.clone(), write }
    }

    async fn send(&self, step: &Step) -> Outcome {
        self.operator.send(step, Target::Settled, None).await.outcome
    }

    async fn asked(&self, step: &Step) -> Request {
        let outcome = self.send(step).await;
        let Outcome::Asked { request } = outcome else { panic!("{outcome:?}") };
        request
    }

    async fn settled(&self, step: &Step) -> Settled {
        let request = self.asked(step).await;
        self.operator.settle(&request, &rehearsed().0).await
    }
}

/// A clock that is moved on by waiting, and how long was waited.
fn rehearsed() -> (Clock, Arc<Mutex<TimeDelta>>) {
    let start: DateTime<Utc> = "2026-11-20T09:00:00Z".parse().unwrap();
    let waited = Arc::new(Mutex::new(TimeDelta::zero()));
    let (of_now, of_wait) = (Arc::clone(&waited), Arc::clone(&waited));
    let clock = Clock::of(move || start + *of_now.lock().unwrap()).waiting_by(move |span| {
        *of_wait.lock().unwrap() += TimeDelta::from_std(span).unwrap();
        std::future::ready(())
    });
    (clock, waited)
}

#[tokio::test]
async fn an_assignment_is_made_and_taken_away_and_is_done_only_when_its_request_has_ended() {
    let world = World::new().await;
    let request = world.asked(&world.add(PROD)).await;
    assert_eq!(world.operator.status(&request).await, Ok(Status::UnderWay));
    assert_eq!(world.operator.settle(&request, &rehearsed().0).await, Settled::Succeeded);
    assert_eq!(world.settled(&world.remove(PROD)).await, Settled::Succeeded);
    // Taken away twice, AWS takes the request, and says so at its end.
    assert_eq!(
        world.settled(&world.remove(PROD)).await,
        Settled::Failed { reason: "Received a 404 status error: Assignment not found.".to_owned() }
    );
}

#[tokio::test]
async fn a_request_that_fails_says_the_reason_of_aws_word_for_word() {
    let world = World::new().await;
    world.moto.fail(&json!({"operation": "sso:CreateAccountAssignment", "fault": "end-failed",
                            "message": "Role quota <exceeded>"}));
    let failed = Settled::Failed { reason: "Role quota <exceeded>".to_owned() };
    assert_eq!(world.settled(&world.add(PROD)).await, failed);
}

#[tokio::test]
async fn two_writes_are_never_under_way_in_one_account_and_a_request_ends_by_its_status() {
    let world = World::new().await;
    let request = world.asked(&world.add(PROD)).await;
    let second = world.send(&world.remove(PROD)).await;
    assert!(matches!(second, Outcome::NotDone { why: Busy::UnderWay, .. }), "{second:?}");
    assert_eq!(world.moto.writes(), json!({"sso:CreateAccountAssignment": 1}), "it was not sent");
    let elsewhere = world.asked(&world.add(DEV)).await;
    assert_eq!(world.operator.settle(&request, &rehearsed().0).await, Settled::Succeeded);
    assert_eq!(world.settled(&world.remove(PROD)).await, Settled::Succeeded);
    assert_eq!(world.operator.settle(&elsewhere, &rehearsed().0).await, Settled::Succeeded);
}

#[tokio::test]
async fn an_earlier_write_of_somebody_else_is_waited_for() {
    let world = World::new().await;
    world.asked(&world.add(PROD)).await;
    // Another operator does not know of it.
    let other = operator(&world.moto).await;
    let outcome = other.send(&world.remove(PROD), Target::Settled, None).await.outcome;
    assert!(matches!(outcome, Outcome::NotDone { why: Busy::EarlierWrite, .. }), "{outcome:?}");
}

#[tokio::test]
async fn a_request_that_never_ends_is_waited_for_fifteen_minutes_and_is_unknown_then() {
    let world = World::new().await;
    world.moto.fail(&json!({"operation": "sso:CreateAccountAssignment", "fault": "never-settles"}));
    let request = world.asked(&world.add(PROD)).await;
    let (clock, waited) = rehearsed();
    let settled = world.operator.settle(&request, &clock).await;
    assert!(matches!(&settled, Settled::Unknown { failure } if failure.code == "StillInProgress"), "{settled:?}");
    let waited = *waited.lock().unwrap();
    assert!((TimeDelta::minutes(15)..TimeDelta::seconds(911)).contains(&waited), "{waited}");
    let second = world.send(&world.add(PROD)).await;
    assert!(matches!(second, Outcome::NotDone { why: Busy::UnderWay, .. }), "it still counts: {second:?}");
}

#[tokio::test]
async fn asking_for_a_status_goes_on_over_failures_that_pass_and_stops_where_it_is_denied() {
    let world = World::new().await;
    let status = "sso:DescribeAccountAssignmentCreationStatus";
    let request = world.asked(&world.add(PROD)).await;
    world.moto.fail(&json!([{"operation": status, "fault": "throttle", "times": 1},
                            {"operation": status, "fault": "error", "times": 2}]));
    assert_eq!(world.operator.settle(&request, &rehearsed().0).await, Settled::Succeeded);
    let request = world.asked(&world.remove(PROD)).await;
    world.moto.fail(&json!({"operation": "sso:Describe*", "fault": "deny"}));
    let settled = world.operator.settle(&request, &rehearsed().0).await;
    assert!(matches!(&settled, Settled::Unknown { failure } if failure.code == "AccessDeniedException"), "{settled:?}");
}

#[tokio::test]
async fn a_request_whose_answer_was_lost_is_found_and_no_other_is_taken_for_it() {
    let world = World::new().await;
    assert_eq!(world.settled(&world.add(DEV)).await, Settled::Succeeded);
    let find = async |wants, account: &str, known: &[String]| {
        let sent = Utc::now();
        world.operator.find_request(wants, &world.instance, &world.assignment(account), sent, known).await.unwrap()
    };
    assert_eq!(find(Wants::Assignment, PROD, &[]).await, None);
    world.moto.fail(&json!({"operation": "sso:CreateAccountAssignment", "fault": "lose-answer", "times": 1}));
    let lost = world.send(&world.add(PROD)).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    let found = find(Wants::Assignment, PROD, &[]).await.expect("AWS took it");
    assert_eq!(found.assignment, world.assignment(PROD));
    assert_eq!(world.operator.settle(&found, &rehearsed().0).await, Settled::Succeeded);
    assert_eq!(find(Wants::Assignment, PROD, &[found.id]).await, None, "one that the journal has is not lost");
    assert_eq!(find(Wants::Removal, PROD, &[]).await, None);
    // Sent a second time, it stays assigned once.
    assert_eq!(world.settled(&world.add(PROD)).await, Settled::Succeeded);

    world.moto.fail(&json!({"operation": "sso:DeleteAccountAssignment", "fault": "lose-answer", "times": 1}));
    let lost = world.send(&world.remove(PROD)).await;
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    let found = find(Wants::Removal, PROD, &[]).await.expect("AWS took it");
    assert_eq!(world.operator.settle(&found, &rehearsed().0).await, Settled::Succeeded);
}

#[tokio::test]
async fn a_request_that_is_older_than_the_step_is_not_taken_for_it() {
    let world = World::new().await;
    assert_eq!(world.settled(&world.add(PROD)).await, Settled::Succeeded);
    let later = Utc::now() + TimeDelta::minutes(10);
    let found =
        world.operator.find_request(Wants::Assignment, &world.instance, &world.assignment(PROD), later, &[]).await;
    assert_eq!(found, Ok(None));
}

#[tokio::test]
async fn an_instance_that_is_not_there_stops_the_step() {
    let world = World::new().await;
    let step = sso(SsoAdminWrite::RemoveAssignment(world.assignment(PROD)));
    let outcome = world.send(&step).await;
    assert!(matches!(outcome, Outcome::Stopped { why: Stop::NotThere, .. }), "{outcome:?}");
}
