//! Which of two exports is the newer one, and which names of files differ in nothing but their dates.

use std::cmp::Ordering;

use chrono::{DateTime, TimeDelta, Utc};

use crate::expect::records::directory_records::FileRecord;
use crate::model::{ExportClock, file_name_time};

/// How old an export is beside another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    Older,
    Same,
    Newer,
    /// Nothing tells that can be relied on.
    Unknown,
}

/// How old one export is beside the other. The time of a file's modification is none of its export: copying sets it.
pub(crate) fn age(one: &FileRecord, other: &FileRecord) -> Age {
    let clocks = [one, other].map(|file| file.exported.map(|exported| (exported.known_by, exported.at)));
    let named = [one, other].map(|file| file_name_time::by_name(&file.name));
    match (clocks, named) {
        ([Some((ExportClock::Sidecar, one)), Some((ExportClock::Sidecar, other))], _) => of(one.cmp(&other)),
        (_, [Some(one), Some(other)]) => of(one.cmp(&other)),
        ([Some((ExportClock::NewestChange, one)), Some((ExportClock::NewestChange, other))], _) => of(one.cmp(&other)),
        // What was put there at once may have been put there in any order.
        ([Some((ExportClock::Place, one)), Some((ExportClock::Place, other))], _) => {
            if (one - other).abs() < TimeDelta::hours(1) { Age::Unknown } else { of(one.cmp(&other)) }
        }
        ([Some(one), Some(other)], _) => match [one, other].map(day) {
            [Some(one), Some(other)] => of(one.cmp(&other)),
            [_, _] => Age::Unknown,
        },
        ([_, _], _) => Age::Unknown,
    }
}

fn of(order: Ordering) -> Age {
    match order {
        Ordering::Less => Age::Older,
        Ordering::Equal => Age::Same,
        Ordering::Greater => Age::Newer,
    }
}

/// The day of an export, by whatever clock; a newest change and a modification may be of another day.
fn day((known_by, at): (ExportClock, DateTime<Utc>)) -> Option<chrono::NaiveDate> {
    match known_by {
        ExportClock::Sidecar | ExportClock::Place | ExportClock::FileName => Some(at.date_naive()),
        ExportClock::NewestChange | ExportClock::Modified => None,
    }
}

/// Whether two files are called the same but for their folders, dates and numbers: `old/hr-week-45.csv`, `hr-week-46.csv`.
/// Where a name is nothing else, its folder says what it is.
pub(crate) fn have_one_word(one: &str, other: &str) -> bool {
    let word = |name: &str| {
        let letters =
            |text: &str| text.chars().filter(|char| char.is_alphabetic()).flat_map(char::to_lowercase).collect();
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let (stem, end) = file.rsplit_once('.').unwrap_or((file, ""));
        let stem: String = letters(&file_name_time::without_time(stem));
        (if stem.is_empty() { letters(folder) } else { stem }, end.to_lowercase())
    };
    word(one) == word(other)
}

/// What file managers and people add to the name of a copy.
const COPIES: [&str; 9] = ["copy", "old", "new", "backup", "bak", "previous", "latest", "current", "last"];

/// Whether one of two files looks like a copy of the other: it has the other's name with a date, a number or such a
/// word.
pub(crate) fn are_copies(one: &str, other: &str) -> bool {
    let separators = |char: char| matches!(char, '-' | '_' | '.' | ' ');
    let plain = |name: &str| {
        let name = file_name_time::without_time(name).to_lowercase();
        let (stem, end) = name.rsplit_once('.').unwrap_or((&name, ""));
        let stem = stem.strip_suffix(')').and_then(|stem| stem.rsplit_once(" (")).map_or(stem, |(stem, _)| stem);
        let word = stem.rsplit(separators).next().unwrap_or_default();
        let stem = if COPIES.contains(&word) {
            stem[..stem.len() - word.len()].trim_end_matches([' ', '-', '_', '.'])
        } else {
            stem
        };
        (stem.to_owned(), end.to_owned())
    };
    plain(one) == plain(other)
}
