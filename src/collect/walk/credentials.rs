//! How the users of an account can sign in: the credential report and what it does not hold.
//!
//! Seven questions an account with the assumed role and the listing of [`iam`](super::iam), however many users it has;
//! none is asked of a single user.

use std::time::Duration;

use aws_sdk_iam::operation::generate_credential_report::GenerateCredentialReportOutput;
use aws_sdk_iam::operation::get_account_summary::GetAccountSummaryOutput;
use aws_sdk_iam::operation::get_credential_report::GetCredentialReportOutput;
use aws_sdk_iam::operation::list_service_specific_credentials::ListServiceSpecificCredentialsOutput;
use aws_sdk_iam::operation::list_virtual_mfa_devices::ListVirtualMfaDevicesOutput;
use aws_sdk_iam::types;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::iam_account::{Asked, PAGE};
use super::identity_store::timestamp;
use crate::aws::failure::Failure;
use crate::collect::api::convert::needed;
use crate::collect::api::responses;
use crate::collect::build::Summary;
use crate::collect::journal::page::Parameters;
use crate::collect::request::client::{Asker, Question, Service, Turn};
use crate::model::AccountId;

/// How often AWS is asked whether the credential report is made, and how long to wait in between: it takes seconds.
const ASKED_FOR_REPORT: u32 = 30;
const BETWEEN: Duration = Duration::from_secs(2);

/// Asks all of it, and gives back what the account counts.
pub(super) async fn walk(asker: &Asker, asked: &Asked<'_>) -> Option<Summary> {
    let ((), summary, (), ()) = tokio::join!(
        credential_report(asker, asked),
        summary(asker, Turn::First, asked),
        virtual_mfa_devices(asker, asked),
        service_specific(asker, asked),
    );
    summary
}

/// Whether an earlier run has asked all of it.
pub(super) fn is_taken(asker: &Asker, service: &Service, account: AccountId) -> bool {
    let about = |parameters| Question { service, account: Some(account), parameters };
    asker.is_taken::<responses::GetCredentialReport>(&about(Parameters::default()))
        && asker.is_taken::<responses::GetAccountSummary>(&about(Parameters::default()))
        && asker.is_taken::<responses::ListVirtualMFADevices>(&about(of_devices()))
        && asker.is_taken::<responses::ListServiceSpecificCredentials>(&about(of_service_credentials()))
}

fn of_devices() -> Parameters {
    Parameters::of([("AssignmentStatus", "Assigned")])
}

fn of_service_credentials() -> Parameters {
    Parameters::of([("AllUsers", "true")])
}

async fn credential_report(asker: &Asker, asked: &Asked<'_>) {
    let (client, credentials) = (asked.client, &asked.credentials);
    let question = asked.question(Parameters::default());
    if asker.is_taken::<responses::GetCredentialReport>(&question) {
        return;
    }
    let mut made = generate(asker, asked).await;
    let report_asked = asker.begin::<responses::GetCredentialReport>(&question);
    let (mut attempts, mut throttled) = (0, 0);
    let started = asker.now();
    for number in 1.. {
        let get = || client.get_credential_report().customize().config_override(credentials.clone()).send();
        let mut ended = asker.send(asked.service, get).await;
        attempts += ended.attempts;
        throttled += ended.throttled;
        let state = ended.result.as_ref().err().and_then(NotYet::of);
        // A report that nobody may have made does not come by waiting.
        if let Some(state) = state
            && made
            && !asker.samples()
            && number < ASKED_FOR_REPORT
        {
            if state == NotYet::Expired {
                made = generate(asker, asked).await;
            }
            tokio::time::sleep(BETWEEN).await;
            continue;
        }
        (ended.attempts, ended.throttled) = (attempts, throttled);
        asker.keep(&question, 1, started, ended, report);
        asker.end(report_asked);
        return;
    }
}

/// Has AWS make the report, and tells whether it does.
async fn generate(asker: &Asker, asked: &Asked<'_>) -> bool {
    let question = asked.question(Parameters::default());
    let generate = || asked.client.generate_credential_report().customize().config_override(asked.credentials.clone());
    asker.one(&question, || generate().send(), generated).await.is_some()
}

/// Why there is no report yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotYet {
    /// AWS is making it.
    InTheMaking,
    /// It grew four hours old in the meantime: AWS has to make another one.
    Expired,
}

