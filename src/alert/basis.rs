//! What a run assessed, so that findings which it could not have had before are not called new: a rule, a kind of list, an
//! account or a service that is assessed for the first time.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::{AccountId, Finding, IamScope, Kind, Report, Subject};
use crate::wording;

/// What a run assessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The version of Rollcall.
    version: String,
    /// The rules that were applied.
    rules: BTreeSet<String>,
    /// The kinds that a list covered.
    kinds: BTreeSet<Kind>,
    /// Whether Identity Center was read.
    identity_center: bool,
    /// In which accounts IAM was read.
    iam: IamScope,
    /// The accounts that were left out.
    excluded: BTreeSet<AccountId>,
}

/// What is assessed for the first time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "which")]
pub enum First {
    /// By another version of Rollcall.
    Version(String),
    /// Identity Center.
    IdentityCenter,
    /// IAM, or IAM of further accounts.
    Iam,
    /// An account that was left out.
    Account(AccountId),
    /// A kind that no list covered.
    Kind(Kind),
    /// By a rule that was not applied.
    Rule(String),
}

impl Basis {
    /// What a report's run assessed.
    pub(super) fn of(report: &Report<'_>) -> Self {
        let off = &report.verdict.switched_off;
        let applied = report.rules.iter().map(|rule| rule.id).filter(|id| !off.contains(id));
        let listed = report.verdict.coverage.iter().filter(|(_, coverage)| coverage.listed);
        let scope = &report.world.snapshot.scope;
        Basis {
            version: report.world.stamp.version.clone(),
            rules: applied.map(|id| id.0.to_owned()).collect(),
            kinds: listed.map(|(kind, _)| *kind).collect(),
            identity_center: scope.identity_center,
            iam: scope.iam,
            excluded: scope.excluded.keys().copied().collect(),
        }
    }

    /// What a run assessed that this one did not.
    pub(super) fn first_in(&self, now: &Basis) -> BTreeSet<First> {
        let version = (self.version != now.version).then(|| First::Version(now.version.clone()));
        let identity_center = (!self.identity_center && now.identity_center).then_some(First::IdentityCenter);
        let iam = (extent(self.iam) < extent(now.iam)).then_some(First::Iam);
        let accounts = self.excluded.difference(&now.excluded).copied().map(First::Account);
        let kinds = now.kinds.difference(&self.kinds).copied().map(First::Kind);
        let rules = now.rules.difference(&self.rules).cloned().map(First::Rule);
        version.into_iter().chain(identity_center).chain(iam).chain(accounts).chain(kinds).chain(rules).collect()
    }
}

/// What of these is why a run has a finding; `None` where AWS or a list changed.
pub(super) fn why(report: &Report<'_>, finding: &Finding, first: &BTreeSet<First>) -> Option<First> {
    let kind = finding.subject.kind();
    let of_iam = match kind {
        Some(Kind::IamUser | Kind::Policy | Kind::Trust) => true,
        Some(
            Kind::User
            | Kind::Group
            | Kind::Membership
            | Kind::Assignment
            | Kind::Application
            | Kind::Entitlement
            | Kind::PermissionSet,
        ) => false,
        None => matches!(finding.subject, Subject::Root(_)),
    };
    let account = report.world.describe(finding.subject).place.id();
    let candidates = [
        Some(First::Rule(finding.rule.0.to_owned())),
        Some(if of_iam { First::Iam } else { First::IdentityCenter }),
        account.map(First::Account),
        kind.map(First::Kind),
    ];
    candidates.into_iter().flatten().find(|candidate| first.contains(candidate))
}

/// How far a scope reaches.
fn extent(scope: IamScope) -> u8 {
    match scope {
        IamScope::Nowhere => 0,
        IamScope::CallerAccount => 1,
        IamScope::Organization => 2,
    }
}

/// What is assessed for the first time, each with how many findings follow from it.
pub(super) fn sentences(first: &BTreeMap<First, usize>) -> Vec<String> {
    first.iter().map(|(first, findings)| sentence(first, *findings)).collect()
}

fn sentence(first: &First, findings: usize) -> String {
    let what = match first {
        First::Version(version) => {
            return format!("This report was made by Rollcall {version}, the last message by another version");
        }
        First::IdentityCenter => "Identity Center is read for the first time".to_owned(),
        First::Iam => "IAM is read in further accounts for the first time".to_owned(),
        First::Account(account) => format!("Account {account} is no longer excluded"),
        First::Kind(kind) => format!("Lists cover {} for the first time", wording::kind_word(*kind)),
        First::Rule(rule) => format!("Rule `{rule}` is applied for the first time"),
    };
    format!("{what}: {}", wording::count(findings, "finding"))
}
