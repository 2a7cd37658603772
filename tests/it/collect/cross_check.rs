//! The same facts by a second way: what agrees is said to, what differs is named, lowers the verdict, and counts as
//! held.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rollcall::model::{CrossChecked, Extent, Hides, Snapshot, User};
use rollcall_simulator::world::{Principal, Size};
use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};

use crate::support::simulated::{Facts, SETTINGS, collect_with, said, truth};
use crate::support::{Output, rollcall};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const ALL: &str = "cross_check = \"all\"\n";
const SAMPLE: &str = "cross_check = \"sample\"\n";

const BY_GROUP: &str = "identitystore:ListGroupMemberships";
const BY_MEMBER: &str = "identitystore:ListGroupMembershipsForMember";
const BY_PAIR: &str = "sso:ListAccountAssignments";
const BY_PRINCIPAL: &str = "sso:ListAccountAssignmentsForPrincipal";

fn size(users: u32, groups: u32) -> Size {
    Size {
        users,
        groups,
        memberships: 3 * users.max(groups),
        accounts: 4,
        permission_sets: 3,
        provisioned: 2,
        iam_users: 0,
        roles: 0,
        policies: 0,
    }
}

/// More users than a sample asks about; a user has an assignment of its own.
fn many_users() -> World {
    let mut world = World::of(size(130, 6));
    assign_one(&mut world);
    world
}

/// Fewer users than groups, and more groups than a sample asks about.
fn many_groups() -> World {
    let mut world = World::of(size(12, 120));
    assign_one(&mut world);
    world
}

fn assign_one(world: &mut World) {
    let user = world.users().next().unwrap().id.clone();
    let set = world.permission_sets[0].arn.clone();
    let account = world.accounts[1].id.clone();
    world.assign(Principal::User(user), &set, &account);
}

struct Collected {
    snapshot: Snapshot,
    truth: Facts,
    simulator: Simulator,
}

fn collected(world: World, faults: Faults, settings: &str) -> Collected {
    let simulator = Simulator::start(world, faults);
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect_with(&simulator, folder.path(), &format!("{SETTINGS}{settings}"));
    let truth = simulator.world(|world| truth(world));
    Collected { snapshot, truth, simulator }
}

impl Collected {
    fn calls(&self, operation: &str) -> u64 {
        self.simulator.ledger().of(operation).calls
    }

    /// Operation, answered, differing, contradictions.
    fn checked(&self) -> Vec<(&'static str, usize, usize, usize)> {
        let told = |one: &CrossChecked| (one.second, one.answered, one.differing, one.contradictions.len());
        self.snapshot.cross_checked.iter().map(told).collect()
    }

    /// Source, what was not seen, why, and what that hides.
    fn gaps(&self) -> Vec<(&str, String, &str, Hides)> {
        let gaps = self.snapshot.gaps.iter();
        gaps.map(|gap| (gap.source.as_str(), rollcall::wording::unseen_in_file(&gap.unseen), gap.why.word(), gap.hides))
            .collect()
    }
}

#[test]
fn two_ways_that_agree_leave_no_gap_and_say_of_how_many() {
    let all = collected(many_users(), Faults::none(), ALL);
    assert_eq!(all.snapshot.gaps, []);
    assert_eq!(all.checked(), [(BY_MEMBER, 130, 0, 0), (BY_PRINCIPAL, 136, 0, 0)]);
    assert_eq!(said(&all.snapshot), all.truth);
    assert_eq!((all.calls(BY_MEMBER), all.calls(BY_PRINCIPAL)), (130, 136), "each is asked once");
}

/// The names of the hundred users whose ids behind this date have the lowest SHA-256.
fn chosen(collected: &Collected, date: NaiveDate) -> BTreeSet<String> {
    let digest = |user: &User| Sha256::digest(format!("{date} {}", user.id)).to_vec();
    let mut users: Vec<&User> = collected.snapshot.users.seen().collect();
    users.sort_by_key(|user| digest(user));
    users.into_iter().take(100).map(|user| format!("{BY_MEMBER} of `{}`", user.user_name)).collect()
}

#[test]
fn a_sample_asks_about_a_hundred_users_and_as_many_groups_and_the_date_says_whom() {
    let run = collected(many_users(), Faults::none(), SAMPLE);
    assert_eq!(run.snapshot.gaps, []);
    assert_eq!(run.checked(), [(BY_MEMBER, 100, 0, 0), (BY_PRINCIPAL, 106, 0, 0)]);
    let sources = run.snapshot.sources.iter().map(|source| rollcall::wording::source_in_file(source));
    let asked: BTreeSet<String> = sources.filter(|name| name.starts_with(BY_MEMBER)).collect();
    // A run may go past midnight.
    let window = run.snapshot.window.unwrap();
    let dates = [window.from, window.to].map(|at| at.date_naive());
    assert!(dates.iter().any(|date| chosen(&run, *date) == asked), "{asked:?}");
}