impl NotYet {
    /// "ReportInProgress" and "ReportNotPresent" are the codes on the wire, "ReportExpired" too; the longer names are
    /// those of the API model.
    fn of(failure: &Failure) -> Option<Self> {
        let is = |words: &[&str]| words.iter().any(|word| failure.code.contains(word));
        if is(&["ReportExpired"]) {
            return Some(NotYet::Expired);
        }
        is(&["ReportInProgress", "ReportNotReady", "ReportNotPresent"]).then_some(NotYet::InTheMaking)
    }
}

/// What the account counts. It has one page, whatever the turn.
pub(super) async fn summary(asker: &Asker, turn: Turn, asked: &Asked<'_>) -> Option<Summary> {
    let question = asked.question(Parameters::default());
    let get = |_| asked.client.get_account_summary().customize().config_override(asked.credentials.clone()).send();
    let (pages, _) = asker.listed(turn, &question, get, summed_up).await;
    pages.into_iter().next().map(Summary::of)
}

async fn virtual_mfa_devices(asker: &Asker, asked: &Asked<'_>) {
    let question = asked.question(of_devices());
    let send = |marker| {
        let list = asked.client.list_virtual_mfa_devices().assignment_status(types::AssignmentStatusType::Assigned);
        list.max_items(PAGE).set_marker(marker).customize().config_override(asked.credentials.clone()).send()
    };
    asker.all(&question, send, devices).await;
}

async fn service_specific(asker: &Asker, asked: &Asked<'_>) {
    let question = asked.question(of_service_credentials());
    let send = |marker| {
        let list = asked.client.list_service_specific_credentials().all_users(true);
        list.max_items(PAGE).set_marker(marker).customize().config_override(asked.credentials.clone()).send()
    };
    asker.all(&question, send, service_credentials).await;
}

fn generated(output: GenerateCredentialReportOutput) -> responses::GenerateCredentialReport {
    responses::GenerateCredentialReport { state: output.state.map(|state| state.as_str().to_owned()) }
}

fn report(output: GetCredentialReportOutput) -> responses::GetCredentialReport {
    let content = output.content.map_or_else(String::new, |content| STANDARD.encode(content.as_ref()));
    responses::GetCredentialReport { content, generated_time: output.generated_time.and_then(timestamp) }
}

fn summed_up(output: GetAccountSummaryOutput) -> Result<responses::GetAccountSummary, Failure> {
    let summary = needed(output.summary_map, "SummaryMap")?.into_iter();
    let summary_map = summary.map(|(key, count)| (key.as_str().to_owned(), count.into())).collect();
    Ok(responses::GetAccountSummary { summary_map })
}

fn devices(output: ListVirtualMfaDevicesOutput) -> responses::ListVirtualMFADevices {
    let device = |device: types::VirtualMfaDevice| responses::VirtualMfaDevice {
        serial_number: device.serial_number,
        user: device.user.map(|user| responses::MfaUser {
            user_name: Some(user.user_name),
            arn: Some(user.arn),
            user_id: Some(user.user_id),
        }),
        enable_date: device.enable_date.and_then(timestamp),
    };
    responses::ListVirtualMFADevices {
        virtual_mfa_devices: output.virtual_mfa_devices.into_iter().map(device).collect(),
        is_truncated: output.is_truncated,
        marker: output.marker,
        next_token: None,
    }
}

fn service_credentials(
    output: ListServiceSpecificCredentialsOutput,
) -> Result<responses::ListServiceSpecificCredentials, Failure> {
    let credential = |credential: types::ServiceSpecificCredentialMetadata| responses::ServiceSpecificCredential {
        user_name: credential.user_name,
        service_specific_credential_id: credential.service_specific_credential_id,
        service_name: Some(credential.service_name),
        status: credential.status.as_str().to_owned(),
        create_date: timestamp(credential.create_date),
        expiration_date: credential.expiration_date.and_then(timestamp),
    };
    let credentials = needed(output.service_specific_credentials, "ServiceSpecificCredentials")?.into_iter();
    Ok(responses::ListServiceSpecificCredentials {
        service_specific_credentials: credentials.map(credential).collect(),
        is_truncated: output.is_truncated,
        marker: output.marker,
        next_token: None,
    })
}
