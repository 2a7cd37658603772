//! E-mail: what a mail server gets and what a mail program makes of it; servers that refuse, encrypt badly or go away.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::mail_server::MailServer;
use crate::support::{Output, rollcall};

const SECRET: &str = "correct horse battery";

/// A folder whose job sends e-mail to this server; `more` stands in the channel.
struct Place {
    folder: TempDir,
    server: MailServer,
}

impl Place {
    fn of(story: &Story, tls: &str, more: &str) -> Self {
        let login = (tls != "none").then_some(("mailer", SECRET));
        let server = MailServer::start(tls, login);
        let folder = folder_of(story, "");
        let place = Place { folder, server };
        place.settings(tls, more);
        fs::write(place.folder.path().join("mail.password"), format!("{SECRET}\n")).unwrap();
        fs::copy(MailServer::authority(), place.folder.path().join("ca.pem")).unwrap();
        place
    }

    fn settings(&self, tls: &str, more: &str) {
        let login = match tls {
            "none" => "",
            _ => "ca = \"ca.pem\"\nuser = \"env:MAIL_USER\"\npassword = \"file:mail.password\"\n",
        };
        let port = self.server.port();
        let settings = format!(
            "organization = \"Acme\"\n[collect]\nfrom = \"saved\"\n[[alert.channel]]\nname = \"mail\"\ntype = \"smtp\"\n\
             host = \"127.0.0.1\"\nport = {port}\ntls = \"{tls}\"\nfrom = \"Rollcall <rollcall@corp.example.com>\"\n\
             to = [\"Séc, Team <security@corp.example.com>\", \"audit@corp.example.com\"]\n{login}{more}\n\
             [[job]]\nname = \"daily\"\ncron = \"0 8 * * *\"\n"
        );
        fs::write(self.folder.path().join("rollcall.toml"), settings).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let environment = [("MAIL_USER".to_owned(), "mailer".to_owned())];
        let output = rollcall(self.folder.path(), arguments, &environment);
        assert!(!output.stdout.contains(SECRET) && !output.stderr.contains(SECRET), "{}", output.stderr);
        output
    }

    fn audit(&self) -> Output {
        self.run(&["audit", "--job", "daily", "--exit-zero"])
    }

    /// That the run could not deliver the message, why, and that the next run does.
    fn fails_with(&self, why: &str) {
        let output = self.audit();
        assert_eq!(output.code, 5, "{}", output.stderr);
        assert!(output.stderr.contains("the alert could not be sent to channel `mail`"), "{}", output.stderr);
        assert!(output.stderr.contains(why), "{}", output.stderr);
        assert!(!output.stderr.contains("corp.example.com"), "{}", output.stderr);
    }

    fn delivers_to_everyone(&self) {
        let output = self.audit();
        assert_eq!(output.code, 0, "{}", output.stderr);
        let messages = self.server.messages();
        assert_eq!(messages.len(), 1, "{messages:?}");
        assert_eq!(messages[0]["to"], json!(["security@corp.example.com", "audit@corp.example.com"]));
    }
}

fn with_administrator() -> Story {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    story
}

fn part<'m>(message: &'m Value, media_type: &str) -> &'m str {
    let part = message["parts"].as_array().unwrap().iter().find(|part| part["type"] == media_type);
    part.and_then(|part| part["text"].as_str()).unwrap_or_else(|| panic!("no {media_type} in {message}"))
}

