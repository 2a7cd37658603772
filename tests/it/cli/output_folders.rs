//! What a run writes lies apart from the expected lists; what `init` and `waive` find in their way is said before anything
//! is written.

use std::fs;

use crate::store::delivery::folder_of;
use crate::story::Story;
use crate::support::rollcall;

const SETTINGS: &str = "as_of = \"2026-11-20T08:00:00Z\"\n[collect]\nfrom = \"saved\"\n";

#[test]
fn packages_are_not_written_into_the_folder_of_the_lists() {
    let story = Story::small();
    let folder = folder_of(&story, SETTINGS);
    fs::create_dir(folder.path().join("expected/.hidden")).unwrap();
    for to in ["expected", "./expected/reports", "expected/new/reports", "saved/../expected"] {
        let output = rollcall(folder.path(), &["audit", "--to", to], &[]);
        assert_eq!(output.code, 2, "{to}: {}{}", output.stdout, output.stderr);
        assert!(output.stderr.contains("in the folder of the expected lists"), "{}", output.stderr);
        assert!(output.stderr.contains("help: name a folder outside of it"), "{}", output.stderr);
    }
    assert!(!folder.path().join("expected/new").exists(), "nothing was written");
    for to in ["expected/.hidden", "expected-reports", "."] {
        assert_eq!(rollcall(folder.path(), &["audit", "--to", to], &[]).code, 0, "{to}");
    }
    let by_settings = folder_of(&story, &format!("{SETTINGS}[report]\nto = \"expected\"\n"));
    assert_eq!(rollcall(by_settings.path(), &["audit"], &[]).code, 2);
    let checked = rollcall(by_settings.path(), &["check", "--offline"], &[]);
    assert_ne!(checked.code, 0, "{}", checked.stdout);
}

#[cfg(unix)]
#[test]
fn a_link_into_the_folder_of_the_lists_is_followed() {
    let folder = folder_of(&Story::small(), SETTINGS);
    std::os::unix::fs::symlink("expected", folder.path().join("reports")).unwrap();
    let output = rollcall(folder.path(), &["audit", "--to", "reports/packages"], &[]);
    assert_eq!(output.code, 2, "{}", output.stderr);
}

#[test]
fn journals_are_not_written_into_the_folder_of_the_lists() {
    let folder = folder_of(&Story::small(), "[collect]\njournals = \"expected/journals\"\n");
    let output = rollcall(folder.path(), &["audit"], &[("AWS_REGION".to_owned(), "eu-central-1".to_owned())]);
    assert_eq!(output.code, 2, "{}", output.stderr);
    assert!(output.stderr.contains("`collect.journals` is"), "{}", output.stderr);
}

#[test]
fn init_says_what_is_in_its_way_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let init = |at: &str| {
        let output = rollcall(folder.path(), &["init", at], &[]);
        (output.code, output.stderr)
    };
    fs::write(folder.path().join("file"), "").unwrap();
    for at in ["file", "file/below"] {
        let (code, said) = init(at);
        assert_eq!(code, 1, "{said}");
        assert!(said.contains("`file` is a file, but must be a folder"), "{said}");
        assert!(said.contains("help: move it away, or name another folder; nothing was written"), "{said}");
    }
    fs::create_dir(folder.path().join("one")).unwrap();
    fs::write(folder.path().join("one/expected"), "").unwrap();
    let (code, said) = init("one");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("`one/expected` is a file, but must be a folder"), "{said}");
    assert!(!folder.path().join("one/rollcall.toml").exists(), "nothing is half written");
    fs::create_dir_all(folder.path().join("two/rollcall.toml")).unwrap();
    let (_, said) = init("two");
    assert!(said.contains("`two/rollcall.toml` is a folder, but must be a file"), "{said}");
    assert!(!folder.path().join("two/expected").exists());
}

#[cfg(unix)]
#[test]
fn init_says_of_a_link_that_leads_to_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let link = |at: &str| std::os::unix::fs::symlink("nowhere", folder.path().join(at)).unwrap();
    link("linked");
    fs::create_dir(folder.path().join("one")).unwrap();
    link("one/rollcall.toml");
    for (at, link) in [("linked", "linked"), ("one", "one/rollcall.toml")] {
        let output = rollcall(folder.path(), &["init", at], &[]);
        let said = format!("`{link}` is a broken symbolic link");
        assert!(output.code == 1 && output.stderr.contains(&said), "{}", output.stderr);
    }
    assert!(!folder.path().join("one/expected").exists());
}

#[test]
fn a_waiver_is_not_added_beside_waivers_that_are_written_as_a_value() {
    let mut story = Story::small();
    story.stranger("mallory");
    let folder = folder_of(&story, SETTINGS);
    let audited = rollcall(folder.path(), &["audit"], &[]);
    let (_, id) = audited.stdout.split_once("unexpected-user ").expect(&audited.stdout);
    let id = id.split_whitespace().next().unwrap();
    let waivers = folder.path().join("expected/waivers.toml");
    for text in ["# none\nwaiver = []\n", "\nwaiver=[\n]\n"] {
        fs::write(&waivers, text).unwrap();
        let waive = ["waive", "--finding", id, "--reason", "known", "--approved-by", "ciso", "--until", "2026-12-01"];
        let output = rollcall(folder.path(), &waive, &[]);
        assert_ne!(output.code, 0, "{}", output.stdout);
        assert!(output.stderr.contains("`waivers.toml`: line 2 gives `waiver` a value"), "{}", output.stderr);
        assert!(output.stderr.contains("an empty `waiver = []` is just deleted"), "{}", output.stderr);
        assert_eq!(fs::read_to_string(&waivers).unwrap(), text);
    }
}
