//! Lists that the earlier run of a job had and this one has not, in words.

use chrono::{DateTime, Utc};

use crate::model::{Evidence, Kind};

use super::coverage::kind_word;
use super::{count, instant, list, visible};

/// What the slots of a title about them stand for: `gone`, `gone rows`, `then`, `kinds`.
pub(super) fn slot(slot: &str, evidence: &Evidence) -> Option<String> {
    let Evidence::Gone { lists, before, kinds } = evidence else { return None };
    let rows = lists.iter().map(|(_, rows)| *rows as usize).sum();
    Some(match slot {
        "gone" => list(&lists.iter().map(|(name, _)| format!("`{}`", visible(name))).collect::<Vec<_>>()),
        "gone rows" => count(rows, "row"),
        "then" => instant(*before),
        _ => words(kinds),
    })
}

/// What follows from it.
pub(super) fn evidence(lists: &[(String, u32)], before: DateTime<Utc>, kinds: &[Kind]) -> String {
    let rows = lists.iter().map(|(name, rows)| format!("`{}` had {}", visible(name), count(*rows as usize, "row")));
    let rows: Vec<String> = rows.collect();
    let then = if rows.is_empty() { String::new() } else { format!("; at {} {}", instant(before), list(&rows)) };
    format!("No list speaks for {} any more, so they are not assessed{then}", words(kinds))
}

fn words(kinds: &[Kind]) -> String {
    list(&kinds.iter().map(|kind| kind_word(*kind).to_owned()).collect::<Vec<_>>())
}
