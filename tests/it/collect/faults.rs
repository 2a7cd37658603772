//! Whatever goes wrong in AWS, a run ends in the whole truth, or in a gap that names what is missing: never in a
//! smaller snapshot that looks whole.

use std::collections::BTreeSet;

use rollcall::collect::journal::page::Operation;
use rollcall::model::Hides;
use rollcall_simulator::world::{MANAGEMENT, Principal, Size};
use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};

use crate::support::simulated::{Facts, SETTINGS, SIGNS_IN, STATUS, collect_from, collect_with, said, truth};

/// Small, and most listings that can have a second page have one.
fn world() -> World {
    let mut world = World::of(Size {
        users: 210,
        groups: 4,
        memberships: 420,
        accounts: 22,
        permission_sets: 5,
        provisioned: 2,
        iam_users: 2,
        roles: 2,
        policies: 1,
    });
    let group = Principal::Group(world.groups().next().expect("there are groups").id.clone());
    let user = Principal::User(world.users().nth(5).expect("there are users").id.clone());
    for name in ["wiki", "canteen"] {
        let application = world.add_application(name);
        world.assign_application(group.clone(), &application);
        world.assign_application(user.clone(), &application);
    }
    world.applications[1].assignment_required = false;
    for (principal, account, role) in [(group, MEMBER, "Developer"), (user, MANAGEMENT, "Auditor")] {
        entitle(&mut world, principal, account, role);
    }
    world
}

/// Entitles a principal to a role. Without a role that trusts the service nobody could use an entitlement, and one that
/// is not seen would hide nothing.
fn entitle(world: &mut World, principal: Principal, account: &str, role: &str) {
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                    "Principal": {"Service": "account-access.amazonaws.com"}}]}"#;
    trust.clone_into(&mut world.add_iam_role(account, role, account).trust);
    world.entitle(principal, account, role);
}

/// So many users and groups that neither fit on one page, and little else.
fn crowd() -> World {
    World::of(Size {
        users: 110,
        groups: 110,
        memberships: 110,
        accounts: 1,
        permission_sets: 1,
        provisioned: 1,
        iam_users: 0,
        roles: 0,
        policies: 0,
    })
}

/// The operations whose answers must have a list. Of `ListPermissionSetsProvisionedToAccount` AWS leaves it out where it
/// is empty.
const LISTS: [&str; 20] = [
    "organizations:ListAccounts",
    "sso:ListInstances",
    "sso:ListPermissionSets",
    "sso:ListManagedPoliciesInPermissionSet",
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    "sso:ListAccountsForProvisionedPermissionSet",
    "sso:ListAccountAssignments",
    "sso:ListAccountAssignmentsForPrincipal",
    "sso:ListApplications",
    "sso:ListApplicationAssignments",
    "identitystore:ListUsers",
    "identitystore:ListGroups",
    "identitystore:ListGroupMemberships",
    "identitystore:ListGroupMembershipsForMember",
    "account-access:ListApplications",
    "account-access:ListEntitlements",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountSummary",
    "iam:ListVirtualMFADevices",
    "iam:ListServiceSpecificCredentials",
];

/// The operations whose answers name what they were asked about.
const NAMING: [&str; 11] = [
    "identitystore:ListUsers",
    "identitystore:ListGroups",
    "identitystore:ListGroupMemberships",
    "identitystore:ListGroupMembershipsForMember",
    "sso:DescribePermissionSet",
    "sso:ListAccountAssignments",
    "sso:ListApplicationAssignments",
    "account-access:ListEntitlements",
    "sts:AssumeRole",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetCredentialReport",
];

/// The account that is asked by an assumed role, and that a trouble of one account befalls.
const MEMBER: &str = "200000000003";

fn first_group() -> String {
    world().groups().next().expect("there are groups").id.clone()
}

