//! Organizations: the accounts, and where they are in the tree.

use serde_json::{Value, json};

use super::{denied, needed, unknown};
use crate::answer::{Answer, Listing, Refusal};
use crate::call::Call;
use crate::world::{Account, BEGINNING, MANAGEMENT, World};

pub(crate) fn answer<'w>(world: &'w World, call: &Call) -> Result<Answer<'w>, Refusal> {
    if call.account != MANAGEMENT {
        return Err(denied(call));
    }
    match call.name.as_str() {
        "ListAccounts" => {
            let listed = world.accounts.iter().filter(|account| !account.unlisted).map(account).collect();
            Ok(Listing::whole(&["Accounts"], listed).pages_of(20, 20).into())
        }
        "DescribeOrganization" => Ok(Answer::One(json!({"Organization": {
            "Id": "o-rollcall01",
            "Arn": format!("arn:aws:organizations::{MANAGEMENT}:organization/o-rollcall01"),
            "FeatureSet": "ALL",
            "MasterAccountId": MANAGEMENT,
            "MasterAccountArn": format!("arn:aws:organizations::{MANAGEMENT}:account/o-rollcall01/{MANAGEMENT}"),
            "MasterAccountEmail": "management@example.com",
        }}))),
        "ListRoots" => {
            let root = json!({"Id": "r-ab12", "Name": "Root",
                "Arn": format!("arn:aws:organizations::{MANAGEMENT}:root/o-rollcall01/r-ab12"), "PolicyTypes": []});
            Ok(Listing::whole(&["Roots"], vec![root]).pages_of(20, 20).into())
        }
        "DescribeOrganizationalUnit" => {
            let id = needed(call, "OrganizationalUnitId")?;
            let missing =
                || Refusal::new(400, "OrganizationalUnitNotFoundException", "You specified no unit that exists.");
            let name = world.units.get(id).ok_or_else(missing)?;
            Ok(Answer::One(json!({"OrganizationalUnit": {
                "Id": id,
                "Arn": format!("arn:aws:organizations::{MANAGEMENT}:ou/o-rollcall01/{id}"),
                "Name": name,
            }})))
        }
        _ => Err(unknown(call)),
    }
}

/// `State`, and no `Status`, which was retired in September 2026.
fn account(account: &Account) -> Value {
    let Account { id, name, state, path, .. } = account;
    json!({
        "Id": id,
        "Arn": format!("arn:aws:organizations::{MANAGEMENT}:account/o-rollcall01/{id}"),
        "Email": format!("{name}@example.com"),
        "Name": name,
        "State": state,
        "Paths": [path],
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": BEGINNING,
    })
}
