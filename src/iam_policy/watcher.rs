//! What watching needs besides what an audit needs.

use super::{Resource, Statement, action, statement};
use crate::collect::focus::IAM_ACTIONS;
use crate::events::EventSource;
use crate::model::IamScope;
use crate::queue;
use crate::settings::Settings;

/// What the principal that Rollcall runs as needs to watch; nothing, where the settings have no queue.
#[must_use]
pub fn of_watcher(settings: &Settings) -> Vec<Statement> {
    let Some(watch) = &settings.watch else { return Vec::new() };
    let actions = queue::ACTIONS.map(|(name, why)| action(name, why)).to_vec();
    let queues = watch.queues.iter().map(|url| Resource::Within(queue::arn_behind_partition(url)));
    let mut statements = vec![statement("WatchQueues", actions, queues)];
    if settings.aws.identity_center {
        let list = action("sso:ListAccountAssignmentsForPrincipal", "what a user or a group has that was changed");
        statements.push(statement("WatchPrincipals", vec![list], [Resource::Everything]));
    }
    statements.extend(watching_iam(settings));
    statements
}

/// What reading one IAM user needs, in each account.
pub(super) fn watching_iam(settings: &Settings) -> Option<Statement> {
    let watches = settings.watch.is_some() && settings.aws.scope().iam != IamScope::Nowhere;
    let actions = IAM_ACTIONS.map(|(name, why)| action(name, why)).to_vec();
    watches.then(|| statement("WatchIamUsers", actions, [Resource::Within("iam::*:user/*".to_owned())]))
}

/// The services whose events are watched, as CloudTrail writes them.
pub fn event_sources() -> impl Iterator<Item = &'static str> {
    EventSource::ALL.into_iter().map(EventSource::word)
}
