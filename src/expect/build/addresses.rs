//! What may show that a row is about the holder of an account although it names no account: mail addresses, names in
//! the form of one, and numbers of employees. Several may share an address, so it is never a key.

use crate::expect::records::directory_records::Entry;
use crate::model::{NameKey, employee_number, is_placeholder};

/// Something by which a list of the personnel department may mean somebody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Address {
    /// A mail address, or a sign-in name in the form of one.
    Mail(NameKey),
    /// The name of an account without its domain: of several domains, each may have one.
    Login(NameKey),
    /// The number of an employee, who may have several accounts.
    Employee(String),
}

/// The addresses of an entry.
pub(crate) fn addresses(entry: &Entry) -> Vec<Address> {
    let at_domain = entry.sam.iter().zip(&entry.domain).map(|(sam, domain)| format!("{sam}@{domain}"));
    let names = entry.user_name.iter().filter(|name| name.contains('@')).cloned();
    let mails = entry.mails.iter().cloned().chain(names).chain(at_domain);
    let mut all: Vec<Address> = mails.map(|mail| Address::Mail(NameKey::of(&mail))).collect();
    let is_bare = has_no_id(entry) && !entry.user_name.as_deref().is_some_and(|name| name.contains('@'));
    let in_no_domain = entry.sam.iter().chain(&entry.user_name).filter(|_| is_bare);
    all.extend(in_no_domain.chain(&entry.login).map(|name| Address::Login(NameKey::of(name))));
    all.extend(numbers(entry).into_iter().map(Address::Employee));
    all.sort_unstable();
    all.dedup();
    all
}

/// The numbers of an entry, in the form in which they are compared. A placeholder is none.
pub(crate) fn numbers(entry: &Entry) -> Vec<String> {
    let is_number = |id: &&String| !is_placeholder(id) && id.chars().any(|char| char.is_alphanumeric() && char != '0');
    entry.employee_ids.iter().filter(is_number).map(|id| employee_number(id)).collect()
}

/// Everything by which others may mean the holder of an account: its addresses, and its name without the domain.
pub(crate) fn known_by(entry: &Entry) -> Vec<Address> {
    let of_user_name = entry.user_name.as_deref().and_then(|name| Some(name.split_once('@')?.0));
    let names = entry.sam.as_deref().into_iter().chain(of_user_name);
    let mut all = addresses(entry);
    all.extend(names.map(|name| Address::Login(NameKey::of(name))));
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether an entry says of no account of a directory that it is about it: a row of a list of people.
pub(crate) fn is_without_account(entry: &Entry) -> bool {
    entry.guid.is_none() && entry.entra_id.is_none() && has_no_name_on_premises(entry)
}

/// Whether an entry has no key of a directory but a name.
fn has_no_id(entry: &Entry) -> bool {
    let ids = entry.guid.is_some() || entry.entra_id.is_some() || entry.sid.is_some() || entry.dn.is_some();
    !ids && entry.domain.is_none()
}

/// The same, but it may be an account of Entra ID.
pub(crate) fn has_no_name_on_premises(entry: &Entry) -> bool {
    entry.guid.is_none() && entry.sid.is_none() && entry.dn.is_none() && entry.sam.is_none()
}

/// Whether a key of a directory shows that two are two accounts.
pub(crate) fn are_two_accounts(one: &Entry, other: &Entry) -> bool {
    fn differ<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
        one.as_ref().zip(other.as_ref()).is_some_and(|(one, other)| one != other)
    }
    differ(&one.guid, &other.guid)
        || differ(&one.entra_id, &other.entra_id)
        || differ(&one.sid, &other.sid)
        || differ(&one.domain, &other.domain)
        || names_differ(&one.sam, &other.sam)
}

/// Whether both have a name, and not the same.
pub(crate) fn names_differ(one: &Option<String>, other: &Option<String>) -> bool {
    one.as_deref().zip(other.as_deref()).is_some_and(|(one, other)| NameKey::of(one) != NameKey::of(other))
}

/// Whether both have a user name, and not the same. One without a domain may be the other one's.
pub(super) fn user_names_differ(one: &Entry, other: &Entry) -> bool {
    let bare = |entry: &Entry| entry.user_name.as_deref().filter(|name| !name.contains('@')).map(NameKey::of);
    let has = |entry: &Entry, name: NameKey| known_by(entry).contains(&Address::Login(name));
    let may_be = bare(one).is_some_and(|name| has(other, name)) || bare(other).is_some_and(|name| has(one, name));
    names_differ(&one.user_name, &other.user_name) && !may_be
}

/// Whether an address is what somebody signs in with.
pub(crate) fn is_user_name(object: &Entry, address: &Address) -> bool {
    object.user_name.as_deref().is_some_and(|name| match address {
        Address::Mail(mail) => *mail == NameKey::of(name),
        Address::Login(login) => object.sam.is_none() && *login == NameKey::of(name),
        Address::Employee(_) => false,
    })
}
