//! Leavers whose rows name no account that is theirs alone: whom else they may mean.
//!
//! Most rows of a personnel department are about one account, and are one with it. Where a row that says that somebody
//! has left stands for itself, everybody else with its address may be meant: the one who has it, if there is one, and
//! of several nobody can say which. The employee's number means all accounts of an employee.

use std::cell::LazyCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::addresses::{Address, addresses, are_two_accounts, is_user_name, is_without_account, known_by};
use super::extents::gap;
use super::object_graph::{Graph, Index, Node};
use super::people::Said;
use crate::expect::records::directory_records::{Entry, EntryKind, Records};
use crate::model::{Employment, Gap, StatedEmployment, Why, full_name, quoted};

/// Adds what rows of leavers say of others than the object that they are about.
pub(super) fn spread(records: &Records, graph: &Graph, said: &mut Said<'_>) {
    let is_over = |employment: &Option<Employment>| employment.is_some_and(Employment::is_over);
    let leavers: Vec<(&Entry, Node, Employment)> = said
        .rows
        .iter()
        .filter(|row| is_over(&row.2))
        .filter_map(|&(entry, node, said)| Some((entry, node, said?)))
        .collect();
    if leavers.is_empty() || graph.addresses.is_empty() {
        return;
    }
    let gone: BTreeSet<Node> = leavers.iter().map(|(_, node, _)| *node).collect();
    let there = said.rows.iter().filter(|(.., employment)| !is_over(employment));
    let there: BTreeSet<(u32, Address)> =
        there.flat_map(|(entry, ..)| known_by(entry).into_iter().map(|address| (entry.at.file, address))).collect();
    let by_name = LazyCell::new(|| by_full_name(graph, &gone));
    for (entry, node, employment) in leavers {
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
            for other in &certain {
                let statement = StatedEmployment { row: entry.at.into(), employment };
                said.statements.entry(*other).or_default().push(statement);
            }
            let open: Vec<Node> = others.into_iter().filter(|other| !certain.contains(other)).collect();
            if !open.is_empty() {
                let doubt = doubt(records, graph, entry, &address, &open);
                open.into_iter().for_each(|other| _ = said.doubts.entry(other).or_insert_with(|| Arc::clone(&doubt)));
            }
        }
        if means_nobody && let Some((name, other)) = namesake(graph, entry, &by_name) {
            said.doubts.entry(other).or_insert_with(|| Arc::new(may_have_left(records, graph, entry, name, &[other])));
        }
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
            && !graph.addresses.are_two_employees(entry, &graph.objects[*node])
    };
    full_names(entry).into_iter().find_map(|name| match by_name.get(&name).map(Vec::as_slice) {
        Some([only]) => Some((name, *only)).filter(|(_, node)| may_be_meant(node)),
        Some(_) | None => None,
    })
}

/// Everybody else who has the address of a leaver, is still there by their own rows, and may be meant.
fn others(graph: &Graph, entry: &Entry, node: Node, address: &Address, gone: &BTreeSet<Node>) -> Vec<Node> {
    if matches!(address, Address::Employee(_)) && !graph.addresses.employees {
        return Vec::new();
    }
    let may_be_meant = |other: &Node| {
        let object = &graph.objects[*other];
        *other != node
            && object.kind == EntryKind::Person
            && !gone.contains(other)
            && !are_two_accounts(entry, object)
            && !graph.addresses.are_two_employees(entry, object)
    };
    graph.addresses.holders(address).iter().copied().filter(may_be_meant).collect()
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
    let unseen = format!("which account the leaver {} has", quoted(&key));
    let why = Why::MayHaveLeft { line: entry.at.line, key, candidates };
    gap(&records.files[entry.at.file as usize].name, unseen, why)
}

fn label(object: &Entry) -> String {
    let names = [&object.user_name, &object.sam, &object.display_name, &object.common_name];
    names.into_iter().flatten().chain(&object.mails).next().cloned().unwrap_or_default()
}
