//! What holds of every reader, whatever bytes it is given: one function a target, shared by the fuzzer (`fuzz.rs`) and
//! the ordinary tests (`tests/it/properties/fuzz.rs`), so that neither can rot.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rollcall::collect::journal::page::{Outcome, Page};
use rollcall::collect::{Collected, build, from_files, from_journal};
use rollcall::compare::administrative::{self, Place, Policy, Says};
use rollcall::expect::{self, Dn, DnKey, End, InputFile, Options, Records};
use rollcall::model::{Administrative, Effect, Expectation, PolicyDocument, Scope};
use rollcall::settings::Settings;

/// A target: its name, its laws, and what it starts from.
pub struct Target {
    /// What `run.sh` calls it.
    pub name: &'static str,
    /// Panics where a law does not hold.
    pub check: fn(&[u8]),
    /// Inputs to begin with, in a fixed order.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All targets. Those of lists differ in what they start from.
pub const TARGETS: [Target; 12] = [
    Target { name: "powershell", check: list, seeds: || exports("users.csv", &["csv-powershell"]) },
    Target { name: "csvde", check: list, seeds: || exports("users.csv", &["csv-derived"]) },
    Target { name: "ldif", check: list, seeds: || exports("users.ldif", &["", "made"]) },
    Target { name: "samba", check: list, seeds: samba },
    Target { name: "entra", check: list, seeds: || bad(&["entra-", "staff-"]) },
    Target { name: "graph", check: list, seeds: || bad(&["graph-", "json-"]) },
    Target { name: "own", check: list, seeds: own },
    Target { name: "dn", check: dn, seeds: names },
    Target { name: "policy", check: policy, seeds: policies },
    Target { name: "journal", check: journal, seeds: journals },
    Target { name: "answers", check: answers, seeds: pages },
    Target { name: "settings", check: settings, seeds: settings_files },
];

/// Seeds are cut: the fuzzer is quick where they are short, and a cut file is a case of its own.
const LONGEST: usize = 6000;

/// The file's name and, after blanks, an encoding and a culture stand in the first line; the file itself follows.
fn list(data: &[u8]) {
    let end = data.iter().position(|&byte| byte == b'\n').unwrap_or(data.len());
    let (Ok(head), bytes) = (std::str::from_utf8(&data[..end]), data.get(end + 1..).unwrap_or_default()) else {
        return;
    };
    let mut words = head.split(' ');
    let name = words.next().unwrap_or_default();
    let mut word = || words.next().filter(|word| !word.is_empty()).map(str::to_owned);
    let options = Options { encoding: word(), culture: word(), now: None };
    let read = |bytes: &[u8]| {
        expect::read(&[InputFile { name, bytes, modified: None }], &options).map_err(|error| {
            let help = error.help();
            assert!(!error.to_string().is_empty());
            format!("{error}: {:?} {help:?}", error.source().map(ToString::to_string))
        })
    };
    let outcome = read(bytes);
    assert_eq!(outcome, read(bytes), "reading twice gives the same");
    let Ok(records) = outcome else { return };
    accounted_for(&records, bytes);
    kept(&records);
    if let Some(spoilt) = with_unknown_kind(bytes)
        && let Ok(spoilt) = read(&spoilt)
    {
        let people = |records: &Records| folded(records).people.seen().count();
        assert!(people(&spoilt) >= people(&records), "a word that nobody knows takes nobody away");
    }
    // Of one export, only the whole can be vouched for; and a count vouches for what is in the middle too.
    let End::Vouched(whole) = &records.files[0].end else { return };
    let tenth = |tenths: usize| bytes.len() * tenths / 10;
    let cut = bytes[..tenth(9)].to_vec();
    let holed = whole.contains("count").then(|| [&bytes[..tenth(4)], &bytes[tenth(6)..]].concat());
    for part in [Some(cut), holed].into_iter().flatten() {
        if let Ok(part) = read(&part)
            && let End::Vouched(said) = &part.files[0].end
            && said == whole
        {
            assert_eq!(part.files[0].rows_read, records.files[0].rows_read, "a cut file is vouched for: {said}");
        }
    }
}

/// Every row was used, was refused, or is about what is never a user; every record names a line that is there, and no
/// two objects stand in one.
fn accounted_for(records: &Records, bytes: &[u8]) {
    let [file] = records.files.as_slice() else { panic!("one file makes one record") };
    let told = u64::from(file.rows_used) + u64::from(file.rows_refused) + u64::from(file.rows_other);
    assert_eq!(told, u64::from(file.rows_read), "{file:?}");
    let lines = 1 + bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
    let entries = records.entries.iter().map(|record| record.at);
    let refusals = records.refusals.iter().map(|record| record.at);
    let memberships = records.memberships.iter().map(|record| record.at);
    let mut lines_of_entries = BTreeSet::new();
    assert!(
        entries.clone().all(|at| lines_of_entries.insert(at.line)),
        "two objects in one line: {lines_of_entries:?}"
    );
    for at in entries.chain(refusals).chain(memberships) {
        assert!(at.file == 0 && at.line >= 1 && at.line as usize <= lines, "{at:?} of {lines} lines");
    }
    assert_eq!(file.rows_refused > 0, !records.refusals.is_empty(), "a refused row says why: {file:?}");
}

/// The same with the first word that calls a row a person put into another language.
fn with_unknown_kind(bytes: &[u8]) -> Option<Vec<u8>> {
    const WORDS: [(&str, &str); 5] = [
        (",user,", ",Benutzer,"),
        (",User,", ",Benutzer,"),
        ("\"user\"", "\"Benutzer\""),
        (";user,", ";Benutzer,"),
        ("#microsoft.graph.user", "#microsoft.graph.Benutzer"),
    ];
    let text = std::str::from_utf8(bytes).ok()?;
    let (known, unknown) = WORDS.into_iter().find(|(known, _)| text.contains(known))?;
    Some(text.replacen(known, unknown, 1).into_bytes())
}

fn folded(records: &Records) -> Expectation {
    expect::fold(records, "2026-11-20T12:00:00Z".parse().expect("an instant"), None)
}

/// What is read comes back from a package the same, and means the same.
fn kept(records: &Records) {
    let written = |records: &Records| {
        let mut bytes = Vec::new();
        expect::write(records, &mut bytes).expect("memory takes it");
        bytes
    };
    let bytes = written(records);
    let again = expect::parse(&bytes).unwrap_or_else(|error| panic!("{error}: {:?}", error.source()));
    assert_eq!(&again, records, "records are read back as they were written");
    assert_eq!(written(&again), bytes, "the same records are the same bytes");
    let meaning = folded(records);
    assert_eq!(folded(&again), meaning);
    for refused in &records.refusals {
        assert!(meaning.refused.iter().any(|row| row.row.line == refused.at.line), "a refusal is never silence");
    }
}

/// Names are read in one way only, however they are spelt.
fn dn(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let read = Dn::parse(text);
    assert_eq!(DnKey::of(text), read.as_ref().map(Dn::key), "the quick way and the whole way agree");
    let Some(name) = read else { return };
    let again = Dn::parse(&text.to_ascii_uppercase()).expect("case does not matter");
    assert_eq!(again.key(), name.key());
    let escaped: String = name.leaf().bytes().map(|byte| format!("\\{byte:02x}")).collect();
    let leaf = Dn::parse(&format!("CN={escaped}")).expect("any text can be escaped");
    assert_eq!(leaf.leaf(), name.leaf(), "what is escaped is read back");
    let below = Dn::parse(&format!("CN={escaped},{text}")).expect("a name below a name is one");
    assert_eq!((below.leaf(), below.domain()), (name.leaf(), name.domain()));
    assert_ne!(below.key(), name.key(), "another level is another name");
}

/// A policy that cannot be read may allow anything; one that can is judged by what it says.
fn policy(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    const ALL: &str = r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    const SOME: &str = r#"{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}}"#;
    const NONE: &str = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;
    let judge = |documents: &[&str]| {
        administrative::of(
            documents.iter().map(|text| Policy { name: "P".to_owned(), says: Says::Document(text) }),
            Place::Member,
        )
    };
    let alone = judge(&[text]);
    assert_eq!(alone, judge(&[text]));
    let Ok(document) = PolicyDocument::parse(text) else {
        assert!(matches!(alone, Administrative::Unknown(_)), "{alone:?}");
        assert!(judge(&[text, ALL]).is_yes(), "what cannot be read takes nothing away");
        return;
    };
    let kind = std::mem::discriminant::<Administrative>;
    assert_eq!(kind(&judge(&[text, text])), kind(&alone), "saying it twice says nothing more");
    assert!(!judge(&[text, NONE]).is_yes(), "a denial goes before everything");
    let denies = document.statements.iter().any(|statement| statement.effect == Effect::Deny);
    assert!(denies || judge(&[text, ALL]).is_yes(), "who may do everything is an administrator");
    if alone.is_yes() {
        assert!(judge(&[text, SOME]).is_yes(), "more access is not less");
    }
    if alone == Administrative::No && !denies {
        assert!(!judge(&[text, SOME]).is_yes(), "reading an object makes nobody an administrator");
    }
}

/// A journal that is read is written and read again as it was.
fn journal(data: &[u8]) {
    let Ok(collected) = from_journal(data) else { return };
    let written = |collected: &Collected| {
        let mut bytes = Vec::new();
        collected.write(&mut bytes).expect("memory takes it");
        bytes
    };
    let bytes = written(&collected);
    let again = from_journal(bytes.as_slice()).unwrap_or_else(|error| panic!("{error}: {:?}", error.source()));
    assert_eq!(again.snapshot, collected.snapshot);
    assert_eq!(written(&again), bytes, "the same pages are the same bytes");
}

/// An operation in the first line, its answer in the others, put in the place of an answer of a whole journal.
fn answers(data: &[u8]) {
    static WHOLE: OnceLock<(Scope, Vec<Page>)> = OnceLock::new();
    let (scope, pages) = WHOLE.get_or_init(|| {
        let whole = from_files(&root().join("tests/data/aws/small")).expect("a fixture");
        (whole.snapshot.scope.clone(), whole.pages)
    });
    let Some((operation, answer)) = std::str::from_utf8(data).ok().and_then(|text| text.split_once('\n')) else {
        return;
    };
    let Some(at) = pages.iter().position(|page| page.call.operation.api() == operation) else { return };
    let mut pages = pages.clone();
    let outcome = Outcome::of_text(answer);
    let unreadable = outcome.is_err();
    pages[at].outcome = outcome.unwrap_or_else(|error| Outcome::Unreadable(error.to_string()));
    let snapshot = build::fold(scope, &pages);
    // That a report is being made says nothing that the report itself does not.
    let says = operation != "iam:GenerateCredentialReport";
    assert!(!unreadable || !says || !snapshot.gaps.is_empty(), "an answer that cannot be read is a gap: {operation}");
    pages.reverse();
    assert_eq!(build::fold(scope, &pages), snapshot, "the order of pages means nothing");
}

/// Settings are read or refused with a message.
fn settings(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let read = || {
        Settings::parse(text, Path::new("rollcall.toml"), PathBuf::new()).map_err(|error| {
            let help = error.help();
            assert!(!error.to_string().is_empty());
            format!("{error}: {help:?}")
        })
    };
    let outcome = read();
    assert_eq!(outcome, read(), "reading twice gives the same");
    if let Ok(settings) = outcome {
        let _ = (settings.policy(), settings.reading("2026-11-20T12:00:00Z".parse().expect("an instant")));
    }
}

fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let is_root = |folder: &&Path| folder.join("tests/data").is_dir();
        here.ancestors().find(is_root).expect("the tests lie in the repository").to_owned()
    })
}

