//! One object for every entry that speaks of it, and who refers to whom.
//!
//! The same person stands in the list of users and in the lists of members. Entries are one object where they share a
//! GUID, a SID, a distinguished name, a sign-in name, or a `sAMAccountName` of one domain; never by a display name, and
//! never where another name shows that they are two: then a name that both have means neither. A row that names no
//! account, as those of a personnel department, is about the one account that has its address ([`addresses`]).
//!
//! [`addresses`]: super::addresses

use super::address_book::AddressBook;
use super::addresses::has_no_name_on_premises;
use super::nodes::{Index, Node};
use crate::expect::active_directory::distinguished_name::{Dn, DnKey};
use crate::expect::records::directory_records::{At, Entry, EntryKind, Membership, Records, Reference};
use crate::model::{Guid, NameKey};

/// All objects that entries speak of.
#[derive(Debug)]
pub(crate) struct Graph {
    /// Each object: what all of its entries say together; the row is that of the first.
    pub(crate) objects: Vec<Entry>,
    /// Of each membership, in the order of the records, the group and the member; `None` where the lists do not have
    /// it.
    pub(crate) edges: Vec<Edge>,
    index: Index<Key, Node>,
    /// Names as they are written: nearly all who refer to an object write its name as its own entry does.
    by_text: Index<String, Node>,
    by_sam: Index<NameKey, Vec<Node>>,
    by_user_name: Index<NameKey, Vec<Node>>,
    by_row: Index<At, Node>,
    groups_by_name: Index<NameKey, Vec<Node>>,
    /// Whether the lists are of several domains, so that a group without one may be of any.
    several_domains: bool,
    /// Who has which address; nobody where every person has an account.
    pub(crate) addresses: AddressBook,
}

/// The two ends of a membership.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) group: Option<Node>,
    pub(crate) member: Option<Node>,
}

/// A key that only one object has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Guid(Guid),
    Entra(Guid),
    Sid(String),
    Dn(DnKey),
}

impl Graph {
    /// The objects of these records, and a group for each name that only a list of members or a person's groups have.
    pub(crate) fn of(records: &Records) -> Self {
        let mut graph = Graph {
            objects: Vec::new(),
            edges: Vec::new(),
            index: Index::new(),
            by_text: Index::new(),
            by_sam: Index::new(),
            by_user_name: Index::new(),
            by_row: Index::new(),
            groups_by_name: Index::new(),
            several_domains: false,
            addresses: AddressBook::default(),
        };
        graph.add_all(records);
        for (node, object) in graph.objects.iter().enumerate().filter(|(_, object)| object.kind == EntryKind::Group) {
            for name in names(object) {
                let same = graph.groups_by_name.entry(NameKey::of(name)).or_default();
                if same.last() != Some(&node) {
                    same.push(node);
                }
            }
        }
        let rolls = records.rolls.iter().map(|roll| (roll.at, &roll.group));
        let memberships = records.memberships.iter().map(|membership| (membership.at, &membership.group));
        let (mut before, mut by_name) = (None, Vec::new());
        for (at, group) in rolls.chain(memberships) {
            // A group's members stand together.
            if before.replace((at.file, group)) == Some((at.file, group)) {
                continue;
            }
            match group {
                // A name alone may mean the group that another list calls by its distinguished name.
                Reference::Name(_) => by_name.push((at, group)),
                Reference::Dn(_) | Reference::Row(_) | Reference::Named(_) | Reference::Account(_) => {
                    graph.name(at, group);
                }
            }
        }
        by_name.into_iter().for_each(|(at, group)| graph.name(at, group));
        graph.edges = records.memberships.iter().map(|membership| graph.edge(membership)).collect();
        graph
    }

