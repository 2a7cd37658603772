//! IAM account access manager: entitlements of Identity Center's principals to roles, past all permission sets.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::iam::instant;
use super::{denied, needed, unknown};
use crate::answer::{Answer, Listing, Refusal};
use crate::call::Call;
use crate::world::{BEGINNING, Entitlement, INSTANCE, MANAGEMENT, Principal, World};

pub(crate) fn answer<'w>(world: &'w World, call: &Call) -> Result<Answer<'w>, Refusal> {
    if call.account != MANAGEMENT {
        return Err(denied(call));
    }
    // An application is there as soon as somebody is entitled by it.
    let applications: BTreeSet<&str> = world.entitlements.iter().map(|known| known.application.as_str()).collect();
    if call.name == "ListApplications" {
        let made = instant(BEGINNING);
        let entry = |arn| json!({"applicationArn": arn, "createdAt": made, "updatedAt": made});
        return Ok(Listing::whole(&["applications"], applications.into_iter().map(entry).collect()).into());
    }
    let named = call.text("applicationArn");
    if applications.is_empty() || named.is_some_and(|named| !applications.contains(named)) {
        return Err(Refusal::new(404, "ResourceNotFoundException", "Application not found."));
    }
    match call.name.as_str() {
        "GetApplication" => Ok(Answer::One(json!({
            "createdAt": instant(BEGINNING),
            "updatedAt": instant(BEGINNING),
            "identitySource": {"identityCenter": {"instanceArn": INSTANCE, "applicationArn": named}},
            "status": "ACTIVE",
        }))),
        "ListEntitlements" => {
            let application = needed(call, "applicationArn")?;
            // The model asks for a filter, and for nothing in it.
            if !call.parameters["filter"].is_object() {
                return Err(Refusal::invalid("filter must not be null"));
            }
            let of_application = world.entitlements.iter().filter(|known| known.application == application);
            let wanted = of_application.filter(|known| is_wanted(known, &call.parameters));
            Ok(Listing::whole(&["entitlements"], wanted.map(|known| entry(world, known)).collect()).into())
        }
        "GetEntitlement" => {
            let id = needed(call, "entitlementId")?;
            let known = world.entitlements.iter().find(|known| known.id == id);
            let missing = || Refusal::new(404, "ResourceNotFoundException", "Entitlement not found.");
            let known = known.ok_or_else(missing)?;
            let mut found = entry(world, known);
            found["applicationArn"] = known.application.as_str().into();
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
