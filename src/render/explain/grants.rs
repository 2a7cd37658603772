//! Access as an explanation shows it: its standing, why, and the findings that it is part of.

use std::collections::BTreeMap;

use super::schema::{Grant, JsonFinding};
use crate::model::{AccountId, Evidence, Finding, Gap, Hides, Principal, Report, Subject};
use crate::wording::{gap_line, short, standing_reason, standing_word, title};

/// A report, with its findings by what they are about or hold.
pub(super) struct Grants<'r, 'w> {
    report: &'r Report<'w>,
    findings: BTreeMap<Subject, Vec<&'r Finding>>,
}

impl<'r, 'w> Grants<'r, 'w> {
    /// Of this report.
    pub(super) fn of(report: &'r Report<'w>) -> Self {
        let mut findings: BTreeMap<Subject, Vec<&Finding>> = BTreeMap::new();
        for finding in &report.findings {
            let held = finding.evidence.iter().filter_map(Evidence::held);
            for subject in std::iter::once(finding.subject).chain(held) {
                findings.entry(subject).or_default().push(finding);
            }
        }
        Grants { report, findings }
    }

    /// What a subject is and how it stands. Of the findings, those count whose subject is one of `ours`.
    pub(super) fn grant(&self, subject: Subject, ours: impl Fn(Subject) -> bool) -> Grant {
        let world = self.report.world;
        let standing = self.report.standing(subject);
        let findings = self.findings.get(&subject).into_iter().flatten();
        let findings = findings.filter(|finding| ours(finding.subject));
        let mut findings: Vec<String> = findings.map(|finding| finding.fingerprint.to_string()).collect();
        findings.sort();
        Grant {
            what: short(world, subject),
            standing: standing.map_or("not-judged", |standing| standing_word(standing.word())),
            why: standing.map(|standing| standing_reason(&world.expectation, standing)),
            findings,
        }
    }

    /// The findings that any of these is part of, in the order of the report.
    pub(super) fn findings<'g>(&self, grants: impl Iterator<Item = &'g Grant>) -> Vec<JsonFinding> {
        let mut ids: Vec<&String> = grants.flat_map(|grant| &grant.findings).collect();
        ids.sort();
        ids.dedup();
        let findings = self.report.findings.iter();
        let findings = findings.filter(|finding| ids.binary_search(&&finding.fingerprint.to_string()).is_ok());
        findings.map(|finding| self.finding(finding)).collect()
    }

    /// The gaps that may hide access; only those that may hide it in this account, where there is one.
    pub(super) fn gaps(&self, account: Option<AccountId>) -> Vec<String> {
        let is_elsewhere = |gap: &Gap| gap.account.zip(account).is_some_and(|(unseen, account)| unseen != account);
        let hiding = self.report.gaps.iter().filter(|gap| gap.hides == Hides::Grants && !is_elsewhere(gap));
        hiding.map(|gap| gap_line(gap)).collect()
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

/// What is granted to a principal: by permission set and account, then applications, then IAM roles.
pub(super) fn granted<'r>(report: &'r Report<'_>, principal: Principal) -> impl Iterator<Item = Subject> + 'r {
    let snapshot = &report.world.snapshot;
    let sets = snapshot.permission_sets.positions();
    let placed = sets.flat_map(|(set, found)| found.placements.seen().map(move |placement| (set, placement)));
    let to_principal = placed.filter(move |(_, place)| place.principals.seen().any(|assigned| *assigned == principal));
    let assigned = to_principal.map(move |(set, place)| Subject::Assignment(place.account, set, principal));
    let applications = snapshot.applications.positions();
    let applications = applications
        .filter(move |(_, application)| application.principals.seen().any(|assigned| *assigned == principal))
        .map(move |(application, _)| Subject::Application(application, Some(principal)));
    let roles = snapshot.entitled.positions().flat_map(move |(entitled, of_account)| {
        let held = of_account.entitlements.positions().filter(move |(_, held)| held.principal == principal);
        held.map(move |(entitlement, _)| Subject::Entitlement(entitled, entitlement))
    });
    assigned.chain(applications).chain(roles)
}
