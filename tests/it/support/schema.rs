//! JSON Schemas, held against documents.

use std::fs;
use std::process::Command;

use super::python_program;

/// Panics unless a JSON document is what a schema says, by another implementation than the one that made the schema.
pub fn validates(schema: &str, document: &str) {
    const SCRIPT: &str = "import json, sys\nfrom jsonschema import Draft202012Validator as Validator\n\
                          schema, document = (json.load(open(path)) for path in sys.argv[1:])\n\
                          Validator.check_schema(schema)\nValidator(schema).validate(document)";
    let folder = tempfile::tempdir().unwrap();
    let (schema_file, document_file) = (folder.path().join("schema"), folder.path().join("document"));
    fs::write(&schema_file, schema).unwrap();
    fs::write(&document_file, document).unwrap();
    let python =
        Command::new(python_program("python")).args(["-c", SCRIPT]).args([schema_file, document_file]).output();
    let python = python.unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
}
