//! A group as it was listed, before its members are found.

use chrono::{DateTime, Utc};

use super::entries::Read;
use crate::model::{Extent, ExternalId, GroupId, Made, TextId};

/// A group whose members are not found yet.
pub(super) struct GroupRead {
    pub(super) id: GroupId,
    pub(super) name: String,
    pub(super) external_ids: Vec<ExternalId>,
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) created_by: Option<String>,
    pub(super) members: Read<TextId>,
    /// By member, in the order of answers, where AWS said so.
    pub(super) made: Vec<(TextId, Made)>,
    /// Whether it is there: the list of groups has it, or it was asked for by id. Otherwise only a user named it.
    pub(super) listed: bool,
    /// Whether it joined when the groups had been listed.
    pub(super) late: bool,
}

/// A group of which nothing is known but its id.
pub(super) fn unlisted(id: String, extent: &Extent) -> GroupRead {
    GroupRead {
        name: id.clone(),
        id: GroupId::new(id),
        external_ids: Vec::new(),
        created: None,
        created_by: None,
        members: Read { seen: Vec::new(), extent: extent.clone() },
        made: Vec::new(),
        listed: false,
        late: false,
    }
}
