//! By account: who has access to it, and to what in it.

use std::collections::BTreeMap;

use super::held_access;
use crate::model::{Account, Beside, Ix, Principal, Report, Snapshot, Subject};
use crate::wording::{count, list, policy_way, standing_word, visible};

/// Accounts that the page lists; the rest is in `population.csv`.
pub(super) const ACCOUNTS: usize = 250;
/// Rows of all accounts together that the page lists.
const ROWS: usize = 2_000;
/// Rows of one account.
const ROWS_EACH: usize = 60;
/// Members of a group that a row names before it only counts.
const NAMED: usize = 6;

/// An account, and who has access.
pub(super) struct AccountRows {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) state: String,
    pub(super) iam: &'static str,
    pub(super) rows: Vec<GrantRow>,
    pub(super) more: Option<String>,
}

/// Something that is granted in an account.
pub(super) struct GrantRow {
    pub(super) what: String,
    pub(super) sort: &'static str,
    pub(super) who: String,
    /// Who that is, where it is a group; else what is known of it.
    pub(super) people: String,
    pub(super) standing: &'static str,
    pub(super) administrative: &'static str,
}

/// The accounts in order, and how many more there are.
pub(super) fn of(report: &Report<'_>) -> (Vec<AccountRows>, Option<String>) {
    let snapshot = &report.world.snapshot;
    let mut grants = grants(report);
    let mut left = ROWS;
    let accounts = snapshot.accounts.positions();
    let listed: Vec<AccountRows> = accounts
        .take(ACCOUNTS)
        .map(|(position, account)| {
            let of_account = grants.remove(&position).unwrap_or_default();
            let shown = of_account.len().min(ROWS_EACH).min(left);
            left -= shown;
            AccountRows {
                id: account.id.to_string(),
                name: account.name.as_deref().map_or_else(String::new, |name| visible(name).into()),
                state: account.state.as_deref().map_or_else(String::new, |state| visible(state).into()),
                iam: if snapshot.iam_of(position).is_some() { "IAM read" } else { "IAM not read" },
                more: (of_account.len() > shown).then(|| count(of_account.len() - shown, "more row")),
                rows: of_account.iter().take(shown).map(|subject| row(report, *subject)).collect(),
            }
        })
        .collect();
    let all = snapshot.accounts.seen().count();
    (listed, (all > ACCOUNTS).then(|| count(all - ACCOUNTS, "more account")))
}

/// What is granted in each account: assignments, entitlements, IAM users, trusts.
fn grants(report: &Report<'_>) -> BTreeMap<Ix<Account>, Vec<Subject>> {
    let snapshot = &report.world.snapshot;
    let mut grants: BTreeMap<Ix<Account>, Vec<Subject>> = BTreeMap::new();
    for judged in &report.judged {
        if let Some(account) = account_of(snapshot, judged.subject) {
            grants.entry(account).or_default().push(judged.subject);
        }
    }
    grants
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other subject grants nothing in an account by itself")]
fn account_of(snapshot: &Snapshot, subject: Subject) -> Option<Ix<Account>> {
    match subject {
        Subject::Assignment(account, ..) => Some(account),
        Subject::Entitlement(entitled, _) => Some(snapshot.entitled[entitled].account),
        Subject::IamUser(account, _) | Subject::Trust(account, ..) => Some(snapshot.iam[account.number()].account),
        _ => None,
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "no other subject is a row: see `account_of`")]
fn row(report: &Report<'_>, subject: Subject) -> GrantRow {
    let snapshot = &report.world.snapshot;
    let standing = report.standing(subject).map_or("", |standing| standing_word(standing.word()));
    let row = |what: &str, sort, (who, people): (String, String), administrative| GrantRow {
        what: visible(what).into(),
        sort,
        who,
        people,
        standing,
        administrative,
    };
    match subject {
        Subject::Assignment(_, set, principal) => {
            let known = held_access::administrative(report.administrators.permission_set(set));
            row(&snapshot.permission_sets[set].name, "permission set", of_principal(report, principal), known)
        }
        Subject::Entitlement(entitled, entitlement) => {
            let known = report.administrators.beside(Beside::Role(entitled, entitlement));
            let entitlement = &snapshot.entitled[entitled].entitlements[entitlement];
            let who = of_principal(report, entitlement.principal);
            row(&entitlement.role, "IAM role", who, held_access::administrative(known))
        }
        Subject::IamUser(account, user) => {
            let known = held_access::administrative(report.administrators.iam_user(account, user));
            let user = &snapshot.iam[account.number()].users[user];
            let policies: Vec<String> = (user.policies.iter().take(NAMED))
                .map(|policy| format!("{} ({})", visible(&policy.name), policy_way(&policy.way)))
                .collect();
            let policies = if policies.is_empty() { "no policies".to_owned() } else { list(&policies) };
            row(&policies, "IAM policies", (format!("IAM user {}", visible(&user.name)), String::new()), known)
        }
        Subject::Trust(account, role, trust) => {
            let role = &snapshot.iam[account.number()].roles[role];
            let trusted = role.trusts.is().and_then(|trusts| trusts.get(trust.number()));
            let trusted = trusted.map_or_else(|| "?".to_owned(), |trust| visible(&trust.trusted.name()).into());
            row(&role.name, "role with an external trust", (trusted, "outside the organization".to_owned()), "")
        }
        other => row(other.word(), "", (String::new(), String::new()), ""),
    }
}

/// A principal, and who that is.
fn of_principal(report: &Report<'_>, principal: Principal) -> (String, String) {
    let snapshot = &report.world.snapshot;
    let name = |user| String::from(visible(&snapshot.users[user].user_name));
    match principal {
        Principal::User(user) => (name(user), "assigned directly".to_owned()),
        Principal::Group(group) => {
            let group = &snapshot.groups[group];
            let members = group.members.seen().count();
            let mut names: Vec<String> = group.members.seen().take(NAMED).map(|member| name(*member)).collect();
            if members > NAMED {
                names.push(count(members - NAMED, "more user"));
            }
            let people = if names.is_empty() { "no members".to_owned() } else { list(&names) };
            (format!("group {}", visible(&group.name)), people)
        }
    }
}
