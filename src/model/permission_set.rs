//! Permission sets: what each allows, and where it is assigned.

use std::sync::Arc;

use super::canonical_json::{digest, document};
use super::{Account, Gap, Ix, Known, Listing, PermissionSetArn, Principal};

/// A permission set, and where it is assigned to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSet {
    /// Its ARN.
    pub arn: PermissionSetArn,
    /// Its name; the ARN again where the name is not known.
    pub name: String,
    /// Why its name is not known, where it is not: then no row can be said not to mean it.
    pub unnamed: Option<Arc<Gap>>,
    /// What it allows.
    pub policies: Known<PermissionSetPolicies>,
    /// How long a session lasts (ISO 8601), where AWS said so.
    pub session_duration: Option<String>,
    /// The accounts that it is provisioned to, each with its principals.
    pub placements: Listing<Placement>,
    /// The accounts in which an older version of it is in force: it was changed, and not provisioned there since.
    pub outdated: Listing<Ix<Account>>,
}

/// The policies of a permission set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PermissionSetPolicies {
    /// ARNs of AWS-managed policies.
    pub aws_managed: Vec<String>,
    /// Names of customer-managed policies, which each account defines for itself.
    pub customer_managed: Vec<String>,
    /// The inline policy's document, as JSON.
    pub inline: Option<String>,
    /// The policy that limits all the others, where there is one.
    pub boundary: Option<Boundary>,
}

/// A permissions boundary: what it does not allow, no policy beside it can give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Boundary {
    /// The ARN of an AWS-managed policy.
    AwsManaged(String),
    /// The name of a customer-managed policy, which each account defines for itself.
    CustomerManaged(String),
}

impl PermissionSetPolicies {
    /// Whether they say all that the permission set allows: none of them is defined by each account for itself.
    #[must_use]
    pub fn is_self_contained(&self) -> bool {
        let of_account = matches!(self.boundary, Some(Boundary::CustomerManaged(_)));
        self.customer_managed.is_empty() && !of_account
    }

    /// The digest of what they allow: the same for the same policies, however their documents are laid out. SHA-256 of
    /// their canonical JSON, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut allowed = serde_json::json!({
            "aws_managed": self.aws_managed,
            "customer_managed": self.customer_managed,
            "inline": self.inline.as_deref().map(document),
        });
        // Left out where there is none, so that digests stay what they were before boundaries were read.
        match &self.boundary {
            Some(Boundary::AwsManaged(arn)) => allowed["boundary"] = serde_json::json!({ "aws_managed": arn }),
            Some(Boundary::CustomerManaged(name)) => {
                allowed["boundary"] = serde_json::json!({ "customer_managed": name });
            }
            None => {}
        }
        digest(&allowed)
    }
}

/// A permission set in one account, with its principals there. Ordered by account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The account.
    pub account: Ix<Account>,
    /// Who is assigned the permission set in that account.
    pub principals: Listing<Principal>,
}
