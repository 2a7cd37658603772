//! When a list was exported, and how that is known: its sidecar, its place, its name, the newest change in it, its
//! modification. And whether all that its sidecar counts is there.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;

use super::error::Damage;
use super::records::End;
use super::{InputFile, LastModified};
use crate::model::{ExportClock, Exported};

/// How the name of a sidecar ends.
pub(super) const SIDECAR: &str = ".export.json";

/// Whether the one file speaks of the other: `users.csv.export.json` of `users.csv`.
pub(super) fn is_sidecar_of(sidecar: &str, list: &str) -> bool {
    sidecar.strip_suffix(SIDECAR) == Some(list)
}

/// What a sidecar says. Whoever exports may note more in it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Sidecar {
    exported_at: DateTime<Utc>,
    #[serde(default)]
    rows: Option<u64>,
    #[serde(default)]
    sha256: Option<String>,
}

impl Sidecar {
    /// Reads a sidecar. One that names another digest than the list's own says nothing about this list.
    pub(super) fn read(file: &InputFile<'_>, list_sha256: &str) -> Result<Self, Damage> {
        let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file.bytes);
        let said: Result<Self, _> = serde_json::from_slice(bytes);
        let said = said.map_err(|cause| Damage::Sidecar { sidecar: file.name.to_owned(), cause })?;
        match &said.sha256 {
            Some(digest) if !digest.eq_ignore_ascii_case(list_sha256) => {
                Err(Damage::SidecarOfAnother { sidecar: file.name.to_owned() })
            }
            Some(_) | None => Ok(said),
        }
    }

    /// Whether a list is there to its end, where the list itself does not say: whoever exported it counted its rows.
    pub(super) fn end(&self, known: End, rows_read: u32) -> End {
        match (known, self.rows) {
            (End::Unvouched, Some(rows)) if rows == u64::from(rows_read) => {
                End::Vouched("its sidecar's count of rows".to_owned())
            }
            (End::Unvouched | End::Vouched(_), Some(rows)) if rows != u64::from(rows_read) => {
                End::Cut(format!("its sidecar counts {rows} rows, and {rows_read} are here"))
            }
            (known, _) => known,
        }
    }
}

/// When a list was exported, by the best of what is known.
pub(super) fn exported(
    name: &str,
    sidecar: Option<&Sidecar>,
    newest_change: Option<DateTime<Utc>>,
    modified: Option<LastModified>,
) -> Option<Exported> {
    let (placed, modified) = match modified {
        Some(LastModified::Placed(at)) => (Some(at), None),
        Some(LastModified::Written(at)) => (None, Some(at)),
        None => (None, None),
    };
    let known = [
        (sidecar.map(|sidecar| sidecar.exported_at), ExportClock::Sidecar),
        (placed, ExportClock::Place),
        (by_name(name), ExportClock::FileName),
        (newest_change, ExportClock::NewestChange),
        (modified, ExportClock::Modified),
    ];
    known.into_iter().find_map(|(at, known_by)| Some(Exported { at: at?, known_by }))
}

/// The instant in a file's name: `2026-11-19`, `20261119`, `20261119T0812Z`. A day without a time is its beginning, in
/// UTC: rather a little too old than too young.
fn by_name(name: &str) -> Option<DateTime<Utc>> {
    let name = name.rsplit('/').next()?;
    let starts = name.char_indices().filter(|&(start, char)| {
        char.is_ascii_digit() && !name[..start].ends_with(|before: char| before.is_ascii_digit())
    });
    starts.filter_map(|(start, _)| instant(&name[start..])).next()
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let (date, rest) = [("%Y-%m-%d", 10), ("%Y%m%d", 8)].into_iter().find_map(|(format, length)| {
        let (date, rest) = text.split_at_checked(length)?;
        let date = NaiveDate::parse_from_str(date, format).ok()?;
        // More digits make it a number, not a date.
        (!rest.starts_with(|after: char| after.is_ascii_digit())).then_some((date, rest))
    })?;
    let time = rest.strip_prefix(['T', '_', '-']).and_then(|rest| {
        let digits: String = rest.chars().filter(|char| *char != ':').take_while(char::is_ascii_digit).collect();
        let format = match digits.len() {
            4 => "%H%M",
            6 => "%H%M%S",
            _ => return None,
        };
        let utc = rest.trim_start_matches(|char: char| char.is_ascii_digit() || char == ':').starts_with('Z');
        NaiveTime::parse_from_str(&digits, format).ok().filter(|_| utc)
    });
    Some(date.and_time(time.unwrap_or(NaiveTime::MIN)).and_utc())
}
