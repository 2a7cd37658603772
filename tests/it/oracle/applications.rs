//! Applications and entitlements for the oracle: any that are held against any that are expected, what could not be
//! seen of them, and how somebody who compared them by hand would say that they stand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use proptest::prelude::*;
use serde_json::Value;

use crate::oracle::cases::{ACCOUNTS, Case, GROUPS, RowState, exists, maybe, of, principal, row_state};
use crate::oracle::second_opinion::left;
use crate::story::{Entitlement, Principal, Story, application_arn, group, sign_in_name};

const APPLICATIONS: [&str; 3] = ["Wiki", "Payroll", "Canteen"];
const ROLES: [&str; 2] = ["Operator", "Auditor"];
/// An account that the organization does not have.
const NOWHERE: &str = "999999999999";

/// What `applications.csv` and `entitlements.csv` say, and what could not be seen.
#[derive(Debug, Clone)]
pub struct Beyond {
    applications: Option<Vec<ApplicationRow>>,
    entitlements: Option<Vec<EntitlementRow>>,
    /// A row of `applications.csv` for this group and application, and one of `entitlements.csv` for this group and
    /// role, cannot be read.
    refused: [Option<(&'static str, &'static str)>; 2],
    unseen: Option<Unseen>,
}

#[derive(Debug, Clone)]
struct ApplicationRow {
    application: String,
    by_arn: bool,
    /// Everyone, where nobody is named.
    principal: Option<Principal>,
    state: RowState,
}

#[derive(Debug, Clone)]
struct EntitlementRow {
    principal: Principal,
    role: String,
    /// The account's id; all of them where there is none.
    account: Option<String>,
    state: RowState,
}

