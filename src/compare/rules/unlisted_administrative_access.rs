//! `unlisted-administrative-access`: nobody wrote down who may be an administrator, and somebody is one. What no list
//! speaks for is otherwise not judged; this much is.

use std::collections::{BTreeMap, BTreeSet};

use crate::compare::became_administrative;
use crate::compare::rule_context::{Case, raised_by};
use crate::model::{
    Administrative, Evidence, Finding, Group, IamAccount, IamUser, Ix, PermissionSet, Principal, Rule, RuleId,
    Severity, Standing, Subject,
};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unlisted-administrative-access"),
    severity: Severity::High,
    title: "{Holder} has administrative access through {set} in {accounts}; no expected list covers this access",
    meaning: "Administrative access exists that no expected list covers.",
    advice: "Create the list (`assignments.csv`, `entitlements.csv`, `iam-users.csv`, or an export of a group's \
             members), administrative access first. Then a run can assess it.",
};

/// See [`RULE`]: the title of another case of it.
const GROWN: &str = "Permission set {set} became administrative; no expected list says what it may allow";

/// See [`RULE`]: the title of another case of it.
const GROUP: &str = "Group {who} gives administrative access; no expected list covers its members";

/// See [`RULE`]: the title of another case of it.
const ENTITLEMENT: &str = "{Holder} is entitled to role {role} in {place}, which is administrative; no expected list \
                           covers this access";

/// See [`RULE`]: the title of another case of it.
const IAM_USER: &str = "IAM user {who} in {place} is administrative; no expected list covers this access";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = by_permission_set(case);
    findings.extend(by_entitlement(case));
    findings.extend(by_policy(case));
    findings.extend(by_growth(case));
    findings.extend(by_membership(case));
    findings
}

/// Permission sets that became administrative behind assignments that a list expects, where none says what they may
/// allow.
fn by_growth(case: &Case<'_>) -> Vec<Finding> {
    let snapshot = &case.world.snapshot;
    let grown = case.judged.iter().filter_map(|judged| {
        let (Subject::PermissionSet(set), Standing::Unlisted) = (judged.subject, &judged.standing) else { return None };
        let administrative = case.administrative(set);
        let was_harmless = became_administrative::was_harmless_set(case.world, &snapshot.permission_sets[set]);
        let became = case.became(was_harmless, administrative)?;
        let mut assignments = case.assignments_of(set).peekable();
        assignments.peek()?;
        let expected = |held: &Subject| !matches!(case.standing(*held), Standing::Unlisted | Standing::Unintended(_));
        let held: Vec<Evidence> = assignments.filter(expected).map(Evidence::Holds).collect();
        let (severity, administrative) = raised_by(RULE.severity, administrative);
        let evidence: Vec<Evidence> = [became].into_iter().chain(administrative).chain(held.iter().cloned()).collect();
        (!held.is_empty()).then(|| case.finding(&RULE, severity, judged.subject, evidence).titled(GROWN))
    });
    grown.collect()
}

/// One finding for a group that gives administrative access, where no list says who is in it. What nobody wrote down of
/// the group itself is a cause of its own.
fn by_membership(case: &Case<'_>) -> Vec<Finding> {
    let mut members: BTreeMap<Ix<Group>, Vec<Subject>> = BTreeMap::new();
    for judged in case.judged {
        if let (Subject::Membership(group, _), Standing::Unlisted) = (judged.subject, &judged.standing) {
            members.entry(group).or_default().push(judged.subject);
        }
    }
    let administrators = members.into_iter().filter_map(|(group, members)| {
        let grants: Vec<Subject> = case.grants(Principal::Group(group)).collect();
        let administrative = |grant: &Subject| case.administrative_among([*grant]);
        let grants: Vec<Subject> =
            grants.into_iter().filter(|grant| matches!(administrative(grant), Administrative::Yes(_))).collect();
        let Administrative::Yes(how) = administrative(grants.first()?) else { return None };
        let is_told = grants.iter().any(|grant| matches!(case.standing(*grant), Standing::Unlisted));
        if is_told || case.is_own_cause(Principal::Group(group)) {
            return None;
        }
        let mut evidence = vec![Evidence::Administrative(how)];
        evidence.extend(grants.into_iter().chain(members).map(Evidence::Holds));
        Some(case.finding(&RULE, RULE.severity, Subject::Group(group), evidence).titled(GROUP))
    });
    administrators.collect()
}

/// One finding for a principal and a permission set, in however many accounts.
fn by_permission_set(case: &Case<'_>) -> Vec<Finding> {
    let mut held: BTreeMap<(Ix<PermissionSet>, Principal), Vec<Subject>> = BTreeMap::new();
    for judged in case.judged {
        if let (Subject::Assignment(_, set, principal), Standing::Unlisted) = (judged.subject, &judged.standing)
            && !case.is_own_cause(principal)
        {
            held.entry((set, principal)).or_default().push(judged.subject);
        }
    }
    held.into_iter()
        .filter_map(|((set, principal), assignments)| {
            let Administrative::Yes(how) = case.administrative(set) else { return None };
            let mut evidence = vec![Evidence::Administrative(how.clone())];
            evidence.extend(assignments.into_iter().map(Evidence::Holds));
            Some(case.finding(&RULE, RULE.severity, Subject::PermissionSetOf(set, principal), evidence))
        })
        .collect()
}

fn by_entitlement(case: &Case<'_>) -> Vec<Finding> {
    let unlisted = case.judged.iter().filter_map(|judged| match (judged.subject, &judged.standing) {
        (Subject::Entitlement(entitled, entitlement), Standing::Unlisted) => {
            let principal = case.world.snapshot.entitled[entitled].entitlements[entitlement].principal;
            match case.administrative_entitlement(entitled, entitlement) {
                Administrative::Yes(how) if !case.is_own_cause(principal) => Some((judged.subject, how)),
                Administrative::Yes(_) | Administrative::No | Administrative::Unknown(_) => None,
            }
        }
        _ => None,
    });
    unlisted
        .map(|(subject, how)| {
            let evidence = vec![Evidence::Administrative(how)];
            case.finding(&RULE, RULE.severity, subject, evidence).titled(ENTITLEMENT)
        })
        .collect()
}

/// One finding for an IAM user: what one policy allows may need another one, and a boundary may take it away.
fn by_policy(case: &Case<'_>) -> Vec<Finding> {
    let mut users: BTreeSet<(Ix<IamAccount>, Ix<IamUser>)> = BTreeSet::new();
    for judged in case.judged {
        if let (Subject::Policy(account, user, _), Standing::Unlisted) = (judged.subject, &judged.standing) {
            users.insert((account, user));
        }
    }
    // An IAM user whom nobody expects, or whose owner has left, is a cause of its own.
    users.retain(|&(account, user)| !matches!(case.standing(Subject::IamUser(account, user)), Standing::Unintended(_)));
    let administrators = users.into_iter().filter_map(|(account, user)| {
        let Administrative::Yes(how) = case.administrative_user(account, user) else { return None };
        let evidence = vec![Evidence::Administrative(how)];
        Some(case.finding(&RULE, RULE.severity, Subject::IamUser(account, user), evidence).titled(IAM_USER))
    });
    administrators.collect()
}
