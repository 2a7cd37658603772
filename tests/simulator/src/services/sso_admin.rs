//! Identity Center: instances, permission sets, assignments, applications.

use serde_json::{Value, json};

use super::{needed, object, put, unknown};
use crate::answer::{Answer, Listing, Refusal};
use crate::call::Call;
use crate::world::{Application, BEGINNING, INSTANCE, Instance, MANAGEMENT, PermissionSet, Principal, World};

pub(crate) fn answer<'w>(world: &'w World, call: &Call) -> Result<Answer<'w>, Refusal> {
    if call.name == "ListInstances" {
        // An account instance is seen by its account alone, the organization's by all.
        let seen = world.instances().into_iter().filter(|seen| seen.arn == INSTANCE || seen.owner == call.account);
        return Ok(Listing::whole(&["Instances"], seen.map(|seen| instance(&seen)).collect()).into());
    }
    if let Some(application) = call.text("ApplicationArn") {
        return of_application(world, call, application);
    }
    let arn = needed(call, "InstanceArn")?;
    let known = world.instances().into_iter().find(|instance| instance.arn == arn);
    let known = known.ok_or_else(|| Refusal::not_found("Instance"))?;
    match call.name.as_str() {
        "DescribeInstance" => {
            let mut described = instance(&known);
            described["IdentityStoreArn"] =
                format!("arn:aws:identitystore::{}:identitystore/{}", known.owner, known.store).into();
            described["PermissionSetsEnabled"] = (arn == INSTANCE).into();
            Ok(Answer::One(described))
        }
        "ListApplications" => {
            Ok(Listing::whole(&["Applications"], world.applications.iter().map(application).collect()).into())
        }
        "ListApplicationAssignmentsForPrincipal" => applications_of(world, call),
        _ if arn != INSTANCE => {
            Err(Refusal::invalid("This operation is not supported for account instances of IAM Identity Center"))
        }
        "ListPermissionSets" => {
            let entry = |place: usize| Some(world.permission_sets[place].arn.as_str().into());
            Ok(Listing::of(&["PermissionSets"], world.permission_sets.len(), entry).into())
        }
        "ListPermissionSetsProvisionedToAccount" => {
            let account = needed(call, "AccountId")?;
            let sets = world.permission_sets.iter().filter(|set| set.provisioned.contains(account));
            Ok(Listing::whole(&["PermissionSets"], filtered(call, sets.map(|set| set.arn.as_str().into()))).into())
        }
        "ListAccountAssignmentsForPrincipal" => assignments_of(world, call),
        _ => of_set(world, call),
    }
}

fn of_set<'w>(world: &'w World, call: &Call) -> Result<Answer<'w>, Refusal> {
    let arn = needed(call, "PermissionSetArn")?;
    let set = world.permission_sets.iter().find(|set| set.arn == arn);
    let set = set.ok_or_else(|| Refusal::not_found("PermissionSet"))?;
    match call.name.as_str() {
        "DescribePermissionSet" => Ok(Answer::One(json!({"PermissionSet": permission_set(set)}))),
        "GetInlinePolicyForPermissionSet" => {
            Ok(Answer::One(json!({"InlinePolicy": set.inline.as_deref().unwrap_or_default()})))
        }
        "GetPermissionsBoundaryForPermissionSet" => {
            let boundary = set.boundary.as_deref().ok_or_else(|| Refusal::not_found("PermissionsBoundary"))?;
            Ok(Answer::One(json!({"PermissionsBoundary": {"ManagedPolicyArn": boundary}})))
        }
        "ListManagedPoliciesInPermissionSet" => {
            let policies = set.managed.iter().map(|arn| json!({"Name": arn.rsplit('/').next(), "Arn": arn}));
            Ok(Listing::whole(&["AttachedManagedPolicies"], policies.collect()).into())
        }
        "ListCustomerManagedPolicyReferencesInPermissionSet" => {
            let policies = set.customer_managed.iter().map(|(name, path)| json!({"Name": name, "Path": path}));
            Ok(Listing::whole(&["CustomerManagedPolicyReferences"], policies.collect()).into())
        }
        "ListAccountsForProvisionedPermissionSet" => {
            let accounts = set.provisioned.iter().map(|account| account.as_str().into());
            Ok(Listing::whole(&["AccountIds"], filtered(call, accounts)).into())
        }
        "ListAccountAssignments" => {
            let key = (arn.to_owned(), needed(call, "AccountId")?.to_owned());
            let assigned = world.assignments.get(&key).map(Vec::as_slice).unwrap_or_default();
            let (set, account) = key;
            let entry = move |place: usize| Some(assignment(&assigned[place], &set, &account));
            Ok(Listing::of(&["AccountAssignments"], assigned.len(), entry).into())
        }
        _ => Err(unknown(call)),
    }
}

