//! Two flattened lists of memberships through the matching that an audit uses: names interned, pairs sorted, one join.
//!
//! Usage: `matching ACTUAL.csv EXPECTED.csv` (columns `user,group`); prints how many rows both have, and how many only
//! one of them has.

use std::error::Error;
use std::io::{self, Write as _};
use std::thread;

use folding::folded;
use interner::{Interner, TextId};
use join::{Joined, join};

#[path = "../../../src/model/folding.rs"]
mod folding;
#[expect(dead_code, reason = "an audit also looks up single names")]
#[path = "../../../src/model/interner.rs"]
mod interner;
#[path = "../../../src/compare/join.rs"]
mod join;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A group and a user: eight bytes.
type Pair = (TextId, TextId);

/// One list.
struct List {
    groups: Interner,
    users: Interner,
    pairs: Vec<Pair>,
}

fn main() -> Outcome<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [actual, expected] = files.as_slice() else {
        return Err("usage: matching ACTUAL.csv EXPECTED.csv".into());
    };
    let (actual, expected) = both(|| read(actual), || read(expected));
    let (List { mut groups, mut users, pairs }, expected) = (actual?, expected?);
    let (actual, expected) = both(|| sorted(pairs), || sorted(renamed(expected, &mut groups, &mut users)));
    let (mut in_both, mut only_actual, mut only_expected) = (0_u64, 0_u64, 0_u64);
    for joined in join(actual, expected, |pair| *pair, |pair| *pair) {
        match joined {
            Joined::Both(..) => in_both += 1,
            Joined::Actual(_) => only_actual += 1,
            Joined::Expected(_) => only_expected += 1,
        }
    }
    writeln!(io::stdout(), "{in_both} in both, {only_actual} only actual, {only_expected} only expected")?;
    Ok(())
}

/// Two things at once.
fn both<A: Send, B: Send>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B + Send) -> (A, B) {
    thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().expect("neither side panics"), other)
    })
}

fn read(path: &str) -> Outcome<List> {
    let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 20).from_path(path)?;
    if reader.byte_headers()? != vec!["user", "group"] {
        return Err(format!("{path}: its columns are not `user,group`").into());
    }
    let mut list = List { groups: Interner::default(), users: Interner::default(), pairs: Vec::new() };
    let mut rows = vec![csv::StringRecord::new(); 1024];
    loop {
        let mut read = 0;
        while read < rows.len() && reader.read_record(&mut rows[read])? {
            read += 1;
        }
        let names = |column: usize| rows[..read].iter().map(move |row| folded(&row[column])).collect::<Vec<_>>();
        let (users, groups) = (list.users.intern_all(&names(0)), list.groups.intern_all(&names(1)));
        list.pairs.extend(groups.into_iter().zip(users));
        if read < rows.len() {
            return Ok(list);
        }
    }
}

/// The same pairs by the numbers of other interners.
fn renamed(list: List, groups: &mut Interner, users: &mut Interner) -> Vec<Pair> {
    let in_groups = groups.intern_all(&list.groups.texts().collect::<Vec<_>>());
    let in_users = users.intern_all(&list.users.texts().collect::<Vec<_>>());
    let mut pairs = list.pairs;
    for (group, user) in &mut pairs {
        (*group, *user) = (in_groups[group.number()], in_users[user.number()]);
    }
    pairs
}

fn sorted(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.sort_unstable_by_key(|(group, user)| (group.number() as u64) << 32 | user.number() as u64);
    pairs.dedup();
    pairs
}
