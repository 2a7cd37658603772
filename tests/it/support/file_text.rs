//! All text of a file of a package, for a search: of a workbook, that of its parts, which are packed.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::python_program;

/// The text; what is no UTF-8 is replaced.
pub fn text_of(path: &Path) -> String {
    const UNPACK: &str = "import sys, zipfile\nbook = zipfile.ZipFile(sys.argv[1])\n\
                          for part in book.namelist():\n    sys.stdout.buffer.write(book.read(part))";
    let bytes = if path.extension().is_some_and(|extension| extension == "xlsx") {
        let python = Command::new(python_program("python")).args(["-c", UNPACK]).arg(path).output().unwrap();
        assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
        python.stdout
    } else {
        fs::read(path).unwrap()
    };
    String::from_utf8_lossy(&bytes).into_owned()
}
