//! What is refused before anything is sent.

use serde_json::{Value, json};

use rollcall::apply::principal;

use super::{Site, leaver};

#[test]
fn nothing_is_sent_without_the_right_digest_and_the_settings() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    let refused = |arguments: &[&str], code: i32, why: &str| {
        let output = site.run(arguments);
        assert_eq!(output.code, code, "{}{}", output.stdout, output.stderr);
        assert!(output.stderr.contains(why), "{}", output.stderr);
    };
    let digest = site.digest().short();
    refused(&["apply", "plan.json", "--confirm", "000000000000"], 1, "is not the digest of `plan.json`");
    refused(&["apply", "plan.json", "--confirm", &digest[..11]], 1, "is not the digest of `plan.json`");
    refused(&["apply", "plan.json", "--confirm", &digest, "--from", "saved"], 2, "cannot be used with saved answers");
    refused(&["apply", "plan.json", "--confirm", &digest, "--except", "c9"], 2, "no change `c9` in the plan");
    let held = site.run(&["apply", "plan.json", "--confirm", &digest]);
    assert_eq!(held.code, 3, "{}{}", held.stdout, held.stderr);
    site.write("rollcall.toml", "");
    refused(&["apply", "plan.json", "--confirm", &digest], 1, "the settings have no `[change]`");
    assert_eq!(site.moto.writes(), json!({}));
}

#[test]
fn the_observer_is_another_principal_than_the_operator() {
    let site = Site::of(&leaver());
    site.write("rollcall.toml", super::SETTINGS.split("[operator]").next().unwrap());
    site.plan(&["--rule", "leaver-with-access"]);
    let refused = site.apply(&[]);
    assert_eq!(refused.code, 1, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("the operator must be another principal"), "{}", refused.stderr);
    assert_eq!(site.moto.writes(), json!({}));
}

#[test]
fn the_observer_is_no_other_session_of_the_operators_role() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    let role = "arn:aws:iam::123456789012:role/RollcallOperator";
    let assumed = site.moto.aws(&["sts", "assume-role", "--role-arn", role, "--role-session-name", "reader"]);
    assert_eq!(assumed.code, 0, "{}", assumed.stderr);
    let credentials = &serde_json::from_str::<Value>(&assumed.stdout).unwrap()["Credentials"];
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ];
    let variables = variables.map(|(name, of)| (name.to_owned(), credentials[of].as_str().unwrap().to_owned()));
    let refused = site.run_as(&["apply", "plan.json", "--confirm", &site.digest().short()], &variables);
    assert_eq!(refused.code, 1, "{}{}", refused.stdout, refused.stderr);
    let both = "both are `arn:aws:sts::123456789012:assumed-role/RollcallOperator`";
    assert!(refused.stderr.contains(both), "{}", refused.stderr);
    assert_eq!(site.moto.writes(), json!({}));
}

#[test]
fn sessions_of_a_role_are_one_principal() {
    let of = [
        ("arn:aws:sts::111122223333:assumed-role/Operator/one", "arn:aws:sts::111122223333:assumed-role/Operator"),
        ("arn:aws:sts::111122223333:assumed-role/Operator/two", "arn:aws:sts::111122223333:assumed-role/Operator"),
        ("arn:aws:iam::111122223333:user/ops/ana", "arn:aws:iam::111122223333:user/ops/ana"),
        ("arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:root"),
    ];
    for (arn, who) in of {
        assert_eq!(principal(arn), who);
    }
}

#[test]
fn a_plan_for_another_region_is_refused_before_any_host_is_called_that_it_names() {
    let site = Site::of(&leaver());
    let mut plan = site.plan(&["--rule", "leaver-with-access"]);
    plan.place.region = Some("x@evil.example/".to_owned());
    site.write("plan.json", &String::from_utf8(rollcall::change::write(&plan)).unwrap());
    let refused = site.apply(&[]);
    assert_eq!(refused.code, 1, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("the plan is for the region `x@evil.example/`"), "{}", refused.stderr);
}

#[test]
fn a_plan_that_was_edited_to_last_longer_is_refused() {
    let site = Site::of(&leaver());
    let plan = site.plan(&["--rule", "leaver-with-access"]);
    let mut longer = plan.clone();
    longer.expires += chrono::TimeDelta::hours(1);
    site.write("plan.json", &String::from_utf8(rollcall::change::write(&longer)).unwrap());
    let refused = site.apply(&[]);
    assert_eq!(refused.code, 2, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("`expires` is more than 24 hours after `made.at`"), "{}", refused.stderr);
    let mut later = plan;
    later.made.at += chrono::TimeDelta::hours(1);
    site.write("plan.json", &String::from_utf8(rollcall::change::write(&later)).unwrap());
    let refused = site.apply(&[]);
    assert_eq!(refused.code, 1, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("in the future"), "{}", refused.stderr);
    assert_eq!(site.moto.writes(), json!({}));
}

#[test]
fn a_reference_is_one_line() {
    let site = Site::of(&leaver());
    site.plan(&["--rule", "leaver-with-access"]);
    let refused = site.apply(&["--reference", "one\ntwo"]);
    assert_eq!(refused.code, 2, "{}{}", refused.stdout, refused.stderr);
    assert!(refused.stderr.contains("control character"), "{}", refused.stderr);
}
