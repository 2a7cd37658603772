//! What readers get: the report in every format, and its sentences.

pub mod browser;
pub mod formats;
pub mod page;
pub mod population;
pub mod report_of_everything;
pub mod wording;
pub mod workbook;
