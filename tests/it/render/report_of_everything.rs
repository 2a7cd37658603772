//! A world and its report, put together by hand: every kind of subject, evidence, standing and gap, and names that
//! attack each format.

use rollcall::model::ListFormat;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rollcall::model::*;

/// A name that attacks HTML, spreadsheets, terminals and eyes at once.
pub(crate) const HOSTILE: &str = "=cmd|'/c calc'!A1 <script>alert(1)</script> \u{1b}[31mred\u{202e}txt.exe";

pub(crate) static RULE: Rule = Rule {
    id: RuleId("unexpected-user"),
    severity: Severity::High,
    title: "Look at {subject}",
    meaning: "somebody has access whom no list names",
    advice: "remove the access in the directory, or add a row to the list",
};
static RULES: &[&Rule] = &[&RULE];
const MATCHES: Matches = Matches { users: 12, matched: 0, people: 4_012 };
const LOOKS: Looks = Looks { like: Nesting::Direct, groups: 240, like_set: 0, memberships: 20_740 };

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("well-formed")
}

fn source(name: &str, vouched_by: Option<&str>) -> Arc<Source> {
    Arc::new(Source { name: name.into(), of: None, vouched_by: vouched_by.map(Into::into), lists: Vec::new() })
}

fn whole() -> Extent {
    Extent::Whole(source("users.csv", None))
}

fn listing<T>(seen: Vec<T>) -> Listing<T> {
    Listing::by_key(seen, whole(), |_| 0)
}

pub(crate) fn gap(why: Why, hides: Hides) -> Arc<Gap> {
    Arc::new(Gap {
        side: Side::Aws,
        source: "identitystore:ListUsers".into(),
        account: Some("111122223333".parse().expect("well-formed")),
        unseen: What::GroupsOfUser.of("d-1"),
        why,
        hides,
    })
}

fn cross_checked(window: Window) -> CrossChecked {
    let (group, user) = (Ix::new(0), Ix::new(1));
    let asking = |operation, about| Asking { operation, about, window };
    let (first, second) = ("identitystore:ListGroupMemberships", "identitystore:ListGroupMembershipsForMember");
    let contradiction = Contradiction {
        grant: Subject::Membership(group, user),
        shown: asking(second, Subject::User(user)),
        lacking: asking(first, Subject::Group(group)),
    };
    let contradictions = vec![contradiction];
    CrossChecked {
        kind: Kind::Membership,
        first,
        second,
        about: AskedAbout::Users,
        there_are: 3,
        answered: 2,
        differing: 1,
        contradictions,
    }
}

fn row(file: usize, line: u32) -> RowRef {
    RowRef { file: Ix::new(file), line }
}

