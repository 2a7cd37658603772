//! The look at one IAM user, by questions about that user alone: the credential report may be four hours old.

use std::collections::BTreeMap;
use std::error::Error;
use std::future::Future;

use aws_config::SdkConfig;
use aws_sdk_iam::config::Builder;
use aws_sdk_iam::types::{AssignmentStatusType, StatusType};
use aws_sdk_sts::operation::RequestId;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::complete_body::{Fields, Whole};
use crate::aws::failure::{Failure, Kind};
use crate::aws::pacer::Pacer;
use crate::aws::retry::{Patience, call};

/// What these looks call, as a policy names it, and what each is for.
pub const ACTIONS: [(&str, &str); 10] = [
    ("iam:GetUser", "whether an IAM user that is changed exists"),
    ("iam:GetLoginProfile", "its console password"),
    ("iam:ListAccessKeys", "its access keys"),
    ("iam:ListSSHPublicKeys", "its SSH keys"),
    ("iam:ListSigningCertificates", "its signing certificates"),
    ("iam:ListServiceSpecificCredentials", "its credentials for single services"),
    ("iam:ListMFADevices", "its MFA devices"),
    ("iam:ListUserPolicies", "its inline policies"),
    ("iam:ListAttachedUserPolicies", "its managed policies"),
    ("iam:ListGroupsForUser", "its groups"),
];

/// What these answers must have: AWS names lists even where they are empty.
const FIELDS: [(&str, &[&str]); 12] = [
    ("GetUser", &["User"]),
    ("GetLoginProfile", &["LoginProfile"]),
    ("GetAccountPasswordPolicy", &["PasswordPolicy"]),
    ("ListAccessKeys", &["AccessKeyMetadata"]),
    ("ListSSHPublicKeys", &["SSHPublicKeys"]),
    ("ListSigningCertificates", &["Certificates"]),
    ("ListServiceSpecificCredentials", &["ServiceSpecificCredentials"]),
    ("ListMFADevices", &["MFADevices"]),
    ("ListVirtualMFADevices", &["VirtualMFADevices"]),
    ("ListUserPolicies", &["PolicyNames"]),
    ("ListAttachedUserPolicies", &["AttachedPolicies"]),
    ("ListGroupsForUser", &["Groups"]),
];

/// The call that tells how long a password has to be. It takes no resource.
pub const PASSWORD_POLICY: (&str, &str) = ("iam:GetAccountPasswordPolicy", "how long a console password has to be");

/// Calls of one account's IAM a second. No rate is documented.
const PER_SECOND: f64 = 20.0;

/// An IAM user as it is now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IamUserNow {
    /// Its unique id (`AIDA…`).
    pub id: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// The ARN of its permissions boundary.
    pub boundary: Option<String>,
    /// Whether it has a console password.
    pub password: bool,
    /// Its access keys, each with whether it is active.
    pub access_keys: Vec<(String, bool)>,
    /// Its SSH keys.
    pub ssh_keys: Vec<(String, bool)>,
    /// Its signing certificates.
    pub certificates: Vec<(String, bool)>,
    /// Its credentials for single services.
    pub service_credentials: Vec<(String, bool)>,
    /// The serial numbers of its MFA devices.
    pub mfa_devices: Vec<String>,
    /// Virtual MFA devices of the account that no user has, by serial number.
    pub unassigned_devices: Vec<String>,
    /// The names of its inline policies.
    pub inline: Vec<String>,
    /// The ARNs of the managed policies that are attached to it.
    pub attached: Vec<String>,
    /// The names of its groups.
    pub groups: Vec<String>,
}

/// The IAM of one account.
pub(super) struct Iam {
    client: aws_sdk_iam::Client,
    pacer: Pacer,
}

/// A page of a listing: its entries, each `None` where it has no id; whether there is another page; and that one's marker.
type Page<T> = (Vec<Option<T>>, bool, Option<String>);

