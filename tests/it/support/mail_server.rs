//! A mail server, and the mailbox that it fills (`tests/servers/smtp_server.py`).

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::root;
use super::server::{Server, python_script};

/// A mail server of its own for a test.
pub struct MailServer {
    server: Server,
    mailbox: TempDir,
}

impl MailServer {
    /// `mode` is how it encrypts, in the words of the settings; `login` is who may send, if not everyone.
    pub fn start(mode: &str, login: Option<(&str, &str)>) -> Self {
        let mailbox = tempfile::tempdir().expect("a temporary folder");
        let mut command = python_script("smtp_server.py");
        command.arg(mode).arg(mailbox.path());
        if let Some((user, password)) = login {
            command.args([user, password]);
        }
        MailServer { server: Server::start(&mut command), mailbox }
    }

    /// The port that it listens on, of 127.0.0.1.
    pub fn port(&self) -> u16 {
        let (_, port) = self.server.url().rsplit_once(':').expect("a port");
        port.parse().expect("a number")
    }

    /// The authority that issued its certificate.
    pub fn authority() -> PathBuf {
        root().join("tests/data/tls/ca.pem")
    }

    /// What it refuses from now on.
    pub fn refuse(&self, faults: &Value) {
        fs::write(self.mailbox.path().join("faults.json"), faults.to_string()).expect("the folder is ours");
    }

    /// The messages since they were looked at last, as Python's `email` reads them.
    pub fn messages(&self) -> Vec<Value> {
        let folder = fs::read_dir(self.mailbox.path()).expect("the folder is ours").flatten();
        let mut paths: Vec<PathBuf> = folder.map(|entry| entry.path()).filter(|path| is_message(path)).collect();
        paths.sort();
        let read = |path: &PathBuf| {
            let message = serde_json::from_slice(&fs::read(path).expect("it is there")).expect("it is JSON");
            fs::rename(path, path.with_extension("seen")).expect("the folder is ours");
            message
        };
        paths.iter().map(read).collect()
    }
}

fn is_message(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json") && !path.ends_with("faults.json")
}
