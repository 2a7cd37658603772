//! What separates the cells of a CSV file: named by a line `sep=;`, or else what cuts the header into most cells.

/// What ends a line. Files of which each line ends in a lone carriage return are mended before they come here.
pub(super) const LINE_ENDS: [char; 2] = ['\r', '\n'];

/// The delimiter that a line `sep=;` names, as Excel writes it.
pub(super) fn named_by_first_line(line: &str) -> Option<u8> {
    let named = line.trim_end_matches(LINE_ENDS).strip_prefix("sep=")?;
    DELIMITERS.into_iter().find(|&delimiter| named.as_bytes() == [delimiter])
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter that cuts the header into most cells. Names of columns hold none of them.
pub(super) fn likely_delimiter(text: &str) -> u8 {
    let header = text.split(LINE_ENDS).next().unwrap_or_default();
    let count = |delimiter: u8| header.bytes().filter(|&byte| byte == delimiter).count();
    // The first of those with the highest count: `max_by_key` would give the last.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}