    /// Adds all entries. Those that say most of themselves come first; the others are then recognised by them, and rows
    /// of people without an account by their addresses.
    fn add_all(&mut self, records: &Records) {
        let mut domains = records.entries.iter().filter_map(|entry| entry.domain.as_deref());
        let first = domains.next();
        self.several_domains = domains.any(|domain| Some(domain) != first);
        let by_address = |entry: &&Entry| entry.kind == EntryKind::Person && has_no_name_on_premises(entry);
        let (mut by_address, mut entries): (Vec<&Entry>, Vec<&Entry>) = records.entries.iter().partition(by_address);
        entries.sort_by_key(|entry| match (&entry.domain, entry.guid, &entry.sam, &entry.user_name) {
            (Some(_), ..) | (_, Some(_), ..) => 0,
            (.., Some(_), Some(_)) => 1,
            (None, None, None, _) | (None, None, _, None) => 2,
        });
        for entry in &entries {
            let known = self.known(entry, &keys(entry));
            self.add(entry, known);
        }
        if by_address.is_empty() {
            return;
        }
        by_address.sort_by_key(|entry| match (entry.entra_id, &entry.user_name) {
            (Some(_), _) => 0,
            (None, Some(_)) => 1,
            (None, None) => 2,
        });
        let mut addresses = AddressBook::of(records);
        for entry in entries {
            addresses.add(self.by_row[&entry.at], entry);
        }
        addresses.judge_employees(by_address.iter().copied(), &self.objects);
        let of_entra = by_address.partition_point(|entry| entry.entra_id.is_some());
        for (position, entry) in by_address.iter().copied().enumerate() {
            if position == of_entra && of_entra > 0 {
                // Accounts of Entra ID have numbers too.
                addresses.judge_employees(by_address[of_entra..].iter().copied(), &self.objects);
            }
            let known = self.known(entry, &keys(entry)).or_else(|| addresses.known(entry, &self.objects));
            let node = self.add(entry, known);
            addresses.add(node, entry);
        }
        self.addresses = addresses;
    }

    fn edge(&self, membership: &Membership) -> Edge {
        let file = membership.at.file;
        Edge { group: self.resolve(file, &membership.group), member: self.resolve(file, &membership.member) }
    }

    /// Adds an entry to the object that it is about, or as a new one.
    fn add(&mut self, entry: &Entry, known: Option<Node>) -> Node {
        let node = known.unwrap_or(self.objects.len());
        match self.objects.get_mut(node) {
            Some(object) => merge(object, entry),
            None => self.objects.push(entry.clone()),
        }
        self.by_row.insert(entry.at, node);
        for key in keys(entry) {
            let is_name = matches!(key, Key::Dn(_));
            let known = *self.index.entry(key).or_insert(node);
            if let Some(name) = entry.dn.as_ref().filter(|_| is_name) {
                self.by_text.insert(name.clone(), known);
            }
        }
        for (name, index) in [(&entry.sam, &mut self.by_sam), (&entry.user_name, &mut self.by_user_name)] {
            let Some(name) = name else { continue };
            let same = index.entry(NameKey::of(name)).or_default();
            if !same.contains(&node) {
                same.push(node);
            }
        }
        node
    }

    /// The object that an entry is about, if others were about it: by its ids, then by its names, if only one fits.
    fn known(&self, entry: &Entry, keys: &[Key]) -> Option<Node> {
        let by_key = |key: &Key| {
            let node = self.index.get(key).copied().filter(|&node| self.may_be(node, entry));
            node.filter(|&node| !matches!(key, Key::Dn(_)) || !are_two(&self.objects[node], entry))
        };
        keys.iter().find_map(by_key).or_else(|| self.by_user_name(entry)).or_else(|| self.by_sam(entry))
    }

    /// Whether an entry can be about this object: two accounts may share a user principal name, but no GUID and no SID.
    fn may_be(&self, node: Node, entry: &Entry) -> bool {
        let object = &self.objects[node];
        compatible(&object.guid, &entry.guid)
            && compatible(&object.entra_id, &entry.entra_id)
            && compatible(&object.sid, &entry.sid)
    }

    /// The one object with this sign-in name that is not another account's.
    fn by_user_name(&self, entry: &Entry) -> Option<Node> {
        let same = self.by_user_name.get(&NameKey::of(entry.user_name.as_deref()?))?;
        let fits = |node: &Node| {
            let object = &self.objects[*node];
            self.may_be(*node, entry) && compatible(&object.domain, &entry.domain) && !are_two(object, entry)
        };
        single(same.iter().copied().filter(fits))
    }

