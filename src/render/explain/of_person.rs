//! What one person has, by which paths.

use std::collections::BTreeMap;

use super::find_person::{self, Somebody};
use super::grants::{Grants, granted};
use super::schema::{ByGroup, Grant, IamUser, InDirectory, InIdentityCenter, PersonExplanation, Statement};
use super::{VERSION, earlier_run};
use crate::model::{Ix, NameKey, Person, Principal, PrincipalName, Report, Subject, User, UserStatus, Whom};
use crate::render::nesting_paths::DirectoryPaths;
use crate::wording::{employment, match_key, row};

/// What this person has.
pub(super) fn explanation(report: &Report<'_>, somebody: Somebody) -> PersonExplanation {
    Case::of(report, somebody).explanation()
}

/// One person in a report.
struct Case<'r, 'w> {
    report: &'r Report<'w>,
    user: Option<Ix<User>>,
    person: Option<Ix<Person>>,
    paths: DirectoryPaths,
    grants: Grants<'r, 'w>,
}

impl<'r, 'w> Case<'r, 'w> {
    fn of(report: &'r Report<'w>, somebody: Somebody) -> Self {
        let Somebody { user, person } = somebody;
        Case { report, user, person, paths: DirectoryPaths::of(report), grants: Grants::of(report) }
    }

    fn explanation(&self) -> PersonExplanation {
        let groups = self.groups();
        let direct = self.user.map(|user| self.granted(Principal::User(user))).unwrap_or_default();
        let everyone = self.user.map(|_| self.for_everyone()).unwrap_or_default();
        let direct: Vec<Grant> = direct.into_iter().chain(everyone).collect();
        let missing = self.missing();
        let iam_users = self.iam_users();
        let identity_center = self.user.map(|user| self.in_identity_center(user));
        let in_groups = groups.iter().flat_map(|by| by.grants.iter().chain([&by.membership]));
        let of_iam = iam_users.iter().flat_map(|owned| owned.policies.iter().chain([&owned.user]));
        let of_user = identity_center.iter().map(|found| &found.user);
        let told = of_user.chain(in_groups).chain(&direct).chain(&missing).chain(of_iam);
        let findings = self.grants.findings(told);
        PersonExplanation {
            version: VERSION,
            as_of: self.report.world.stamp.as_of,
            earlier_run: earlier_run(self.report),
            name: self.name(),
            identity_center,
            directory: self.person.map(|person| self.in_directory(person)),
            groups,
            direct,
            missing,
            iam_users,
            findings,
            gaps: self.grants.gaps(None),
        }
    }

