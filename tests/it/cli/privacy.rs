//! Personal data: what a package keeps of answers and lists, who may read it, and what messages and logs quote.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rollcall::collect::journal::lines;
use rollcall::collect::offline::saved_folder;
use rollcall::expect::{self, ExpectError, InputFile, Options};
use rollcall::pipeline::{PipelineError, for_log};
use rollcall_simulator::{Faults, Simulator, World};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::collect::live::leave_an_old_run;
use crate::story::Story;
use crate::support::file_text::text_of;
use crate::support::{Output, rollcall, root, run};

/// What AWS says of people and nothing of Rollcall's reads.
const UNREAD: [&str; 6] = ["+49 151 5550100", "Lindenstrasse 7", "Chief of Staff", "Quilly", "de-DE", "SECRETOFAROLE"];

/// A folder with a story's saved output in `saved` and its lists in `expected`.
fn folder_of(story: &Story, settings: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder.path().join("rollcall.toml"), settings);
    for file in story.saved_files() {
        write(&folder.path().join("saved").join(&file.name), &file.text);
    }
    for (name, text) in story.expected_files() {
        write(&folder.path().join("expected").join(name), &text);
    }
    folder
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Everything below a folder: folders and files.
fn all_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(all_below(&path)) } else { found.push(path) }
    }
    found
}

fn with_stranger() -> Story {
    let mut story = Story::small();
    story.stranger("mallory");
    story
}

/// Puts into an answer what AWS says besides, wherever a user, a group or a role's session is.
fn tell_more(answer: &mut Value) {
    match answer {
        Value::Array(values) => values.iter_mut().for_each(tell_more),
        Value::Object(fields) => {
            fields.values_mut().for_each(tell_more);
            if fields.contains_key("UserName") && fields.contains_key("UserId") {
                fields.insert("PhoneNumbers".to_owned(), json!([{"Value": UNREAD[0], "Type": "work"}]));
                fields.insert("Addresses".to_owned(), json!([{"StreetAddress": UNREAD[1], "Locality": "Berlin"}]));
                fields.insert("Title".to_owned(), json!(UNREAD[2]));
                fields.insert("NickName".to_owned(), json!(UNREAD[3]));
                fields.insert("Locale".to_owned(), json!(UNREAD[4]));
            }
            if fields.contains_key("AssumedRoleUser") {
                fields.insert("Credentials".to_owned(), json!({"SecretAccessKey": UNREAD[5]}));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The same saved output, with all that AWS says.
fn saved_in_full(folder: &TempDir) {
    let mut told = 0;
    for path in all_below(&folder.path().join("saved")).into_iter().filter(|path| path.extension().is_some()) {
        let text = fs::read_to_string(&path).unwrap();
        if let Ok(mut answer) = serde_json::from_str::<Value>(&text) {
            tell_more(&mut answer);
            told += usize::from(UNREAD.iter().any(|unread| answer.to_string().contains(unread)));
            fs::write(path, answer.to_string()).unwrap();
        }
    }
    assert!(told > 1, "{told}");
}

/// Nothing below a folder and nothing that was printed has any of this.
fn is_nowhere(words: &[&str], folder: &Path, output: &Output) {
    let mut texts: Vec<(String, String)> = all_below(folder)
        .into_iter()
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), text_of(&path)))
        .collect();
    assert!(texts.len() > 7, "{texts:?}");
    let workbook = texts.iter().find(|(name, _)| name.ends_with(".xlsx")).expect("a workbook");
    assert!(workbook.1.contains("mallory"), "it was unpacked");
    texts.push(("what was printed".to_owned(), format!("{}{}", output.stdout, output.stderr)));
    for (name, text) in texts {
        assert!(text.contains("mallory") || !name.ends_with("aws.jsonl"), "{name} has what is read");
        for word in words {
            assert!(!text.contains(word), "{name} has `{word}`");
        }
    }
}

#[test]
fn what_saved_output_says_of_people_besides_reaches_neither_package_nor_terminal() {
    let folder = folder_of(&with_stranger(), "");
    let plain = rollcall(folder.path(), &["audit", "--from", "saved", "--to", "plain"], &[]);
    saved_in_full(&folder);
    let audited = rollcall(folder.path(), &["audit", "--from", "saved"], &[]);
    assert_eq!((audited.code, plain.code), (3, 3), "{}", audited.stderr);
    is_nowhere(&UNREAD, &folder.path().join("reports"), &audited);
    let verified = rollcall(folder.path(), &["verify", "reports"], &[]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);
    let drafts = folder.path().join("drafts");
    fs::create_dir(&drafts).unwrap();
    for arguments in [["explain", "mallory"], ["adopt", "--expected=drafts"]] {
        let output = rollcall(folder.path(), &[&arguments[..], &["--from", "saved"]].concat(), &[]);
        let said = format!("{}{}", output.stdout, output.stderr);
        assert!(said.contains("mallory") || drafts.join("people.csv").exists(), "{arguments:?}: {said}");
        assert!(UNREAD.iter().all(|unread| !said.contains(unread)), "{arguments:?}: {said}");
    }
    for draft in all_below(&drafts).iter().filter(|path| path.is_file()) {
        let text = fs::read_to_string(draft).unwrap();
        assert!(UNREAD.iter().all(|unread| !text.contains(unread)), "{}: {text}", draft.display());
    }
}

#[test]
fn what_a_journal_says_of_people_besides_reaches_no_package_either() {
    let folder = folder_of(&with_stranger(), "");
    let (scope, pages) = saved_folder::read(&folder.path().join("saved"), Ok).unwrap();
    let mut text = Vec::new();
    lines::write(&mut text, &scope, &pages).unwrap();
    let lines = String::from_utf8(text).unwrap();
    let lines: Vec<String> = lines
        .lines()
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            tell_more(&mut line);
            line.to_string() + "\n"
        })
        .collect();
    assert!(lines.concat().contains(UNREAD[0]));
    fs::write(folder.path().join("aws.jsonl"), lines.concat()).unwrap();
    let audited = rollcall(folder.path(), &["audit", "--from", "aws.jsonl"], &[]);
    assert_eq!(audited.code, 3, "{}", audited.stderr);
    is_nowhere(&UNREAD, &folder.path().join("reports"), &audited);
}

