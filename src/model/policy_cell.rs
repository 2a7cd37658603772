//! How a list names a policy of an IAM user, and which policies it means by that.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::{IamPolicy, NameKey, quoted};

/// Names of the policies that AWS keeps, one a line. Source: the AWS Managed Policy Reference Guide, as moto ships it.
const OF_AWS: &str = include_str!("aws_managed_names.txt");

static NAMES_OF_AWS: LazyLock<BTreeSet<NameKey>> = LazyLock::new(|| OF_AWS.lines().map(NameKey::of).collect());

const INLINE: &str = "inline:";
const OF_ACCOUNT: &str = "customer-managed:";
const AWS_MANAGED: &str = "aws-managed:";

/// A policy as a list names it: by its ARN, by its name with the sort of policy in front, or by its bare name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyCell<'a> {
    /// By its ARN.
    Arn(&'a str),
    /// One that is written into the user or into a group of it.
    Inline(&'a str),
    /// One that the account keeps.
    OfAccount(&'a str),
    /// One that AWS keeps.
    OfAws(&'a str),
    /// By its name alone: the policy that AWS keeps under it; where AWS keeps none, any of that name.
    Bare(&'a str),
}

/// Whether a list means a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Naming {
    /// It does not.
    Not,
    /// It names one that AWS keeps, and this one has only the name of it.
    NameOnly,
    /// It does.
    Means,
}

impl<'a> PolicyCell<'a> {
    /// Reads what a list says.
    ///
    /// # Errors
    /// Where it is none of these: a colon stands in no name of a policy. In words, fit to follow "error:".
    pub fn parse(text: &'a str) -> Result<Self, String> {
        type Sort<'a> = (&'static str, fn(&'a str) -> PolicyCell<'a>);
        let sorts: [Sort<'a>; 3] =
            [(INLINE, PolicyCell::Inline), (OF_ACCOUNT, PolicyCell::OfAccount), (AWS_MANAGED, PolicyCell::OfAws)];
        if text.starts_with("arn:") {
            return Ok(PolicyCell::Arn(text));
        }
        for (sort, of) in sorts {
            if let Some(name) = text.strip_prefix(sort).map(str::trim).filter(|name| !name.is_empty()) {
                return Ok(of(name));
            }
        }
        match text.contains(':') {
            true => Err(format!(
                "`policies` names {}; use a name, an ARN, or a name after `{INLINE}`, `{OF_ACCOUNT}` or \
                 `{AWS_MANAGED}`",
                quoted(text)
            )),
            false => Ok(PolicyCell::Bare(text)),
        }
    }

    /// Whether it means this policy.
    #[must_use]
    pub fn naming(self, policy: &IamPolicy) -> Naming {
        let is_called = |name: &str| NameKey::of(name) == NameKey::of(&policy.name);
        let means = match self {
            PolicyCell::Arn(arn) => policy.arn.as_deref().is_some_and(|own| NameKey::of(own) == NameKey::of(arn)),
            PolicyCell::Inline(name) => policy.arn.is_none() && is_called(name),
            PolicyCell::OfAccount(name) => policy.arn.is_some() && !policy.is_aws_managed() && is_called(name),
            PolicyCell::OfAws(name) => policy.is_aws_managed() && is_called(name),
            PolicyCell::Bare(name) if is_called(name) => {
                let other = !policy.is_aws_managed() && NAMES_OF_AWS.contains(&NameKey::of(name));
                return if other { Naming::NameOnly } else { Naming::Means };
            }
            PolicyCell::Bare(_) => false,
        };
        if means { Naming::Means } else { Naming::Not }
    }
}

impl IamPolicy {
    /// How a list names this policy and no other sort of policy.
    #[must_use]
    pub fn cell(&self) -> String {
        match &self.arn {
            None => format!("{INLINE}{}", self.name),
            Some(_) if self.is_aws_managed() => self.name.clone(),
            Some(_) => format!("{OF_ACCOUNT}{}", self.name),
        }
    }
}
