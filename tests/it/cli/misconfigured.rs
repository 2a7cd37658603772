//! Settings that AWS would not refuse, and that lead elsewhere than was meant: another region, other credentials, another
//! role, no channel for alerts.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use rollcall_simulator::{Faults, Simulator, World};
use serde_json::Value;
use tempfile::TempDir;

use crate::collect::live::leave_an_old_run;
use crate::story::Story;
use crate::support::schema::validates;
use crate::support::{Output, read, rollcall};

const SETTINGS: &str = "[aws]\nregion = \"eu-west-1\"\nmember_role = \"RollcallAuditor\"\nrequests_per_second = 500\n";
/// The simulator knows an account by the key that signs.
const MANAGEMENT_KEY: &str = "ASIA123456789012AAAA";
const OTHER_KEY: &str = "ASIA222233334444AAAA";

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A folder with settings, a story's saved output in `saved` and its lists in `expected`.
fn folder_of(settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let story = Story::small();
    write(&folder.path().join("rollcall.toml"), settings);
    for file in story.saved_files() {
        write(&folder.path().join("saved").join(&file.name), &file.text);
    }
    for (name, text) in story.expected_files() {
        write(&folder.path().join("expected").join(name), &text);
    }
    folder
}

/// Variables that lead to the simulator, without its region, and with these besides or instead.
fn environment(simulator: &Simulator, instead: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut environment = simulator.environment();
    environment.retain(|(name, _)| !name.contains("REGION") && !instead.iter().any(|(new, _)| name == new));
    environment.extend(instead.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    environment
}

fn without_instance() -> Simulator {
    let mut world = World::careful();
    world.no_organization_instance = true;
    Simulator::start(world, Faults::none())
}

#[test]
fn a_region_without_identity_center_is_named_and_no_check_passes() {
    let simulator = without_instance();
    let folder = folder_of(SETTINGS);
    let named = "no Identity Center instance in `eu-west-1`: set `aws.region` to the region of the instance";
    for format in ["text", "json"] {
        let checked = rollcall(folder.path(), &["check", "--aws", "--format", format], &environment(&simulator, &[]));
        assert_eq!(checked.code, 4, "{}{}", checked.stdout, checked.stderr);
        assert!(checked.stdout.contains(named), "{}", checked.stdout);
    }
    let collected = rollcall(folder.path(), &["collect"], &environment(&simulator, &[]));
    assert_eq!(collected.code, 4, "{}", collected.stderr);
    assert!(collected.stdout.contains(named), "{}", collected.stdout);

    write(&folder.path().join("rollcall.toml"), &format!("{SETTINGS}identity_center = false\n"));
    let without = rollcall(folder.path(), &["check", "--aws"], &environment(&simulator, &[]));
    assert_eq!(without.code, 0, "{}{}", without.stdout, without.stderr);
}

#[test]
fn a_member_role_that_no_account_has_is_told_by_the_setting_that_names_it() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let folder = folder_of(&SETTINGS.replace("RollcallAuditor", "RollcallAuditr"));
    let checked = rollcall(folder.path(), &["check", "--aws"], &environment(&simulator, &[]));
    assert_eq!(checked.code, 4, "{}", checked.stderr);
    let advice = "check the name of the member role (`aws.member_role`), its trust policy and `aws.external_id`; no account \
                  let Rollcall assume it";
    assert!(checked.stdout.contains(advice), "{}", checked.stdout);
}

#[test]
fn a_topic_in_another_partition_is_not_said_to_be_within_reach() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let topic = "[alert]\nsns_topic_arn = \"arn:aws-cn:sns:cn-north-1:123456789012:alerts\"\n";
    let folder = folder_of(&format!("{SETTINGS}{topic}"));
    let checked = rollcall(folder.path(), &["check", "--aws"], &environment(&simulator, &[]));
    assert_eq!(checked.code, 4, "{}", checked.stderr);
    let said = "unknown    sns:Publish (Alerts): `OtherPartition`: the topic is in the partition aws-cn";
    assert!(checked.stdout.contains(said), "{}", checked.stdout);
}

/// A folder whose shared configuration files have the profiles `auditor`, of the management account, and `other`.
fn with_profiles(settings: &str) -> TempDir {
    let folder = folder_of(settings);
    let credentials = format!(
        "[auditor]\naws_access_key_id = {MANAGEMENT_KEY}\naws_secret_access_key = secret\n\
         [other]\naws_access_key_id = {OTHER_KEY}\naws_secret_access_key = secret\n"
    );
    write(&folder.path().join(".aws/credentials"), &credentials);
    folder
}

fn check(folder: &TempDir, simulator: &Simulator, variables: &[(&str, &str)]) -> Output {
    rollcall(folder.path(), &["check"], &environment(simulator, variables))
}

#[test]
fn the_profile_of_the_settings_goes_before_credentials_in_the_environment_and_that_is_said() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let folder = with_profiles(&format!("{SETTINGS}profile = \"auditor\"\n"));
    let keys = [("AWS_ACCESS_KEY_ID", OTHER_KEY)];
    let checked = check(&folder, &simulator, &keys);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let note = "credentials of the profile `auditor` (`aws.profile`); those in the environment (AWS_ACCESS_KEY_ID) are not \
                used";
    assert!(checked.stdout.contains("in account 123456789012\n"), "{}", checked.stdout);
    assert!(checked.stdout.contains(note), "{}", checked.stdout);
    let json = rollcall(folder.path(), &["check", "--format", "json"], &environment(&simulator, &keys));
    validates(&read(".schema/check.json"), &json.stdout);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["aws"]["passed_over"], &json["aws"]["account_id"]), (&note.into(), &"123456789012".into()));

    let audited = rollcall(folder.path(), &["audit"], &environment(&simulator, &keys));
    assert!(audited.stderr.contains(note), "{}", audited.stderr);
    assert!(audited.stdout.contains("arn:aws:iam::123456789012:user/auditor"), "{}", audited.stdout);
}

