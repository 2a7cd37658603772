//! The one integration-test binary. Each module is named after what it proves.
#![expect(unreachable_pub, reason = "a test binary has no outside; `pub` says what a support module offers the tests")]
#![expect(clippy::unwrap_used, reason = "a panic in a test is a failed test, and says where")]
#![expect(clippy::disallowed_methods, reason = "a test finds its programs by the environment that it was started in")]

mod story;
mod support;
mod support_report;

mod adopt;
mod adopt_finding;
mod alerts;
mod applications;
mod check_json;
mod collect_calls;
mod collect_fold;
mod collect_journal;
mod command_line;
mod expect_csv_csvde;
mod expect_csv_dates;
mod expect_csv_encoding;
mod expect_csv_entra;
mod expect_csv_groups;
mod expect_csv_laws;
mod expect_csv_staff;
mod expect_csv_structure;
mod expect_ldif;
mod expect_ldif_dn;
mod expect_ldif_groups;
mod expect_ldif_laws;
mod expect_ldif_meaning;
mod expect_ldif_samples;
mod expect_refusals;
mod expect_samples;
mod explain;
mod export_commands;
mod gaps;
mod iam_rules;
mod joins;
mod laws;
mod lists_at_work;
mod lists_from_s3;
mod live;
mod oracle;
mod oracle_cases;
mod patterns;
mod policies;
mod provisioned;
mod quarter;
mod quarter_company;
mod readme;
mod render;
mod rules;
mod sample;
mod schedule;
mod serve;
mod stand_ins;
mod store_claims;
mod store_folder;
mod store_package;
mod walls;
mod wording;
