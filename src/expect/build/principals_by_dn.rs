//! Principals and owners that lists kept by hand call by their distinguished names, as exports of a directory do: they get
//! the names by which rows find them. A distinguished name that no export has stays what it is.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::expect::active_directory::distinguished_name::DnKey;
use crate::expect::records::directory_records::{Entry, EntryKind, Holder, PrincipalType, Records};

/// What stands between the owners in one cell.
const BETWEEN_OWNERS: [char; 2] = [';', '|'];

/// The names that exports give, by kind and distinguished name.
type Names = BTreeMap<(EntryKind, DnKey), String>;

/// The records, with such names in place of the distinguished ones.
pub(super) fn named(records: &Records) -> Cow<'_, Records> {
    let assignments = records.assignments.iter().map(|row| &row.principal);
    let applications = records.applications.iter().map(|row| &row.principal);
    let entitlements = records.entitlements.iter().map(|row| &row.principal);
    let principals = assignments.chain(applications).chain(entitlements).map(String::as_str);
    let owners = records.iam_users.iter().map(|row| &row.owner).chain(records.trusts.iter().map(|row| &row.owner));
    let owners = owners.flatten().flat_map(|cell| cell.split(BETWEEN_OWNERS));
    if !principals.chain(owners).any(|name| dn(name).is_some()) {
        return Cow::Borrowed(records);
    }
    let (names, mut records) = (names(records), records.clone());
    let replace = |name: &mut String, kind: EntryKind| {
        if let Some(known) = dn(name).and_then(|dn| names.get(&(kind, dn))) {
            name.clone_from(known);
        }
    };
    for row in &mut records.assignments {
        replace(&mut row.principal, kind(row.principal_type));
    }
    for row in &mut records.applications {
        match row.principal_type {
            Holder::User => replace(&mut row.principal, EntryKind::Person),
            Holder::Group => replace(&mut row.principal, EntryKind::Group),
            Holder::Everyone => {}
        }
    }
    for row in &mut records.entitlements {
        replace(&mut row.principal, kind(row.principal_type));
    }
    let of_users = records.iam_users.iter_mut().map(|row| &mut row.owner);
    for cell in of_users.chain(records.trusts.iter_mut().map(|row| &mut row.owner)).flatten() {
        let mut owners: Vec<String> = cell.split(BETWEEN_OWNERS).map(|one| one.trim().to_owned()).collect();
        owners.iter_mut().for_each(|owner| replace(owner, EntryKind::Person));
        *cell = owners.join("; ");
    }
    Cow::Owned(records)
}

fn kind(principal_type: PrincipalType) -> EntryKind {
    match principal_type {
        PrincipalType::User => EntryKind::Person,
        PrincipalType::Group => EntryKind::Group,
    }
}

fn dn(name: &str) -> Option<DnKey> {
    DnKey::of(name).filter(|_| name.contains('='))
}

/// The surest name of each object: one that it signs in with, then a mail address, then the name of its account.
fn names(records: &Records) -> Names {
    let of: [fn(&Entry) -> Option<&String>; 4] = [
        |entry| entry.user_name.as_ref(),
        |entry| entry.mails.first().filter(|_| entry.kind == EntryKind::Person),
        |entry| entry.sam.as_ref(),
        |entry| entry.common_name.as_ref(),
    ];
    let mut names = Names::new();
    for name in of {
        for entry in &records.entries {
            if let (Some(name), Some(dn)) = (name(entry), entry.dn.as_deref().and_then(DnKey::of)) {
                names.entry((entry.kind, dn)).or_insert_with(|| name.clone());
            }
        }
    }
    names
}
