//! IAM account access manager: entitlements of Identity Center's principals to roles, past all permission sets.

use serde_json::{Value, json};

use super::iam::instant;
use super::{denied, needed, unknown};
use crate::answer::{Answer, Listing, Refusal};
use crate::call::Call;
use crate::world::{ACCESS_MANAGER, BEGINNING, Entitlement, INSTANCE, MANAGEMENT, Principal, World};

pub(crate) fn answer<'w>(world: &'w World, call: &Call) -> Result<Answer<'w>, Refusal> {
    if call.account != MANAGEMENT {
        return Err(denied(call));
    }
    // The application is there as soon as somebody is entitled.
    let is_set_up = !world.entitlements.is_empty();
    if call.name == "ListApplications" {
        let made = instant(BEGINNING);
        let entry = json!({"applicationArn": ACCESS_MANAGER, "createdAt": made, "updatedAt": made});
        let entries = if is_set_up { vec![entry] } else { Vec::new() };
        return Ok(Listing::whole(&["applications"], entries).into());
    }
    let named = call.text("applicationArn").unwrap_or(ACCESS_MANAGER);
    if !is_set_up || named != ACCESS_MANAGER {
        return Err(Refusal::new(404, "ResourceNotFoundException", "Application not found."));
    }
    match call.name.as_str() {
        "GetApplication" => Ok(Answer::One(json!({
            "createdAt": instant(BEGINNING),
            "updatedAt": instant(BEGINNING),
            "identitySource": {"identityCenter": {"instanceArn": INSTANCE, "applicationArn": ACCESS_MANAGER}},
            "status": "ACTIVE",
        }))),
        "ListEntitlements" => {
            needed(call, "applicationArn")?;
            // The model asks for a filter, and for nothing in it.
            if !call.parameters["filter"].is_object() {
                return Err(Refusal::invalid("filter must not be null"));
            }
            let wanted = world.entitlements.iter().filter(|known| is_wanted(known, &call.parameters));
            Ok(Listing::whole(&["entitlements"], wanted.map(|known| entry(world, known)).collect()).into())
        }
        "GetEntitlement" => {
            let id = needed(call, "entitlementId")?;
            let known = world.entitlements.iter().find(|known| known.id == id);
            let missing = || Refusal::new(404, "ResourceNotFoundException", "Entitlement not found.");
            let mut found = entry(world, known.ok_or_else(missing)?);
            found["applicationArn"] = ACCESS_MANAGER.into();
            Ok(Answer::One(found))
        }
        _ => Err(unknown(call)),
    }
}

fn is_wanted(entitlement: &Entitlement, parameters: &Value) -> bool {
    let filter = &parameters["filter"]["principalRole"];
    let principal = &filter["principal"]["identityCenter"];
    let fits = |wanted: &Value, value: &str| wanted.as_str().is_none_or(|wanted| wanted == value);
    let of_principal = match &entitlement.principal {
        Principal::User(id) => fits(&principal["userId"], id) && principal["groupId"].is_null(),
        Principal::Group(id) => fits(&principal["groupId"], id) && principal["userId"].is_null(),
    };
    of_principal && fits(&filter["roleArn"], &entitlement.role_arn) && fits(&filter["account"], &entitlement.account)
}

fn entry(world: &World, entitlement: &Entitlement) -> Value {
    let principal = match &entitlement.principal {
        Principal::User(id) => json!({"userId": id}),
        Principal::Group(id) => json!({"groupId": id}),
    };
    json!({
        "entitlementId": entitlement.id,
        "entitlement": {"principalRole": {
            "principal": {"identityCenter": principal},
            "roleArn": entitlement.role_arn,
            "account": entitlement.account,
            "accountName": world.account(&entitlement.account).map(|account| &account.name),
        }},
        "createdAt": instant(BEGINNING),
    })
}