#[test]
fn where_nobody_wants_it_nothing_is_asked_twice() {
    let none = collected(many_users(), Faults::none(), "");
    assert_eq!((none.calls(BY_MEMBER), none.calls(BY_PRINCIPAL)), (0, 0));
    assert_eq!(none.checked(), []);
}

#[test]
fn where_there_are_fewer_users_than_groups_they_are_asked_and_the_snapshot_is_the_same() {
    let cheap = collected(many_groups(), Faults::none(), "");
    assert_eq!((cheap.calls(BY_MEMBER), cheap.calls(BY_GROUP)), (12, 0));
    assert_eq!(cheap.snapshot.gaps, []);
    assert_eq!(said(&cheap.snapshot), cheap.truth);
    // Refused by member, the run goes the other way.
    let dear = collected(many_groups(), Faults::none().with(Fault::of(Trouble::Denied).on(BY_MEMBER)), "");
    assert_eq!((dear.calls(BY_MEMBER), dear.calls(BY_GROUP)), (1, 120));
    assert_eq!(dear.snapshot.gaps, []);
    assert_eq!((&cheap.snapshot.users, people(&cheap.snapshot)), (&dear.snapshot.users, people(&dear.snapshot)));
}

/// Groups, their members, and when and by whom each was put into them.
fn people(snapshot: &Snapshot) -> Vec<String> {
    let mut told = Vec::new();
    for group in snapshot.groups.seen() {
        for &member in group.members.seen() {
            let made = group.made(member).unwrap();
            let by = made.by().map(|maker| &snapshot.makers[maker]);
            let (group, member) = (&group.name, &snapshot.users[member].user_name);
            told.push(format!("{group} {member} {:?} {by:?}", made.at()));
        }
        let whole = matches!(group.members.extent(), Extent::Whole(_));
        told.push(format!("{} {} {whole}", group.name, group.listed));
    }
    told
}

#[test]
fn where_users_are_asked_first_groups_are_the_second_way() {
    let all = collected(many_groups(), Faults::none(), SAMPLE);
    assert_eq!(all.snapshot.gaps, []);
    assert_eq!(all.checked(), [(BY_GROUP, 100, 0, 0), (BY_PRINCIPAL, 112, 0, 0)]);
    assert_eq!((all.calls(BY_MEMBER), all.calls(BY_GROUP)), (12, 100));
}

#[test]
fn a_user_who_is_not_answered_about_leaves_every_group_open() {
    let user = many_groups().users().nth(3).unwrap().id.clone();
    let fault = Fault::of(Trouble::Malformed).on(BY_MEMBER).about(&user);
    let cut = collected(many_groups(), Faults::none().with(fault), "");
    assert_eq!(cut.gaps(), [(BY_MEMBER, format!("groups of `{}`", name(&cut, &user)), "unreadable", Hides::Grants)]);
    assert!(cut.snapshot.groups.seen().all(|group| matches!(group.members.extent(), Extent::Part(_))));
}

fn name(collected: &Collected, id: &str) -> String {
    let user = collected.snapshot.users.seen().find(|user| user.id.as_str() == id);
    user.unwrap().user_name.clone()
}

/// What one listing leaves out for good; the world, and how many differ.
fn left_out(world: fn() -> World, operation: &str) -> Collected {
    let fault = Fault::of(Trouble::LeftOut).on(operation);
    let fault = match operation {
        BY_GROUP => fault.about(&world().groups().next().unwrap().id),
        BY_MEMBER => fault.about(&world().users().next().unwrap().id),
        BY_PAIR => fault.about(&world().permission_sets[0].arn),
        _ => fault.about(&world().users().next().unwrap().id),
    };
    collected(world(), Faults::none().with(fault), ALL)
}

