//! Places that cannot be used: links that lead nowhere or in a circle, files where folders should be, folders of
//! others, `~`. Each is an error that says what is wrong, before anything is read and never a crash.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::{Output, rollcall};

fn folder() -> TempDir {
    let folder = folder_of(&Story::small(), "");
    let at = |name: &str| folder.path().join(name);
    symlink("/nowhere/at/all", at("dangling")).unwrap();
    symlink("circle", at("circle")).unwrap();
    symlink("circle-b", at("circle-a")).unwrap();
    symlink("circle-a", at("circle-b")).unwrap();
    fs::write(at("file"), "").unwrap();
    symlink("file", at("link-to-file")).unwrap();
    fs::create_dir(at("inside")).unwrap();
    symlink("/nowhere/at/all", at("inside/packages")).unwrap();
    fs::create_dir(at("chained")).unwrap();
    symlink("/nowhere/at/all", at("chained/chain")).unwrap();
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    rollcall(folder.path(), arguments, &[])
}

/// An error with its causes, without where the folder is.
fn said(folder: &TempDir, output: &Output) -> String {
    output.stderr.replace(folder.path().to_str().unwrap(), "HERE")
}

#[test]
fn a_place_for_packages_that_can_be_none_is_an_error_before_anything_is_read() {
    let folder = folder();
    let places = [
        "dangling",
        "dangling/below",
        "circle",
        "circle-a",
        "file",
        "file/below",
        "link-to-file",
        "link-to-file/below",
    ];
    for place in places {
        for command in [&["audit", "--from", "saved", "--to", place] as &[&str], &["verify", place]] {
            let output = run(&folder, command);
            assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{command:?}: {}", output.stderr);
            assert!(output.stderr.starts_with("error: cannot "), "{command:?}: {}", output.stderr);
            assert!(output.stderr.contains("help: "), "{command:?}: {}", output.stderr);
        }
    }
    insta::assert_snapshot!(said(&folder, &run(&folder, &["audit", "--from", "saved", "--to", "dangling"])), @"
    error: cannot use `dangling`
      caused by: it is a symbolic link to `/nowhere/at/all` that cannot be followed: No such file or directory (os error 2)
      help: name a folder, or a path where one can be created
    ");
    insta::assert_snapshot!(said(&folder, &run(&folder, &["audit", "--from", "saved", "--to", "circle"])), @"
    error: cannot use `circle`
      caused by: it is a symbolic link to `circle` that cannot be followed: Too many levels of symbolic links (os error 40)
      help: name a folder, or a path where one can be created
    ");
    insta::assert_snapshot!(said(&folder, &run(&folder, &["audit", "--from", "saved", "--to", "file"])), @r"
    error: cannot use `file`
      caused by: it is a file, not a folder
      help: name a folder, or a path where one can be created
    ");
    insta::assert_snapshot!(said(&folder, &run(&folder, &["audit", "--from", "saved", "--to", "file/below"])), @r"
    error: cannot use `file`
      caused by: it is a file, not a folder
      help: name a folder, or a path where one can be created
    ");
}

#[test]
fn a_link_that_leads_nowhere_inside_the_store_is_an_error_too() {
    let folder = folder();
    for (store, link) in [("inside", "packages"), ("chained", "chain")] {
        let output = run(&folder, &["audit", "--from", "saved", "--to", store]);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{store}: {}", output.stderr);
        assert!(output.stderr.starts_with(&format!("error: cannot use `{store}/{link}`")), "{}", output.stderr);
    }
}

#[test]
fn lists_saved_output_and_journals_in_such_places_are_errors_too() {
    let folder = folder();
    for place in ["dangling", "dangling/below", "circle", "file/below", "link-to-file/below"] {
        let settings = format!("[collect]\njournals = \"{place}\"\n");
        fs::write(folder.path().join("journals.toml"), settings).unwrap();
        let commands: [&[&str]; 5] = [
            &["audit", "--from", place],
            &["audit", "--from", "saved", "--expected", place],
            &["check", "--offline", "--expected", place],
            &["audit", "--config", "journals.toml"],
            &["collect", "--to", place],
        ];
        for command in commands {
            let output = rollcall(folder.path(), command, &nowhere());
            // A folder of lists that is named and not there was asked for wrongly.
            let named_wrongly = output.stderr.starts_with("error: folder `");
            assert_eq!(output.code, if named_wrongly { 2 } else { 1 }, "{command:?}: {}", output.stderr);
            assert_eq!(output.stdout, "");
            assert!(named_wrongly || output.stderr.contains("error: cannot "), "{command:?}: {}", output.stderr);
        }
    }
}

/// Credentials for an AWS that nobody reaches.
fn nowhere() -> Vec<(String, String)> {
    let pairs = [
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_ACCESS_KEY_ID", "nobody"),
        ("AWS_SECRET_ACCESS_KEY", "nothing"),
        ("AWS_REGION", "eu-central-1"),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

#[test]
fn a_home_that_no_shell_put_in_is_refused_wherever_a_path_is_given() {
    let folder = folder();
    let commands: [&[&str]; 8] = [
        &["audit", "--from", "saved", "--to=~/reports"],
        &["audit", "--from=~/saved"],
        &["audit", "--from", "saved", "--expected=~/lists"],
        &["audit", "--config=~/rollcall.toml"],
        &["audit", "--resume=~/journal.jsonl"],
        &["collect", "--to=~/aws.jsonl"],
        &["verify", "~"],
        &["init", "~/rollcall"],
    ];
    for command in commands {
        let output = run(&folder, command);
        assert_eq!((output.code, output.stdout.as_str()), (2, ""), "{command:?}: {}", output.stderr);
        assert!(output.stderr.contains("`~` is only expanded by a shell"), "{command:?}: {}", output.stderr);
    }
    assert!(!folder.path().join("~").exists());
    assert_eq!(run(&folder, &["audit", "--from", "saved", "--to", "./~"]).code, 0);
    assert!(folder.path().join("~/chain").exists());
}

/// Root may write everywhere, so as root this is tried as somebody else.
#[test]
fn a_folder_of_others_is_an_error_with_what_to_do() {
    let folder = folder();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let script = "chmod 755 . && chmod 555 closed && exec \"$0\" audit --from saved --to closed/reports";
    let mut command = Command::new("sh");
    command.args(["-c", script, env!("CARGO_BIN_EXE_rollcall")]).current_dir(folder.path()).env_clear();
    let is_root = fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if is_root {
        // `nobody` of every Linux.
        let script = "chmod -R a+rX . && exec setpriv --reuid 65534 --clear-groups \"$0\" audit --from saved --to closed/reports";
        command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_rollcall")]).current_dir(folder.path());
    }
    let output = command.stdout(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{stderr}");
    assert!(stderr.contains("Permission denied") && stderr.contains("give the user that Rollcall runs as"), "{stderr}");
}
