//! What changes do to a snapshot: the same as when AWS had made them and was asked again.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use rollcall::change::Guard;
use rollcall::change::effect::{self, Clashes};
use rollcall::change::request::{Named, OfIamUser, Request, Verb};
use rollcall::model::{Extent, Gap, Hides, Listing, NameKey, PolicyWay, Principal, Side, Snapshot, What, Why};
use rollcall::wording;

use super::{asked, assignment, iam_user, judged, kept_here, member};
use crate::properties::laws::companies;
use crate::story::{Story, group, sign_in_name, user};
use crate::support::audited::Audited;

const NAMES: [&str; 8] = ["ada", "ben", "cleo", "dan", "eve", "finn", "gus", "hana"];
const GROUPS: [&str; 4] = ["AWS-Admins", "AWS-Readers", "AWS-Billing", "AWS-Ops"];
const SETS: [&str; 3] = ["Admin", "ReadOnly", "Audit"];
const ACCOUNTS: [(&str, &str); 3] =
    [("management", "Acme Management"), ("prod", "Acme Production"), ("dev", "Acme Development")];

/// One change, as it is told and as it is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Op {
    Member(usize, usize),
    GroupGrant(usize, usize, usize),
    UserGrant(usize, usize, usize),
    Policy(usize, usize),
    DeleteIamUser(usize, usize),
    CreateGroup(usize),
}

pub fn ops() -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![
        3 => (0..GROUPS.len(), 0..NAMES.len()).prop_map(|(group, name)| Op::Member(group, name)),
        3 => (0..GROUPS.len(), 0..SETS.len(), 0..ACCOUNTS.len()).prop_map(|(a, b, c)| Op::GroupGrant(a, b, c)),
        2 => (0..NAMES.len(), 0..SETS.len(), 0..ACCOUNTS.len()).prop_map(|(a, b, c)| Op::UserGrant(a, b, c)),
        2 => (0..ACCOUNTS.len(), 0..NAMES.len()).prop_map(|(a, b)| Op::Policy(a, b)),
        1 => (0..ACCOUNTS.len(), 0..NAMES.len()).prop_map(|(a, b)| Op::DeleteIamUser(a, b)),
        1 => (0..9_usize).prop_map(Op::CreateGroup),
    ];
    proptest::collection::vec(op, 1..6)
}

/// Tells a change in a story and gives the request for it; none where the story has nothing to change there.
pub fn told(story: &mut Story, op: Op) -> Option<Request> {
    let flip = |there: bool| if there { Verb::Remove } else { Verb::Add };
    Some(match op {
        Op::Member(of, who) => {
            let (of, who) = (GROUPS[of], NAMES[who]);
            let there = story.aws.groups[of].contains(who);
            if there {
                story.aws_member_gone(of, who)
            } else {
                story.aws_member(of, who)
            };
            member(of, who, flip(there))
        }
        Op::GroupGrant(of, set, account) => {
            grant(story, group(GROUPS[of]), Named::Group(GROUPS[of].to_owned()), set, account)
        }
        Op::UserGrant(who, set, account) => {
            grant(story, user(NAMES[who]), Named::User(sign_in_name(NAMES[who])), set, account)
        }
        Op::Policy(account, owner) => {
            let name = format!("svc-{owner}");
            let user = story.aws.iam.get_mut(ACCOUNTS[account].0)?.get_mut(&name)?;
            let arn = "arn:aws:iam::aws:policy/SecurityAudit".to_owned();
            let there = user.attached.contains(&arn);
            user.attached.retain(|own| *own != arn);
            user.attached.extend((!there).then(|| arn.clone()));
            iam_user(ACCOUNTS[account].1, &name, OfIamUser::Policy(arn, flip(there)))
        }
        Op::DeleteIamUser(account, owner) => {
            let name = format!("svc-{owner}");
            story.aws.iam.get_mut(ACCOUNTS[account].0)?.remove(&name)?;
            iam_user(ACCOUNTS[account].1, &name, OfIamUser::Delete { at_once: true })
        }
        Op::CreateGroup(number) => {
            let name = format!("New-{number}");
            if story.aws.groups.contains_key(&name) {
                return None;
            }
            story.aws_group(&name);
            Request::CreateGroup { name, description: None }
        }
    })
}

