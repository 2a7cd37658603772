//! CSV as tools write it: `#TYPE` and `sep=` lines, four delimiters, repeated headers; and CSV as it arrives damaged.
//!
//! A row whose width differs from the header's refuses the file: a shifted row says wrong things about people.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::header::{Header, reader};
use crate::expect::active_directory::distinguished_name::Dn;
use crate::expect::error::Damage;

/// A table: its header and its rows. All cells lie in one text, which is the file's own where nothing in it is quoted,
/// so that a list of millions of rows needs little more memory than its file.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// The type that PowerShell wrote on the first line.
    pub(crate) type_name: Option<String>,
    /// The header's names as written, trimmed.
    pub(crate) header: Vec<String>,
    /// The same in the form of [`column_key`](super::header::column_key).
    keys: Vec<String>,
    /// The header's line.
    pub(crate) header_line: u32,
    /// What a reader should know.
    pub(crate) notes: Vec<String>,
    /// The cells of all rows, each with one byte after it.
    text: Cow<'a, str>,
    /// Where each cell ends, counted from the beginning of its row.
    ends: Vec<u32>,
    /// Where each row begins: its line, and its place in the text.
    rows: Vec<(u32, usize)>,
}

/// What follows each cell of a text that is not the file's own. No file has it: the decoder takes NUL for binary data.
const END: char = '\0';

/// A row, as wide as the header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    /// The line on which it begins.
    pub(crate) line: u32,
    text: &'a str,
    ends: &'a [u32],
}

impl<'a> Row<'a> {
    /// The cell of a column; `None` where there is no such column or nothing in it. `""` and nothing are the same.
    pub(crate) fn cell(&self, column: Option<usize>) -> Option<&'a str> {
        let column = column?;
        let cell = &self.text[self.start(column)..self.end(column)?];
        Some(cell).filter(|cell| !cell.trim().is_empty())
    }

    /// Everything in the row but one cell: what stands before it, and what stands after it.
    pub(crate) fn without(&self, column: usize) -> (&'a str, &'a str) {
        (&self.text[..self.start(column)], &self.text[self.end(column).unwrap_or(self.text.len())..])
    }

    fn start(&self, column: usize) -> usize {
        column.checked_sub(1).and_then(|before| self.end(before)).map_or(0, |end| end + 1)
    }

    fn end(&self, column: usize) -> Option<usize> {
        self.ends.get(column).map(|&end| end as usize)
    }

    /// How many cells have something in them.
    pub(crate) fn filled(&self) -> usize {
        (0..self.ends.len()).filter(|&column| self.cell(Some(column)).is_some()).count()
    }
}

impl Table<'_> {
    /// The position of the first column with one of these names, each in the form of
    /// [`column_key`](super::header::column_key).
    pub(crate) fn column(&self, names: &[&str]) -> Option<usize> {
        self.keys.iter().position(|key| names.contains(&key.as_str()))
    }

    /// The positions of all columns with one of these names, in the order of the names.
    pub(crate) fn columns(&self, names: &[&str]) -> Vec<usize> {
        names
            .iter()
            .flat_map(|name| self.keys.iter().enumerate().filter(move |(_, key)| key == name))
            .map(|(column, _)| column)
            .collect()
    }

    /// Whether a column with one of these names exists.
    pub(crate) fn has(&self, names: &[&str]) -> bool {
        self.column(names).is_some()
    }

    /// The names of the columns, each with its position and in its compared form.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (usize, &str)> {
        self.keys.iter().map(String::as_str).enumerate()
    }

    /// The rows, from the first to the last.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let width = self.header.len();
        self.rows.iter().enumerate().map(move |(number, &(line, start))| {
            let ends = &self.ends[number * width..(number + 1) * width];
            let length = ends.last().map_or(0, |&end| end as usize);
            Row { line, text: &self.text[start..start + length], ends }
        })
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row that begins at this place of the file.
    fn push(&mut self, line: u32, place: usize, cells: &csv::StringRecord) {
        let start = match &mut self.text {
            Cow::Borrowed(_) => place,
            Cow::Owned(text) => {
                let start = text.len();
                cells.iter().for_each(|cell| {
                    text.push_str(cell);
                    text.push(END);
                });
                start
            }
        };
        self.rows.push((line, start));
        let mut end = 0;
        for cell in cells {
            end += cell.len();
            self.ends.push(u32::try_from(end).expect("a row is shorter than four gigabytes"));
            end += 1;
        }
    }
}

