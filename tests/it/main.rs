//! The one integration-test binary. Each module is named after what it proves.
mod collect_calls;
mod collect_fold;
mod collect_journal;
