//! What fills the identity store: it decides which ids can be compared, whether nested groups count, and what a
//! disabled account can still do.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{ExternalId, Guid, Nesting, Snapshot};

/// The identity source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IdentitySource {
    /// Active Directory, through AWS's own synchronization or a SCIM client that sends `objectGUID`. The directory
    /// handles sign-in and refuses disabled accounts.
    ActiveDirectory,
    /// Microsoft Entra ID, through SCIM. It has its own ids, not `objectGUID`s, and sends direct members only.
    Entra,
    /// Okta, through SCIM. It has its own ids.
    Okta,
    /// None: users and groups are created in Identity Center itself.
    IdentityCenter,
}

impl IdentitySource {
    /// What the external ids of a snapshot's users tell of their source; `None` where they tell nothing clear.
    /// `directory` are the GUIDs of the people on the lists: a SCIM client that sends those speaks for that directory.
    ///
    /// Where it is no synchronized directory, the form of the ids decides: Entra ID gives GUIDs, Okta ids that begin with
    /// `00u`.
    #[must_use]
    pub fn of(snapshot: &Snapshot, directory: &BTreeSet<Guid>) -> Option<Self> {
        let listed = || snapshot.users.seen().filter(|user| user.listed);
        let mut tells: Vec<Self> =
            listed().filter_map(|user| user.external_ids.iter().find_map(|id| Self::of_id(id, directory))).collect();
        tells.sort();
        match (tells.first(), tells.last()) {
            (Some(first), Some(last)) if first == last => Some(*first),
            (Some(_), Some(_)) => None,
            // Users without a single external id were made by hand.
            (None, _) | (_, None) => {
                let by_hand = listed().all(|user| user.external_ids.is_empty());
                (by_hand && listed().next().is_some()).then_some(IdentitySource::IdentityCenter)
            }
        }
    }

    fn of_id(id: &ExternalId, directory: &BTreeSet<Guid>) -> Option<Self> {
        if id.is_of_directory() {
            return Some(IdentitySource::ActiveDirectory);
        }
        match id.guid() {
            Some(guid) if directory.contains(&guid) => Some(IdentitySource::ActiveDirectory),
            Some(_) => Some(IdentitySource::Entra),
            None if id.id.starts_with("00u") => Some(IdentitySource::Okta),
            None => None,
        }
    }

    /// Whether it counts members of nested groups, where the settings do not say.
    #[must_use]
    pub fn nesting(self) -> Nesting {
        match self {
            IdentitySource::Entra => Nesting::Direct,
            IdentitySource::ActiveDirectory | IdentitySource::Okta | IdentitySource::IdentityCenter => Nesting::Flatten,
        }
    }
}
