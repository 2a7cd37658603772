//! The look at what an event names: the answers are folded as those of an audit are, so that the same comparison judges
//! them. What was not asked is a gap in the snapshot, and a gap proves no absence: it speaks for the one principal alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Focus, IamUserNow};
use crate::aws::failure::{Failure, Kind};
use crate::aws::session::Session;
use crate::collect::journal::page::{Outcome, Page};
use crate::collect::request::run::Run;
use crate::collect::walk::{About, about};
use crate::collect::{CollectError, Options, build, scope};
use crate::model::{AlsoNamed, Credentials, IamUser, Known, Listing, NameKey, Snapshot, Watched};

/// What a look found.
#[derive(Debug)]
pub struct Looked {
    /// What AWS said.
    pub snapshot: Snapshot,
    /// Whether it is there.
    pub presence: Presence,
    /// What could not be read, each as the action and why.
    pub unread: Vec<(String, Failure)>,
}

/// Whether what was looked at is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    There,
    /// AWS says that it is not there.
    Gone,
    /// AWS has it, and the listing that says what it holds does not show it yet: IAM is eventually consistent.
    NotListedYet,
    /// It could not be read.
    Unread,
    /// The settings leave it out.
    OutOfScope,
}

/// Looks at what an event names. `units` is whether rows of the lists call units of the organization by their names.
///
/// # Errors
/// Where the settings do not say which instance to read.
pub async fn look(
    session: &Session,
    options: &Options,
    (watched, also): (&Watched, &BTreeSet<AlsoNamed>),
    units: bool,
    run: Run,
) -> Result<Looked, CollectError> {
    let clock = Arc::clone(&run.clock);
    let pages = Box::pin(about(session, options, &About { watched, also, units }, run)).await?;
    let mut snapshot = build::fold(&scope(session, options), &pages);
    let mut unread: Vec<(String, Failure)> = pages.iter().filter_map(failed).collect();
    let mut presence = presence(&snapshot, watched, !unread.is_empty());
    if let (Watched::IamUser(account, name), Presence::There | Presence::Gone, Some(caller)) =
        (watched, presence, snapshot.caller.clone())
    {
        // The report of credentials may be four hours old, so they are asked for now.
        let focus = Focus::of(session, options, &clock);
        match Box::pin(focus.iam_user(&caller, *account, name)).await {
            Ok(Some(_)) if presence == Presence::Gone => presence = Presence::NotListedYet,
            Ok(Some(now)) => {
                let place =
                    snapshot.accounts.positions().find(|(_, entry)| entry.id == *account).map(|(place, _)| place);
                let of_account = snapshot.iam.iter_mut().find(|iam| Some(iam.account) == place);
                if let Some(iam) = of_account {
                    let extent = iam.users.extent().clone();
                    let users = iam.users.seen().cloned().map(|user| with_credentials(user, name, &now)).collect();
                    iam.users = Listing::by_key(users, extent, |user: &IamUser| NameKey::of(&user.name));
                }
            }
            Ok(None) => presence = Presence::Gone,
            Err(failure) => {
                let action = failure.missing_action().map_or_else(|| "iam:GetUser".to_owned(), str::to_owned);
                unread.push((action, failure));
            }
        }
    }
    Ok(Looked { snapshot, presence, unread })
}

/// A question that failed, and not by saying that there is nothing of the kind.
fn failed(page: &Page) -> Option<(String, Failure)> {
    let operation = page.call.operation;
    let failure = match &page.outcome {
        Outcome::Answer(_) => return None,
        Outcome::Failure(failure) if operation.none() == Some(failure.code.as_str()) => return None,
        Outcome::Failure(failure) => failure.clone(),
        Outcome::Unreadable(detail) => Failure::new(Kind::Unreadable, "Unreadable", detail.clone()),
    };
    Some((operation.api().to_owned(), failure))
}

fn with_credentials(user: IamUser, name: &str, now: &IamUserNow) -> IamUser {
    if NameKey::of(&user.name) != NameKey::of(name) {
        return user;
    }
    let active = |held: &[(String, bool)]| held.iter().filter(|(_, active)| *active).count();
    let few = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
    let credentials = Credentials {
        password: Some(now.password),
        active_keys: few(active(&now.access_keys)),
        active_certificates: few(active(&now.certificates)),
        service_credentials: Some(u16::try_from(active(&now.service_credentials)).unwrap_or(u16::MAX)),
        mfa: !now.mfa_devices.is_empty(),
        ..Credentials::default()
    };
    IamUser { credentials: Known::Is(credentials), ..user }
}

fn presence(snapshot: &Snapshot, watched: &Watched, has_failed: bool) -> Presence {
    let found = if let Some(account) = watched.account() {
        let iam = snapshot.iam.iter().find(|iam| snapshot.accounts[iam.account].id == account);
        let Some(iam) = iam else { return if has_failed { Presence::Unread } else { Presence::OutOfScope } };
        let name = NameKey::of(watched.name());
        match watched {
            Watched::IamUser(..) => iam.users.seen().any(|user| NameKey::of(&user.name) == name),
            Watched::IamGroup(..) => iam.groups.seen().any(|group| NameKey::of(&group.name) == name),
            Watched::IamRole(..) => iam.roles.seen().any(|role| NameKey::of(&role.name) == name),
            Watched::IamPolicy(_, arn) => iam.policies.seen().any(|policy| policy.arn == *arn),
            Watched::User(_) | Watched::Group(_) | Watched::PermissionSet(_) => false,
        }
    } else if !snapshot.scope.identity_center {
        return Presence::OutOfScope;
    } else {
        match watched {
            Watched::User(id) => snapshot.users.seen().any(|user| user.listed && user.id == *id),
            Watched::Group(id) => snapshot.groups.seen().any(|group| group.listed && group.id == *id),
            Watched::PermissionSet(arn) => {
                snapshot.permission_sets.seen().any(|set| set.arn == *arn && set.unnamed.is_none())
            }
            Watched::IamUser(..) | Watched::IamGroup(..) | Watched::IamRole(..) | Watched::IamPolicy(..) => false,
        }
    };
    match (found, has_failed) {
        (true, _) => Presence::There,
        (false, true) => Presence::Unread,
        (false, false) => Presence::Gone,
    }
}
