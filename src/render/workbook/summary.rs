//! The first sheet: the verdict, the run, open findings by severity, and what the report covers.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::sheet::{header, severity, top};
use crate::model::Report;
use crate::wording::{change_counts, coverage, facts, headline, notices, subline};

/// Sheets behind this one, and what one row of each is.
const SHEETS: [(&str, &str); 5] = [
    ("Findings", "a finding, open or waived"),
    ("Administrators", "an access that makes its holder an administrator, or may; and each root user that was read"),
    ("Population", "an access: a principal, what it can use, and the path to it"),
    ("Waivers", "a waiver, with the number of findings that it accepts in this run"),
    ("Completeness", "an operation, a list, a source, a gap or a refused row: what was read, and how far"),
];

/// Writes the sheet.
pub(super) fn write(report: &Report<'_>, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    worksheet.set_name("Summary")?.set_column_width(0, 28)?.set_column_width(1, 100)?;
    worksheet.set_print_fit_to_pages(1, 0).set_footer("&L&F · &A&RPage &P of &N");
    let mut page = Page { worksheet, row: 0 };
    page.wide(&headline(report), &Format::new().set_bold().set_font_size(14).set_text_wrap())?;
    page.wide(&subline(report), &Format::new().set_text_wrap())?;
    page.heading("Run")?;
    for fact in facts(report) {
        page.pair(fact.label, &fact.value)?;
    }
    page.heading("Open findings")?;
    // The worst first.
    for (level, number) in report.verdict.findings.iter().rev() {
        page.number(level.word(), *number, &severity(level.word()))?;
    }
    page.number("waived", report.verdict.waived, &Format::new())?;
    if report.earlier().is_some() {
        page.heading("Changes since the earlier run")?;
        page.sentence(&change_counts(report))?;
    }
    page.heading("Coverage")?;
    for sentence in coverage(report).iter().chain(&notices(report)) {
        page.sentence(sentence)?;
    }
    page.heading("Sheets: what a row is")?;
    SHEETS.iter().try_for_each(|(sheet, row)| page.pair(sheet, row))
}

/// The sheet, written from top to bottom.
struct Page<'w> {
    worksheet: &'w mut Worksheet,
    row: u32,
}

impl Page<'_> {
    fn wide(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.worksheet.merge_range(self.row, 0, self.row, 1, text, format)?;
        self.grow(text, 100, 20)?;
        self.row += 1;
        Ok(())
    }

    /// Makes the row as high as a text needs of which so many characters fit on a line: not every program does.
    fn grow(&mut self, text: &str, characters: usize, points: u32) -> Result<(), XlsxError> {
        let lines = u32::try_from(text.chars().count().div_ceil(characters)).unwrap_or(u32::MAX).clamp(1, 20);
        self.worksheet.set_row_height(self.row, points * lines)?;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        self.worksheet.write_string_with_format(self.row, 0, text, &header())?;
        self.worksheet.write_blank(self.row, 1, &header())?;
        self.row += 1;
        Ok(())
    }

    fn pair(&mut self, label: &str, value: &str) -> Result<(), XlsxError> {
        self.worksheet.write_string_with_format(self.row, 0, label, &top())?;
        self.worksheet.write_string_with_format(self.row, 1, value, &top().set_text_wrap())?;
        self.grow(value, 95, 15)?;
        self.row += 1;
        Ok(())
    }

    fn number(&mut self, label: &str, number: usize, format: &Format) -> Result<(), XlsxError> {
        self.worksheet.write_string_with_format(self.row, 0, label, format)?;
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        let left = Format::new().set_num_format("#,##0").set_align(FormatAlign::Left);
        self.worksheet.write_number_with_format(self.row, 1, number, &left)?;
        self.row += 1;
        Ok(())
    }

    fn sentence(&mut self, text: &str) -> Result<(), XlsxError> {
        self.pair("", text)
    }
}