#[test]
fn whatever_one_of_two_ways_leaves_out_is_seen_and_named() {
    for world in [many_users as fn() -> World, many_groups] {
        for operation in [BY_GROUP, BY_MEMBER, BY_PAIR, BY_PRINCIPAL] {
            let run = left_out(world, operation);
            assert_eq!(said(&run.snapshot), run.truth, "{operation}: what either way shows is held");
            let gaps = run.gaps();
            assert!(!gaps.is_empty(), "{operation}");
            let named =
                |gap: &(&str, String, &str, Hides)| (gap.0, gap.2, gap.3) == (operation, "disproved", Hides::Grants);
            assert!(gaps.iter().all(named), "{operation}: {gaps:?}");
            let found = run.snapshot.cross_checked.iter().flat_map(|checked| &checked.contradictions);
            assert!(found.clone().count() > 0 && found.clone().all(|one| one.lacking.operation == operation));
            let differing = run.snapshot.cross_checked.iter().filter(|checked| checked.differing > 0);
            assert_eq!(differing.count(), 1, "{operation}: {:?}", run.checked());
        }
    }
}

#[test]
fn a_listing_that_lacks_something_proves_no_absence_any_more() {
    let run = left_out(many_users, BY_GROUP);
    let open: Vec<&str> = run
        .snapshot
        .groups
        .seen()
        .filter(|group| matches!(group.members.extent(), Extent::Part(_)))
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(open, [run.simulator.world(|world| world.groups().next().unwrap().name.clone())]);
}

#[test]
fn what_changed_between_the_two_ways_is_asked_again_and_is_no_contradiction() {
    // Each way leaves its entry out once: asked again, it is there.
    for operation in [BY_GROUP, BY_MEMBER, BY_PAIR, BY_PRINCIPAL] {
        let fault = Fault::of(Trouble::LeftOut).on(operation).times(1);
        let run = collected(many_users(), Faults::none().with(fault), ALL);
        assert_eq!(run.snapshot.gaps, [], "{operation}");
        assert!(run.snapshot.cross_checked.iter().all(|checked| checked.differing == 0), "{operation}");
        assert_eq!(said(&run.snapshot), run.truth);
    }
}

#[test]
fn a_second_way_that_is_refused_is_tried_once_and_hides_nothing() {
    let faults = Faults::none().with(Fault::of(Trouble::Denied).on(BY_PRINCIPAL));
    let run = collected(many_users(), faults, ALL);
    let unseen = "cross-check of assignments, for 136 of 136 users and groups";
    assert_eq!(run.gaps(), [(BY_PRINCIPAL, unseen.to_owned(), "denied", Hides::Nothing)]);
    assert_eq!(run.calls(BY_PRINCIPAL), 1);
    assert_eq!(run.checked(), [(BY_MEMBER, 130, 0, 0), (BY_PRINCIPAL, 0, 0, 0)]);
}

#[test]
fn one_user_who_is_not_answered_about_by_the_second_way_is_one_gap_that_hides_nothing() {
    let user = many_users().users().nth(3).unwrap().id.clone();
    let fault = Fault::of(Trouble::Malformed).on(BY_MEMBER).about(&user);
    let run = collected(many_users(), Faults::none().with(fault), ALL);
    let unseen = "cross-check of memberships, for 1 of 130 users";
    assert_eq!(run.gaps(), [(BY_MEMBER, unseen.to_owned(), "unreadable", Hides::Nothing)]);
}

/// Audits a simulated AWS whose users are all expected.
fn audited(faults: Faults, arguments: &[&str], settings: &str) -> (Output, Value, String) {
    let simulator = Simulator::start(many_users(), faults);
    let folder = tempfile::tempdir().unwrap();
    let people: String = many_users().users().map(|user| format!("{}\n", user.name)).collect();
    std::fs::create_dir(folder.path().join("expected")).unwrap();
    std::fs::write(folder.path().join("expected/people.csv"), format!("user\n{people}")).unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), format!("{SETTINGS}iam = false\n{settings}")).unwrap();
    let arguments = [&["audit"], arguments].concat();
    let output = rollcall(folder.path(), &arguments, &simulator.environment());
    let package = output.stdout.lines().find_map(|line| line.strip_prefix("Package  "));
    let package = folder.path().join(package.unwrap_or_else(|| panic!("{}{}", output.stdout, output.stderr)));
    let report = std::fs::read_to_string(package.join("report.json")).unwrap();
    let completeness = std::fs::read_to_string(package.join("completeness.csv")).unwrap();
    (output, serde_json::from_str(&report).unwrap(), completeness)
}

fn without_the_first_member() -> Faults {
    let group = many_users().groups().next().unwrap().id.clone();
    Faults::none().with(Fault::of(Trouble::LeftOut).on(BY_GROUP).about(&group))
}

