//! The shelf in a folder: written once, seen whole or not at all.

use std::fs;

use insta::assert_snapshot;
use rollcall::store::{Body, Created, Digest, Folder, Key, Location, Shelf};

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

fn json(text: &str) -> Body {
    Body::json(text.as_bytes().to_vec())
}

fn shelf(folder: &tempfile::TempDir) -> Shelf {
    Shelf::Folder(Folder::open(&folder.path().join("not/yet/there")))
}

#[tokio::test]
async fn what_was_created_is_read_back_and_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(&folder);
    assert_eq!(shelf.create(&key("a/b.json"), &json("first")).await.unwrap(), Created::Ours);
    assert_eq!(shelf.create(&key("a/b.json"), &json("first")).await.unwrap(), Created::Same);
    let Created::Taken { object, now } = shelf.create(&key("a/b.json"), &json("second")).await.unwrap() else {
        panic!("the second writer must lose");
    };
    assert_eq!(object.bytes, b"first");
    assert!(object.stored <= now);
    assert_eq!(shelf.read(&key("a/b.json")).await.unwrap().unwrap().bytes, b"first");
    assert_eq!(shelf.read(&key("a/c.json")).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_create_the_same_object_exactly_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(&folder);
    for round in 0..20 {
        let race: Vec<_> = (0..16)
            .map(|writer| {
                let (shelf, key) = (shelf.clone(), key(&format!("race/{round}")));
                tokio::spawn(async move { (writer, shelf.create(&key, &json(&writer.to_string())).await.unwrap()) })
            })
            .collect();
        let (mut winners, mut seen_by_losers) = (Vec::new(), Vec::new());
        for writer in race {
            match writer.await.unwrap() {
                (writer, Created::Ours) => winners.push(writer.to_string().into_bytes()),
                (_, Created::Taken { object, .. }) => seen_by_losers.push(object.bytes),
                (_, Created::Same) => panic!("no two writers write the same"),
            }
        }
        assert_eq!(winners.len(), 1);
        assert!(seen_by_losers.iter().all(|seen| *seen == winners[0]), "losers see the winner's object, whole");
    }
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_drafted_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(&folder);
    let draft = folder.path().join("draft.csv");
    fs::write(&draft, "tampered").unwrap();
    let body = Body::file(draft, Digest::of(b"original"), 8, "text/csv");
    let refused = shelf.create(&key("packages/a.csv"), &body).await.unwrap_err();
    assert_snapshot!(refused, @"`packages/a.csv` was changed: its SHA-256 differs from the one in the draft's list of files");
    assert_eq!(shelf.list(&key("packages"), None).await.unwrap(), []);
    assert_eq!(fs::read_dir(folder.path().join("not/yet/there/packages")).unwrap().count(), 0, "no hidden file either");
}

#[tokio::test]
async fn a_list_is_in_order_starts_where_it_is_told_and_has_objects_only() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = shelf(&folder);
    for name in ["chain/2", "chain/1", "chain/10", "chain/1-a/x", "chainsaw/1"] {
        shelf.create(&key(name), &json(name)).await.unwrap();
    }
    let beside = folder.path().join("not/yet/there/chain");
    fs::write(beside.join(".new-left-behind"), "half").unwrap();
    fs::write(beside.join("a note of mine.txt"), "hello").unwrap();
    let list = async |after: Option<&str>| {
        let after = after.map(key);
        let keys = shelf.list(&key("chain"), after.as_ref()).await.unwrap();
        keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_snapshot!(list(None).await, @"chain/1 chain/1-a/x chain/10 chain/2");
    assert_snapshot!(list(Some("chain/10")).await, @"chain/2");
    assert_eq!(shelf.list(&key("packages"), None).await.unwrap(), []);
}

#[cfg(unix)]
#[tokio::test]
async fn an_object_is_writable_for_nobody() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let shelf = Folder::open(folder.path());
    Shelf::Folder(shelf.clone()).create(&key("a"), &json("a")).await.unwrap();
    assert_eq!(fs::metadata(shelf.path(&key("a"))).unwrap().permissions().mode() & 0o222, 0);
}

#[test]
fn what_cannot_be_a_name_in_the_store_is_refused_with_the_reason() {
    let long = "x".repeat(901);
    let all = ["../up", "/root", "a//b", "", "a/.new-b", "a b", "café", long.as_str()];
    let said = all.map(|text| text.parse::<Key>().unwrap_err().to_string().replace(&long, "xxx…"));
    assert_snapshot!(said.join("\n"), @r"
    `../up` cannot be a name in the store: a part of it begins with a dot
    `/root` cannot be a name in the store: it begins or ends with a slash, or has two in a row
    `a//b` cannot be a name in the store: it begins or ends with a slash, or has two in a row
    `` cannot be a name in the store: it is empty
    `a/.new-b` cannot be a name in the store: a part of it begins with a dot
    `a b` cannot be a name in the store: only letters, digits, `.`, `_` and `-` are safe in both a file system and a bucket
    `café` cannot be a name in the store: only letters, digits, `.`, `_` and `-` are safe in both a file system and a bucket
    `xxx…` cannot be a name in the store: it is longer than 900 characters
    ");
}

#[test]
fn a_location_is_a_folder_or_a_bucket_and_nothing_else() {
    let read = |text: &str| match text.parse::<Location>() {
        Ok(location) => format!("{location} is {location:?}"),
        Err(bad) => format!("error: {bad}\n  help: {}", bad.help().unwrap_or_default()),
    };
    let all = [
        "reports",
        "s3://audit-reports",
        "s3://audit-reports/rollcall/",
        "s3://A/x",
        "s3://audit-reports/../x",
        "gs://x",
        "s3:/audit-reports/x",
        "s3:audit-reports",
        "",
    ];
    assert_snapshot!(all.map(read).join("\n"), @r#"
    reports is Folder("reports")
    s3://audit-reports is Bucket { name: "audit-reports", prefix: None }
    s3://audit-reports/rollcall is Bucket { name: "audit-reports", prefix: Some(Key("rollcall")) }
    error: `s3://A/x` is neither a folder nor a bucket: `A` is not a bucket name (3 to 63 lower-case letters, digits, `.` and `-`)
      help: give a folder (`reports`) or a bucket (`s3://my-audit-reports/rollcall`)
    error: `s3://audit-reports/../x` is neither a folder nor a bucket: `../x` cannot be a name in the store: a part of it begins with a dot
      help: give a folder (`reports`) or a bucket (`s3://my-audit-reports/rollcall`)
    error: `gs://x` is neither a folder nor a bucket: `gs://` is not supported; use `s3://`
      help: give a folder (`reports`) or a bucket (`s3://my-audit-reports/rollcall`)
    error: `s3:/audit-reports/x` is neither a folder nor a bucket: `s3:` needs two slashes after it
      help: give a folder (`reports`) or a bucket (`s3://my-audit-reports/rollcall`)
    error: `s3:audit-reports` is neither a folder nor a bucket: `s3:` needs two slashes after it
      help: give a folder (`reports`) or a bucket (`s3://my-audit-reports/rollcall`)
    error: `` is neither a folder nor a bucket: it is empty
      help: give a folder (`reports`) or a bucket (`s3://my-audit-reports/rollcall`)
    "#);
}