/// What AWS refused to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unseen {
    Applications,
    /// Who is assigned to one.
    Assigned(&'static str),
    /// Whether one is open to everyone.
    Open(&'static str),
    AccessManager,
    /// The entitlements in an account, by its key.
    Entitlements(&'static str),
}

/// Gives a story what is held, and says what is expected.
pub fn beyond(story: Story) -> impl Strategy<Value = (Story, Beyond)> {
    let some = |most| 0..most;
    let held = (
        proptest::collection::btree_set(of(APPLICATIONS), some(4)),
        proptest::collection::btree_set(of(APPLICATIONS), some(3)),
        proptest::collection::vec((of(APPLICATIONS), principal()), some(6)),
        proptest::collection::btree_map((of(ACCOUNTS), of(ROLES)), any::<bool>(), some(4)),
        proptest::collection::vec((principal(), of(ROLES), of(ACCOUNTS)), some(6)),
    );
    let application = of(["Wiki", "Payroll", "Canteen", "wiki", "Ghost"]);
    let application = (application, any::<bool>(), proptest::option::weighted(0.7, principal()), row_state());
    let role = of(["Operator", "Auditor", "operator", "Ghost"]);
    let entitlement = (principal(), role, of([Some("management"), Some("prod"), None, Some(NOWHERE)]), row_state());
    let rows = (
        maybe(Just(())),
        proptest::collection::vec(application, some(6)),
        maybe(Just(())),
        proptest::collection::vec(entitlement, some(6)),
        any::<bool>(),
    );
    let refused = (maybe((of(GROUPS), of(APPLICATIONS))), maybe((of(GROUPS), of(ROLES))));
    let unseen = prop_oneof![
        Just(Unseen::Applications),
        of(APPLICATIONS).prop_map(Unseen::Assigned),
        of(APPLICATIONS).prop_map(Unseen::Open),
        Just(Unseen::AccessManager),
        of(ACCOUNTS).prop_map(Unseen::Entitlements),
    ];
    (held, rows, refused, maybe(unseen)).prop_map(move |(held, rows, refused, unseen)| {
        let mut story = story.clone();
        let (there, open, assigned, roles, entitled) = held;
        for name in there {
            story.aws.applications.entry(name.to_owned()).or_default();
        }
        for name in open {
            story.open_application(name);
        }
        for (name, principal) in assigned {
            if exists(&story, &principal) {
                story.aws_application(name, principal);
            }
        }
        for ((account, role), administrative) in roles {
            story.entitling_role(account, role);
            let policy = if administrative { "AdministratorAccess" } else { "ReadOnlyAccess" };
            story.attach_to_role(account, role, policy);
        }
        for (principal, role, account) in entitled {
            if exists(&story, &principal) {
                story.aws_entitle(principal, role, account);
            }
        }
        let (no_applications, applications, no_entitlements, entitlements, alike) = rows;
        let mut applications: Vec<ApplicationRow> = applications
            .into_iter()
            .map(|(application, by_arn, principal, state)| {
                let by_arn = by_arn && story.aws.applications.contains_key(application);
                ApplicationRow { application: application.to_owned(), by_arn, principal, state }
            })
            .collect();
        let id = |key: &str| story.aws.accounts.get(key).map_or_else(|| key.to_owned(), |account| account.id.clone());
        let mut entitlements: Vec<EntitlementRow> = entitlements
            .into_iter()
            .map(|(principal, role, account, state)| EntitlementRow {
                principal,
                role: role.to_owned(),
                account: account.map(id),
                state,
            })
            .collect();
        if alike {
            let state = RowState::Required;
            applications.extend(story.aws.applications.iter().flat_map(|(name, held)| {
                let everyone = held.open.then_some(None);
                let holders = held.principals.iter().cloned().map(Some).chain(everyone);
                holders.map(|principal| ApplicationRow { application: name.clone(), by_arn: false, principal, state })
            }));
            entitlements.extend(story.aws.entitlements.iter().map(|held| EntitlementRow {
                principal: held.principal.clone(),
                role: held.role.clone(),
                account: Some(id(&held.account)),
                state,
            }));
        }
        let beyond = Beyond {
            applications: no_applications.is_none().then_some(applications),
            entitlements: no_entitlements.is_none().then_some(entitlements),
            refused: [refused.0, refused.1],
            unseen,
        };
        (story, beyond)
    })
}

impl Beyond {
    /// Whether AWS refused this call.
    pub fn denies(&self, story: &Story, command: &str, parameters: &Value) -> bool {
        let about = |name: &str| parameters["ApplicationArn"] == application_arn(name);
        match self.unseen {
            None => false,
            Some(Unseen::Applications) => command == "sso-admin list-applications",
            Some(Unseen::Assigned(name)) => command == "sso-admin list-application-assignments" && about(name),
            Some(Unseen::Open(name)) => command == "sso-admin get-application-assignment-configuration" && about(name),
            Some(Unseen::AccessManager) => command == "account-access list-applications",
            Some(Unseen::Entitlements(key)) => {
                command == "account-access list-entitlements"
                    && parameters["account"].as_str() == Some(&story.aws.accounts[key].id)
            }
        }
    }

    pub fn applications_csv(&self) -> Option<String> {
        let mut text = "application,principal_type,principal,presence,expires\n".to_owned();
        for ApplicationRow { application, by_arn, principal, state } in self.applications.as_ref()? {
            let application = if *by_arn { application_arn(application) } else { application.clone() };
            let (kind, name) = principal.as_ref().map_or_else(|| ("everyone", "*".to_owned()), cells);
            writeln!(text, "{application},{kind},{name},{}", state.cells()).unwrap();
        }
        if let [Some((group, application)), _] = self.refused {
            writeln!(text, "{application},group,{group},perhaps,").unwrap();
        }
        Some(text)
    }

    pub fn entitlements_csv(&self) -> Option<String> {
        let mut text = "principal_type,principal,account,role,presence,expires\n".to_owned();
        for EntitlementRow { principal, role, account, state } in self.entitlements.as_ref()? {
            let (kind, name) = cells(principal);
            writeln!(text, "{kind},{name},{},{role},{}", account.as_deref().unwrap_or("*"), state.cells()).unwrap();
        }
        if let [_, Some((group, role))] = self.refused {
            writeln!(text, "group,{group},,{role},,").unwrap();
        }
        Some(text)
    }
}

fn cells(principal: &Principal) -> (&'static str, String) {
    match principal {
        Principal::Group(name) => ("group", name.clone()),
        Principal::User(name) => ("user", sign_in_name(name)),
    }
}

// --- what was seen ---------------------------------------------------------------------------------------------------

/// Who may use which application, as far as AWS told: everyone, where nobody is named.
fn seen_applications(case: &Case) -> Vec<(&str, Option<&Principal>)> {
    let mut seen = Vec::new();
    for (name, application) in &case.story.aws.applications {
        let hidden =
            |unseen: fn(&'static str) -> Unseen| case.beyond.unseen.is_some_and(|one| one == called(unseen, name));
        if case.beyond.unseen == Some(Unseen::Applications) {
            continue;
        }
        if application.open && !hidden(Unseen::Open) {
            seen.push((name.as_str(), None));
        }
        if !hidden(Unseen::Assigned) {
            seen.extend(application.principals.iter().map(|principal| (name.as_str(), Some(principal))));
        }
    }
    seen
}

/// What is unseen of the application of this name.
fn called(unseen: fn(&'static str) -> Unseen, name: &str) -> Unseen {
    unseen(APPLICATIONS.into_iter().find(|known| *known == name).unwrap())
}

/// Whether AWS told of the entitlements in an account.
fn told_of(case: &Case, account: &str) -> bool {
    match case.beyond.unseen {
        Some(Unseen::AccessManager) => false,
        // Where nobody is entitled to anything, no account is asked.
        Some(Unseen::Entitlements(denied)) => case.story.aws.entitlements.is_empty() || denied != account,
        _ => true,
    }
}

fn seen_entitlements(case: &Case) -> impl Iterator<Item = &Entitlement> {
    case.story.aws.entitlements.iter().filter(|held| told_of(case, &held.account))
}

/// Whether a user is seen to hold any of it.
pub fn holds(case: &Case, holder: &Principal) -> bool {
    seen_applications(case).iter().any(|(_, principal)| *principal == Some(holder))
        || seen_entitlements(case).any(|held| held.principal == *holder)
}

/// Whether somebody is entitled to a role that makes administrators, or of which nobody can say that it does not.
pub fn administers(case: &Case, holder: &Principal) -> bool {
    seen_entitlements(case)
        .filter(|held| held.principal == *holder)
        .any(|held| case.iam_denied == Some(held.account.as_str()) || is_administrative(case, held))
}

fn is_administrative(case: &Case, held: &Entitlement) -> bool {
    let role = case.story.aws.roles.get(&(held.account.clone(), held.role.clone()));
    role.is_some_and(|role| role.attached.iter().any(|policy| policy.ends_with("/AdministratorAccess")))
}

/// Whether everything was seen that may hide access, or leaves a row that asks for something without an answer.
pub fn all_seen(case: &Case) -> bool {
    let refused = case.beyond.applications.is_some() && case.beyond.refused[0].is_some()
        || case.beyond.entitlements.is_some() && case.beyond.refused[1].is_some();
    let hidden = match case.beyond.unseen {
        None => false,
        Some(Unseen::Applications) => true,
        Some(Unseen::Assigned(name) | Unseen::Open(name)) => case.story.aws.applications.contains_key(name),
        // Nobody can be entitled to a role that does not let the service in.
        Some(Unseen::AccessManager | Unseen::Entitlements(_)) => {
            let silent = case.story.aws.accounts.keys().any(|account| !told_of(case, account));
            let waiting = !case.story.aws.roles.is_empty() || case.iam_denied.is_some();
            silent && (waiting || due_entitlements(case).iter().any(|(_, word)| *word == "Unknown"))
        }
    };
    !refused && !hidden
}

// --- how it stands ---------------------------------------------------------------------------------------------------

pub fn applications(case: &Case, said: &mut Vec<String>) {
    let rows = case.beyond.applications.as_ref();
    for (name, holder) in seen_applications(case) {
        let means = |row: &&ApplicationRow| {
            row.application.eq_ignore_ascii_case(name) && row.principal.as_ref() == holder && row.state.holds()
        };
        let refused = case.beyond.refused[0].is_some_and(|(of, what)| holder == Some(&group(of)) && what == name);
        let word = word(case, holder, rows.map(|rows| rows.iter().any(|row| means(&row))), refused);
        said.push(format!("application {name}/{}: {word}", called_by(holder)));
    }
    for row in rows.into_iter().flatten().filter(|row| row.state.asks()) {
        let there = case.story.aws.applications.iter().find(|(name, _)| row.application.eq_ignore_ascii_case(name));
        let word = match (there, &row.principal) {
            _ if case.beyond.unseen == Some(Unseen::Applications) => "Unknown",
            (None, _) => "Missing",
            (Some(_), Some(principal)) if is_nobody(case, principal).is_some() => is_nobody(case, principal).unwrap(),
            (Some((name, _)), Some(_)) if case.beyond.unseen == Some(called(Unseen::Assigned, name)) => "Unknown",
            (Some((name, _)), None) if case.beyond.unseen == Some(called(Unseen::Open, name)) => "Unknown",
            (Some((_, there)), Some(principal)) if there.principals.contains(principal) => continue,
            (Some((_, there)), None) if there.open => continue,
            (Some(_), _) => "Missing",
        };
        let application = if row.by_arn { application_arn(&row.application) } else { row.application.clone() };
        said.push(format!("due application {application}/{}: {word}", called_by(row.principal.as_ref())));
    }
}

pub fn entitlements(case: &Case, said: &mut Vec<String>) {
    let rows = case.beyond.entitlements.as_ref();
    for held in seen_entitlements(case) {
        let id = &case.story.aws.accounts[&held.account].id;
        let means = |row: &EntitlementRow| {
            let here = row.account.as_ref().is_none_or(|account| account == id);
            here && row.role.eq_ignore_ascii_case(&held.role) && row.principal == held.principal && row.state.holds()
        };
        let refused = case.beyond.refused[1].is_some_and(|(of, what)| held.principal == group(of) && what == held.role);
        let word = match word(case, Some(&held.principal), rows.map(|rows| rows.iter().any(means)), refused) {
            // No row says that the role may be administrative.
            "Expected" if case.iam_denied == Some(held.account.as_str()) => "Unknown",
            "Expected" if is_administrative(case, held) => "Differs",
            word => word,
        };
        said.push(format!("entitlement {}/{}/{id}: {word}", held.role, called_by(Some(&held.principal))));
    }
    said.extend(due_entitlements(case).into_iter().map(|(thing, word)| format!("due entitlement {thing}: {word}")));
}

/// What rows ask for and nobody saw, by account.
fn due_entitlements(case: &Case) -> Vec<(String, &'static str)> {
    let accounts: BTreeMap<&str, &str> =
        case.story.aws.accounts.iter().map(|(key, account)| (account.id.as_str(), key.as_str())).collect();
    let mut due = Vec::new();
    for row in case.beyond.entitlements.iter().flatten().filter(|row| row.state.asks()) {
        let wanted: BTreeSet<&str> =
            row.account.as_deref().map_or_else(|| accounts.keys().copied().collect(), |id| [id].into());
        for id in wanted {
            let held = |held: &Entitlement| {
                accounts.get(id) == Some(&held.account.as_str())
                    && held.role.eq_ignore_ascii_case(&row.role)
                    && held.principal == row.principal
            };
            let word = match accounts.get(id) {
                None => "Missing",
                Some(_) if is_nobody(case, &row.principal).is_some() => is_nobody(case, &row.principal).unwrap(),
                Some(key) if !told_of(case, key) => "Unknown",
                Some(_) if case.story.aws.entitlements.iter().any(held) => continue,
                Some(_) => "Missing",
            };
            due.push((format!("{}/{}/{id}", row.role, called_by(Some(&row.principal))), word));
        }
    }
    due
}

/// How something that is held stands; `listed` is whether a row in force expects it, where there is a list.
fn word(case: &Case, holder: Option<&Principal>, listed: Option<bool>, refused: bool) -> &'static str {
    match (listed, holder) {
        (None, _) => "Unlisted",
        (Some(_), Some(Principal::User(_))) if case.users_denied => "Unknown",
        (Some(_), Some(Principal::User(name))) if left(case, name) => "Unintended",
        (Some(true), _) => "Expected",
        (Some(false), _) if refused => "Unknown",
        (Some(false), _) => "Unintended",
    }
}

/// What becomes of a row whose principal was not seen in Identity Center.
fn is_nobody(case: &Case, principal: &Principal) -> Option<&'static str> {
    match principal {
        Principal::User(_) if case.users_denied => Some("Unknown"),
        Principal::User(_) | Principal::Group(_) => (!exists(&case.story, principal)).then_some("Missing"),
    }
}

fn called_by(principal: Option<&Principal>) -> &str {
    principal.map_or("everyone", |(Principal::Group(name) | Principal::User(name))| name)
}