#[test]
fn a_run_sends_one_message_to_all_recipients_with_text_html_and_the_findings_on_request() {
    for (tls, more, tree) in [
        ("starttls", "", vec!["multipart/alternative", "text/plain", "text/html"]),
        (
            "tls",
            "attach = true",
            vec!["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/csv"],
        ),
        ("none", "", vec!["multipart/alternative", "text/plain", "text/html"]),
    ] {
        let place = Place::of(&with_administrator(), tls, more);
        let output = place.audit();
        assert_eq!(output.code, 0, "{tls}: {}", output.stderr);
        let messages = place.server.messages();
        assert_eq!(messages.len(), 1, "{tls}");
        let message = &messages[0];
        assert_eq!(message["defects"], json!([]), "{message}");
        assert_eq!(message["tree"], json!(tree), "{tls}");
        assert_eq!(message["from"], "rollcall@corp.example.com");
        assert_eq!(message["to"], json!(["security@corp.example.com", "audit@corp.example.com"]));
        let headers = &message["headers"];
        assert_eq!(headers["Subject"], "[Rollcall] first run, 1 finding (critical): Acme");
        assert_eq!(headers["From"], "Rollcall <rollcall@corp.example.com>");
        assert_eq!(headers["To"], "\"Séc, Team\" <security@corp.example.com>, audit@corp.example.com");
        assert_eq!(headers["Auto-Submitted"], "auto-generated");
        assert_eq!(
            (&headers["X-Rollcall-Kind"], &headers["X-Rollcall-Severity"]),
            (&json!("news"), &json!("critical"))
        );
        let id = headers["Message-ID"].as_str().unwrap();
        assert!(id.starts_with('<') && id.ends_with("@corp.example.com>"), "{id}");
        assert!(part(message, "text/plain").contains("[critical] User `mallory"), "{message}");
        assert!(part(message, "text/html").contains("<code>mallory"), "{message}");
        if !more.is_empty() {
            let findings = fs::read_dir(place.folder.path().join("reports/packages/daily")).unwrap().flatten().next();
            let findings = fs::read_to_string(findings.unwrap().path().join("findings.csv")).unwrap();
            // The parser takes the mark at the beginning, and the ends of lines, for what they are.
            let lines = |text: &str| text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(lines(part(message, "text/csv")), lines(&findings));
        }
        assert_eq!((place.audit().code, place.server.messages()), (0, vec![]), "they know");
    }
}

#[test]
fn what_a_server_refuses_is_sent_by_the_next_run() {
    let place = Place::of(&with_administrator(), "starttls", "");
    let refusals = [
        (json!({"message": "554 5.7.1 spam"}), "refused the message (status 554)"),
        (json!({"sender": "550 5.7.1 not you"}), "refused the sender (status 550)"),
        (
            json!({"recipients": {"security@corp.example.com": "550 no", "audit@corp.example.com": "550 no"}}),
            "refused the recipient (status 550)",
        ),
    ];
    for (faults, why) in refusals {
        place.server.refuse(&faults);
        place.fails_with(why);
    }
    place.server.refuse(&json!({}));
    place.delivers_to_everyone();
}

#[test]
fn what_a_server_refuses_for_now_is_tried_three_times_and_nobody_gets_it_before_everyone_can() {
    let place = Place::of(&with_administrator(), "none", "");
    place.server.refuse(&json!({"recipients": {"audit@corp.example.com": "451 4.7.1 later"}}));
    place.fails_with("refused the recipient (status 451)");
    assert_eq!(place.server.messages(), [] as [Value; 0]);
    place.server.refuse(&json!({}));
    place.delivers_to_everyone();
}

#[test]
fn a_recipient_who_is_refused_for_good_keeps_the_message_from_no_other_and_is_named_by_place() {
    let place = Place::of(&with_administrator(), "none", "");
    place.server.refuse(&json!({"recipients": {"audit@corp.example.com": "550 5.1.1 unknown"}}));
    let output = place.audit();
    assert_eq!(output.code, 5, "{}", output.stderr);
    assert!(output.stderr.contains("the mail server refused recipient 2 of `to`"), "{}", output.stderr);
    assert_eq!(place.server.messages()[0]["to"], json!(["security@corp.example.com"]));
    assert_eq!((place.audit().code, place.server.messages()), (0, vec![]), "the others know");
}

#[test]
fn a_connection_that_ends_after_the_message_is_tried_again_with_the_same_message_id() {
    let place = Place::of(&with_administrator(), "starttls", "");
    place.server.refuse(&json!({"lose": 1}));
    assert_eq!(place.audit().code, 0);
    let messages = place.server.messages();
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["headers"]["Message-ID"], messages[1]["headers"]["Message-ID"]);
    assert_eq!(messages[0]["headers"]["Subject"], messages[1]["headers"]["Subject"]);
}