/// Reads a table.
pub(crate) fn read(text: &str) -> Result<Table<'_>, Damage> {
    let header = Header::of(text);
    let mut records = Records::of(text, &header);
    let Some((header_line, _, first)) = records.next() else { return Err(Damage::Nobody { what: "it is empty" }) };
    let first = first.clone();
    let mut table = Table {
        type_name: header.type_name,
        header: header.names,
        keys: header.keys,
        header_line,
        notes: Vec::new(),
        // Without quotes, a cell is what stands between two delimiters.
        text: if text.contains('"') { Cow::Owned(String::new()) } else { Cow::Borrowed(text) },
        ends: Vec::new(),
        rows: Vec::new(),
    };
    refuse_duplicates(&table)?;
    let (mut repeated, mut uneven) = (0_u32, None);
    while let Some((line, place, cells)) = records.next() {
        if *cells == first || is_type_line(cells) {
            repeated += u32::from(*cells == first);
        } else if cells.len() != first.len() {
            uneven.get_or_insert((line, cells.len()));
        } else if is_other_header(cells, &table) {
            return Err(Damage::OtherHeader { line });
        } else if let Some(column) = swallows(cells, &table, header.delimiter) {
            return Err(Damage::StrayQuote { line, column: table.header[column].clone() });
        } else {
            table.push(line, place, cells);
        }
    }
    if text.bytes().filter(|&byte| byte == b'"').count() % 2 == 1 {
        return Err(Damage::OpenQuote { line: records.line });
    }
    if let Some((line, cells)) = uneven {
        return Err(wrong_width(line, cells, table.header.len(), text));
    }
    if repeated > 0 {
        table.notes.push(format!("the header is repeated {repeated} times; several files were probably joined"));
    }
    Ok(table)
}

fn is_type_line(cells: &csv::StringRecord) -> bool {
    cells.get(0).is_some_and(|cell| cell.starts_with("#TYPE"))
}

fn wrong_width(line: u32, cells: usize, columns: usize, text: &str) -> Damage {
    let last = u32::try_from(text.trim_end().lines().count()).unwrap_or(u32::MAX);
    let because = if cells > columns && !text.contains('"') {
        "; the quotes were probably stripped, so names with commas moved the columns"
    } else if cells < columns && line >= last {
        "; it is the last row, so the file was probably cut off"
    } else {
        ""
    };
    Damage::Width { line, cells, columns, because }
}

/// Refuses two columns whose names are the same in the form in which they are compared: one of them would not be read.
fn refuse_duplicates(table: &Table) -> Result<(), Damage> {
    let mut seen = BTreeMap::new();
    for (name, key) in table.header.iter().zip(&table.keys).filter(|(_, key)| !key.is_empty()) {
        if let Some(column) = seen.insert(key, name) {
            let (column, again) = (column.clone(), name.clone());
            return Err(Damage::DuplicateColumn { line: table.header_line, column, again });
        }
    }
    Ok(())
}

/// Whether a row is the header of another file, which has its columns in another order: most of what it says are names
/// of columns, and two at least.
fn is_other_header(cells: &csv::StringRecord, table: &Table) -> bool {
    let filled = || cells.iter().map(str::trim).filter(|cell| !cell.is_empty());
    let names_column = |cell: &&str| table.header.iter().any(|name| name.eq_ignore_ascii_case(cell));
    // Rows are many: nearly all are known for none by their first cells.
    filled().take(2).any(|cell| names_column(&cell)) && {
        let names = filled().filter(names_column).count();
        names >= 2 && 2 * names > filled().count()
    }
}