fn grant(story: &mut Story, who: crate::story::Principal, named: Named, set: usize, account: usize) -> Request {
    let (set, (key, name)) = (SETS[set], ACCOUNTS[account]);
    let before = story.aws.assignments.len();
    story.aws_grant(who.clone(), set, key);
    let there = story.aws.assignments.len() == before;
    if there {
        story.aws_grant_gone(who, set, key);
    }
    assignment(named, set, name, if there { Verb::Remove } else { Verb::Add })
}

/// All that a snapshot grants, one a line.
pub fn grants(snapshot: &Snapshot) -> BTreeSet<String> {
    let mut grants = BTreeSet::new();
    let named = |principal: Principal| match principal {
        Principal::Group(group) => format!("group {}", snapshot.groups[group].name),
        Principal::User(user) => format!("user {}", snapshot.users[user].user_name),
    };
    grants.extend(snapshot.users.seen().map(|user| format!("user {} {:?}", user.user_name, user.mails)));
    for group in snapshot.groups.seen() {
        grants.insert(format!("group {}", group.name));
        let members = group.members.seen();
        grants.extend(members.map(|member| format!("{} has {}", group.name, snapshot.users[*member].user_name)));
    }
    for set in snapshot.permission_sets.seen() {
        for placement in set.placements.seen() {
            let account = snapshot.accounts[placement.account].id;
            grants.extend(placement.principals.seen().map(|held| format!("{} {account} {}", set.name, named(*held))));
        }
    }
    for iam in &snapshot.iam {
        let account = snapshot.accounts[iam.account].id;
        for user in iam.users.seen() {
            grants.insert(format!("{account} {} {:?} {:?}", user.name, user.groups, user.credentials.is()));
            for policy in &user.policies {
                grants.insert(format!("{account} {} {:?} {:?} {}", user.name, policy.way, policy.arn, policy.name));
            }
        }
    }
    grants
}

/// Open findings with all that they say.
fn findings(audited: &Audited) -> Vec<String> {
    let report = audited.report();
    let line = |finding: &rollcall::model::Finding| {
        let title = wording::title(&report, finding);
        format!("{} {} {} {title}", finding.fingerprint, finding.severity, finding.rule)
    };
    report.open().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_foreseen_verdict_is_the_verdict_of_the_audit_afterwards(story in companies(), ops in ops()) {
        let before = kept_here(&story);
        let mut after = story.clone();
        let mut requests: Vec<Request> = Vec::new();
        for op in ops {
            let kept = after.clone();
            match told(&mut after, op) {
                // A plan does not do and undo the same.
                Some(request) if !requests.iter().any(|one| is_about_the_same(one, &request)) => requests.push(request),
                Some(_) | None => after = kept,
            }
        }
        let report = before.report();
        let changes = asked(&report, &requests);
        let overlaid = effect::lay_over(&before.world().snapshot, &changes).unwrap();
        let afterwards = kept_here(&after);
        prop_assert_eq!(grants(&overlaid), grants(&afterwards.world().snapshot));
        let foreseen = kept_here(&story).with(|world| world.snapshot = overlaid);
        prop_assert_eq!(findings(&foreseen), findings(&afterwards));
        prop_assert_eq!(&foreseen.report().counts, &afterwards.report().counts);
        let judgement = judged(&report, &changes, &rollcall::change::Options::default());
        prop_assert_eq!(judgement.foreseen.leaves, afterwards.report().open().count());
        let (was, is) = (report, afterwards.report());
        let open = |report: &rollcall::model::Report<'_>| -> BTreeSet<String> {
            report.open().map(|finding| finding.fingerprint.to_string()).collect()
        };
        let resolved: Vec<String> = open(&was).difference(&open(&is)).cloned().collect();
        prop_assert_eq!(judgement.foreseen.resolves, resolved);
    }

    #[test]
    fn the_order_of_a_plan_changes_nothing_that_it_does(story in companies(), ops in ops(), by in 0_usize..6) {
        let before = kept_here(&story);
        let mut requests: Vec<Request> = Vec::new();
        for op in ops {
            let request = told(&mut story.clone(), op);
            requests.extend(request.filter(|new| !requests.iter().any(|one| is_about_the_same(one, new))));
        }
        let report = before.report();
        let changes = asked(&report, &requests);
        let mut turned = changes.clone();
        turned.rotate_left(by % changes.len().max(1));
        let done = |changes: &[_]| grants(&effect::lay_over(&before.world().snapshot, changes).unwrap());
        prop_assert_eq!(done(&turned), done(&changes));
    }
}

