//! Who is who: users and people, groups and directory groups, owners.

pub(crate) mod borrowed_ids;
pub(crate) mod keys;
mod leavers_by_other_list;
pub(crate) mod nested_groups;
pub(crate) mod owners;
pub(crate) mod principals;
pub(crate) mod strange_leavers;
mod wrong_key;
