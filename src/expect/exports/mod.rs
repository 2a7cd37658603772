//! The tools whose exports are read, one file each.

pub(crate) mod aduc_list;
pub(crate) mod csvde;
pub(crate) mod entra_portal;
pub(crate) mod microsoft_graph;
pub(crate) mod powershell;
pub(crate) mod samba_tool;
pub(crate) mod staff_columns;
pub(crate) mod staff_list;
pub(crate) mod staff_status;
mod staff_status_words;
pub(crate) mod unread_states;
