//! The settings of the AWS side: table `[aws]` of `rollcall.toml`.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::aws::session;
use crate::model::{AccountId, Age, AuditPolicy, CrossCheck, IamScope, Scope};

/// What to read from AWS, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// The region of IAM Identity Center. Default: the one of the environment or the profile.
    pub region: Option<String>,
    /// The profile of the shared AWS configuration files. Default: the one of the environment.
    pub profile: Option<String>,
    /// Whether Identity Center is read: users, groups, memberships, permission sets, assignments.
    pub identity_center: bool,
    /// The instance of Identity Center, if the region has several.
    pub instance_arn: Option<String>,
    /// Whether IAM users are read: in the caller's account, or with `member_role` in every active account.
    pub iam: bool,
    /// The name (with its path, if it has one) of the role to assume in every active account of the organization.
    pub member_role: Option<String>,
    /// The external id that the trust policy of `member_role` requires.
    pub external_id: Option<String>,
    /// Accounts whose IAM is not read, each with a reason, which the report shows.
    pub exclude: Vec<Exclusion>,
    /// Requests per second to each of the two services of Identity Center. The documented limit is 20 for all callers.
    #[schemars(range(min = 0.1, max = 1000.0))]
    #[serde(deserialize_with = "pace")]
    pub requests_per_second: f64,
    /// How far to query AWS a second way (memberships by member, assignments by principal): `none`, `sample` (100 users
    /// and 100 groups, chosen by the date) or `all`. A difference is a finding, and makes the run incomplete.
    pub cross_check: CrossCheck,
    /// How old the first answer of an interrupted run may be for `--resume`: `6h`, `2d`. If answers, saved ones
    /// included, are further apart, the run is incomplete.
    pub resume_within: Age,
}

/// An account that is excluded on purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// The account.
    #[schemars(with = "String", regex(pattern = r"^\d{12}$"))]
    pub account: AccountId,
    /// Why it is excluded.
    #[schemars(regex(pattern = r"\S"))]
    #[serde(deserialize_with = "reason")]
    pub reason: String,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            region: None,
            profile: None,
            identity_center: true,
            instance_arn: None,
            iam: true,
            member_role: None,
            external_id: None,
            exclude: Vec::new(),
            requests_per_second: 20.0,
            cross_check: CrossCheck::None,
            resume_within: Age(AuditPolicy::ANSWERS_WITHIN),
        }
    }
}

/// A pace of zero would wait for ever.
fn pace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let pace = f64::deserialize(deserializer)?;
    if (0.1..=1000.0).contains(&pace) {
        Ok(pace)
    } else {
        Err(serde::de::Error::custom(format!("`requests_per_second` is {pace}; it must be between 0.1 and 1000")))
    }
}

/// The report repeats the reason, so there must be one.
fn reason<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let reason = String::deserialize(deserializer)?;
    if reason.trim().is_empty() {
        return Err(serde::de::Error::custom("`reason` is empty; write why the account is left out"));
    }
    Ok(reason)
}

impl Options {
    /// What these settings tell a run to look at.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let iam = match (self.iam, &self.member_role) {
            (false, _) => IamScope::Nowhere,
            (true, None) => IamScope::CallerAccount,
            (true, Some(_)) => IamScope::Organization,
        };
        let excluded = self.exclude.iter().map(|exclusion| (exclusion.account, exclusion.reason.clone()));
        // It is Identity Center alone that tells something by two ways.
        let cross_check = if self.identity_center { self.cross_check } else { CrossCheck::None };
        Scope {
            region: self.region.clone(),
            identity_center: self.identity_center,
            instance_arn: self.instance_arn.clone().filter(|_| self.identity_center),
            iam,
            excluded: excluded.collect(),
            cross_check,
        }
    }

    /// Where these settings sign in.
    #[must_use]
    pub fn sign_in(&self) -> session::Options {
        session::Options { region: self.region.clone(), profile: self.profile.clone() }
    }
}
