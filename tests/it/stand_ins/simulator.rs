//! The simulator of AWS: what was put into its world is what it says, in AWS's protocols and at AWS's pace.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Instant;

use rollcall_simulator::world::{MANAGEMENT, Principal, STORE, Size};
use rollcall_simulator::{Faults, Simulator, World};
use serde_json::Value;

use crate::support::simulated::{collect_from, said, truth};
use crate::support::{http, python_program, root};

/// Calls an operation of a JSON service; returns status and body.
fn call(url: &str, service: &str, target: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    let signed = format!("AWS4-HMAC-SHA256 Credential=testing/20261120/us-east-1/{service}/aws4_request, Signature=0");
    let length = body.len();
    write!(
        stream,
        "POST / HTTP/1.0\r\nAuthorization: {signed}\r\nX-Amz-Target: {target}\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// Lists users: status and answer. `more` are further parameters.
fn list_users(url: &str, more: &str) -> (u16, Value) {
    let body = format!("{{\"IdentityStoreId\":\"{STORE}\"{more}}}");
    let (status, answer) = call(url, "identitystore", "AWSIdentityStore.ListUsers", &body);
    (status, serde_json::from_str(&answer).unwrap())
}

#[test]
fn what_is_collected_from_the_careful_world_is_that_world() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect_from(&simulator, folder.path());
    assert_eq!(snapshot.gaps, []);
    simulator.world(|world| assert_eq!(said(&snapshot), truth(world)));
}

/// All operations of the simulator.
const OPERATIONS: [&str; 43] = [
    "account-access:GetApplication",
    "account-access:GetEntitlement",
    "account-access:ListApplications",
    "account-access:ListEntitlements",
    "iam:GenerateCredentialReport",
    "iam:GetAccountAuthorizationDetails",
    "iam:GetAccountPasswordPolicy",
    "iam:GetAccountSummary",
    "iam:GetCredentialReport",
    "iam:ListAccountAliases",
    "iam:ListServiceSpecificCredentials",
    "iam:ListVirtualMFADevices",
    "identitystore:DescribeGroup",
    "identitystore:DescribeUser",
    "identitystore:GetGroupId",
    "identitystore:GetUserId",
    "identitystore:IsMemberInGroups",
    "identitystore:ListGroupMemberships",
    "identitystore:ListGroupMembershipsForMember",
    "identitystore:ListGroups",
    "identitystore:ListUsers",
    "organizations:DescribeOrganization",
    "organizations:DescribeOrganizationalUnit",
    "organizations:ListAccounts",
    "organizations:ListRoots",
    "sso:DescribeApplication",
    "sso:DescribeInstance",
    "sso:DescribePermissionSet",
    "sso:GetApplicationAssignmentConfiguration",
    "sso:GetInlinePolicyForPermissionSet",
    "sso:GetPermissionsBoundaryForPermissionSet",
    "sso:ListAccountAssignments",
    "sso:ListAccountAssignmentsForPrincipal",
    "sso:ListAccountsForProvisionedPermissionSet",
    "sso:ListApplicationAssignments",
    "sso:ListApplicationAssignmentsForPrincipal",
    "sso:ListApplications",
    "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
    "sso:ListInstances",
    "sso:ListManagedPoliciesInPermissionSet",
    "sso:ListPermissionSets",
    "sso:ListPermissionSetsProvisionedToAccount",
    "sts:AssumeRole",
];

#[test]
fn boto3_reads_every_operation_page_by_page_and_finds_the_world() {
    let mut world = World::careful();
    let (user, group) = (first_user(&world), world.groups().next().unwrap().id.clone());
    for (name, principal) in [("wiki", Principal::User(user)), ("chat", Principal::Group(group))] {
        let application = world.add_application(name);
        world.assign_application(principal.clone(), &application);
        for number in 0..60 {
            world.entitle(principal.clone(), MANAGEMENT, &format!("role-{number}"));
        }
    }
    let member = world.accounts[1].id.clone();
    world.account_mut(&member).roles.insert("RollcallAuditor".to_owned(), Some("agreed".to_owned()));
    let simulator = Simulator::start(world, Faults::none());
    let script = root().join("tests/simulator/ask.py");
    let output = Command::new(python_program("python")).arg(script).arg(simulator.url()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let looked_at: u32 = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    assert!(looked_at > 100, "{looked_at}");
    let ledger = simulator.ledger();
    let called: Vec<&str> =
        ledger.operations().into_iter().filter(|operation| *operation != "sts:GetCallerIdentity").collect();
    assert_eq!(called, OPERATIONS);
    assert_eq!(simulator.session_names(), [(member, "asked".to_owned())]);
}

fn first_user(world: &World) -> String {
    world.users().next().unwrap().id.clone()
}

#[test]
fn a_listing_of_users_has_pages_of_a_hundred_and_no_larger_ones() {
    let simulator = Simulator::start(World::careful(), Faults::none());
    let (status, first) = list_users(&simulator.url(), "");
    assert_eq!((status, first["Users"].as_array().unwrap().len()), (200, 100));
    assert!(first["NextToken"].is_string());
    let (status, refused) = list_users(&simulator.url(), ",\"MaxResults\":101");
    assert_eq!((status, refused["__type"].as_str()), (400, Some("ValidationException")));
}

#[test]
fn the_limit_lets_twenty_through_at_once_and_then_as_many_as_time_allows() {
    let simulator = Simulator::start(World::careful(), Faults::none().rate(20.0, 20));
    let begun = Instant::now();
    let mut throttled = Value::Null;
    // On a machine that is too busy to ask faster than the limit, it is asked on.
    for asked in 1..10_000 {
        let (status, answer) = list_users(&simulator.url(), "");
        if status != 200 {
            throttled = answer;
        }
        if asked >= 60 && !throttled.is_null() {
            break;
        }
    }
    let counts = simulator.ledger().of("identitystore:ListUsers");
    let most = 20.0 + 20.0 * begun.elapsed().as_secs_f64();
    assert!(counts.answered >= 20 && counts.answered as f64 <= most, "{counts:?}, at most {most}");
    assert_eq!((counts.calls, counts.failed), (counts.answered + counts.throttled, 0));
    assert_eq!(throttled["__type"], "ThrottlingException");
    // The other service has a bucket of its own.
    assert_eq!(call(&simulator.url(), "sso", "SWBExternalService.ListInstances", "{}").0, 200);
}

#[test]
fn a_long_listing_gives_everybody_once() {
    let size = Size {
        users: 12_345,
        groups: 0,
        memberships: 0,
        accounts: 1,
        permission_sets: 0,
        provisioned: 0,
        iam_users: 0,
        roles: 0,
        policies: 0,
    };
    let simulator = Simulator::start(World::of(size), Faults::none());
    let (mut more, mut pages, mut users) = (String::new(), 0, BTreeSet::new());
    loop {
        let body = format!("{{\"IdentityStoreId\":\"{STORE}\"{more}}}");
        let (_, page) = call(&simulator.url(), "identitystore", "AWSIdentityStore.ListUsers", &body);
        pages += 1;
        users.extend(page.split("\"UserName\":").skip(1).map(|rest| rest.split(',').next().unwrap().to_owned()));
        let Some((_, token)) = page.split_once("\"NextToken\":") else { break };
        more = format!(",\"NextToken\":{}", token.split([',', '}']).next().unwrap());
    }
    assert_eq!((pages, users.len()), (124, 12_345));
}

#[test]
fn the_program_says_where_it_listens_fails_as_it_is_told_and_ends_with_its_input() {
    let (input, ours) = std::io::pipe().unwrap();
    let (theirs, out) = std::io::pipe().unwrap();
    let arguments = ["--world", "people:250", "--rate", "500", "--fault", "denied,on=identitystore:ListGroups"];
    let arguments = arguments.map(str::to_owned);
    let program = std::thread::spawn(move || rollcall_simulator::run(&arguments, input, out));
    let mut line = String::new();
    BufReader::new(theirs).read_line(&mut line).unwrap();
    let url = line.trim_end().strip_prefix("LISTENING ").expect("it says where it listens");
    assert_eq!(list_users(url, "").0, 200);
    let store = format!("{{\"IdentityStoreId\":\"{STORE}\"}}");
    let (status, refused) = call(url, "identitystore", "AWSIdentityStore.ListGroups", &store);
    assert_eq!(status, 400);
    assert!(refused.contains("AccessDeniedException"), "{refused}");
    let ledger: Value = serde_json::from_str(&http::request(url, "GET", "/simulator/ledger", "")).unwrap();
    assert_eq!(ledger["identitystore:ListGroups"][MANAGEMENT]["failed"], 1);
    drop(ours);
    assert_eq!(program.join().unwrap(), Ok(()));
}
