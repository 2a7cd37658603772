//! Two sides in one order, gone through together: what both have, and what only one of them has.
//!
//! This is the one way in which what is there is laid beside what should be there. Neither side needs an index: both
//! are sorted, and each is read once.

use std::cmp::Ordering;

/// A place in the joined order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined<A, B> {
    /// Both sides have it.
    Both(A, B),
    /// It is there, and nothing expects it.
    Actual(A),
    /// It is expected, and not there.
    Expected(B),
}

/// Joins two sides, each sorted by its key and without the same key twice.
pub fn join<A, B, K: Ord>(
    actual: impl IntoIterator<Item = A>,
    expected: impl IntoIterator<Item = B>,
    actual_key: impl Fn(&A) -> K,
    expected_key: impl Fn(&B) -> K,
) -> impl Iterator<Item = Joined<A, B>> {
    let (mut actual, mut expected) = (actual.into_iter().peekable(), expected.into_iter().peekable());
    std::iter::from_fn(move || {
        let order = match (actual.peek(), expected.peek()) {
            (Some(one), Some(other)) => actual_key(one).cmp(&expected_key(other)),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        match order {
            Ordering::Less => actual.next().map(Joined::Actual),
            Ordering::Equal => actual.next().zip(expected.next()).map(|(one, other)| Joined::Both(one, other)),
            Ordering::Greater => expected.next().map(Joined::Expected),
        }
    })
}
