//! The one integration-test binary. Each module is named after what it proves.

mod schedule;
mod serve;
mod store_claims;
mod store_folder;
mod store_package;