impl Iam {
    /// By these credentials.
    pub(super) fn of(config: &SdkConfig) -> Self {
        let fields = |name: &str| {
            let needed = FIELDS.iter().find(|(operation, _)| *operation == name);
            Some(needed.map_or(Fields::Some, |(_, fields)| Fields::All(fields)))
        };
        let config = Builder::from(config).interceptor(Whole::of(fields)).build();
        Iam { client: aws_sdk_iam::Client::from_conf(config), pacer: Pacer::new(PER_SECOND) }
    }

    /// The user of this name, with all that belongs to it; `None` where there is none.
    ///
    /// # Errors
    /// Where a part of it could not be read.
    pub(super) async fn user(&self, name: &str) -> Result<Option<IamUserNow>, Failure> {
        let found = self.asked(|| self.client.get_user().user_name(name).send()).await;
        let Some(found) = unless_absent(found)? else { return Ok(None) };
        let found = found.user.ok_or_else(|| unreadable("the answer has no user"))?;
        let password = self.asked(|| self.client.get_login_profile().user_name(name).send()).await;
        let (attached, groups) = self.ways(name).await?;
        Ok(Some(IamUserNow {
            id: found.user_id,
            tags: found.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect(),
            boundary: found.permissions_boundary.and_then(|boundary| boundary.permissions_boundary_arn),
            password: unless_absent(password)?.is_some(),
            attached,
            groups,
            ..self.credentials(name).await?
        }))
    }

    async fn ways(&self, name: &str) -> Result<(Vec<String>, Vec<String>), Failure> {
        let client = &self.client;
        let attached = self.listed(
            |marker| client.list_attached_user_policies().user_name(name).set_marker(marker).send(),
            |output| {
                let policies = output.attached_policies.unwrap_or_default();
                let arns = policies.into_iter().map(|policy| policy.policy_arn).collect();
                (arns, output.is_truncated, output.marker)
            },
        );
        let attached = attached.await?;
        let groups = self.listed(
            |marker| client.list_groups_for_user().user_name(name).set_marker(marker).send(),
            |output| {
                let names = output.groups.into_iter().map(|group| Some(group.group_name)).collect();
                (names, output.is_truncated, output.marker)
            },
        );
        Ok((attached, groups.await?))
    }

    async fn credentials(&self, name: &str) -> Result<IamUserNow, Failure> {
        let client = &self.client;
        let is_active = |status: Option<StatusType>| status != Some(StatusType::Inactive);
        let access_keys = self.listed(
            |marker| client.list_access_keys().user_name(name).set_marker(marker).send(),
            |output| {
                let keys = output.access_key_metadata.into_iter();
                let keys = keys.map(|key| Some((key.access_key_id?, is_active(key.status))));
                (keys.collect(), output.is_truncated, output.marker)
            },
        );
        let access_keys = access_keys.await?;
        let ssh_keys = self.listed(
            |marker| client.list_ssh_public_keys().user_name(name).set_marker(marker).send(),
            |output| {
                let keys = output.ssh_public_keys.unwrap_or_default().into_iter();
                let keys = keys.map(|key| Some((key.ssh_public_key_id, is_active(Some(key.status)))));
                (keys.collect(), output.is_truncated, output.marker)
            },
        );
        let ssh_keys = ssh_keys.await?;
        let certificates = self.listed(
            |marker| client.list_signing_certificates().user_name(name).set_marker(marker).send(),
            |output| {
                let held = output.certificates.into_iter();
                let held = held.map(|one| Some((one.certificate_id, is_active(Some(one.status)))));
                (held.collect(), output.is_truncated, output.marker)
            },
        );
        let certificates = certificates.await?;
        let service_credentials = self.listed(
            |marker| client.list_service_specific_credentials().user_name(name).set_marker(marker).send(),
            |output| {
                let held = output.service_specific_credentials.unwrap_or_default().into_iter();
                let held = held.map(|one| Some((one.service_specific_credential_id, is_active(Some(one.status)))));
                (held.collect(), output.is_truncated, output.marker)
            },
        );
        let service_credentials = service_credentials.await?;
        let (mfa_devices, inline) = (self.mfa_devices(name).await?, self.inline(name).await?);
        Ok(IamUserNow {
            access_keys,
            ssh_keys,
            certificates,
            service_credentials,
            mfa_devices,
            unassigned_devices: self.unassigned_devices().await?,
            inline,
            ..IamUserNow::default()
        })
    }