    /// The one object of this kind with this `sAMAccountName` that is not of another domain, and does not contradict
    /// the entry.
    fn by_sam(&self, entry: &Entry) -> Option<Node> {
        let same = self.by_sam.get(&NameKey::of(entry.sam.as_deref()?))?;
        let fits = |node: &Node| {
            let object = &self.objects[*node];
            object.kind == entry.kind
                && compatible(&object.domain, &entry.domain)
                && !self.may_be_of_two_domains(object, entry)
                && self.may_be(*node, entry)
                && !are_of_two_domains(object, entry)
        };
        single(same.iter().copied().filter(fits))
    }

    /// A group that nothing but its name is known of: no list of groups has it, but somebody is in it.
    fn name(&mut self, at: At, group: &Reference) {
        if self.resolve(at.file, group).is_some() || !self.groups_named(group).is_empty() {
            return;
        }
        let mut object = Entry::new(at, EntryKind::Group);
        match group {
            Reference::Name(name) => object.sam = Some(name.to_string()),
            Reference::Dn(text) => {
                let Some(dn) = Dn::parse(text) else { return };
                object.dn = Some(text.to_string());
                object.domain = dn.domain();
                object.common_name = Some(dn.leaf().to_owned());
                if self.is_known_by_name(&object) {
                    return;
                }
            }
            Reference::Row(_) | Reference::Named(_) | Reference::Account(_) => return,
        }
        let node = self.objects.len();
        for key in keys(&object) {
            self.index.entry(key).or_insert(node);
        }
        for name in names(&object) {
            self.groups_by_name.entry(NameKey::of(name)).or_default().push(node);
        }
        self.objects.push(object);
    }

    /// Whether a group that a distinguished name calls is the one of that name of which the lists have an entry without
    /// a distinguished name. If so, it has one from now on.
    fn is_known_by_name(&mut self, group: &Entry) -> bool {
        let named = group.common_name.as_deref().and_then(|name| self.groups_by_name.get(&NameKey::of(name)));
        let same = named
            .and_then(|nodes| only(nodes))
            .filter(|&node| self.objects[node].dn.is_none() && compatible(&self.objects[node].domain, &group.domain))
            .filter(|&node| !self.may_be_of_two_domains(&self.objects[node], group));
        let Some(node) = same else { return false };
        merge(&mut self.objects[node], group);
        for key in keys(group) {
            self.index.entry(key).or_insert(node);
        }
        true
    }

    /// Whether one of two groups of a name is of a domain, and the other of any that the lists know.
    fn may_be_of_two_domains(&self, one: &Entry, other: &Entry) -> bool {
        self.several_domains && one.kind == EntryKind::Group && one.domain.is_some() != other.domain.is_some()
    }

    /// Every group that a reference by name may mean.
    pub(crate) fn groups_named(&self, reference: &Reference) -> &[Node] {
        match reference {
            Reference::Name(name) => self.groups_by_name.get(&NameKey::of(name)).map_or(&[], Vec::as_slice),
            Reference::Row(_) | Reference::Named(_) | Reference::Dn(_) | Reference::Account(_) => &[],
        }
    }

    /// The account of a trusted domain that a foreign security principal stands for: it is called by its SID.
    fn foreign(&self, dn: &str) -> Option<Node> {
        let dn = Dn::parse(dn).filter(Dn::is_foreign)?;
        self.index.get(&Key::Sid(dn.leaf().to_owned())).copied()
    }

    /// The object that a reference in a row of this file means; `None` where the lists do not have it, or have
    /// several of that name.
    pub(crate) fn resolve(&self, file: u32, reference: &Reference) -> Option<Node> {
        match reference {
            Reference::Row(line) | Reference::Named(line) => self.by_row.get(&At { file, line: *line }).copied(),
            Reference::Dn(dn) => match self.by_text.get(&**dn) {
                Some(node) => Some(*node),
                None => self.index.get(&Key::Dn(DnKey::of(dn)?)).copied().or_else(|| self.foreign(dn)),
            },
            Reference::Name(_) => only(self.groups_named(reference)),
            Reference::Account(sam) => only(self.by_sam.get(&NameKey::of(sam))?),
        }
    }
}

