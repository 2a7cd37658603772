//! The script that `rollcall collect --print-commands` prints, run as its reader would run it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{python_program, rollcall, root};

/// Which services the AWS CLI of the reader knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Services {
    /// Those of the version that the tests have, which is too old for account access manager.
    Old,
    /// With account access manager, by the model of a newer version.
    Newest,
}

/// Prints the script for the settings in the folder and runs it there; what it saves is in `saved`. Returns what it said.
pub fn run(folder: &Path, environment: &[(String, String)], services: Services) -> String {
    let script = rollcall(folder, &["collect", "--print-commands"], environment);
    std::fs::write(folder.join("collect.sh"), &script.stdout).unwrap();
    // What may stand in a configuration that its owner made for other purposes.
    let configuration = folder.join(".aws");
    std::fs::create_dir_all(&configuration).unwrap();
    let habits = "[default]\noutput = text\ncli_error_format = json\ncli_timestamp_format = iso8601\n";
    std::fs::write(configuration.join("config"), habits).unwrap();
    match services {
        Services::Old => {}
        Services::Newest => {
            // Where the AWS CLI looks for models that it does not bring along.
            let models = configuration.join("models");
            std::fs::create_dir_all(&models).unwrap();
            std::os::unix::fs::symlink(newer_model("account-access"), models.join("account-access")).unwrap();
        }
    }
    let path = format!("{}:{}", python_program("aws").parent().unwrap().display(), std::env::var("PATH").unwrap());
    let environment: Vec<(String, String)> = environment.iter().cloned().chain([("PATH".to_owned(), path)]).collect();
    // Stricter than the script itself asks for: whoever pastes it into a script of theirs may be.
    let mut bash = Command::new("bash");
    let ran = super::run(bash.args(["-euo", "pipefail", "collect.sh", "saved"]), folder, &environment);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stderr
}

/// The model of a service that boto3 knows; the AWS CLI of version 1 brings a botocore of its own.
fn newer_model(service: &str) -> PathBuf {
    let versions = std::fs::read_dir(root().join("target/python/lib")).expect("tests/check.sh made it");
    let models = versions.map(|version| version.unwrap().path().join("site-packages/botocore/data").join(service));
    models.filter(|model| model.exists()).map(|model| model.canonicalize().unwrap()).next().expect("boto3 knows it")
}
