//! Administrators: who can do everything or give themselves the right to, as people, IAM users and root users, and by
//! account.

use std::collections::{BTreeMap, BTreeSet};

use super::account_access::ACCOUNTS;
use super::held_access;
use super::person_access::anchor;
use crate::model::{
    Account, Administrative, Credentials, Group, IamAccount, IamUser, Ix, Known, Principal, Report, Subject, User,
};
use crate::render::access_facts::{account_type, owner};
use crate::render::markup::Marked;
use crate::render::nesting_paths::DirectoryPaths;
use crate::wording::{count, instant, phrase, standing_word, thousands, visible, worst};

/// Rows of each table that the page lists; the rest is in `population.csv`.
const LISTED: usize = 300;

/// What grants administrative access to a principal: its name, and by which policy.
type Grant<'r> = (&'r str, &'r str);

/// The section.
pub(super) struct Administrators {
    pub(super) sentence: String,
    pub(super) accounts: Vec<AccountRow>,
    pub(super) more_accounts: Option<String>,
    pub(super) people: Vec<PersonRow>,
    pub(super) more_people: Option<String>,
    pub(super) iam_users: Vec<IamUserRow>,
    pub(super) more_iam_users: Option<String>,
    pub(super) roots: Vec<RootRow>,
    pub(super) more_roots: Option<String>,
    pub(super) undecided: Vec<(String, Marked)>,
    pub(super) more_undecided: Option<String>,
    /// Users of Identity Center who are administrators anywhere.
    pub(super) users: BTreeSet<Ix<User>>,
}

/// How many administrators an account has.
pub(super) struct AccountRow {
    /// Whether the page lists who has access to the account.
    pub(super) listed: bool,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) people: String,
    pub(super) iam_users: String,
}

/// A person, and one way to be an administrator.
pub(super) struct PersonRow {
    /// What a link to the person ends in.
    pub(super) anchor: String,
    pub(super) name: String,
    pub(super) what: String,
    pub(super) path: String,
    pub(super) accounts: String,
    pub(super) standing: &'static str,
    pub(super) because: Marked,
}

/// An IAM user that is an administrator.
pub(super) struct IamUserRow {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) sign_in: String,
    pub(super) owner: String,
    pub(super) standing: &'static str,
    pub(super) because: Marked,
}

/// The root user of an account.
pub(super) struct RootRow {
    pub(super) account: String,
    pub(super) mfa: &'static str,
    pub(super) keys: String,
    pub(super) last_used: String,
}

/// Who holds what, by which group, with all accounts.
type Held<'r> = BTreeMap<(Ix<User>, Option<Ix<Group>>, Grant<'r>), Vec<Ix<Account>>>;

/// All administrators that the report knows of.
pub(super) fn of(report: &Report<'_>) -> Administrators {
    let held = held(report);
    let users: BTreeSet<Ix<User>> = held.keys().map(|(user, ..)| *user).collect();
    let iam_users: Vec<(Ix<IamAccount>, Ix<IamUser>, &str)> = iam_users(report).collect();
    let undecided = undecided(report);
    let roots = report.world.snapshot.iam.len();
    let paths = DirectoryPaths::of(report);
    let accounts = by_account(report, &held, &iam_users);
    let more = |all: usize, one: &str| (all > LISTED).then(|| count(all - LISTED, one));
    Administrators {
        sentence: format!(
            "{} and {} are administrators of at least one account",
            count(users.len(), "user") + " of Identity Center",
            count(iam_users.len(), "IAM user")
        ),
        more_accounts: more(accounts.len(), "more account"),
        accounts: accounts.into_iter().take(LISTED).collect(),
        more_people: more(held.len(), "more row"),
        people: held.iter().take(LISTED).map(|(key, accounts)| person(report, &paths, *key, accounts)).collect(),
        more_iam_users: more(iam_users.len(), "more IAM user"),
        iam_users: iam_users.iter().take(LISTED).map(|entry| iam_user(report, *entry)).collect(),
        roots: report.world.snapshot.iam.iter().take(LISTED).map(|account| root(report, account)).collect(),
        more_roots: more(roots, "more root user"),
        more_undecided: more(undecided.len(), "more row"),
        undecided: undecided.into_iter().take(LISTED).collect(),
        users,
    }
}

fn held<'r>(report: &'r Report<'_>) -> Held<'r> {
    let snapshot = &report.world.snapshot;
    let mut held = Held::new();
    let mut hold = |principal: Principal, grant: Grant<'r>, account: Ix<Account>| match principal {
        Principal::User(user) => held.entry((user, None, grant)).or_default().push(account),
        Principal::Group(group) => {
            for &user in snapshot.groups[group].members.seen() {
                held.entry((user, Some(group), grant)).or_default().push(account);
            }
        }
    };
    for (position, set) in snapshot.permission_sets.positions() {
        let Some(Administrative::Yes(how)) = report.administrators.permission_set(position) else { continue };
        for placement in set.placements.seen() {
            placement.principals.seen().for_each(|principal| hold(*principal, (&set.name, how), placement.account));
        }
    }
    for (entitled, known) in snapshot.entitled.seen().zip(&report.administrators.entitlements) {
        for (entitlement, known) in entitled.entitlements.seen().zip(known) {
            if let Administrative::Yes(how) = known {
                hold(entitlement.principal, (&entitlement.role, how), entitled.account);
            }
        }
    }
    held
}

