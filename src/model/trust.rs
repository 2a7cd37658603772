//! Whom a role trusts, and under which conditions.

use serde::{Deserialize, Serialize};

use super::canonical_json::digest;
use super::{AccountId, Condition};

/// A principal that a role's trust policy lets assume it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// Who.
    pub trusted: Trusted,
    /// The conditions, in order: one entry for each statement that lets them, with all that must hold together. Each
    /// statement is enough alone.
    pub terms: Vec<Vec<Condition>>,
}

impl Trust {
    /// The keys of the conditions that must hold, in order; empty where one statement asks for none.
    #[must_use]
    pub fn condition_keys(&self) -> Vec<&str> {
        // Each statement is enough, so the one that asks for least says what is needed.
        let least = self.terms.iter().min_by_key(|conditions| conditions.len());
        let mut keys: Vec<&str> = least.into_iter().flatten().map(|condition| condition.key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The digest of who is trusted under which conditions, in hexadecimal: the same however the trust policy is laid
    /// out.
    #[must_use]
    pub fn digest(&self) -> String {
        let condition = |condition: &Condition| {
            let key = condition.key.to_ascii_lowercase();
            serde_json::json!({ "operator": condition.operator, "key": key, "values": condition.values })
        };
        let terms: Vec<Vec<_>> = self.terms.iter().map(|terms| terms.iter().map(condition).collect()).collect();
        digest(&serde_json::json!({ "trusted": self.trusted.name(), "under": terms }))
    }
}

/// Who can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trusted {
    /// Anyone in any AWS account.
    Anyone,
    /// Everyone in an organization, by its id.
    Organization(String),
    /// An account, or with an ARN one principal of it.
    Account(AccountId, Option<String>),
    /// A SAML provider, by its ARN.
    Saml(String),
    /// An OpenID Connect provider: host and path (`token.actions.githubusercontent.com`).
    Oidc(String),
    /// A service of AWS.
    Service(String),
    /// A principal that is gone: IAM writes its unique id in the place of its ARN, and nobody can be it again.
    Gone(String),
}

impl Trusted {
    /// How a trust policy writes the organization of the role itself: as a variable.
    pub const OWN_ORGANIZATION: &str = "${aws:ResourceOrgID}";

    /// What `trusts.csv` calls them: `*`, an organization's or an account's id, an ARN, a provider's host and path.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Trusted::Anyone => "*".to_owned(),
            Trusted::Account(account, None) => account.to_string(),
            Trusted::Organization(name)
            | Trusted::Account(_, Some(name))
            | Trusted::Saml(name)
            | Trusted::Oidc(name)
            | Trusted::Service(name)
            | Trusted::Gone(name) => name.clone(),
        }
    }
}

/// What a row of `trusts.csv` says about the conditions of the trust that it expects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrustConditions {
    /// Nothing: then the trust must have the conditions that its kind of principal needs.
    #[default]
    Unsaid,
    /// That none is asked for: any trust meets the row, with conditions or without.
    Any,
    /// The digest of the trust as it was approved: see [`Trust::digest`].
    Digest(String),
    /// Keys and patterns: each statement must have, for each key, a condition that admits only what a pattern of the
    /// key fits.
    Of(Vec<(String, String)>),
}

impl TrustConditions {
    /// Whether the row says nothing.
    #[must_use]
    pub fn is_unsaid(&self) -> bool {
        *self == TrustConditions::Unsaid
    }
}
