//! What a comparison found: plain data, borrowed from the world that it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::{
    Access, Administrators, Closure, Counts, DirectoryGroup, Earlier, Finding, Fingerprint, Gap, IdentitySource, Ix,
    Judged, Listing, Nesting, NestingMismatch, Person, PolicyHolder, RowRef, Rule, RuleId, Standing, Subject,
    Unrecognized, User, Verdict, World,
};

/// What a comparison found.
#[derive(Debug, Clone)]
pub struct Report<'w> {
    /// All that it depends on.
    pub world: &'w World,
    /// Who is who.
    pub matching: Matching,
    /// Every thing that was judged, in the order of its subject. Standings are kept rather than joined again by each
    /// printer: the two listings that they come from may need an index, and a standing is a few bytes.
    pub judged: Vec<Judged>,
    /// The findings, the worst first, then in the order of rule and subject.
    pub findings: Vec<Finding>,
    /// All that could not be seen, on both sides, and what could not be told apart.
    pub gaps: Vec<Arc<Gap>>,
    /// What changed since the earlier run.
    pub changes: Changes,
    /// How many of each standing, by kind.
    pub counts: Counts,
    /// The conclusion.
    pub verdict: Verdict,
    /// Which access makes its holder an administrator.
    pub administrators: Administrators,
    /// What is seen not to be administrative, or became so without approval: what the next run compares with.
    pub harmless: BTreeSet<PolicyHolder>,
    /// Differences that a change of the directory excuses or excused, by the findings that they would be, and since when
    /// runs of the job have shown them: what the next run compares with.
    pub pending: BTreeMap<Fingerprint, DateTime<Utc>>,
    /// Findings that changes of applied plans put in order: what the next run compares with.
    pub closed: BTreeMap<Fingerprint, Closure>,
    /// Rows of lists that the person whom they are for has reviewed: they have no reviewer.
    pub self_reviewed: BTreeSet<RowRef>,
    /// Every rule that was asked.
    pub rules: &'static [&'static Rule],
}

/// Who is who in the two halves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matching {
    /// By user of Identity Center.
    pub people: Vec<Option<Matched<Person>>>,
    /// By person.
    pub users: Vec<Option<Ix<User>>>,
    /// Users whose holder has left by another person of the lists than the one whom they were matched with.
    pub left_elsewhere: BTreeMap<Ix<User>, Ix<Person>>,
    /// By group of Identity Center.
    pub directory_groups: Vec<Option<Matched<DirectoryGroup>>>,
    /// How Identity Center is filled.
    pub provisioning: Provisioning,
    /// That hardly a user is a person of the lists, where that is so.
    pub unrecognized: Option<Unrecognized>,
    /// That groups look like the other setting of `expect.nested_groups`, where that is so.
    pub nesting_mismatch: Option<NestingMismatch>,
}

impl Matching {
    /// The person by whom the holder of a user has left, where one of the lists says so.
    #[must_use]
    pub fn leaver(&self, people: &Listing<Person>, user: Ix<User>) -> Option<Ix<Person>> {
        let own = self.people.get(user.number()).copied().flatten().map(|matched| matched.with);
        let own = own.filter(|person| people[*person].employment.is_over());
        own.or_else(|| self.left_elsewhere.get(&user).copied())
    }
}

/// How Identity Center is filled, by the settings or by what was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Provisioning {
    /// From where, where that is known.
    pub source: Option<IdentitySource>,
    /// Whether members of nested groups count.
    pub nesting: Nesting,
    /// Whether no external id is one of the lists' although both have some: they speak of another directory, or of one
    /// that was replaced.
    pub foreign_ids: bool,
    /// Groups that have none of those who are members by nested groups alone.
    pub like_direct: usize,
    /// Groups that have all of those who are members by nested groups alone.
    pub like_nested: usize,
}

/// The counterpart in the directory, and the key by which it was found.
#[derive(Debug, PartialEq, Eq)]
pub struct Matched<T> {
    /// The counterpart.
    pub with: Ix<T>,
    /// The key.
    pub by: MatchKey,
}

// Derives would demand the same traits of `T`, which is only a label here.
impl<T> Clone for Matched<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Matched<T> {}

