//! When and from where an export was made, and which of two is the newer one.

pub(crate) mod dated_names;
pub(crate) mod export_time;
pub(crate) mod file_name;
pub(crate) mod newest_export;
