//! What the configured channels are told of an applied plan: who changed what, once, and nothing as done that was not seen.

use serde_json::{Value, json};

use super::{Site, leaver};
use crate::alert::channels::Hook;

fn site(hook: &Hook, chat: &Hook) -> Site {
    let site = Site::of(&leaver());
    let channels = r#"
[[alert.channel]]
name = "siem"
type = "webhook"
url = "file:siem.url"
[[alert.channel]]
name = "chat"
type = "slack"
url = "file:chat.url"
"#;
    site.write("rollcall.toml", &format!("{}{channels}", super::SETTINGS));
    site.write("siem.url", &hook.url);
    site.write("chat.url", &chat.url);
    site
}

fn bodies(hook: &Hook) -> Vec<String> {
    hook.posts.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
}

#[test]
fn each_channel_is_told_once_who_changed_what_and_the_same_command_tells_those_that_were_not() {
    let (hook, chat) = (Hook::start(), Hook::start());
    let site = site(&hook, &chat);
    site.plan(&["--rule", "leaver-with-access"]);
    assert_eq!(site.run(&["apply", "plan.json"]).code, 3);
    assert_eq!(bodies(&hook).len() + bodies(&chat).len(), 0, "a dry run tells nothing");
    *chat.status.lock().unwrap() = 404;
    let applied = site.apply(&[]);
    assert_eq!(applied.code, 5, "{}{}", applied.stdout, applied.stderr);
    assert!(applied.stderr.contains("could not be sent to channel `chat`"), "{}", applied.stderr);
    let [body] = &bodies(&hook)[..] else { panic!("one message: {:?}", bodies(&hook)) };
    let message: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&message["kind"], &message["plan"]), (&json!("changes-made"), &json!(site.digest().short())));
    let text = |number: usize| message["changes"][number]["text"].as_str().unwrap().to_owned();
    let by = "by `arn:aws:sts::123456789012:assumed-role/RollcallOperator/";
    for said in ["Permission set `Audit` in account ", " removed from the user `bob@", by, ", c1). Seen at 20"] {
        assert!(text(0).contains(said), "{said}: {}", text(0));
    }
    assert!(text(1).contains("removed from the group `AWS-Readers` by `arn:"), "{}", text(1));

    *chat.status.lock().unwrap() = 200;
    let told = bodies(&chat).len();
    let again = site.apply(&[]);
    assert_eq!(again.code, 0, "{}{}", again.stdout, again.stderr);
    assert_eq!((bodies(&hook).len(), bodies(&chat).len()), (1, told + 1));
    assert!(bodies(&chat)[told].contains("removed from the group `AWS-Readers`"), "{:?}", bodies(&chat));
    assert_eq!(site.apply(&[]).code, 0);
    assert_eq!((bodies(&hook).len(), bodies(&chat).len()), (1, told + 1), "once");
    let verified = site.run(&["verify"]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
}

#[test]
fn what_was_not_seen_is_not_called_done_and_what_was_told_is_not_repeated() {
    let (hook, chat) = (Hook::start(), Hook::start());
    let site = site(&hook, &chat);
    site.plan(&["--rule", "leaver-with-access"]);
    site.moto.fail(&json!({"operation": "identitystore:DeleteGroupMembership", "fault": "deny"}));
    assert_eq!(site.apply(&[]).code, 6);
    let first: Value = serde_json::from_str(&bodies(&hook)[0]).unwrap();
    let of_member = first["changes"][1]["text"].as_str().unwrap();
    assert!(of_member.starts_with("Refused by AWS at 20") && !of_member.contains(" removed from "), "{of_member}");
    assert!(first["stopped"].as_str().unwrap().starts_with("stopped at c2: "), "{first}");
    site.moto.heal();
    assert_eq!(site.apply(&[]).code, 0);
    let second: Value = serde_json::from_str(&bodies(&hook)[1]).unwrap();
    let changes = second["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{second}");
    assert!(changes[0]["text"].as_str().unwrap().contains(" removed from the group "), "{second}");
}