/// The column of the cell, if any, in which a quote was opened that only a later row closed: the rows between stand in
/// it.
fn swallows(cells: &csv::StringRecord, table: &Table, delimiter: u8) -> Option<usize> {
    let breaks = |text: &str| text.bytes().any(|byte| matches!(byte, b'\r' | b'\n'));
    if !breaks(cells.as_slice()) {
        return None;
    }
    let swallows = |(cell, key): (&str, &String)| {
        breaks(cell.trim()) && (ONE_LINE.contains(&key.as_str()) || holds_row(cell, cells.len(), delimiter))
    };
    cells.iter().zip(&table.keys).position(swallows)
}

/// Columns whose values never run over several lines, whoever writes them.
const ONE_LINE: [&str; 20] = [
    "account",
    "accountenabled",
    "email",
    "emailaddress",
    "enabled",
    "group",
    "groupname",
    "id",
    "mail",
    "objectguid",
    "objectid",
    "objectsid",
    "permissionset",
    "principal",
    "samaccountname",
    "sid",
    "user",
    "useraccountcontrol",
    "username",
    "userprincipalname",
];

/// Whether a line of a cell, but for its first, looks like a row: as wide as the table, and written as programs write.
/// Names of a directory that are joined line by line do not.
fn holds_row(cell: &str, width: usize, delimiter: u8) -> bool {
    let is_row = |line: &str| {
        let mut cells = line.split(char::from(delimiter));
        cells.clone().count() == width && !cells.any(|cell| cell.starts_with(' ')) && Dn::parse(line).is_none()
    };
    width > 1 && cell.split(['\r', '\n']).skip(1).any(is_row)
}

/// Records of a text, each with the line on which it begins. Blank ones are skipped.
struct Records<'a> {
    reader: csv::Reader<&'a [u8]>,
    record: csv::StringRecord,
    lines: LineCounter<'a>,
    /// The line on which the last record begins, blank or not.
    line: u32,
    from: usize,
}

impl<'a> Records<'a> {
    fn of(text: &'a str, header: &Header) -> Self {
        let lines = LineCounter { bytes: text.as_bytes(), position: 0, line: 1 };
        let reader = reader(&text[header.start..], header.delimiter);
        Records { reader, record: csv::StringRecord::new(), lines, line: 1, from: header.start }
    }

    /// The next record: its line, its place in the text, and its cells.
    fn next(&mut self) -> Option<(u32, usize, &csv::StringRecord)> {
        const IN_MEMORY: &str = "text in memory is read, is UTF-8, and may be of any width";
        while self.reader.read_record(&mut self.record).expect(IN_MEMORY) {
            let start = self.record.position().map_or(0, csv::Position::byte);
            self.line = self.lines.at(self.from + usize::try_from(start).expect("a position in memory"));
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                return Some((self.line, self.lines.position, &self.record));
            }
        }
        None
    }
}

/// Lines of a text, counted once from beginning to end. A lone carriage return ends one where it ends a row: no two
/// rows stand in one line.
struct LineCounter<'a> {
    bytes: &'a [u8],
    position: usize,
    line: u32,
}

impl LineCounter<'_> {
    /// The line of the first character at or after `start` that is no line break.
    fn at(&mut self, start: usize) -> u32 {
        // Those before a character that stands before `start` are inside of a cell.
        let mut lone = 0;
        while let Some(&byte) = self.bytes.get(self.position) {
            let is_break = matches!(byte, b'\r' | b'\n');
            if self.position >= start && !is_break {
                break;
            }
            self.position += 1;
            if byte == b'\n' {
                self.line += 1;
            } else if !is_break {
                lone = 0;
            } else if self.bytes.get(self.position) != Some(&b'\n') {
                lone += 1;
            }
        }
        self.line += lone;
        self.line
    }
}
