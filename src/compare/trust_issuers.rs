//! Issuers of OpenID Connect tokens: whom customers of all the world share, and which is one customer's alone.
//!
//! Sources: the documentation of each issuer on how AWS is to trust it.

use crate::model::fits;

/// Issuers of tokens that customers of all the world share, and by which words a subject begins there that says whose
/// token it is; none where its form is not known. Only that tells it from the tokens of all other customers. That a
/// workflow of GitHub calls a customer's (`job_workflow_ref`) does not: everybody's may.
const SHARED: [(&str, &[&str]); 15] = [
    ("accounts.google.com", &[]),
    ("agent.buildkite.com", &["organization"]),
    ("api.gitpod.io/idp", &[]),
    ("api.pulumi.com/oidc", &[]),
    ("app.terraform.io", &["organization"]),
    ("gitlab.com", &["namespace_id", "namespace_path", "project_id", "project_path"]),
    ("graph.facebook.com", &[]),
    ("login.env0.com", &[]),
    ("oidc.cirrus-ci.com", &[]),
    ("oidc.codefresh.io", &["account"]),
    ("oidc.modal.com", &[]),
    ("oidc.vercel.com", &["owner"]),
    (
        "token.actions.githubusercontent.com",
        &["enterprise", "repo", "repository", "repository_id", "repository_owner", "repository_owner_id"],
    ),
    ("vstoken.dev.azure.com", &["sc"]),
    ("www.amazon.com", &[]),
];

/// Where the audience says whose token it is: it is the id of a customer's application, or of its pool of identities.
pub(super) const AUDIENCE_TELLS: [&str; 4] = [COGNITO, "accounts.google.com", "graph.facebook.com", "www.amazon.com"];

/// The issuer of every pool of identities in AWS.
pub(super) const COGNITO: &str = "cognito-identity.amazonaws.com";

/// Issuers, each of which is one customer's alone: its name stands in the host or in the path.
const OF_ONE_CUSTOMER: [&str; 17] = [
    "*.app.spacelift.io",
    "*.auth0.com",
    "*.okta-emea.com",
    "*.okta.com",
    "*.okta.com/*",
    "*.oktapreview.com",
    "*.onelogin.com/*",
    "*.semaphoreci.com",
    "api.bitbucket.org/2.0/workspaces/*",
    "app.harness.io/ng/api/oidc/account/*",
    "cognito-idp.*.amazonaws.com/*",
    "container.googleapis.com/v1/projects/*",
    "login.microsoftonline.com/*",
    "oidc.circleci.com/org/*",
    "oidc.fly.io/*",
    "oidc.vercel.com/*",
    "sts.windows.net/*",
];

/// Those among them that are everybody's.
const OF_EVERYBODY: [&str; 6] = [
    // The tenant of personal accounts.
    "*/9188040d-6c67-4c5b-b112-36a304b66dad*",
    "login.microsoftonline.com/common*",
    "login.microsoftonline.com/consumers*",
    "login.microsoftonline.com/organizations*",
    "login.okta.com",
    "login.okta.com/*",
];

/// By which words a subject begins, where an issuer is known to be shared.
pub(super) fn words(issuer: &str) -> Option<&'static [&'static str]> {
    let is = |known: &str| issuer.trim_end_matches('/').eq_ignore_ascii_case(known);
    SHARED.iter().find(|(known, _)| is(known)).map(|(_, words)| *words)
}

/// Whether an issuer is known to give tokens to one customer alone.
pub(super) fn is_of_one_customer(issuer: &str) -> bool {
    let among = |patterns: &[&str]| patterns.iter().any(|pattern| fits(pattern, issuer));
    words(issuer).is_none() && among(&OF_ONE_CUSTOMER) && !among(&OF_EVERYBODY)
}
