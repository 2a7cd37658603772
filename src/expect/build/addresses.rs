//! What may show that a row is about the holder of an account although it names no account: mail addresses, names in
//! the form of one, and numbers of employees. Several may share an address, so it is never a key.

use super::employee_numbers::{EmployeeNumbers, OneHuman, is_contradicted, numbers};
use super::object_graph::{Index, Node};
use crate::expect::records::directory_records::{Entry, EntryKind, Records, Tells};
use crate::model::NameKey;

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
fn user_names_differ(one: &Entry, other: &Entry) -> bool {
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

/// Who has which address, and which of them can be relied on.
#[derive(Debug, Default)]
pub(crate) struct AddressBook {
    /// The objects that have an address.
    holders: Index<Address, Vec<Node>>,
    /// How many rows of a list of people have an address.
    rows: Index<(u32, Address), u32>,
    /// Files that speak of an object.
    files: Index<(Node, u32), ()>,
    /// What numbers of employees show.
    pub(crate) employees: EmployeeNumbers,
}

impl AddressBook {
    /// Counts the rows of lists of people. In a list of members, several rows may be about one person.
    pub(crate) fn of(records: &Records) -> Self {
        let mut holders = AddressBook::default();
        let lists = records.files.iter().map(|file| file.tells.contains(&Tells::People));
        let lists: Vec<bool> = lists.collect();
        let people = records.entries.iter().filter(|entry| entry.kind == EntryKind::Person);
        for entry in people.filter(|entry| lists[entry.at.file as usize]) {
            for address in addresses(entry) {
                *holders.rows.entry((entry.at.file, address)).or_default() += 1;
            }
        }
        holders
    }

    /// Takes note of what an entry says of an object.
    pub(crate) fn add(&mut self, node: Node, entry: &Entry) {
        if entry.kind != EntryKind::Person {
            return;
        }
        for address in known_by(entry) {
            let same = self.holders.entry(address).or_default();
            if !same.contains(&node) {
                same.push(node);
            }
        }
        self.files.insert((node, entry.at.file), ());
    }

    /// Judges what the numbers of employees show, by entries without an account.
    pub(crate) fn judge_employees<'e>(&mut self, entries: impl Iterator<Item = &'e Entry>, objects: &[Entry]) {
        self.employees = EmployeeNumbers::of(entries, |number| self.holders(number).to_vec(), objects);
    }

    /// The one object that an entry is about by its addresses: the only one that has the address, and of whose list no
    /// other row has it. A number of an employee goes before a mail address, and that before a name without a domain.
    pub(crate) fn known(&self, entry: &Entry, objects: &[Entry]) -> Option<Node> {
        let mut by_mail: Option<Node> = None;
        let addresses = addresses(entry);
        let comparable = self.employees.comparable;
        let numbers = addresses.iter().filter(|address| comparable && matches!(address, Address::Employee(_)));
        for number in numbers {
            let mut fitting = self.fitting(number, entry, objects);
            fitting.retain(|node| !is_contradicted(entry, &objects[*node]));
            if let [only] = fitting.as_slice() {
                return Some(*only);
            }
        }
        for mail in addresses.iter().filter(|address| matches!(address, Address::Mail(_))) {
            let fitting = self.fitting(mail, entry, objects);
            let by_name: Vec<Node> =
                fitting.iter().filter(|node| is_user_name(&objects[**node], mail)).copied().collect();
            let found = match (fitting.as_slice(), by_name.as_slice()) {
                ([], _) => continue,
                ([only], _) | (_, [only]) => *only,
                (_, _) => return None,
            };
            if by_mail.replace(found).is_some_and(|before| before != found) {
                return None;
            }
        }
        let mut logins = addresses.iter().filter(|address| matches!(address, Address::Login(_)));
        by_mail.or_else(|| {
            logins.find_map(|login| match self.fitting(login, entry, objects).as_slice() {
                [only] => Some(*only),
                [] | [_, ..] => None,
            })
        })
    }

    /// The objects that have an address and may be what an entry is about.
    fn fitting(&self, address: &Address, entry: &Entry, objects: &[Entry]) -> Vec<Node> {
        let file = entry.at.file;
        if self.rows.get(&(file, address.clone())).is_some_and(|&rows| rows > 1) {
            return Vec::new();
        }
        let counted = self.rows.contains_key(&(file, address.clone()));
        let fits = |node: &Node| {
            let object = &objects[*node];
            // Two rows of one list are two people.
            let apart = counted && self.files.contains_key(&(*node, file));
            !apart
                && !are_two_accounts(object, entry)
                && !user_names_differ(object, entry)
                && self.employees.one_human(entry, object) == OneHuman::MayBe
        };
        self.holders(address).iter().copied().filter(fits).collect()
    }

    /// Whether no list has a row without an account, so that nothing was taken note of.
    pub(crate) fn is_empty(&self) -> bool {
        self.holders.is_empty()
    }

    /// Who has an address.
    pub(crate) fn holders(&self, address: &Address) -> &[Node] {
        self.holders.get(address).map_or(&[], Vec::as_slice)
    }

    /// Whether a file speaks of an object.
    pub(crate) fn speaks_of(&self, file: u32, node: Node) -> bool {
        self.files.contains_key(&(node, file))
    }
}
