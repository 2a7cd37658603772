//! Changes of IAM users for findings.

use std::collections::BTreeMap;

use super::NotPlanned;
use crate::change::names;
use crate::change::{Change, IamUserRef, Step};
use crate::model::{Finding, IamAccount, IamPolicy, IamUser, IamUserRow, Ix, Known, PolicyWay, Report, Subject};

/// Disables an IAM user.
pub(super) fn disable(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let (user, entry) = user(report, finding)?;
    let is_disabled = matches!(&entry.credentials, Known::Is(credentials) if !credentials.live());
    if is_disabled {
        return Err(NotPlanned::NothingLeft { user: entry.name.clone() });
    }
    Ok(vec![Change::DisableIamUser { user }.into()])
}

/// Deactivates the access keys of an IAM user; where it has other credentials that work without a sign-in, all that it
/// has.
pub(super) fn close_keys(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let (user, entry) = user(report, finding)?;
    let only_keys = entry.credentials.is().is_some_and(|credentials| {
        credentials.active_keys > 0
            && credentials.active_certificates == 0
            && credentials.service_credentials.is_none_or(|active| active == 0)
    });
    match only_keys {
        true => Ok(vec![Change::DeactivateIamKey { user, key: None }.into()]),
        false => Ok(vec![Change::DisableIamUser { user }.into()]),
    }
}

/// Makes an IAM user with the policies that its row lists, without console and without key.
pub(super) fn create(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let Subject::DueIamUser(row) = finding.subject else { return Err(NotPlanned::NoChange) };
    let row = &report.world.expectation.iam_users[row];
    let of = account(report, row)?;
    let policies = row.policies.iter().flatten();
    let policies = policies.map(|policy| names::policy(&report.world.snapshot, of, policy));
    let change = Change::CreateIamUser {
        account: row.account,
        name: row.name.clone(),
        path: "/".to_owned(),
        tags: BTreeMap::new(),
        boundary: None,
        policies: policies.collect::<Result<_, _>>()?,
        groups: Vec::new(),
        console: false,
    };
    Ok(vec![change.into()])
}

/// Detaches a policy that no list expects.
pub(super) fn detach(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let Subject::Policy(account, user, policy) = finding.subject else { return Err(NotPlanned::NoChange) };
    let snapshot = &report.world.snapshot;
    let entry = &snapshot.iam[account.number()].users[user];
    let IamPolicy { way, name, arn, .. } = &entry.policies[policy.number()];
    match (way, arn) {
        (PolicyWay::Attached, Some(arn)) => {
            let user = names::iam_user_ref(snapshot, account, entry)?;
            Ok(vec![Change::DetachIamPolicy { user, policy: arn.clone() }.into()])
        }
        (PolicyWay::Attached | PolicyWay::Inline | PolicyWay::Group(_), _) => {
            Err(NotPlanned::NotAttached { policy: name.clone() })
        }
    }
}

/// Attaches a policy that a row expects.
pub(super) fn attach(report: &Report<'_>, finding: &Finding) -> Result<Vec<Step>, NotPlanned> {
    let Subject::DuePolicy(row, number) = finding.subject else { return Err(NotPlanned::NoChange) };
    let row = &report.world.expectation.iam_users[row];
    let of = account(report, row)?;
    let named = row.policies.as_ref().and_then(|policies| policies.get(number as usize)).ok_or(NotPlanned::NoChange)?;
    let user = names::iam_user(&report.world.snapshot, of, &row.name)?;
    let policy = names::policy(&report.world.snapshot, of, named)?;
    Ok(vec![Change::AttachIamPolicy { user, policy }.into()])
}

fn account(report: &Report<'_>, row: &IamUserRow) -> Result<Ix<IamAccount>, NotPlanned> {
    let snapshot = &report.world.snapshot;
    Ok(names::iam_account(snapshot, names::account(snapshot, &row.account.to_string())?)?)
}

fn user<'r>(report: &'r Report<'_>, finding: &Finding) -> Result<(IamUserRef, &'r IamUser), NotPlanned> {
    let Subject::IamUser(account, user) = finding.subject else { return Err(NotPlanned::NoChange) };
    let snapshot = &report.world.snapshot;
    let entry = &snapshot.iam[account.number()].users[user];
    Ok((names::iam_user_ref(snapshot, account, entry)?, entry))
}