/// The files below a folder of `tests/data`, by name, without those that explain the others.
fn files(folder: &str, deep: bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("tests/data").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("an entry").path();
            let is_told = path.extension().is_some_and(|end| end == "message" || end == "md");
            match path.is_dir() {
                true if deep => folders.push(path),
                true => {}
                false if is_told => {}
                false => found.push(path),
            }
        }
    }
    found.sort();
    found
}

fn cut(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).expect("a file of the tests");
    bytes.truncate(LONGEST);
    bytes
}

fn named(head: &str, bytes: &[u8]) -> Vec<u8> {
    [head.as_bytes(), b"\n", bytes].concat()
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("names of the tests are text")
}

/// Exports of Active Directory; in the second reading, in an old encoding and another culture.
fn exports(name: &str, folders: &[&str]) -> Vec<Vec<u8>> {
    let paths = folders.iter().flat_map(|folder| files(&format!("ad/{folder}"), false));
    let twice = |path: PathBuf| {
        let bytes = cut(&path);
        [named(name, &bytes), named(&format!("{name} windows-1252 en-US"), &bytes)]
    };
    paths.flat_map(twice).collect()
}

fn samba() -> Vec<Vec<u8>> {
    let is_samba = |path: &PathBuf| name(path).contains("samba");
    let paths = files("ad", false).into_iter().filter(is_samba);
    paths.map(|path| named(&name(&path).replace(".samba-tool", ""), &cut(&path))).collect()
}

