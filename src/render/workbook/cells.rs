//! What a cell holds, by the column that it is in: a text, a number, or an instant.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use rust_xlsxwriter::{ExcelDateTime, XlsxError};

use crate::wording::{count, phrase};

/// Characters that a cell takes (Microsoft, "Excel specifications and limits").
const CELL: usize = 32_767;

/// How instants are written as text, always UTC.
const INSTANT: &str = "%Y-%m-%d %H:%M:%S UTC";

/// The columns that hold instants or days.
const INSTANTS: [&str; 12] = [
    "first_seen",
    "created",
    "last_used",
    "oldest_key",
    "key_last_used",
    "credentials_as_of",
    "first",
    "last",
    "approved_on",
    "expires",
    "leaves_on",
    "entitlement_last_used",
];

/// The columns that hold numbers.
const NUMBERS: [&str; 13] = [
    "active_keys",
    "service_credentials",
    "calls",
    "pages",
    "items",
    "denied",
    "failed",
    "throttled",
    "retried",
    "rows_read",
    "rows_used",
    "rows_refused",
    "accepts",
];

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Number,
    Instant,
}

impl Holds {
    /// By the name of the column.
    pub(super) fn of(column: &str) -> Self {
        match column {
            _ if INSTANTS.contains(&column) => Holds::Instant,
            _ if NUMBERS.contains(&column) => Holds::Number,
            _ => Holds::Text,
        }
    }
}

/// What a cell holds.
pub(super) enum Cell {
    Text(String),
    Number(f64),
    Moment(ExcelDateTime),
    Day(ExcelDateTime),
}

impl Cell {
    /// The cell of this text. A text that is not what the column holds, or no workbook can hold so, stays a text.
    pub(super) fn of(text: &str, holds: Holds) -> Self {
        let instant = || NaiveDateTime::parse_from_str(text, INSTANT).ok().and_then(|at| moment(at.and_utc()).ok());
        let day = || text.parse::<NaiveDate>().ok().and_then(|day| moment(day.and_time(NaiveTime::MIN).and_utc()).ok());
        let special = match holds {
            Holds::Text => None,
            Holds::Number => text.parse().ok().map(Cell::Number),
            Holds::Instant => instant().map(Cell::Moment).or_else(|| day().map(Cell::Day)),
        };
        special.unwrap_or_else(|| Cell::Text(short(text)))
    }
}

/// An instant as a workbook has it, which knows no time zone: in UTC.
pub(super) fn moment(at: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(at.year()).unwrap_or_default();
    let day = ExcelDateTime::from_ymd(year, part(at.month()), part(at.day()))?;
    day.and_hms(at.hour().try_into().unwrap_or_default(), part(at.minute()), f64::from(at.second()))
}

/// A text that fits into a cell, with its controls written out. What does not fit is counted.
fn short(text: &str) -> String {
    let shown = phrase(text);
    let units = shown.encode_utf16().count();
    if units <= CELL {
        return shown.into_owned();
    }
    let mut room = CELL - 100;
    let fits = |character: &char| {
        let fits = character.len_utf16() <= room;
        room = room.saturating_sub(character.len_utf16());
        fits
    };
    let kept: String = shown.chars().take_while(fits).collect();
    let lost = shown.chars().count() - kept.chars().count();
    format!("{kept}… ({}; the CSV file has all)", count(lost, "more character"))
}
