//! Who has which address, and which of them can be relied on.

use super::addresses::{Address, addresses, are_two_accounts, is_user_name, known_by, user_names_differ};
use super::employee_numbers::{EmployeeNumbers, OneHuman, is_contradicted};
use super::nodes::{Index, Node};
use crate::expect::records::directory_records::{Entry, EntryKind, Records, Tells};

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