/// Where each trouble is tried. What is tried again for a long time befalls few calls.
fn places(trouble: Trouble) -> Vec<Fault> {
    let everywhere = || vec![Fault::of(trouble)];
    let now_and_then = |nth| vec![Fault::of(trouble).every(nth)];
    let on = |operations: &[&str]| operations.iter().map(|operation| Fault::of(trouble).on(operation)).collect();
    let in_each_operation = || on(&Operation::ALL.iter().map(|operation| operation.api()).collect::<Vec<_>>());
    match trouble {
        Trouble::ShortPages
        | Trouble::EmptyPages
        | Trouble::RepeatedToken
        | Trouble::LoopingTokens
        | Trouble::ForgottenTokens
        | Trouble::EmptyTexts => everywhere(),
        Trouble::Denied | Trouble::Malformed => in_each_operation(),
        // An answer in JSON that breaks off is no JSON.
        Trouble::Cut => on(&[
            "sts:GetCallerIdentity",
            "sts:AssumeRole",
            "iam:GetAccountAuthorizationDetails",
            "iam:GenerateCredentialReport",
            "iam:GetCredentialReport",
            "iam:GetAccountSummary",
            "iam:ListVirtualMFADevices",
            "iam:ListServiceSpecificCredentials",
            "identitystore:ListGroupMemberships",
        ]),
        Trouble::Void => on(&[
            "identitystore:ListUsers",
            "identitystore:ListGroupMemberships",
            "sso:ListAccountAssignments",
            "sso:GetInlinePolicyForPermissionSet",
            "sso:ListPermissionSetsProvisionedToAccount",
            "sso:GetApplicationAssignmentConfiguration",
            "organizations:ListAccounts",
            "account-access:ListEntitlements",
            "sts:AssumeRole",
            "iam:*",
        ]),
        Trouble::Bodiless => on(&["identitystore:*", "sso:*", "organizations:*", "account-access:*", "iam:*"]),
        Trouble::EmptyToken => on(&["identitystore:*", "sso:*", "organizations:*", "account-access:*"]),
        Trouble::Foreign => on(&NAMING),
        // Of users and groups, whoever is named and not listed is asked for; otherwise only a second way tells.
        Trouble::LeftOut => on(&[
            "identitystore:ListUsers",
            "identitystore:ListGroups",
            "identitystore:ListGroupMemberships",
            "identitystore:ListGroupMembershipsForMember",
            "sso:ListAccountAssignments",
            "sso:ListAccountAssignmentsForPrincipal",
        ]),
        Trouble::Refused => on(&["identitystore:ListUsers", "identitystore:ListGroups"]),
        Trouble::UnknownValue => on(&[
            "organizations:ListAccounts",
            "identitystore:ListUsers",
            "sso:ListAccountAssignments",
            "sso:ListApplicationAssignments",
            "sso:ListInstances",
        ]),
        Trouble::Fieldless => on(&LISTS),
        Trouble::Textless => {
            vec![Fault::of(trouble).on("sso:GetInlinePolicyForPermissionSet").times(1)]
        }
        Trouble::UserAdded | Trouble::UserRemoved => vec![Fault::of(trouble).times(1)],
        Trouble::Expired => vec![Fault::of(trouble).after(30), Fault::of(trouble).on("iam:*").account(MEMBER)],
        Trouble::Throttled | Trouble::Slow => now_and_then(9),
        Trouble::InternalError | Trouble::Reset | Trouble::Truncated => {
            let for_ever = Fault::of(trouble).on("identitystore:ListGroupMemberships").about(&first_group());
            [now_and_then(9), vec![for_ever, Fault::of(trouble).on("iam:*").account(MEMBER)]].concat()
        }
        Trouble::Hang => vec![Fault::of(trouble).on("sso:ListPermissionSets").times(1)],
        Trouble::ReportNotReady | Trouble::ReportExpired => vec![Fault::of(trouble).account(MEMBER).times(2)],
        Trouble::Suspended
        | Trouble::AccountInstanceOnly
        | Trouble::UnlistedAccount
        | Trouble::NoRole
        | Trouble::JoinedLate => {
            vec![Fault::of(trouble).account(MEMBER)]
        }
    }
}

/// How a run ended under a fault.
struct Ended {
    said: Facts,
    /// The operations that gaps name, and those of them whose gap hides access.
    unseen: BTreeSet<String>,
    hiding: BTreeSet<String>,
    /// What was true before or after the run, and at both times.
    at_some_time: Facts,
    at_all_times: Facts,
}

fn under(fault: &Fault, world: World) -> Ended {
    let simulator = Simulator::start(world, Faults::none().with(fault.clone()));
    let before = simulator.world(|world| truth(world));
    let folder = tempfile::tempdir().unwrap();
    let cross_check = if fault.trouble() == Trouble::LeftOut { "cross_check = \"all\"\n" } else { "" };
    let settings = format!("{SETTINGS}{cross_check}");
    let snapshot = collect_with(&simulator, folder.path(), &settings);
    let after = simulator.world(|world| truth(world));
    let hiding = snapshot.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
    Ended {
        said: said(&snapshot),
        unseen: snapshot.gaps.iter().map(|gap| gap.source.clone()).collect(),
        hiding: hiding.map(|gap| gap.source.clone()).collect(),
        at_some_time: &before | &after,
        at_all_times: &before & &after,
    }
}

