//! The client of sso-admin: its limit, its questions, and the instances of Identity Center.

use aws_config::SdkConfig;
use aws_sdk_ssoadmin::operation::list_instances::ListInstancesOutput;
use aws_sdk_ssoadmin::{Client, types};

use crate::aws::failure::Failure;
use crate::collect::api::convert::needed;
use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{Asker, Question, Service};

/// The largest page that the service gives.
pub(super) const PAGE: i32 = 100;

pub(in crate::collect) struct SsoAdmin {
    pub(super) client: Client,
    service: Service,
}

impl SsoAdmin {
    pub(in crate::collect) fn new(config: &SdkConfig, requests_per_second: f64) -> Self {
        let service = Service::new(requests_per_second);
        let config = aws_sdk_ssoadmin::config::Builder::from(config).interceptor(service.witness.clone());
        let config = config.interceptor(Operation::whole("sso")).build();
        SsoAdmin { client: Client::from_conf(config), service }
    }

    pub(super) async fn instances(&self, asker: &Asker) -> Vec<responses::Instance> {
        let question = self.question(Parameters::default());
        let send = |token| self.client.list_instances().max_results(PAGE).set_next_token(token).send();
        let (pages, _) = asker.all(&question, send, instances).await;
        pages.into_iter().flat_map(|page| page.instances).collect()
    }

    pub(super) fn question(&self, parameters: Parameters) -> Question<'_> {
        Question { service: &self.service, account: None, parameters }
    }
}

fn instances(output: ListInstancesOutput) -> Result<responses::ListInstances, Failure> {
    let instance = |instance: types::InstanceMetadata| responses::Instance {
        instance_arn: instance.instance_arn.unwrap_or_default(),
        identity_store_id: instance.identity_store_id.unwrap_or_default(),
        owner_account_id: instance.owner_account_id,
        name: instance.name,
        status: instance.status.map(|status| status.as_str().to_owned()),
    };
    let instances = needed(output.instances, "Instances")?.into_iter().map(instance);
    Ok(responses::ListInstances { instances: instances.collect(), next_token: output.next_token })
}