/// Bad lists whose case begins so, and what is made good of them.
fn bad(cases: &[&str]) -> Vec<Vec<u8>> {
    const GOOD: [(&str, &str); 5] = [
        (
            "users.csv",
            "userPrincipalName,id,accountEnabled,userType\na@b.c,1b4e28ba-2fa1-11d2-883f-0016d3cca427,True,Member\n",
        ),
        (
            "group-members-A.csv",
            "id,userPrincipalName,displayName,objectType\n1b4e28ba-2fa1-11d2-883f-0016d3cca427,a@b.c,A,user\n",
        ),
        ("staff.csv", "Name,Email,Status,Termination Date\nA,a@example.com,active,\nB,b@example.com,left,2026-01-31\n"),
        (
            "users.json",
            r#"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{"id":"1b4e28ba-2fa1-11d2-883f-0016d3cca427","userPrincipalName":"a@b.c","mail":null,"accountEnabled":true}]}"#,
        ),
        (
            "group-A.json",
            r##"{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#directoryObjects","value":[{"@odata.type":"#microsoft.graph.user","id":"1b4e28ba-2fa1-11d2-883f-0016d3cca427","userPrincipalName":"a@b.c"}]}"##,
        ),
    ];
    let is_of = |path: &PathBuf| {
        path.components().any(|part| cases.iter().any(|case| part.as_os_str().to_string_lossy().starts_with(case)))
    };
    let paths = files("bad/expected", true).into_iter().filter(is_of);
    let good = GOOD.into_iter().map(|(name, text)| named(name, text.as_bytes()));
    paths.map(|path| named(name(&path), &cut(&path))).chain(good).collect()
}

