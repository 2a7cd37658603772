//! Services by which access itself is managed. What is not known to be harmless there may give access, whether AWS
//! invented it yesterday or will next year.

use crate::model::{Effect, Named, Statement, fits, quoted};

use super::action_verbs::may_change;
use super::reach::{Holding, limits};

/// A service that manages access, and its actions that change something and give nobody any.
struct Service {
    prefix: &'static str,
    harmless: &'static [&'static str],
}

/// Source: Service Authorization Reference. To delete or detach a policy or a boundary of a user or a role is not
/// harmless: it may be what denies. To tag is taken for harmless, although policies may depend on tags.
const SERVICES: [Service; 11] = [
    Service {
        prefix: "iam",
        harmless: &[
            "AddRoleToInstanceProfile",
            "ChangePassword",
            "CreateAccountAlias",
            "CreateGroup",
            "CreateInstanceProfile",
            "CreatePolicy",
            "CreateRole",
            "CreateServiceLinkedRole",
            "CreateServiceSpecificCredential",
            "CreateUser",
            "CreateVirtualMFADevice",
            "DeactivateMFADevice",
            "DeleteAccessKey",
            "DeleteAccount*",
            "DeleteCloudFrontPublicKey",
            "DeleteGroup",
            "DeleteInstanceProfile",
            "DeleteLoginProfile",
            "DeleteOpenIDConnectProvider",
            "DeletePolicy",
            "DeletePolicyVersion",
            "DeleteRole",
            "DeleteSAMLProvider",
            "DeleteSSHPublicKey",
            "DeleteServerCertificate",
            "DeleteServiceLinkedRole",
            "DeleteServiceSpecificCredential",
            "DeleteSigningCertificate",
            "DeleteUser",
            "DeleteVirtualMFADevice",
            "DisableOrganizationsRoot*",
            "EnableMFADevice",
            // Judged with what is done with the role: see `passing`.
            "PassRole",
            "RemoveClientIDFromOpenIDConnectProvider",
            "RemoveRoleFromInstanceProfile",
            "ResetServiceSpecificCredential",
            "ResyncMFADevice",
            "SetSecurityTokenServicePreferences",
            "Tag*",
            "Untag*",
            "UpdateAccessKey",
            "UpdateAccountPasswordPolicy",
            "UpdateCloudFrontPublicKey",
            "UpdateRole",
            "UpdateRoleDescription",
            "UpdateSSHPublicKey",
            "UpdateServerCertificate",
            "UpdateServiceSpecificCredential",
            "UpdateSigningCertificate",
            "UploadCloudFrontPublicKey",
            "UploadSSHPublicKey",
            "UploadServerCertificate",
            "UploadSigningCertificate",
        ],
    },
    Service {
        prefix: "sts",
        harmless: &[
            "AssumeRoleWithSAML",
            "AssumeRoleWithWebIdentity",
            "DecodeAuthorizationMessage",
            "SetContext",
            "SetSourceIdentity",
            "TagGetWebIdentityToken",
            "TagSession",
        ],
    },
    Service {
        prefix: "sso",
        harmless: &["DeleteAccountAssignment", "DeletePermissionSet", "Logout", "TagResource", "UntagResource"],
    },
    Service { prefix: "sso-directory", harmless: &["DeleteGroup", "DeleteUser", "DisableUser"] },
    Service { prefix: "identitystore", harmless: &["DeleteGroup", "DeleteGroupMembership", "DeleteUser"] },
    Service { prefix: "identity-sync", harmless: &["DeleteSyncProfile", "DeleteSyncTarget"] },
    Service {
        prefix: "organizations",
        // To register a delegated administrator under a condition on the service is what security services ask for.
        harmless: &[
            "CancelHandshake",
            "CloseAccount",
            "DeclineHandshake",
            "DeleteOrganizationalUnit",
            "DeregisterDelegatedAdministrator",
            "DisableAWSServiceAccess",
            "EnableAWSServiceAccess",
            "TagResource",
            "UntagResource",
        ],
    },
    // The mail address of the root user can be changed, and with it whose the account is.
    Service {
        prefix: "account",
        harmless: &[
            "CloseAccount",
            "DeleteAlternateContact",
            "DisableRegion",
            "EnableRegion",
            "PutAccountName",
            "PutAlternateContact",
            "PutContactInformation",
        ],
    },
    // The directory may be the one that fills Identity Center.
    Service { prefix: "ds-data", harmless: &["DeleteGroup", "DeleteUser", "DisableUser", "RemoveGroupMember"] },
    Service { prefix: "account-access", harmless: &["DeleteEntitlement", "TagResource", "UntagResource"] },
    Service {
        prefix: "rolesanywhere",
        harmless: &[
            "Delete*",
            "DisableProfile",
            "DisableTrustAnchor",
            "PutNotificationSettings",
            "ResetNotificationSettings",
            "TagResource",
            "UntagResource",
        ],
    },
];

/// Which action of these that is allowed may give access: why, for a reader.
pub(super) fn judge(holding: &Holding<'_>) -> Option<String> {
    holding.statements.iter().find_map(|held| {
        let pattern = giving(holding, held.statement)?;
        Some(format!("{} allows {}, which may give access", held.policy, quoted(pattern)))
    })
}

/// The first pattern of a statement that may mean such an action. What a statement allows by naming what it does not is
/// judged by the ways that are known.
fn giving<'s>(holding: &Holding<'_>, statement: &'s Statement) -> Option<&'s str> {
    let Named::Only(patterns) = &statement.actions else { return None };
    if statement.effect != Effect::Allow {
        return None;
    }
    let mut patterns = patterns.iter().map(String::as_str);
    if is_on_oneself(statement) {
        let frees = |pattern: &&str| FREEING_ONESELF.iter().any(|one| fits(pattern, one) && !holding.denies(one));
        return patterns.find(frees);
    }
    patterns.find(|pattern| may_give(holding, statement, pattern))
}

/// What a user may do to itself alone and gain by it: it takes its own limits away. Keys, passwords and second factors of
/// one's own gain nothing; to give oneself a policy is one of the known ways.
const FREEING_ONESELF: [&str; 4] = [
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteUserPolicy",
    "iam:DetachUserPolicy",
    "iam:PutUserPermissionsBoundary",
];

fn may_give(holding: &Holding<'_>, statement: &Statement, pattern: &str) -> bool {
    let Some((prefix, name)) = pattern.split_once(':') else { return false };
    // Everything without a name is judged as everything, and not as this service's.
    if is_star(prefix) && is_star(name) {
        return false;
    }
    let for_one_service =
        || limits(statement).any(|condition| condition.key.eq_ignore_ascii_case("organizations:ServicePrincipal"));
    SERVICES.iter().filter(|service| fits(prefix, service.prefix)).any(|service| {
        let registers = service.prefix == "organizations" && fits("RegisterDelegatedAdministrator", name);
        let is_harmless = service.harmless.iter().any(|harmless| fits(harmless, name));
        let is_limited = registers && for_one_service();
        may_change(name) && !is_harmless && !is_limited && !holding.denies(&format!("{}:{name}", service.prefix))
    })
}

fn is_star(pattern: &str) -> bool {
    pattern.chars().all(|letter| letter == '*')
}

/// Whether all that a statement speaks of is the user itself.
fn is_on_oneself(statement: &Statement) -> bool {
    let Some(Named::Only(patterns)) = &statement.resources else { return false };
    let oneself = |pattern: &String| pattern.to_ascii_lowercase().ends_with("/${aws:username}");
    !patterns.is_empty() && patterns.iter().all(oneself)
}
