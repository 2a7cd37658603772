//! What lies in a folder of lists and is no file: it is refused by its name, and nobody waits for its end.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::story::Story;
use crate::support::{Output, rollcall};

/// A folder with a story's lists in `expected`, and its saved output in `saved`.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &Path, text: &str| {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let story = Story::small();
    for file in story.saved_files() {
        write(&folder.path().join("saved").join(&file.name), &file.text);
    }
    for (name, text) in story.expected_files() {
        write(&folder.path().join("expected").join(name), &text);
    }
    write(&folder.path().join("rollcall.toml"), "");
    folder
}

fn refused(folder: &TempDir, arguments: &[&str], what: &str) {
    let Output { code, stderr, .. } = rollcall(folder.path(), arguments, &[]);
    let said = format!("is {what}; lists must be regular files");
    assert!(code == 1 && stderr.contains(&said), "{arguments:?} ended with {code}:\n{stderr}");
    assert!(stderr.contains("help: remove it from the folder, or begin its name with a dot"), "{stderr}");
}

#[test]
fn a_pipe_a_socket_and_a_device_among_the_lists_are_refused_and_never_read() {
    let audit = ["audit", "--from", "saved"];
    let with_pipe = folder();
    let pipe = with_pipe.path().join("expected/directory/users.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for arguments in [&audit[..], &["check", "--offline"], &["explain", "--from", "saved", "alice"]] {
        refused(&with_pipe, arguments, "a named pipe");
    }
    let with_socket = folder();
    let _listening = UnixListener::bind(with_socket.path().join("expected/agent.sock")).unwrap();
    refused(&with_socket, &audit, "a socket");
    let with_device = folder();
    symlink("/dev/zero", with_device.path().join("expected/users.csv")).unwrap();
    refused(&with_device, &audit, "a device");
}

#[test]
fn what_is_hidden_is_not_read_whatever_it_is_and_a_link_to_a_file_is_a_file() {
    let folder = folder();
    assert!(Command::new("mkfifo").arg(folder.path().join("expected/.pipe")).status().unwrap().success());
    let elsewhere = folder.path().join("waivers-elsewhere.toml");
    std::fs::write(&elsewhere, "").unwrap();
    symlink(&elsewhere, folder.path().join("expected/waivers.toml")).unwrap();
    let checked = rollcall(folder.path(), &["check", "--offline"], &[]);
    assert_eq!(checked.code, 0, "{}", checked.stderr);
    assert!(checked.stdout.contains("waivers.toml"), "{}", checked.stdout);
    assert!(!checked.stdout.contains("README.md"), "{}", checked.stdout);
    std::fs::create_dir(folder.path().join("expected/.old")).unwrap();
    std::fs::write(folder.path().join("expected/directory/README.md"), "# Lists\n").unwrap();
    let checked = rollcall(folder.path(), &["check", "--offline"], &[]);
    let said = "not read, because hidden or documentation (`*.md`)\n  `.old`, `.pipe`, `directory/README.md`\n";
    assert!(checked.code == 0 && checked.stdout.contains(said), "{}", checked.stdout);
}
