//! STS: who asks, and the role in a member account.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;

use crate::aws::session::credentials_of;
use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{Asker, Question, Service};
use crate::model::AccountId;

/// Calls of STS a second: far below what STS bears.
const PER_SECOND: f64 = 20.0;

pub(in crate::collect) struct Sts {
    client: aws_sdk_sts::Client,
    service: Service,
}

/// Whose credentials ask.
pub(in crate::collect) struct Asking {
    pub(super) account: AccountId,
    pub(super) partition: String,
}

/// The role that is assumed in each member account.
pub(in crate::collect) struct MemberRole {
    pub(in crate::collect) partition: String,
    pub(in crate::collect) name: String,
    pub(in crate::collect) external_id: Option<String>,
    pub(in crate::collect) session_name: String,
}

impl Sts {
    pub(in crate::collect) fn new(config: &SdkConfig) -> Self {
        let service = Service::new(PER_SECOND);
        let config = aws_sdk_sts::config::Builder::from(config).interceptor(service.witness.clone());
        let config = config.interceptor(Operation::whole("sts")).build();
        Sts { client: aws_sdk_sts::Client::from_conf(config), service }
    }

    pub(in crate::collect) async fn caller(&self, asker: &Asker) -> Option<Asking> {
        let question = Question { service: &self.service, account: None, parameters: Parameters::default() };
        let identity = asker.one(&question, || self.client.get_caller_identity().send(), identity).await?;
        // `arn:aws-cn:sts::123456789012:assumed-role/…`: what is not AWS's main partition has ARNs of its own.
        let partition = identity.arn.split(':').nth(1).unwrap_or("aws").to_owned();
        Some(Asking { account: identity.account.parse().ok()?, partition })
    }

    pub(in crate::collect) async fn assume(
        &self,
        asker: &Asker,
        role: &MemberRole,
        account: AccountId,
    ) -> Option<Credentials> {
        let arn = format!("arn:{}:iam::{account}:role/{}", role.partition, role.name);
        let question = Question {
            service: &self.service,
            account: Some(account),
            parameters: Parameters::of([("RoleArn", &arn)]),
        };
        let send = || {
            let assume = self.client.assume_role().role_arn(&arn).role_session_name(&role.session_name);
            assume.set_external_id(role.external_id.clone()).send()
        };
        let credentials = std::sync::Mutex::new(None);
        let assumed = |output: AssumeRoleOutput| {
            let got = output.credentials().map(credentials_of);
            *credentials.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = got;
            let user = output.assumed_role_user();
            let arn = user.map_or_else(String::new, |user| user.arn().to_owned());
            responses::AssumeRole { assumed_role_user: responses::AssumedRoleUser { arn } }
        };
        asker.one(&question, send, assumed).await?;
        credentials.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn identity(output: GetCallerIdentityOutput) -> responses::GetCallerIdentity {
    responses::GetCallerIdentity { account: output.account.unwrap_or_default(), arn: output.arn.unwrap_or_default() }
}

/// A session name that CloudTrail shows, from whatever a run is called: 2 to 64 of `\w+=,.@-` (STS API reference).
pub(super) fn session_name(run: &str) -> String {
    let allowed = |character: char| character.is_ascii_alphanumeric() || "_+=,.@-".contains(character);
    let run: String = run.chars().map(|character| if allowed(character) { character } else { '-' }).collect();
    format!("rollcall-{run}").chars().take(64).collect()
}
