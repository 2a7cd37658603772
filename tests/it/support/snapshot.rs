//! Files that say what the program prints: compared by a test, and renewed only when somebody asks for it.

use std::fs;

use super::root;

/// Compares a text with a file of the repository. With `UPDATE_SNAPSHOTS=1` the file is written first, to be read and
/// committed.
pub fn assert_file(path: &str, text: &str) {
    let at = root().join(path);
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests says whether files are renewed")]
    let renew = std::env::var_os("UPDATE_SNAPSHOTS").is_some();
    if renew {
        fs::create_dir_all(at.parent().expect("a file lies in a folder")).expect("its folder can be made");
        fs::write(&at, text).unwrap_or_else(|error| panic!("cannot write `{path}`: {error}"));
    }
    let kept = fs::read_to_string(&at).unwrap_or_default();
    assert!(
        kept == text,
        "`{path}` is not what the program prints now. If that is meant: UPDATE_SNAPSHOTS=1 cargo test --test it, and \
         read the difference.\n--- kept\n{kept}\n--- printed\n{text}"
    );
}
