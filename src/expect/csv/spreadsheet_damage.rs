//! What a spreadsheet does to a list without a word: it cuts long cells, and takes names for dates and numbers.

use super::table::Table;
use crate::expect::records::directory_records::Reference;
use crate::expect::records::parsed_file::Reading;
use crate::model::quoted;

/// What one cell of Excel holds at most, in units of UTF-16 (Microsoft, "Excel specifications and limits").
const LIMIT: usize = 32_767;

/// How far below the limit a cell may end that was cut: at the end of a distinguished name, the next one does not fit.
const NAME: usize = 256;

/// The cells of a column of lists, as far as Excel may have cut them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LongCells {
    /// Whether a cell is longer than Excel leaves any, so that it did not save the file.
    longer: bool,
}

impl LongCells {
    /// Those of these columns.
    pub(crate) fn of(table: &Table<'_>, columns: &[usize]) -> Self {
        let cells = table.rows().flat_map(|row| columns.iter().filter_map(move |&column| row.cell(Some(column))));
        // Most cells are short, and their bytes are counted already.
        let mut long = cells.filter(|cell| cell.len() > LIMIT);
        LongCells { longer: long.any(|cell| cell.encode_utf16().count() > LIMIT) }
    }

    /// Why a list in a cell may not be whole: its length is what Excel leaves of a longer one.
    pub(crate) fn cut(self, cell: &str) -> Option<String> {
        if self.longer || cell.len() < LIMIT - NAME {
            return None;
        }
        let length = cell.encode_utf16().count();
        (LIMIT - NAME..=LIMIT).contains(&length).then(|| {
            format!(
                "its cell has {length} characters, and Excel cuts cells at {LIMIT}; export again without saving in \
                 Excel"
            )
        })
    }
}

/// A note of names that look like what a spreadsheet makes of others: `1-Mar` of `mar1`, `1E+05` of `1e5`.
pub(crate) fn note_of_names(reading: &Reading) -> Option<String> {
    let accounts = reading.entries.iter().flat_map(|entry| {
        let names = [&entry.sam, &entry.user_name];
        names.into_iter().flatten().map(move |name| (entry.at.line, &**name))
    });
    let groups = reading.memberships.iter().filter_map(|membership| match &membership.group {
        Reference::Name(name) => Some((membership.at.line, &**name)),
        Reference::Row(_) | Reference::Named(_) | Reference::Dn(_) | Reference::Account(_) => None,
    });
    let assignments = reading.assignments.iter().map(|row| (row.at.line, row.principal.as_str()));
    let applications = reading.applications.iter().map(|row| (row.at.line, row.principal.as_str()));
    let entitlements = reading.entitlements.iter().map(|row| (row.at.line, row.principal.as_str()));
    let iam_users = reading.iam_users.iter().map(|row| (row.at.line, row.user.as_str()));
    let names = accounts.chain(groups).chain(assignments).chain(applications).chain(entitlements).chain(iam_users);
    let (line, name) = names.filter(|(_, name)| is_changed(name)).min()?;
    Some(format!(
        "{} in line {line} may be a name that a spreadsheet changed into a date or number; if so, export again, or \
         store the column as text",
        quoted(name)
    ))
}

/// Whether a name has the form in which spreadsheets show dates without a year or a day, and large numbers.
fn is_changed(name: &str) -> bool {
    // Names are many, and nearly all of them end in a letter or have no sign that dates and numbers have.
    let name = name.trim();
    name.len() <= 12 && name.contains(['-', '+', '.']) && (is_date(name) || is_number(name))
}

/// `1-Mar`, `Mar-25`, `01. Mrz`, `1-Mar-2025`.
fn is_date(name: &str) -> bool {
    let parts: Vec<&str> = if name.contains('-') { name.split('-').collect() } else { name.split(". ").collect() };
    let is_number = |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [day, month] if is_month(month) => is_number(day, 2),
        [month, year] if is_month(month) => is_number(year, 4) && year.len() != 3,
        [day, month, year] if is_month(month) => is_number(day, 2) && is_number(year, 4) && year.len() != 3,
        _ => false,
    }
}

/// Months as Excel abbreviates them in English, German, French, Spanish, Italian, Dutch and Portuguese.
fn is_month(text: &str) -> bool {
    const MONTHS: [&str; 45] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mrz", "mär",
        "märz", "mai", "okt", "dez", "janv", "févr", "mars", "avr", "avril", "juin", "juil", "août", "déc", "ene",
        "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "mrt", "mei", "fev", "out", "april", "juni",
        "juli",
    ];
    MONTHS.contains(&text.to_lowercase().as_str())
}

/// `1E+05`, `1,23E+11`.
fn is_number(name: &str) -> bool {
    let Some((mantissa, exponent)) = name.split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    whole.len() == 1 && digits(whole) && digits(fraction) && digits(exponent) && exponent.len() >= 2
}
