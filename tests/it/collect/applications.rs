//! Applications and entitlements from AWS's answers to the exit code: a company in the simulator, its two lists, and
//! `rollcall audit`.

use std::path::Path;

use rollcall_simulator::world::{ACCESS_MANAGER, MANAGEMENT, Principal};
use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};
use serde_json::Value;

use crate::support::rollcall;
use crate::support::simulated::SETTINGS;

const MEMBER: &str = "200000000001";
/// A second application of account access manager, which is listed after the first one.
const SECOND: &str = "arn:aws:account-access:us-east-1:123456789012:application/apl-7223000000000002";

const APPLICATIONS: &str =
    "application,principal_type,principal,reviewed_by\nWiki,group,Readers,cy\nCanteen,everyone,*,cy\n";
const ENTITLEMENTS: &str = "principal_type,principal,account,role,reviewed_by\n\
                            group,Readers,200000000001,Developer,cy\nuser,bob@example.com,123456789012,Auditor,cy\n";

/// Alice reads, Bob audits, and both lists expect all that there is.
struct Company {
    world: World,
    readers: Principal,
    bob: Principal,
    wiki: String,
}

impl Company {
    fn new() -> Self {
        let mut world = World::empty();
        world.add_account(MEMBER, "workload");
        let (alice, bob) = (world.add_user("alice"), Principal::User(world.add_user("bob")));
        let readers = world.add_group("Readers");
        world.add_member(&readers, &alice);
        let readers = Principal::Group(readers);
        let wiki = world.add_application("Wiki");
        world.assign_application(readers.clone(), &wiki);
        world.add_application("Canteen");
        world.applications[1].assignment_required = false;
        for account in [MANAGEMENT, MEMBER] {
            world.iam(account).root.mfa = true;
        }
        let mut company = Company { world, readers: readers.clone(), bob: bob.clone(), wiki };
        company.entitle(&readers, MEMBER, "Developer").entitle(&bob, MANAGEMENT, "Auditor");
        company
    }

    fn entitle(&mut self, principal: &Principal, account: &str, role: &str) -> &mut Self {
        self.role(account, role);
        self.world.entitle(principal.clone(), account, role);
        self
    }

    /// A role that account access manager may give to whoever is entitled to it.
    fn role(&mut self, account: &str, name: &str) -> &mut Self {
        let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                        "Principal": {"Service": "account-access.amazonaws.com"}}]}"#;
        trust.clone_into(&mut self.world.add_iam_role(account, name, account).trust);
        self
    }

    /// An audit of it as it is now.
    fn audit(&self, denied: &[Fault]) -> Told {
        self.audit_against(APPLICATIONS, ENTITLEMENTS, denied)
    }

    fn audit_against(&self, applications: &str, entitlements: &str, denied: &[Fault]) -> Told {
        let faults = denied.iter().fold(Faults::none(), |faults, fault| faults.with(fault.clone()));
        let simulator = Simulator::start(self.world.clone(), faults);
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rollcall.toml"), SETTINGS).unwrap();
        std::fs::create_dir(folder.path().join("expected")).unwrap();
        std::fs::write(folder.path().join("expected/applications.csv"), applications).unwrap();
        std::fs::write(folder.path().join("expected/entitlements.csv"), entitlements).unwrap();
        let output = rollcall(folder.path(), &["audit"], &simulator.environment());
        let Some(report) = report(&folder.path().join("reports")) else {
            panic!("no audit was done: {}{}", output.stdout, output.stderr);
        };
        Told { code: output.code, report }
    }
}

/// The only `report.json` below a folder.
fn report(folder: &Path) -> Option<Value> {
    let entries = std::fs::read_dir(folder).ok()?.map(|entry| entry.unwrap().path());
    entries.into_iter().find_map(|path| {
        if path.is_dir() {
            return report(&path);
        }
        let text = path.ends_with("report.json").then(|| std::fs::read_to_string(&path).unwrap())?;
        Some(serde_json::from_str(&text).unwrap())
    })
}

fn denied(operation: &str) -> Fault {
    Fault::of(Trouble::Denied).on(operation)
}

/// How an audit ended.
struct Told {
    code: i32,
    report: Value,
}

impl Told {
    fn titles(&self) -> Vec<&str> {
        let findings = self.report["findings"].as_array().unwrap().iter();
        findings.map(|finding| finding["title"].as_str().unwrap()).collect()
    }

    /// What was not seen and may hide access.
    fn hidden(&self) -> Vec<&str> {
        let gaps = self.report["gaps"].as_array().unwrap().iter();
        gaps.filter(|gap| gap["hides_access"] == true).map(|gap| gap["unseen"].as_str().unwrap()).collect()
    }

