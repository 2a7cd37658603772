//! To pass a role to a service, and to make the service act with it.
//!
//! Which action of which service takes a role is known for some only, and new services come every year. So whoever may
//! pass a role and may make or change something in a service that can act with it may become whatever the role is.

use crate::model::{Effect, Named, Statement, quoted};

use super::action_verbs::may_make;
use super::escalation_paths::PASS_ROLE;
use super::reach::{self, Holding, Reach};

/// Services, as actions call them, in which nothing acts with a role that the caller chose, or only for one purpose.
const ACTIONS_FOR_ONE_PURPOSE: [&str; 52] = [
    "acm",
    "acm-pca",
    "application-autoscaling",
    "ce",
    "cloudfront",
    "cloudtrail",
    "cloudwatch",
    "comprehend",
    "config",
    "cur",
    "dax",
    "docdb-elastic",
    "dynamodb",
    "ec2messages",
    "ecr",
    "ecr-public",
    "elasticache",
    "elasticfilesystem",
    "elasticloadbalancing",
    "es",
    "firehose",
    "health",
    "iam",
    "kendra",
    "kinesis",
    "kms",
    "logs",
    "mediaconnect",
    "mediaconvert",
    "medialive",
    "notifications",
    "opensearch",
    "pricing",
    "rds",
    "rds-db",
    "rekognition",
    "resource-groups",
    "route53",
    "route53domains",
    "s3",
    "secretsmanager",
    "servicequotas",
    "sns",
    "sqs",
    "ssmmessages",
    "sts",
    "support",
    "tag",
    "textract",
    "transcribe",
    "translate",
    "xray",
];

/// Whether these statements let somebody pass a role to a service that acts as they want: why it may be so, for a
/// reader.
pub(super) fn judge(holding: &Holding<'_>) -> Option<String> {
    let passed = match reach::of(holding, &PASS_ROLE) {
        Reach::All { policy, .. } => format!("{policy} allows `iam:PassRole`"),
        Reach::Some(why) => why,
        Reach::None => return None,
    };
    let acting = holding.statements.iter().find_map(|held| Some((held.policy, acting(holding, held.statement)?)));
    acting.map(|(policy, action)| format!("{passed}, and {policy} allows {action}"))
}

/// What a statement allows by which a service may act with a role.
fn acting(holding: &Holding<'_>, statement: &Statement) -> Option<String> {
    if statement.effect != Effect::Allow {
        return None;
    }
    match &statement.actions {
        Named::Only(patterns) => patterns.iter().find(|pattern| acts(pattern) && !holding.denies(pattern)).map(quoted),
        Named::AllBut(_) => (!holding.denies("*")).then(|| "almost all actions".to_owned()),
    }
}

fn acts(pattern: &str) -> bool {
    let Some((service, name)) = pattern.split_once(':') else { return pattern.contains('*') };
    let for_one_purpose = ACTIONS_FOR_ONE_PURPOSE.iter().any(|known| service.eq_ignore_ascii_case(known));
    !for_one_purpose && may_make(name)
}
