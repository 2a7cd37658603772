//! The services that a role may be passed to without giving away what the role may do.

use crate::model::Condition;

/// Services that use a role for one purpose of their own: to write logs, to copy, move or read data. Whoever passes a
/// role to one of them never runs code with it and never names the call that is made. Sources: the page "… and IAM" of
/// each service's guide. Of a service that is not here nobody knows.
const FOR_ONE_PURPOSE: [&str; 58] = [
    "access-analyzer",
    "aiops",
    "application-autoscaling",
    "applicationinsights",
    "autoscaling-plans",
    "backup",
    "cloudtrail",
    "cognito-idp",
    "comprehend",
    "config",
    "dax",
    "dlm",
    "dms",
    "elasticfilesystem",
    "elastictranscoder",
    "entityresolution",
    "es",
    "firehose",
    "forecast",
    "frauddetector",
    "fsx",
    "grafana",
    "guardduty",
    "healthlake",
    "inspector",
    "inspector2",
    "internetmonitor",
    "kendra",
    "kinesis",
    "kinesisvideo",
    "license-manager",
    "logs",
    "lookoutequipment",
    "lookoutmetrics",
    "lookoutvision",
    "macie",
    "marketplace",
    "mediaconnect",
    "mediaconvert",
    "medialive",
    "medical-imaging",
    "neptune",
    "neptune-graph",
    "observabilityadmin",
    "opensearch",
    "opensearchservice",
    "personalize",
    "qldb",
    "rds",
    "rekognition",
    "s3",
    "s3tables",
    "sns",
    "storagegateway",
    "textract",
    "transcribe",
    "translate",
    "vpc-flow-logs",
];

/// Whether a condition on `iam:PassRole` leaves only services that use a role for one purpose.
pub(super) fn for_one_purpose(conditions: &[Condition]) -> bool {
    conditions.iter().any(|condition| {
        // There is always one service when a role is passed, so neither quantifiers nor `IfExists` take anything away.
        let operator = condition.operator.split_once(':').map_or(condition.operator.as_str(), |(_, operator)| operator);
        let operator = operator.strip_suffix("IfExists").unwrap_or(operator);
        let is_one_of = matches!(operator, "StringEquals" | "StringLike" | "StringEqualsIgnoreCase");
        let is_key = condition.key.eq_ignore_ascii_case("iam:PassedToService");
        is_key
            && is_one_of
            && !condition.values.is_empty()
            && condition.values.iter().all(|one| is_for_one_purpose(one))
    })
}

fn is_for_one_purpose(service: &str) -> bool {
    let service = service.strip_suffix(".cn").unwrap_or(service);
    let Some(service) = service.strip_suffix(".amazonaws.com") else { return false };
    // Parts of a service stand before it: `monitoring.rds.amazonaws.com`. A star may mean any of them.
    let service = service.rsplit('.').next().unwrap_or(service);
    FOR_ONE_PURPOSE.iter().any(|known| service.eq_ignore_ascii_case(known))
}