    async fn mfa_devices(&self, name: &str) -> Result<Vec<String>, Failure> {
        let listed = self.listed(
            |marker| self.client.list_mfa_devices().user_name(name).set_marker(marker).send(),
            |output| {
                let devices = output.mfa_devices.into_iter().map(|device| Some(device.serial_number)).collect();
                (devices, output.is_truncated, output.marker)
            },
        );
        listed.await
    }

    async fn unassigned_devices(&self) -> Result<Vec<String>, Failure> {
        let unassigned = AssignmentStatusType::Unassigned;
        let listed = self.listed(
            |marker| {
                self.client.list_virtual_mfa_devices().assignment_status(unassigned.clone()).set_marker(marker).send()
            },
            |output| {
                let devices = output.virtual_mfa_devices.into_iter().map(|device| Some(device.serial_number)).collect();
                (devices, output.is_truncated, output.marker)
            },
        );
        listed.await
    }

    /// How many characters a console password has at least; 0 where the account has no policy for passwords.
    pub(super) async fn shortest_password(&self) -> Result<usize, Failure> {
        let found = self.asked(|| self.client.get_account_password_policy().send()).await;
        let policy = unless_absent(found)?.and_then(|output| output.password_policy);
        Ok(policy
            .and_then(|policy| policy.minimum_password_length)
            .and_then(|least| least.try_into().ok())
            .unwrap_or(0))
    }

    async fn inline(&self, name: &str) -> Result<Vec<String>, Failure> {
        let listed = self.listed(
            |marker| self.client.list_user_policies().user_name(name).set_marker(marker).send(),
            |output| (output.policy_names.into_iter().map(Some).collect(), output.is_truncated, output.marker),
        );
        listed.await
    }

    async fn asked<T, E, F>(&self, send: impl FnMut() -> F) -> Result<T, Failure>
    where
        T: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<T, SdkError<E, Response>>>,
    {
        Box::pin(call(&self.pacer, &Patience::default(), send)).await.result
    }

    /// All pages of a listing.
    async fn listed<O, T, E, F>(
        &self,
        send: impl Fn(Option<String>) -> F,
        page: impl Fn(O) -> Page<T>,
    ) -> Result<Vec<T>, Failure>
    where
        O: RequestId,
        E: ProvideErrorMetadata + Error + 'static,
        F: Future<Output = Result<O, SdkError<E, Response>>>,
    {
        let (mut all, mut marker) = (Vec::new(), None);
        loop {
            let (entries, is_truncated, next) = page(self.asked(|| send(marker.clone())).await?);
            for entry in entries {
                all.push(entry.ok_or_else(|| unreadable("an entry of the answer has no id"))?);
            }
            match (is_truncated, next) {
                (false, None) => return Ok(all),
                (_, Some(next)) if marker.as_ref() != Some(&next) => marker = Some(next),
                (true, None) | (_, Some(_)) => {
                    let said = "AWS says that there is another page, but not which";
                    return Err(Failure::new(Kind::TokenRepeated, "TokenRepeated", said));
                }
            }
        }
    }
}

fn unreadable(why: &str) -> Failure {
    Failure::new(Kind::Unreadable, "Unreadable", why)
}

/// Nothing, where AWS says that what is asked for is not there.
fn unless_absent<T>(answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.code.trim_end_matches("Exception") == "NoSuchEntity" => Ok(None),
        Err(failure) => Err(failure),
    }
}