/// Whether two requests are about the same thing, whatever they want of it.
fn is_about_the_same(one: &Request, other: &Request) -> bool {
    match (one, other) {
        (Request::Member { group, user, .. }, Request::Member { group: g, user: u, .. }) => (group, user) == (g, u),
        (
            Request::Assignment { principal, permission_set, account, .. },
            Request::Assignment { principal: p, permission_set: s, account: a, .. },
        ) => (principal, permission_set, account) == (p, s, a),
        (Request::IamUser { account, name, .. }, Request::IamUser { account: a, name: n, .. }) => {
            (account, name) == (a, n)
        }
        _ => one == other,
    }
}

#[test]
fn a_user_is_deleted_with_all_that_it_has_and_leaves_nothing() {
    let mut story = Story::small();
    story.aws_grant(user("bob"), "Audit", "dev").aws_application("Wiki", user("bob"));
    let audited = kept_here(&story);
    let report = audited.report();
    let changes = asked(&report, &[Request::DeleteUser { name: sign_in_name("bob") }]);
    let kinds: Vec<&str> = changes.iter().map(|planned| planned.change.kind().word()).collect();
    assert_eq!(kinds, ["remove-assignment", "remove-member", "delete-user"]);
    assert_eq!(changes[2].after.len(), 2);
    assert_eq!(changes[2].seen.applications.len(), 1, "an application goes with the user");
    let after = effect::lay_over(&audited.world().snapshot, &changes).unwrap();
    assert!(!grants(&after).iter().any(|grant| grant.contains("bob")));
    assert!(after.applications.seen().all(|one| one.principals.seen().next().is_none()));
    // Without what comes before, the user still has something.
    let alone = effect::lay_over(&audited.world().snapshot, &changes[2..]).unwrap_err();
    assert!(matches!(alone.why, Clashes::StillHas(_)), "{alone:?}");
}

#[test]
fn a_new_user_is_put_into_groups_and_is_found_by_no_other_name() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let new = rollcall::change::request::NewUser {
        name: "ana".to_owned(),
        given_name: "Ana".to_owned(),
        family_name: "Lopez".to_owned(),
        display_name: None,
        email: Some("ana@example.com".to_owned()),
        email_type: None,
        groups: vec!["aws-readers".to_owned()],
    };
    let changes = asked(&report, &[Request::CreateUser(new.clone())]);
    let after = effect::lay_over(&audited.world().snapshot, &changes).unwrap();
    let more: BTreeSet<String> = &grants(&after) - &grants(&audited.world().snapshot);
    assert_eq!(more.into_iter().collect::<Vec<_>>(), ["AWS-Readers has ana", "user ana [\"ana@example.com\"]"]);
    let judgement = judged(&report, &changes, &rollcall::change::Options::default());
    let rules: Vec<&str> = judgement.foreseen.makes.iter().map(|one| one.rule.as_str()).collect();
    assert_eq!(rules, ["unexpected-user"], "no list expects her");

    let twice = asked(
        &report,
        &[
            Request::CreateUser(new.clone()),
            Request::CreateUser(rollcall::change::request::NewUser { name: "ANA".to_owned(), ..new }),
        ],
    );
    let clash = effect::lay_over(&audited.world().snapshot, &twice).unwrap_err();
    assert_eq!(clash.why, Clashes::Taken("ANA".to_owned()));
}

#[test]
fn a_disabled_iam_user_keeps_its_policies_and_nothing_to_sign_in_with() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let changes = asked(&report, &[iam_user("Acme Development", "svc-backup", OfIamUser::Disable)]);
    assert_eq!(changes[0].seen.iam_user.as_ref().unwrap().active_keys, Some(1));
    let after = effect::lay_over(&audited.world().snapshot, &changes).unwrap();
    let user = after.iam.iter().flat_map(|iam| iam.users.seen()).find(|user| user.name == "svc-backup").unwrap();
    assert!(!user.credentials.is().unwrap().live());
    assert_eq!(user.policies.iter().filter(|policy| policy.way == PolicyWay::Attached).count(), 1);
    let again = effect::lay_over(&after, &changes).unwrap_err();
    assert_eq!(again.why, Clashes::Already);
}