#[test]
fn credentials_in_the_environment_go_before_the_profile_that_aws_profile_names_as_the_sdk_has_it() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let folder = with_profiles(SETTINGS);
    let both = [("AWS_ACCESS_KEY_ID", OTHER_KEY), ("AWS_PROFILE", "auditor")];
    let checked = check(&folder, &simulator, &both);
    assert!(checked.stdout.contains("in account 222233334444\n"), "{}", checked.stdout);
    assert!(checked.stdout.contains("the profile `auditor` (AWS_PROFILE) is not used"), "{}", checked.stdout);

    let one = check(&folder, &simulator, &[("AWS_ACCESS_KEY_ID", OTHER_KEY)]);
    assert!(one.stdout.contains("in account 222233334444\n") && !one.stdout.contains("not used"), "{}", one.stdout);
    let other = check(&folder, &simulator, &[("AWS_ACCESS_KEY_ID", ""), ("AWS_PROFILE", "auditor")]);
    assert!(
        other.stdout.contains("in account 123456789012\n") && !other.stdout.contains("not used"),
        "{}",
        other.stdout
    );
}

#[test]
fn a_profile_of_the_settings_that_does_not_exist_is_told_although_the_environment_has_credentials() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let folder = with_profiles(&format!("{SETTINGS}profile = \"auditer\"\n"));
    for arguments in [&["check"] as &[&str], &["check", "--aws"], &["audit"], &["collect"]] {
        let output = rollcall(folder.path(), arguments, &environment(&simulator, &[]));
        assert_eq!(output.code, 1, "{}{}", output.stdout, output.stderr);
        assert!(output.stderr.contains("no profile `auditer`; they have `auditor`, `other`"), "{}", output.stderr);
    }
}

const JOB: &str = "[collect]\nfrom = \"saved\"\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\n";

#[test]
fn a_job_that_would_alert_and_has_no_channel_is_a_warning_of_check_and_audit() {
    let folder = folder_of(JOB);
    let checked = rollcall(folder.path(), &["check"], &[]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("warning: no alerts are sent: no channel is set; set `alert.sns_topic_arn`"));
    let json = rollcall(folder.path(), &["check", "--format", "json"], &[]);
    validates(&read(".schema/check.json"), &json.stdout);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["jobs"][0]["alerts"], "no-channel");

    let audited = rollcall(folder.path(), &["audit", "--job", "daily"], &[]);
    assert_eq!(audited.code, 0, "{}", audited.stderr);
    assert!(audited.stdout.ends_with("Alert    not delivered: no channel\n"), "{}", audited.stdout);
    assert!(audited.stderr.contains("job `daily` sends no alerts: no channel is set"), "{}", audited.stderr);
    for quiet in [
        format!("{JOB}alert = false\n"),
        JOB.replace(
            "[[job]]",
            "[alert]\nsns_topic_arn = \
        \"arn:aws:sns:eu-central-1:123456789012:alerts\"\n[[job]]",
        ),
    ] {
        write(&folder.path().join("rollcall.toml"), &quiet);
        let checked = rollcall(folder.path(), &["check"], &[]);
        assert!(!checked.stdout.contains("warning"), "{}", checked.stdout);
    }
    write(&folder.path().join("rollcall.toml"), &format!("{JOB}alert = false\n"));
    let quiet = rollcall(folder.path(), &["audit", "--job", "daily"], &[]);
    assert!(!quiet.stdout.contains("Alert") && quiet.stderr.is_empty(), "{}{}", quiet.stdout, quiet.stderr);
}

#[test]
fn a_served_job_without_a_channel_is_a_warning_and_its_runs_are_not_said_to_be_delivered() {
    let folder = folder_of(JOB);
    leave_an_old_run(folder.path(), "rollcall.toml");
    let mut process = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stderr.take().unwrap()).lines().map(Result::unwrap);
    let mut said: Vec<String> = Vec::new();
    for line in lines {
        let ends = line.contains(" audited ");
        said.push(line);
        if ends {
            break;
        }
    }
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(said[0].contains("no alerts are sent: no channel is set") && said[0].contains("WARN"), "{said:#?}");
    let audited = said.last().unwrap();
    assert!(audited.contains("package=\"delivered\""), "{audited}");
    assert!(audited.contains("alert=\"not delivered: no channel\""), "{audited}");
}

/// A settings file without jobs is probably the wrong one: silence would read as "every job is well".
#[test]
fn who_asks_about_jobs_is_told_that_the_settings_have_none() {
    let folder = folder_of(SETTINGS);
    for arguments in [&["status"][..], &["status", "--alert"], &["alert", "--test"], &["serve"]] {
        let Output { code, stdout, stderr } = rollcall(folder.path(), arguments, &[]);
        assert_eq!(code, 2, "{arguments:?}: {stdout}{stderr}");
        assert!(stderr.contains("no job") && stderr.contains("add a `[[job]]`"), "{arguments:?}: {stderr}");
    }
}
