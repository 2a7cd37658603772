//! Rows on their way into a CSV file that is kept by hand.

use std::collections::BTreeSet;

use super::{Draft, LeftOut, Reason};

/// The cells of a row, by column.
pub type Cells = Vec<(&'static str, String)>;

/// A list in the making: rows of which each knows whether it is about administrative access, and where it belongs.
#[derive(Default)]
pub(super) struct Sheet {
    rows: Vec<(bool, Cells)>,
    left_out: LeftOut,
}

impl Sheet {
    pub(super) fn row(&mut self, administrative: bool, cells: Cells) {
        self.rows.push((administrative, cells));
    }

    pub(super) fn leave_out(&mut self, reason: Reason, what: String) {
        self.left_out.entry(reason).or_default().push(what);
    }

    pub(super) fn has_rows(&self) -> bool {
        !self.rows.is_empty()
    }

    /// The list: administrative access first, and each part in the order of its cells.
    ///
    /// With a byte order mark, as the reports have: without one a spreadsheet takes the file for the machine's old code
    /// page, and what it saves names other people.
    ///
    /// # Errors
    /// Where all that there is had to be left out: a list without rows would say that there is to be nothing.
    pub(super) fn draft(mut self, columns: &[&str]) -> Result<Draft, BTreeSet<Reason>> {
        if self.rows.is_empty() && !self.left_out.is_empty() {
            return Err(self.left_out.into_keys().collect());
        }
        self.rows.sort_by(|(one, cells), (other, others)| other.cmp(one).then_with(|| cells.cmp(others)));
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
        let mut record = |cells: &[&str]| writer.write_record(cells).expect("rows in memory are as wide as the header");
        record(columns);
        for (_, cells) in &self.rows {
            let of = |column: &&str| cells.iter().find(|(name, _)| name == column).map_or("", |(_, cell)| cell);
            record(&columns.iter().map(of).collect::<Vec<_>>());
        }
        let bytes = writer.into_inner().expect("writing to memory does not fail");
        let text = String::from_utf8(bytes).expect("cells are text");
        Ok(Draft {
            text: format!("\u{feff}{text}"),
            rows: self.rows.len(),
            administrative: self.rows.iter().filter(|(administrative, _)| *administrative).count(),
            left_out: self.left_out,
        })
    }
}

/// A name as a cell that no spreadsheet takes for a formula, and that is read back as the name: a blank goes in front
/// of what would begin one, and blanks around a cell say nothing.
pub(super) fn cell(name: &str) -> String {
    let begins_a_formula = name.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '#']);
    let blank = if begins_a_formula { " " } else { "" };
    format!("{blank}{}", name.trim())
}

/// Values of one cell.
pub(super) const SEPARATOR: char = ';';

/// Values that can stand in one cell, joined.
pub(super) fn joined<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<&str> = values.into_iter().filter(|value| !value.contains(SEPARATOR)).collect();
    cell(&values.join(";"))
}
