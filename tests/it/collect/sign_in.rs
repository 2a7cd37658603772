//! The usual reasons why nobody can sign in, each with what to do about it, and none with a long wait.

use std::net::TcpListener;

use rollcall_simulator::{Faults, Simulator, World};

use crate::support::{Output, rollcall};

/// Collects with these lines in `~/.aws/config`, and these variables.
fn collect(settings: &str, config: &str, environment: &[(&str, &str)]) -> Output {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    std::fs::write(home.path().join("rollcall.toml"), settings).unwrap();
    let mut variables = vec![("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned())];
    variables.extend(environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let output = rollcall(home.path(), &["collect"], &variables);
    assert_eq!(output.code, 1, "{}{}", output.stdout, output.stderr);
    assert!(!home.path().join("aws.part.jsonl").exists(), "nothing was begun");
    output
}

const SSO: &str = "[profile auditor]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Auditor\n\
                   region = eu-central-1\n[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\n\
                   sso_region = eu-central-1\n";

#[test]
fn a_sign_in_that_never_was_or_is_over_is_told_with_the_command_that_signs_in() {
    let output = collect("", SSO, &[("AWS_PROFILE", "auditor")]);
    assert!(output.stderr.contains("`aws sso login`"), "{}", output.stderr);
}

#[test]
fn a_region_that_nobody_named_is_told_with_the_key_that_names_it() {
    let keys = [("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret")];
    let output = collect("", "", &keys);
    assert!(output.stderr.contains("set `aws.region` or AWS_REGION"), "{}", output.stderr);
}

#[test]
fn a_profile_that_does_not_exist_is_told_with_those_that_do() {
    for settings in ["[aws]\nprofile = \"auditer\"\n", "[aws]\nprofile = \"auditer\"\nregion = \"eu-central-1\"\n"] {
        let output = collect(settings, SSO, &[]);
        assert!(output.stderr.contains("no profile `auditer`; they have `auditor`"), "{}", output.stderr);
    }
}

#[test]
fn several_profiles_of_which_none_was_chosen_are_told() {
    let config = "[profile one]\nregion = eu-central-1\n[profile two]\nregion = eu-central-1\n";
    let output = collect("", config, &[("AWS_REGION", "eu-central-1")]);
    assert!(output.stderr.contains("no profile `default`; they have `one`, `two`"), "{}", output.stderr);
    assert!(output.stderr.contains("set `aws.profile` or AWS_PROFILE"), "{}", output.stderr);
}

#[test]
fn a_metadata_service_that_does_not_answer_is_given_up_on() {
    // It takes connections and says nothing; the attempt ends by the client's own limit, or this test does not end.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let environment = [
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint.as_str()),
        ("AWS_REGION", "eu-central-1"),
    ];
    let output = collect("", "", &environment);
    assert!(output.stderr.contains("could not communicate with IMDS"), "{}", output.stderr);
    assert!(output.stderr.contains("`aws sts get-caller-identity` must work"), "{}", output.stderr);
}

/// A simulator, a program in the home folder that prints credentials for it, and a profile that names the program.
fn with_program(program: &str, profile: &str) -> (Simulator, tempfile::TempDir, Output) {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let home = tempfile::tempdir().unwrap();
    let script = home.path().join("credentials.sh");
    std::fs::write(&script, format!("#!/bin/sh\n{program}\n")).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    let config = format!(
        "[profile anywhere]\ncredential_process = {}\n[profile auditor]\nsource_profile = anywhere\n\
         role_arn = arn:aws:iam::123456789012:role/RollcallAuditor\n",
        script.display()
    );
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    std::fs::write(home.path().join("rollcall.toml"), "[aws]\nidentity_center = false\niam = false\n").unwrap();
    let mut environment = simulator.environment();
    environment.retain(|(name, _)| !name.contains("KEY"));
    environment.push(("AWS_PROFILE".to_owned(), profile.to_owned()));
    let output = rollcall(home.path(), &["collect", "--to", "pages.jsonl"], &environment);
    (simulator, home, output)
}

#[test]
fn credentials_that_a_program_prints_are_used_and_so_is_a_role_that_they_assume() {
    let program = "printf '{\"Version\": 1, \"AccessKeyId\": \"AKIAEXAMPLE\", \"SecretAccessKey\": \"s\"}'";
    for (profile, assumed) in [("anywhere", 0), ("auditor", 1)] {
        let (simulator, _home, output) = with_program(program, profile);
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(simulator.ledger().of("sts:GetCallerIdentity").answered, 1, "{}", output.stderr);
        assert_eq!(simulator.ledger().of("sts:AssumeRole").answered, assumed, "{profile}");
    }
}

#[test]
fn a_program_that_prints_no_credentials_is_told() {
    let (_simulator, _home, output) = with_program("echo 'no certificate' >&2; exit 3", "anywhere");
    assert_eq!(output.code, 1);
    assert!(output.stderr.contains("`aws sts get-caller-identity` must work"), "{}", output.stderr);
    assert!(output.stderr.contains("no certificate"), "{}", output.stderr);
}
