//! Applications of Identity Center: who is assigned to each, and which of them ask for no assignment at all.

use std::collections::{BTreeMap, BTreeSet};

use super::entries::Read;
use super::page_reader::{Reader, Wanted};
use super::permission_sets::PrincipalRead;
use crate::collect::api::responses::{
    ApplicationAssignment, GetApplicationAssignmentConfiguration, ListApplicationAssignments, ListApplications,
};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{Everyone, Extent, Hides, Instance, Listing, What, quoted};

/// An application whose principals are not found yet.
pub(super) struct ApplicationRead {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) principals: Read<PrincipalRead>,
    pub(super) everyone: Listing<Everyone>,
}

pub(super) fn read(reader: &mut Reader<'_>, instance: &Instance) -> Read<ApplicationRead> {
    let asked = Parameters::of([("InstanceArn", &instance.arn)]);
    let wanted = Wanted::new(What::Applications, Hides::Grants);
    let Read { seen: pages, mut extent } = reader.read::<ListApplications>(None, asked.clone(), &wanted);
    let mut named: BTreeMap<String, Option<String>> = BTreeMap::new();
    for application in pages.into_iter().flat_map(|page| page.applications) {
        let (arn, name) = (application.application_arn, application.name);
        if *named.entry(arn.clone()).or_insert_with(|| name.clone()) != name {
            extent = reader.twice::<ListApplications>(extent, None, &wanted, &arn);
        }
    }
    let since = reader.window(Operation::ListApplications, None, asked);
    let known: BTreeSet<&str> = named.keys().map(String::as_str).collect();
    let shows = reader.unlisted::<ListApplicationAssignments>("ApplicationArn", since, &known);
    let by = Operation::ListApplicationAssignments;
    let extent = reader.unless_disproved::<ListApplications>(extent, None, &wanted, by, shows);
    let applications = named.into_iter().map(|(arn, name)| application(reader, arn, name));
    Read { seen: applications.collect(), extent }
}

fn application(reader: &mut Reader<'_>, arn: String, name: Option<String>) -> ApplicationRead {
    let name = name.unwrap_or_else(|| arn.clone());
    let asked = Parameters::of([("ApplicationArn", &arn)]);
    let principals = principals(reader, asked.clone(), &name);
    let everyone = everyone(reader, asked, &name);
    ApplicationRead { arn, name, principals, everyone }
}

fn principals(reader: &mut Reader<'_>, asked: Parameters, name: &str) -> Read<PrincipalRead> {
    let wanted = Wanted::of(What::AssignmentsOfApplication.of(name), quoted(name), Hides::Grants);
    let Read { seen: pages, mut extent } = reader.read::<ListApplicationAssignments>(None, asked, &wanted);
    let mut principals = BTreeSet::new();
    for ApplicationAssignment { principal_type, principal_id, .. } in
        pages.into_iter().flat_map(|page| page.application_assignments)
    {
        match PrincipalRead::of(&principal_type, principal_id) {
            Ok(principal) => _ = principals.insert(principal),
            Err(detail) => {
                extent = Extent::Part(reader.unreadable::<ListApplicationAssignments>(None, &wanted, detail));
            }
        }
    }
    Read { seen: principals.into_iter().collect(), extent }
}

/// Whether an application asks for no assignment: then every user of Identity Center may use it (AWS API Reference,
/// `GetApplicationAssignmentConfiguration`).
fn everyone(reader: &mut Reader<'_>, asked: Parameters, name: &str) -> Listing<Everyone> {
    let unseen = What::ApplicationOpen.of(name);
    let wanted = Wanted::of(unseen, quoted(name), Hides::Grants);
    let read = reader.read::<GetApplicationAssignmentConfiguration>(None, asked, &wanted);
    let open = read.seen.iter().filter(|answer| !answer.assignment_required).map(|_| Everyone);
    Listing::new(open.collect(), read.extent)
}