    fn name(&self) -> String {
        let (snapshot, expectation) = (&self.report.world.snapshot, &self.report.world.expectation);
        let of_user = || self.user.map(|user| snapshot.users[user].display_name.clone().unwrap_or_default());
        let name = self.person.map(|person| expectation.people[person].name.clone());
        name.or_else(of_user)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| self.user.map(|user| snapshot.users[user].user_name.clone()).unwrap_or_default())
    }

    fn in_identity_center(&self, user: Ix<User>) -> InIdentityCenter {
        let found = &self.report.world.snapshot.users[user];
        InIdentityCenter {
            user_name: found.user_name.clone(),
            user_id: found.id.to_string(),
            mails: found.mails.clone(),
            status: match found.status {
                Some(UserStatus::Enabled) => "enabled",
                Some(UserStatus::Disabled) => "disabled",
                None => "unknown",
            },
            user: self.grant(Subject::User(user)),
        }
    }

    fn in_directory(&self, person: Ix<Person>) -> InDirectory {
        let expectation = &self.report.world.expectation;
        let found = &expectation.people[person];
        let matched = self.user.and_then(|user| self.report.matching.people.get(user.number())?.as_ref());
        InDirectory {
            name: found.name.clone(),
            user_principal_name: found.user_name.clone(),
            sam_account_name: found.sam.clone(),
            mails: found.mails.clone(),
            row: row(expectation, found.decided_by()),
            employment: employment(found.employment),
            statements: self.statements(person),
            matched_by: matched.map(|matched| match_key(matched.by)),
        }
    }

    /// What each row says of whether the person is still there, and what another person of the lists says of the user.
    fn statements(&self, person: Ix<Person>) -> Vec<Statement> {
        let expectation = &self.report.world.expectation;
        let people = &expectation.people;
        let elsewhere = self.user.and_then(|user| self.report.matching.leaver(people, user));
        let elsewhere = elsewhere.filter(|leaver| *leaver != person).map(|leaver| &people[leaver]);
        let all = people[person].statements.iter().chain(elsewhere.into_iter().flat_map(|leaver| &leaver.statements));
        all.map(|said| Statement { row: row(expectation, said.row), employment: employment(said.employment) }).collect()
    }

    fn groups(&self) -> Vec<ByGroup> {
        let Some(user) = self.user else { return Vec::new() };
        let (snapshot, expectation) = (&self.report.world.snapshot, &self.report.world.expectation);
        let within =
            snapshot.groups.positions().filter(|(_, group)| group.members.seen().any(|member| *member == user));
        let by = within.map(|(position, group)| {
            let between = self.person.map(|person| self.paths.between(person, position).collect::<Vec<_>>());
            let inner = between.into_iter().flatten().map(|inner| expectation.groups[inner].name.clone());
            ByGroup {
                group: group.name.clone(),
                by_directory_groups: inner.collect(),
                membership: self.grant(Subject::Membership(position, user)),
                grants: self.granted(Principal::Group(position)),
            }
        });
        by.collect()
    }

    /// What is granted to a principal.
    fn granted(&self, principal: Principal) -> Vec<Grant> {
        granted(self.report, principal).map(|subject| self.grant(subject)).collect()
    }

    /// Applications that every user may use.
    fn for_everyone(&self) -> Vec<Grant> {
        let open = self.report.world.snapshot.applications.positions();
        let open = open.filter(|(_, application)| application.everyone.seen().next().is_some());
        open.map(|(application, _)| self.grant(Subject::Application(application, None))).collect()
    }

    /// What is expected of the person and not there.
    fn missing(&self) -> Vec<Grant> {
        let names = self.names();
        let is_due = |subject: &Subject| match self.report.world.describe(*subject).whom {
            Whom::Person(person) => Some(person) == self.person,
            Whom::Named(PrincipalName::User(name)) => subject.is_due() && names.contains(&NameKey::of(name)),
            Whom::Named(PrincipalName::Group(_))
            | Whom::NoOne
            | Whom::Everyone
            | Whom::Principal(_)
            | Whom::IamUser(_)
            | Whom::NamedIamUser(_)
            | Whom::Role(_)
            | Whom::NamedRole(_)
            | Whom::Root => false,
        };
        let due = self.report.judged.iter().map(|judged| judged.subject).filter(is_due);
        due.map(|subject| self.grant(subject)).collect()
    }

    /// IAM users that a list or a tag says the person answers for: those that are there, then those that are due.
    fn iam_users(&self) -> Vec<IamUser> {
        let (snapshot, expectation) = (&self.report.world.snapshot, &self.report.world.expectation);
        let names = self.names();
        let is_ours = |owner: Option<&str>| owner.is_some_and(|owner| names.contains(&NameKey::of(owner)));
        let rows = expectation.iam_users.positions();
        let mut rows: BTreeMap<_, _> = rows.map(|row| ((row.1.account, NameKey::of(&row.1.name)), row)).collect();
        let mut owned = Vec::new();
        for (place, iam) in snapshot.iam.iter().enumerate() {
            let (place, account) = (Ix::new(place), snapshot.accounts[iam.account].id);
            for (user, found) in iam.users.positions() {
                let row = rows.remove(&(account, NameKey::of(&found.name)));
                if is_ours(found.owner(row.map(|(_, row)| row))) {
                    let policies =
                        (0..found.policies.len()).map(|policy| Subject::Policy(place, user, Ix::new(policy)));
                    let policies = policies.map(|policy| self.grant(policy)).collect();
                    owned.push(IamUser { user: self.grant(Subject::IamUser(place, user)), policies });
                }
            }
        }
        let due = rows.into_values().filter(|(_, row)| is_ours(row.owner.as_deref()));
        let due = due.map(|(due, _)| IamUser { user: self.grant(Subject::DueIamUser(due)), policies: Vec::new() });
        owned.extend(due);
        owned
    }

    /// Every name by which a list may mean the person.
    fn names(&self) -> Vec<NameKey> {
        find_person::names_of(self.report, Somebody { user: self.user, person: self.person })
    }

    fn grant(&self, subject: Subject) -> Grant {
        self.grants.grant(subject, |about| self.is_ours(about))
    }

    /// Whether a finding about this subject can be one of the person's: what a stranger holds by a group, others hold
    /// too.
    fn is_ours(&self, subject: Subject) -> bool {
        match self.report.world.describe(subject).whom {
            Whom::Principal(Principal::User(user)) => Some(user) == self.user,
            Whom::Person(person) => Some(person) == self.person,
            Whom::Principal(Principal::Group(_))
            | Whom::NoOne
            | Whom::Everyone
            | Whom::Named(_)
            | Whom::IamUser(_)
            | Whom::NamedIamUser(_)
            | Whom::Role(_)
            | Whom::NamedRole(_)
            | Whom::Root => true,
        }
    }
}
