//! One call at a time: what is sent again, what is not, and when a listing has ended.

use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_sts::error::{ErrorMetadata, SdkError};
use aws_sdk_sts::operation::get_caller_identity::{GetCallerIdentityError, GetCallerIdentityOutput};
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use rollcall::aws::failure::{self, Failure, Kind};
use rollcall::aws::pacer::Pacer;
use rollcall::aws::pagination::Tokens;
use rollcall::aws::retry::{Ended, Patience, call};

fn refused(code: &str) -> SdkError<GetCallerIdentityError, Response> {
    refused_with(400, code)
}

fn refused_with(status: u16, code: &str) -> SdkError<GetCallerIdentityError, Response> {
    let error = GetCallerIdentityError::generic(ErrorMetadata::builder().code(code).message("said AWS").build());
    let status = StatusCode::try_from(status).expect("a status");
    SdkError::service_error(error, Response::new(status, SdkBody::empty()))
}

/// Calls that are refused with these codes, one after the other, and then answered.
fn called(codes: &[&str]) -> Ended<GetCallerIdentityOutput> {
    let patience = Patience { throttled: 4, unavailable: 2, first_wait: Duration::ZERO, longest_wait: Duration::ZERO };
    let sent = Cell::new(0);
    let send = || {
        let code = codes.get(sent.replace(sent.get() + 1)).copied();
        async move {
            match code {
                Some(code) => Err(refused(code)),
                None => Ok(GetCallerIdentityOutput::builder().build()),
            }
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async { call(&Pacer::new(1e6), &patience, send).await })
}

#[test]
fn a_throttled_call_is_sent_again_until_it_is_answered() {
    let ended = called(&["ThrottlingException", "TooManyRequestsException"]);
    assert!(ended.result.is_ok());
    assert_eq!((ended.attempts, ended.throttled), (3, 2));
}

#[test]
fn a_throttled_call_whose_patience_ends_is_a_failure_and_no_empty_answer() {
    let ended = called(&["Throttling"; 9]);
    let failure = ended.result.expect_err("it was never answered");
    assert_eq!((failure.kind, ended.attempts, ended.throttled), (Kind::Throttled, 4, 4));
}

#[test]
fn each_kind_of_failure_has_a_patience_of_its_own() {
    for codes in [["Throttling", "Throttling", "InternalError"], ["InternalError", "Throttling", "Throttling"]] {
        let ended = called(&codes);
        assert!(ended.result.is_ok(), "{codes:?}: {:?}", ended.result);
    }
    let throttled_meanwhile = called(&["InternalError", "Throttling", "InternalError"]);
    assert_eq!(throttled_meanwhile.result.expect_err("it failed twice").kind, Kind::Unavailable);
    let failed_meanwhile = called(&["Throttling", "Throttling", "Throttling", "InternalError", "Throttling"]);
    assert_eq!(failed_meanwhile.result.expect_err("it was throttled four times").kind, Kind::Throttled);
}

#[test]
fn a_refusal_is_not_sent_again() {
    let ended = called(&["AccessDeniedException"]);
    assert_eq!(
        ended.result.expect_err("it was refused"),
        Failure::new(Kind::Denied, "AccessDeniedException", "said AWS")
    );
    assert_eq!(ended.attempts, 1);
}

#[test]
fn a_call_that_whoever_answers_does_not_know_may_not_pass_and_any_other_failure_on_its_side_may() {
    for (status, may_pass) in [(500, true), (501, false), (503, true), (520, true)] {
        let named = failure::of(&refused_with(status, "NotImplementedError"));
        let unnamed = failure::of_stranger(status, "<html></html>", "not XML");
        assert_eq!((named.may_pass(), unnamed.may_pass()), (may_pass, may_pass), "{status}");
    }
}

#[test]
fn a_listing_ends_without_a_token_and_not_with_an_empty_page() {
    let mut tokens = Tokens::default();
    assert_eq!(tokens.next(Some("a")), Ok(Some("a".to_owned())));
    assert_eq!(tokens.next(Some("b")), Ok(Some("b".to_owned())));
    assert_eq!(tokens.next(None), Ok(None));
    assert_eq!(tokens.next(Some("")), Ok(None));
}

#[test]
fn a_repeated_token_is_a_failure_of_its_own_kind() {
    let mut tokens = Tokens::default();
    assert_eq!(tokens.next(Some("a")), Ok(Some("a".to_owned())));
    assert_eq!(tokens.next(Some("a")).map_err(|failure| failure.kind), Err(Kind::TokenRepeated));
}

/// A turn, at once.
fn turn(pacer: &Pacer) -> tokio::time::Instant {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(pacer.turn())
}

#[test]
fn calls_that_are_throttled_at_the_same_time_lower_the_pace_once() {
    let pacer = Pacer::new(1000.0);
    let sent = [turn(&pacer), turn(&pacer)];
    sent.into_iter().for_each(|sent| pacer.throttled(sent, Duration::ZERO));
    let once = pacer.per_second();
    assert!((600.0..800.0).contains(&once), "{once}");
    pacer.throttled(turn(&pacer), Duration::ZERO);
    assert!(pacer.per_second() < once, "a call that was sent since lowers it further");
}

#[test]
fn answers_raise_the_pace_again_and_never_above_the_setting() {
    let pacer = Pacer::new(1000.0);
    pacer.throttled(turn(&pacer), Duration::ZERO);
    let lowered = pacer.per_second();
    pacer.answered(turn(&pacer));
    assert!(pacer.per_second() > lowered);
    let late = turn(&pacer);
    (0..1000).for_each(|_| pacer.answered(late));
    assert!((pacer.per_second() - 1000.0).abs() < 1e-6, "{}", pacer.per_second());
}

#[test]
fn an_answer_to_a_call_from_before_a_throttle_raises_nothing() {
    let pacer = Pacer::new(1000.0);
    let before = turn(&pacer);
    pacer.throttled(turn(&pacer), Duration::ZERO);
    let lowered = pacer.per_second();
    pacer.answered(before);
    assert!((pacer.per_second() - lowered).abs() < 1e-6);
}

#[test]
fn nobodys_turn_comes_before_a_pause_is_over() {
    let pacer = Pacer::new(1000.0);
    let pause = Duration::from_millis(50);
    let sent = turn(&pacer);
    pacer.throttled(sent, pause);
    assert!(turn(&pacer) - sent >= pause);
}

#[test]
fn turns_come_no_more_often_than_the_pace_and_a_tenth_of_a_second_of_it() {
    let pacer = Pacer::new(1000.0);
    let first = turn(&pacer);
    std::thread::sleep(Duration::from_millis(300));
    let last = (0..200).map(|_| turn(&pacer)).last().expect("there are turns");
    let took = last - first;
    // The slots of the 300 ms in which nobody came are lost but for 100 ms.
    assert!(took >= Duration::from_millis(300 + 199 - 100), "{took:?}");
}

/// A service that lets through so many calls a second, and a few more at once.
struct Bucket {
    per_second: f64,
    most: f64,
    tokens: f64,
    filled: std::time::Instant,
}

impl Bucket {
    fn takes(&mut self) -> bool {
        let since = self.filled.elapsed().as_secs_f64();
        self.filled = std::time::Instant::now();
        self.tokens = (self.tokens + since * self.per_second).min(self.most);
        let takes = self.tokens >= 1.0;
        if takes {
            self.tokens -= 1.0;
        }
        takes
    }
}

#[test]
fn no_call_is_lost_against_a_limit_that_is_lower_than_the_setting() {
    let bucket =
        Arc::new(Mutex::new(Bucket { per_second: 200.0, most: 10.0, tokens: 10.0, filled: std::time::Instant::now() }));
    let pacer = Arc::new(Pacer::new(400.0));
    let patience = Patience { first_wait: Duration::from_millis(5), ..Patience::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    let ended: Vec<Ended<GetCallerIdentityOutput>> = runtime.block_on(async {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let (pacer, bucket) = (Arc::clone(&pacer), Arc::clone(&bucket));
            calls.spawn(async move {
                let send = || {
                    let takes = bucket.lock().unwrap().takes();
                    async move {
                        if takes {
                            Ok(GetCallerIdentityOutput::builder().build())
                        } else {
                            Err(refused("ThrottlingException"))
                        }
                    }
                };
                call(&pacer, &patience, send).await
            });
        }
        calls.join_all().await
    });
    assert_eq!(ended.iter().filter(|ended| ended.result.is_err()).count(), 0);
    let throttled: u32 = ended.iter().map(|ended| ended.throttled).sum();
    assert!((1..60).contains(&throttled), "{throttled} of 200 calls were throttled");
}
