//! `aws iam`: how the users of one account can sign in, and how many there are.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::same_question::of_account;
use super::{Answer, Timestamp, identifier, next_page, said};
use crate::collect::journal::page::{Call, Operation};

/// `aws iam generate-credential-report`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GenerateCredentialReport {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl Answer for GenerateCredentialReport {
    const OPERATION: Operation = Operation::GenerateCredentialReport;

    fn items(&self) -> usize {
        1
    }
}

/// `aws iam get-credential-report`; the content is CSV in base64.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetCredentialReport {
    #[serde(deserialize_with = "identifier")]
    pub content: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_time: Option<Timestamp>,
}

impl Answer for GetCredentialReport {
    const OPERATION: Operation = Operation::GetCredentialReport;

    fn items(&self) -> usize {
        1
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        // What cannot be read as a report is told where it is read.
        let Ok(report) = STANDARD.decode(self.content.trim()) else { return Ok(()) };
        let mut lines = csv::Reader::from_reader(report.as_slice());
        let column = lines.headers().ok().and_then(|header| header.iter().position(|name| name == "arn"));
        let Some(column) = column else { return Ok(()) };
        lines.records().flatten().try_for_each(|line| of_account(line.get(column), asked))
    }
}

/// `aws iam get-account-summary`: counts and quotas of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct GetAccountSummary {
    pub summary_map: BTreeMap<String, i64>,
}

impl Answer for GetAccountSummary {
    const OPERATION: Operation = Operation::GetAccountSummary;

    fn items(&self) -> usize {
        1
    }
}

/// `aws iam list-virtual-mfa-devices`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListVirtualMFADevices {
    #[serde(rename = "VirtualMFADevices")]
    pub virtual_mfa_devices: Vec<VirtualMfaDevice>,
    #[serde(default)]
    pub is_truncated: bool,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListVirtualMFADevices {
    const OPERATION: Operation = Operation::ListVirtualMFADevices;

    fn items(&self) -> usize {
        self.virtual_mfa_devices.len()
    }

    fn next(&self) -> Option<&str> {
        next_page(self.is_truncated, self.marker.as_deref(), self.next_token.as_deref())
    }

    fn answers(&mut self, asked: &Call) -> Result<(), String> {
        self.virtual_mfa_devices.iter().try_for_each(|device| {
            of_account(Some(&device.serial_number), asked)?;
            of_account(device.user.as_ref().and_then(|user| user.arn.as_deref()), asked)
        })
    }
}

/// A virtual MFA device. Nobody signs in with one that has no user and no date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct VirtualMfaDevice {
    #[serde(deserialize_with = "identifier")]
    pub serial_number: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<MfaUser>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enable_date: Option<Timestamp>,
}

/// Whose device it is: of the root user only the ARN says who it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct MfaUser {
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The unique id, which another user of the same name does not have.
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// `aws iam list-service-specific-credentials`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ListServiceSpecificCredentials {
    pub service_specific_credentials: Vec<ServiceSpecificCredential>,
    #[serde(default)]
    pub is_truncated: bool,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub marker: Option<String>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Answer for ListServiceSpecificCredentials {
    const OPERATION: Operation = Operation::ListServiceSpecificCredentials;

    fn items(&self) -> usize {
        self.service_specific_credentials.len()
    }

    fn next(&self) -> Option<&str> {
        next_page(self.is_truncated, self.marker.as_deref(), self.next_token.as_deref())
    }
}

/// A password or an API key of an IAM user for one service (CodeCommit, Keyspaces, Bedrock).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[expect(missing_docs, reason = "the fields are AWS's own, and documented there")]
pub struct ServiceSpecificCredential {
    #[serde(deserialize_with = "identifier")]
    pub user_name: String,
    #[serde(deserialize_with = "identifier")]
    pub service_specific_credential_id: String,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    /// `Active`, `Inactive` or `Expired`.
    #[serde(deserialize_with = "identifier")]
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_date: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_date: Option<Timestamp>,
}
