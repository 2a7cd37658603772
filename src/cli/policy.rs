//! `rollcall policy`: what IAM must allow for these settings, as policies or as CloudFormation templates.
//!
//! Which actions that are, and on what, is known in `iam_policy`; here it is only written down.

mod cloudformation;
mod json;

use std::fmt;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::options::Config;
use super::{Exit, Failure, print};
use crate::iam_policy::{self, Statement};
use crate::model::partition_of;
use crate::settings::Settings;

/// Arguments of `rollcall policy`.
#[derive(Debug, Args)]
pub(super) struct Policy {
    #[command(flatten)]
    config: Config,
    /// Which policy to print.
    #[arg(long = "for", value_enum, value_name = "WHOM", default_value = "management")]
    whom: Whom,
    /// The output format.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "json")]
    format: Format,
    /// The ARN of the role (or user) that Rollcall runs as. The member role trusts it.
    #[arg(long, value_name = "ARN")]
    principal: Option<Principal>,
    /// The region, if the settings have none. It determines the partition of ARNs (aws, aws-cn, aws-us-gov).
    #[arg(long, value_name = "REGION", env = "AWS_REGION")]
    region: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Whom {
    /// The role that Rollcall runs as, in the management account or a delegated administrator's.
    Management,
    /// The role that it assumes in every other account.
    Member,
    /// The trust policy of that role. The template for members includes it.
    Trust,
    /// The role that changes access, for what `[change]` allows.
    Operator,
    /// The role that it assumes in every other account.
    OperatorMember,
    /// What `rollcall watch` needs besides; as a template, the queue of events and its dead-letter queue.
    Watcher,
    /// The rule that sends the events of an account to that queue, as a template only.
    WatcherMember,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// An IAM policy document.
    Json,
    /// A template: deploy it as a StackSet for members, as a stack for the management account.
    Cloudformation,
}

/// Whom the member role is to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Principal {
    arn: String,
    partition: String,
}

/// A text that is no role and no user.
#[derive(Debug, thiserror::Error)]
#[error("write the ARN of a role or of a user, like `arn:aws:iam::123456789012:role/Rollcall`")]
struct NoPrincipal;

impl FromStr for Principal {
    type Err = NoPrincipal;

    fn from_str(arn: &str) -> Result<Self, NoPrincipal> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let &["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return Err(NoPrincipal) };
        let named = resource.strip_prefix("role/").or_else(|| resource.strip_prefix("user/"));
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "/_+=,.@-".contains(letter);
        let is_name = named.is_some_and(|name| !name.is_empty() && name.chars().all(allowed));
        let is_account = account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit());
        let is_partition =
            partition.starts_with("aws") && partition.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        if is_name && is_account && is_partition {
            Ok(Principal { arn: arn.to_owned(), partition: partition.to_owned() })
        } else {
            Err(NoPrincipal)
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.arn)
    }
}

/// Why no policy is printed.
#[derive(Debug, thiserror::Error)]
enum NoPolicy {
    #[error("these settings need no AWS permissions")]
    Nothing,
    #[error("these settings use no role in member accounts")]
    NoRole,
    #[error("the principal for the member role to trust is missing")]
    NoPrincipal,
    #[error("the trust policy has no template of its own")]
    TrustAlone,
    #[error("these settings watch no queue")]
    NoWatch,
    #[error("the rule that sends events has no policy of its own")]
    RuleAlone,
    #[error("these settings allow no changes")]
    NoChange,
    #[error("these settings name no role for IAM changes in other accounts, or allow no IAM changes")]
    NoOperatorMember,
}

impl NoPolicy {
    fn help(&self) -> &'static str {
        match self {
            NoPolicy::Nothing => {
                "the settings audit saved answers (`collect.from`), or read nothing and write only to folders; \
                 remove `collect` to see what a run against AWS needs"
            }
            NoPolicy::NoRole => {
                "set `aws.member_role` (and keep `aws.iam` on) to read IAM in every account, not only in the account \
                 of the credentials"
            }
            NoPolicy::NoPrincipal => "pass `--principal`, the ARN of the role that Rollcall runs as",
            NoPolicy::TrustAlone => "print the template of the role with `--for member`; it includes the trust policy",
            NoPolicy::NoWatch => {
                "add `[watch]` with `queues`; `--format cloudformation` prints the template of a queue"
            }
            NoPolicy::RuleAlone => "print its template with `--format cloudformation`",
            NoPolicy::NoChange => "list the allowed changes in `change.allow`, for example `[\"remove-member\"]`",
            NoPolicy::NoOperatorMember => {
                "set `operator.member_role`, and list IAM changes in `change.allow`, for example `[\"disable-iam-user\"]`"
            }
        }
    }
}

