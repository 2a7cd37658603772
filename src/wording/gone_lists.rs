//! Lists that the earlier run of a job had and this one has not, in words.

use chrono::{DateTime, Utc};

use crate::model::{Evidence, Kind, SaidLeft};

use super::coverage::kind_word;
use super::{count, instant, list, visible};

/// What the slots of a title about them stand for: `gone`, `gone rows`, `then`, `kinds`.
pub(super) fn slot(slot: &str, evidence: &Evidence) -> Option<String> {
    if let ("then", Evidence::LeftBefore(before)) = (slot, evidence) {
        return Some(instant(before.at));
    }
    let Evidence::Gone { lists, before, kinds, in_part } = evidence else { return None };
    let rows = lists.iter().map(|(_, rows)| *rows as usize).sum();
    Some(match slot {
        "gone" => list(&lists.iter().map(|(name, _)| format!("`{}`", visible(name))).collect::<Vec<_>>()),
        "gone rows" => count(rows, "row"),
        "then" => instant(*before),
        _ => words(if kinds.is_empty() { in_part } else { kinds }),
    })
}

/// What follows from it.
pub(super) fn evidence(lists: &[(String, u32)], before: DateTime<Utc>, kinds: &[Kind], in_part: &[Kind]) -> String {
    let rows = lists.iter().map(|(name, rows)| format!("`{}` had {}", visible(name), count(*rows as usize, "row")));
    let rows: Vec<String> = rows.collect();
    let then =
        if rows.is_empty() { String::new() } else { format!("; in the run of {}, {}", instant(before), list(&rows)) };
    let none = format!("No list covers {} any more, so they are not assessed", words(kinds));
    let some = format!("expected lists name only some {} now, so the others are not assessed", words(in_part));
    match (kinds, in_part) {
        (_, []) => format!("{none}{then}"),
        ([], _) => format!("The {some}{then}"),
        _ => format!("{none}; the {some}{then}"),
    }
}

/// That a list of an earlier run said that the holder of something had left, and none says so now.
pub(super) fn had_left(SaidLeft { at, by }: &SaidLeft) -> String {
    let said = by.as_ref().map_or_else(|| "a list".to_owned(), |row| format!("`{}`", visible(row)));
    format!("{said} said in the run of {} that its holder had left, and no list has said otherwise since", instant(*at))
}

/// That the list is gone, or says less, by which somebody was known as a former employee.
pub(super) fn left_before(SaidLeft { at, by }: &SaidLeft) -> String {
    let said = match by {
        Some(row) => format!("`{}` said that the person had left. That row", visible(row)),
        None => "a list said that the person had left. That list".to_owned(),
    };
    format!(
        "In the run of {}, {said} is missing now or no longer says so, and no other list says that the person is \
         current. Restore the list, or remove the access. If the person is still employed, list them as `active` in \
         `people.csv`",
        instant(*at)
    )
}

fn words(kinds: &[Kind]) -> String {
    list(&kinds.iter().map(|kind| kind_word(*kind).to_owned()).collect::<Vec<_>>())
}
