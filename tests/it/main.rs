//! The one integration-test binary. Each module is named after what it proves.

mod render;
mod support_report;
mod wording;
