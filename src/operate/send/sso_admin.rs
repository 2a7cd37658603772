//! The writes to assignments of Identity Center. AWS takes those of accounts as requests, and carries them out later.

use aws_sdk_ssoadmin::Client;
use aws_sdk_ssoadmin::types::{PrincipalType, TargetType};

use super::{DONE, Sent, asked, told};
use crate::operate::requests::Wants;
use crate::operate::step::{PrincipalId, SsoAdminWrite};

pub(super) async fn send(client: &Client, instance: &str, write: &SsoAdminWrite) -> Sent {
    match write {
        SsoAdminWrite::AddAssignment(assignment) => {
            let call = client.create_account_assignment().instance_arn(instance);
            let call = call.target_type(TargetType::AwsAccount).target_id(assignment.account.to_string());
            let call = call.permission_set_arn(assignment.permission_set.as_str());
            let call = call.principal_type(type_of(&assignment.principal)).principal_id(assignment.principal.as_str());
            told(call.send().await, |answer| {
                let id = answer.account_assignment_creation_status().and_then(|status| status.request_id());
                asked(id, Wants::Assignment, instance, assignment)
            })
        }
        SsoAdminWrite::RemoveAssignment(assignment) => {
            let call = client.delete_account_assignment().instance_arn(instance);
            let call = call.target_type(TargetType::AwsAccount).target_id(assignment.account.to_string());
            let call = call.permission_set_arn(assignment.permission_set.as_str());
            let call = call.principal_type(type_of(&assignment.principal)).principal_id(assignment.principal.as_str());
            told(call.send().await, |answer| {
                let id = answer.account_assignment_deletion_status().and_then(|status| status.request_id());
                asked(id, Wants::Removal, instance, assignment)
            })
        }
        SsoAdminWrite::RemoveFromApplication { application, principal } => {
            let call = client.delete_application_assignment().application_arn(application);
            let call = call.principal_type(type_of(principal)).principal_id(principal.as_str());
            told(call.send().await, |_| DONE)
        }
    }
}

fn type_of(principal: &PrincipalId) -> PrincipalType {
    match principal {
        PrincipalId::User(_) => PrincipalType::User,
        PrincipalId::Group(_) => PrincipalType::Group,
    }
}
