//! Leavers whose rows name no account that is theirs alone: whom else they may mean.
//!
//! Most rows of a personnel department are about one account, and are one with it. Where a row that says that somebody
//! has left stands for itself, everybody else with its address may be meant: the one who has it, if there is one, and
//! of several nobody can say which. The employee's number means all accounts of an employee, be it on the row or only on
//! the account that the row is about.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::addresses::{Address, addresses, are_two_accounts, is_user_name, is_without_account, known_by, numbers};
use super::employee_numbers::{OneHuman, is_contradicted};
use super::extent_of_lists::gap;
use super::names_alike::{Alike, alike};
use super::nodes::{Index, Node};
use super::object_graph::Graph;
use super::statements::Said;
use crate::expect::records::directory_records::{Entry, EntryKind, Records};
use crate::model::{Employment, Gap, StatedEmployment, What, Why, full_name};

/// A row that says that somebody has left.
struct Leaver<'a> {
    entry: &'a Entry,
    /// What the row is about.
    node: Node,
    employment: Employment,
}

/// Adds what rows of leavers say of others than the object that they are about.
pub(super) fn spread(records: &Records, graph: &Graph, said: &mut Said<'_>) {
    let is_over = |employment: &Option<Employment>| employment.is_some_and(Employment::is_over);
    let over = said.rows.iter().filter(|row| is_over(&row.2));
    let leavers: Vec<Leaver<'_>> =
        over.filter_map(|&(entry, node, said)| Some(Leaver { entry, node, employment: said? })).collect();
    if leavers.is_empty() || graph.addresses.is_empty() {
        return;
    }
    let gone: BTreeSet<Node> = leavers.iter().map(|leaver| leaver.node).collect();
    let there = said.rows.iter().filter(|(.., employment)| !is_over(employment));
    let there: BTreeSet<(u32, Address)> =
        there.flat_map(|(entry, ..)| known_by(entry).into_iter().map(|address| (entry.at.file, address))).collect();
    let of_lists = said.rows.iter().filter(|(entry, ..)| is_without_account(entry));
    let has_own_row: BTreeSet<Node> = of_lists.map(|(_, node, _)| *node).collect();
    let by_name = LazyCell::new(|| by_full_name(graph, &gone));
    for leaver in leavers {
        let Leaver { entry, node, .. } = leaver;
        let mut means_nobody = is_without_account(&graph.objects[node]);
        // A name in any program may be another one's in the directory.
        let is_known = entry.login.is_some() && !means_nobody;
        for address in addresses(entry).into_iter().filter(|one| !(is_known && matches!(one, Address::Login(_)))) {
            let others = others(graph, entry, node, &address, &gone);
            means_nobody &= others.is_empty();
            let of_one = match address {
                // An employee has left with all accounts.
                Address::Employee(_) => others.clone(),
                Address::Mail(_) | Address::Login(_) => meant(graph, node, &address, &others).into_iter().collect(),
            };
            // A list that has somebody twice, once as a leaver, may speak of one who came back.
            let certain = if there.contains(&(entry.at.file, address.clone())) { Vec::new() } else { of_one };
            let is_certain = |other: &Node| is_certain(graph, &leaver, *other, &address);
            let certain: Vec<Node> = certain.into_iter().filter(is_certain).collect();
            let open: Vec<Node> = others.into_iter().filter(|other| !certain.contains(other)).collect();
            say(said, &leaver, &certain, &open, || doubt(records, graph, entry, &address, &open));
        }
        let further = accounts_of_employee(graph, &leaver, &gone);
        let further: Vec<Node> = further.into_iter().filter(|other| !has_own_row.contains(other)).collect();
        let (certain, open): (Vec<Node>, Vec<Node>) =
            further.into_iter().partition(|other| are_called_alike(&graph.objects[node], &graph.objects[*other]));
        say(said, &leaver, &certain, &open, || {
            Arc::new(may_have_left(records, graph, entry, label(&graph.objects[node]), &open))
        });
        if means_nobody && let Some((name, other)) = namesake(graph, entry, &by_name) {
            said.doubts.entry(other).or_insert_with(|| Arc::new(may_have_left(records, graph, entry, name, &[other])));
        }
    }
}

/// Notes whom a row means besides, for certain or perhaps.
fn say(said: &mut Said<'_>, leaver: &Leaver<'_>, certain: &[Node], open: &[Node], doubt: impl FnOnce() -> Arc<Gap>) {
    for other in certain {
        let statement = StatedEmployment { row: leaver.entry.at.into(), employment: leaver.employment, ended: None };
        said.statements.entry(*other).or_default().push(statement);
    }
    if !open.is_empty() {
        let doubt = doubt();
        open.iter().for_each(|other| _ = said.doubts.entry(*other).or_insert_with(|| Arc::clone(&doubt)));
    }
}

/// Everybody who is still there, by what they are called.
fn by_full_name(graph: &Graph, gone: &BTreeSet<Node>) -> Index<String, Vec<Node>> {
    let mut by_name: Index<String, Vec<Node>> = Index::new();
    for (node, object) in graph.objects.iter().enumerate() {
        if object.kind == EntryKind::Person && !gone.contains(&node) {
            full_names(object).into_iter().for_each(|name| by_name.entry(name).or_default().push(node));
        }
    }
    by_name
}

