//! The one integration-test binary. Each module is named after what it proves.
#![expect(unreachable_pub, reason = "a test binary has no outside; `pub` says what a support module offers the tests")]
#![expect(clippy::unwrap_used, reason = "a panic in a test is a failed test, and says where")]
#![expect(clippy::disallowed_methods, reason = "a test finds its programs by the environment that it was started in")]

mod story;
mod support;

mod alert;
mod apply;
mod architecture;
mod change;
mod cli;
mod collect;
mod compare;
mod events;
mod expect;
mod operate;
mod oracle;
mod properties;
mod render;
mod sample;
mod serve;
mod stand_ins;
mod store;