#[test]
fn an_answer_that_is_something_else_is_a_gap_and_none_of_it_is_kept() {
    let folder = folder_of(&with_stranger(), "");
    let users = all_below(&folder.path().join("saved"));
    let users = users.iter().find(|path| path.to_string_lossy().ends_with("-list-users.json")).unwrap();
    let long = "Quillfeather, Zacharias; +49 151 5550100; Lindenstrasse 7, 10969 Berlin";
    fs::write(users, json!({"Users": [{"UserId": "1", "UserStatus": "ENABLED", "Emails": long}]}).to_string()).unwrap();
    let audited = rollcall(folder.path(), &["audit", "--from", "saved"], &[]);
    assert!(audited.stdout.contains("list-users.json`: invalid type: string \"Quillfeather, Zacharias;"));
    for path in all_below(&folder.path().join("reports")).iter().filter(|path| path.is_file()) {
        let text = text_of(path);
        assert!(!text.contains("Lindenstrasse"), "{}", path.display());
    }
}

#[cfg(unix)]
#[test]
fn a_store_in_a_folder_is_its_owners_alone_whatever_the_umask_and_a_folder_that_was_there_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt;

    let folder = folder_of(&Story::small(), "[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\nalert = false\n");
    let shared = folder.path().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o750)).unwrap();
    for to in ["reports/audits", "shared"] {
        let audit = format!("umask 000; '{}' audit --from saved --job daily --to {to}", env!("CARGO_BIN_EXE_rollcall"));
        let audited = run(Command::new("sh").args(["-c", &audit]), folder.path(), &[]);
        assert_eq!(audited.code, 0, "{}", audited.stderr);
    }
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&shared), 0o750);
    let mut made = all_below(&folder.path().join("reports"));
    made.extend(all_below(&shared).into_iter().skip(1));
    assert!(made.len() > 20, "{made:?}");
    for path in made {
        let wanted = if path.is_dir() { 0o700 } else { 0o400 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
    }
}

/// Every list of `tests/data/bad/expected` that is refused, with why.
fn refused() -> Vec<(String, ExpectError)> {
    let bad = root().join("tests/data/bad/expected");
    let mut folders: Vec<PathBuf> = fs::read_dir(&bad).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let refused = folders.iter().map(|folder| {
        let files: Vec<(String, Vec<u8>)> = all_below(folder)
            .into_iter()
            .filter(|path| path.is_file())
            .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
            .collect();
        let input: Vec<InputFile<'_>> =
            files.iter().map(|(name, bytes)| InputFile { name, bytes, modified: None }).collect();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        (name, expect::read(&input, &Options::default()).unwrap_err())
    });
    refused.collect()
}

#[test]
fn a_log_says_of_a_list_that_is_refused_the_file_the_line_and_the_kind_and_nothing_that_stands_in_it() {
    let refused = refused();
    assert!(refused.len() > 100, "{}", refused.len());
    for (name, source) in refused {
        let said = for_log(&PipelineError::Lists { at: "expected".to_owned(), source });
        let quoted = said.replace("`alice.json`", "").to_lowercase();
        for word in ["alice", "bob", "carol", "@", "maybe", "benutzer", "system.object", "ask "] {
            assert!(!quoted.contains(word), "{name}: {said}");
        }
    }
    let of = |name: &str| {
        let (_, source) = self::refused().into_iter().find(|(refused, _)| refused == name).unwrap();
        for_log(&PipelineError::Lists { at: "expected".to_owned(), source })
    };
    insta::assert_snapshot!(
        ["bad-boolean", "graph-bad-id", "own-unknown-column", "ldif-bad-dn", "waiver-without-reason"].map(of).join("\n"),
        @"
    cannot use the expected lists in `expected`: cannot read expected list `users.csv`: line 2: the value in `Enabled` is not `True` or `False`
    cannot use the expected lists in `expected`: cannot read expected list `users.json`: line 1: this is not JSON of Microsoft Graph
    cannot use the expected lists in `expected`: cannot read expected list `assignments.csv`: line 1: unknown column
    cannot use the expected lists in `expected`: cannot read expected list `directory.ldif`: line 1: this is not readable LDIF
    cannot use the expected lists in `expected`: cannot read expected list `waivers.toml`: line 1: the waiver cannot be used
    "
    );
}

