//! The one integration-test binary. Each module is named after what it proves.

mod support;

mod stand_ins;
mod walls;
