//! A table of the workbook: a header that stays in view, a filter, widths, and cells of the right kind.

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet, XlsxError};

use super::cells::{Cell, Holds};

/// Columns of sentences, which are wide and have their lines broken.
const SENTENCES: [&str; 8] = ["title", "evidence", "advice", "path", "why", "reason", "covers", "administrative_by"];

/// Widths of columns, in characters.
const WIDE: f64 = 60.0;
const MOMENT: f64 = 24.0;
const PLAIN: f64 = 20.0;

/// Characters on a line of a column of sentences, lines that a row shows at most, and how high a line is.
const LINE: usize = 54;
const LINES: usize = 20;
const POINTS: u32 = 15;

/// A table that is being written, row by row.
pub(super) struct Sheet<'w> {
    worksheet: &'w mut Worksheet,
    columns: Vec<Column>,
    row: u32,
    /// Columns that are printed.
    printed: usize,
}

struct Column {
    /// Which cell of a row stands here.
    cell: usize,
    holds: Holds,
    is_severity: bool,
    is_sentence: bool,
    format: Format,
}

impl<'w> Sheet<'w> {
    /// A table of rows with these cells. The columns that a reader looks at come first, and are the ones that are printed.
    pub(super) fn begin(
        worksheet: &'w mut Worksheet,
        name: &str,
        cells: &[&str],
        first: &[&str],
    ) -> Result<Self, XlsxError> {
        worksheet.set_name(name)?.set_freeze_panes(1, 0)?.set_landscape().set_repeat_rows(0, 0)?;
        worksheet.set_print_fit_to_pages(1, 0).set_footer("&L&F · &A&RPage &P of &N");
        let place = |column: &&str| cells.iter().position(|cell| cell == column).expect("one of the cells");
        let rest = (0..cells.len()).filter(|cell| !first.contains(&cells[*cell]));
        let columns: Vec<Column> = first.iter().map(place).chain(rest).map(|cell| Column::of(cells, cell)).collect();
        for (number, column) in (0..).zip(&columns) {
            let name = cells[column.cell];
            worksheet.set_column_width(number, width(name))?.write_string_with_format(0, number, name, &header())?;
        }
        Ok(Sheet { worksheet, columns, row: 0, printed: first.len() })
    }

    /// One row more.
    pub(super) fn row(&mut self, cells: &[impl AsRef<str>]) -> Result<(), XlsxError> {
        self.row += 1;
        let row = self.row;
        let mut lines = 1;
        for (at, column) in (0..).zip(&self.columns) {
            let (text, format) = (cells[column.cell].as_ref(), &column.format);
            // An empty cell is no cell: there are many of them.
            if text.is_empty() {
                continue;
            }
            if column.is_sentence {
                lines = lines.max(text.chars().count().div_ceil(LINE));
            }
            match Cell::of(text, column.holds) {
                Cell::Text(text) if column.is_severity => {
                    let coloured = severity(&text);
                    self.worksheet.write_string_with_format(row, at, text, &coloured)?
                }
                Cell::Text(text) => self.worksheet.write_string_with_format(row, at, text, format)?,
                Cell::Number(number) => self.worksheet.write_number_with_format(row, at, number, format)?,
                Cell::Moment(moment) => self.worksheet.write_datetime_with_format(row, at, &moment, format)?,
                Cell::Day(day) => {
                    self.worksheet.write_datetime_with_format(row, at, &day, &top().set_num_format("yyyy-mm-dd"))?
                }
            };
        }
        // Not every program makes a row as high as its text needs.
        if lines > 1 {
            self.worksheet.set_row_height(row, u32::try_from(lines.min(LINES)).unwrap_or(1) * POINTS)?;
        }
        Ok(())
    }

    /// A sentence in place of rows.
    pub(super) fn note(&mut self, sentence: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.worksheet.write_string(self.row, 0, sentence)?;
        Ok(())
    }

    /// Sets the filter over all rows, and prints the first columns of them.
    pub(super) fn end(self) -> Result<(), XlsxError> {
        let number = |columns: usize| u16::try_from(columns - 1).expect("a table has few columns");
        self.worksheet.autofilter(0, 0, self.row.max(1), number(self.columns.len()))?;
        self.worksheet.set_print_area(0, 0, self.row.max(1), number(self.printed))?;
        Ok(())
    }
}

impl Column {
    fn of(cells: &[&str], cell: usize) -> Self {
        let name = cells[cell];
        Column {
            cell,
            holds: Holds::of(name),
            is_severity: name == "severity",
            is_sentence: SENTENCES.contains(&name),
            format: format(name),
        }
    }
}

fn width(column: &str) -> f64 {
    match Holds::of(column) {
        Holds::Instant => MOMENT,
        Holds::Text if SENTENCES.contains(&column) => WIDE,
        Holds::Text | Holds::Number => PLAIN,
    }
}

/// How headers look.
pub(super) fn header() -> Format {
    Format::new().set_bold().set_font_color(Color::White).set_background_color(Color::RGB(0x1F_3A_5F)).set_text_wrap()
}

pub(super) fn top() -> Format {
    Format::new().set_align(FormatAlign::Top)
}

fn format(column: &str) -> Format {
    match Holds::of(column) {
        Holds::Instant => top().set_num_format("yyyy-mm-dd hh:mm:ss \"UTC\""),
        Holds::Number => top().set_num_format("#,##0"),
        Holds::Text if SENTENCES.contains(&column) => top().set_text_wrap(),
        Holds::Text => top(),
    }
}

/// How the word for a severity looks: dark text on a light ground, readable when printed in grey.
pub(super) fn severity(word: &str) -> Format {
    let ground = match word {
        "critical" => 0xF8_C9_C4,
        "high" => 0xFC_DD_BF,
        "medium" => 0xFD_F0_C3,
        _ => 0xE8_EC_F1,
    };
    top().set_bold().set_background_color(Color::RGB(ground))
}
