//! The instance of Identity Center, and whose it is.

use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::{self, ListInstances, ListPermissionSets};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{AccountId, Extent, Hides, Instance, InstanceKind, Known, Organization, Scope, What, Why, quoted};

/// The code of the gap where the region that was asked has no instance.
pub const NO_INSTANCE: &str = "NoInstance";

/// The one instance; where there are several, the one that was asked about.
pub(super) fn instance(reader: &mut Reader<'_>, scope: &Scope, organization: Option<&Organization>) -> Known<Instance> {
    let wanted = Wanted::new(What::Instance, Hides::Grants);
    let read = reader.read::<ListInstances>(None, Parameters::default(), &wanted);
    let mut found: Vec<responses::Instance> = read.seen.into_iter().flat_map(|page| page.instances).collect();
    if found.len() > 1 {
        let names: Vec<String> = found.iter().map(|instance| quoted(&instance.instance_arn)).collect();
        let others = found.clone();
        found.retain(|instance| reader.asked_with("InstanceArn", &instance.instance_arn));
        if found.len() != 1 {
            let message =
                format!("several instances exist, and `aws.instance_arn` names none of them: {}", names.join(", "));
            return Known::Unknown(reader.failed::<ListInstances>(&wanted, "SeveralInstances", message));
        }
        for other in others.into_iter().filter(|other| !found.contains(other)) {
            unread(reader, scope, &other.instance_arn);
        }
    }
    match (found.pop(), read.extent) {
        (Some(found), _) => {
            let owner = found.owner_account_id.and_then(|account| account.parse().ok());
            let kind = kind(reader, &found.instance_arn, owner, organization);
            let (arn, identity_store, status) = (found.instance_arn, found.identity_store_id, found.status);
            Known::Is(Instance { arn, identity_store, owner, kind, status })
        }
        (None, Extent::Part(gap)) => Known::Unknown(gap),
        (None, Extent::Whole(_)) => {
            let region = scope.region.as_ref().map_or_else(|| "the queried region".to_owned(), quoted);
            let message = format!(
                "no Identity Center instance in {region}: set `aws.region` to the region of the instance, or \
                 `aws.identity_center = false` if there is none"
            );
            Known::Unknown(reader.failed::<ListInstances>(&wanted, NO_INSTANCE, message))
        }
    }
}

/// Takes note of an instance beside the one that was read. Where the settings choose one, the other is only mentioned.
fn unread(reader: &mut Reader<'_>, scope: &Scope, arn: &str) {
    let hides = if scope.instance_arn.is_some() { Hides::Nothing } else { Hides::Grants };
    let unseen = What::OtherInstance.of(arn);
    reader.gap(Operation::ListInstances, None, &Wanted::new(unseen, hides), Why::NotAsked);
}

/// No answer of AWS names the kind, but it follows. The organization's instance belongs to the management account, and
/// that account can have no other (AWS API Reference, `CreateInstance`). Where the organization was not seen, only the
/// organization's instance has permission sets (AWS IAM Identity Center User Guide, organization and account
/// instances).
fn kind(
    reader: &Reader<'_>,
    arn: &str,
    owner: Option<AccountId>,
    organization: Option<&Organization>,
) -> Option<InstanceKind> {
    if let (Some(owner), Some(organization)) = (owner, organization) {
        let own = owner == organization.management;
        return Some(if own { InstanceKind::Organization } else { InstanceKind::Account });
    }
    let asked = Parameters::of([("InstanceArn", arn)]);
    if reader.cannot_list::<ListPermissionSets>(&asked).is_some() {
        return Some(InstanceKind::Account);
    }
    reader.is_answered::<ListPermissionSets>(&asked).then_some(InstanceKind::Organization)
}
