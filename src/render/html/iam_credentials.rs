//! IAM credentials: how each IAM user can sign in, how old its keys are, and when they were last used.

use crate::model::{Credentials, IamAccount, IamUser, Ix, Known, Report, Subject};
use crate::render::access_facts::owner;
use crate::wording::{count, standing_word, thousands, visible};

use super::held_access::account_name;

/// IAM users that the page lists; the rest is in `population.csv`.
const LISTED: usize = 300;

/// One IAM user.
pub(super) struct CredentialRow {
    pub(super) name: String,
    pub(super) account: String,
    pub(super) password: &'static str,
    pub(super) keys: String,
    pub(super) oldest_key: String,
    pub(super) last_used: String,
    pub(super) owner: String,
    pub(super) standing: &'static str,
}

/// All of them by account, and how many more there are.
pub(super) fn of(report: &Report<'_>) -> (Vec<CredentialRow>, Option<String>) {
    let accounts = report.world.snapshot.iam.iter().enumerate();
    let users = accounts.flat_map(|(number, account)| {
        account.users.positions().map(move |(user, _)| (Ix::<IamAccount>::new(number), user))
    });
    let users: Vec<(Ix<IamAccount>, Ix<IamUser>)> = users.collect();
    let rows = users.iter().take(LISTED).map(|(account, user)| row(report, *account, *user));
    (rows.collect(), (users.len() > LISTED).then(|| count(users.len() - LISTED, "more IAM user")))
}

fn row(report: &Report<'_>, account: Ix<IamAccount>, position: Ix<IamUser>) -> CredentialRow {
    let of = &report.world.snapshot.iam[account.number()];
    let user = &of.users[position];
    let standing = report.standing(Subject::IamUser(account, position));
    let (password, keys, oldest_key, last_used) = match &user.credentials {
        Known::Is(known) => (
            password(known),
            thousands(u64::from(known.active_keys)),
            known.oldest_key.map(|made| made.date_naive().to_string()).unwrap_or_default(),
            known.last_used.map_or_else(|| "no use known".to_owned(), |at| at.date_naive().to_string()),
        ),
        Known::Unknown(_) => ("not read", "not read".to_owned(), String::new(), "not read".to_owned()),
    };
    CredentialRow {
        name: visible(&user.name).into(),
        account: account_name(report, of.account),
        password,
        keys,
        oldest_key,
        last_used,
        owner: owner(report, account, position).map_or_else(|| "none".to_owned(), |owner| visible(owner).into()),
        standing: standing.map_or("", |standing| standing_word(standing.word())),
    }
}

fn password(known: &Credentials) -> &'static str {
    match (known.password, known.mfa) {
        (Some(true), true) => "yes, with MFA",
        (Some(true), false) => "yes, without MFA",
        (Some(false), _) => "no",
        (None, _) => "not known",
    }
}
