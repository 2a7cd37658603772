//! The header of a CSV file: what tools write before it, and the names of its columns.

use super::delimiter::{LINE_ENDS, likely_delimiter, named_by_first_line};

/// What stands before the rows of a table.
#[derive(Debug)]
pub(crate) struct Header {
    /// Where it begins: after `#TYPE`, `sep=` and blank lines.
    pub(crate) start: usize,
    /// The type that PowerShell wrote on the first line.
    pub(crate) type_name: Option<String>,
    /// What stands between two cells.
    pub(crate) delimiter: u8,
    /// The names of the columns as written, trimmed.
    pub(crate) names: Vec<String>,
    /// The same in the form of [`column_key`].
    pub(crate) keys: Vec<String>,
}

/// A column's name in the form in which names of columns are compared.
pub(crate) fn column_key(name: &str) -> String {
    name.chars().filter(|char| !matches!(char, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

impl Header {
    /// The header of a text: its first line that says anything. One without any has no names.
    pub(crate) fn of(text: &str) -> Self {
        let mut header = Header { start: 0, type_name: None, delimiter: b',', names: Vec::new(), keys: Vec::new() };
        let mut named = None;
        for line in text.split_inclusive(LINE_ENDS) {
            let content = line.trim();
            if let Some(name) = content.trim_matches('"').strip_prefix("#TYPE") {
                header.type_name = Some(name.trim().trim_end_matches([',', ';']).to_owned());
            } else if let Some(delimiter) = named_by_first_line(line) {
                named = Some(delimiter);
            } else if !content.is_empty() {
                break;
            }
            header.start += line.len();
        }
        let rest = &text[header.start..];
        header.delimiter = named.unwrap_or_else(|| likely_delimiter(rest));
        let mut reader = reader(rest, header.delimiter);
        let mut record = csv::StringRecord::new();
        // Text in memory can be read; a row without anything in it is no header.
        while header.names.iter().all(String::is_empty) && reader.read_record(&mut record).unwrap_or(false) {
            header.names = record.iter().map(|name| name.trim().to_owned()).collect();
        }
        header.keys = header.names.iter().map(|name| column_key(name)).collect();
        header
    }
}

/// A reader of the rows of a text, of whatever width.
pub(crate) fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true).delimiter(delimiter);
    builder.from_reader(text.as_bytes())
}