pub(crate) fn world() -> World {
    let account = |id: &str, name: Option<&str>| Account {
        id: id.parse().expect("well-formed"),
        name: name.map(Into::into),
        state: Some("ACTIVE".into()),
        paths: Vec::new(),
        listed: true,
    };
    let user = |id: &str, name: &str| User {
        id: UserId::new(id),
        user_name: name.into(),
        display_name: Some("山田 太郎".into()),
        mails: vec![format!("@{id}")],
        has_primary_mail: true,
        external_ids: Vec::new(),
        status: Some(UserStatus::Enabled),
        created: None,
        created_by: None,
        listed: true,
    };
    let group = |name: &str, members| Group {
        id: GroupId::new("g-1"),
        name: name.into(),
        external_ids: Vec::new(),
        created: None,
        created_by: None,
        made: Vec::new(),
        members: Listing::new(members, whole()),
        listed: true,
    };
    let principals = vec![Principal::Group(Ix::new(0)), Principal::Group(Ix::new(1)), Principal::User(Ix::new(1))];
    let admin = PermissionSet {
        arn: PermissionSetArn::new("arn:aws:sso:::permissionSet/ssoins-1/ps-1"),
        name: "AdministratorAccess".into(),
        unnamed: None,
        policies: Known::Is(PermissionSetPolicies::default()),
        session_duration: None,
        outdated: listing(Vec::new()),
        placements: listing(vec![Placement { account: Ix::new(0), principals: Listing::new(principals, whole()) }]),
    };
    let robot = IamUser {
        groups: Vec::new(),
        id: Some("AIDAROBOT".into()),
        name: "robot".into(),
        arn: "arn:aws:iam::111122223333:user/robot".into(),
        created: Some(at("2020-01-01T00:00:00Z")),
        policies: vec![IamPolicy { way: PolicyWay::Attached, name: "PowerUser".into(), arn: None, document: None }],
        boundary: None,
        tags: BTreeMap::new(),
        credentials: Known::Is(Credentials { active_keys: 1, ..Credentials::default() }),
    };
    let deployer = IamRole {
        id: Some("AROADEPLOYER".into()),
        name: "deployer".into(),
        path: "/".into(),
        arn: "arn:aws:iam::111122223333:role/deployer".into(),
        created: None,
        last_used: None,
        trusts: Known::Is(vec![Trust {
            trusted: Trusted::Account("999900001111".parse().expect("well-formed"), None),
            terms: vec![vec![Condition {
                operator: "StringEquals".into(),
                key: "sts:ExternalId".into(),
                values: vec!["x".into()],
            }]],
        }]),
        policies: Vec::new(),
        boundary: None,
    };
    let asked = Window { from: at("2026-11-20T07:58:00Z"), to: at("2026-11-20T07:59:30Z") };
    let window = Some(asked);
    let tally =
        Tally { calls: 1204, pages: 1200, items: 119_431, denied: 1, failed: 0, throttled: 3, retried: 4, window };
    let snapshot = Snapshot {
        scope: Scope {
            region: Some("eu-central-1".into()),
            identity_center: true,
            instance_arn: None,
            iam: IamScope::Organization,
            excluded: BTreeMap::from([("999988887777".parse().expect("well-formed"), "closed in March".into())]),
            cross_check: CrossCheck::Sample,
        },
        caller: Some(Caller {
            account: "111122223333".parse().expect("well-formed"),
            arn: "arn:aws:sts::111122223333:assumed-role/RollcallAuditor/run".into(),
        }),
        redirected_to: None,
        window: Some(Window { from: at("2026-11-20T07:58:00Z"), to: at("2026-11-20T08:00:00Z") }),
        instance: Known::Is(Instance {
            arn: "arn:aws:sso:::instance/ssoins-1".into(),
            identity_store: "d-1".into(),
            owner: Some("111122223333".parse().unwrap()),
            kind: Some(InstanceKind::Organization),
            status: Some("ACTIVE".into()),
        }),
        units: BTreeMap::new(),
        accounts: listing(vec![account("111122223333", Some("prod")), account("444455556666", None)]),
        users: listing(vec![user("u-1", "ann@example.com"), user("u-2", HOSTILE), user("u-3", &"long".repeat(60))]),
        groups: listing(vec![group("AWS-Admins", vec![Ix::new(0), Ix::new(1)]), group("＝empty", vec![])]),
        makers: Vec::new(),
        looked_up_users: None,
        looked_up_groups: None,
        permission_sets: listing(vec![admin]),
        applications: listing(vec![Application {
            arn: "arn:aws:sso::111122223333:application/ssoins-1/apl-1".into(),
            name: "Wiki".into(),
            principals: listing(vec![Principal::Group(Ix::new(0))]),
            everyone: listing(vec![Everyone]),
        }]),
        cross_checked: vec![cross_checked(asked)],
        entitled: listing(vec![Entitled {
            account: Ix::new(0),
            entitlements: listing(vec![Entitlement {
                role: "Developer".into(),
                role_arn: "arn:aws:iam::111122223333:role/Developer".into(),
                principal: Principal::User(Ix::new(1)),
            }]),
        }]),
        iam: vec![IamAccount {
            account: Ix::new(0),
            users: listing(vec![robot]),
            groups: listing(vec![]),
            roles: listing(vec![deployer]),
            policies: listing(vec![]),
            root: Known::Unknown(gap(Why::NotAsked, Hides::Nothing)),
            credentials_as_of: None,
        }],
        aws_managed: BTreeMap::new(),
        organization: None,
        gaps: Vec::new(),
        sources: vec![source("identitystore:ListGroups", Some("the last page"))],
        ledger: BTreeMap::from([("identitystore:ListUsers".into(), tally)]),
    };
    let file = |name: &str, refused| ExpectedFile {
        name: name.into(),
        format: ListFormat::PowerShellUsers,
        encoding: "UTF-16LE".into(),
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
        rows_read: 4012,
        rows_used: 4000,
        rows_refused: refused,
        rows_unreviewed: 0,
        reviewers: BTreeMap::new(),
        cut: None,
        lossy: false,
        exported: Some(Exported { at: at("2026-11-19T22:00:00Z"), known_by: ExportClock::FileName }),
        ages: true,
        notes: Vec::new(),
        set_aside: None,
        domains: None,
    };
    let person = |name: &str, line| Person {
        name: name.into(),
        user_name: Some(name.into()),
        sam: None,
        domain: None,
        mails: Vec::new(),
        other_user_names: Vec::new(),
        employee_ids: Vec::new(),
        guid: None,
        entra_id: None,
        changed: None,
        sid: None,
        employment: Employment::Left,
        statements: Vec::new(),
        doubt: None,
        enabled: Some(false),
        expires: Expires::Unsaid,
        row: row(0, line),
    };
    let directory_group = |name: &str, members, groups| DirectoryGroup {
        name: name.into(),
        names: vec![name.into()],
        domain: None,
        guid: None,
        entra_id: None,
        changed: None,
        members: Listing::new(members, whole()),
        groups: Listing::new(groups, whole()),
        row: row(0, 9),
    };
    let expectation = Expectation {
        files: vec![file("users.csv", 1), file("assignments.csv", 0), file("waivers.toml", 0)],
        speaks_for: BTreeSet::from([Kind::User, Kind::Membership]),
        speaks_in_part: BTreeSet::new(),
        groups_by_people: None,
        people: listing(vec![person("ann@example.com", 2), person("bob@example.com", 3)]),
        groups: listing(vec![
            directory_group("AWS-Admins", vec![], vec![Ix::new(1)]),
            directory_group("Platform", vec![Member { person: Ix::new(0), row: row(0, 12) }], vec![]),
        ]),
        assignments: listing(vec![AssignmentRow {
            principal: PrincipalName::Group("AWS-Admins".into()),
            permission_set: "ReadOnly".into(),
            account: "444455556666".parse().expect("well-formed"),
            presence: Presence::Required,
            expires: None,
            row: row(1, 2),
        }]),
        lapsed: listing(Vec::new()),
        applications: listing(vec![ApplicationRow {
            application: "Wiki".into(),
            principal: None,
            presence: Presence::Required,
            expires: None,
            lapsed: false,
            row: row(1, 3),
        }]),
        entitlements: listing(vec![EntitlementRow {
            principal: PrincipalName::User("ann@example.com".into()),
            account: account("111122223333", None).id,
            role: "Developer".into(),
            presence: Presence::Required,
            expires: None,
            lapsed: false,
            administrative: None,
            digest: None,
            row: row(1, 4),
        }]),
        permission_sets: listing(vec![PermissionSetRow {
            name: "Auditors".into(),
            administrative: Some(false),
            digest: None,
            row: row(1, 4),
        }]),
        idle: vec![IdleRow { what: "no account of the organization matches `gone-*`".into(), row: row(1, 5) }],
        iam_users: listing(vec![IamUserRow {
            account: "111122223333".parse().expect("well-formed"),
            name: "robot".into(),
            policies: Some(vec!["ReadOnlyAccess".into()]),
            administrative: None,
            owner: Some("ann@example.com".into()),
            digest: None,
            unreviewed: false,
            row: row(1, 3),
        }]),
        trusts: listing(vec![TrustRow {
            account: "111122223333".parse().expect("well-formed"),
            role: "scanner".into(),
            trusted: "token.actions.githubusercontent.com".into(),
            owner: None,
            conditions: TrustConditions::Unsaid,
            administrative: None,
            digest: None,
            row: row(1, 4),
        }]),
        waivers: vec![Waiver {
            rule: "unexpected-user".into(),
            principal: Some("ann@example.com".into()),
            account: None,
            finding: None,
            reason: "=break glass".into(),
            approved_by: "CISO".into(),
            expires: "2026-10-01".parse().expect("well-formed"),
            accepted: None,
            row: row(2, 1),
        }],
        refused: Vec::new(),
        undecided: Vec::new(),
        gaps: Vec::new(),
        sources: vec![source("users.csv", None)],
    };
    World {
        snapshot,
        expectation,
        policy: AuditPolicy { max_list_age: TimeDelta::hours(24), ..AuditPolicy::default() },
        earlier: None,
        store_notes: Vec::new(),
        stamp: Stamp {
            run_id: "0190-run".into(),
            as_of: at("2026-11-20T08:00:00Z"),
            origin: None,
            job: Some("daily".into()),
            version: "0.1.0".into(),
            organization: Some("Sample <b>GmbH</b>".into()),
        },
    }
}

