//! Whoever is named and not listed is asked for by id: somebody who joined meanwhile is no orphan, and somebody who is
//! gone is.

use rollcall::collect::{self, Collected};
use rollcall::model::{Extent, Hides, Snapshot};
use rollcall_simulator::world::{MANAGEMENT, Principal, Size};
use rollcall_simulator::{Fault, Faults, Simulator, Trouble, World};

use crate::support::simulated::{collect_from, said, truth};

fn world(users: u32, groups: u32) -> World {
    World::of(Size {
        users,
        groups,
        memberships: users,
        accounts: 1,
        permission_sets: 1,
        provisioned: 1,
        iam_users: 0,
        roles: 0,
        policies: 0,
    })
}

/// Each way to the memberships: by group, and by member where there are fewer users than groups.
const WAYS: [(u32, u32); 2] = [(6, 2), (2, 6)];

#[test]
fn who_joins_while_the_run_reads_counts_like_all_others() {
    for (users, groups) in WAYS {
        let joined = Fault::of(Trouble::JoinedLate).account(MANAGEMENT);
        let simulator = Simulator::start(world(users, groups), Faults::none().with(joined));
        let folder = tempfile::tempdir().unwrap();
        let snapshot = collect_from(&simulator, folder.path());
        assert_eq!(snapshot.gaps, [], "{users} users");
        simulator.world(|world| assert_eq!(said(&snapshot), truth(world), "{users} users"));
        assert!(snapshot.users.seen().all(|user| user.listed) && snapshot.groups.seen().all(|group| group.listed));
        let asked =
            ["DescribeUser", "DescribeGroup"].map(|name| simulator.ledger().of(&format!("identitystore:{name}")));
        assert_eq!(asked.map(|counts| counts.answered), [1, 1], "each is asked for once");
    }
}

#[test]
fn nobody_is_asked_for_by_id_where_everybody_is_listed() {
    let simulator = Simulator::start(world(6, 2), Faults::none());
    let folder = tempfile::tempdir().unwrap();
    collect_from(&simulator, folder.path());
    let ledger = simulator.ledger();
    let asked = ["identitystore:DescribeUser", "identitystore:DescribeGroup"].map(|name| ledger.of(name).answered);
    assert_eq!(asked, [0, 0]);
}

/// A world in which a user and a group are assigned a permission set, and gone.
fn with_orphans() -> World {
    let mut world = world(6, 2);
    let (user, group) = (world.add_user("gone.by.now"), world.add_group("Disbanded"));
    let set = world.permission_sets[0].arn.clone();
    world.assign(Principal::User(user.clone()), &set, MANAGEMENT);
    world.assign(Principal::Group(group.clone()), &set, MANAGEMENT);
    world.remove_user(&user);
    world.remove_group(&group);
    world
}

fn unlisted(snapshot: &Snapshot) -> usize {
    snapshot.users.seen().filter(|user| !user.listed).count()
        + snapshot.groups.seen().filter(|group| !group.listed).count()
}

#[test]
fn who_is_gone_is_known_to_be_gone_and_who_cannot_be_asked_for_is_a_gap() {
    let simulator = Simulator::start(with_orphans(), Faults::none());
    let folder = tempfile::tempdir().unwrap();
    let snapshot = collect_from(&simulator, folder.path());
    assert_eq!((snapshot.gaps.as_slice(), unlisted(&snapshot)), ([].as_slice(), 2));
    assert!(matches!(snapshot.users.extent(), Extent::Whole(_)));

    for operation in ["identitystore:DescribeUser", "identitystore:DescribeGroup"] {
        simulator.faults(Faults::none().with(Fault::of(Trouble::Denied).on(operation)));
        let snapshot = collect_from(&simulator, tempfile::tempdir().unwrap().path());
        let [gap] = snapshot.gaps.as_slice() else { panic!("{:?}", snapshot.gaps) };
        assert_eq!((gap.source.as_str(), gap.hides), (operation, Hides::Grants));
        let extents = [snapshot.users.extent(), snapshot.groups.extent()];
        let open = extents.iter().filter(|extent| matches!(extent, Extent::Part(_))).count();
        assert_eq!(open, 1, "{operation}: nobody of the kind can be said to be gone, or to be missing");
    }
}

#[test]
fn a_listing_without_somebody_who_was_there_before_is_not_whole() {
    for (operation, kind) in [("identitystore:ListUsers", "user"), ("identitystore:ListGroups", "group")] {
        let mut world = world(6, 2);
        let set = world.permission_sets[0].arn.clone();
        let first = match kind {
            "user" => Principal::User(world.users().next().unwrap().id.clone()),
            _ => Principal::Group(world.groups().next().unwrap().id.clone()),
        };
        world.assign(first, &set, MANAGEMENT);
        let fault = Fault::of(Trouble::LeftOut).on(operation);
        let simulator = Simulator::start(world, Faults::none().with(fault));
        let folder = tempfile::tempdir().unwrap();
        let snapshot = collect_from(&simulator, folder.path());
        let keys: Vec<String> = snapshot.gaps.iter().map(|gap| gap.key()).collect();
        assert_eq!(keys, [format!("{operation}/{kind}s/disproved")]);
        simulator.world(|world| assert!(said(&snapshot).is_superset(&truth(world)), "all is seen nevertheless"));
    }
}

#[test]
fn saved_answers_in_which_nobody_was_asked_for_leave_open_who_joined_meanwhile() {
    let joined = Fault::of(Trouble::JoinedLate).account(MANAGEMENT);
    let simulator = Simulator::start(world(6, 2), Faults::none().with(joined));
    let folder = tempfile::tempdir().unwrap();
    collect_from(&simulator, folder.path());
    let journal = std::fs::File::open(folder.path().join("pages.jsonl")).unwrap();
    let Collected { snapshot, mut pages } = collect::from_journal(std::io::BufReader::new(journal)).unwrap();
    pages.retain(|page| page.call.operation != collect::journal::page::Operation::DescribeUser);
    // By the membership it is told that the user is younger than the listing.
    for page in &mut pages {
        if let collect::journal::page::Outcome::Answer(text) = &page.outcome
            && page.call.operation == collect::journal::page::Operation::ListGroupMemberships
        {
            let mut answer: serde_json::Value = text.parse().unwrap();
            for membership in answer["GroupMemberships"].as_array_mut().unwrap() {
                membership["CreatedAt"] = serde_json::to_value(page.ended).unwrap();
            }
            page.outcome = collect::journal::page::Outcome::of_text(&answer.to_string()).unwrap();
        }
    }
    let snapshot = collect::build::fold(&snapshot.scope, &pages);
    let keys: Vec<String> = snapshot.gaps.iter().map(|gap| gap.key()).collect();
    let [key] = keys.as_slice() else { panic!("{keys:?}") };
    assert!(key.starts_with("identitystore:DescribeUser/users-unlisted/"), "{key}");
}
