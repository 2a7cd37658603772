//! The time that the name of a list holds (`users-2026-11-19.csv`), and the name without it: exports of one source are
//! called the same but for their dates.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// The instant in a file's name: `2026-11-19`, `20261119`, `20261119T0812Z`. A day without a time is its beginning, in
/// UTC: rather a little too old than too young.
#[must_use]
pub fn by_name(name: &str) -> Option<DateTime<Utc>> {
    time_in(name).map(|(_, at)| at)
}

/// A file's name without the time that it holds, and without what separated it.
#[must_use]
pub fn without_time(name: &str) -> String {
    let Some((start, _)) = time_in(name) else { return name.to_owned() };
    let separates = |char: char| matches!(char, '-' | '_' | '.' | ' ');
    let is_time = |char: char| char.is_ascii_digit() || matches!(char, '-' | ':' | '_' | 'T' | 'Z');
    let (before, time) = name.split_at(start);
    let after = time.trim_start_matches(is_time);
    let before = before.trim_end_matches(separates);
    // A name that begins with its date.
    let after = if before.is_empty() || before.ends_with('/') { after.trim_start_matches(separates) } else { after };
    format!("{before}{after}")
}

/// Whether two files are called the same but for their dates.
#[must_use]
pub fn have_one_name(one: &str, other: &str) -> bool {
    let stem = |name: &str| without_time(name).to_lowercase();
    stem(one) == stem(other)
}

/// Where in a file's name a time begins, and which one it is.
fn time_in(name: &str) -> Option<(usize, DateTime<Utc>)> {
    let folder = name.rfind('/').map_or(0, |slash| slash + 1);
    let starts = name.char_indices().filter(|&(start, char)| {
        start >= folder && char.is_ascii_digit() && !name[..start].ends_with(|before: char| before.is_ascii_digit())
    });
    starts.filter_map(|(start, _)| Some((start, instant(&name[start..])?))).next()
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    let (date, rest) = ["%Y-%m-%d", "%Y%m%d"].into_iter().find_map(|format| {
        let hyphens = format.matches('-').count();
        let mut seen = 0;
        // The portal of Entra ID writes `2026-1-9`.
        let ends = |char: char| {
            seen += usize::from(char == '-');
            !(char.is_ascii_digit() || char == '-') || seen > hyphens
        };
        let (date, rest) = text.split_at(text.find(ends).unwrap_or(text.len()));
        let year = date.bytes().take_while(u8::is_ascii_digit).count();
        let whole = if hyphens == 0 { year == 8 } else { year == 4 };
        // More digits make it a number, not a date.
        Some((NaiveDate::parse_from_str(date, format).ok().filter(|_| whole)?, rest))
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
