//! Entitlements to IAM roles by account access manager, account by account.
//!
//! Few organizations have ever used it, and the permission to list it is easily forgotten. What a listing that could
//! not be read may hide is therefore told by the roles: nobody is entitled to a role that does not trust
//! [`SERVICE`]. Where every role of every account in use was read and none does, an unread listing hides nothing. Where
//! one does, or some role was not seen, it may hide access, and the run is incomplete.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::entries::Read;
use super::iam::IamRead;
use super::page_reader::{Reader, Wanted};
use super::permission_sets::PrincipalRead;
use crate::collect::api::responses::{
    IdentityCenterPrincipal, ListAccountAccessApplications, ListEntitlements, PrincipalRoleSummary,
};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{Account, AccountId, Extent, Gap, GroupId, Hides, IamRole, Known, Trusted, UserId, What, quoted};

/// The service that gives the credentials of a role to whoever is entitled to it (AWS IAM User Guide, account access
/// manager).
const SERVICE: &str = "account-access.amazonaws.com";

/// The entitlements of one account.
pub(super) struct EntitledRead {
    pub(super) account: AccountId,
    pub(super) entitlements: Read<EntitlementRead>,
}

/// An entitlement whose principal is not found yet.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EntitlementRead {
    pub(super) role: String,
    pub(super) role_arn: String,
    pub(super) principal: PrincipalRead,
}

pub(super) fn read(reader: &mut Reader<'_>, accounts: &Read<Account>, iam: &[IamRead]) -> Read<EntitledRead> {
    let hides = hides(accounts, iam);
    let wanted = Wanted::new(What::Entitlements, hides);
    let Read { seen: pages, mut extent } =
        reader.read::<ListAccountAccessApplications>(None, Parameters::default(), &wanted);
    let applications: BTreeSet<String> =
        pages.into_iter().flat_map(|page| page.applications).map(|found| found.application_arn).collect();
    if applications.is_empty() {
        return Read { seen: Vec::new(), extent };
    }
    if let Extent::Part(_) = accounts.extent {
        let message = "entitlements are listed by account, but not all accounts could be listed".to_owned();
        extent = extent.and(&Extent::Part(reader.failed::<ListEntitlements>(&wanted, "AccountsUnknown", message)));
    }
    let mut found: BTreeMap<AccountId, Read<EntitlementRead>> = BTreeMap::new();
    for application in applications {
        for (account, read) in of_application(reader, &application, accounts, hides) {
            match found.entry(account) {
                std::collections::btree_map::Entry::Vacant(entry) => _ = entry.insert(read),
                std::collections::btree_map::Entry::Occupied(mut entry) => {
                    let both = entry.get_mut();
                    both.seen.extend(read.seen);
                    both.extent = both.extent.and(&read.extent);
                }
            }
        }
    }
    let seen = found.into_iter().map(|(account, entitlements)| EntitledRead { account, entitlements });
    Read { seen: seen.collect(), extent }
}

/// What an application of account access manager gives, by account. After a refusal the walk goes no further; what was
/// then not asked is the same gap.
fn of_application(
    reader: &mut Reader<'_>,
    application: &str,
    accounts: &Read<Account>,
    hides: Hides,
) -> Vec<(AccountId, Read<EntitlementRead>)> {
    let calls = reader.asked(Operation::ListEntitlements);
    let calls = calls.filter(|call| call.parameters.get("applicationArn") == Some(application));
    let asked: BTreeSet<AccountId> = calls.filter_map(|call| call.parameters.get("account")?.parse().ok()).collect();
    let wanted: BTreeSet<AccountId> =
        accounts.seen.iter().map(|account| account.id).chain(asked.iter().copied()).collect();
    let mut refused: Option<Arc<Gap>> = None;
    let mut found = Vec::new();
    for account in wanted {
        let read = match &refused {
            Some(gap) if !asked.contains(&account) => Read::unseen(gap),
            Some(_) | None => in_account(reader, application, account, hides),
        };
        if let Extent::Part(gap) = &read.extent {
            refused.get_or_insert_with(|| Arc::clone(gap));
        }
        found.push((account, read));
    }
    found
}

