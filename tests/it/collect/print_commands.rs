//! The printed script, run with the AWS CLI: it asks what the live walk asks, and what it saves says the same.

use std::collections::BTreeSet;
use std::process::Command;

use rollcall::collect::journal::page::{Call, Page};
use rollcall::collect::{self, Collected};
use rollcall::model::{Hides, Snapshot};
use rollcall_simulator::world::{INSTANCE, Instance, MANAGEMENT, Principal};
use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};

use crate::support::printed::{self, Services};
use crate::support::simulated::SETTINGS;
use crate::support::{rollcall, run};

/// An account in a state that no version of Rollcall knows, and that can be used.
const ODD: &str = "200000000001";

/// One of everything that says who there is: each group and each user is named in one place only.
fn world() -> World {
    let mut world = World::empty();
    world.add_account(ODD, "odd").state = "FROZEN".to_owned();
    world.add_account("200000000002", "former").state = "SUSPENDED".to_owned();
    world.add_iam_user(ODD, "svc-odd");
    world.add_iam_role(MANAGEMENT, "breakglass", ODD);
    // More than a page holds where nobody asks for a larger one, of what the AWS CLI reads one page of.
    world.add_iam_user(MANAGEMENT, "svc-git");
    let credential = ["svc-git", "codecommit.amazonaws.com", "Active"].map(str::to_owned);
    world.iam(MANAGEMENT).service_credentials = vec![credential.into(); 101];
    let mut group = |name: &str| {
        let group = world.add_group(name);
        let member = world.add_user(&format!("member.of.{name}"));
        world.add_member(&group, &member);
        Principal::Group(group)
    };
    let [assigned, of_application, entitled] = ["assigned", "of-application", "entitled"].map(&mut group);
    let mut user = |name: &str| Principal::User(world.add_user(name));
    let [user_assigned, user_of_application, user_entitled] = ["dora", "emil", "frida"].map(&mut user);
    let set = world.add_permission_set("ReadOnly");
    world.assign(assigned, &set, ODD);
    world.assign(user_assigned, &set, ODD);
    let application = world.add_application("wiki");
    world.assign_application(of_application, &application);
    world.assign_application(user_of_application, &application);
    // Assigned to some, and open to all.
    world.applications[0].assignment_required = false;
    world.entitle(entitled, ODD, "svc");
    world.entitle(user_entitled, MANAGEMENT, "breakglass");
    world
}

/// The same, with an instance of Identity Center besides.
fn of_two_instances() -> World {
    let mut world = world();
    world.account_instances.push(Instance {
        arn: "arn:aws:sso:::instance/ssoins-7223000000000002".to_owned(),
        store: "d-9067000002".to_owned(),
        owner: MANAGEMENT.to_owned(),
        name: "of one account".to_owned(),
    });
    world
}

/// The questions that one has and the other has not.
fn more<'p>(one: &'p [Page], other: &[Page]) -> BTreeSet<&'p Call> {
    let asked: BTreeSet<&Call> = other.iter().map(|page| &page.call).collect();
    one.iter().map(|page| &page.call).filter(|call| !asked.contains(call)).collect()
}

/// What does not lie in the nature of the two ways: when it was asked, how often, and by which region.
fn told(collected: Collected) -> Snapshot {
    let mut snapshot = collected.snapshot;
    snapshot.window = None;
    snapshot.ledger = Default::default();
    snapshot.scope.region = None;
    snapshot
}

/// Collects both ways from the same world.
fn both_ways(world: World, faults: Faults, settings: &str) -> [Collected; 2] {
    let simulator = Simulator::start(world, faults);
    let folder = tempfile::tempdir().unwrap();
    let environment = simulator.environment();
    std::fs::write(folder.path().join("rollcall.toml"), settings).unwrap();
    let ran = printed::run(folder.path(), &environment, Services::Newest);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    rollcall(folder.path(), &["collect", "--to", "pages.jsonl"], &environment);
    let journal = std::fs::File::open(folder.path().join("pages.jsonl")).unwrap();
    let live = collect::from_journal(std::io::BufReader::new(journal)).unwrap();
    [live, collect::from_files(&folder.path().join("saved")).unwrap()]
}

/// That both asked the same, and that it says the same.
fn agree([live, saved]: [Collected; 2]) -> Snapshot {
    assert_eq!(more(&live.pages, &saved.pages), BTreeSet::new(), "not asked by the script");
    assert_eq!(more(&saved.pages, &live.pages), BTreeSet::new(), "asked by the script alone");
    let [live, saved] = [live, saved].map(told);
    assert_eq!(gaps(&saved), gaps(&live));
    assert_eq!(saved, live);
    saved
}

fn gaps(snapshot: &Snapshot) -> Vec<String> {
    snapshot.gaps.iter().map(|gap| gap.key()).collect()
}

/// The settings that read Identity Center alone.
const NO_IAM: &str = "[aws]\niam = false\nrequests_per_second = 500\n";

#[test]
fn the_script_asks_what_the_live_walk_asks_and_both_say_the_same() {
    let snapshot = agree(both_ways(world(), Faults::none(), SETTINGS));
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
    let read: Vec<_> = snapshot.iam.iter().map(|iam| snapshot.accounts[iam.account].id.to_string()).collect();
    assert_eq!(read, [MANAGEMENT, ODD]);
}

