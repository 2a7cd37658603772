//! What keeps users and groups of Identity Center: what comes from elsewhere is changed there.

use super::Source;
use crate::model::{ExternalId, Group, IdentitySource, Ix, Report, User};

/// What keeps a user.
#[must_use]
pub fn of_user(report: &Report<'_>, user: Ix<User>) -> Source {
    let is_listed = report.matching.people[user.number()].is_some();
    // A source is known by the external ids of users, so it gives some to all of its users.
    of(report, &report.world.snapshot.users[user].external_ids, is_listed, true)
}

/// What keeps a group.
#[must_use]
pub fn of_group(report: &Report<'_>, group: Ix<Group>) -> Source {
    let groups = &report.world.snapshot.groups;
    let is_listed = report.matching.directory_groups[group.number()].is_some();
    // Some SCIM clients give groups no external ids at all.
    let gives_ids = groups.seen().any(|group| !group.external_ids.is_empty());
    of(report, &groups[group].external_ids, is_listed, gives_ids)
}

/// What fills the identity store.
#[must_use]
pub fn of_store(report: &Report<'_>) -> Source {
    match report.matching.provisioning.source {
        Some(IdentitySource::IdentityCenter) => Source::IdentityCenter,
        Some(IdentitySource::ActiveDirectory | IdentitySource::Entra | IdentitySource::Okta) => Source::External,
        None => Source::Unclear,
    }
}

/// Whatever has an external id is the provider's, and so is what has none and is on a list of the directory. Anything
/// else was made by hand, if the provider would have given it an id.
fn of(report: &Report<'_>, external_ids: &[ExternalId], is_listed: bool, gives_ids: bool) -> Source {
    match (external_ids.is_empty(), of_store(report)) {
        (false, _) => Source::External,
        (true, Source::External) if is_listed => Source::External,
        (true, Source::External) if gives_ids => Source::IdentityCenter,
        (true, Source::External | Source::Unclear) => Source::Unclear,
        (true, Source::IdentityCenter) => Source::IdentityCenter,
    }
}
