//! Two flattened lists of memberships through the matching that an audit uses: names interned, pairs sorted, one join.
//!
//! Usage: `matching ACTUAL.csv EXPECTED.csv` (columns `user,group`); prints how many rows both have, and how many only
//! one of them has.

use std::error::Error;
use std::io::{self, Write as _};
use std::thread;

use interner::{Interner, TextId};
use merge_join::{Joined, join};
use normalize::folded;

#[expect(dead_code, reason = "an audit also looks up single names")]
#[path = "../../../src/model/interner.rs"]
mod interner;
#[path = "../../../src/compare/merge_join.rs"]
mod merge_join;
#[expect(dead_code, reason = "an audit also normalizes other cells")]
#[path = "../../../src/model/normalize.rs"]
mod normalize;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// A group and a user: eight bytes.
type Pair = [TextId; 2];
/// In which column of the files each of the two stands.
const COLUMNS: [usize; 2] = [1, 0];

/// One list: the names of groups, the names of users, and which belong together.
#[derive(Default)]
struct List {
    names: [Interner; 2],
    pairs: Vec<Pair>,
}

fn main() -> Outcome<()> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [actual, expected] = files.as_slice() else {
        return Err("usage: matching ACTUAL.csv EXPECTED.csv".into());
    };
    let (actual, expected) = both(|| read(actual), || read(expected));
    let (List { mut names, pairs }, mut expected) = (actual?, expected?);
    let (actual, expected) = both(
        || sorted(pairs),
        || {
            for (place, names) in names.iter_mut().enumerate() {
                expected.rename(place, |texts| names.intern_all(texts));
            }
            sorted(expected.pairs)
        },
    );
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
    let mut list = List::default();
    let mut rows = vec![csv::StringRecord::new(); 1024];
    loop {
        let mut read = 0;
        while read < rows.len() && reader.read_record(&mut rows[read])? {
            read += 1;
        }
        let texts = |place: usize| rows[..read].iter().map(|row| &row[COLUMNS[place]]).collect::<Vec<_>>();
        let [groups, users] = &mut list.names;
        let (groups, users) = (groups.intern_all(&texts(0)), users.intern_all(&texts(1)));
        list.pairs.extend(groups.into_iter().zip(users).map(|(group, user)| [group, user]));
        if read < rows.len() {
            list.fold();
            return Ok(list);
        }
    }
}

impl List {
    /// Goes over to the names as they are compared. Each spelling is folded once, however many rows have it.
    fn fold(&mut self) {
        for place in 0..2 {
            if self.names[place].texts().any(|name| folded(name) != name) {
                let mut folds = Interner::default();
                self.rename(place, |texts| {
                    folds.intern_all(&texts.iter().map(|text| folded(text)).collect::<Vec<_>>())
                });
                self.names[place] = folds;
            }
        }
    }

    /// Replaces the numbers at one place of the pairs by those that somebody else has for the names.
    fn rename(&mut self, place: usize, ids: impl FnOnce(&[&str]) -> Vec<TextId>) {
        let ids = ids(&self.names[place].texts().collect::<Vec<_>>());
        for pair in &mut self.pairs {
            pair[place] = ids[pair[place].number()];
        }
    }
}

fn sorted(mut pairs: Vec<Pair>) -> Vec<Pair> {
    pairs.sort_unstable_by_key(|[group, user]| (group.number() as u64) << 32 | user.number() as u64);
    pairs.dedup();
    pairs
}