#[test]
fn who_joins_meanwhile_and_who_is_gone_are_asked_for_by_id_by_both() {
    let mut world = world();
    let (user, group) = (world.add_user("gone"), world.add_group("gone"));
    let set = world.permission_sets[0].arn.clone();
    world.assign(Principal::User(user.clone()), &set, ODD);
    world.assign(Principal::Group(group.clone()), &set, ODD);
    world.remove_user(&user);
    world.remove_group(&group);
    world.join_late(ODD);
    let snapshot = agree(both_ways(world, Faults::none(), NO_IAM));
    assert_eq!(snapshot.gaps.iter().filter(|gap| gap.hides == Hides::Grants).count(), 0, "{:?}", snapshot.gaps);
    let gone = snapshot.users.seen().filter(|user| !user.listed).count();
    assert_eq!((gone, snapshot.groups.seen().filter(|group| !group.listed).count()), (1, 1));
}

#[test]
fn a_credential_report_that_expires_meanwhile_is_made_once_more_by_both() {
    let expired = || Fault::of(Trouble::ReportExpired).account(MANAGEMENT).times(1);
    // The script is answered at its second attempt, and so is the live walk.
    let faults = Faults::none().with(expired()).with(expired().after(2));
    let snapshot = agree(both_ways(world(), faults, SETTINGS));
    assert_eq!(gaps(&snapshot), Vec::<String>::new());
}

#[test]
fn who_cannot_be_listed_is_asked_for_by_all_that_names_them() {
    let refused = |operation| Fault::of(Trouble::Refused).on(operation);
    let faults = Faults::none().with(refused("identitystore:ListUsers")).with(refused("identitystore:ListGroups"));
    let settings = format!("{NO_IAM}instance_arn = \"{INSTANCE}\"\n");
    let snapshot = agree(both_ways(of_two_instances(), faults, &settings));
    // Who holds nothing and was not requested by name is all that is open.
    assert_eq!(
        gaps(&snapshot),
        [
            "identitystore:ListGroups/groups-without-names/failed",
            "identitystore:ListUsers/users-without-names/failed",
            "sso:ListInstances/other-instance/not-asked/arn:aws:sso:::instance/ssoins-7223000000000002"
        ]
    );
    let other = snapshot.gaps.iter().find(|gap| gap.source == "sso:ListInstances").unwrap();
    assert_eq!(other.hides, Hides::Nothing, "the settings choose");
    assert_eq!((snapshot.users.seen().count(), snapshot.groups.seen().count()), (6, 3));
}

#[test]
fn a_command_that_the_aws_cli_does_not_have_is_a_gap_that_says_so() {
    let simulator = Simulator::start(world(), Faults::none());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), NO_IAM).unwrap();
    // Each service can be led elsewhere by a variable of its own.
    let services = ["STS", "ORGANIZATIONS", "SSO_ADMIN", "IDENTITYSTORE"];
    let led = services.map(|service| (format!("AWS_ENDPOINT_URL_{service}"), simulator.url()));
    let mut environment = simulator.environment();
    environment.retain(|(name, _)| name != "AWS_ENDPOINT_URL");
    let ran = printed::run(folder.path(), &[environment, led.to_vec()].concat(), Services::Old);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("2 calls failed or found nothing"), "{}", ran.stderr);
    let snapshot = collect::from_files(&folder.path().join("saved")).unwrap().snapshot;
    assert_eq!(snapshot.redirected_to, Some(simulator.url()));
    let [gap] = snapshot.gaps.as_slice() else { panic!("{:?}", snapshot.gaps) };
    assert_eq!(
        rollcall::wording::gap_line(gap),
        "entitlements to IAM roles by account access manager: `account-access:ListApplications`: the call failed (`exit \
         code 2`: this version of the AWS CLI does not have the command; newer versions do)"
    );
    // No role was read, so that nobody can say whether one lets the service in.
    assert_eq!(gap.hides, Hides::Grants);
}

#[test]
fn without_the_aws_cli_the_script_says_so_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), NO_IAM).unwrap();
    let script = rollcall(folder.path(), &["collect", "--print-commands"], &[]).stdout;
    std::fs::write(folder.path().join("collect.sh"), script).unwrap();
    let nowhere = folder.path().join("no-programs").display().to_string();
    let mut bash = Command::new("/bin/bash");
    let ran = run(bash.args(["collect.sh", "saved"]), folder.path(), &[("PATH".to_owned(), nowhere)]);
    assert_eq!(ran.stderr, "the AWS CLI (aws) was not found: install it, or add it to the PATH\n");
    assert_eq!((ran.code, folder.path().join("saved").exists()), (1, false));
}

#[test]
fn of_several_instances_the_script_asks_to_have_one_named() {
    let simulator = Simulator::start(of_two_instances(), Faults::none());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), NO_IAM).unwrap();
    let ran = printed::run(folder.path(), &simulator.environment(), Services::Old);
    let message = format!(
        "aws.instance_arn must name one of these instances; set it, and print the commands again:\n{INSTANCE}\n\
         arn:aws:sso:::instance/ssoins-7223000000000002\n"
    );
    assert_eq!((ran.code, ran.stderr), (1, message));
}
