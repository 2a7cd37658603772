//! Each step is sent once, whatever AWS answers, and what it answers is judged.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rollcall::model::{GroupId, UserId};
use rollcall::operate::{
    Busy, Credential, IamWrite, IdentityStoreWrite, Operation, Operator, Outcome, Password, PrincipalId, SsoAdminWrite,
    Step, Stop, Switch, Target,
};
use serde_json::json;

use super::world::*;
use crate::support::Moto;
use crate::support::canned::{Answer, Canned};

/// A step of every writing operation.
pub fn every_step() -> Vec<Step> {
    let text = str::to_owned;
    let credentials =
        [Credential::AccessKey, Credential::SshKey, Credential::Certificate, Credential::ServiceCredential]
            .map(|of| of("ID12345678901234567890".to_owned()));
    let switches =
        credentials.clone().map(|credential| iam(IamWrite::Switch { credential, to: Switch::Inactive })).into_iter();
    let deletions = credentials.map(|credential| iam(IamWrite::DeleteCredential { credential }));
    let mut steps: Vec<Step> = vec![
        iam(IamWrite::CreateUser { path: text("/"), tags: std::iter::empty().collect(), boundary: None }),
        iam(IamWrite::AttachPolicy { policy: text(READ_ONLY) }),
        iam(IamWrite::DetachPolicy { policy: text(READ_ONLY) }),
        iam(IamWrite::DeletePolicy { policy: text("p") }),
        iam(IamWrite::AddToGroup { group: text("g") }),
        iam(IamWrite::RemoveFromGroup { group: text("g") }),
        iam(IamWrite::CreateLoginProfile),
        iam(IamWrite::DeleteLoginProfile),
        iam(IamWrite::DeactivateMfaDevice { serial: text("GAHT12345678") }),
        iam(IamWrite::DeleteMfaDevice { serial: text("arn:aws:iam::123456789012:mfa/phone") }),
        iam(IamWrite::DeleteUser),
        store(IdentityStoreWrite::CreateUser {
            name: text("ana"),
            given_name: text("Ana"),
            family_name: text("Lopez"),
            display_name: text("Ana Lopez"),
            email: None,
        }),
        store(IdentityStoreWrite::DeleteUser { user: UserId::new("u-1"), revision: Some(text("1")) }),
        store(IdentityStoreWrite::CreateGroup { name: text("eng"), description: None }),
        store(IdentityStoreWrite::DeleteGroup { group: GroupId::new("g-1"), revision: None }),
        store(IdentityStoreWrite::AddMember { group: GroupId::new("g-1"), user: UserId::new("u-1") }),
        store(IdentityStoreWrite::RemoveMember { membership: text("m-1") }),
        sso(SsoAdminWrite::AddAssignment(assignment(ACCOUNT))),
        sso(SsoAdminWrite::RemoveAssignment(assignment(ACCOUNT))),
        sso(SsoAdminWrite::RemoveFromApplication {
            application: text("arn:aws:sso::123456789012:application/ssoins-1/apl-1"),
            principal: PrincipalId::User(UserId::new("u-1")),
        }),
    ];
    steps.extend(switches.chain(deletions));
    let mut operations: Vec<Operation> = steps.iter().map(Step::operation).collect();
    operations.sort();
    assert!(operations.into_iter().eq(Operation::all().filter(|operation| operation.is_write())));
    steps
}

pub fn password() -> Password {
    let mut next = 0_u8;
    Password::generate(20, &mut |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(5).wrapping_add(13);
            *byte = next;
        }
    })
    .unwrap()
}

/// What becomes of every step under one fault, each of which has to be sent exactly once.
async fn outcomes(moto: &Moto, fault: &str) -> Vec<(Step, Outcome)> {
    let operator = operator(moto).await;
    moto.heal();
    moto.fail(&json!({"operation": "*", "only": "writes", "fault": fault}));
    let (password, mut outcomes) = (password(), Vec::new());
    for step in every_step() {
        let sent = |moto: &Moto| moto.writes()[step.operation().api()].as_u64().unwrap_or_default();
        let before = sent(moto);
        let outcome = operator.send(&step, Target::Settled, Some(&password)).await.outcome;
        assert_eq!(sent(moto) - before, 1, "{}", told(&step));
        outcomes.push((step, outcome));
    }
    outcomes
}

#[tokio::test]
async fn every_step_is_sent_once_and_each_lost_throttled_and_denied_answer_is_judged() {
    let moto = Moto::start();
    for fault in ["lose-answer", "error"] {
        for (step, outcome) in outcomes(&moto, fault).await {
            assert!(matches!(outcome, Outcome::Unknown { .. }), "{}: {outcome:?}", told(&step));
        }
    }
    for (step, outcome) in outcomes(&moto, "throttle").await {
        let throttled = matches!(outcome, Outcome::NotDone { why: Busy::Throttled, .. });
        assert!(throttled, "{}: {outcome:?}", told(&step));
    }
    for (step, outcome) in outcomes(&moto, "deny").await {
        let Outcome::Stopped { why: Stop::Denied { action }, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!(action, step.operation().api());
    }
}

/// A server that answers STS, and closes the connection of every other call without an answer.
fn silent(calls: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 16 * 1024];
            let read = stream.read(&mut request).unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            if request.contains("GetCallerIdentity") {
                let body = identity();
                let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\n", body.len());
                stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes()).unwrap();
            } else if !request.is_empty() {
                calls.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    url
}

