//! `aws sso-admin`: applications and who is assigned to them.

use serde::{Deserialize, Serialize};

use super::same_question::same;
use super::{Answer, identifier, said};
use crate::collect::journal::page::{Call, Operation};

/// `aws sso-admin list-applications`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListApplications {
    pub applications: Vec<Application>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListApplications {
    const OPERATION: Operation = Operation::ListApplications;

    fn items(&self) -> usize {
        self.applications.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        self.applications
            .iter_mut()
            .try_for_each(|application| same(&mut application.instance_arn, asked, "InstanceArn"))
    }
}

/// An application of Identity Center.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct Application {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_arn: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub application_arn: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// `aws sso-admin list-application-assignments`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListApplicationAssignments {
    pub application_assignments: Vec<ApplicationAssignment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListApplicationAssignments {
    const OPERATION: Operation = Operation::ListApplicationAssignments;

    fn items(&self) -> usize {
        self.application_assignments.len()
    }

    fn next(&self) -> Option<&str> {
        self.next_token.as_deref()
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        let assignments = self.application_assignments.iter_mut();
        assignments
            .map(|assignment| &mut assignment.application_arn)
            .try_for_each(|arn| same(arn, asked, "ApplicationArn"))
    }
}

/// That a principal is assigned to the application that was asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ApplicationAssignment {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application_arn: Option<String>,
    #[serde(deserialize_with = "identifier")]
    pub principal_type: String,
    #[serde(deserialize_with = "identifier")]
    pub principal_id: String,
}

/// `aws sso-admin get-application-assignment-configuration`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetApplicationAssignmentConfiguration {
    pub assignment_required: bool,
}

impl Answer for GetApplicationAssignmentConfiguration {
    const OPERATION: Operation = Operation::GetApplicationAssignmentConfiguration;

    fn items(&self) -> usize {
        1
    }
}
