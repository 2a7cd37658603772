//! What the tests stand on: stand-ins for AWS that end with the test, and programs run in an empty environment.

pub mod audited;
pub mod bucket;
pub mod canned;
mod command;
pub mod exports;
pub mod file_text;
pub mod http;
pub mod lists;
pub mod mail_server;
pub mod printed;
pub mod schema;
mod server;
pub mod simulated;
pub mod snapshot;
pub mod source;

pub use command::{Output, rollcall, run, start_rollcall};
pub use server::{Ministack, Moto, TlsRelay, Winterbaume};

use std::path::{Path, PathBuf};

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("cannot read `{path}`: {error}"))
}

/// A program of the Python environment that `tests/check.sh` makes.
///
/// A test that needs it and does not find it fails: a skipped test would look like a passed one.
pub fn python_program(name: &str) -> PathBuf {
    let path = root().join("target/python/bin").join(name);
    assert!(path.exists(), "`target/python/bin/{name}` is missing: run tests/check.sh first");
    path
}

/// The program of `tests/winterbaume`, which `tests/check.sh` builds; a test that does not find it fails, as above.
fn winterbaume_program() -> PathBuf {
    let path = root().join("target/debug/winterbaume");
    assert!(path.exists(), "`target/debug/winterbaume` is missing: run tests/check.sh first");
    path
}