fn in_account(reader: &mut Reader<'_>, application: &str, account: AccountId, hides: Hides) -> Read<EntitlementRead> {
    let wanted =
        Wanted::of(What::EntitlementsIn.in_account(account), format!("{} in {account}", quoted(application)), hides);
    let asked = Parameters::of([("applicationArn", application), ("account", &account.to_string())]);
    let Read { seen: pages, mut extent } = reader.read::<ListEntitlements>(None, asked, &wanted);
    let mut entitlements = BTreeSet::new();
    for entry in pages.into_iter().flat_map(|page| page.entitlements) {
        match entry.entitlement.and_then(|entitlement| entitlement.principal_role).map(|it| entitlement(it, account)) {
            Some(Ok(entitlement)) => _ = entitlements.insert(entitlement),
            Some(Err(detail)) => {
                extent = Extent::Part(reader.unreadable::<ListEntitlements>(None, &wanted, detail));
            }
            None => {
                let detail = "an entitlement of a kind unknown to this version".to_owned();
                extent = Extent::Part(reader.unreadable::<ListEntitlements>(None, &wanted, detail));
            }
        }
    }
    Read { seen: entitlements.into_iter().collect(), extent }
}

fn entitlement(entry: PrincipalRoleSummary, account: AccountId) -> Result<EntitlementRead, String> {
    let PrincipalRoleSummary { principal, role_arn, account: said } = entry;
    if said.parse() != Ok(account) {
        return Err(format!("an entitlement names account {}", quoted(&said)));
    }
    let parts: Vec<&str> = role_arn.splitn(6, ':').collect();
    let ["arn", _, "iam", "", of, resource] = parts.as_slice() else {
        return Err(format!("{} is not a role", quoted(&role_arn)));
    };
    if of.parse() != Ok(account) {
        return Err(format!("{} is a role of another account", quoted(&role_arn)));
    }
    let role = resource.strip_prefix("role/").and_then(|path| path.rsplit('/').next());
    let role =
        role.filter(|role| !role.is_empty()).ok_or_else(|| format!("{} is not a role", quoted(&role_arn)))?.to_owned();
    let known = principal.and_then(|principal| principal.identity_center).unwrap_or_default();
    let principal = match known {
        IdentityCenterPrincipal { user_id: Some(user), group_id: None } => PrincipalRead::User(UserId::new(user)),
        IdentityCenterPrincipal { user_id: None, group_id: Some(group) } => PrincipalRead::Group(GroupId::new(group)),
        IdentityCenterPrincipal { .. } => {
            return Err("a principal is neither a user nor a group of Identity Center".to_owned());
        }
    };
    Ok(EntitlementRead { role, role_arn, principal })
}

/// What a listing of entitlements that was not read could hide.
fn hides(accounts: &Read<Account>, iam: &[IamRead]) -> Hides {
    let out_of_use = |account: &Account| Account::is_out_of_use(account.state.as_deref());
    let read = |account: &Account| {
        let found = iam.iter().find(|iam| iam.account == account.id);
        found.is_some_and(|iam| {
            matches!(iam.roles.extent, Extent::Whole(_)) && iam.roles.seen.iter().all(lets_nobody_in)
        })
    };
    let all_seen = matches!(accounts.extent, Extent::Whole(_));
    if all_seen && accounts.seen.iter().all(|account| out_of_use(account) || read(account)) {
        Hides::Nothing
    } else {
        Hides::Grants
    }
}

/// Whether it was read whom a role trusts, and nobody can come in by account access manager.
fn lets_nobody_in(role: &IamRole) -> bool {
    let lets_in = |trusted: &Trusted| match trusted {
        Trusted::Service(service) => service == SERVICE || service == "*",
        Trusted::Anyone => true,
        Trusted::Organization(_) | Trusted::Account(..) | Trusted::Saml(_) | Trusted::Oidc(_) | Trusted::Gone(_) => {
            false
        }
    };
    match &role.trusts {
        Known::Is(trusts) => !trusts.iter().any(|trust| lets_in(&trust.trusted)),
        Known::Unknown(_) => false,
    }
}
