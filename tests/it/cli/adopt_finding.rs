//! Accepting one finding, by the row that it lacks or by a waiver: it is gone, all others stay, and what people wrote
//! stays as it is, byte for byte.

use std::fs;

use tempfile::TempDir;

use crate::cli::adopt::{folder, run};
use crate::story::{Story, group, user};
use crate::support::Output;

/// A company with one deviation of each kind that matters here.
fn deviating() -> Story {
    let mut story = Story::small();
    story.waive("unexpected-group", "nobody", "2027-03-31");
    story.aws_grant(group("AWS-Readers"), "Admin", "dev").aws_grant(user("bob"), "Audit", "dev");
    // Only the finding itself tells these two apart: one principal, one account.
    story.aws_grant(group("AWS-Readers"), "Audit", "dev");
    story.aws_iam_user("prod", "svc-report", &["ReadOnlyAccess"]).attach("dev", "svc-backup", "SecurityAudit");
    story.stranger("mallory");
    story
}

fn deviating_folder() -> TempDir {
    let story = deviating();
    folder(&story.saved_files(), &story.expected_files())
}

/// The open findings of an audit: rule and id, each with its sentence.
fn findings(folder: &TempDir) -> Vec<(String, String)> {
    let audited = run(folder, &["audit", "--to", "reports"]);
    // A row that was only just added has no reviewer yet.
    assert!([0, 3, 4].contains(&audited.code), "{}{}", audited.stdout, audited.stderr);
    let (_, package) = audited.stdout.split_once("\nPackage  ").unwrap();
    let report = fs::read(folder.path().join(package.trim()).join("report.json")).unwrap();
    fs::remove_dir_all(folder.path().join("reports")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap();
    let open = findings.iter().filter(|finding| finding["waiver"].is_null());
    open.map(|finding| (text(&finding["rule"]), text(&finding["fingerprint"]))).collect()
}

/// The id of the only, or the first, finding of a rule.
fn id(findings: &[(String, String)], rule: &str) -> String {
    findings.iter().find(|(of, _)| of == rule).unwrap_or_else(|| panic!("{rule}: {findings:?}")).1.clone()
}

fn without(findings: &[(String, String)], id: &str) -> Vec<(String, String)> {
    findings.iter().filter(|(_, of)| of != id).cloned().collect()
}

fn path(folder: &TempDir, name: &str) -> std::path::PathBuf {
    folder.path().join("expected").join(name)
}

#[test]
fn the_row_that_a_finding_lacks_is_added_and_only_that_finding_is_gone() {
    for (rule, list) in [("unexpected-assignment", "assignments.csv"), ("unexpected-iam-user", "iam-users.csv")] {
        let folder = deviating_folder();
        let before = findings(&folder);
        let id = id(&before, rule);
        let text = fs::read(path(&folder, list)).unwrap();
        let tried = run(&folder, &["adopt", "--finding", &id, "--dry-run"]);
        assert_eq!((tried.code, tried.stderr.as_str()), (0, ""));
        assert_eq!(fs::read(path(&folder, list)).unwrap(), text, "a dry run writes nothing");
        let added = run(&folder, &["adopt", "--finding", &id[..6]]);
        assert_eq!((added.code, added.stderr.as_str()), (0, ""), "{rule}");
        assert!(fs::read(path(&folder, list)).unwrap().starts_with(&text), "what was there stays");
        // Who answers for an IAM user is for people to write.
        let mut after = findings(&folder);
        after.retain(|(rule, _)| rule != "unowned-iam-user");
        assert_eq!(after, without(&before, &id), "{rule}");
    }
}

#[test]
fn a_row_follows_the_header_the_delimiter_and_the_line_breaks_of_its_list() {
    let folder = deviating_folder();
    let list = path(&folder, "assignments.csv");
    let own = "\u{feff}comment;Permission Set;reviewed_by;account;principal;principal_type\r\n\
               ;Admin;cy;222233334444;AWS-Admins;group\r\n;ReadOnly;cy;222233334444;AWS-Readers;group";
    fs::write(&list, own).unwrap();
    let before = findings(&folder);
    let id = id(&before, "unexpected-assignment");
    let added = run(&folder, &["adopt", "--finding", &id]);
    assert_eq!((added.code, added.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(added.stdout, @r"
    added to expected/assignments.csv:

      ;Admin;;333344445555;AWS-Readers;group

    It accepts: Group `AWS-Readers` has `Admin` in `Acme Development` (333344445555); no expected list has this assignment
    ");
    let text = fs::read_to_string(&list).unwrap();
    assert_eq!(text.strip_prefix(own).unwrap(), "\r\n;Admin;;333344445555;AWS-Readers;group\r\n");
    assert_eq!(findings(&folder), without(&before, &id));
}

#[test]
fn a_finding_that_no_new_row_accepts_is_refused_with_the_edit_that_does() {
    let folder = deviating_folder();
    let before = findings(&folder);
    let refused = |rule: &str| {
        let output = run(&folder, &["adopt", "--finding", &id(&before, rule)]);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""), "{rule}");
        output.stderr
    };
    insta::assert_snapshot!(refused("unexpected-policy"), @r"
    error: a new row cannot accept this finding: IAM user `svc-backup` in `Acme Development` (333344445555) has policy `SecurityAudit`; its row does not name it
      help: set `policies` of iam-users.csv:2 to `AmazonS3ReadOnlyAccess;SecurityAudit`
    ");
    insta::assert_snapshot!(refused("unexpected-user"), @r"
    error: a new row cannot accept this finding: User `mallory@corp.example.com` is in Identity Center but not in any expected list
      help: change it in the source directory and export again
    ");
    insta::assert_snapshot!(refused("unused-waiver"), @r"
    error: a new row cannot accept this finding: The waiver of `unexpected-group` for `nobody` accepts no finding
      help: change or delete waivers.toml:1
    ");
    assert_eq!(findings(&folder), before);
}

#[test]
fn a_stranger_gets_a_row_where_people_are_kept_by_hand() {
    let story = Story::small();
    let folder = folder(&story.saved_files(), &[]);
    assert_eq!(run(&folder, &["adopt"]).code, 0);
    let list = path(&folder, "people.csv");
    let text = fs::read_to_string(&list).unwrap();
    let kept: Vec<&str> = text.lines().filter(|line| !line.starts_with("alice")).collect();
    fs::write(&list, kept.join("\n")).unwrap();
    // AWS-Admins had nobody else.
    let before = findings(&folder);
    let output = run(&folder, &["adopt", "--finding", &id(&before, "unexpected-user")]);
    assert_eq!((output.code, output.stderr.as_str()), (0, ""));
    assert_eq!(findings(&folder), Vec::new());
}

#[test]
fn an_id_that_is_no_finding_is_refused_with_the_way_to_the_right_one() {
    let folder = deviating_folder();
    let unknown = run(&folder, &["adopt", "--finding", "00000000"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(unknown.stderr, @"
    error: finding `00000000` was not found
      help: `rollcall audit` prints the id of each finding after its rule; in `findings.csv` it is the column `fingerprint`. For a finding that compares with an earlier run, such as a missing list, also give the `--job` and `--to` of that audit
    ");
    let short = run(&folder, &["adopt", "--finding", "12345"]);
    assert_eq!((short.code, short.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(short.stderr, @r"
    error: invalid value '12345' for '--finding <ID>': give at least 6 hexadecimal digits of the id

    For more information, try '--help'.
    ");
}

#[test]
fn a_list_without_the_column_that_approves_an_administrative_role_is_named() {
    let mut story = Story::small();
    story.role_for("prod", "vendor", "999988887777").attach_to_role("prod", "vendor", "AdministratorAccess");
    story.lists.trusts = Some(std::collections::BTreeSet::new());
    let folder = folder(&story.saved_files(), &story.expected_files());
    let list = path(&folder, "trusts.csv");
    let text = "account,role,trusted,owner,conditions,reviewed_by\n";
    fs::write(&list, text).unwrap();
    let id = id(&findings(&folder), "outside-trust");
    let refused = run(&folder, &["adopt", "--finding", &id]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""));
    insta::assert_snapshot!(refused.stderr, @"
    error: `trusts.csv` has no column `digest` for the row that accepts this finding: Role `vendor` in `Acme Production` (222233334444) trusts an external principal (`999988887777`); no expected list has this trust
      help: add `digest` to the header of `trusts.csv`, and run this again; existing rows may leave the new cells empty
    ");
    assert_eq!(fs::read_to_string(&list).unwrap(), text);
    fs::write(&list, text.replace("reviewed_by", "digest,reviewed_by")).unwrap();
    let added = run(&folder, &["adopt", "--finding", &id]);
    assert_eq!((added.code, added.stderr.as_str()), (0, ""));
}

#[test]
fn a_list_that_is_gone_is_accepted_by_a_waiver_that_knows_the_earlier_run() {
    let story = Story::small();
    let folder = folder(&story.saved_files(), &story.expected_files());
    let audited = |code: i32| {
        let audited = run(&folder, &["audit", "--to", "store"]);
        assert_eq!(audited.code, code, "{}{}", audited.stdout, audited.stderr);
        audited.stdout
    };
    audited(0);
    fs::remove_file(path(&folder, "iam-users.csv")).unwrap();
    let said = audited(3);
    let id = said.split_once("shrunken-list ").unwrap().1.split_whitespace().next().unwrap();
    let elsewhere = waive(&folder, id, &["--to", "other"]);
    assert_eq!(elsewhere.code, 2);
    assert!(elsewhere.stderr.contains("also give the `--job` and `--to` of that audit"), "{}", elsewhere.stderr);
    assert!(!folder.path().join("other").exists());
    let waived = waive(&folder, id, &["--to", "store"]);
    assert_eq!((waived.code, waived.stderr.as_str()), (0, ""));
    assert!(audited(0).contains("1 accepted by waivers"));
}

#[test]
fn a_waiver_of_a_lost_list_accepts_no_second_loss() {
    let mut story = Story::small();
    story.role_for("prod", "Scanner", "999988887777").expect_trust("prod", "Scanner", "999988887777");
    for list in ["iam-users.csv", "trusts.csv"] {
        let folder = folder(&story.saved_files(), &story.expected_files());
        let audited = |hour: u32, code: i32| {
            let at = format!("2026-11-20T{hour:02}:00:00Z");
            let audited = run(&folder, &["audit", "--to", "store", "--as-of", &at]);
            assert_eq!(audited.code, code, "{list} at {hour}: {}{}", audited.stdout, audited.stderr);
            audited.stdout
        };
        audited(8, 0);
        let text = fs::read(path(&folder, list)).unwrap();
        fs::remove_file(path(&folder, list)).unwrap();
        let said = audited(9, 3);
        let id = said.split_once("shrunken-list ").unwrap().1.split_whitespace().next().unwrap();
        let waived = waive(&folder, id, &["--to", "store"]);
        assert_eq!((waived.code, waived.stderr.as_str()), (0, ""));
        assert!(audited(10, 0).contains("1 accepted by waivers"));
        fs::write(path(&folder, list), &text).unwrap();
        // That the waiver accepts nothing is a finding of its own.
        audited(11, 0);
        fs::remove_file(path(&folder, list)).unwrap();
        let said = audited(12, 3);
        assert!(said.contains(&format!("Expected list `{list}` is missing")), "{said}");
    }
}

#[test]
fn a_list_that_is_not_utf_8_is_not_added_to() {
    let folder = deviating_folder();
    let id = id(&findings(&folder), "unexpected-assignment");
    let list = path(&folder, "assignments.csv");
    let text = fs::read_to_string(&list).unwrap();
    let utf_16: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let refused = |bytes: &[u8]| {
        fs::write(&list, bytes).unwrap();
        let output = run(&folder, &["adopt", "--finding", &id]);
        assert_eq!((output.code, output.stdout.as_str()), (1, ""));
        assert_eq!(fs::read(&list).unwrap(), bytes);
        output.stderr
    };
    insta::assert_snapshot!(refused(&utf_16), @r"
    error: cannot add to `assignments.csv`: it is UTF-16, not UTF-8
      help: save it as UTF-8
    ");
    let settings = fs::read_to_string(folder.path().join("rollcall.toml")).unwrap();
    fs::write(folder.path().join("rollcall.toml"), settings + "[expect]\nencoding = \"windows-1252\"\n").unwrap();
    let cp1252 = [text.as_bytes(), b"group,Gr\xFC\xDFe,222233334444,Admin,ciso\n"].concat();
    insta::assert_snapshot!(refused(&cp1252), @r"
    error: cannot add to `assignments.csv`: it is a legacy code page, not UTF-8
      help: save it as UTF-8
    ");
}

const WAIVE: [&str; 7] = [
    "waive",
    "--reason",
    "agreed: \"until \u{7f} the move\"",
    "--approved-by",
    "ciso@corp.example.com",
    "--until",
    "2027-03-31",
];

fn waive(folder: &TempDir, id: &str, more: &[&str]) -> Output {
    run(folder, &[&WAIVE, ["--finding", id].as_slice(), more].concat())
}

#[test]
fn a_waiver_accepts_exactly_its_finding_and_keeps_what_is_there() {
    for rule in ["unexpected-assignment", "unexpected-user", "unexpected-policy", "unexpected-iam-user"] {
        let folder = deviating_folder();
        let before = findings(&folder);
        let id = id(&before, rule);
        let list = path(&folder, "waivers.toml");
        let text = fs::read(&list).unwrap();
        assert_eq!(waive(&folder, &id, &["--dry-run"]).code, 0);
        assert_eq!(fs::read(&list).unwrap(), text, "a dry run writes nothing");
        let waived = waive(&folder, &id, &[]);
        assert_eq!((waived.code, waived.stderr.as_str()), (0, ""), "{rule}");
        assert!(fs::read(&list).unwrap().starts_with(&text), "what was there stays");
        assert_eq!(findings(&folder), without(&before, &id), "{rule}");
        let again = waive(&folder, &id, &[]);
        assert_eq!((again.code, again.stdout.as_str()), (1, ""));
        insta::allow_duplicates! { insta::assert_snapshot!(again.stderr, @r"
        error: a waiver already accepts this finding: waivers.toml:9
        "); }
    }
}

#[test]
fn the_first_waiver_makes_the_list() {
    let mut story = Story::small();
    story.stranger("mallory");
    let folder = folder(&story.saved_files(), &story.expected_files());
    let id = id(&findings(&folder), "unexpected-user");
    let waived = waive(&folder, &id, &[]);
    assert_eq!((waived.code, waived.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(fs::read_to_string(path(&folder, "waivers.toml")).unwrap(), @r#"
    # User `mallory@corp.example.com` is in Identity Center but not in any expected list
    [[waiver]]
    rule = "unexpected-user"
    principal = "mallory@corp.example.com"
    finding = "9749ce0cbfe3dd6b"
    reason = "agreed: \"until \u007f the move\""
    approved_by = "ciso@corp.example.com"
    expires = 2027-03-31
    # What was accepted. The waiver ends if the finding gets worse, changes or gets another principal.
    accepted_on = 2026-11-20
    severity = "medium"
    principal_id = "cc7d36ab-2508-8dbf-c421-10c84382b6ac"
    digest = "809b79d12b419e53edce29b263e8654db39d7f7d42d9a8eddf8303a57ba6ef65"
    "#);
    assert_eq!(findings(&folder), Vec::new());
}

#[test]
fn a_waiver_without_a_reason_an_approver_or_a_day_to_come_is_refused() {
    let folder = deviating_folder();
    let refused = |arguments: &[&str]| {
        let output = run(&folder, &[&["waive", "--finding", "0123456789abcdef"], arguments].concat());
        assert_eq!((output.code, output.stdout.as_str()), (2, ""));
        output.stderr
    };
    insta::assert_snapshot!(refused(&["--reason", " ", "--approved-by", "ciso", "--until", "2027-03-31"]), @r"
    error: invalid value ' ' for '--reason <TEXT>': it must not be empty

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(&["--reason", "so", "--approved-by", "ciso", "--until", "31.3.2027"]), @r"
    error: invalid value '31.3.2027' for '--until <YYYY-MM-DD>': it is not a date; write it as `2027-03-31`

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(refused(&["--reason", "so", "--approved-by", "ciso", "--until", "2026-11-19"]), @r"
    error: `--until 2026-11-19` is in the past
      help: use 2026-11-20 or later
    ");
    insta::assert_snapshot!(refused(&["--reason", "so", "--until", "2027-03-31"]), @r"
    error: the following required arguments were not provided:
      --approved-by <NAME>

    Usage: rollcall waive --finding <ID> --reason <TEXT> --approved-by <NAME> --until <YYYY-MM-DD>

    For more information, try '--help'.
    ");
}

#[test]
fn a_beginning_of_two_ids_is_refused_with_both() {
    let mut story = Story::small();
    // Found by trying: the ids of these two begin with the same six digits.
    story.stranger("stranger590").stranger("stranger3326");
    let folder = folder(&story.saved_files(), &story.expected_files());
    let refused = waive(&folder, "76192d", &[]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    insta::assert_snapshot!(refused.stderr, @"
    error: `76192d` matches 2 findings
      help: give more digits of the id
        76192d0e072c1727  User `stranger3326@corp.example.com` is in Identity Center but not in any expected list
        76192d7664e1946c  User `stranger590@corp.example.com` is in Identity Center but not in any expected list
    ");
    assert!(!path(&folder, "waivers.toml").exists(), "nothing was written");
    assert_eq!(waive(&folder, "76192d0", &[]).code, 0);
}

/// Both read the list before either writes it, or one after the other: whoever says that a waiver was added has added
/// it.
#[test]
fn of_two_who_add_at_once_nobody_loses_a_row_without_being_told() {
    for _ in 0..4 {
        let mut story = deviating();
        story.stranger("nora");
        let folder = folder(&story.saved_files(), &story.expected_files());
        let strangers: Vec<String> =
            findings(&folder).into_iter().filter(|(rule, _)| rule == "unexpected-user").map(|(_, id)| id).collect();
        let outputs: Vec<Output> = std::thread::scope(|scope| {
            let started: Vec<_> = strangers.iter().map(|id| scope.spawn(|| waive(&folder, id, &[]))).collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let text = fs::read_to_string(path(&folder, "waivers.toml")).unwrap();
        for (id, output) in strangers.iter().zip(&outputs) {
            assert_eq!(text.contains(id.as_str()), output.code == 0, "{id}: {}", output.stderr);
            assert!(output.code == 0 || output.stderr.contains("it was changed in the meantime"), "{}", output.stderr);
        }
        assert!(outputs.iter().any(|output| output.code == 0));
    }
}
