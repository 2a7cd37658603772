//! The AWS half, as a story that `tests/servers/seed.py` makes come true.

use serde_json::{Value, json};

use super::{Principal, Story, guid, sign_in_name};

impl Story {
    /// The story in the format of `tests/servers/seed.py`. Ids are those of the saved files, so that both can be
    /// compared.
    pub fn for_moto(&self) -> Value {
        let accounts: Vec<Value> = self
            .aws
            .accounts
            .iter()
            .filter(|(key, _)| *key != "management")
            .map(|(key, account)| {
                json!({"key": key, "id": account.id, "name": account.name, "email": format!("{key}@corp.example.com")})
            })
            .collect();
        let users: Vec<Value> = self
            .aws
            .users
            .keys()
            .map(|name| {
                json!({"user_name": sign_in_name(name), "display_name": name, "email": sign_in_name(name),
                       "id": guid("user", name)})
            })
            .collect();
        let groups: Vec<Value> = self
            .aws
            .groups
            .iter()
            .map(|(name, members)| {
                let members: Vec<String> = members.iter().map(|member| sign_in_name(member)).collect();
                json!({"name": name, "members": members, "id": guid("group", name)})
            })
            .collect();
        let permission_sets: Vec<Value> = self
            .aws
            .permission_sets
            .iter()
            .map(|(name, set)| {
                let inline = set.inline.as_ref().map(|text| serde_json::from_str::<Value>(text).expect("JSON"));
                json!({"name": name, "managed": set.managed, "inline": inline})
            })
            .collect();
        let assignments: Vec<Value> = self
            .aws
            .assignments
            .iter()
            .map(|assignment| {
                let principal = match &assignment.principal {
                    Principal::Group(name) => json!({"group": name}),
                    Principal::User(name) => json!({"user": sign_in_name(name)}),
                };
                json!({"principal": principal, "permission_set": assignment.permission_set,
                       "account": assignment.account})
            })
            .collect();
        json!({
            "accounts": accounts, "users": users, "groups": groups, "permission_sets": permission_sets,
            "assignments": assignments, "iam": self.iam_for_moto(),
            "alerts": {"topic": "rollcall-alerts", "queue": "inbox"}, "bucket": "rollcall-reports",
        })
    }

    fn iam_for_moto(&self) -> Value {
        self.aws
            .iam
            .iter()
            .map(|(account, users)| {
                let users: Vec<Value> = users
                    .iter()
                    .map(|(name, user)| {
                        let inline: serde_json::Map<String, Value> = user
                            .inline
                            .iter()
                            .map(|(name, document)| (name.clone(), serde_json::from_str(document).expect("JSON")))
                            .collect();
                        json!({"name": name, "attached": user.attached, "inline": inline,
                               "access_keys": user.keys, "service_credentials": user.service_credentials, "password": user.password, "owner": user.owner})
                    })
                    .collect();
                let roles = self.aws.roles.iter().filter(|((of, _), _)| of == account);
                let roles: Vec<Value> = roles
                    .map(|((_, name), role)| {
                        let trust: Value = serde_json::from_str(&role.trust).expect("JSON");
                        json!({"name": name, "trust": trust, "attached": role.attached})
                    })
                    .collect();
                (account.clone(), json!({"users": users, "roles": roles}))
            })
            .collect::<serde_json::Map<String, Value>>()
            .into()
    }
}