/// Lists that are kept by hand: those of the sample organization and all bad ones.
fn own() -> Vec<Vec<u8>> {
    const OWN: [&str; 6] =
        ["people.csv", "assignments.csv", "permission-sets.csv", "iam-users.csv", "trusts.csv", "waivers.toml"];
    let sample = OWN.into_iter().filter_map(|name| {
        fs::read(root().join("expected").join(name)).ok().map(|bytes| named(name, &bytes[..bytes.len().min(LONGEST)]))
    });
    let bad = files("bad/expected", true);
    let bad = bad.iter().filter(|path| OWN.contains(&name(path))).map(|path| named(name(path), &cut(path)));
    sample.chain(bad).collect()
}

fn names() -> Vec<Vec<u8>> {
    let spelt = [
        r"CN=Doe\, John,OU=People,DC=corp,DC=example",
        r"CN=J\C3\BCrgen\3B Ops,DC=b",
        "CN=\"Doe, John\" ; OU=x;DC=b",
        r"2.5.4.3=#0403414243,0.9.2342.19200300.100.1.25=b",
        r"CN=a+OU=b,CN=ForeignSecurityPrincipals,DC=b",
        r"CN=\ a \ ,DC=b",
        "CN=a\u{0}b  c,DC=b",
    ];
    spelt.into_iter().map(|name| name.as_bytes().to_vec()).collect()
}

fn policies() -> Vec<Vec<u8>> {
    let spelt = [
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":["iam:*","s3:Get*"],"Resource":"*"}]}"#,
        r#"{"Statement":[{"Effect":"Allow","NotAction":"iam:*","Resource":"*"},{"Effect":"Deny","Action":"s3:*","NotResource":["arn:aws:s3:::a"]}]}"#,
        r#"{"Statement":{"Effect":"Allow","Action":["iam:PassRole","lambda:CreateFunction","lambda:InvokeFunction"],"Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":true}}}}"#,
        r#"{"Statement":{"Effect":"Allow","Action":["iam:AttachUserPolicy","iam:PutRolePolicy","sts:AssumeRole"],"Resource":["arn:aws:iam::*:*","*"]}}"#,
        r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::1:root","*"],"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#,
        r#"{"Statement":{"Effect":"Allow","Action":"i?m:*","Resource":"arn:aws:iam::*:user/${aws:username}"}}"#,
    ];
    spelt.into_iter().map(|text| text.as_bytes().to_vec()).collect()
}

fn saved() -> Vec<Collected> {
    let folders = ["tests/data/aws/small", "tests/data/sample/aws"];
    folders.into_iter().map(|folder| from_files(&root().join(folder)).expect("a fixture")).collect()
}

/// Of each journal the first line with one page of each operation.
fn journals() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for collected in saved() {
        let mut bytes = Vec::new();
        collected.write(&mut bytes).expect("memory takes it");
        let mut lines = bytes.split_inclusive(|&byte| byte == b'\n');
        let head = lines.next().expect("a header").to_vec();
        all.extend(lines.filter(|line| line.len() < LONGEST).map(|line| [&head[..], line].concat()));
        all.push(head);
    }
    all
}

fn pages() -> Vec<Vec<u8>> {
    let pages = saved().into_iter().flat_map(|collected| collected.pages);
    let seeds = pages.filter_map(|page| match &page.outcome {
        Outcome::Answer(answer) => {
            Some(named(page.call.operation.api(), answer.json().expect("it is in memory").get().as_bytes()))
        }
        Outcome::Failure(_) | Outcome::Unreadable(_) => None,
    });
    seeds.filter(|seed| seed.len() < 2 * LONGEST).collect()
}

fn settings_files() -> Vec<Vec<u8>> {
    let mut paths = files("bad/settings", false);
    paths.push(root().join("rollcall.toml"));
    paths.iter().map(|path| cut(path)).collect()
}
