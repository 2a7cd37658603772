//! `leaver-with-key`: somebody who has left answers for an IAM user with an active access key.
//!
//! An IAM user of a leaver is one finding: of this rule where it has an active key (for all services or for one, a signing certificate too),
//! because a key needs no sign-in and whoever made it may have taken it along; of `leaver-with-access` where it has a
//! password only, or remains.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Credentials, Evidence, Finding, IamAccount, IamUser, Ix, Rule, RuleId, Severity, Subject};

/// See the file.
pub(super) const RULE: Rule = Rule {
    id: RuleId("leaver-with-key"),
    severity: Severity::High,
    title: "IAM user {who} in {place} has an active access key, but its owner has left",
    meaning: "A former employee owns an IAM user with an active access key, signing certificate or service-specific \
              credential, and may still have it.",
    advice: "Replace the key in IAM and delete the old one. Then name a new owner in `iam-users.csv` (or in the \
             user's `owner` tag), or delete the user.",
};

/// See [`RULE`]: the title of another case of it.
const CERTIFICATE: &str = "IAM user {who} in {place} has an active signing certificate, but its owner has left";

/// See [`RULE`]: the title of another case of it.
const SERVICE_ONLY: &str = "IAM user {who} in {place} has active service-specific credentials, but its owner has left";

/// See [`RULE`]: the title of another case of it.
const NO_LONGER_SAID: &str = "IAM user {who} in {place} has active keys; its owner had left according to the run of \
                              {then}, but no list says so any more";

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let said = case.iam_users_of_leavers().filter_map(|(account, user, row)| {
        let (finding, credentials) = of_iam_user(case, account, user, vec![Evidence::Row(row)])?;
        let title = match (credentials.active_keys, credentials.active_certificates) {
            (0, 0) => SERVICE_ONLY,
            (0, _) => CERTIFICATE,
            (_, _) => RULE.title,
        };
        Some(finding.titled(title))
    });
    let remembered = case.former_employees.iam_users.iter().filter_map(|(&(account, user), known)| {
        let (finding, _) = of_iam_user(case, account, user, known.evidence())?;
        Some(finding.titled(NO_LONGER_SAID))
    });
    said.chain(remembered).collect()
}

/// The finding about an IAM user, where it has a key of any kind.
fn of_iam_user<'c>(
    case: &Case<'c>,
    account: Ix<IamAccount>,
    user: Ix<IamUser>,
    mut evidence: Vec<Evidence>,
) -> Option<(Finding, &'c Credentials)> {
    let credentials = case.iam_user(account, user).credentials.is().filter(|credentials| credentials.has_keys())?;
    let administrative = case.administrative_user(account, user);
    let (severity, administrative) = raised_by(RULE.severity, &administrative);
    evidence.extend(case.owner_contradicted(account, user));
    evidence.extend(keys(credentials));
    evidence.extend(case.owner_of(account, user).map(Evidence::Owner));
    evidence.extend(administrative);
    evidence.extend(case.policies_of(account, user).map(Evidence::Holds));
    Some((case.finding(&RULE, severity, Subject::IamUser(account, user), evidence), credentials))
}

/// The keys that somebody may have taken along.
fn keys(credentials: &Credentials) -> impl Iterator<Item = Evidence> {
    let access = Some(credentials.active_keys).filter(|&keys| keys > 0).map(Evidence::ActiveKeys);
    let certificates =
        Some(credentials.active_certificates).filter(|&active| active > 0).map(Evidence::SigningCertificates);
    let service = credentials.service_credentials.filter(|&active| active > 0).map(Evidence::ServiceCredentials);
    access.into_iter().chain(certificates).chain(service)
}
