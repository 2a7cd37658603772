//! AWS's side: what is asked, what is answered, and what is missing.

pub mod account_instance;
pub mod answers_agree;
pub mod applications;
pub mod build;
pub mod ca_certificates;
pub mod clock_skew;
pub mod complete_answers;
pub mod cross_check;
pub mod cross_check_build;
pub mod faults;
pub mod journal;
pub mod journal_payload;
pub mod live;
pub mod lookups_by_name;
pub mod permission_sets;
pub mod print_commands;
pub mod resume;
pub mod resume_guards;
pub mod retries;
pub mod sign_in;
pub mod unlisted_principals;