/// What somebody is called, first name and last: one word may be anybody's.
fn full_names(object: &Entry) -> BTreeSet<String> {
    let names = [&object.display_name, &object.common_name].into_iter().flatten().map(|name| full_name(name));
    names.filter(|name| name.contains(' ')).collect()
}

/// The only one who is called as a leaver is whose row names no account. Two rows of one list are two people.
fn namesake(graph: &Graph, entry: &Entry, by_name: &Index<String, Vec<Node>>) -> Option<(String, Node)> {
    let may_be_meant = |node: &Node| {
        !graph.addresses.speaks_of(entry.at.file, *node)
            && !graph.addresses.employees.are_two_namesakes(entry, &graph.objects[*node])
    };
    full_names(entry).into_iter().find_map(|name| match by_name.get(&name).map(Vec::as_slice) {
        Some([only]) => Some((name, *only)).filter(|(_, node)| may_be_meant(node)),
        Some(_) | None => None,
    })
}

/// Everybody else who has the address of a leaver, is still there by their own rows, and may be meant.
fn others(graph: &Graph, entry: &Entry, node: Node, address: &Address, gone: &BTreeSet<Node>) -> Vec<Node> {
    let by_number = matches!(address, Address::Employee(_));
    if by_number && !graph.addresses.employees.comparable {
        return Vec::new();
    }
    let may_be_meant = |other: &Node| {
        let object = &graph.objects[*other];
        *other != node
            && object.kind == EntryKind::Person
            && !gone.contains(other)
            && !are_two_accounts(entry, object)
            && graph.addresses.employees.one_human(entry, object) != OneHuman::No
            && !(by_number && is_of_another_company(entry, &graph.objects[node], object))
    };
    graph.addresses.holders(address).iter().copied().filter(may_be_meant).collect()
}

/// Whether an account that shares a number with the account of a row is another human's: of two domains, each may count
/// its people for itself. In one domain, an administrator's second account may be called anything.
fn is_of_another_company(row: &Entry, own: &Entry, other: &Entry) -> bool {
    !is_without_account(own) && own.domain != other.domain && is_contradicted(row, other)
}

/// Whether a row is known to mean another account by an address, as far as numbers and names show it.
fn is_certain(graph: &Graph, leaver: &Leaver<'_>, other: Node, address: &Address) -> bool {
    let other = &graph.objects[other];
    match address {
        Address::Employee(_) => {
            !is_without_account(&graph.objects[leaver.node]) || !is_contradicted(leaver.entry, other)
        }
        Address::Mail(_) | Address::Login(_) => {
            graph.addresses.employees.one_human(leaver.entry, other) == OneHuman::MayBe
        }
    }
}

/// All further accounts, still there by their own rows, that have a number of the account that a row of people is about,
/// and that the row does not have. A directory that disables one of two accounts says nothing of the other.
fn accounts_of_employee(graph: &Graph, leaver: &Leaver<'_>, gone: &BTreeSet<Node>) -> Vec<Node> {
    let (row, own) = (leaver.entry, &graph.objects[leaver.node]);
    if !is_without_account(row) || is_without_account(own) {
        return Vec::new();
    }
    let known = numbers(row);
    let further = numbers(own).into_iter().filter(|number| !known.contains(number)).map(Address::Employee);
    let accounts = further.flat_map(|number| others(graph, row, leaver.node, &number, gone));
    accounts.filter(|other| !is_of_another_company(own, own, &graph.objects[*other])).collect()
}

fn are_called_alike(one: &Entry, other: &Entry) -> bool {
    matches!(alike(one, other), Some(Alike::Whole | Alike::InPart))
}

/// The one of these who is meant by the row of a leaver; `None` where that may be several, and where both are accounts
/// of a directory, of which one may have taken the place of the other.
fn meant(graph: &Graph, node: Node, address: &Address, others: &[Node]) -> Option<Node> {
    let by_name: Vec<Node> =
        others.iter().filter(|other| is_user_name(&graph.objects[**other], address)).copied().collect();
    let one = match (others, by_name.as_slice()) {
        ([one], _) | (_, [one]) => *one,
        (_, _) => return None,
    };
    let is_a_row = is_without_account(&graph.objects[node]) || is_without_account(&graph.objects[one]);
    is_a_row.then_some(one)
}

fn doubt(records: &Records, graph: &Graph, entry: &Entry, address: &Address, open: &[Node]) -> Arc<Gap> {
    let key = match address {
        Address::Mail(name) | Address::Login(name) => name.as_str().to_owned(),
        Address::Employee(number) => number.clone(),
    };
    Arc::new(may_have_left(records, graph, entry, key, open))
}

fn may_have_left(records: &Records, graph: &Graph, entry: &Entry, key: String, open: &[Node]) -> Gap {
    let candidates = open.iter().map(|node| label(&graph.objects[*node])).collect();
    let unseen = What::LeaverAccount.of(&key);
    let why = Why::MayHaveLeft { line: entry.at.line, key, candidates };
    gap(&records.files[entry.at.file as usize].name, unseen, why)
}

fn label(object: &Entry) -> String {
    let names = [&object.user_name, &object.sam, &object.display_name, &object.common_name];
    names.into_iter().flatten().chain(&object.mails).next().cloned().unwrap_or_default()
}
