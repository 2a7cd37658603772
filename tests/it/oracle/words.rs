//! What a report says, in the words of the oracle.

use rollcall::model::{Principal as Holder, PrincipalName, Report, Subject};

use crate::oracle::cases::Case;
use crate::story::guid;

pub fn reported(case: &Case, report: &Report<'_>) -> Vec<String> {
    let mut said: Vec<String> = report
        .judged
        .iter()
        .map(|judged| format!("{}: {:?}", subject(case, report, judged.subject), judged.standing.word()))
        .collect();
    said.sort();
    said
}

pub fn subject(case: &Case, report: &Report<'_>, subject: Subject) -> String {
    let (snapshot, expectation) = (&report.world.snapshot, &report.world.expectation);
    // By id: of a user who is not on the roster nothing else is known.
    let user = |user| {
        let id = snapshot.users[user].id.to_string();
        let known = case.story.aws.users.keys().find(|name| guid("user", name) == id);
        known.cloned().unwrap_or_else(|| panic!("no user has the id {id}"))
    };
    let short = |name: &str| name.split('@').next().unwrap().to_owned();
    let holder = |principal| match principal {
        Holder::Group(group) => snapshot.groups[group].name.clone(),
        Holder::User(one) => user(one),
    };
    let expected = |(PrincipalName::Group(name) | PrincipalName::User(name)): &PrincipalName| short(name);
    let person = |person| short(expectation.people[person].user_name.as_deref().unwrap());
    let iam_account = |number: usize| snapshot.accounts[snapshot.iam[number].account].id.to_string();
    match subject {
        Subject::User(one) => format!("user {}", user(one)),
        Subject::DueUser(one) => format!("due user {}", person(one)),
        Subject::Group(one) => format!("group {}", snapshot.groups[one].name),
        Subject::DueGroup(row) => {
            let (PrincipalName::Group(name) | PrincipalName::User(name)) = &expectation.assignments[row].principal;
            format!("due group {name}")
        }
        Subject::Membership(group, member) => format!("member {}/{}", snapshot.groups[group].name, user(member)),
        Subject::DueMembership(group, _, member) => {
            format!("due member {}/{}", snapshot.groups[group].name, person(member))
        }
        Subject::Assignment(account, set, principal) => {
            let (name, set) = (holder(principal), &snapshot.permission_sets[set].name);
            format!("assignment {name}/{set}/{}", snapshot.accounts[account].id)
        }
        Subject::Application(one, principal) => {
            let name = principal.map_or_else(|| "everyone".to_owned(), holder);
            format!("application {}/{name}", snapshot.applications[one].name)
        }
        Subject::DueApplication(row) => {
            let row = &expectation.applications[row];
            let name = row.principal.as_ref().map_or_else(|| "everyone".to_owned(), expected);
            format!("due application {}/{name}", row.application)
        }
        Subject::Entitlement(place, one) => {
            let entitled = &snapshot.entitled[place];
            let (held, account) = (&entitled.entitlements[one], snapshot.accounts[entitled.account].id);
            format!("entitlement {}/{}/{account}", held.role, holder(held.principal))
        }
        Subject::DueEntitlement(row) => {
            let row = &expectation.entitlements[row];
            format!("due entitlement {}/{}/{}", row.role, expected(&row.principal), row.account)
        }
        Subject::DueAssignment(row) => {
            let row = &expectation.assignments[row];
            format!("due assignment {}/{}/{}", expected(&row.principal), row.permission_set, row.account)
        }
        Subject::PermissionSet(set) => format!("set {}", snapshot.permission_sets[set].name),
        Subject::DuePermissionSet(row) => format!("due set {}", expectation.permission_sets[row].name),
        Subject::IamUser(account, one) => {
            format!("iam {}/{}", iam_account(account.number()), snapshot.iam[account.number()].users[one].name)
        }
        Subject::Policy(account, one, policy) => {
            let entry = &snapshot.iam[account.number()].users[one];
            let policy = &entry.policies[policy.number()].name;
            format!("policy {}/{}/{policy}", iam_account(account.number()), entry.name)
        }
        Subject::DueIamUser(row) => {
            format!("due iam {}/{}", expectation.iam_users[row].account, expectation.iam_users[row].name)
        }
        Subject::DuePolicy(row, number) => {
            let row = &expectation.iam_users[row];
            let policy = &row.policies.as_ref().unwrap()[number as usize];
            format!("due policy {}/{}/{policy}", row.account, row.name)
        }
        Subject::PermissionSetOf(..)
        | Subject::List(_)
        | Subject::Trust(..)
        | Subject::DueTrust(_)
        | Subject::Root(_)
        | Subject::Waiver(_)
        | Subject::Directory
        | Subject::GoneList(_)
        | Subject::IdleRow(_) => panic!("{subject:?} is not judged"),
    }
}