fn identity() -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>arn:aws:iam::{ACCOUNT}:user/op</Arn><UserId>AIDA1</UserId><Account>{ACCOUNT}</Account>\
         </GetCallerIdentityResult></GetCallerIdentityResponse>"
    )
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_leaves_it_unknown_and_nothing_is_sent_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let url = silent(Arc::clone(&calls));
    let operator = Operator::by(&config(&url, ["testing", "testing"]), sign_in()).await.unwrap();
    for (number, step) in every_step().into_iter().enumerate() {
        let outcome = operator.send(&step, Target::Settled, Some(&password())).await.outcome;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{}: {outcome:?}", told(&step));
        assert_eq!(calls.load(Ordering::SeqCst), number + 1, "{}", told(&step));
    }
}

/// An operator of a server that answers every call but the first with this.
async fn answered_with(status: u16, body: &'static str) -> (Canned, Operator) {
    let server = Canned::start(move |request| {
        let is_first = String::from_utf8_lossy(&request.body).contains("GetCallerIdentity");
        let (status, body) = if is_first { (200, identity()) } else { (status, body.to_owned()) };
        Answer { status, body: body.into_bytes(), ..Answer::default() }
    });
    let url = server.environment().into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL").unwrap().1;
    let operator = Operator::by(&config(&url, ["testing", "testing"]), sign_in()).await.unwrap();
    (server, operator)
}

#[tokio::test]
async fn an_application_is_taken_away_from_whoever_the_step_names() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    let server = Canned::start(move |request| {
        let is_first = String::from_utf8_lossy(&request.body).contains("GetCallerIdentity");
        if !is_first {
            let body = serde_json::from_slice::<serde_json::Value>(&request.body).unwrap();
            kept.lock().unwrap().push((request.header("x-amz-target").to_owned(), body));
        }
        let body = if is_first { identity() } else { "{}".to_owned() };
        Answer { status: 200, body: body.into_bytes(), ..Answer::default() }
    });
    let url = server.environment().into_iter().find(|(name, _)| name == "AWS_ENDPOINT_URL").unwrap().1;
    let operator = Operator::by(&config(&url, ["testing", "testing"]), sign_in()).await.unwrap();
    let application = "arn:aws:sso::123456789012:application/ssoins-1/apl-1".to_owned();
    let principal = PrincipalId::Group(GroupId::new("g-1"));
    let step = sso(SsoAdminWrite::RemoveFromApplication { application: application.clone(), principal });
    assert_eq!(operator.send(&step, Target::Settled, None).await.outcome, Outcome::Done { made: None });
    let body = json!({"ApplicationArn": application, "PrincipalId": "g-1", "PrincipalType": "GROUP"});
    assert_eq!(*asked.lock().unwrap(), [("SWBExternalService.DeleteApplicationAssignment".to_owned(), body)]);
}

#[tokio::test]
async fn an_answer_that_is_cut_or_is_none_of_the_services_own_leaves_it_unknown() {
    let cut = "<CreateUserResponse><CreateUserResult><User><UserId>AIDA1</UserId>";
    for (status, body) in [(200, cut), (200, ""), (403, "<html>Forbidden by the proxy</html>"), (502, "Bad Gateway")] {
        let (_server, operator) = answered_with(status, body).await;
        let create =
            iam(IamWrite::CreateUser { path: "/".to_owned(), tags: std::iter::empty().collect(), boundary: None });
        let outcome = operator.send(&create, Target::Settled, None).await.outcome;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{status} {body}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_password_that_is_missing_is_noticed_before_anything_is_sent() {
    let moto = Moto::start();
    let outcome = operator(&moto).await.send(&iam(IamWrite::CreateLoginProfile), Target::Settled, None).await.outcome;
    assert!(matches!(outcome, Outcome::Stopped { why: Stop::NotSent, .. }), "{outcome:?}");
    assert_eq!(moto.writes(), json!({}));
}

/// Everything that is logged, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_password_is_in_no_log_line_of_any_level() {
    let moto = Moto::start();
    let folder = tempfile::tempdir().unwrap();
    let path = password().keep(&folder.path().join("passwords"), "build-7").unwrap();
    let secret = std::fs::read_to_string(&path).unwrap().trim_end().to_owned();
    let operator = operator(&moto).await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let create = iam(IamWrite::CreateUser { path: "/".to_owned(), tags: std::iter::empty().collect(), boundary: None });
    for step in [create, iam(IamWrite::CreateLoginProfile)] {
        let outcome = operator.send(&step, Target::Settled, Some(&password())).await.outcome;
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    }
    drop(guard);
    let logged = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(logged.contains("IAM.CreateUser") && logged.contains("transmitting request"), "requests are logged");
    assert!(!logged.contains("CreateLoginProfile"), "a request with a password was logged");
    // As it is sent, it is percent-encoded: its letters and digits alone are looked for.
    let letters: Vec<&str> = secret.split(|letter: char| !letter.is_ascii_alphanumeric()).collect();
    let longest = letters.iter().max_by_key(|part| part.len()).unwrap();
    assert!(longest.len() > 3 && !logged.contains(*longest), "`{longest}` was logged");
}
