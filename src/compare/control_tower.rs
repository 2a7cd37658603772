//! Groups that AWS's own services make in Identity Center, by the names that they always have.
//!
//! The names are those of AWS Control Tower's "IAM Identity Center groups for AWS Control Tower". A name proves
//! nothing: it only tells a reader where a group probably comes from, and changes no judgement.

/// Groups of AWS Control Tower.
const CONTROL_TOWER: [&str; 8] = [
    "AWSAccountFactory",
    "AWSAuditAccountAdmins",
    "AWSControlTowerAdmins",
    "AWSLogArchiveAdmins",
    "AWSLogArchiveViewers",
    "AWSSecurityAuditPowerUsers",
    "AWSSecurityAuditors",
    "AWSServiceCatalogAdmins",
];

/// The service that makes groups of this name.
#[must_use]
pub fn group(name: &str) -> Option<&'static str> {
    CONTROL_TOWER.contains(&name).then_some("AWS Control Tower")
}
