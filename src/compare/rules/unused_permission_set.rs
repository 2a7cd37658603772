//! `unused-permission-set`: nobody used the role of a permission set in an account for longer than the settings allow. IAM
//! keeps the last use of a role for 400 days; where it has none, nothing is found.

use std::collections::BTreeMap;

use crate::compare::reserved_roles;
use crate::compare::rule_context::Case;
use crate::model::{Account, Evidence, Finding, Ix, Rule, RuleId, Severity, Subject, Used};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("unused-permission-set"),
    severity: Severity::Low,
    title: "Permission set {set} has not been used in {idle} for a long time",
    meaning: "The role of a permission set in an account was last used longer ago than `rules.unused_after`. Without \
              this setting, the rule finds nothing; nor does it where AWS has no last use.",
    advice: "Ask the account's owner whether somebody needs the access. If not, remove its assignments there.",
};

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let (snapshot, as_of) = (&case.world.snapshot, case.world.stamp.as_of);
    let Some(allowed) = case.world.policy.unused_after else { return Vec::new() };
    let mut used: BTreeMap<&str, Vec<(Ix<Account>, _)>> = BTreeMap::new();
    for iam in &snapshot.iam {
        for role in iam.roles.seen() {
            let set = reserved_roles::permission_set(snapshot, role).and_then(|set| set.seen());
            if let (Some(set), Some(at)) = (set, role.last_used.filter(|at| as_of - *at > allowed)) {
                used.entry(&set.name).or_default().push((iam.account, at));
            }
        }
    }
    let sets = snapshot.permission_sets.positions().filter_map(|(set, entry)| Some((set, used.get(&*entry.name)?)));
    sets.map(|(set, places)| {
        let evidence = places.iter().map(|(place, at)| Evidence::LastUsed(Used::RoleIn(*place), *at)).collect();
        case.finding(&RULE, RULE.severity, Subject::PermissionSet(set), evidence)
    })
    .collect()
}