fn iam_users<'r>(report: &'r Report<'_>) -> impl Iterator<Item = (Ix<IamAccount>, Ix<IamUser>, &'r str)> {
    let accounts = report.world.snapshot.iam.iter().enumerate();
    accounts.flat_map(move |(number, account)| {
        let account_number = Ix::new(number);
        account.users.positions().filter_map(move |(user, _)| {
            match report.administrators.iam_user(account_number, user) {
                Some(Administrative::Yes(how)) => Some((account_number, user, how.as_str())),
                Some(Administrative::No | Administrative::Unknown(_)) | None => None,
            }
        })
    })
}

fn by_account(
    report: &Report<'_>,
    held: &Held<'_>,
    iam_users: &[(Ix<IamAccount>, Ix<IamUser>, &str)],
) -> Vec<AccountRow> {
    let snapshot = &report.world.snapshot;
    let mut counts: BTreeMap<Ix<Account>, (BTreeSet<Ix<User>>, usize)> = BTreeMap::new();
    for ((user, ..), accounts) in held {
        for account in accounts {
            counts.entry(*account).or_default().0.insert(*user);
        }
    }
    for (account, ..) in iam_users {
        counts.entry(snapshot.iam[account.number()].account).or_default().1 += 1;
    }
    let rows = counts.into_iter().map(|(account, (people, iam_users))| AccountRow {
        listed: account.number() < ACCOUNTS,
        id: snapshot.accounts[account].id.to_string(),
        name: held_access::account_name(report, account),
        people: thousands(people.len() as u64),
        iam_users: thousands(iam_users as u64),
    });
    rows.collect()
}

fn person(
    report: &Report<'_>,
    paths: &DirectoryPaths,
    (user, group, (what, how)): (Ix<User>, Option<Ix<Group>>, Grant<'_>),
    accounts: &[Ix<Account>],
) -> PersonRow {
    let links = [Some(Subject::User(user)), group.map(|group| Subject::Membership(group, user))];
    let links: Vec<Subject> = links.into_iter().flatten().collect();
    PersonRow {
        anchor: anchor(report, user),
        name: visible(&report.world.snapshot.users[user].user_name).into(),
        what: visible(what).into(),
        path: held_access::path(report, paths, user, group),
        accounts: held_access::accounts(report, accounts),
        standing: worst(held_access::standing_words(report, &links).into_iter()).map_or("", standing_word),
        because: phrase(how).into_owned().into(),
    }
}

fn iam_user(report: &Report<'_>, (account, position, how): (Ix<IamAccount>, Ix<IamUser>, &str)) -> IamUserRow {
    let of = &report.world.snapshot.iam[account.number()];
    let user = &of.users[position];
    let standing = report.standing(Subject::IamUser(account, position));
    IamUserRow {
        name: visible(&user.name).into(),
        account: held_access::account_name(report, of.account),
        sign_in: match &user.credentials {
            Known::Is(credentials) => format!("{}: {}", account_type(user), sign_in(credentials)),
            Known::Unknown(_) => "credentials not read".to_owned(),
        },
        owner: owner(report, account, position).map_or_else(|| "none".to_owned(), |owner| visible(owner).into()),
        standing: standing.map_or("", |standing| standing_word(standing.word())),
        because: phrase(how).into_owned().into(),
    }
}

fn sign_in(credentials: &Credentials) -> String {
    let password = match (credentials.password, credentials.mfa) {
        (Some(true), true) => "password with MFA",
        (Some(true), false) => "password without MFA",
        (Some(false), _) => "no password",
        (None, _) => "password not known",
    };
    format!("{password}, {}", count(usize::from(credentials.active_keys), "active key"))
}

fn root(report: &Report<'_>, account: &IamAccount) -> RootRow {
    let name = held_access::account_name(report, account.account);
    match &account.root {
        Known::Is(root) => RootRow {
            account: name,
            mfa: if root.mfa { "yes" } else { "no" },
            keys: thousands(u64::from(root.active_keys)),
            last_used: root.last_used.map_or_else(|| "no use known".to_owned(), instant),
        },
        Known::Unknown(_) => {
            RootRow { account: name, mfa: "not read", keys: "not read".to_owned(), last_used: "not read".to_owned() }
        }
    }
}

/// What may be administrative, and why it cannot be decided.
fn undecided(report: &Report<'_>) -> Vec<(String, Marked)> {
    let snapshot = &report.world.snapshot;
    let why = |known: &Administrative| match known {
        Administrative::Unknown(why) => Some(Marked::from(phrase(why))),
        Administrative::Yes(_) | Administrative::No => None,
    };
    let sets = snapshot.permission_sets.seen().zip(&report.administrators.permission_sets);
    let sets = sets.filter_map(|(set, known)| Some((format!("permission set {}", visible(&set.name)), why(known)?)));
    let users = snapshot.iam.iter().zip(&report.administrators.iam_users).flat_map(|(account, known)| {
        let place = held_access::account_name(report, account.account);
        account.users.seen().zip(known).filter_map(move |(user, known)| {
            Some((format!("IAM user {} in {place}", visible(&user.name)), why(known)?))
        })
    });
    sets.chain(users).collect()
}
