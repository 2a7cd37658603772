//! One call at a time: what is sent again, what is not, and when a listing has ended.

use std::cell::Cell;
use std::time::Duration;

use aws_sdk_sts::error::{ErrorMetadata, SdkError};
use aws_sdk_sts::operation::get_caller_identity::{GetCallerIdentityError, GetCallerIdentityOutput};
use aws_smithy_runtime_api::http::{Response, StatusCode};
use aws_smithy_types::body::SdkBody;
use rollcall::aws::call::{Ended, Patience, call};
use rollcall::aws::failure::{Failure, Kind};
use rollcall::aws::pacer::Pacer;
use rollcall::aws::pages::Tokens;

fn refused(code: &str) -> SdkError<GetCallerIdentityError, Response> {
    let error = GetCallerIdentityError::generic(ErrorMetadata::builder().code(code).message("said AWS").build());
    let status = StatusCode::try_from(400).expect("a status");
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
fn a_refusal_is_not_sent_again() {
    let ended = called(&["AccessDeniedException"]);
    assert_eq!(
        ended.result.expect_err("it was refused"),
        Failure::new(Kind::Denied, "AccessDeniedException", "said AWS")
    );
    assert_eq!(ended.attempts, 1);
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
