//! Lists that the earlier run of a job had and this one has not, in words.

use chrono::{DateTime, Utc};

use crate::model::{Evidence, Finding, Kind};

use super::coverage::kind_word;
use super::{count, instant, list, visible};

/// Which lists are gone, or of what no list speaks any more, in one sentence.
pub(super) fn title(finding: &Finding) -> String {
    finding.evidence.iter().find_map(said).unwrap_or_else(|| "An expected list is gone".to_owned())
}

fn said(evidence: &Evidence) -> Option<String> {
    let Evidence::Gone { lists, before, kinds } = evidence else { return None };
    let names: Vec<String> = lists.iter().map(|(name, _)| format!("`{}`", visible(name))).collect();
    Some(match lists.as_slice() {
        [] => format!("No expected list speaks for {} any more, as one did in an earlier run", words(kinds)),
        [(_, rows)] => format!(
            "Expected list {} is gone: it had {} in the run of {}",
            list(&names),
            count(*rows as usize, "row"),
            instant(*before)
        ),
        [..] => format!("Expected lists {} are gone: they were there in the run of {}", list(&names), instant(*before)),
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
