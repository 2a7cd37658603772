//! `population.csv`: everyone who can reach something, what, where, by which path, and how each link of it stands.
//!
//! Rows are made one at a time from the grants. What is kept meanwhile grows with the findings and the nested
//! memberships, not with the population.

use std::collections::BTreeMap;
use std::io;

use crate::model::{Access, Account, Beside, Finding, Group, Ix, PermissionSet, Report, Standing, Subject, User};
use crate::wording::{expected_by, instant, policy_way, push_row, row, standing_word, worst};

use super::findings_by_subject::by_subject;
use super::population_columns::POPULATION;
use super::population_principal::Who;
use super::{Sheet, in_parallel};
use crate::render::access_facts;
use crate::render::nesting_paths::DirectoryPaths;

/// Writes `population.csv`.
///
/// # Errors
/// Where `out` does.
pub fn population_csv(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let context = Context::of(report);
    Sheet::open(out, &POPULATION)?.close()?;
    in_parallel::write(report.access(), out, |piece| {
        let mut rows = Vec::new();
        let mut sheet = Sheet::below(&mut rows);
        context.rows(piece, |cells| sheet.row(cells))?;
        sheet.close()?;
        Ok(rows)
    })
}

/// Makes the row of each access, cell by cell as [`POPULATION`] names them.
///
/// # Errors
/// Where `each` does.
pub(in crate::render) fn population_rows<E>(
    report: &Report<'_>,
    access: &[Access],
    each: impl FnMut([&str; 37]) -> Result<(), E>,
) -> Result<(), E> {
    Context::of(report).rows(access, each)
}

struct Context<'r, 'w> {
    report: &'r Report<'w>,
    paths: DirectoryPaths,
    findings: BTreeMap<Subject, Vec<&'r Finding>>,
    /// By permission set and account: when it was last used there.
    last_uses: BTreeMap<(Ix<PermissionSet>, Ix<Account>), String>,
    /// By account: its id as text.
    accounts: Vec<String>,
    /// By group: where its memberships begin among what was judged; and where the last one's end.
    memberships: Vec<usize>,
}

/// What a row says of the entitlement.
#[derive(Default)]
struct What<'r> {
    account_id: &'r str,
    account_name: &'r str,
    entitlement_type: &'static str,
    entitlement: &'r str,
    last_used: &'r str,
}

/// Cells that are put together for each row, in memory that the rows share: there can be millions of them.
#[derive(Default)]
struct Line {
    path: String,
    expected_by: String,
    findings: String,
    waivers: String,
    reviewed_by: String,
}

