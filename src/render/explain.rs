//! `rollcall explain`: all that one person has, by which paths, and why it is or is not expected.
//!
//! The explanation is a versioned format with a published JSON Schema; the text is printed from the same value, so that
//! both say the same.

mod find_person;
mod schema;
mod text;

use std::collections::BTreeMap;
use std::io;

use super::nesting_paths::DirectoryPaths;
use crate::model::{
    Evidence, Finding, Hides, Ix, NameKey, Person, Principal, PrincipalName, Report, Subject, User, UserStatus, Whom,
};
use crate::wording::{employment, gap_line, match_key, row, short, standing_reason, standing_word, title};
use find_person::Somebody;
use schema::{ByGroup, EarlierRun, Grant, IamUser, InDirectory, InIdentityCenter, JsonFinding, Statement};

pub use find_person::Found;
pub use schema::Explanation;
pub use text::explain_text;

/// The version of the format. It changes where a reader of the old one would be misled; new fields do not change it.
const VERSION: u32 = 1;

/// Explains what the person of this name has: by user name, mail address, `sAMAccountName` or display name.
#[must_use]
pub fn explain(report: &Report<'_>, name: &str) -> Found {
    match find_person::find(report, name) {
        Ok(somebody) => Found::One(Box::new(Case::of(report, somebody).explanation())),
        Err(found) => found,
    }
}

/// Writes an explanation as JSON.
///
/// # Errors
/// Where `out` does.
pub fn explain_json(explanation: &Explanation, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, explanation)?;
    out.write_all(b"\n")
}

/// The JSON Schema of an explanation.
#[must_use]
pub fn explain_schema() -> String {
    let schema = schemars::schema_for!(Explanation);
    serde_json::to_string_pretty(&schema).expect("a schema is plain JSON") + "\n"
}

/// One person in a report.
struct Case<'r, 'w> {
    report: &'r Report<'w>,
    user: Option<Ix<User>>,
    person: Option<Ix<Person>>,
    paths: DirectoryPaths,
    findings: BTreeMap<Subject, Vec<&'r Finding>>,
}

impl<'r, 'w> Case<'r, 'w> {
    fn of(report: &'r Report<'w>, somebody: Somebody) -> Self {
        let mut findings: BTreeMap<Subject, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.findings {
            let held = finding.evidence.iter().filter_map(Evidence::held);
            for subject in std::iter::once(finding.subject).chain(held) {
                findings.entry(subject).or_default().push(finding);
            }
        }
        let Somebody { user, person } = somebody;
        Case { report, user, person, paths: DirectoryPaths::of(report), findings }
    }

    fn explanation(&self) -> Explanation {
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
        let mut ids: Vec<&String> = told.flat_map(|grant| &grant.findings).collect();
        ids.sort();
        ids.dedup();
        let findings = self.report.findings.iter().filter(|finding| ids.contains(&&finding.fingerprint.to_string()));
        let findings = findings.map(|finding| self.finding(finding)).collect();
        let hiding = self.report.gaps.iter().filter(|gap| gap.hides == Hides::Grants);
        Explanation {
            version: VERSION,
            as_of: self.report.world.stamp.as_of,
            earlier_run: self.earlier_run(),
            name: self.name(),
            identity_center,
            directory: self.person.map(|person| self.in_directory(person)),
            groups,
            direct,
            missing,
            iam_users,
            findings,
            gaps: hiding.map(|gap| gap_line(gap)).collect(),
        }
    }

    fn earlier_run(&self) -> Option<EarlierRun> {
        let earlier = self.report.earlier()?;
        Some(EarlierRun { run_id: earlier.run_id.clone(), as_of: earlier.as_of })
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

    /// What is granted to a principal: by permission set and account, then applications, then IAM roles.
    fn granted(&self, principal: Principal) -> Vec<Grant> {
        let snapshot = &self.report.world.snapshot;
        let sets = snapshot.permission_sets.positions();
        let placed = sets.flat_map(|(set, found)| found.placements.seen().map(move |placement| (set, placement)));
        let to_principal = placed.filter(|(_, place)| place.principals.seen().any(|assigned| *assigned == principal));
        let assigned = to_principal.map(|(set, place)| Subject::Assignment(place.account, set, principal));
        let applications = snapshot.applications.positions();
        let applications = applications
            .filter(|(_, application)| application.principals.seen().any(|assigned| *assigned == principal))
            .map(|(application, _)| Subject::Application(application, Some(principal)));
        let roles = snapshot.entitled.positions().flat_map(|(entitled, of_account)| {
            let held = of_account.entitlements.positions().filter(|(_, held)| held.principal == principal);
            held.map(move |(entitlement, _)| Subject::Entitlement(entitled, entitlement))
        });
        assigned.chain(applications).chain(roles).map(|subject| self.grant(subject)).collect()
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
        let world = self.report.world;
        let standing = self.report.standing(subject);
        let findings = self.findings.get(&subject).into_iter().flatten();
        let findings = findings.filter(|finding| self.is_ours(finding.subject));
        let mut findings: Vec<String> = findings.map(|finding| finding.fingerprint.to_string()).collect();
        findings.sort();
        Grant {
            what: short(world, subject),
            standing: standing.map_or("not-judged", |standing| standing_word(standing.word())),
            why: standing.map(|standing| standing_reason(&world.expectation, standing)),
            findings,
        }
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

    fn finding(&self, finding: &Finding) -> JsonFinding {
        JsonFinding {
            fingerprint: finding.fingerprint.to_string(),
            rule: finding.rule.0,
            severity: finding.severity,
            state: if finding.waiver.is_some() { "waived" } else { "open" },
            title: title(self.report, finding),
        }
    }
}
