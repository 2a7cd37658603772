//! A network that looks into TLS: its certificates are trusted where `AWS_CA_BUNDLE` or the profile names them, and
//! nowhere else.

use std::path::{Path, PathBuf};

use rollcall_simulator::{Faults, Simulator, World};

use crate::support::{Output, TlsRelay, read, rollcall, root};

/// A simulator behind TLS, and what an AWS client needs to reach it.
fn behind_tls() -> (Simulator, TlsRelay, Vec<(String, String)>) {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let relay = TlsRelay::before(&simulator.url());
    let mut environment = simulator.environment();
    environment.retain(|(name, _)| name != "AWS_ENDPOINT_URL");
    environment.push(("AWS_ENDPOINT_URL".to_owned(), relay.url().to_owned()));
    (simulator, relay, environment)
}

fn authority() -> PathBuf {
    root().join("tests/data/tls/ca.pem")
}

fn collect(folder: &Path, environment: &[(String, String)]) -> Output {
    std::fs::write(folder.join("rollcall.toml"), "[aws]\nidentity_center = false\niam = false\n").unwrap();
    rollcall(folder, &["collect", "--to", "pages.jsonl"], environment)
}

fn caller(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("pages.jsonl")).is_ok_and(|pages| pages.contains(":user/auditor"))
}

#[test]
fn who_signs_for_the_network_is_trusted_where_a_variable_names_the_certificate() {
    let (_simulator, _relay, mut environment) = behind_tls();
    let stranger = tempfile::tempdir().unwrap();
    let refused = collect(stranger.path(), &environment);
    assert!(!caller(stranger.path()), "nobody is trusted who is not known");
    assert!((refused.stdout + &refused.stderr).contains("UnknownIssuer"));
    environment.push(("AWS_CA_BUNDLE".to_owned(), authority().display().to_string()));
    let folder = tempfile::tempdir().unwrap();
    let output = collect(folder.path(), &environment);
    assert!(caller(folder.path()), "{}{}", output.stdout, output.stderr);
}

#[test]
fn who_signs_for_the_network_is_trusted_where_the_profile_names_the_certificate() {
    let (_simulator, _relay, environment) = behind_tls();
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(".aws")).unwrap();
    // Certificates that cannot be used, beside one that can, are no reason to trust none.
    let bundle = folder.path().join("bundle.pem");
    let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    std::fs::write(&bundle, format!("# Our network\n{junk}{}", read("tests/data/tls/ca.pem"))).unwrap();
    let config = format!("[default]\nca_bundle = {}\n", bundle.display());
    std::fs::write(folder.path().join(".aws/config"), config).unwrap();
    let output = collect(folder.path(), &environment);
    assert!(caller(folder.path()), "{}{}", output.stdout, output.stderr);
}

#[test]
fn a_file_that_holds_no_certificate_is_told_with_what_names_it() {
    let (_simulator, _relay, environment) = behind_tls();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty.pem"), "no certificate\n").unwrap();
    let said = |path: &str| {
        let variable = ("AWS_CA_BUNDLE".to_owned(), path.to_owned());
        let output = collect(folder.path(), &[environment.clone(), vec![variable]].concat());
        assert_eq!(output.code, 1);
        output.stderr
    };
    insta::assert_snapshot!(said("empty.pem"), @"
    error: cannot sign in to AWS
      caused by: CaBundle: AWS_CA_BUNDLE points to `empty.pem`: it contains no usable certificate
      help: set AWS_CA_BUNDLE, or `ca_bundle` of the profile, to a PEM file of certificates
    ");
    insta::assert_snapshot!(said("missing.pem"), @"
    error: cannot sign in to AWS
      caused by: CaBundle: AWS_CA_BUNDLE points to `missing.pem`: No such file or directory (os error 2)
      help: set AWS_CA_BUNDLE, or `ca_bundle` of the profile, to a PEM file of certificates
    ");
}