#[test]
fn a_server_that_cannot_be_trusted_or_does_not_know_us_gets_no_message() {
    let place = Place::of(&with_administrator(), "starttls", "");
    let of_channel = |from: &str, to: &str| {
        let path = place.folder.path().join("rollcall.toml");
        let settings = fs::read_to_string(&path).unwrap();
        assert!(settings.contains(from), "{settings}");
        fs::write(path, settings.replace(from, to)).unwrap();
    };
    fs::write(place.folder.path().join("mail.password"), "wrong\n").unwrap();
    place.fails_with("refused user name or password (status 535)");
    fs::write(place.folder.path().join("mail.password"), format!("{SECRET}\n")).unwrap();
    // The certificate is for 127.0.0.1.
    of_channel("host = \"127.0.0.1\"", "host = \"localhost\"");
    place.fails_with("certificate is not trusted, or is for another name");
    of_channel("host = \"localhost\"", "host = \"127.0.0.1\"");
    of_channel("ca = \"ca.pem\"\n", "");
    place.fails_with("certificate is not trusted, or is for another name");
    of_channel("tls = \"starttls\"\n", "tls = \"tls\"\nca = \"ca.pem\"\n");
    place.fails_with("no encrypted connection to the mail server");
    of_channel("tls = \"tls\"\n", "tls = \"starttls\"\n");
    fs::write(place.folder.path().join("ca.pem"), "nonsense").unwrap();
    place.fails_with("`ca` has no usable certificate");
    fs::copy(MailServer::authority(), place.folder.path().join("ca.pem")).unwrap();
    place.delivers_to_everyone();

    // One that takes mail without encryption is not given any.
    let open = Place::of(&with_administrator(), "none", "");
    open.settings("starttls", "");
    open.fails_with("the mail server does not offer STARTTLS");
    assert_eq!(open.server.messages(), [] as [Value; 0]);
}

#[test]
fn a_failed_run_and_a_test_are_sent_by_mail_too() {
    let place = Place::of(&Story::small(), "none", "");
    fs::write(place.folder.path().join("expected/iam-users.csv"), "nonsense\n").unwrap();
    assert_eq!(place.audit().code, 1);
    let message = place.server.messages().remove(0);
    assert_eq!(message["headers"]["Subject"], "[Rollcall] job daily failed: the expected lists: Acme");
    assert!(part(&message, "text/html").contains("<h1>The run of job <code>daily</code> failed</h1>"), "{message}");
    assert_eq!(place.run(&["alert", "--test", "mail"]).code, 0);
    let samples = place.server.messages();
    let ids: std::collections::BTreeSet<&str> =
        samples.iter().map(|message| message["headers"]["Message-ID"].as_str().unwrap()).collect();
    assert_eq!((samples.len(), ids.len()), (4, 4));
    for message in &samples {
        assert_eq!((&message["headers"]["X-Rollcall-Kind"], &message["defects"]), (&json!("test"), &json!([])));
        assert!(part(message, "text/html").contains("This is a test. Nothing was audited"), "{message}");
        assert!(part(message, "text/plain").starts_with("This is a test."), "{message}");
    }
}

#[test]
fn settings_with_a_channel_that_is_none_are_reported_by_the_others() {
    let place = Place::of(&Story::small(), "none", "");
    let path = place.folder.path().join("rollcall.toml");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{settings}[[alert.channel]]\nname = \"siem\"\ntype = \"webhook\"\n")).unwrap();
    assert_eq!(place.audit().code, 2);
    let message = place.server.messages().remove(0);
    assert_eq!(message["headers"]["Subject"], "[Rollcall] job daily failed: the settings: Acme");
    assert!(part(&message, "text/plain").contains("channel `siem`: `url` is missing"), "{message}");
}

#[test]
fn names_that_are_markup_headers_or_boundaries_are_only_names() {
    let mut story = Story::small();
    let names = [
        "<script>alert(1)</script>",
        "<img src=https://evil.example/x>",
        "x\r\nBcc: evil@evil.example",
        "\u{202e}gpj.exe",
        "--rollcall\r\n\r\n.\r\nMAIL FROM:<evil@evil.example>",
        "`</code><style>body{display:none}</style>",
        "&lt;b&gt;",
        "=?utf-8?q?=0D=0ABcc:_evil?=",
    ];
    for name in names {
        story.aws_group(name);
    }
    let place = Place::of(&story, "none", "attach = true");
    assert_eq!(place.audit().code, 0);
    let messages = place.server.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    let message = &messages[0];
    assert_eq!((&message["defects"], &message["from"]), (&json!([]), &json!("rollcall@corp.example.com")));
    assert!(message["headers"].get("Bcc").is_none(), "{message}");
    let html = part(message, "text/html");
    let outside = html.split("</style>").nth(1).unwrap();
    for tag in ["<script", "<img", "<style", "<b>"] {
        assert!(!outside.contains(tag), "{tag}: {outside}");
    }
    assert!(!html.contains("url(") && !html.contains("@import"), "nothing is loaded from outside");
}