    /// How many of one kind stand so.
    fn count(&self, kind: &str, standing: &str) -> u64 {
        self.report["counts"][kind][standing].as_u64().unwrap_or(0)
    }
}

#[test]
fn a_company_that_has_what_its_lists_say_is_in_order() {
    let told = Company::new().audit(&[]);
    assert_eq!((told.code, told.titles()), (0, Vec::new()), "{:#}", told.report["verdict"]);
    assert_eq!((told.count("application", "expected"), told.count("entitlement", "expected")), (2, 2));
}

#[test]
fn what_is_too_much_and_what_is_missing_is_found_in_both() {
    let mut company = Company::new();
    company.world.assign_application(company.bob.clone(), &company.wiki);
    let bob = company.bob.clone();
    company.entitle(&bob, MEMBER, "Developer");
    let applications = format!("{APPLICATIONS}Canteen,user,alice@example.com,cy\nPayroll,user,bob@example.com,cy\n");
    let entitlements = format!("{ENTITLEMENTS}user,alice@example.com,200000000001,Developer,cy\n");
    let told = company.audit_against(&applications, &entitlements, &[]);
    assert_eq!(told.code, 3);
    assert_eq!(
        told.titles(),
        [
            "User `bob@example.com` is entitled to role `Developer` in `workload` (200000000001); no expected list has this entitlement",
            "User `alice@example.com` should have application `Canteen` but does not",
            "A row expects application `Payroll` for user `bob@example.com`, but Identity Center has no such application",
            "User `alice@example.com` should be entitled to role `Developer` in `workload` (200000000001) but is not",
            "User `bob@example.com` may use application `Wiki`; no expected list has this assignment",
        ]
    );
}

#[test]
fn an_application_that_opens_to_everyone_is_found_although_somebody_is_assigned() {
    let mut company = Company::new();
    company.world.applications[0].assignment_required = false;
    let told = company.audit(&[]);
    let open = "Everyone may use application `Wiki`, which requires no assignment; no expected list has this access";
    assert_eq!((told.code, told.titles()), (3, vec![open]));
}

#[test]
fn where_nobody_may_ask_whether_an_application_is_open_nothing_is_in_order() {
    let company = Company::new();
    let told = company.audit(&[denied("sso:GetApplicationAssignmentConfiguration").about(&company.wiki)]);
    assert_eq!((told.code, told.titles()), (4, Vec::new()));
    assert_eq!(told.hidden(), ["whether application `Wiki` is open to everyone"]);
    assert_eq!(told.count("application", "expected"), 2, "what was seen stands");
}

#[test]
fn what_one_of_two_applications_of_account_access_manager_may_hide_is_not_missing() {
    let mut company = Company::new();
    // Both accounts hold entitlements by both, and may hold more by the one that is not read.
    company.role(MEMBER, "Operator").role(MANAGEMENT, "Operator");
    let readers = company.readers.clone();
    company.world.entitle_by(SECOND, readers.clone(), MEMBER, "Operator");
    company.world.entitle_by(SECOND, readers, MANAGEMENT, "Operator");
    let by_both = format!("{ENTITLEMENTS}group,Readers,*,Operator,cy\n");
    let told = company.audit_against(APPLICATIONS, &by_both, &[]);
    assert_eq!((told.code, told.count("entitlement", "expected")), (0, 4), "{:?}", told.titles());
    for (refused, unread) in [(ACCESS_MANAGER, 2), (SECOND, 2)] {
        let told =
            company.audit_against(APPLICATIONS, &by_both, &[denied("account-access:ListEntitlements").about(refused)]);
        assert_eq!((told.code, told.titles()), (4, Vec::new()), "without {refused}");
        let counts = (told.count("entitlement", "expected"), told.count("entitlement", "unknown"));
        assert_eq!(counts, (4 - unread, unread), "without {refused}");
    }
}

#[test]
fn entitlements_that_could_not_be_read_hide_access_where_a_role_waits_for_them() {
    let mut company = Company::new();
    company.world.entitlements.clear();
    let none = "principal_type,principal,account,role,presence,reviewed_by\nuser,bob@example.com,123456789012,Auditor,allowed,cy\n";
    let unread = [denied("account-access:ListApplications")];
    let told = company.audit_against(APPLICATIONS, none, &unread);
    assert_eq!((told.code, told.hidden()), (4, vec!["entitlements to IAM roles by account access manager"]));
    for account in [MANAGEMENT, MEMBER] {
        company.world.iam(account).roles.clear();
    }
    let told = company.audit_against(APPLICATIONS, none, &unread);
    assert_eq!((told.code, told.hidden()), (0, Vec::new()));
    assert_eq!(told.report["gaps"].as_array().unwrap().len(), 1, "it is stated all the same");
}