#[test]
fn a_report_says_what_was_compared_and_how_it_ended_in_every_format() {
    let (output, report, completeness) = audited(Faults::none(), &["--cross-check"], "");
    let sentence = "Cross-check of memberships: `identitystore:ListGroupMembershipsForMember` against `identitystore:ListGroupMemberships`, for 100 of 130 users, chosen by the SHA-256 of date and id; both ways agree";
    assert_eq!(report["cross_checks"][0]["line"], sentence);
    assert_eq!(report["cross_checks"][0]["differing"], 0);
    assert_eq!(report["verdict"]["completeness"], "complete");
    let notices = report["verdict"]["notices"].as_array().unwrap();
    assert!(notices.iter().any(|notice| notice == sentence), "{notices:?}");
    let one_line = output.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(one_line.contains(sentence), "{}", output.stdout);
    assert!(completeness.contains("cross-check,aws,identitystore:ListGroupMembershipsForMember"), "{completeness}");
}

#[test]
fn a_contradiction_is_a_finding_makes_the_run_incomplete_and_names_both_ways() {
    let (output, report, _) = audited(without_the_first_member(), &["--cross-check=all"], "");
    assert_eq!(output.code, 3, "{}", output.stdout);
    assert_eq!(report["verdict"]["completeness"], "incomplete");
    let finding =
        report["findings"].as_array().unwrap().iter().find(|one| one["rule"] == "contradicted-listing").unwrap();
    let group = many_users().groups().next().unwrap().name.clone();
    assert_eq!(finding["title"], format!("AWS's listing for group `{group}` lacks 1 grant that another listing shows"));
    let evidence = finding["evidence"][0]["text"].as_str().unwrap();
    for part in [BY_GROUP, BY_MEMBER, " UTC"] {
        assert!(evidence.contains(part), "{evidence}");
    }
}

#[test]
fn a_rule_that_is_switched_off_leaves_the_gap() {
    let off = "cross_check = \"all\"\n[rules]\n\"contradicted-listing\" = \"off\"\n\"unlisted-administrative-access\" = \"off\"\n";
    let (output, report, _) = audited(without_the_first_member(), &[], off);
    assert_eq!((output.code, &report["verdict"]["completeness"]), (4, &"incomplete".into()), "{}", output.stdout);
}

#[test]
fn a_job_asks_as_far_as_it_says_and_a_flag_goes_before_it() {
    let job = "[[job]]\nname = \"quarterly\"\ncron = \"0 7 1 1,4,7,10 *\"\ncross_check = \"all\"\n";
    let answered = |arguments: &[&str]| {
        let (_, report, _) = audited(Faults::none(), arguments, job);
        report["cross_checks"][0]["answered"].as_u64()
    };
    assert_eq!(answered(&[]), None);
    assert_eq!(answered(&["--job", "quarterly"]), Some(130));
    assert_eq!(answered(&["--job", "quarterly", "--cross-check=sample"]), Some(100));
    assert_eq!(answered(&["--job", "quarterly", "--cross-check=none"]), None);
}

#[test]
fn a_first_way_that_fails_for_one_group_is_made_up_for_by_a_second_that_is_whole() {
    let group = many_users().groups().next().unwrap().id.clone();
    let faults = || Faults::none().with(Fault::of(Trouble::Malformed).on(BY_GROUP).about(&group));
    let once = collected(many_users(), faults(), "");
    let name = many_users().groups().next().unwrap().name.clone();
    assert_eq!(once.gaps(), [(BY_GROUP, format!("members of `{name}`"), "unreadable", Hides::Grants)]);
    let twice = collected(many_users(), faults(), ALL);
    let unseen = "cross-check of memberships, for 1 of 6 groups";
    assert_eq!(twice.gaps(), [(BY_GROUP, unseen.to_owned(), "unreadable", Hides::Nothing)]);
    assert_eq!(said(&twice.snapshot), twice.truth);
}

#[test]
fn groups_that_are_refused_as_a_second_way_hide_nothing_and_are_asked_once() {
    let run = collected(many_groups(), Faults::none().with(Fault::of(Trouble::Denied).on(BY_GROUP)), ALL);
    let unseen = "cross-check of memberships, for 120 of 120 groups";
    assert_eq!(run.gaps(), [(BY_GROUP, unseen.to_owned(), "denied", Hides::Nothing)]);
    assert_eq!((run.calls(BY_GROUP), said(&run.snapshot)), (1, run.truth.clone()));
}

#[test]
fn a_cross_check_of_what_was_saved_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), "").unwrap();
    let refused = rollcall(folder.path(), &["audit", "--from", "saved", "--cross-check"], &[]);
    let said = "error: `--cross-check` needs AWS, but this run audits saved answers\n  \
                help: remove `--cross-check`, and give it to the `rollcall collect` that queries AWS\n";
    assert_eq!((refused.code, refused.stderr.as_str()), (2, said));
}
