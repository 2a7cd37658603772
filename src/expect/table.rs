//! CSV as tools write it: `#TYPE` and `sep=` lines, four delimiters, repeated headers; and CSV as it arrives damaged.
//!
//! A row whose width differs from the header's refuses the file: a shifted row says wrong things about people.

use super::error::Damage;

/// A table: its header and its rows.
#[derive(Debug)]
pub(super) struct Table {
    /// The type that PowerShell wrote on the first line.
    pub(super) type_name: Option<String>,
    /// The header's names as written, trimmed.
    pub(super) header: Vec<String>,
    /// The same in the form of [`column_key`].
    keys: Vec<String>,
    /// The header's line.
    pub(super) header_line: u32,
    /// The rows, each as wide as the header.
    pub(super) rows: Vec<Row>,
    /// What a reader should know.
    pub(super) notes: Vec<String>,
}

/// A row, and the line on which it begins.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) line: u32,
    cells: Vec<String>,
}

impl Row {
    /// The cell of a column; `None` where there is no such column or nothing in it. `""` and nothing are the same.
    pub(super) fn cell(&self, column: Option<usize>) -> Option<&str> {
        self.cells.get(column?).map(String::as_str).filter(|cell| !cell.trim().is_empty())
    }
}

/// A column's name in the form in which names of columns are compared.
pub(super) fn column_key(name: &str) -> String {
    name.chars().filter(|char| !matches!(char, ' ' | '_' | '-')).flat_map(char::to_lowercase).collect()
}

impl Table {
    /// The position of the first column with one of these names, each in the form of [`column_key`].
    pub(super) fn column(&self, names: &[&str]) -> Option<usize> {
        self.keys.iter().position(|key| names.contains(&key.as_str()))
    }

    /// Whether a column with one of these names exists.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.column(names).is_some()
    }
}

/// The keys of a table's columns, and its delimiter.
pub(super) fn columns(text: &str) -> Result<(Vec<String>, u8), Damage> {
    let preamble = Preamble::of(text);
    let delimiter = preamble.delimiter.unwrap_or_else(|| likely_delimiter(&text[preamble.length..]));
    Ok((read(text)?.keys, delimiter))
}

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Table, Damage> {
    let preamble = Preamble::of(text);
    let delimiter = preamble.delimiter.unwrap_or_else(|| likely_delimiter(&text[preamble.length..]));
    let mut rows = rows(text, preamble.length, delimiter)?.into_iter();
    let Some(header) = rows.next() else { return Err(Damage::Nobody { what: "it is empty" }) };
    let mut table = Table {
        type_name: preamble.type_name,
        header: header.cells.iter().map(|name| name.trim().to_owned()).collect(),
        keys: header.cells.iter().map(|name| column_key(name.trim())).collect(),
        header_line: header.line,
        rows: Vec::new(),
        notes: Vec::new(),
    };
    refuse_duplicates(&table)?;
    let unquoted = !text.contains('"');
    let mut repeated = 0_u32;
    for row in rows {
        if row.cells == header.cells || is_type_line(&row) {
            repeated += u32::from(row.cells == header.cells);
        } else if row.cells.len() == header.cells.len() {
            table.rows.push(row);
        } else {
            return Err(wrong_width(&row, header.cells.len(), unquoted, text));
        }
    }
    if repeated > 0 {
        table.notes.push(format!("the header is repeated {repeated} times; several files were probably joined"));
    }
    Ok(table)
}

fn is_type_line(row: &Row) -> bool {
    row.cells.first().is_some_and(|cell| cell.starts_with("#TYPE"))
}

fn wrong_width(row: &Row, columns: usize, unquoted: bool, text: &str) -> Damage {
    let last = u32::try_from(text.trim_end().lines().count()).unwrap_or(u32::MAX);
    let because = if row.cells.len() > columns && unquoted {
        "; the quotes were probably stripped, so names with commas moved the columns"
    } else if row.cells.len() < columns && row.line >= last {
        "; it is the last row, so the file was probably cut off"
    } else {
        ""
    };
    Damage::Width { line: row.line, cells: row.cells.len(), columns, because }
}

fn refuse_duplicates(table: &Table) -> Result<(), Damage> {
    let mut seen = std::collections::BTreeSet::new();
    for name in table.header.iter().filter(|name| !name.is_empty()) {
        if !seen.insert(name.to_lowercase()) {
            return Err(Damage::DuplicateColumn { line: table.header_line, column: name.clone() });
        }
    }
    Ok(())
}

/// What stands before the header.
struct Preamble {
    length: usize,
    type_name: Option<String>,
    delimiter: Option<u8>,
}

impl Preamble {
    fn of(text: &str) -> Self {
        let mut preamble = Preamble { length: 0, type_name: None, delimiter: None };
        for line in text.split_inclusive('\n') {
            let content = line.trim();
            if let Some(name) = content.trim_matches('"').strip_prefix("#TYPE") {
                preamble.type_name = Some(name.trim().trim_end_matches([',', ';']).to_owned());
            } else if let Some(&[delimiter]) = content.strip_prefix("sep=").map(str::as_bytes) {
                preamble.delimiter = Some(delimiter);
            } else if !content.is_empty() {
                break;
            }
            preamble.length += line.len();
        }
        preamble
    }
}

/// The delimiter that cuts the header into most cells. Names of columns hold none of them.
fn likely_delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|&byte| byte == delimiter).count();
    // The first of those with the highest count: `max_by_key` would give the last.
    [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

fn rows(text: &str, from: usize, delimiter: u8) -> Result<Vec<Row>, Damage> {
    let body = &text[from..];
    let mut lines = LineCounter { bytes: text.as_bytes(), position: 0, line: 1 };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(body.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    for record in reader.records() {
        let record = record.expect("text in memory is read, is UTF-8, and may be of any width");
        let start = record.position().map_or(0, csv::Position::byte);
        let line = lines.at(from + usize::try_from(start).expect("a position in memory"));
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
        }
    }
    let odd_quotes = body.bytes().filter(|&byte| byte == b'"').count() % 2 == 1;
    match rows.last() {
        Some(last) if odd_quotes => Err(Damage::OpenQuote { line: last.line }),
        Some(_) | None => Ok(rows),
    }
}

/// Lines of a text, counted once from beginning to end.
struct LineCounter<'a> {
    bytes: &'a [u8],
    position: usize,
    line: u32,
}

impl LineCounter<'_> {
    /// The line of the first character at or after `start` that is no line break.
    fn at(&mut self, start: usize) -> u32 {
        while let Some(&byte) = self.bytes.get(self.position) {
            if self.position >= start && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u32::from(byte == b'\n');
            self.position += 1;
        }
        self.line
    }
}
