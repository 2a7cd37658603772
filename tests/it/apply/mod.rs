//! Applying a plan, end to end, against a stand-in that refuses changes as AWS does: what is written and how often, what is
//! kept, how it stops and continues.

pub mod closure;
pub mod evidence;
pub mod iam;
pub mod iam_users;
pub mod kills;
pub mod leaver;
pub mod lost_answers;
pub mod member_account;
pub mod messages;
pub mod people;
pub mod refused;
pub mod stops;

use std::fs;
use std::path::{Path, PathBuf};

use rollcall::change::{self, Digest, Plan};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::story::{Story, user};
use crate::support::{Moto, Output, rollcall, start_rollcall};

const SETTINGS: &str = r#"
[expect]
identity_source = "identity-center"
max_age = "9000d"

[change]
allow = ["add-member", "remove-member", "add-assignment", "remove-assignment"]
shows_within_seconds = 6

[operator]
role = "arn:aws:iam::123456789012:role/RollcallOperator"
"#;

/// The ways through the guards that hold a plan of a leaver.
const WAYS: [&str; 3] = ["--allow-removals", "2", "--allow-administrative"];

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

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        rollcall(self.folder.path(), arguments, &self.moto.environment())
    }

    /// The same with other variables of the environment.
    pub fn run_as(&self, arguments: &[&str], variables: &[(String, String)]) -> Output {
        rollcall(self.folder.path(), arguments, &[&self.moto.environment(), variables].concat())
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
        self.run(&[&["apply", "plan.json", "--confirm", &confirm], &WAYS[..], options].concat())
    }

    /// Applies a plan by the ways through all guards that hold it.
    pub fn apply_plan(&self, plan: &Plan, options: &[&str]) -> Output {
        let arguments = self.applying(plan);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(options.iter().copied()).collect();
        self.run(&arguments)
    }

    fn applying(&self, plan: &Plan) -> Vec<String> {
        let (confirm, removals) = (self.digest().short(), plan.foreseen.removals().to_string());
        let fixed =
            ["apply", "plan.json", "--confirm", &confirm, "--allow-administrative", "--allow-removals", &removals];
        let findings = plan.foreseen.makes.iter().flat_map(|made| ["--allow-new-findings", &made.finding]);
        fixed.into_iter().chain(findings).map(str::to_owned).collect()
    }

    /// Applies `plan.json` until a call of this fault hangs, and kills the process there. The fault is taken away.
    pub fn killed_at(&self, operation: &str, fault: &Value) {
        let mut hang = json!({"operation": operation, "fault": "hang"});
        hang.as_object_mut().unwrap().extend(fault.as_object().unwrap().clone());
        self.moto.fail(&hang);
        let plan = change::read(&fs::read(self.folder.path().join("plan.json")).unwrap()).unwrap();
        let arguments = self.applying(&plan);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut process = start_rollcall(self.folder.path(), &arguments, &self.moto.environment());
        self.moto.wait_for_held_call();
        process.kill().unwrap();
        process.wait().unwrap();
        self.moto.heal();
    }

    /// The claim of a process that was killed has ended: here at once.
    pub fn claim_ends(&self) {
        fs::remove_dir_all(self.folder.path().join("reports/claims")).unwrap();
    }

    /// The machine of the running process has slept for longer than its claim holds, and another process has taken it.
    pub fn claim_goes_to_another(&self) {
        let claims = self.folder.path().join("reports/claims");
        let task = |folder: &Path| fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
        let mut held = task(&claims);
        while held.is_dir() {
            held = task(&held);
        }
        let mut claim: Value = serde_json::from_slice(&fs::read(&held).unwrap()).unwrap();
        claim["nonce"] = json!("another");
        let slept = std::time::SystemTime::now() - std::time::Duration::from_secs(600);
        let mut permissions = fs::metadata(&held).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o600);
        fs::set_permissions(&held, permissions).unwrap();
        fs::File::options().write(true).open(&held).unwrap().set_modified(slept).unwrap();
        fs::write(held.with_file_name("0002.json"), claim.to_string()).unwrap();
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

    /// The journal as a process left it that was killed when so many entries were kept.
    pub fn killed_after(&self, entries: usize) {
        for file in self.journal().iter().skip(entries) {
            fs::remove_file(file).unwrap();
        }
        self.claim_ends();
    }
}

/// The two changes that a leaver's plan makes, each once.
pub fn once() -> Value {
    json!({"identitystore:DeleteGroupMembership": 1, "sso:DeleteAccountAssignment": 1})
}
