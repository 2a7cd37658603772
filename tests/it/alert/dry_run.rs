//! What would be sent is printed, and nothing is sent.

use crate::alert::failed_runs::{SETTINGS, audit, site, told};
use crate::support::rollcall;

#[test]
fn the_messages_of_a_package_are_printed_with_who_gets_them_and_nothing_is_sent() {
    let site = site();
    let mail = "[[alert.channel]]\nname = \"mail\"\ntype = \"smtp\"\nhost = \"mail.example.com\"\n\
                from = \"rollcall@example.com\"\nto = [\"Team <team@example.com>\"]\n";
    assert_eq!(audit(&site, &[]).code, 0);
    assert_eq!(audit(&site, &[]).code, 0);
    assert_eq!(told(&site).len(), 1);
    std::fs::write(site.0.path().join("rollcall.toml"), format!("{SETTINGS}{mail}")).unwrap();
    let print = |package: &str| rollcall(site.0.path(), &["alert", package, "--dry-run"], &[]);
    let first = print("1");
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert!(first.stdout.starts_with("package 1 of job `daily`; nothing is sent\n"), "{}", first.stdout);
    let subject = "[Rollcall] first run, in order: Acme";
    assert_eq!(first.stdout.matches(subject).count(), 2, "{}", first.stdout);
    assert!(
        first.stdout.contains("\n== to the topic: arn:aws:sns:us-east-1:123456789012:alerts\n"),
        "{}",
        first.stdout
    );
    assert!(first.stdout.contains("\n== to channel `mail`: e-mail to Team <team@example.com>\n"), "{}", first.stdout);
    // The topic's recipients knew all of it by then; the channel is new.
    let second = print("2");
    assert!(second.stdout.contains(":alerts\nno message: nothing was new\n"), "{}", second.stdout);
    assert_eq!(second.stdout.matches("[Rollcall] ").count(), 1, "{}", second.stdout);
    let folder = std::fs::read_dir(site.0.path().join("reports/packages/daily")).unwrap().flatten().next().unwrap();
    assert_eq!(print(&folder.path().display().to_string()).code, 0);
    let unknown = print("7");
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("no store of the settings has a package `7`"), "{}", unknown.stderr);
    assert_eq!(rollcall(site.0.path(), &["alert", "1"], &[]).code, 2, "only a dry run takes a package");
    assert_eq!(told(&site), []);
}
