//! Identity Center: applications, who is assigned to each, and which of them ask for no assignment.

use std::sync::Arc;

use aws_sdk_ssoadmin::operation::get_application_assignment_configuration::GetApplicationAssignmentConfigurationOutput;
use aws_sdk_ssoadmin::operation::list_application_assignments::ListApplicationAssignmentsOutput;
use aws_sdk_ssoadmin::operation::list_applications::ListApplicationsOutput;
use aws_sdk_ssoadmin::types;

use super::sso_admin::SsoAdmin;
use crate::aws::failure::Failure;
use crate::collect::api::convert::needed;
use crate::collect::api::responses;
use crate::collect::journal::page::{Operation, Parameters};
use crate::collect::request::client::{AT_ONCE, Asker, at_once};

/// What is asked of each application.
const EACH: [Operation; 2] = [Operation::ListApplicationAssignments, Operation::GetApplicationAssignmentConfiguration];
/// The largest page that the service gives.
const PAGE: i32 = 100;

pub(super) async fn walk(asker: &Arc<Asker>, sso_admin: &Arc<SsoAdmin>, instance: &str) {
    let question = sso_admin.question(Parameters::of([("InstanceArn", instance)]));
    let send = |token| {
        sso_admin.client.list_applications().instance_arn(instance).max_results(PAGE).set_next_token(token).send()
    };
    let (pages, _) = asker.all(&question, send, applications).await;
    let applications: Vec<responses::Application> = pages.into_iter().flat_map(|page| page.applications).collect();
    asker.ahead(&EACH, applications.len());
    at_once(AT_ONCE, applications.into_iter().map(|application| application.application_arn), |application| {
        let (asker, sso_admin) = (Arc::clone(asker), Arc::clone(sso_admin));
        async move { who_may_use(&asker, &sso_admin, &application).await }
    })
    .await;
}

/// That somebody is assigned does not say that only those may use it who are: both are asked of each.
async fn who_may_use(asker: &Asker, sso_admin: &SsoAdmin, application: &str) {
    let question = sso_admin.question(Parameters::of([("ApplicationArn", application)]));
    let send = |token| {
        let list = sso_admin.client.list_application_assignments().application_arn(application);
        list.max_results(PAGE).set_next_token(token).send()
    };
    asker.all(&question, send, assigned).await;
    let get = || sso_admin.client.get_application_assignment_configuration().application_arn(application).send();
    asker.one(&question, get, configuration).await;
}

fn applications(output: ListApplicationsOutput) -> Result<responses::ListApplications, Failure> {
    let application = |application: types::Application| responses::Application {
        application_arn: application.application_arn.unwrap_or_default(),
        name: application.name,
        instance_arn: application.instance_arn,
    };
    let applications = needed(output.applications, "Applications")?.into_iter().map(application);
    Ok(responses::ListApplications { applications: applications.collect(), next_token: output.next_token })
}

fn assigned(output: ListApplicationAssignmentsOutput) -> Result<responses::ListApplicationAssignments, Failure> {
    let assignment = |assignment: types::ApplicationAssignment| responses::ApplicationAssignment {
        application_arn: Some(assignment.application_arn),
        principal_type: assignment.principal_type.as_str().to_owned(),
        principal_id: assignment.principal_id,
    };
    let assignments: Vec<_> =
        needed(output.application_assignments, "ApplicationAssignments")?.into_iter().map(assignment).collect();
    Ok(responses::ListApplicationAssignments { application_assignments: assignments, next_token: output.next_token })
}

fn configuration(
    output: GetApplicationAssignmentConfigurationOutput,
) -> responses::GetApplicationAssignmentConfiguration {
    responses::GetApplicationAssignmentConfiguration { assignment_required: output.assignment_required }
}