pub(super) fn run(arguments: &Policy) -> Result<Exit, Failure> {
    let settings = arguments.config.read()?;
    let text = text(arguments, &settings).map_err(|refused| {
        let help = refused.help().to_owned();
        Failure::new(Exit::Usage, refused, Some(help))
    })?;
    print(|out| out.write_all(text.as_bytes()))
}

fn text(arguments: &Policy, settings: &Settings) -> Result<String, NoPolicy> {
    let principal = arguments.principal.as_ref();
    Ok(match (arguments.whom, arguments.format) {
        (Whom::Management, Format::Json) => json::policy(&management(settings)?, partition(arguments, settings)),
        (Whom::Management, Format::Cloudformation) => cloudformation::management(&management(settings)?),
        (Whom::Member, Format::Json) => json::policy(&member(settings)?, partition(arguments, settings)),
        (Whom::Member, Format::Cloudformation) => {
            let statements = member(settings)?;
            cloudformation::member(&statements, settings, principal.map(|principal| principal.arn.as_str()))
        }
        (Whom::Trust, Format::Json) => {
            member(settings)?;
            let principal = principal.ok_or(NoPolicy::NoPrincipal)?;
            json::trust(&principal.arn, settings.aws.external_id.as_deref())
        }
        (Whom::Trust, Format::Cloudformation) => return Err(NoPolicy::TrustAlone),
        (Whom::Operator, Format::Json) => json::policy(&operator(settings)?, partition(arguments, settings)),
        (Whom::Operator, Format::Cloudformation) => cloudformation::operator(&operator(settings)?, settings),
        (Whom::Watcher, Format::Json) => json::policy(&watcher(settings)?, partition(arguments, settings)),
        (Whom::Watcher, Format::Cloudformation) => cloudformation::watcher(),
        (Whom::WatcherMember, Format::Json) => return Err(NoPolicy::RuleAlone),
        (Whom::WatcherMember, Format::Cloudformation) => cloudformation::watcher_member(iam_policy::event_sources()),
        (Whom::OperatorMember, Format::Json) => {
            json::policy(&operator_member(settings)?, partition(arguments, settings))
        }
        (Whom::OperatorMember, Format::Cloudformation) => {
            let statements = operator_member(settings)?;
            cloudformation::operator_member(&statements, settings, principal.map(|principal| principal.arn.as_str()))
        }
    })
}

fn management(settings: &Settings) -> Result<Vec<Statement>, NoPolicy> {
    Some(iam_policy::of_rollcall(settings)).filter(|statements| !statements.is_empty()).ok_or(NoPolicy::Nothing)
}

fn member(settings: &Settings) -> Result<Vec<Statement>, NoPolicy> {
    let statements = iam_policy::of_member_role(settings);
    match (statements.is_empty(), settings.collect.from.is_some() && settings.aws.member_role.is_some()) {
        (false, _) => Ok(statements),
        (true, true) => Err(NoPolicy::Nothing),
        (true, false) => Err(NoPolicy::NoRole),
    }
}

fn operator(settings: &Settings) -> Result<Vec<Statement>, NoPolicy> {
    Some(iam_policy::of_operator(settings)).filter(|statements| !statements.is_empty()).ok_or(NoPolicy::NoChange)
}

fn operator_member(settings: &Settings) -> Result<Vec<Statement>, NoPolicy> {
    let statements = Some(iam_policy::of_operator_member(settings)).filter(|statements| !statements.is_empty());
    statements.ok_or(if settings.change.is_some() { NoPolicy::NoOperatorMember } else { NoPolicy::NoChange })
}

fn watcher(settings: &Settings) -> Result<Vec<Statement>, NoPolicy> {
    Some(iam_policy::of_watcher(settings)).filter(|statements| !statements.is_empty()).ok_or(NoPolicy::NoWatch)
}

/// The partition of ARNs, by the principal's or the region's name.
fn partition<'a>(arguments: &'a Policy, settings: &'a Settings) -> &'a str {
    if let Some(principal) = &arguments.principal {
        return &principal.partition;
    }
    partition_of(settings.aws.region.as_deref().or(arguments.region.as_deref()).unwrap_or_default())
}
