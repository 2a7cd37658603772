//! What was met in the store, in words.

use crate::model::{Report, StoreNote, Unusable};

use super::{instant, visible};

/// Strays that are named before the rest is only counted.
const NAMED: usize = 3;

/// What page one says about the store: earlier packages that could not be used, and what does not belong there.
#[must_use]
pub fn store_notices(report: &Report<'_>) -> Vec<String> {
    let mut notices = damage_notices(report);
    let strays: Vec<String> = (report.world.store_notes.iter())
        .filter_map(|note| match note {
            StoreNote::Stray { object } => Some(format!("`{}`", visible(object))),
            StoreNote::PassedOver { .. } | StoreNote::ToldUnknown { .. } | StoreNote::ChangesUnread { .. } => None,
        })
        .collect();
    if !strays.is_empty() {
        let more = strays.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let named = strays[..strays.len().min(NAMED)].join(", ");
        notices.push(format!("The store contains objects that are neither links nor packages: {named}{more}"));
    }
    notices
}

/// What of the store could not be used: worth a message where nothing else is.
#[must_use]
pub fn damage_notices(report: &Report<'_>) -> Vec<String> {
    report.world.store_notes.iter().filter_map(|note| unusable(report, note)).collect()
}

fn unusable(report: &Report<'_>, note: &StoreNote) -> Option<String> {
    let (object, why) = note.object();
    let (object, why) = (visible(object), unusable_words(why?));
    match note {
        StoreNote::PassedOver { .. } => {
            let instead = match report.earlier() {
                Some(earlier) => format!("compared with the run of {}", instant(earlier.as_of)),
                None => "not compared with an earlier run".to_owned(),
            };
            Some(format!("`{object}` {why}, so this run is {instead}"))
        }
        StoreNote::ToldUnknown { .. } => Some(format!("`{object}` {why}, so alerts may be repeated")),
        StoreNote::ChangesUnread { .. } => {
            Some(format!("`{object}` {why}, so it is not known which findings the applied plan resolved"))
        }
        StoreNote::Stray { .. } => None,
    }
}

/// What is wrong with an object of the store, as a clause about it.
pub(super) fn unusable_words(why: Unusable) -> &'static str {
    match why {
        Unusable::Missing => "is missing in the store",
        Unusable::Changed => "was changed since it was written",
        Unusable::Unreadable => "cannot be read from the store",
        Unusable::Malformed => "cannot be understood",
        Unusable::OtherFormat => "was written by another version of Rollcall in an unknown format",
    }
}
