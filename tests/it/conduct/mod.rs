//! Applying a plan, end to end, against a stand-in that refuses changes as AWS does: what is written and how often, what is
//! kept, how it stops and goes on.

pub mod leaver;
pub mod stops;

use std::fs;
use std::path::PathBuf;

use rollcall::change::{self, Digest, Plan};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::story::{Story, user};
use crate::support::{Moto, Output, rollcall};

const SETTINGS: &str = r#"
[expect]
identity_source = "identity-center"
max_age = "9000d"

[change]
allow = ["add-member", "remove-member", "add-assignment", "remove-assignment"]

[operator]
role = "arn:aws:iam::123456789012:role/RollcallOperator"
"#;

/// AWS as a story says, with lists and settings by which Rollcall may change it.
pub struct Site {
    pub moto: Moto,
    folder: TempDir,
}

/// The small company, in which bob left and still has a membership and an assignment.
pub fn leaver() -> Story {
    let mut story = Story::small();
    story.leaves("bob").aws_grant(user("bob"), "Audit", "dev");
    story
}

impl Site {
    pub fn of(story: &Story) -> Self {
        let site = Site { moto: Moto::start(), folder: tempfile::tempdir().unwrap() };
        site.moto.seed(&story.for_moto());
        for (name, text) in story.expected_files() {
            site.write(&format!("expected/{name}"), &text);
        }
        site.write("rollcall.toml", SETTINGS);
        site
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        rollcall(self.folder.path(), arguments, &self.moto.environment())
    }

    /// Plans into `plan.json`.
    pub fn plan(&self, asked: &[&str]) -> Plan {
        let planned = self.run(&[&["plan"], asked, &["--out", "plan.json"]].concat());
        assert!(matches!(planned.code, 0 | 3 | 4), "{}{}", planned.stdout, planned.stderr);
        change::read(&fs::read(self.folder.path().join("plan.json")).unwrap()).unwrap()
    }

    pub fn digest(&self) -> Digest {
        Digest::of(&fs::read(self.folder.path().join("plan.json")).unwrap())
    }

    /// Applies `plan.json`, as the dry run says.
    pub fn apply(&self, options: &[&str]) -> Output {
        let confirm = self.digest().short();
        let ways = ["--allow-removals", "2", "--allow-administrative"];
        self.run(&[&["apply", "plan.json", "--confirm", &confirm], &ways[..], options].concat())
    }

    /// The files of the journal, in order.
    pub fn journal(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().join("reports/changes").join(self.digest().hex());
        let Ok(files) = fs::read_dir(folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        files
    }

    pub fn entries(&self) -> Vec<Value> {
        let entry =
            |path: &PathBuf| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap()["entry"].clone();
        self.journal().iter().map(entry).collect()
    }

    /// What a process leaves that was killed when so many entries were kept: its claim ends by itself, later.
    pub fn killed_after(&self, entries: usize) {
        for file in self.journal().iter().skip(entries) {
            fs::remove_file(file).unwrap();
        }
        fs::remove_dir_all(self.folder.path().join("reports/claims")).unwrap();
    }
}

/// The two changes that a leaver's plan makes, each once.
pub fn once() -> Value {
    json!({"identitystore:DeleteGroupMembership": 1, "sso:DeleteAccountAssignment": 1})
}