#[test]
fn what_is_so_already_or_not_there_is_said() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let snapshot = &audited.world().snapshot;
    let clash = |request| effect::lay_over(snapshot, &asked(&report, &[request])).unwrap_err().why;
    assert_eq!(clash(member("AWS-Admins", "alice", Verb::Add)), Clashes::Already);
    assert_eq!(clash(member("AWS-Admins", "bob", Verb::Remove)), Clashes::Already);
    let readers = || Named::Group("AWS-Readers".to_owned());
    assert_eq!(clash(assignment(readers(), "ReadOnly", "Acme Production", Verb::Add)), Clashes::Already);
    let policy = OfIamUser::Policy("arn:aws:iam::333344445555:policy/none".to_owned(), Verb::Remove);
    let steps = rollcall::change::request::changes(snapshot, &iam_user("Acme Development", "svc-backup", policy));
    assert!(steps.is_err(), "a customer managed policy that is not there");
}

#[test]
fn what_was_not_seen_is_not_taken_for_gone() {
    let audited = kept_here(&Story::small());
    let report = audited.report();
    let whole = &audited.world().snapshot;
    let part = || {
        Extent::Part(Arc::new(Gap {
            side: Side::Aws,
            source: "sso:ListAccountAssignments".to_owned(),
            account: None,
            unseen: What::PermissionSets.into(),
            why: Why::NotAsked,
            hides: Hides::Grants,
        }))
    };
    let cut = |change: &dyn Fn(&mut Snapshot)| {
        let mut snapshot = whole.clone();
        change(&mut snapshot);
        snapshot
    };
    let no_members = cut(&|snapshot| {
        for (place, _) in whole.groups.positions() {
            snapshot.groups[place].members = Listing::new(Vec::new(), part());
        }
    });
    let no_placements = cut(&|snapshot| {
        for (place, _) in whole.permission_sets.positions() {
            snapshot.permission_sets[place].placements =
                Listing::by_key(Vec::new(), part(), |placement| placement.account);
        }
    });
    let no_users = cut(&|snapshot| {
        snapshot.users = Listing::by_key(Vec::new(), part(), |user| (NameKey::of(&user.user_name), user.id.clone()));
        for (place, group) in whole.groups.positions() {
            snapshot.groups[place].members = Listing::new(Vec::new(), group.members.extent().clone());
        }
    });
    let readers = Named::Group("AWS-Readers".to_owned());
    let out_of_group = asked(&report, &[member("AWS-Admins", "alice", Verb::Remove)]);
    let from_account = asked(&report, &[assignment(readers, "ReadOnly", "Acme Production", Verb::Remove)]);
    let delete = asked(&report, &[Request::DeleteUser { name: sign_in_name("bob") }]);
    let deletion = delete.last().unwrap();
    for (snapshot, planned) in [
        (&no_members, &out_of_group[0]),
        (&no_users, &out_of_group[0]),
        (&no_placements, &from_account[0]),
        (&no_users, deletion),
    ] {
        let clash = effect::lay_over(snapshot, std::slice::from_ref(planned)).unwrap_err();
        assert!(matches!(clash.why, Clashes::NotRead(_)), "{clash:?}");
        assert_eq!(effect::is_so(snapshot, &planned.change), None, "{planned:?}");
    }
    // Whoever may still hold something is not deleted.
    let leftover = effect::lay_over(&no_placements, &delete).unwrap_err();
    assert!(matches!(leftover.why, Clashes::NotRead(_)), "{leftover:?}");
    assert_eq!(effect::is_so(whole, &out_of_group[0].change), Some(false));
    // Whether a group is of administrators cannot be ruled out by what was not read.
    let unread = kept_here(&Story::small()).with(|world| world.snapshot = no_placements);
    let report = unread.report();
    let added = asked(&report, &[member("AWS-Admins", "bob", Verb::Add)]);
    let held = judged(&report, &added, &rollcall::change::Options::default()).held;
    assert!(held.iter().any(|guard| matches!(guard, Guard::GrantsAdministration { .. })), "{held:?}");
}
