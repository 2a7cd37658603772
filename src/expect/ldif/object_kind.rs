//! What an entry of LDIF is: by its classes, else by what only one kind of object has, else by what the search asked
//! for.

use super::parse::LdifEntry;
use crate::expect::active_directory::account;
use crate::expect::active_directory::distinguished_name::Dn;
use crate::expect::active_directory::object_class;
use crate::expect::records::directory_records::EntryKind;

/// What an entry is; `None` where nothing tells, and where the class of what may be an account is not known.
pub(crate) fn kind(entry: &LdifEntry<'_>, dn: &Dn, control: Option<i64>) -> Option<EntryKind> {
    let has = |name: &&str| !entry.all(name).is_empty();
    let has_value = |name: &&str| entry.all(name).iter().any(|attribute| !attribute.value.is_empty());
    let classes: Vec<&str> = entry.all("objectClass").iter().filter_map(|class| class.value.text()).collect();
    let class = object_class::of_directory(&classes.join(" "));
    let stored = entry.text("sAMAccountType").and_then(|stored| stored.parse().ok()).map(account::stored_as);
    let primary_group = entry.text("primaryGroupID").and_then(|group| group.trim().parse().ok());
    let is_machine = account::is_machine(control, stored, primary_group) == Some(true);
    let has_members = ["groupType", "member"].iter().any(has);
    if class == Some(EntryKind::Group) || has_members || stored == Some(account::Stored::Group) {
        Some(EntryKind::Group)
    } else if class == Some(EntryKind::Other) || dn.is_foreign() || is_machine {
        Some(EntryKind::Other)
    } else if class == Some(EntryKind::Person) || stored == Some(account::Stored::User) {
        Some(EntryKind::Person)
    } else if !has(&"objectClass") {
        let is_account = control.is_some() || OF_PEOPLE.iter().any(has);
        is_account.then_some(EntryKind::Person)
    } else {
        let may_be_account = control.is_some() || OF_PEOPLE.iter().chain(&OF_ACCOUNTS).any(has_value);
        (!may_be_account).then_some(EntryKind::Other)
    }
}

/// What only people have, and machines, which are told by other marks.
const OF_PEOPLE: [&str; 3] = ["userPrincipalName", "primaryGroupID", "accountExpires"];

/// What people have, and groups and contacts, which are told by their class.
const OF_ACCOUNTS: [&str; 3] = ["sAMAccountName", "objectSid", "mail"];

/// What everything that a search finds is, by its filter (RFC 4515); `None` where it finds several kinds.
pub(crate) fn kind_by_filter(filter: &str) -> Option<Found> {
    let mut rest = filter.trim();
    let found = found_by(&mut rest, 0)?;
    rest.is_empty().then_some(found).flatten()
}

/// What a search finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// Users, and what nothing tells from them: computers and managed service accounts.
    Users,
    Groups,
}

impl Found {
    /// What an entry is that such a search found.
    pub(crate) fn kind(self) -> EntryKind {
        match self {
            Found::Groups => EntryKind::Group,
            Found::Users => EntryKind::Person,
        }
    }
}

/// Reads one term in its parentheses. The outer `None` means that this is no filter.
fn found_by(rest: &mut &str, depth: u32) -> Option<Option<Found>> {
    // Deeper than anybody writes: a filter is only a hint.
    if depth > 16 {
        return None;
    }
    *rest = rest.strip_prefix('(')?.trim_start();
    let found = match rest.chars().next()? {
        operator @ ('&' | '|' | '!') => {
            *rest = rest[1..].trim_start();
            let mut terms = Vec::new();
            while rest.starts_with('(') {
                terms.push(found_by(rest, depth + 1)?);
                *rest = rest.trim_start();
            }
            match operator {
                '&' => terms.into_iter().flatten().next(),
                '|' => terms.iter().copied().reduce(|one, other| if one == other { one } else { None }).flatten(),
                _ => None,
            }
        }
        _ => {
            let (term, _) = rest.split_once(')')?;
            *rest = &rest[term.len()..];
            found_by_term(term)
        }
    };
    *rest = rest.strip_prefix(')')?;
    Some(found)
}

fn found_by_term(term: &str) -> Option<Found> {
    let (attribute, value) = term.split_once('=')?;
    match (attribute.trim().to_ascii_lowercase().as_str(), value.trim().to_ascii_lowercase().as_str()) {
        ("objectclass" | "objectcategory", "user") | ("objectclass", "inetorgperson") => Some(Found::Users),
        ("samaccounttype", "805306368") => Some(Found::Users),
        ("objectclass" | "objectcategory", "group") | ("grouptype", _) => Some(Found::Groups),
        _ => None,
    }
}
