//! When a list was exported, and how that is known: its sidecar, its place, its name, the newest change in it, its
//! modification. And whether all that its sidecar counts is there.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::expect::error::Damage;
use crate::expect::records::directory_records::End;
use crate::expect::{InputFile, LastModified};
use crate::model::{ExportClock, Exported, file_name_time, quoted};

/// How the name of a sidecar ends.
pub(crate) const SIDECAR: &str = ".export.json";

/// Whether the one file speaks of the other: `users.csv.export.json` of `users.csv`.
pub(crate) fn is_sidecar_of(sidecar: &str, list: &str) -> bool {
    sidecar.strip_suffix(SIDECAR) == Some(list)
}

/// What a sidecar says. Whoever exports may note more in it.
#[derive(Debug, Deserialize)]
pub(crate) struct Sidecar {
    exported_at: DateTime<Utc>,
    /// Which server was asked.
    server: Option<String>,
    /// What it was asked for.
    filter: Option<String>,
    /// How many rows or entries the list had when it was written.
    rows: Option<u32>,
    /// The list's digest when it was written.
    sha256: Option<String>,
}

impl Sidecar {
    /// Reads a sidecar. One that names another digest than the list's own says nothing about this list.
    pub(crate) fn read(file: &InputFile<'_>, list_sha256: &str) -> Result<Self, Damage> {
        let damage = |cause| Damage::Sidecar { sidecar: file.name.to_owned(), cause };
        // Windows PowerShell 5.1 writes a byte order mark.
        let bytes = file.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file.bytes);
        let said: Self = serde_json::from_slice(bytes).map_err(damage)?;
        match &said.sha256 {
            Some(digest) if !digest.eq_ignore_ascii_case(list_sha256) => {
                Err(Damage::SidecarOfAnother { sidecar: file.name.to_owned() })
            }
            Some(_) | None => Ok(said),
        }
    }

    /// Whether a list is there to its end, by what the list itself says and by the count in its sidecar.
    pub(crate) fn end(&self, by_itself: End, read: u32) -> End {
        match (by_itself, self.rows) {
            (End::Cut(reason), _) => End::Cut(reason),
            (_, Some(rows)) if rows != read => End::Cut(format!(
                "its sidecar counts {rows} rows, but the file has \
                                                                 {read}"
            )),
            (End::Vouched(by), _) => End::Vouched(by),
            (End::Unvouched, Some(_)) => End::Vouched("the row count in its sidecar".to_owned()),
            (End::Unvouched, None) => End::Unvouched,
        }
    }

    /// Where the list comes from, for a reader.
    pub(crate) fn origin(&self) -> Option<String> {
        let server = self.server.as_deref().map(|server| format!("from {}", quoted(server)));
        let filter = self.filter.as_deref().map(|filter| format!("with the filter {}", quoted(filter)));
        let said: Vec<String> = server.into_iter().chain(filter).collect();
        (!said.is_empty()).then(|| format!("its sidecar says that it was exported {}", said.join(" ")))
    }
}

/// By how much clocks and time zones may differ.
const TOLERANCE: TimeDelta = TimeDelta::days(1);

/// What is known of when a list was exported, each by its own clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    sidecar: Option<DateTime<Utc>>,
    placed: Option<DateTime<Utc>>,
    name: Option<DateTime<Utc>>,
    newest_change: Option<DateTime<Utc>>,
    modified: Option<DateTime<Utc>>,
}

impl Clocks {
    pub(crate) fn of(list: &InputFile<'_>, sidecar: Option<&Sidecar>, newest_change: Option<DateTime<Utc>>) -> Self {
        let (placed, modified) = match list.modified {
            Some(LastModified::Placed(at)) => (Some(at), None),
            Some(LastModified::Written(at)) => (None, Some(at)),
            None => (None, None),
        };
        let sidecar = sidecar.map(|sidecar| sidecar.exported_at);
        Clocks { sidecar, placed, name: file_name_time::by_name(list.name), newest_change, modified }
    }

    /// The same without changes that have not come yet: each is of one entry only.
    ///
    /// # Errors
    /// Where the file as a whole is said to be of a time that has not come yet. It would always be the newest.
    pub(crate) fn until(self, now: DateTime<Utc>) -> Result<Self, Damage> {
        let has_come = |at: &DateTime<Utc>| *at - now <= TOLERANCE;
        let known = Clocks { newest_change: self.newest_change.filter(has_come), ..self };
        let is_best = known.best().is_some_and(|best| best.known_by == ExportClock::Modified);
        let of_the_file = [
            (self.sidecar, "its sidecar"),
            (self.name, "the date in its name"),
            (self.modified.filter(|_| is_best), "its modification time"),
        ];
        let ahead = of_the_file.into_iter().find_map(|(at, by)| Some((at.filter(|at| !has_come(at))?, by)));
        match ahead {
            Some((at, by)) => Err(Damage::NotYetExported { by, at, now }),
            None => Ok(known),
        }
    }

    /// When it was exported, by the best of what is known.
    pub(crate) fn best(self) -> Option<Exported> {
        let known = [
            (self.sidecar, ExportClock::Sidecar),
            (self.placed, ExportClock::Place),
            (self.name, ExportClock::FileName),
            (self.newest_change, ExportClock::NewestChange),
            (self.modified, ExportClock::Modified),
        ];
        known.into_iter().find_map(|(at, known_by)| Some(Exported { at: at?, known_by }))
    }
}
