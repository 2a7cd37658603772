//! The range of an attribute's values that one answer of Active Directory has: of more than 1,500 it gives only so many
//! at a time, and says which (MS-ADTS 3.1.1.3.1.3.3).

use crate::expect::error::Damage;

/// The first and the last value; the last range goes to the end.
pub(crate) type ValueRange = (u32, Option<u32>);

/// Of a range that is not understood, nobody knows which values are there.
pub(crate) fn refused(line: u32, attribute: &str, written: &str) -> Damage {
    Damage::Value {
        line,
        column: attribute.to_owned(),
        value: written.to_owned(),
        expected: "a range of values, such as `0-1499` or `1500-*`",
    }
}

/// `0-1499`, or `1500-*` where it goes to the end.
pub(crate) fn parse(range: &str) -> Option<ValueRange> {
    let (first, last) = range.split_once('-')?;
    let first = first.parse().ok()?;
    let last = if last == "*" { None } else { Some(last.parse().ok().filter(|last| *last >= first)?) };
    Some((first, last))
}
