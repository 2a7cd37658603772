//! `leaver-with-key`: somebody who has left answers for an IAM user with an active access key.
//!
//! An IAM user of a leaver is one finding: of this rule where it has an active key (for all services or for one, a signing certificate too),
//! because a key needs no sign-in and whoever made it may have taken it along; of `leaver-with-access` where it has a
//! password only, or remains.

use crate::compare::rule_context::{Case, raised_by};
use crate::model::{Credentials, Evidence, Finding, Rule, RuleId, Severity, Subject};

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

pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let with_key = case.iam_users_of_leavers().filter_map(|(account, user, row)| {
        let credentials = case.iam_user(account, user).credentials.is()?;
        credentials.has_keys().then_some((account, user, row, credentials))
    });
    with_key
        .map(|(account, user, row, credentials)| {
            let administrative = case.administrative_user(account, user);
            let (severity, administrative) = raised_by(RULE.severity, &administrative);
            let mut evidence = vec![Evidence::Row(row)];
            evidence.extend(case.owner_contradicted(account, user));
            evidence.extend(keys(credentials));
            evidence.extend(case.owner_of(account, user).map(Evidence::Owner));
            evidence.extend(administrative);
            evidence.extend(case.policies_of(account, user).map(Evidence::Holds));
            let title = match (credentials.active_keys, credentials.active_certificates) {
                (0, 0) => SERVICE_ONLY,
                (0, _) => CERTIFICATE,
                (_, _) => RULE.title,
            };
            case.finding(&RULE, severity, Subject::IamUser(account, user), evidence).titled(title)
        })
        .collect()
}

/// The keys that somebody may have taken along.
fn keys(credentials: &Credentials) -> impl Iterator<Item = Evidence> {
    let access = Some(credentials.active_keys).filter(|&keys| keys > 0).map(Evidence::ActiveKeys);
    let certificates =
        Some(credentials.active_certificates).filter(|&active| active > 0).map(Evidence::SigningCertificates);
    let service = credentials.service_credentials.filter(|&active| active > 0).map(Evidence::ServiceCredentials);
    access.into_iter().chain(certificates).chain(service)
}
