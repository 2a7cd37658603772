//! AWS-managed policies whose document was not read: AWS keeps each under a fixed name, so the name is the document.
//!
//! Source: AWS Managed Policy Reference Guide. Only a few are here, the most used ones; of the others nobody can say.

use crate::model::{Administrative, aws_managed_path};

use super::management_account::Place;

/// Those that allow everything, or to grant oneself everything, and by which words of their documents.
const ADMINISTRATIVE: [(&str, &str); 6] = [
    ("AWSOrganizationsFullAccess", "`organizations:*`"),
    ("AWSSSODirectoryAdministrator", "`sso-directory:*`"),
    ("AWSSSOMasterAccountAdministrator", "`sso:*`"),
    ("AWSSSOMemberAccountAdministrator", "`sso:*`"),
    ("AdministratorAccess", "everything"),
    ("IAMFullAccess", "`iam:*`"),
];

/// Those that do not.
const OTHER: [&str; 13] = [
    "AWSBillingReadOnlyAccess",
    "AWSSupportAccess",
    "AmazonDynamoDBReadOnlyAccess",
    "AmazonEC2ReadOnlyAccess",
    "AmazonS3FullAccess",
    "AmazonS3ReadOnlyAccess",
    "CloudWatchReadOnlyAccess",
    "IAMReadOnlyAccess",
    "IAMUserChangePassword",
    "ReadOnlyAccess",
    "SecurityAudit",
    "job-function/Billing",
    "job-function/ViewOnlyAccess",
];

/// It allows all but IAM, AWS Organizations and Account Management, and so all of Identity Center.
const POWER_USER: &str = "PowerUserAccess";

/// Whether the policy with this ARN makes its holder an administrator. `name` is what it is called for a reader.
pub(super) fn judge(arn: &str, name: &str, place: Place) -> Administrative {
    let fixed = aws_managed_path(arn);
    if let Some((_, words)) = ADMINISTRATIVE.iter().find(|(known, _)| fixed == Some(known)) {
        return Administrative::Yes(format!("{name} allows {words}"));
    }
    if fixed.is_some_and(|path| OTHER.contains(&path)) {
        return Administrative::No;
    }
    if fixed == Some(POWER_USER) {
        return match place {
            Place::Member => Administrative::No,
            Place::Management => {
                Administrative::Yes(format!("{name} allows Identity Center in the management account"))
            }
            Place::Unsaid => Administrative::Unknown(format!(
                "it is unknown whether the account of {name} is the management \
                                                 account"
            )),
        };
    }
    Administrative::Unknown(format!("the document of {name} was not read"))
}
