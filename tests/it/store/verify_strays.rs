//! `rollcall verify`: whatever was added to a store is named, and what has no link can be acknowledged.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::bucket::S3;
use crate::support::{Output, rollcall};

fn store() -> TempDir {
    let folder = folder_of(&Story::small(), "[collect]\nfrom = \"saved\"\n");
    assert_eq!(run(&folder, &["audit"]).code, 0);
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    rollcall(folder.path(), arguments, &[])
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Moves something away and puts a link to it in its place.
fn linked(path: &Path) {
    let elsewhere = path.with_file_name("elsewhere-behind-a-link");
    fs::rename(path, path.parent().unwrap().parent().unwrap().join(elsewhere.file_name().unwrap())).unwrap();
    symlink(path.parent().unwrap().parent().unwrap().join(elsewhere.file_name().unwrap()), path).unwrap();
}

#[test]
fn whatever_is_added_to_a_store_is_named() {
    type Addition = fn(&Path);
    let additions: [(Addition, i32, &str); 11] = [
        (|store| write(&store.join("chain/00000001.json.bak"), ""), 4, "   stray  chain/00000001.json.bak\n"),
        (|store| write(&store.join("chain/below/x"), ""), 4, "   stray  chain/below/x\n"),
        (
            |store| linked(&store.join("chain/00000001.json")),
            4,
            "   stray  chain/00000001.json (a symbolic link, not a file)\n",
        ),
        (|store| linked(&store.join("chain")), 4, "replaced  chain (a symbolic link, not a file)\n"),
        (|store| linked(&store.join("packages")), 4, "replaced  packages (a symbolic link, not a file)\n"),
        (
            |store| linked(&store.join("packages/manual")),
            4,
            " no link  packages/manual (a symbolic link, not a file)\n",
        ),
        (
            |store| write(&store.join("packages/manual/20990101T000000Z-x/report.html"), ""),
            4,
            " no link  packages/manual/20990101T000000Z-x\n",
        ),
        (|store| write(&store.join("packages/manual/odd"), ""), 4, " no link  packages/manual/odd\n"),
        // What lies beside the store's own folders is its owner's, and what a killed writer began is nothing.
        (|store| write(&store.join("readme.txt"), ""), 0, "  beside  readme.txt\n"),
        (|store| write(&store.join("archive/packages/x"), ""), 0, "  beside  archive\n"),
        (|store| write(&store.join("chain/.new-4fj3"), ""), 0, "   begun  chain/.new-4fj3\n"),
    ];
    for (add, code, line) in additions {
        let folder = store();
        add(&folder.path().join("reports"));
        let verified = run(&folder, &["verify"]);
        assert_eq!(verified.code, code, "{line}{}{}", verified.stdout, verified.stderr);
        assert!(verified.stdout.contains(line), "{line}{}", verified.stdout);
        assert_eq!(verified.stderr.contains("warning: "), code == 4, "{line}{}", verified.stderr);
    }
}

#[test]
fn a_name_that_is_no_text_is_noticed_too() {
    for place in ["packages/manual", "chain"] {
        let folder = store();
        let odd = folder.path().join("reports").join(place).join(OsStr::from_bytes(b"\xff\xfe"));
        fs::create_dir(&odd).unwrap();
        fs::write(odd.join("hidden"), "").unwrap();
        let verified = run(&folder, &["verify"]);
        assert_eq!(verified.code, 4, "{}", verified.stdout);
        assert!(verified.stdout.contains(&format!("  {place}/")), "{}", verified.stdout);
        // It cannot be read under a name, so nobody can say what it holds.
        let acknowledged = run(&folder, &["verify", "--acknowledge", "mine"]);
        assert_eq!(acknowledged.code, 4, "{}", acknowledged.stdout);
        assert!(acknowledged.stderr.contains("cannot be acknowledged"), "{}", acknowledged.stderr);
    }
}

#[test]
fn what_has_no_link_can_be_acknowledged_as_it_is_and_is_named_all_the_same() {
    let folder = store();
    let left = folder.path().join("reports/packages/daily/20261121T080000Z-killed");
    write(&left.join("inputs/aws.jsonl"), "{}");
    write(&folder.path().join("reports/packages/note (mine).txt"), "hello");
    write(&folder.path().join("reports/chain/note.txt"), "hello");
    assert_eq!(run(&folder, &["verify"]).code, 4);
    let empty = run(&folder, &["verify", "--acknowledge", ""]);
    assert_eq!(empty.code, 2, "{}", empty.stderr);

    let acknowledged = run(&folder, &["verify", "--acknowledge", "killed while it was deployed"]);
    assert_eq!((acknowledged.code, acknowledged.stderr.as_str()), (0, ""), "{}", acknowledged.stdout);
    let verified = run(&folder, &["verify"]);
    assert_eq!((verified.code, verified.stderr.as_str()), (0, ""), "{}", verified.stdout);
    let lines: Vec<&str> = verified.stdout.lines().filter(|line| line.contains("acknowledged 20")).collect();
    assert_eq!(lines.len(), 3, "{}", verified.stdout);
    assert!(lines[1].starts_with(" no link  packages/daily/20261121T080000Z-killed  (acknowledged "), "{}", lines[1]);
    assert!(lines[1].ends_with(": killed while it was deployed)"), "{}", lines[1]);

    // It was acknowledged as it was, and nothing else.
    write(&left.join("inputs/expected.jsonl"), "{}");
    assert_eq!(run(&folder, &["verify"]).code, 4);
    fs::remove_file(left.join("inputs/expected.jsonl")).unwrap();
    assert_eq!(run(&folder, &["verify"]).code, 0);
    fs::write(left.join("inputs/aws.jsonl"), "[]").unwrap();
    assert_eq!(run(&folder, &["verify"]).code, 4);
    assert_eq!(run(&folder, &["verify", "--acknowledge", "again"]).code, 0);
}

#[test]
fn an_acknowledgement_that_cannot_be_understood_acknowledges_nothing() {
    let folder = store();
    write(&folder.path().join("reports/packages/daily/20261121T080000Z-killed/aws.jsonl"), "{}");
    assert_eq!(run(&folder, &["verify", "--acknowledge", "killed"]).code, 0);
    let acknowledged = folder.path().join("reports/acknowledged");
    let file = fs::read_dir(&acknowledged).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    for changed in ["", "{}", &text.replace("killed\"", "another\""), &text.replace("\"version\": 1", "\"version\": 2")]
    {
        fs::write(&file, changed).unwrap();
        assert_eq!(run(&folder, &["verify"]).code, 4, "{changed}");
    }
}

#[test]
fn strays_of_a_bucket_are_named_and_acknowledged_as_well() {
    let settings = "[collect]\nfrom = \"saved\"\n[report]\nto = \"s3://evidence/audits\"\n";
    let (folder, s3) = (folder_of(&Story::small(), settings), S3::start());
    let run = |arguments: &[&str]| rollcall(folder.path(), arguments, &s3.environment());
    assert_eq!(run(&["audit"]).code, 0);
    let put = |key: &str| {
        let then = chrono::DateTime::UNIX_EPOCH;
        s3.kept().objects.insert(format!("audits/{key}"), (b"x".to_vec(), then));
    };
    ["chain/note.txt", "chain/", "packages/", "packages/x.html", "readme.txt", "else/where/x"]
        .into_iter()
        .for_each(put);
    let verified = run(&["verify"]);
    assert_eq!(verified.code, 4, "{}{}", verified.stdout, verified.stderr);
    for line in
        ["   stray  chain/note.txt\n", " no link  packages/x.html\n", "  beside  else\n", "  beside  readme.txt\n"]
    {
        assert!(verified.stdout.contains(line), "{line}{}", verified.stdout);
    }
    assert_eq!(run(&["audit"]).code, 0);
    let checked = run(&["check", "--offline", "--store"]);
    assert!(checked.stdout.contains("  neither link nor package: `chain/note.txt`\n"), "{}", checked.stdout);
    assert_eq!(run(&["verify", "--acknowledge", "of the console"]).code, 0);
    assert_eq!(run(&["verify"]).code, 0);
}