/// The key by which two were matched, the surest first. Display names and common names never match people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchKey {
    /// The directory's GUID is the external id.
    Guid,
    /// The user principal name is the user name; a group's name is the group's name.
    Name,
    /// `sAMAccountName@domain` is the user name; `group@domain` is the group's name.
    NameAtDomain,
    /// The mail address is the user name or a mail address of the user.
    Mail,
}

/// What changed since the earlier run of the same job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Open findings that the earlier run did not have.
    pub new: Vec<Fingerprint>,
    /// Open findings that it had too.
    pub still_open: Vec<Fingerprint>,
    /// Findings that it had and this run does not, because AWS changed.
    pub resolved: Vec<Fingerprint>,
    /// Findings whose subject is there as before, and that a row of a list expects by now.
    pub listed: Vec<(Fingerprint, Listed)>,
    /// Findings of something that is missing as before, and that no row expects any more.
    pub no_longer_listed: Vec<Fingerprint>,
    /// Findings whose subject is there as before, and the finding that it is a part of by now.
    pub part_of: Vec<(Fingerprint, Fingerprint)>,
    /// Findings that it had open and that a waiver accepts by now: they still hold.
    pub accepted: Vec<Fingerprint>,
    /// Findings that it had, and of which nobody can say whether they still hold: a gap may hide them, or this run was
    /// not to look for them.
    pub out_of_sight: Vec<Fingerprint>,
    /// Of the resolved ones, those that a change of an applied plan put in order. The others changed outside Rollcall.
    pub by_change: Vec<Fingerprint>,
    /// Open findings that a change of an applied plan had put in order: the access is back.
    pub back: Vec<Fingerprint>,
}

/// By which rows something is expected that was a finding of the earlier run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// The row that expects it, or that says since then that a former employee is current.
    pub row: RowRef,
    /// The rows of lists that changed, and that expect what was part of the finding.
    pub further: Vec<RowRef>,
    /// Where the row's list is, byte for byte, one of the earlier run: the names of the lists that did change, or are gone.
    pub changed_instead: Option<Vec<String>>,
}

impl<'w> Report<'w> {
    /// The rule with this id.
    ///
    /// # Panics
    /// Where the id is not one of the report's own findings.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> &'static Rule {
        self.rules.iter().find(|rule| rule.id == id).expect("a finding's rule is one of the report's rules")
    }

    /// Findings that no waiver accepts.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.waiver.is_none())
    }

    /// Findings that a waiver accepts.
    pub fn waived(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.waiver.is_some())
    }

    /// Who reviewed a row; nobody reviews a row that is for themselves.
    #[must_use]
    pub fn reviewer_of(&self, row: RowRef) -> Option<&str> {
        let file = &self.world.expectation.files[row.file.number()];
        file.reviewer_of(row.line).filter(|_| !self.self_reviewed.contains(&row))
    }

    /// Whether this open finding is new since the earlier run. Without an earlier run nothing is called new.
    #[must_use]
    pub fn is_new(&self, finding: &Finding) -> bool {
        self.earlier().is_some() && self.changes.new.contains(&finding.fingerprint)
    }

    /// The earlier run of the same job.
    #[must_use]
    pub fn earlier(&self) -> Option<&'w Earlier> {
        self.world.earlier.as_ref()
    }

    /// How this subject stands; `None` for what is not judged (a list, a waiver).
    #[must_use]
    pub fn standing(&self, subject: Subject) -> Option<&Standing> {
        let position = self.judged.binary_search_by_key(&subject, |judged| judged.subject).ok()?;
        Some(&self.judged[position].standing)
    }

    /// The population, row by row: users of Identity Center by user, then groups without members, applications for
    /// everyone, and IAM users by account. Nothing is stored.
    pub fn access(&self) -> impl Iterator<Item = Access> + '_ {
        super::population::access(&self.world.snapshot)
    }

    /// The rows of the population that are about these users of Identity Center, user by user.
    pub fn access_of<'r>(&'r self, users: impl Iterator<Item = Ix<User>> + 'r) -> impl Iterator<Item = Access> + 'r {
        super::population::access_of(&self.world.snapshot, users)
    }
}
