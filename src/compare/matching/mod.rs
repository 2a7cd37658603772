//! Who is who: users and people, groups and directory groups, owners.

pub(crate) mod apart_lists;
pub(crate) mod borrowed_ids;
pub(crate) mod keys;
mod leavers_by_other_list;
pub(crate) mod nested_groups;
pub(crate) mod owners;
pub(crate) mod unmatched_leaver_lists;
pub(crate) mod who_is_who;
mod wrong_key;