#[test]
fn a_message_quotes_one_value_and_no_more_than_forty_characters_of_it() {
    let row =
        "zquill,\"Quillfeather, Zacharias\",zacharias.quillfeather@corp.example.com,+49 151 5550100,Lindenstrasse 7";
    let long = row.replace('"', "");
    let files = [
        ("users.csv", format!("SamAccountName,Enabled\nalice,\"{long}\"\n")),
        ("members.csv", format!("Group,SamAccountName\nAWS-Admins,\"{}\"\n", long.replace(',', ";"))),
        ("notes.txt", format!("{long}\n")),
        ("directory.ldif", format!("dn: {long}\nobjectClass: user\n")),
        ("people.csv", format!("{long}\n{long}\n")),
        ("assignments.csv", format!("principal_type,principal,account,permission_set\n\"{long}\",a,111122223333,P\n")),
        ("iam-users.csv", format!("account,user\n\"{long}\",svc\n")),
        (
            "users.json",
            json!({"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users",
            "value": [{"id": long, "userPrincipalName": "a"}]})
            .to_string(),
        ),
        ("waivers.toml", format!("[[waiver]]\nrule = [\"{long}\"]\n")),
    ];
    for (name, text) in files {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("rollcall.toml"), "");
        write(&folder.path().join("expected").join(name), &text);
        for format in ["text", "json"] {
            let checked = rollcall(folder.path(), &["check", "--offline", "--format", format], &[]);
            assert_ne!(checked.code, 0, "{name}");
            let said = format!("{}{}", checked.stdout, checked.stderr);
            assert!(!said.contains("5550100") && !said.contains("Lindenstrasse"), "{name}: {said}");
            assert!(said.contains("line ") || said.contains("\"line\"") || name == "notes.txt", "{name}: {said}");
        }
    }
}

/// Serves until something is logged, and gives back all that was logged until then.
fn served_until(folder: &TempDir, awaited: &str) -> String {
    let mut process = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["serve"])
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    for line in BufReader::new(process.stderr.take().unwrap()).lines() {
        said += &(line.unwrap() + "\n");
        if said.contains(awaited) {
            break;
        }
    }
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(said.contains(awaited), "{said}");
    said
}

#[test]
fn the_log_of_a_server_has_no_word_of_a_list_that_it_cannot_use() {
    let settings = "[collect]\nfrom = \"saved\"\n[[job]]\nname = \"daily\"\ncron = \"0 6 * * *\"\nalert = false\n";
    let folder = folder_of(&Story::small(), settings);
    leave_an_old_run(folder.path(), "rollcall.toml");
    let person = "zquill,\"zacharias.quillfeather@corp.example.com\"\n";
    write(&folder.path().join("expected/more/users.csv"), &format!("SamAccountName,Enabled\n{person}"));
    let said = served_until(&folder, "run failed");
    assert!(said.contains("`more/users.csv`") && said.contains("line 2") && said.contains("`Enabled`"), "{said}");
    assert!(!said.contains("quill"), "{said}");
}

#[test]
fn no_log_level_shows_credentials_or_what_is_asked_and_answered() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let folder = folder_of(&Story::small(), "[aws]\nmember_role = \"RollcallAuditor\"\nrequests_per_second = 500\n");
    let mut environment = simulator.environment();
    environment.retain(|(name, _)| name != "AWS_SECRET_ACCESS_KEY");
    environment.push(("AWS_SECRET_ACCESS_KEY".to_owned(), "SECRETOFTHECALLER".to_owned()));
    environment.push(("AWS_SESSION_TOKEN".to_owned(), "TOKENOFTHECALLER".to_owned()));
    for level in ["trace", "debug", "rollcall=trace,hyper=trace,aws_smithy_runtime=trace,aws_sigv4=trace"] {
        let output = rollcall(folder.path(), &["check", "--aws", "--log", level], &environment);
        for word in ["SECRETOF", "TOKENOF", "IdentityStoreId", "uthorization", "UserName", "@"] {
            assert!(!output.stderr.contains(word), "{level}: {word}: {}", output.stderr);
        }
    }
    let journal = folder.path().join("aws.jsonl");
    let output = rollcall(folder.path(), &["collect", "--log", "trace"], &environment);
    assert!(journal.exists(), "{}", output.stderr);
    assert!(!output.stderr.contains("UserName") && !output.stderr.contains("TOKENOF"), "{}", output.stderr);
    let kept = fs::read_to_string(&journal).unwrap();
    assert!(!kept.contains("TOKENOF") && !kept.contains("SECRETOF") && !kept.contains("SessionToken"));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&fs::metadata(journal).unwrap()) & 0o777, 0o600);
}