/// One of each subject.
pub(crate) fn subjects() -> Vec<Subject> {
    let user = Principal::User(Ix::new(1));
    vec![
        Subject::User(Ix::new(1)),
        Subject::DueUser(Ix::new(1)),
        Subject::Group(Ix::new(1)),
        Subject::Membership(Ix::new(0), Ix::new(1)),
        Subject::DueMembership(Ix::new(0), Ix::new(0), Ix::new(1)),
        Subject::Assignment(Ix::new(0), Ix::new(0), user),
        Subject::PermissionSetOf(Ix::new(0), Principal::Group(Ix::new(0))),
        Subject::DueAssignment(Ix::new(0)),
        Subject::DueGroup(Ix::new(0)),
        Subject::PermissionSet(Ix::new(0)),
        Subject::DuePermissionSet(Ix::new(0)),
        Subject::IamUser(Ix::new(0), Ix::new(0)),
        Subject::DueIamUser(Ix::new(0)),
        Subject::Policy(Ix::new(0), Ix::new(0), Ix::new(0)),
        Subject::DuePolicy(Ix::new(0), 0),
        Subject::Trust(Ix::new(0), Ix::new(0), Ix::new(0)),
        Subject::DueTrust(Ix::new(0)),
        Subject::Root(Ix::new(0)),
        Subject::List(Ix::new(0)),
        Subject::Waiver(Ix::new(0)),
        Subject::GoneList(Kind::Trust),
        Subject::IdleRow(Ix::new(0)),
        Subject::Application(Ix::new(0), Some(Principal::Group(Ix::new(0)))),
        Subject::Application(Ix::new(0), None),
        Subject::DueApplication(Ix::new(0)),
        Subject::Entitlement(Ix::new(0), Ix::new(0)),
        Subject::DueEntitlement(Ix::new(0)),
        Subject::Directory,
    ]
}

