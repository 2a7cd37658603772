//! Sentences for every subject, piece of evidence and gap, and the strict rule about "in order".

use rollcall::model::*;
use rollcall::wording::*;

use crate::render::report_of_everything::{
    coverage as coverage_of, evidence as every_evidence, finding, full, gap, report, subjects, whys, world,
};

#[test]
fn a_verdict_is_in_order_only_where_nothing_is_open_and_nothing_is_hidden() {
    let world = world();
    let one = || vec![finding(1, subjects()[0], vec![], false)];
    let hidden = || vec![gap(Why::NotAsked, Hides::Grants)];
    let said = [
        headline(&report(&world, vec![], vec![])),
        headline(&report(&world, vec![], hidden())),
        headline(&report(&world, one(), vec![])),
        headline(&report(&world, one(), hidden())),
    ];
    insta::assert_snapshot!(said.join("\n"), @r#"
    In order for users and memberships; not assessed, no expected list: 4,012 assignments
    Incomplete: 1 gap may hide access; no findings in what was read; not assessed, no expected list: 4,012 assignments
    1 high finding; complete for users and memberships; not assessed, no expected list: 4,012 assignments
    1 high finding; incomplete: 1 gap may hide more; not assessed, no expected list: 4,012 assignments
    "#);
}

#[test]
fn nothing_judged_is_never_in_order() {
    let world = world();
    let mut report = report(&world, vec![], vec![]);
    report.verdict.coverage = coverage_of(&[(Kind::Assignment, 4012, false)]);
    assert_eq!(
        headline(&report),
        "Nothing is assessed: no expected list; this is an inventory of 4,012 assignments (`rollcall adopt` drafts the lists)"
    );
    report
        .verdict
        .coverage
        .values_mut()
        .for_each(|coverage| *coverage = Coverage { listed: true, read: ReadExtent::OutOfScope, ..*coverage });
    assert_eq!(headline(&report), "Nothing is assessed: what the expected lists cover was not read");
}

#[test]
fn every_subject_has_a_name_for_a_title() {
    let world = world();
    let report = full(&world);
    let titles = subjects().into_iter().map(|subject| title(&report, &finding(1, subject, vec![], false)));
    insta::assert_snapshot!(titles.collect::<Vec<_>>().join("\n"), @r"
    Look at `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe`
    Look at `bob@example.com`
    Look at group `＝empty`
    Look at `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe` in group `AWS-Admins`
    Look at `bob@example.com` in group `AWS-Admins`
    Look at `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe` with `AdministratorAccess` in `prod` (111122223333)
    Look at group `AWS-Admins` with `AdministratorAccess`
    Look at group `AWS-Admins` with `ReadOnly` in account 444455556666
    Look at group `AWS-Admins`
    Look at `AdministratorAccess`
    Look at `Auditors`
    Look at IAM user `robot` in `prod` (111122223333)
    Look at IAM user `robot` in `prod` (111122223333)
    Look at IAM user `robot` with policy `PowerUser` in `prod` (111122223333)
    Look at IAM user `robot` with policy `ReadOnlyAccess` in `prod` (111122223333)
    Look at role `deployer` trusting `999900001111` in `prod` (111122223333)
    Look at role `scanner` trusting `token.actions.githubusercontent.com` in `prod` (111122223333)
    Look at `root` in `prod` (111122223333)
    Look at `users.csv`
    Look at `waivers.toml:1`
    Look at 
    Look at `assignments.csv:5`
    Look at group `AWS-Admins` with application `Wiki`
    Look at everyone with application `Wiki`
    Look at everyone with application `Wiki`
    Look at `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe` with role `Developer` in `prod` (111122223333)
    Look at `ann@example.com` with role `Developer` in `prod` (111122223333)
    Look at
    ");
}

#[test]
fn every_piece_of_evidence_has_a_sentence() {
    let world = world();
    let sentences: Vec<String> = every_evidence().iter().map(|piece| evidence(&world, piece)).collect();
    insta::assert_snapshot!(sentences.join("\n"), @r#"
    Not in `users.csv` (no proof that it is complete)
    Named in `users.csv:7`
    The list says that the person exists, but not whether they are current
    Holds `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe` in group `AWS-Admins`
    Holds `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe` with `AdministratorAccess` in `prod` (111122223333)
    Reaches 4,012 people
    Administrative: `AdministratorAccess` allows everything
    May be usable now: it has a password or an active key, or its credentials could not be read
    Owner: `ann@example.com`
    The organization has no account with this id
    Identity Center has no permission set of this name
    Identity Center has no such group or user
    Identity Center does not list the principal, which was probably deleted
    Exported at 2026-11-18 08:00:00 UTC, 2 days before this run
    It was cut off: the last page announces another page
    3,932 rows fewer than in the earlier run
    No list covers external trusts any more, so they are not assessed; the expected lists name only some groups now, so the others are not assessed; in the run of 2026-11-19 08:00:00 UTC, `trusts.csv` had 12 rows
    Expected at `assignments.csv:2` until 2026-10-01
    Current digest: `abababababababababababababababababababababababababababababababab`; approved digest: `cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd`
    The row says that it is not administrative
    Its oldest active access key was created at 2025-11-18 08:00:00 UTC, 367 days before this run
    Its console password was last used at 2026-02-18 08:00:00 UTC, 275 days before this run
    Its active access keys were last used at 2026-02-18 08:00:00 UTC, 275 days before this run
    In `prod` (111122223333), its role was last used at 2026-02-18 08:00:00 UTC, 275 days before this run
    Active Directory refuses the sign-in of disabled or expired accounts. Open sessions continue, and access returns if the account is enabled again
    The user is disabled in Identity Center and cannot sign in
    Identity Center cannot accept the person: the user name has more than 128 characters
    `j.doe` matches `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe` and `Jane`
    No conclusion is drawn about the 12 users who match no person, or about people who match no user
    11 users have the display name of a person in the lists; they are probably the same people under another key: user names in Identity Center end in `@corp.example.com`, names in the lists are numbers
    2 of them hold administrative access: `ann@example.com` and `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe`
    240 groups of Identity Center with nested members look like `nested_groups = "direct"`, and 0 like `flatten`, the value in use; 20,740 memberships depend on it
    No account of the organization matches `gone-*`
    A waiver at `waivers.toml:1` names it but does not accept it: it does not record what was accepted, and by name alone it accepts nothing above `medium`, and nothing that is or may be administrative
    A waiver at `waivers.toml:1` accepted it as it was on 2026-10-01: it was `low` and is `high`; the principal's AWS id was none and is now `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe`: the principal was re-created, or another one has that name; what it allows or holds changed since approval, or could not be read
    A waiver at `waivers.toml:1` names it but does not accept it: it was approved by `=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe`, the person it is about; another person must approve it
    It runs longer than the 180 days that the settings allow (`rules.waiver_max`); its last day can be 2027-05-19 at the latest
    It covers a whole rule with findings up to `critical`; it must name a finding, a principal or an account
    Has 2 active access keys
    Has 1 active service-specific credential
    Has a password but no MFA
    Neither its row nor an `owner` tag names an owner
    Everyone at the trusted provider, or everyone in AWS, is trusted
    Without conditions
    With conditions on `sts:ExternalId` and `aws:SourceIp`
    To approve it as it is, a row needs `sts:ExternalId=x` in `conditions`
    Was pending in the run of 2026-11-13 06:00:00 UTC already: the synchronization has had longer than `expect.sync_grace` since
    Was not administrative in the run of 2026-11-13 06:00:00 UTC
    It is an inline policy; its row names the AWS managed policy with this name
    It is a customer managed policy; its row names the AWS managed policy with this name
    Has a name that AWS Control Tower uses for what it creates
    Created at 2026-11-20 07:12:00 UTC by `arn:aws:iam::111122223333:user/mallory`
    Created by `x`
    May be administrative: the document of `corp` was not read
    Identity Center has no application of this name
    `users.csv:3` says that the person is current, but a departure in any list takes precedence. If the person has left, correct this row at its source, and export it again; if not, correct the other row
    "#);
}

#[test]
fn every_gap_says_why() {
    let lines: Vec<String> = whys().into_iter().map(|why| gap_line(&gap(why, Hides::Grants))).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: access was denied (`AccessDenied`: role <b>x</b> may not)
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: the call failed (`timeout`)
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: AWS says that this instance of Identity Center has none
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: only 3 pages could be read, but AWS announced another one
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: AWS returned the same page token twice, so the listing could not be read completely
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: it was in scope but was not queried
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: the settings exclude it from this run
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: the organization does not list the account, but permission sets are assigned in it
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: the answer could not be understood: line 3
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: the export has only a part of it: 1500 of more
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: the export does not have 7 members: `CN=m0`, `CN=m1`, `CN=m2`, `CN=m3`, `CN=m4` and 2 more
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: it was exported at 2026-11-01 02:00:00 UTC, longer ago than `expect.max_age` allows
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: line 4 was refused: no such date
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: nobody says
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: `a.csv` and `b.csv` disagree about the membership of `ann`, and it is unknown which list is newer
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: the list shares no key (sign-in name, email address, account name, SID, GUID) with the other lists, so its 4,012 people cannot be matched (the first is `ann`)
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: `j.doe` is the name of `John`, whose id differs
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: `j.doe` has the external id of `Jane`, but neither a name nor the email address of that person
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: no state for 1 person
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: line 4 says that `j@x.example` has left, but `John` has the same name, address or number
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: 0 of 12 users of Identity Center match one of the 4,012 people in the lists: the key is probably wrong
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: 240 groups of Identity Center with nested members look like `nested_groups = "direct"`, and 0 like `flatten`, the value in use; 20,740 memberships depend on it
    groups of `d-1`: `identitystore:ListUsers` in account 111122223333: `j.doe` matches more than one: `John` and `Jane`
    "#);
}

#[test]
fn what_hides_in_a_name_is_written_out() {
    assert_eq!(visible("a\u{202e}b\u{200b}c\u{1b}[0m\u{a0}d"), "a\\u{202e}b\\u{200b}c\\u{1b}[0m\\u{a0}d");
    assert_eq!(visible("山田　太郎 Müller"), "山田　太郎 Müller");
}

#[test]
fn a_backtick_of_a_name_becomes_an_apostrophe_and_one_of_a_phrase_of_ours_stays() {
    assert_eq!(visible("Line`tick"), "Lineʼtick");
    assert_eq!(quoted("Line`tick"), "`Lineʼtick`");
    assert_eq!(phrase(&format!("members of {}", quoted("a`b"))), "members of `aʼb`");
}

#[test]
fn numbers_have_separators_and_nouns_their_plural() {
    let said = [count(0, "gap"), count(1, "IAM policy"), count(4012, "IAM policy"), thousands(1_234_567_u64)];
    assert_eq!(said.join(", "), "0 gaps, 1 IAM policy, 4,012 IAM policies, 1,234,567");
}

#[test]
fn equal_denials_are_one_line_and_unequal_ones_are_not() {
    let denied = |account: u64, what: What| {
        let account: rollcall::model::AccountId = format!("{account:012}").parse().unwrap();
        std::sync::Arc::new(Gap {
            side: Side::Aws,
            source: "sts:AssumeRole".to_owned(),
            account: Some(account),
            unseen: what.in_account(account),
            why: Why::Denied {
                code: "AccessDenied".to_owned(),
                message: format!("not authorized to assume arn:aws:iam::{account}:role/Auditor"),
            },
            hides: Hides::Grants,
        })
    };
    let mut gaps: Vec<_> = (1..=397).map(|number| denied(number, What::IamDetails)).collect();
    gaps.push(denied(400, What::RootKey));
    let world = world();
    let groups = gap_groups(&gaps, &world.snapshot);
    let lines: Vec<String> = groups.iter().map(|group| group.line(Some(EVERY_GAP))).collect();
    assert_eq!(
        lines,
        [
            "IAM users and roles of 397 accounts: `sts:AssumeRole` in 397 accounts: 000000000001, 000000000002, \
             000000000003 and 394 more (all in `completeness.csv`): access was denied (`AccessDenied`: not authorized to \
             assume arn:aws:iam::…:role/Auditor)",
            "whether the root user of 000000000400 has an access key: `sts:AssumeRole` in account 000000000400: access was denied (`AccessDenied`: not \
             authorized to assume arn:aws:iam::000000000400:role/Auditor)"
        ]
    );
    assert_eq!(groups.iter().map(GapGroup::size).sum::<usize>(), gaps.len());
}

fn aws_gap(source: &str, account: Option<&str>, unseen: impl Into<Unseen>, why: Why) -> std::sync::Arc<Gap> {
    std::sync::Arc::new(Gap {
        side: Side::Aws,
        source: source.to_owned(),
        account: account.map(|id| id.parse().unwrap()),
        unseen: unseen.into(),
        why,
        hides: Hides::Grants,
    })
}

fn denied(message: &str) -> Why {
    Why::Denied { code: "AccessDenied".to_owned(), message: message.to_owned() }
}

fn group_lines(gaps: &[std::sync::Arc<Gap>]) -> Vec<String> {
    let world = world();
    let groups = gap_groups(gaps, &world.snapshot);
    assert_eq!(groups.iter().map(GapGroup::size).sum::<usize>(), gaps.len());
    groups.iter().map(|group| group.line(Some(EVERY_GAP))).collect()
}

#[test]
fn one_cause_that_hides_the_same_of_many_objects_is_one_line() {
    let set = |number: usize| {
        let unseen = What::AwsManagedPolicies.of(format!("set-{number}"));
        aws_gap("sso:ListManagedPoliciesInPermissionSet", None, unseen, denied("not authorized"))
    };
    let mut gaps: Vec<_> = (1..=40).map(set).collect();
    gaps.push(aws_gap("sso:ListManagedPoliciesInPermissionSet", None, What::AwsManagedPolicies.of("x"), Why::NotAsked));
    assert_eq!(
        group_lines(&gaps),
        [
            "AWS managed policies of `set-1`, `set-2`, `set-3` and 37 more (all in `completeness.csv`): `sso:ListManagedPoliciesInPermissionSet`: access was denied (`AccessDenied`: not authorized)",
            "AWS managed policies of `x`: `sso:ListManagedPoliciesInPermissionSet`: it was in scope but was not queried",
        ]
    );
}

#[test]
fn calls_that_one_account_refused_for_one_cause_are_one_line_and_another_account_is_another() {
    let refused = |operation: &str, account: &str, what: What| {
        let unseen = what.in_account(account.parse().unwrap());
        aws_gap(operation, Some(account), unseen, denied(&format!("may not perform: {operation} on resource: *")))
    };
    let gaps = [
        refused("iam:GetAccountAuthorizationDetails", "111122223333", What::SomeIamUsers),
        refused("iam:GetCredentialReport", "111122223333", What::Credentials),
        refused("iam:GetCredentialReport", "444455556666", What::Credentials),
        refused("iam:ListVirtualMFADevices", "111122223333", What::NewMfaDevices),
    ];
    assert_eq!(
        group_lines(&gaps),
        [
            "some IAM users of 111122223333; MFA devices in 111122223333 that are newer than the credential report: \
             `iam:GetAccountAuthorizationDetails` and `iam:ListVirtualMFADevices` in `prod` (111122223333): access was denied (`AccessDenied`: may not perform: … \
             on resource: *)",
            "passwords, access keys and MFA of IAM users in 2 accounts: `iam:GetCredentialReport` in 2 accounts: `prod` (111122223333) and 444455556666: access was denied (`AccessDenied`: may not perform: iam:GetCredentialReport on resource: *)",
        ]
    );
}

#[test]
fn calls_that_nobody_made_are_one_line_and_what_hides_nothing_is_told_apart() {
    let never = |operation: &str, what: What, hides: Hides| {
        let unseen = what.in_account("111122223333".parse().unwrap());
        let gap = aws_gap(operation, Some("111122223333"), unseen, Why::NotAsked);
        std::sync::Arc::new(Gap { hides, ..Gap::clone(&gap) })
    };
    let gaps = [
        never("iam:GetCredentialReport", What::Credentials, Hides::Grants),
        never("iam:ListServiceSpecificCredentials", What::IamCounts, Hides::Grants),
        never("iam:ListVirtualMFADevices", What::NewMfaDevices, Hides::Nothing),
    ];
    assert_eq!(
        group_lines(&gaps),
        [
            "passwords, access keys and MFA of IAM users in 111122223333; the number of IAM users and groups in 111122223333, and the state of the root user: `iam:GetCredentialReport` and `iam:ListServiceSpecificCredentials` in `prod` (111122223333): it was in scope but was not queried",
            "MFA devices in 111122223333 that are newer than the credential report: `iam:ListVirtualMFADevices` in `prod` (111122223333): it was in scope but was not queried",
        ]
    );
}

#[test]
fn several_lists_are_each_named_and_those_that_nobody_vouches_for_told_apart() {
    let list = |name: &str, vouched_by: Option<&str>| ListRead {
        name: name.to_owned(),
        vouched_by: vouched_by.map(str::to_owned),
    };
    let said = |lists: Vec<ListRead>| {
        let all = lists.iter().all(|list| list.vouched_by.is_some()).then(|| "its own entry count".to_owned());
        let source = Source { name: lists[0].name.clone(), of: None, vouched_by: all, lists };
        evidence(&world(), &Evidence::NotIn(std::sync::Arc::new(source)))
    };
    let (counted, open) = (|name| list(name, Some("its own entry count")), |name| list(name, None));
    let told = [
        said(vec![counted("a.ldif")]),
        said(vec![open("a.ldif")]),
        said(vec![counted("a.ldif"), counted("b.ldif")]),
        said(vec![counted("a.ldif"), open("b.ldif")]),
        said(vec![counted("a.ldif"), open("b.ldif"), open("c`.ldif"), counted("d.ldif"), counted("e.ldif")]),
        said(vec![open("a.ldif"), open("b.ldif")]),
    ];
    insta::assert_snapshot!(told.join("\n"), @"
    Not in `a.ldif` (complete: its own entry count)
    Not in `a.ldif` (no proof that it is complete)
    Not in `a.ldif` and `b.ldif` (all complete)
    Not in `a.ldif` and `b.ldif` (no proof that `b.ldif` is complete)
    Not in `a.ldif`, `b.ldif`, `cʼ.ldif` and 2 more (no proof that 2 of them are complete: `b.ldif` and `cʼ.ldif`)
    Not in `a.ldif` and `b.ldif` (no proof that they are complete)
    ");
}

#[test]
fn a_window_names_the_day_twice_only_where_there_are_two() {
    let told = |from: &str, to: &str| window(Window { from: from.parse().unwrap(), to: to.parse().unwrap() });
    assert_eq!(told("2026-11-20T07:58:00Z", "2026-11-20T07:58:01Z"), "2026-11-20 07:58:00 to 07:58:01 UTC");
    let nightly = told("2026-11-20T23:58:00Z", "2026-11-21T00:01:00Z");
    assert_eq!(nightly, "2026-11-20 23:58:00 UTC to 2026-11-21 00:01:00 UTC");
}

#[test]
fn a_refusal_of_the_key_names_the_right_that_is_missing() {
    let gap = Gap {
        side: Side::Aws,
        source: "identitystore:ListUsers".to_owned(),
        account: None,
        unseen: What::Users.into(),
        why: Why::Denied {
            code: "AccessDeniedException".to_owned(),
            message: "User is not authorized to perform: kms:Decrypt on the resource".to_owned(),
        },
        hides: Hides::Grants,
    };
    assert!(gap_advice(&gap).contains("`kms:Decrypt`"), "{}", gap_advice(&gap));
}
