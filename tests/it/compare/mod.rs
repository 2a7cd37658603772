//! Comparing: who is who, how everything stands, the rules, waivers and changes.

pub mod administrative_policies;
pub mod apart_lists;
pub mod applications;
pub mod approval;
pub mod assignment_patterns;
pub mod became_administrative;
pub mod changes;
pub mod content_digest;
pub mod coverage;
pub mod fingerprints;
pub mod former_employees;
pub mod gaps;
pub mod iam_rules;
pub mod identity_source;
pub mod list_rules;
pub mod matching_keys;
pub mod merge_join;
pub mod pending;
pub mod pending_again;
pub mod policy_names;
pub mod rules;
pub mod trusts;
pub mod unknown;
pub mod usage;
pub mod waivers;
pub mod wrong_key;
