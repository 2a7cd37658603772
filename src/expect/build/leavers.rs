//! Leavers whose rows name no account that is theirs alone: whom else they may mean.
//!
//! Most rows of a personnel department are about one account, and are one with it. Where a row that says that somebody
//! has left stands for itself, everybody else with its address may be meant: the one who has it, if there is one, and
//! of several nobody can say which. The employee's number means all accounts of an employee.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::addresses::{Address, addresses, are_two_accounts, is_without_account};
use super::extents::gap;
use super::object_graph::{Graph, Node};
use super::people::Said;
use crate::expect::records::directory_records::{Entry, EntryKind, Records};
use crate::model::{Employment, Gap, NameKey, StatedEmployment, Why, quoted};

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
        there.flat_map(|(entry, ..)| addresses(entry).into_iter().map(|address| (entry.at.file, address))).collect();
    for (entry, node, employment) in leavers {
        for address in addresses(entry) {
            let others = others(graph, entry, node, &address, &gone);
            let of_one = match address {
                // An employee has left with all accounts.
                Address::Employee(_) => others.clone(),
                Address::Mail(_) => meant(graph, node, &address, &others).into_iter().collect(),
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
    }
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
    let is_name = |other: &&Node| {
        let name = graph.objects[**other].user_name.as_deref();
        name.is_some_and(|name| *address == Address::Mail(NameKey::of(name)))
    };
    let by_name: Vec<Node> = others.iter().filter(is_name).copied().collect();
    let one = match (others, by_name.as_slice()) {
        ([one], _) | (_, [one]) => *one,
        (_, _) => return None,
    };
    let is_a_row = is_without_account(&graph.objects[node]) || is_without_account(&graph.objects[one]);
    is_a_row.then_some(one)
}

fn doubt(records: &Records, graph: &Graph, entry: &Entry, address: &Address, open: &[Node]) -> Arc<Gap> {
    let key = match address {
        Address::Mail(mail) => mail.as_str().to_owned(),
        Address::Employee(number) => number.clone(),
    };
    let candidates = open.iter().map(|node| label(&graph.objects[*node])).collect();
    let unseen = format!("which account the leaver {} has", quoted(&key));
    let why = Why::MayHaveLeft { line: entry.at.line, key, candidates };
    Arc::new(gap(&records.files[entry.at.file as usize].name, unseen, why))
}

fn label(object: &Entry) -> String {
    let names = [&object.user_name, &object.sam, &object.display_name, &object.common_name];
    names.into_iter().flatten().chain(&object.mails).next().cloned().unwrap_or_default()
}
