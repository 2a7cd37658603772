//! What plans never touch: patterns of the settings, and what AWS keeps for itself.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::Change;
use crate::compare::maker_of_group;
use crate::model::fits;

/// A kind of thing and a pattern of its name: `group:break-glass-*`.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema)]
#[schemars(with = "String")]
pub struct Pattern {
    kind: Kind,
    name: String,
}

/// What can be protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    User,
    Group,
    PermissionSet,
    Account,
    IamUser,
}

impl Kind {
    const ALL: [(Kind, &'static str); 5] = [
        (Kind::User, "user"),
        (Kind::Group, "group"),
        (Kind::PermissionSet, "permission-set"),
        (Kind::Account, "account"),
        (Kind::IamUser, "iam-user"),
    ];
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| {
            format!(
                "`{text}` {why}; write `user:NAME`, `group:NAME`, `permission-set:NAME`, `account:ID` or `iam-user:ACCOUNT/NAME`"
            )
        };
        let (kind, name) = text.split_once(':').ok_or_else(|| wrong("has no kind"))?;
        let kind = Kind::ALL.into_iter().find(|(_, word)| *word == kind).ok_or_else(|| wrong("has an unknown kind"))?.0;
        if name.is_empty() {
            return Err(wrong("has no name"));
        }
        if kind == Kind::IamUser && !name.contains('/') {
            return Err(wrong("names no account"));
        }
        Ok(Pattern { kind, name: name.to_owned() })
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Kind::ALL.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, word)| word);
        write!(f, "{word}:{}", self.name)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What protects something that a change is about: the pattern (`None` for what AWS keeps), and what it fits.
pub(super) fn protects<'p>(patterns: &'p [Pattern], change: &Change) -> Option<(Option<&'p Pattern>, String)> {
    let names = names(change);
    let by_pattern = names.iter().find_map(|(kind, name)| {
        let found = patterns.iter().find(|pattern| pattern.kind == *kind && fits(&pattern.name, name));
        found.map(|pattern| (Some(pattern), name.clone()))
    });
    by_pattern.or_else(|| {
        let group = |(kind, name): &&(Kind, String)| *kind == Kind::Group && maker_of_group(name).is_some();
        // What is assigned to such a group is the organization's own affair.
        let is_assignment = matches!(change, Change::AddAssignment { .. } | Change::RemoveAssignment { .. });
        names.iter().find(group).filter(|_| !is_assignment).map(|(_, name)| (None, name.clone()))
    })
}

/// Everything that a change is about, by name.
fn names(change: &Change) -> Vec<(Kind, String)> {
    let mut names = Vec::new();
    names.extend(change.user().map(|user| (Kind::User, user.name.clone())));
    names.extend(change.group().map(|group| (Kind::Group, group.name.clone())));
    names.extend(change.account().map(|account| (Kind::Account, account.to_string())));
    names.extend(change.iam_user().map(|user| (Kind::IamUser, format!("{}/{}", user.account, user.name))));
    if let Change::CreateIamUser { account, name, .. } = change {
        names.push((Kind::IamUser, format!("{account}/{name}")));
    }
    if let Change::CreateUser { name, .. } = change {
        names.push((Kind::User, name.clone()));
    }
    if let Change::CreateGroup { name, .. } = change {
        names.push((Kind::Group, name.clone()));
    }
    if let Change::AddAssignment { permission_set, .. } | Change::RemoveAssignment { permission_set, .. } = change {
        names.push((Kind::PermissionSet, permission_set.name.clone()));
    }
    names
}
