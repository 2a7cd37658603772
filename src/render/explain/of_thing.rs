//! What a group, an IAM user, a permission set or an account has, and who has it.

use super::find_thing::Thing;
use super::grants::{Grants, granted};
use super::schema::{Grant, Section, ThingExplanation};
use super::{VERSION, earlier_run};
use crate::model::{
    Account, Administrative, Group, IamAccount, IamUser, Ix, NameKey, Object, PermissionSet, Place, Principal,
    PrincipalName, Report, Subject, Whom,
};
use crate::render::access_facts;

/// What this thing has, and who has it.
pub(super) fn explanation(report: &Report<'_>, thing: Thing) -> ThingExplanation {
    let grants = Grants::of(report);
    let grant = |subject: Subject| grants.grant(subject, |_| true);
    let sections: Vec<Section> = (sections(report, thing).into_iter())
        .map(|(name, subjects)| Section { name, grants: subjects.into_iter().map(grant).collect() })
        .filter(|section| !section.grants.is_empty())
        .collect();
    let itself = itself(thing).map(grant);
    let all: Vec<&Grant> = itself.iter().chain(sections.iter().flat_map(|section| &section.grants)).collect();
    let findings = grants.findings(all.into_iter());
    let administrative = administrative(report, thing).map(|known| access_facts::administrative(Some(known)));
    let snapshot = &report.world.snapshot;
    let (account, place) = match thing {
        Thing::IamUser(account, _) => {
            let account = &snapshot.accounts[snapshot.iam[account.number()].account];
            (Some(account), Some(account.id))
        }
        Thing::Account(account) => (None, Some(snapshot.accounts[account].id)),
        Thing::Group(_) | Thing::PermissionSet(_) => (None, None),
    };
    let owner =
        if let Thing::IamUser(account, user) = thing { access_facts::owner(report, account, user) } else { None };
    ThingExplanation {
        version: VERSION,
        as_of: report.world.stamp.as_of,
        earlier_run: earlier_run(report),
        kind: thing.kind().word(),
        name: thing.name(report),
        id: thing.id(report),
        account_id: account.map(|account| account.id.to_string()),
        account_name: account.and_then(|account| account.name.clone()),
        owner: owner.map(str::to_owned),
        administrative: administrative.map(|(word, _)| word),
        administrative_by: administrative.map(|(_, by)| by.to_owned()).filter(|by| !by.is_empty()),
        itself,
        sections,
        findings,
        gaps: grants.gaps(place),
    }
}

fn itself(thing: Thing) -> Option<Subject> {
    match thing {
        Thing::Group(group) => Some(Subject::Group(group)),
        Thing::IamUser(account, user) => Some(Subject::IamUser(account, user)),
        Thing::PermissionSet(set) => Some(Subject::PermissionSet(set)),
        Thing::Account(_) => None,
    }
}

fn administrative<'r>(report: &'r Report<'_>, thing: Thing) -> Option<&'r Administrative> {
    match thing {
        Thing::IamUser(account, user) => report.administrators.iam_user(account, user),
        Thing::PermissionSet(set) => report.administrators.permission_set(set),
        Thing::Group(_) | Thing::Account(_) => None,
    }
}

fn sections(report: &Report<'_>, thing: Thing) -> Vec<(&'static str, Vec<Subject>)> {
    match thing {
        Thing::Group(group) => of_group(report, group),
        Thing::IamUser(account, user) => of_iam_user(report, account, user),
        Thing::PermissionSet(set) => of_permission_set(report, set),
        Thing::Account(account) => of_account(report, account),
    }
}

fn of_group(report: &Report<'_>, group: Ix<Group>) -> Vec<(&'static str, Vec<Subject>)> {
    let found = &report.world.snapshot.groups[group];
    let name = NameKey::of(&found.name);
    let is_due = |subject: Subject| {
        let whom = report.world.describe(subject).whom;
        let is_named = matches!(whom, Whom::Named(PrincipalName::Group(named)) if NameKey::of(named) == name);
        (subject.is_due() && is_named) || matches!(subject, Subject::DueMembership(of, ..) if of == group)
    };
    vec![
        ("members", found.members.seen().map(|user| Subject::Membership(group, *user)).collect()),
        ("grants", granted(report, Principal::Group(group)).collect()),
        ("missing", judged(report, is_due)),
    ]
}

fn of_iam_user(report: &Report<'_>, account: Ix<IamAccount>, user: Ix<IamUser>) -> Vec<(&'static str, Vec<Subject>)> {
    let of = &report.world.snapshot.iam[account.number()];
    let found = &of.users[user];
    let (name, id) = (NameKey::of(&found.name), report.world.snapshot.accounts[of.account].id);
    let is_due = |subject: Subject| {
        let described = report.world.describe(subject);
        let named = if let Whom::NamedIamUser(named) = described.whom { Some(NameKey::of(named)) } else { None };
        subject.is_due() && named.is_some_and(|named| named == name) && described.place.id() == Some(id)
    };
    let policies = (0..found.policies.len()).map(|policy| Subject::Policy(account, user, Ix::new(policy)));
    vec![("policies", policies.collect()), ("missing", judged(report, is_due))]
}

fn of_permission_set(report: &Report<'_>, set: Ix<PermissionSet>) -> Vec<(&'static str, Vec<Subject>)> {
    let found = &report.world.snapshot.permission_sets[set];
    let name = NameKey::of(&found.name);
    let assigned = found.placements.seen().flat_map(|placement| {
        placement.principals.seen().map(|principal| Subject::Assignment(placement.account, set, *principal))
    });
    let is_due = |subject: Subject| {
        let object = report.world.describe(subject).object;
        let is_named = matches!(object, Object::NamedPermissionSet(named) if NameKey::of(named) == name);
        subject.is_due() && (is_named || matches!(object, Object::PermissionSet(of) if of == set))
    };
    vec![("assignments", assigned.collect()), ("missing", judged(report, is_due))]
}

fn of_account(report: &Report<'_>, account: Ix<Account>) -> Vec<(&'static str, Vec<Subject>)> {
    let id = report.world.snapshot.accounts[account].id;
    let here = |wanted: fn(Subject) -> bool| {
        let is_here = |place: Place<'_>| place.id() == Some(id);
        judged(report, |subject| wanted(subject) && is_here(report.world.describe(subject).place))
    };
    let iam = report.world.snapshot.iam.iter().position(|iam| iam.account == account).map(Ix::new);
    vec![
        ("assignments", here(|subject| matches!(subject, Subject::Assignment(..)))),
        ("entitlements", here(|subject| matches!(subject, Subject::Entitlement(..)))),
        ("iam-users", here(|subject| matches!(subject, Subject::IamUser(..) | Subject::Policy(..)))),
        ("trusts", here(|subject| matches!(subject, Subject::Trust(..)))),
        ("root", iam.map(Subject::Root).into_iter().collect()),
        ("missing", here(Subject::is_due)),
    ]
}

/// What was judged and is wanted, in the order of the report.
fn judged(report: &Report<'_>, wanted: impl Fn(Subject) -> bool) -> Vec<Subject> {
    report.judged.iter().map(|judged| judged.subject).filter(|subject| wanted(*subject)).collect()
}
