//! The stand-ins for AWS: each test starts its own, on a free port of 127.0.0.1, and it ends with the test.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::command::{Output, run};
use super::simulated::Facts;
use super::{http, python_program, root, winterbaume_program};

/// A program that listens until this is dropped.
pub(super) struct Server {
    process: Child,
    url: String,
}

impl Server {
    pub(super) fn start(program: &mut Command) -> Self {
        let mut process = program
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {program:?}: {error}"));
        let mut line = String::new();
        let stdout = process.stdout.take().expect("standard output is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the server's first line is text");
        let Some(url) = line.trim_end().strip_prefix("ready ") else {
            panic!("{program:?} did not start; what it said stands above");
        };
        Server { url: url.to_owned(), process }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    fn environment(&self) -> Vec<(String, String)> {
        [
            ("AWS_ENDPOINT_URL", self.url.as_str()),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    fn aws(&self, arguments: &[&str]) -> Output {
        let home = tempfile::tempdir().expect("a temporary home");
        let mut environment = self.environment();
        // A failure is told at once, and the ledger counts what was asked for.
        environment.push(("AWS_MAX_ATTEMPTS".to_owned(), "1".to_owned()));
        run(Command::new(python_program("aws")).args(arguments), home.path(), &environment)
    }

    /// Tells a script of `tests/servers/` something, for it to ask this server, and returns what it prints.
    fn asked_by(&self, script: &str, told: &Value) -> Value {
        let mut process = python_script(script)
            .arg(&self.url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {script}: {error}"));
        let mut stdin = process.stdin.take().expect("standard input is piped");
        stdin.write_all(told.to_string().as_bytes()).unwrap_or_else(|error| panic!("{script} does not read: {error}"));
        drop(stdin);
        let output = process.wait_with_output().unwrap_or_else(|error| panic!("{script} does not end: {error}"));
        assert!(output.status.success(), "{script} failed; its words stand above");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{script} prints no JSON: {error}"))
    }
}

/// A script of `tests/servers/`.
pub(super) fn python_script(name: &str) -> Command {
    let mut command = Command::new(python_program("python"));
    command.arg(root().join("tests/servers").join(name));
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// moto: Identity Center, Organizations, IAM, STS, S3, SNS and SQS, with faults on demand (`tests/servers/faults.py`).
pub struct Moto(Server);

impl Moto {
    /// An empty AWS, whose management account is `123456789012`.
    pub fn start() -> Self {
        Moto(Server::start(&mut python_script("moto_server.py")))
    }

    /// What an AWS client needs in its environment to reach it.
    pub fn environment(&self) -> Vec<(String, String)> {
        self.0.environment()
    }

    /// Makes a story come true and returns the ids of what was made; the format of both stands in
    /// `tests/servers/seed.py`.
    pub fn seed(&self, story: &Value) -> Value {
        self.0.asked_by("seed.py", story)
    }

    /// Makes users and roles with one policy each and returns the users' keys; the format of both stands in
    /// `tests/servers/auditors.py`.
    pub fn auditors(&self, wanted: &Value) -> Value {
        self.0.asked_by("auditors.py", wanted)
    }

    /// Runs the AWS CLI against it.
    pub fn aws(&self, arguments: &[&str]) -> Output {
        self.0.aws(arguments)
    }

    /// Lets calls fail from now on; the fields stand in `tests/servers/faults.py`.
    pub fn fail(&self, fault: &Value) {
        http::request(&self.0.url, "POST", "/faults", &fault.to_string());
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        http::request(&self.0.url, "DELETE", "/faults", "");
    }

    /// Waits until a call hangs by a fault.
    pub fn wait_for_held_call(&self) {
        assert_eq!(self.told("/held"), true, "no call hangs");
    }

    /// How often each operation was called since the story was told: `{"iam:ListUsers": 2}`.
    pub fn ledger(&self) -> Value {
        self.told("/ledger")
    }

    /// The same of the operations that change what Rollcall audits. S3 and SNS are not among them.
    pub fn writes(&self) -> Value {
        self.told("/ledger/writes")
    }

    /// Each call of these in its order: `["iam:DeleteUser", account, {"UserName": …}]`.
    pub fn writing_calls(&self) -> Vec<Value> {
        self.told("/ledger/calls").as_array().cloned().expect("the calls are a list")
    }

    fn told(&self, path: &str) -> Value {
        serde_json::from_str(&http::request(&self.0.url, "GET", path, "")).expect("the ledger is JSON")
    }

    /// Proves by an independent caller that it refuses changes as AWS does (`tests/servers/strict_check.py`).
    pub fn proofs(&self) -> Value {
        self.0.asked_by("strict_check.py", &Value::Null)
    }
}

impl Moto {
    /// From now on every call needs a policy that allows it, as in AWS: of IAM, Identity Center, Organizations and STS.
    pub fn enforce(&self) {
        http::request(&self.0.url, "POST", "/moto-api/reset-auth", "0");
    }
}

/// ministack: an S3 that verifies checksums and keeps object locks; it has no Identity Center.
pub struct Ministack(Server);

impl Ministack {
    /// An empty AWS.
    pub fn start() -> Self {
        Ministack(Server::start(&mut python_script("ministack_server.py")))
    }

    /// What an AWS client needs in its environment to reach it.
    pub fn environment(&self) -> Vec<(String, String)> {
        self.0.environment()
    }

    /// Runs the AWS CLI against it.
    pub fn aws(&self, arguments: &[&str]) -> Output {
        self.0.aws(arguments)
    }
}

/// winterbaume: Identity Center, Organizations and STS as others understand them (`tests/winterbaume`).
pub struct Winterbaume(Server);

impl Winterbaume {
    /// An empty AWS, whose management account is `123456789012`.
    pub fn start() -> Self {
        Winterbaume(Server::start(&mut Command::new(winterbaume_program())))
    }

    /// What an AWS client needs in its environment to reach it.
    pub fn environment(&self) -> Vec<(String, String)> {
        self.0.environment()
    }

    /// Makes a story come true, as in moto; winterbaume chooses all ids.
    pub fn seed(&self, story: &Value) -> Value {
        self.0.asked_by("seed.py", story)
    }

    /// What boto3 is told by it, every permission set asked about every account (`tests/servers/walk.py`).
    pub fn walk(&self) -> Facts {
        serde_json::from_value(self.0.asked_by("walk.py", &Value::Null)).expect("a list of sentences")
    }

    /// Every call since the story was told, in order: the operation, and what was asked.
    pub fn ledger(&self) -> Vec<(String, Value)> {
        let ledger = http::request(&self.0.url, "GET", "/ledger", "");
        let calls = ledger.lines().map(|line| line.split_once(' ').expect("an operation and what was asked"));
        // What STS is asked is no JSON, and nobody looks at it.
        calls
            .map(|(operation, asked)| (operation.to_owned(), serde_json::from_str(asked).unwrap_or_default()))
            .collect()
    }
}

/// TLS in front of a server that has none (`tests/servers/tls_relay.py`).
pub struct TlsRelay(Server);

impl TlsRelay {
    /// In front of the server at this URL.
    pub fn before(url: &str) -> Self {
        let port = url.rsplit(':').next().expect("a URL with a port");
        TlsRelay(Server::start(python_script("tls_relay.py").arg(port)))
    }

    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.0.url
    }
}