/// What is wrong with how a run ended.
fn wrong(fault: &Fault, ended: &Ended) -> Vec<String> {
    // A value that no model knows is what AWS says, and so is true.
    let invented = ended.said.difference(&ended.at_some_time).filter(|fact| !fact.contains("UNHEARD_OF"));
    let invented = invented.take(3).map(|fact| format!("{fault}: it is not true that {fact}"));
    // A status that no model knows is one that AWS might as well not have said, and that is a value.
    let may_miss = |fact: &str| fault.trouble() == Trouble::UnknownValue && fact.starts_with(STATUS);
    let missing = ended.at_all_times.difference(&ended.said).filter(|fact| !may_miss(fact));
    // How somebody signs in gives no access, but what anybody has does.
    let (signs_in, grants): (Vec<&String>, Vec<&String>) = missing.partition(|fact| fact.starts_with(SIGNS_IN));
    let silent = [(signs_in, &ended.unseen), (grants, &ended.hiding)].into_iter().filter_map(|(missing, unseen)| {
        let first = missing.first().filter(|_| !is_named(fault, unseen))?;
        Some(format!("{fault}: {} are missing, as {first}, and gaps are only of {unseen:?}", missing.len()))
    });
    invented.chain(silent).collect()
}

/// Whether what a fault befell is among these operations.
fn is_named(fault: &Fault, unseen: &BTreeSet<String>) -> bool {
    match fault.operation() {
        // A report that could not be ordered is one that could not be had.
        Some("iam:GenerateCredentialReport") => unseen.contains("iam:GetCredentialReport"),
        Some(service) if service.ends_with(":*") => {
            unseen.iter().any(|unseen| unseen.starts_with(service.trim_end_matches('*')))
        }
        Some(operation) => unseen.contains(operation),
        None => !unseen.is_empty(),
    }
}

#[test]
fn whatever_goes_wrong_the_snapshot_is_whole_or_a_gap_says_what_it_lacks() {
    let faults: Vec<Fault> = Trouble::ALL.iter().flat_map(|trouble| places(*trouble)).collect();
    // Most of a run is waiting.
    let queue = std::sync::Mutex::new(faults.into_iter());
    let work = || {
        let mut all = Vec::new();
        loop {
            let Some(fault) = queue.lock().unwrap().next() else { return all };
            all.extend(wrong(&fault, &under(&fault, world())));
        }
    };
    let all: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..12).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn a_listing_that_breaks_off_behind_its_first_page_hides_who_is_on_the_others() {
    for operation in ["identitystore:ListUsers", "identitystore:ListGroups"] {
        let fault = Fault::of(Trouble::ForgottenTokens).on(operation);
        let ended = under(&fault, crowd());
        assert_eq!(wrong(&fault, &ended), Vec::<String>::new());
        assert!(ended.hiding.contains(operation), "{operation} has more than one page");
    }
}

#[test]
fn a_role_whose_session_is_over_is_a_gap_in_every_member_account() {
    let simulator = Simulator::start(world(), Faults::none().sessions_last(0));
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect_from(&simulator, folder.path());
    let expired = snapshot.gaps.iter().filter(|gap| gap.source == "iam:GetAccountAuthorizationDetails");
    let accounts: BTreeSet<_> = expired.map(|gap| gap.account).collect();
    assert_eq!(accounts.len(), 21, "{:?}", snapshot.gaps);
}

/// One of each thing, and an application.
fn one_of_each() -> World {
    let size = Size {
        users: 2,
        groups: 1,
        memberships: 2,
        accounts: 1,
        permission_sets: 1,
        provisioned: 1,
        iam_users: 1,
        roles: 1,
        policies: 1,
    };
    let mut world = World::of(size);
    world.add_application("Wiki");
    let user = Principal::User(world.users().next().expect("there are users").id.clone());
    entitle(&mut world, user, MANAGEMENT, "Auditor");
    world
}

/// The gaps of a run in which the lists of this operation are left out.
fn gaps_without_lists(world: World, operation: &str) -> Vec<String> {
    let simulator = Simulator::start(world, Faults::none().with(Fault::of(Trouble::Fieldless).on(operation)));
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("{SETTINGS}cross_check = \"all\"\n");
    collect_with(&simulator, folder.path(), &settings).gaps.iter().map(|gap| gap.key()).collect()
}

#[test]
fn an_answer_without_its_list_is_a_gap_and_no_empty_list() {
    for operation in LISTS {
        let gaps = gaps_without_lists(one_of_each(), operation);
        let unreadable = |gap: &String| gap.starts_with(operation) && gap.contains("/unreadable");
        assert!(gaps.iter().any(unreadable), "{operation}: {gaps:?}");
    }
}

#[test]
fn of_an_account_without_permission_sets_the_list_may_be_left_out() {
    let size = Size {
        users: 1,
        groups: 1,
        memberships: 1,
        accounts: 1,
        permission_sets: 2,
        provisioned: 0,
        iam_users: 0,
        roles: 0,
        policies: 0,
    };
    let operation = "sso:ListPermissionSetsProvisionedToAccount";
    let simulator = Simulator::start(World::of(size), Faults::none());
    simulator.fail(Fault::of(Trouble::Fieldless).on(operation));
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(collect_from(&simulator, folder.path()).gaps, []);
    assert_eq!(simulator.ledger().of(operation).answered, 1, "fewer accounts than sets are asked");
}