impl<'r> Context<'r, '_> {
    fn of<'w>(report: &'r Report<'w>) -> Context<'r, 'w> {
        let snapshot = &report.world.snapshot;
        let accounts = snapshot.accounts.seen().map(|account| account.id.to_string());
        let begins = |group: usize| {
            let first = Subject::Membership(Ix::new(group), Ix::new(0));
            report.judged.partition_point(|judged| judged.subject < first)
        };
        Context {
            report,
            paths: DirectoryPaths::of(report),
            findings: by_subject(report),
            last_uses: snapshot.last_uses().into_iter().map(|(place, at)| (place, instant(at))).collect(),
            accounts: accounts.collect(),
            memberships: (0..=snapshot.groups.seen().count()).map(begins).collect(),
        }
    }

    fn rows<E>(&self, piece: &[Access], mut each: impl FnMut([&str; 37]) -> Result<(), E>) -> Result<(), E> {
        let mut line = Line::default();
        // Rows come principal by principal, so what is said of one is said for all of its rows.
        let mut last: Option<(Subject, Who<'_>)> = None;
        for access in piece {
            let principal = access.path()[0];
            let who = match last.take() {
                Some((same, who)) if same == principal => who,
                Some(_) | None => Who::of(self.report, access),
            };
            each(self.cells(access, &who, &mut line))?;
            last = Some((principal, who));
        }
        Ok(())
    }

    fn cells<'a>(&'a self, access: &Access, who: &'a Who<'_>, line: &'a mut Line) -> [&'a str; 37] {
        let expectation = &self.report.world.expectation;
        let what = self.what(access, &mut line.path);
        let links = access.path();
        let standings: Vec<Option<&Standing>> = links.iter().map(|link| self.standing(*link)).collect();
        let words = standings.iter().flatten().map(|standing| standing.word());
        let of_link = |wanted: fn(&Subject) -> bool| {
            let standing = links.iter().position(wanted).and_then(|place| standings[place]);
            standing.map_or("", |standing| standing_word(standing.word()))
        };
        line.expected_by.clear();
        for at in standings.iter().flatten().filter_map(|standing| expected_by(standing)) {
            let separator = if line.expected_by.is_empty() { "" } else { "; " };
            line.expected_by.push_str(separator);
            push_row(&mut line.expected_by, expectation, at);
        }
        line.reviewed_by = access_facts::reviewers(self.report, &standings);
        self.tell_findings(&links, line);
        let (administrative, administrative_by) =
            access_facts::administrative(self.report.administrators.access(access));
        [
            what.account_id,
            what.account_name,
            who.principal_type,
            who.name,
            who.display_name,
            who.mail,
            who.status,
            what.entitlement_type,
            what.entitlement,
            &line.path,
            worst(words).map_or("", standing_word),
            of_link(|link| matches!(link, Subject::User(_) | Subject::Group(_) | Subject::IamUser(..))),
            of_link(|link| matches!(link, Subject::Membership(..))),
            of_link(|link| {
                matches!(
                    link,
                    Subject::Assignment(..) | Subject::Application(..) | Subject::Entitlement(..) | Subject::Policy(..)
                )
            }),
            &line.expected_by,
            &who.person,
            who.matched_by,
            &who.created,
            &who.last_used,
            who.second_factor,
            &who.active_keys,
            &who.oldest_key,
            &who.key_last_used,
            &who.service_credentials,
            &who.credentials_as_of,
            &line.findings,
            &line.waivers,
            who.id,
            administrative,
            administrative_by,
            who.account_type,
            who.owner,
            &line.reviewed_by,
            who.person_state,
            &who.leaves_on,
            &who.employee_id,
            what.last_used,
        ]
    }

    /// How a link stands. There are more memberships than anything else, and few in each group.
    fn standing(&self, link: Subject) -> Option<&Standing> {
        let Subject::Membership(group, _) = link else { return self.report.standing(link) };
        let of_group = self.memberships[group.number()]..self.memberships[group.number() + 1];
        let of_group = &self.report.judged[of_group];
        let position = of_group.binary_search_by_key(&link, |judged| judged.subject).ok()?;
        Some(&of_group[position].standing)
    }

    /// The findings that speak of any of these, and the rows of the waivers that accept them.
    fn tell_findings(&self, links: &[Subject], line: &mut Line) {
        line.findings.clear();
        line.waivers.clear();
        let mut about: Vec<&Finding> =
            links.iter().filter_map(|link| self.findings.get(link)).flatten().copied().collect();
        if about.is_empty() {
            return;
        }
        about.sort_by_key(|finding| &finding.fingerprint);
        about.dedup_by_key(|finding| &finding.fingerprint);
        let fingerprints: Vec<&str> = about.iter().map(|finding| finding.fingerprint.as_str()).collect();
        let expectation = &self.report.world.expectation;
        let mut waivers: Vec<String> = about
            .iter()
            .filter_map(|finding| finding.waiver)
            .map(|waiver| row(expectation, expectation.waivers[waiver.number()].row))
            .collect();
        waivers.sort();
        waivers.dedup();
        line.findings = fingerprints.join(" ");
        line.waivers = waivers.join("; ");
    }

    /// The entitlement; the way to it goes into `path`.
    fn what(&self, access: &Access, path: &mut String) -> What<'_> {
        let snapshot = &self.report.world.snapshot;
        path.clear();
        match *access {
            Access::PermissionSet { user, group, permission_set, account } => {
                path.push_str(&snapshot.users[user].user_name);
                if let Some(group) = group {
                    self.by_directory(user, group, path);
                    step(path, &snapshot.groups[group].name);
                }
                self.placed(permission_set, account, path)
            }
            Access::EmptyGroup { group, permission_set, account } => {
                path.push_str(&snapshot.groups[group].name);
                self.placed(permission_set, account, path)
            }
            Access::Beside { user, group, what } => {
                path.push_str(&snapshot.users[user].user_name);
                if let Some(group) = group {
                    self.by_directory(user, group, path);
                    step(path, &snapshot.groups[group].name);
                }
                self.beside(what, path)
            }
            Access::BesideOfEmptyGroup { group, what } => {
                path.push_str(&snapshot.groups[group].name);
                self.beside(what, path)
            }
            Access::OpenApplication { application } => {
                path.push('*');
                self.beside(Beside::Application(application), path)
            }
            Access::Nothing { user } => {
                path.push_str(&snapshot.users[user].user_name);
                What { entitlement_type: "none", ..What::default() }
            }
            Access::IamPolicy { account, user, policy } => {
                let user = &snapshot.iam[account.number()].users[user];
                let policy = &user.policies[policy];
                path.push_str(&user.name);
                step(path, &policy_way(&policy.way));
                step(path, &policy.name);
                let in_account = self.in_account(snapshot.iam[account.number()].account);
                What { entitlement_type: "iam-policy", entitlement: &policy.name, ..in_account }
            }
            Access::NoIamPolicy { account, user } => {
                let account = &snapshot.iam[account.number()];
                path.push_str(&account.users[user].name);
                What { entitlement_type: "none", ..self.in_account(account.account) }
            }
        }
    }

    fn by_directory(&self, user: Ix<User>, group: Ix<Group>, path: &mut String) {
        let Some(matched) = self.report.matching.people.get(user.number()).and_then(Option::as_ref) else { return };
        for inner in self.paths.between(matched.with, group) {
            step(path, &self.report.world.expectation.groups[inner].name);
            path.push_str(" (directory)");
        }
    }

    fn placed(&self, permission_set: Ix<PermissionSet>, account: Ix<Account>, path: &mut String) -> What<'_> {
        let place = (permission_set, account);
        let permission_set = &self.report.world.snapshot.permission_sets[permission_set];
        let in_account = self.in_account(account);
        step(path, &permission_set.name);
        let name = self.report.world.snapshot.accounts[account].name.as_deref();
        step(path, name.unwrap_or(in_account.account_id));
        let last_used = self.last_uses.get(&place).map_or("", String::as_str);
        What { entitlement_type: "permission-set", entitlement: &permission_set.name, last_used, ..in_account }
    }

    fn beside(&self, what: Beside, path: &mut String) -> What<'_> {
        let snapshot = &self.report.world.snapshot;
        match what {
            Beside::Application(application) => {
                let application = &snapshot.applications[application];
                step(path, &application.name);
                What { entitlement_type: "application", entitlement: &application.name, ..What::default() }
            }
            Beside::Role(entitled, entitlement) => {
                let entitled = &snapshot.entitled[entitled];
                let role = &entitled.entitlements[entitlement].role;
                let in_account = self.in_account(entitled.account);
                step(path, role);
                let name = snapshot.accounts[entitled.account].name.as_deref();
                step(path, name.unwrap_or(in_account.account_id));
                What { entitlement_type: "iam-role", entitlement: role, ..in_account }
            }
        }
    }

    fn in_account(&self, account: Ix<Account>) -> What<'_> {
        let name = self.report.world.snapshot.accounts[account].name.as_deref();
        What { account_id: &self.accounts[account.number()], account_name: name.unwrap_or_default(), ..What::default() }
    }
}

/// One step further on a path.
fn step(path: &mut String, name: &str) {
    path.push_str(" → ");
    path.push_str(name);
}
