//! `access-review.xlsx`, read by a library that did not write it: the values of the other files, of the right kind, and
//! nothing that a name could do.

use std::process::Command;

use rollcall::model::Report;
use rollcall::render::{self, FILES};
use serde_json::Value;

use crate::render::formats::{Render, rendered, sheet};
use crate::render::report_of_everything::{full, world};
use crate::story::{Story, group};
use crate::support::audited::Audited;
use crate::support::{python_program, root};

/// The workbook as `read_workbook.py` prints it.
fn read(report: &Report<'_>) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("access-review.xlsx");
    let mut bytes = Vec::new();
    render::workbook(report, &mut bytes).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let script = root().join("tests/it/support/read_workbook.py");
    let python = Command::new(python_program("python")).arg(script).arg(path).output().unwrap();
    assert!(python.status.success(), "{}", String::from_utf8_lossy(&python.stderr));
    serde_json::from_slice(&python.stdout).unwrap()
}

/// The rows of a sheet below its header, each cell by the name of its column.
fn rows(workbook: &Value, sheet: &str) -> Vec<std::collections::BTreeMap<String, Value>> {
    let all = workbook["sheets"][sheet]["rows"].as_array().unwrap();
    let cells = |row: &Value| row.as_array().unwrap().clone();
    let names: Vec<String> = cells(&all[0]).iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    all[1..].iter().map(|row| names.iter().cloned().zip(cells(row)).collect()).collect()
}

fn text(value: &Value) -> String {
    if value.is_null() { String::new() } else { value.as_str().map_or_else(|| value.to_string(), str::to_owned) }
}

#[test]
fn every_cell_of_the_csv_files_stands_in_the_workbook_and_numbers_and_instants_are_such() {
    let audited = Audited::from(&Story::sample().sample_aws(), &Story::sample().sample_lists());
    let report = audited.report();
    let workbook = read(&report);
    let files: [(&str, Render); 3] = [
        ("Findings", render::findings_csv),
        ("Population", render::population_csv),
        ("Completeness", render::completeness_csv),
    ];
    for (name, file) in files {
        let (ours, csv) = (rows(&workbook, name), sheet(&report, file));
        assert_eq!(ours.len(), csv.len(), "{name}");
        for (ours, csv) in ours.iter().zip(&csv) {
            for (column, value) in csv {
                // The CSV has an apostrophe in front of what a spreadsheet would change.
                assert_eq!(text(&ours[column]), value.trim_start_matches('\''), "{name}: {column}");
            }
        }
    }
    let json: Value = serde_json::from_str(&rendered(&report, render::json)).unwrap();
    let findings = rows(&workbook, "Findings");
    assert_eq!(findings.len(), json["findings"].as_array().unwrap().len());
    assert!(findings.iter().all(|row| row["severity"].is_string() && row["first_seen"].is_string()));
    let operations = rows(&workbook, "Completeness").into_iter().filter(|row| row["record"] == "operation");
    assert!(operations.clone().count() > 3 && operations.into_iter().all(|row| row["calls"].is_number()));
    let headline = &json["verdict"]["headline"];
    assert_eq!(&workbook["sheets"]["Summary"]["rows"][0][0], headline);
    assert_eq!(workbook["created"], "2026-11-20 08:00:00 UTC", "the run's instant, never the clock's");
}

#[test]
fn headers_stay_in_view_and_every_table_has_a_filter() {
    let world = world();
    let workbook = read(&full(&world));
    let sheets = workbook["sheets"].as_object().unwrap();
    let names: Vec<&str> = sheets.keys().map(String::as_str).collect();
    assert_eq!(names, ["Administrators", "Completeness", "Findings", "Population", "Summary", "Waivers"]);
    for (name, sheet) in sheets.iter().filter(|(name, _)| *name != "Summary") {
        assert_eq!(sheet["frozen"], "A2", "{name}");
        assert!(sheet["filter"].as_str().unwrap().starts_with("A1:"), "{name}");
    }
}

#[test]
fn no_name_is_a_formula_or_a_link() {
    let mut story = Story::small();
    story.stranger("=cmd|'/c calc'!A0").stranger("+1+1").stranger("https://evil.example.com").stranger("@SUM(A1)");
    let audited = Audited::of(&story);
    let worlds = world();
    for workbook in [read(&audited.report()), read(&full(&worlds))] {
        for (name, sheet) in workbook["sheets"].as_object().unwrap() {
            assert_eq!((&sheet["formulas"], &sheet["links"]), (&Value::from(0), &Value::from(0)), "{name}");
        }
    }
    let found = rows(&read(&audited.report()), "Population");
    assert!(found.iter().any(|row| text(&row["user_name"]).starts_with("=cmd")), "the name as it is");
}

#[test]
fn administrators_are_the_administrative_rows_and_the_root_users() {
    let audited = Audited::from(&Story::sample().sample_aws(), &Story::sample().sample_lists());
    let workbook = read(&audited.report());
    let of_population =
        |word: &str| rows(&workbook, "Population").iter().filter(|row| row["administrative"] == word).count();
    let all = rows(&workbook, "Administrators");
    let roots = all.iter().filter(|row| row["principal_type"] == "root").count();
    assert_eq!(roots, audited.world().snapshot.iam.len());
    assert!(of_population("yes") > 0);
    assert_eq!(all.len(), of_population("yes") + of_population("unknown") + roots);
}

#[test]
fn a_text_that_is_too_long_for_a_cell_is_cut_and_says_so() {
    let mut story = Story::small();
    story.stranger("mallory");
    let reason = "why ".repeat(10_000);
    story.lists.waivers.push(format!(
        "[[waiver]]\nrule = \"unexpected-user\"\nprincipal = \"mallory@corp.example.com\"\nreason = \"{reason}\"\n\
         approved_by = \"ciso\"\nexpires = 2027-01-01\n"
    ));
    let workbook = read(&Audited::of(&story).report());
    let cell = text(&rows(&workbook, "Waivers")[0]["reason"]);
    assert!(cell.len() < 32_767 && cell.ends_with("more characters; the CSV file has all)"), "{}", &cell[32_000..]);
}

#[test]
fn of_a_large_population_the_workbook_names_the_file_that_has_all_rows() {
    let mut story = Story::small();
    story.group("Everybody");
    for number in 0..101 {
        story.hire(&format!("person{number}"), &["Everybody"]);
    }
    for number in 0..200 {
        let name = format!("account{number}");
        story.account(&name, &format!("{:012}", 700_000_000_000_u64 + number), &name);
        story.grant(group("Everybody"), "ReadOnly", &name);
    }
    let audited = Audited::of(&story);
    let report = audited.report();
    assert!(report.access().count() > 20_000);
    let population = &read(&report)["sheets"]["Population"]["rows"];
    let said = "The population has more than 20,000 rows: open `population.csv`, which has all of them";
    assert_eq!((population.as_array().unwrap().len(), &population[1][0]), (2, &Value::from(said)));
}

#[test]
fn the_workbook_is_a_file_of_every_package() {
    assert!(FILES.iter().any(|file| file.name == "access-review.xlsx"));
}