pub(crate) fn evidence() -> Vec<Evidence> {
    vec![
        Evidence::NotIn(source("users.csv", None)),
        Evidence::Row(row(0, 7)),
        Evidence::Employment(Employment::Unstated),
        Evidence::Holds(Subject::Membership(Ix::new(0), Ix::new(1))),
        Evidence::Holds(Subject::Assignment(Ix::new(0), Ix::new(0), Principal::User(Ix::new(1)))),
        Evidence::Reaches(4012),
        Evidence::Administrative("`AdministratorAccess` allows everything".into()),
        Evidence::LiveCredentials,
        Evidence::Owner("ann@example.com".into()),
        Evidence::NoSuchAccount,
        Evidence::NoSuchPermissionSet,
        Evidence::NoSuchPrincipal,
        Evidence::PrincipalNotListed,
        Evidence::ExportedAt(at("2026-11-18T08:00:00Z"), 48),
        Evidence::CutOff("the last page announces another page".into()),
        Evidence::Shrunk { rows: 80, before: 4012 },
        Evidence::Gone {
            lists: vec![("trusts.csv".to_owned(), 12)],
            before: at("2026-11-19T08:00:00Z"),
            kinds: vec![Kind::Trust],
            in_part: vec![Kind::Group],
        },
        Evidence::Lapsed(row(1, 2), "2026-10-01".parse().expect("well-formed")),
        Evidence::Digest { now: "ab".repeat(32), approved: "cd".repeat(32) },
        Evidence::NotToAdminister,
        Evidence::OldestKey(at("2025-11-18T08:00:00Z")),
        Evidence::LastUsed(Used::Password, at("2026-02-18T08:00:00Z")),
        Evidence::LastUsed(Used::Keys, at("2026-02-18T08:00:00Z")),
        Evidence::LastUsed(Used::RoleIn(Ix::new(0)), at("2026-02-18T08:00:00Z")),
        Evidence::SignInRefused,
        Evidence::CannotSignIn,
        Evidence::NotProvisionable("the user name has more than 128 characters"),
        Evidence::Fits("j.doe".into(), vec![HOSTILE.into(), "Jane".into()]),
        Evidence::Matches(MATCHES),
        Evidence::NamesApart(NamesApart {
            ours: NameForm::AtDomain("corp.example.com".into()),
            theirs: NameForm::Number,
            alike: Alike::ShownName(11),
        }),
        Evidence::AdministratorsAmong(vec![Ix::new(0), Ix::new(1)]),
        Evidence::Looks(LOOKS),
        Evidence::MeansNothing("no account of the organization matches `gone-*`".into()),
        Evidence::NotAccepted {
            waiver: row(2, 1),
            on: None,
            because: vec![NotAccepted::AboveRule(Severity::Medium), NotAccepted::Administrative],
        },
        Evidence::NotAccepted {
            waiver: row(2, 1),
            on: Some("2026-10-01".parse().expect("well-formed")),
            because: vec![
                NotAccepted::Severity { was: Severity::Low, is: Severity::High },
                NotAccepted::Principal { was: None, is: Some(HOSTILE.into()) },
                NotAccepted::Content,
            ],
        },
        Evidence::NotAccepted {
            waiver: row(2, 1),
            on: None,
            because: vec![NotAccepted::Fault(WaiverFault::OwnSubject(HOSTILE.into()))],
        },
        Evidence::WaiverFault(WaiverFault::TooLong("2027-05-19".parse().expect("well-formed"))),
        Evidence::WaiverFault(WaiverFault::WholeRule(Severity::Critical)),
        Evidence::ActiveKeys(2),
        Evidence::ServiceCredentials(1),
        Evidence::WithoutMfa,
        Evidence::NoOwner,
        Evidence::TrustsEveryone,
        Evidence::Conditions(Vec::new()),
        Evidence::Conditions(vec!["sts:ExternalId".into(), "aws:SourceIp".into()]),
        Evidence::ToApprove("conditions", "sts:ExternalId=x".into()),
        Evidence::PendingSince(at("2026-11-13T06:00:00Z")),
        Evidence::BecameAdministrative(at("2026-11-13T06:00:00Z")),
        Evidence::NotOfAws { inline: true },
        Evidence::NotOfAws { inline: false },
        Evidence::MadeBy("AWS Control Tower"),
        Evidence::Made(Some(at("2026-11-20T07:12:00Z")), Some("arn:aws:iam::111122223333:user/mallory".into())),
        Evidence::Made(None, Some("x".into())),
        Evidence::PerhapsAdministrative("the document of `corp` was not read".into()),
        Evidence::NoSuchApplication,
        Evidence::SaidToBeThere(row(0, 3)),
    ]
}

