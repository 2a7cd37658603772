//! The one integration-test binary. Each module is named after what it proves.
#![expect(unreachable_pub, reason = "a test binary has no outside; `pub` says what a support module offers the tests")]

mod support;

mod stand_ins;
mod walls;
