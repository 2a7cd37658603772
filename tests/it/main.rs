//! The one integration-test binary. Each module is named after what it proves.

mod support;
mod support_report;

mod collect_calls;
mod collect_fold;
mod collect_journal;
mod render;
mod schedule;
mod serve;
mod stand_ins;
mod store_claims;
mod store_folder;
mod store_package;
mod walls;
mod wording;
