//! CSV as tools write it and as it arrives damaged.

pub(crate) mod cell;
mod delimiter;
pub(crate) mod header;
pub(crate) mod spreadsheet_damage;
pub(crate) mod table;
