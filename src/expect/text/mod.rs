//! Bytes to text: encodings, code pages, dates, and text that was cut off.

pub(crate) mod code_pages;
pub(crate) mod dates;
pub(crate) mod encoding;
pub(crate) mod mail_cells;
pub(crate) mod truncation;
