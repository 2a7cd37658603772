//! `.docs/querying.md`, followed: each query is run by DuckDB on a store of two packages.

use std::process::Command;

use crate::story::{Story, group, user};
use crate::support::{python_program, read, rollcall};

use super::explain::folder_of;

/// Runs the statements one after the other and prints the rows of each as JSON.
const SCRIPT: &str = "import duckdb, json, sys\nfor query in json.load(sys.stdin):\n    \
                      rows = duckdb.sql(query) if not query.startswith('COPY') else duckdb.execute(query)\n    \
                      print(json.dumps([[str(cell) for cell in row] for row in rows.fetchall()]))";

fn queries() -> Vec<String> {
    let document = read(".docs/querying.md");
    document.split("```sql\n").skip(1).map(|block| block.split("```").next().unwrap().trim().to_owned()).collect()
}

#[test]
fn every_query_of_the_document_says_what_changed_between_two_packages() {
    let mut story = Story::small();
    story.stranger("mallory.finch").aws_grant(user("mallory.finch"), "Admin", "prod");
    let folder = folder_of(&story);
    let audit = |saved: &str, as_of: &str| {
        let arguments = ["audit", "--from", saved, "--as-of", as_of, "--to", "reports", "--no-alert"];
        let audited = rollcall(folder.path(), &arguments, &[]);
        assert_eq!(audited.code, 3, "{}{}", audited.stdout, audited.stderr);
    };
    audit("saved", "2026-11-20T08:00:00Z");
    story.aws_grant(group("AWS-Readers"), "Audit", "dev").aws_grant_gone(user("mallory.finch"), "Admin", "prod");
    for file in story.saved_files() {
        let path = folder.path().join("later").join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.text).unwrap();
    }
    audit("later", "2026-11-21T08:00:00Z");

    let mut python = Command::new(python_program("python"));
    python.args(["-c", SCRIPT]).current_dir(folder.path());
    python.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut python = python.spawn().unwrap();
    serde_json::to_writer(python.stdin.take().unwrap(), &queries()).unwrap();
    let output = python.wait_with_output().unwrap();
    assert!(output.status.success());
    let told: Vec<Vec<Vec<String>>> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(folder.path().join("population.parquet").exists());
    let administrators: Vec<&String> = told[1].iter().map(|row| &row[0]).collect();
    assert!(!administrators.is_empty());
    assert!(administrators.iter().all(|name| !name.starts_with("mallory")), "not any more: {administrators:?}");
    let changes: Vec<(&str, &str)> = told[2].iter().map(|row| (row[0].as_str(), row[5].as_str())).collect();
    assert!(changes.contains(&("removed", "Admin")), "{changes:?}");
    assert!(changes.iter().all(|change| [("removed", "Admin"), ("granted", "Audit")].contains(change)), "{changes:?}");
    let mallory = told[3].iter().find(|row| row[2] == "Admin").unwrap();
    assert_eq!((mallory[4].as_str(), mallory[5].as_str()), ("2026-11-20 08:00:00", "2026-11-20 08:00:00"));
}