pub(crate) fn whys() -> Vec<Why> {
    let text = || "AccessDenied".to_owned();
    vec![
        Why::Denied { code: text(), message: "role <b>x</b> may not".into() },
        Why::Failed { code: "timeout".into(), message: String::new() },
        Why::Unsupported,
        Why::Cut { pages: 3 },
        Why::TokenRepeated,
        Why::NotAsked,
        Why::OutOfScope,
        Why::NotListed,
        Why::Unreadable { detail: "line 3".into() },
        Why::Truncated { detail: "1500 of more".into() },
        Why::Outside { names: (0..7).map(|n| format!("CN=m{n}")).collect() },
        Why::Outdated { exported: at("2026-11-01T02:00:00Z") },
        Why::Refused { line: 4, reason: "no such date".into() },
        Why::Untold { detail: "nobody says".into() },
        Why::Disputed { files: vec!["a.csv".into(), "b.csv".into()], people: vec!["ann".into()] },
        Why::NoSharedKey { people: 4012, first: "ann".into() },
        Why::Contradicted { key: "j.doe".into(), candidate: "John".into() },
        Why::Borrowed { name: "j.doe".into(), candidate: "Jane".into() },
        Why::Unstated { detail: "no state for 1 person".into() },
        Why::MayHaveLeft { line: 4, key: "j@x.example".into(), candidates: vec!["John".into()] },
        Why::Unrecognized { matches: MATCHES },
        Why::NestingMismatch { looks: LOOKS },
        Why::Ambiguous { key: "j.doe".into(), candidates: vec!["John".into(), "Jane".into()] },
    ]
}

pub(crate) fn finding(number: usize, subject: Subject, evidence: Vec<Evidence>, waived: bool) -> Finding {
    Finding {
        rule: RULE.id,
        severity: Severity::ALL[4 - number % 5],
        title: RULE.title,
        subject,
        evidence,
        fingerprint: Fingerprint::of(RULE.id, &[number.to_string()]),
        first_seen: at("2026-11-20T08:00:00Z"),
        waiver: waived.then(|| Ix::new(0)),
    }
}

