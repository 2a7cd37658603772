//! `differing-policy`: what an IAM user's policies allow is not what was approved, by whatever way the user has them.

use crate::compare::administrative;
use crate::compare::became_administrative;
use crate::compare::rule_context::{Case, raised_by};
use crate::model::{
    Evidence, Finding, IamAccount, IamPolicy, IamUser, IamUserRow, Ix, Naming, PolicyCell, RowRef, Rule, RuleId,
    Severity, Standing, Subject,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("differing-policy"),
    severity: Severity::High,
    title: "The policies of IAM user {who} in {place} differ from what was approved",
    meaning: "The policies of an IAM user differ from what its row in `iam-users.csv` approves. The digest differs, \
              administrative access is not approved, or a policy only shares the name of an AWS managed policy.",
    advice: "Check what changed in the user's policies, including those of its groups. Revert it in IAM, or have it \
             approved and update the row (`digest`, `administrative`, `policies`).",
};

/// See [`RULE`]: the title of another case of it.
const UNAPPROVED: &str = "IAM user {who} in {place} is an administrator; its row does not approve this";

/// See [`RULE`]: the title of another case of it.
const NOT_OF_AWS: &str =
    "IAM user {who} in {place} has a policy {policy} that is not the AWS managed policy in its row";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let differing = case.judged.iter().filter_map(|judged| {
        let Standing::Differs(row) = judged.standing else { return None };
        if let Subject::IamUser(account, user) = judged.subject {
            Some(of_user(case, account, user, row))
        } else if let Subject::Policy(account, user, policy) = judged.subject {
            of_policy(case, account, user, policy, row)
        } else {
            None
        }
    });
    differing.collect()
}

fn of_user(case: &Case<'_>, account: Ix<IamAccount>, user: Ix<IamUser>, row: RowRef) -> Finding {
    let entry = case.iam_user(account, user);
    let listed = listed(case, row);
    let judged = case.administrative_user(account, user);
    let iam = &case.world.snapshot.iam[account.number()];
    let became = case.became(became_administrative::was_harmless_user(case.world, iam, entry), &judged);
    let (severity, administrative) = raised_by(RULE.severity, &judged);
    let mut evidence = vec![Evidence::Row(row)];
    let mut title = RULE.title;
    match (listed.and_then(|row| row.digest.clone()), listed.and_then(|row| row.administrative)) {
        (Some(approved), _) if entry.policies_digest().is_some_and(|now| now != approved) => {
            evidence.extend(entry.policies_digest().map(|now| Evidence::Digest { now, approved }));
        }
        (_, Some(false)) => evidence.push(Evidence::NotToAdminister),
        (_, Some(true) | None) => {
            title = UNAPPROVED;
            evidence.push(Evidence::ToApprove("administrative", "yes".to_owned()));
        }
    }
    evidence.extend(became);
    evidence.extend(administrative);
    evidence.extend(case.policies_of(account, user).map(Evidence::Holds));
    case.finding(&RULE, severity, Subject::IamUser(account, user), evidence).titled(title)
}

/// A policy that has the name of one of AWS's, and is none.
fn of_policy(
    case: &Case<'_>,
    account: Ix<IamAccount>,
    user: Ix<IamUser>,
    place: Ix<IamPolicy>,
    row: RowRef,
) -> Option<Finding> {
    // What an IAM user holds whom nobody expects belongs to that cause, and so does what another digest tells.
    let of_known = match case.standing(Subject::IamUser(account, user)) {
        Standing::Expected(_) => true,
        Standing::Differs(_) => listed(case, row).is_some_and(|row| row.digest.is_none()),
        Standing::Pending(_)
        | Standing::Unintended(_)
        | Standing::Missing(..)
        | Standing::Unknown(_)
        | Standing::Unlisted => false,
    };
    let policy = &case.iam_user(account, user).policies[place.number()];
    let judged = administrative::iam_policy(policy, case.place(account));
    let (severity, administrative) = raised_by(Severity::Medium, &judged);
    let cells = listed(case, row).and_then(|row| row.policies.as_ref());
    let approving = cells.into_iter().flatten().map(|cell| {
        let is_it = PolicyCell::parse(cell).is_ok_and(|cell| cell.naming(policy) == Naming::NameOnly);
        if is_it { policy.cell() } else { cell.clone() }
    });
    let mut evidence = vec![Evidence::Row(row), Evidence::NotOfAws { inline: policy.arn.is_none() }];
    evidence.push(Evidence::ToApprove("policies", approving.collect::<Vec<_>>().join(";")));
    // The name of a policy that AWS does not keep approves no administrator.
    evidence.extend(judged.is_yes().then(|| Evidence::ToApprove("administrative", "yes".to_owned())));
    evidence.extend(administrative);
    of_known.then(|| case.finding(&RULE, severity, Subject::Policy(account, user, place), evidence).titled(NOT_OF_AWS))
}

fn listed<'a>(case: &Case<'a>, row: RowRef) -> Option<&'a IamUserRow> {
    case.world.expectation.iam_users.look_up(&row, |listed| listed.row).seen()
}
