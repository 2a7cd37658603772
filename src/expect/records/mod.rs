//! What was read: one record for each statement, with its file and line.

pub(crate) mod directory_records;
pub(crate) mod hand_kept_records;
pub(crate) mod jsonl;
pub(crate) mod parsed_file;
pub(crate) mod unclear_employment;
