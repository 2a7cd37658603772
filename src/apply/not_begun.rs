//! Why a plan was not begun, or not continued: nothing was sent.

use std::time::Duration;

use crate::aws::failure::Failure;
use crate::store::StoreError;

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    /// A sign-in failed.
    #[error("cannot sign in to AWS as the {0}")]
    SignIn(&'static str, #[source] Failure),
    /// The observer and the operator are one principal.
    #[error("the operator must be another principal than the one that reads: both are `{0}`")]
    SamePrincipal(String),
    /// The operator's calls go to another endpoint than the plan's answers came from.
    #[error("the operator's calls go to {operator}, and the plan was made with {plan}")]
    OtherEndpoint {
        /// Where the operator's calls go.
        operator: String,
        /// Where the plan's answers came from.
        plan: String,
    },
    /// The plan is for another region than the one of this sign-in.
    #[error("the plan is for the region `{plan}`, and this sign-in is for `{here}`")]
    OtherRegion {
        /// The plan's.
        plan: String,
        /// The sign-in's.
        here: String,
    },
    /// Another process applies a plan.
    #[error("another process is applying a plan with this store; its claim holds for {} seconds", .0.as_secs())]
    Busy(Duration),
    /// The store cannot be used.
    #[error("the store cannot be used, and without a journal nothing is changed")]
    Store(#[from] StoreError),
}

impl NotBegun {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        let help = match self {
            NotBegun::SignIn(_, failure) => return failure.help().map(str::to_owned),
            NotBegun::Store(error) => return error.help(),
            NotBegun::SamePrincipal(_) => {
                "set `operator.role` and `operator.member_role` to roles that Rollcall does not read with, and sign in as a \
                 principal that may assume them"
            }
            NotBegun::OtherEndpoint { .. } => {
                "use one endpoint for all services (AWS_ENDPOINT_URL) or none, and make the plan again there"
            }
            NotBegun::OtherRegion { .. } => "set `aws.region` as it was when the plan was made, or make the plan again",
            NotBegun::Busy(_) => {
                "run the command again when the other one has ended; after a crash, the claim ends by itself"
            }
        };
        Some(help.to_owned())
    }
}