/// What was read whole: so many of each kind, and whether a list speaks for it.
pub(crate) fn coverage(kinds: &[(Kind, usize, bool)]) -> BTreeMap<Kind, Coverage> {
    let covered = |&(kind, number, listed): &(Kind, usize, bool)| {
        (
            kind,
            Coverage {
                number,
                unlisted: if listed { 0 } else { number },
                listed,
                listed_in_full: listed,
                read: ReadExtent::Whole,
            },
        )
    };
    kinds.iter().map(covered).collect()
}

/// A report with these findings and gaps.
pub(crate) fn report(world: &World, mut findings: Vec<Finding>, gaps: Vec<Arc<Gap>>) -> Report<'_> {
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.subject));
    let mut open: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.waiver.is_none()) {
        *open.entry(finding.severity).or_default() += 1;
    }
    let hiding = gaps.iter().filter(|gap| gap.hides == Hides::Grants).count();
    let judged = vec![
        Judged { subject: Subject::User(Ix::new(0)), standing: Standing::Expected(row(0, 2)) },
        Judged { subject: Subject::User(Ix::new(1)), standing: Standing::Unintended(Because::HolderLeft(row(0, 3))) },
        Judged { subject: Subject::Membership(Ix::new(0), Ix::new(0)), standing: Standing::Expected(row(0, 12)) },
        Judged {
            subject: Subject::Assignment(Ix::new(0), Ix::new(0), Principal::Group(Ix::new(0))),
            standing: Standing::Unlisted,
        },
        Judged {
            subject: Subject::IamUser(Ix::new(0), Ix::new(0)),
            standing: Standing::Unknown(gap(Why::NotAsked, Hides::Grants)),
        },
    ];
    let mut counts = Counts::new();
    for one in &judged {
        let words = counts.entry(one.subject.kind().expect("well-formed")).or_default();
        *words.entry(one.standing.word()).or_default() += 1;
    }
    let verdict = Verdict {
        waived: findings.iter().filter(|finding| finding.waiver.is_some()).count(),
        findings: open,
        hiding_gaps: hiding,
        stated_gaps: gaps.len() - hiding,
        unreviewed_rows: 0,
        coverage: coverage(&[(Kind::User, 3, true), (Kind::Membership, 2, true), (Kind::Assignment, 4012, false)]),
        switched_off: Vec::new(),
    };
    Report {
        administrators: Administrators {
            permission_sets: vec![Administrative::Yes("`<script>alert(2)</script>` allows everything".into())],
            entitlements: Vec::new(),
            iam_users: vec![vec![Administrative::Unknown("the document of `corp` was not read".into())]],
        },
        harmless: BTreeSet::new(),
        pending: BTreeMap::new(),
        closed: BTreeMap::new(),
        self_reviewed: BTreeSet::new(),
        world,
        matching: Matching {
            people: vec![Some(Matched { with: Ix::new(0), by: MatchKey::Name }), None, None],
            users: vec![Some(Ix::new(0)), None],
            left_elsewhere: BTreeMap::new(),
            directory_groups: vec![Some(Matched { with: Ix::new(0), by: MatchKey::Name }), None],
            provisioning: Provisioning::default(),
            unrecognized: None,
            nesting_mismatch: None,
        },
        judged,
        changes: Changes {
            new: findings.iter().filter(|f| f.waiver.is_none()).map(|f| f.fingerprint.clone()).collect(),
            ..Changes::default()
        },
        findings,
        gaps,
        counts,
        verdict,
        rules: RULES,
    }
}

/// A report with everything in it.
pub(crate) fn full(world: &World) -> Report<'_> {
    let mut findings: Vec<Finding> =
        subjects().into_iter().enumerate().map(|(number, subject)| finding(number, subject, vec![], false)).collect();
    findings[0].evidence = evidence();
    findings.push(finding(99, Subject::User(Ix::new(0)), evidence(), true));
    let gaps = whys().into_iter().enumerate();
    let gaps = gaps.map(|(n, why)| gap(why, if n % 2 == 0 { Hides::Grants } else { Hides::Nothing })).collect();
    report(world, findings, gaps)
}