fn of_application<'w>(world: &'w World, call: &Call, arn: &str) -> Result<Answer<'w>, Refusal> {
    let known = world.applications.iter().find(|known| known.arn == arn);
    let known = known.ok_or_else(|| Refusal::not_found("Application"))?;
    match call.name.as_str() {
        "DescribeApplication" => Ok(Answer::One(application(known))),
        "GetApplicationAssignmentConfiguration" => {
            Ok(Answer::One(json!({"AssignmentRequired": known.assignment_required})))
        }
        "ListApplicationAssignments" => {
            let entry = |place: usize| Some(application_assignment(known, &known.assigned[place]));
            Ok(Listing::of(&["ApplicationAssignments"], known.assigned.len(), entry).into())
        }
        _ => Err(unknown(call)),
    }
}

/// What is provisioned, by `ProvisioningStatus`: in this world it is always the latest that is provisioned.
fn filtered(call: &Call, entries: impl Iterator<Item = Value>) -> Vec<Value> {
    let outdated = call.text("ProvisioningStatus") == Some("LATEST_PERMISSION_SET_NOT_PROVISIONED");
    if outdated { Vec::new() } else { entries.collect() }
}

fn principal(call: &Call) -> Result<Principal, Refusal> {
    let id = needed(call, "PrincipalId")?.to_owned();
    match needed(call, "PrincipalType")? {
        "USER" => Ok(Principal::User(id)),
        "GROUP" => Ok(Principal::Group(id)),
        _ => Err(Refusal::invalid("PrincipalType is USER or GROUP")),
    }
}

/// What is assigned to the principal itself: whether AWS adds what a user has by groups is not documented.
fn assignments_of(world: &World, call: &Call) -> Result<Answer<'static>, Refusal> {
    let wanted = principal(call)?;
    let account = call.parameters["Filter"]["AccountId"].as_str();
    let of_principal = world
        .assignments()
        .filter(|(_, of, assigned)| **assigned == wanted && account.is_none_or(|account| account == *of));
    let entries = of_principal.map(|(set, account, assigned)| assignment(assigned, set, account)).collect();
    Ok(Listing::whole(&["AccountAssignments"], entries).into())
}

fn applications_of(world: &World, call: &Call) -> Result<Answer<'static>, Refusal> {
    let wanted = principal(call)?;
    let assigned = world.applications.iter().filter(|application| application.assigned.contains(&wanted));
    let entries = assigned.map(|application| application_assignment(application, &wanted)).collect();
    Ok(Listing::whole(&["ApplicationAssignments"], entries).into())
}

fn instance(instance: &Instance) -> Value {
    json!({
        "InstanceArn": instance.arn,
        "IdentityStoreId": instance.store,
        "OwnerAccountId": instance.owner,
        "Name": instance.name,
        "CreatedDate": BEGINNING,
        "Status": "ACTIVE",
    })
}

fn permission_set(set: &PermissionSet) -> Value {
    let mut entry = object([
        ("PermissionSetArn", set.arn.as_str().into()),
        ("Name", set.name.as_str().into()),
        ("CreatedDate", set.created_at.into()),
    ]);
    put(&mut entry, "Description", set.description.as_deref());
    put(&mut entry, "SessionDuration", set.session_duration.as_deref());
    entry.into()
}

fn assignment(principal: &Principal, set: &str, account: &str) -> Value {
    json!({
        "AccountId": account,
        "PermissionSetArn": set,
        "PrincipalType": principal.kind(),
        "PrincipalId": principal.id(),
    })
}

fn application(application: &Application) -> Value {
    json!({
        "ApplicationArn": application.arn,
        "ApplicationProviderArn": "arn:aws:sso::aws:applicationProvider/custom",
        "ApplicationAccount": MANAGEMENT,
        "InstanceArn": INSTANCE,
        "Name": application.name,
        "Status": application.status,
        "CreatedDate": BEGINNING,
    })
}

fn application_assignment(application: &Application, principal: &Principal) -> Value {
    json!({
        "ApplicationArn": application.arn,
        "PrincipalType": principal.kind(),
        "PrincipalId": principal.id(),
    })
}
