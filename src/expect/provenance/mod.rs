//! When and from where an export was made, and which of two is the newer one.

pub(crate) mod export_order;
pub(crate) mod export_time;
pub(crate) mod group_in_file_name;
pub(crate) mod newest_export;