fn only(nodes: &[Node]) -> Option<Node> {
    single(nodes.iter().copied())
}

fn single(mut nodes: impl Iterator<Item = Node>) -> Option<Node> {
    nodes.next().filter(|_| nodes.next().is_none())
}

/// Whether two that share a name are two accounts all the same: each account of a domain has a `sAMAccountName` of its
/// own, or where that is not said, a distinguished name.
fn are_two(one: &Entry, other: &Entry) -> bool {
    match (&one.sam, &other.sam) {
        (Some(one), Some(other)) => NameKey::of(one) != NameKey::of(other),
        (Some(_) | None, Some(_) | None) => differ(&one.dn, &other.dn, DnKey::of),
    }
}

/// Whether two rows of one list with the same `sAMAccountName` are accounts of two domains, where the list does not say
/// of which: no domain has the name twice.
fn are_of_two_domains(one: &Entry, other: &Entry) -> bool {
    let name = |name: &str| Some(NameKey::of(name));
    one.at.file == other.at.file
        && (differ(&one.user_name, &other.user_name, name) || differ(&one.common_name, &other.common_name, name))
}

/// Whether both are known, and not the same.
fn differ<K: PartialEq>(one: &Option<String>, other: &Option<String>, key: impl Fn(&str) -> Option<K>) -> bool {
    one.as_deref().zip(other.as_deref()).is_some_and(|(one, other)| one != other && key(one) != key(other))
}

/// Every name that a group is known by.
pub(crate) fn names(group: &Entry) -> impl Iterator<Item = &str> {
    [&group.sam, &group.common_name, &group.display_name].into_iter().flatten().map(String::as_str)
}

fn keys(entry: &Entry) -> Vec<Key> {
    let dn = entry.dn.as_deref().and_then(DnKey::of).map(Key::Dn);
    let guid = entry.guid.map(Key::Guid);
    let entra = entry.entra_id.map(Key::Entra);
    let sid = entry.sid.clone().map(Key::Sid);
    [guid, entra, sid, dn].into_iter().flatten().collect()
}

fn compatible<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> bool {
    one.as_ref().zip(other.as_ref()).is_none_or(|(one, other)| one == other)
}

/// Adds what another entry says of the same object. What was said first stays; that somebody has left is believed
/// whoever says it.
fn merge(object: &mut Entry, entry: &Entry) {
    fn fill<T: Clone>(field: &mut Option<T>, other: &Option<T>) {
        if field.is_none() {
            field.clone_from(other);
        }
    }
    // One row that takes a person for something else does not make the person vanish.
    if object.kind == EntryKind::Other {
        object.kind = entry.kind;
    }
    fill(&mut object.dn, &entry.dn);
    fill(&mut object.domain, &entry.domain);
    fill(&mut object.guid, &entry.guid);
    fill(&mut object.entra_id, &entry.entra_id);
    fill(&mut object.sid, &entry.sid);
    fill(&mut object.sam, &entry.sam);
    fill(&mut object.user_name, &entry.user_name);
    let is_known = |name: &&String| {
        let mut known = object.user_name.iter().chain(&object.other_user_names);
        known.any(|known| NameKey::of(known) == NameKey::of(name))
    };
    let other_name = entry.user_name.as_ref().filter(|name| !is_known(name)).cloned();
    object.other_user_names.extend(other_name);
    fill(&mut object.login, &entry.login);
    fill(&mut object.display_name, &entry.display_name);
    fill(&mut object.common_name, &entry.common_name);
    object.expires = object.expires.into_iter().chain(entry.expires).min();
    object.never_expires |= entry.never_expires;
    object.changed = object.changed.max(entry.changed);
    fill(&mut object.primary_group, &entry.primary_group);
    object.enabled = match (object.enabled, entry.enabled) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (one, other) => one.or(other),
    };
    let lists = [(&mut object.mails, &entry.mails), (&mut object.employee_ids, &entry.employee_ids)];
    for (known, more) in lists {
        for one in more {
            if !known.contains(one) {
                known.push(one.clone());
            }
        }
    }
}
