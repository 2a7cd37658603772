//! What one principal holds, folded so that a person can read it: the same entitlement by the same path is one row,
//! with all of its accounts.

use crate::model::{Access, Account, Administrative, Beside, Group, Ix, Report, StandingWord, Subject, User};
use crate::render::nesting_paths::DirectoryPaths;
use crate::wording::{count, list, standing_word, visible, worst};

/// Accounts that a row names before it only counts.
const NAMED: usize = 6;

/// An entitlement of a principal by one path.
pub(super) struct HeldRow {
    pub(super) what: String,
    pub(super) sort: &'static str,
    pub(super) accounts: String,
    pub(super) path: String,
    pub(super) standing: &'static str,
    pub(super) administrative: &'static str,
}

/// The same before it is written.
struct Fold {
    what: String,
    sort: &'static str,
    path: String,
    standing: Option<StandingWord>,
    administrative: &'static str,
    accounts: Vec<Ix<Account>>,
}

/// What these accesses of one user say, in their order. A user who holds nothing has no row.
pub(super) fn rows(report: &Report<'_>, paths: &DirectoryPaths, accesses: &[Access]) -> Vec<HeldRow> {
    let mut folds: Vec<Fold> = Vec::new();
    for access in accesses {
        let Some((mut fold, account)) = fold(report, paths, access) else { continue };
        let same = |known: &&mut Fold| {
            (&known.what, known.sort, &known.path, known.standing) == (&fold.what, fold.sort, &fold.path, fold.standing)
        };
        match folds.iter_mut().find(same) {
            Some(known) => known.accounts.extend(account),
            None => {
                fold.accounts.extend(account);
                folds.push(fold);
            }
        }
    }
    folds.into_iter().map(|fold| written(report, fold)).collect()
}

fn written(report: &Report<'_>, fold: Fold) -> HeldRow {
    HeldRow {
        what: fold.what,
        sort: fold.sort,
        accounts: accounts(report, &fold.accounts),
        path: fold.path,
        standing: fold.standing.map_or("", standing_word),
        administrative: fold.administrative,
    }
}

/// Accounts by name; past some of them, how many more.
pub(super) fn accounts(report: &Report<'_>, accounts: &[Ix<Account>]) -> String {
    let name = |account: &Ix<Account>| account_name(report, *account);
    let mut names: Vec<String> = accounts.iter().take(NAMED).map(name).collect();
    if accounts.len() > NAMED {
        names.push(count(accounts.len() - NAMED, "more account"));
    }
    if names.is_empty() { String::new() } else { list(&names) }
}

/// An account's name, else its id.
pub(super) fn account_name(report: &Report<'_>, account: Ix<Account>) -> String {
    let account = &report.world.snapshot.accounts[account];
    account.name.as_deref().map_or_else(|| account.id.to_string(), |name| visible(name).into())
}

fn fold(report: &Report<'_>, paths: &DirectoryPaths, access: &Access) -> Option<(Fold, Option<Ix<Account>>)> {
    let snapshot = &report.world.snapshot;
    let (user, group, what, sort, account) = match *access {
        Access::PermissionSet { user, group, permission_set, account } => {
            (user, group, &snapshot.permission_sets[permission_set].name, "permission set", Some(account))
        }
        Access::Beside { user, group, what: Beside::Application(application) } => {
            (user, group, &snapshot.applications[application].name, "application", None)
        }
        Access::Beside { user, group, what: Beside::Role(entitled, entitlement) } => {
            let entitled = &snapshot.entitled[entitled];
            (user, group, &entitled.entitlements[entitlement].role, "IAM role", Some(entitled.account))
        }
        Access::EmptyGroup { .. }
        | Access::BesideOfEmptyGroup { .. }
        | Access::OpenApplication { .. }
        | Access::Nothing { .. }
        | Access::IamPolicy { .. }
        | Access::NoIamPolicy { .. } => return None,
    };
    let words: Vec<StandingWord> = standing_words(report, &access.path());
    let fold = Fold {
        what: visible(what).into(),
        sort,
        path: path(report, paths, user, group),
        standing: worst(words.into_iter()),
        administrative: administrative(report.administrators.access(access)),
        accounts: Vec::new(),
    };
    Some((fold, account))
}

/// How each of these stands that was judged.
pub(super) fn standing_words(report: &Report<'_>, links: &[Subject]) -> Vec<StandingWord> {
    links.iter().filter_map(|link| report.standing(*link)).map(crate::model::Standing::word).collect()
}

/// The word that marks what is administrative, or may be.
pub(super) fn administrative(known: Option<&Administrative>) -> &'static str {
    match known {
        Some(Administrative::Yes(_)) => "administrative",
        Some(Administrative::Unknown(_)) => "may be administrative",
        Some(Administrative::No) | None => "",
    }
}

/// By which group, and by which groups of the directory within it; or that it is granted directly.
pub(super) fn path(report: &Report<'_>, paths: &DirectoryPaths, user: Ix<User>, group: Option<Ix<Group>>) -> String {
    let Some(group) = group else { return "assigned directly".to_owned() };
    let mut steps = Vec::new();
    if let Some(matched) = report.matching.people.get(user.number()).and_then(Option::as_ref) {
        let groups = &report.world.expectation.groups;
        let between = paths.between(matched.with, group);
        steps.extend(between.map(|inner| format!("{} (directory)", visible(&groups[inner].name))));
    }
    steps.push(visible(&report.world.snapshot.groups[group].name).into());
    format!("by {}", steps.join(" → "))
}
