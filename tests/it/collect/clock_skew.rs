//! A machine whose clock is wrong: AWS says so, and is asked again with its own time; if that does not help, the message
//! says how far the clock is off.

use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use rollcall::aws::failure::{Failure, Kind};
use rollcall::collect;
use rollcall::model::Snapshot;

use crate::support::canned::{Answer, Canned, Request};
use crate::support::rollcall;

const FORMAT: &str = "%Y%m%dT%H%M%SZ";

/// How AWS words it.
fn expired(signed: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let quarter = TimeDelta::minutes(15);
    let [signed, oldest, now] = [signed, now - quarter, now].map(|instant| instant.format(FORMAT));
    format!("Signature expired: {signed} is now earlier than {oldest} ({now} - 15 min.)")
}

/// STS, at which it is forty minutes later than here.
struct Sts {
    /// Its time, once it is asked.
    now: Mutex<Option<DateTime<Utc>>>,
    /// Whether its answers have a `Date`, by which a client learns the time.
    dated: bool,
}

impl Sts {
    fn start(dated: bool) -> Canned {
        let sts = Arc::new(Sts { now: Mutex::new(None), dated });
        Canned::start(move |request| sts.answer(request))
    }

    fn answer(&self, request: &Request) -> Answer {
        let signed = NaiveDateTime::parse_from_str(request.header("x-amz-date"), FORMAT).unwrap().and_utc();
        let now = *self.now.lock().unwrap().get_or_insert(signed + TimeDelta::minutes(40));
        let date = ("date", now.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        let headers = if self.dated { vec![date] } else { Vec::new() };
        if (signed - now).abs() < TimeDelta::minutes(15) {
            let identity =
                "<Arn>arn:aws:iam::111122223333:user/me</Arn><UserId>U</UserId><Account>111122223333</Account>";
            let body = format!(
                "<GetCallerIdentityResponse><GetCallerIdentityResult>{identity}</GetCallerIdentityResult>\
                 </GetCallerIdentityResponse>"
            );
            return Answer { status: 200, headers, body: body.into_bytes() };
        }
        let error = format!("<Code>SignatureDoesNotMatch</Code><Message>{}</Message>", expired(signed, now));
        let body = format!("<ErrorResponse><Error><Type>Sender</Type>{error}</Error></ErrorResponse>").into_bytes();
        Answer { status: 403, headers, body }
    }
}

/// Asks who asks, and nothing else.
fn collect(sts: &Canned, folder: &Path) -> Snapshot {
    std::fs::write(folder.join("rollcall.toml"), "[aws]\nidentity_center = false\niam = false\n").unwrap();
    rollcall(folder, &["collect", "--to", "pages.jsonl"], &sts.environment());
    let journal = std::fs::File::open(folder.join("pages.jsonl")).unwrap();
    collect::from_journal(std::io::BufReader::new(journal)).unwrap().snapshot
}

#[test]
fn a_call_that_was_signed_with_a_wrong_time_is_signed_again_with_that_of_aws() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect(&Sts::start(true), folder.path());
    assert_eq!(snapshot.gaps, []);
    let calls = &snapshot.ledger["sts:GetCallerIdentity"];
    assert_eq!((calls.calls, calls.pages), (2, 1));
}

#[test]
fn where_the_time_cannot_be_learned_the_message_says_how_far_it_is_off() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect(&Sts::start(false), folder.path());
    let [gap] = snapshot.gaps.as_slice() else { panic!("{:?}", snapshot.gaps) };
    let said = rollcall::wording::gap_line(gap);
    // A busy machine may take a second between signing and the answer, which rounds down.
    let off = ["39", "40"].map(|minutes| format!("the clock of this machine is {minutes} minutes behind)"));
    assert!(off.iter().any(|words| said.ends_with(words)), "{said}");
}

#[test]
fn a_clock_that_is_wrong_is_no_fault_of_the_credentials() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let late = expired(at("2026-11-20T10:00:00Z"), at("2026-11-21T10:30:00Z"));
    let early = "Signature not yet current: 20261120T110000Z is still later than 20261120T103500Z (20261120T102000Z + 15 \
                 min.)";
    for (code, message, off) in [
        ("SignatureDoesNotMatch", late.as_str(), "24 hours behind"),
        ("InvalidSignatureException", early, "40 minutes ahead"),
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", "wrong"),
    ] {
        let failure = Failure::from_code(code, message);
        assert_eq!((failure.kind, failure.is_lapse(), failure.may_pass()), (Kind::WrongClock, false, true), "{code}");
        let told = format!("the clock of this machine is {off}");
        assert!(failure.message.ends_with(&told), "{}", failure.message);
        assert!(failure.help().is_some_and(|help| help.contains("clock")));
    }
    let other = Failure::from_code("SignatureDoesNotMatch", "The request signature we calculated does not match");
    assert_eq!(other.kind, Kind::NoCredentials);
}
