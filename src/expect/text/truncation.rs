//! Lists that may lack their end: a last line without its end, or as many rows as some programs give at most.
//!
//! A last line that has no end. A cut may leave nothing else behind, not even a row that is too short: `514` becomes
//! `5`.

use crate::expect::detect::Format;
use crate::expect::records::directory_records::End;
use crate::expect::records::parsed_file::Reading;

/// Takes note of it where the last line of a file has no end: the file is cut where the program that wrote it ends
/// every line, and is suspect where some programs and editors leave the last end out.
pub(crate) fn check(reading: &mut Reading, format: Format<'_>, text: &str) {
    let ends = text.ends_with('\n') || (text.ends_with('\r') && !text.contains('\n'));
    // A list without a line has no last one.
    if ends || text.is_empty() || reading.end != End::Unvouched {
        return;
    }
    match format {
        Format::Csvde | Format::Ldif | Format::Names(_) | Format::TableOfGroups => {
            let how = "its last line has no line break; the program that wrote it ends every line with one, so it was cut \
                 off or edited";
            reading.end = End::Cut(how.to_owned());
        }
        Format::PowerShell | Format::Entra | Format::Console | Format::StaffList => {
            let note = "its last line has no line break; if a program wrote it, it was cut off there";
            reading.notes.push(note.to_owned());
        }
        // JSON closes its brackets, and whoever keeps a list by hand ends it as they like.
        Format::MicrosoftGraph
        | Format::People
        | Format::Assignments
        | Format::Applications
        | Format::Entitlements
        | Format::PermissionSets
        | Format::IamUsers
        | Format::Trusts
        | Format::Waivers => {}
    }
}

/// How many rows programs give at most unless they are told otherwise: `dsquery`, a page of Active Directory, values of
/// an attribute, members by its web service.
const LIMITS: [u32; 4] = [100, 1000, 1500, 5000];

/// A note on a list that ends exactly where some programs stop.
pub(crate) fn note_of_limit(reading: &Reading) -> Option<String> {
    let proved = matches!(reading.end, End::Vouched(_));
    let is_limit = reading.ages && !proved && LIMITS.contains(&reading.rows_read);
    is_limit.then(|| format!("it has exactly {} rows, a limit of some programs; check its end", reading.rows_read))
}
