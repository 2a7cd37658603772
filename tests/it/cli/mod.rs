//! The command line, the documents, and what users set up.

pub mod adopt;
pub mod adopt_finding;
pub mod apply;
pub mod as_of;
pub mod check_aws;
pub mod check_json;
pub mod command_line;
pub mod documents;
pub mod explain;
pub mod explain_things;
pub mod iam_policies;
pub mod iam_policies_enforced;
pub mod inventory;
pub mod misconfigured;
pub mod operator_policies;
pub mod output_folders;
pub mod plan;
pub mod privacy;
pub mod querying;

pub mod standard_output;
