//! What the name of a list says: the group whose members it lists.

use chrono::NaiveDate;

/// What tools put before a group's name, and after it.
const BEFORE: [&str; 4] = ["adgroupmember_", "exportgroupmembers_", "groupmembers_", "members_of_"];
const AFTER: [&str; 3] = ["_members", "-members", " members"];

/// The group whose members a file lists, by its name: `AWS-Admins.csv`, `get-adgroupmember_AWS-Admins-2026-11-19.csv`,
/// `AWS-Admins_members.csv`. Only a date at the end is taken off: names of groups often end in an account's id.
pub(crate) fn group_of_file(name: &str) -> Option<String> {
    let name = name.rsplit('/').next()?;
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let lower = name.to_ascii_lowercase();
    let start = BEFORE.into_iter().find_map(|marker| Some(lower.find(marker)? + marker.len()));
    let name = without_date(&name[start.unwrap_or(0)..]).trim();
    let lower = name.to_ascii_lowercase();
    let end = AFTER.into_iter().find_map(|marker| lower.strip_suffix(marker)).map_or(name.len(), str::len);
    let name = without_date(&name[..end]).trim();
    // The portal's own name for a list of members has the date only.
    (!name.is_empty() && lower != "exportgroupmembers").then(|| name.to_owned())
}

/// A name without the date at its end: `2026-11-19`, `20261119`, and as the portal of Entra ID writes it, `2026-1-9`.
pub(crate) fn without_date(name: &str) -> &str {
    let tail = name
        .rfind(|char: char| !(char.is_ascii_digit() || char == '-'))
        .map_or(0, |last| last + name[last..].chars().next().map_or(0, char::len_utf8));
    let starts = name[tail..].char_indices().filter(|&(start, char)| {
        char.is_ascii_digit() && !name[..tail + start].ends_with(|before: char| before.is_ascii_digit())
    });
    for (start, _) in starts {
        let (before, date) = name.split_at(tail + start);
        let dated = ["%Y-%m-%d", "%Y%m%d"].into_iter().any(|format| {
            // A year has four digits; chrono would take fewer.
            date.bytes().take(4).filter(u8::is_ascii_digit).count() == 4
                && (format == "%Y-%m-%d" || date.len() == 8)
                && NaiveDate::parse_from_str(date, format).is_ok()
        });
        if dated && before.is_empty() {
            return "";
        }
        if let Some(before) = before.strip_suffix(['-', '_', '.', ' ']).filter(|_| dated) {
            return before;
        }
    }
    name
}
