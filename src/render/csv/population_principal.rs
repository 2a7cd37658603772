//! What a row of `population.csv` says of the principal: the user with the person of the lists, the IAM user, the group.

use super::or_empty;
use crate::model::{Access, IamAccount, IamUser, Ix, Report, User, UserStatus};
use crate::render::access_facts;
use crate::wording::{employment_word, instant, match_key, row};

/// What a row says of the principal.
#[derive(Default)]
pub(super) struct Who<'r> {
    pub(super) principal_type: &'static str,
    pub(super) name: &'r str,
    pub(super) display_name: &'r str,
    pub(super) mail: &'r str,
    pub(super) status: &'static str,
    pub(super) person: String,
    pub(super) matched_by: &'static str,
    pub(super) created: String,
    pub(super) last_used: String,
    pub(super) second_factor: &'static str,
    pub(super) active_keys: String,
    pub(super) oldest_key: String,
    pub(super) key_last_used: String,
    pub(super) service_credentials: String,
    pub(super) credentials_as_of: String,
    pub(super) id: &'r str,
    pub(super) account_type: &'static str,
    pub(super) owner: &'r str,
    pub(super) person_state: &'static str,
    pub(super) leaves_on: String,
    pub(super) employee_id: String,
}

impl<'r> Who<'r> {
    /// Of whom an access is.
    pub(super) fn of(report: &'r Report<'_>, access: &Access) -> Self {
        match *access {
            Access::PermissionSet { user, .. } | Access::Beside { user, .. } | Access::Nothing { user } => {
                Who::user(report, user)
            }
            Access::OpenApplication { .. } => Who { principal_type: "everyone", name: "*", ..Who::default() },
            Access::EmptyGroup { group, .. } | Access::BesideOfEmptyGroup { group, .. } => {
                let group = &report.world.snapshot.groups[group];
                Who { principal_type: "group", name: &group.name, id: group.id.as_str(), ..Who::default() }
            }
            Access::IamPolicy { account, user, .. } | Access::NoIamPolicy { account, user } => {
                Who::iam_user(report, account, user)
            }
        }
    }

    fn user(report: &'r Report<'_>, position: Ix<User>) -> Self {
        let user = &report.world.snapshot.users[position];
        let matched = report.matching.people.get(position.number()).and_then(Option::as_ref);
        let people = &report.world.expectation.people;
        let leaver = report.matching.leaver(people, position);
        let known = matched.map(|matched| &people[matched.with]);
        let state = leaver.map(|leaver| &people[leaver]).or(known);
        Who {
            principal_type: "user",
            name: &user.user_name,
            display_name: user.display_name.as_deref().unwrap_or_default(),
            mail: user.mails.first().map_or("", String::as_str),
            status: match user.status {
                Some(UserStatus::Enabled) => "enabled",
                Some(UserStatus::Disabled) => "disabled",
                None => "unknown",
            },
            person: or_empty(matched.map(|matched| row(&report.world.expectation, people[matched.with].row))),
            matched_by: matched.map_or("", |matched| match_key(matched.by)),
            created: or_empty(user.created.map(instant)),
            id: user.id.as_str(),
            account_type: if matched.is_some() { "person" } else { "unknown" },
            person_state: state.map_or("", |person| employment_word(person.employment)),
            leaves_on: or_empty(state.and_then(|person| person.expires.at()).map(|at| at.date_naive())),
            employee_id: known.map(|person| person.employee_ids.join("; ")).unwrap_or_default(),
            ..Who::default()
        }
    }

    fn iam_user(report: &'r Report<'_>, account: Ix<IamAccount>, user: Ix<IamUser>) -> Self {
        let owner = access_facts::owner(report, account, user).unwrap_or_default();
        let of = &report.world.snapshot.iam[account.number()];
        let user = &of.users[user];
        let known = user.credentials.is();
        let status = match known {
            Some(credentials) if credentials.live() => "can-sign-in",
            Some(_) => "no-credentials",
            None => "unknown",
        };
        Who {
            principal_type: "iam-user",
            name: &user.name,
            status,
            created: or_empty(user.created.map(instant)),
            last_used: or_empty(known.and_then(|known| known.last_used).map(instant)),
            second_factor: known.map_or("unknown", |known| if known.mfa { "yes" } else { "no" }),
            active_keys: or_empty(known.map(|known| known.active_keys)),
            oldest_key: or_empty(known.and_then(|known| known.oldest_key).map(instant)),
            key_last_used: or_empty(known.and_then(|known| known.key_used).map(instant)),
            service_credentials: or_empty(known.and_then(|known| known.service_credentials)),
            credentials_as_of: or_empty(known.and(of.credentials_as_of).map(instant)),
            id: &user.arn,
            account_type: access_facts::account_type(user),
            owner,
            ..Who::default()
        }
    }
}
