//! Applications of Identity Center and entitlements to IAM roles, in both halves.

use serde_json::{Value, json};

use super::aws::{Call, INSTANCE, call};
use super::lists::REVIEWER;
use super::{Entitlement, Principal, Story, guid, sign_in_name};

/// The one application of account access manager.
const ACCESS: &str = "arn:aws:account-access:eu-central-1:123456789012:application/aam-0123456789abcdef";

impl Story {
    /// Somebody may use an application; no list hears of it.
    pub fn aws_application(&mut self, name: &str, principal: Principal) -> &mut Self {
        self.aws.applications.entry(name.to_owned()).or_default().principals.insert(principal);
        self
    }

    /// An application that asks for no assignment, whoever is assigned to it.
    pub fn open_application(&mut self, name: &str) -> &mut Self {
        self.aws.applications.entry(name.to_owned()).or_default().open = true;
        self
    }

    /// A row of `applications.csv`, which is there from the first one on.
    pub fn expect_application(&mut self, name: &str, principal: Option<Principal>) -> &mut Self {
        self.expect_application_until(name, principal, "")
    }

    pub fn expect_application_until(&mut self, name: &str, principal: Option<Principal>, last: &str) -> &mut Self {
        let rows = self.lists.applications.get_or_insert_default();
        rows.insert((name.to_owned(), principal), last.to_owned());
        self
    }

    /// An entitlement to a role; no list hears of it.
    pub fn aws_entitle(&mut self, principal: Principal, role: &str, account: &str) -> &mut Self {
        self.aws.entitlements.insert(entitlement(principal, role, account));
        self
    }

    /// A row of `entitlements.csv`, which is there from the first one on.
    pub fn expect_entitlement(&mut self, principal: Principal, role: &str, account: &str) -> &mut Self {
        self.expect_entitlement_until(principal, role, account, "")
    }

    pub fn expect_entitlement_until(
        &mut self,
        principal: Principal,
        role: &str,
        account: &str,
        last: &str,
    ) -> &mut Self {
        let rows = self.lists.entitlements.get_or_insert_default();
        rows.insert(entitlement(principal, role, account), last.to_owned());
        self
    }

    /// A role that account access manager may give to whoever is entitled to it.
    pub fn entitling_role(&mut self, account: &str, name: &str) -> &mut Self {
        self.role(account, name, &json!({"Service": "account-access.amazonaws.com"}), &Value::Null)
    }

    pub(super) fn applications(&self) -> Vec<Call> {
        let listed: Vec<Value> = self
            .aws
            .applications
            .keys()
            .map(
                |name| json!({"ApplicationArn": application_arn(name), "Name": name, "InstanceArn": INSTANCE, "Status": "ENABLED"}),
            )
            .collect();
        let instance = json!({"InstanceArn": INSTANCE});
        let mut calls = vec![call("sso-admin list-applications", instance, json!({"Applications": listed}))];
        for (name, application) in &self.aws.applications {
            let asked = json!({"ApplicationArn": application_arn(name)});
            let assigned: Vec<Value> = application
                .principals
                .iter()
                .map(|principal| {
                    let (kind, id) = match principal {
                        Principal::Group(name) => ("GROUP", guid("group", name)),
                        Principal::User(name) => ("USER", guid("user", name)),
                    };
                    json!({"ApplicationArn": application_arn(name), "PrincipalType": kind, "PrincipalId": id})
                })
                .collect();
            let answer = json!({"ApplicationAssignments": assigned});
            calls.push(call("sso-admin list-application-assignments", asked.clone(), answer));
            let answer = json!({"AssignmentRequired": !application.open});
            calls.push(call("sso-admin get-application-assignment-configuration", asked, answer));
        }
        calls
    }

    pub(super) fn account_access(&self) -> Vec<Call> {
        let mut calls = Vec::new();
        let mut applications = Vec::new();
        if !self.aws.entitlements.is_empty() {
            applications.push(json!({"applicationArn": ACCESS, "createdAt": "2026-09-01T09:00:00+00:00",
                                     "updatedAt": "2026-09-01T09:00:00+00:00"}));
            calls.extend(self.aws.accounts.keys().map(|account| self.entitlements_in(account)));
        }
        calls.insert(0, call("account-access list-applications", json!({}), json!({"applications": applications})));
        calls
    }

    fn entitlements_in(&self, account: &str) -> Call {
        let id = self.account_id(account);
        let held = self.aws.entitlements.iter().filter(|entitlement| entitlement.account == account);
        let held: Vec<Value> = held
            .map(|Entitlement { principal, role, .. }| {
                let principal = match principal {
                    Principal::Group(name) => json!({"groupId": guid("group", name)}),
                    Principal::User(name) => json!({"userId": guid("user", name)}),
                };
                json!({"entitlementId": guid("entitlement", role), "createdAt": "2026-09-01T09:00:00+00:00",
                       "entitlement": {"principalRole": {"principal": {"identityCenter": principal}, "account": id,
                                       "roleArn": format!("arn:aws:iam::{id}:role/{role}")}}})
            })
            .collect();
        let asked = json!({"applicationArn": ACCESS, "account": id});
        call("account-access list-entitlements", asked, json!({"entitlements": held}))
    }

    pub(super) fn applications_csv(&self) -> Option<String> {
        let mut text = "application,principal_type,principal,expires,reviewed_by\n".to_owned();
        for ((application, principal), last) in self.lists.applications.as_ref()? {
            let (kind, name) = principal.as_ref().map_or_else(|| ("everyone", "*".to_owned()), cells);
            text += &format!("{application},{kind},{name},{last},{REVIEWER}\n");
        }
        Some(text)
    }

    pub(super) fn entitlements_csv(&self) -> Option<String> {
        let mut text = "principal_type,principal,account,role,expires,reviewed_by\n".to_owned();
        for (Entitlement { principal, role, account }, last) in self.lists.entitlements.as_ref()? {
            let (kind, name) = cells(principal);
            text += &format!("{kind},{name},{},{role},{last},{REVIEWER}\n", self.account_id(account));
        }
        Some(text)
    }
}

fn entitlement(principal: Principal, role: &str, account: &str) -> Entitlement {
    Entitlement { principal, role: role.to_owned(), account: account.to_owned() }
}

fn cells(principal: &Principal) -> (&'static str, String) {
    match principal {
        Principal::Group(name) => ("group", name.clone()),
        Principal::User(name) => ("user", sign_in_name(name)),
    }
}

/// The ARN of the application of this name.
pub fn application_arn(name: &str) -> String {
    format!("arn:aws:sso::123456789012:application/ssoins-7223f02c4f6f7a2b/apl-{}", &guid("application", name)[..8])
}
