//! The documents' words, followed: settings and commands against a real server, tables and links against the code.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use rollcall::cli::Exit;
use rollcall::expect::{self, InputFile};

use crate::story::Story;
use crate::support::{Moto, python_program, read, rollcall, root};

/// The fenced blocks of a language, in order, from a heading on.
fn blocks(readme: &str, language: &str, from: &str) -> Vec<String> {
    let (_, section) = readme.split_once(from).unwrap_or_else(|| panic!("there is no `{from}`"));
    let fence = format!("```{language}\n");
    section.split(&fence).skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_table_of_exit_codes_is_the_one_in_the_code() {
    let readme = read("README.md");
    for (exit, meaning) in Exit::TABLE {
        assert!(readme.contains(&format!("| `{}` | {meaning} |", exit.code())), "{meaning}");
    }
}

#[test]
fn the_section_for_a_real_account_works_word_by_word() {
    let operating = read(".docs/operating.md");
    let from = "## Your own organization";
    let moto = Moto::start();
    let mut story = Story::small();
    moto.seed(&story.stranger("mallory").for_moto());
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let arguments: Vec<&str> = line.split_whitespace().skip(1).collect();
        rollcall(folder.path(), &arguments, &moto.environment())
    };

    assert_eq!(run("rollcall init").code, 0);
    std::fs::write(folder.path().join("rollcall.toml"), &blocks(&operating, "toml", from)[0]).unwrap();
    for (name, text) in story.expected_files() {
        // Exported today, as far as anybody can tell.
        let path = folder.path().join("expected").join(name.replace("-2026-11-19", ""));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    let commands = &blocks(&operating, "sh", "### 3. Check, audit, serve");
    let lines: Vec<&str> = commands[0].lines().collect();
    assert_eq!(lines, ["rollcall check", "rollcall audit --job daily", "rollcall verify", "rollcall serve"]);
    let checked = run(lines[0]);
    assert_eq!(checked.code, 0, "{}{}", checked.stdout, checked.stderr);
    let audited = run(lines[1]);
    assert_eq!(audited.code, 3, "{}{}", audited.stdout, audited.stderr);
    assert!(audited.stdout.contains("Package  s3://rollcall-reports/audits/packages/daily/"), "{}", audited.stdout);
    assert!(audited.stdout.contains("Alert    sent"), "{}", audited.stdout);
    let verified = run(lines[2]);
    assert_eq!(verified.code, 0, "{}{}", verified.stdout, verified.stderr);

    let mut served = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .arg("serve")
        .current_dir(folder.path())
        .env_clear()
        .envs(moto.environment())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(served.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(log.any(|line| line.contains("watching") && line.contains("quarterly")), "both jobs are watched");
    assert!(Command::new("kill").args(["-TERM", &served.id().to_string()]).status().unwrap().success());
    let rest: Vec<String> = log.collect();
    assert_eq!(served.wait().unwrap().code(), Some(0), "{rest:?}");
}

#[test]
fn the_script_for_where_rollcall_may_not_go_works_word_by_word() {
    let moto = Moto::start();
    let story = Story::small();
    moto.seed(&story.for_moto());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rollcall.toml"), "[aws]\nmember_role = \"RollcallAuditor\"\n").unwrap();
    for (name, text) in story.expected_files() {
        let path = folder.path().join("expected").join(name.replace("-2026-11-19", ""));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let commands = &blocks(&read(".docs/operating.md"), "sh", "## Where Rollcall may not reach AWS")[0];
    let programs = [env!("CARGO_BIN_EXE_rollcall").into(), python_program("aws")];
    let mut path: Vec<_> = programs.iter().map(|program| program.parent().unwrap().to_owned()).collect();
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let ran = Command::new("bash")
        .args(["-e", "-c", commands])
        .current_dir(folder.path())
        .env_clear()
        .envs(moto.environment())
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("HOME", folder.path())
        .output()
        .unwrap();
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{stdout}{stderr}");
    assert!(stdout.contains("In order for"), "{stdout}");
}

#[test]
fn every_list_that_the_readme_of_the_lists_shows_is_read_without_a_refused_row() {
    let readme = read("expected/README.md");
    let from = "## Lists that are maintained by hand";
    let names = [
        "people.csv",
        "assignments.csv",
        "applications.csv",
        "entitlements.csv",
        "permission-sets.csv",
        "iam-users.csv",
        "trusts.csv",
    ];
    let tables = blocks(&readme, "csv", from);
    assert_eq!(tables.len(), names.len());
    let waivers = blocks(&readme, "toml", from).remove(0);
    let lists = names.into_iter().zip(&tables).chain([("waivers.toml", &waivers)]);
    let lists: Vec<_> = lists.map(|(name, text)| InputFile { name, bytes: text.as_bytes(), modified: None }).collect();
    let records = expect::read(&lists, &expect::Options::default()).unwrap();
    for file in &records.files {
        assert!(file.rows_used > 0, "{}", file.name);
        assert_eq!((file.rows_refused, file.rows_used), (0, file.rows_read), "{}", file.name);
    }
}

#[cfg(unix)]
#[test]
fn the_page_about_changing_access_works_word_by_word_on_the_sample() {
    let page = read(".docs/changing-access.md");
    let folder = tempfile::tempdir().unwrap();
    for name in ["rollcall.toml", "expected", "tests"] {
        std::os::unix::fs::symlink(root().join(name), folder.path().join(name)).unwrap();
    }
    let mut tried = 0;
    for line in blocks(&page, "sh", "# Changing access").iter().flat_map(|block| block.lines()) {
        let program = format!("{}{}", env!("CARGO_BIN_EXE_rollcall"), line.strip_prefix("rollcall").unwrap());
        let ran = Command::new("bash").args(["-c", &program]).current_dir(folder.path()).output().unwrap();
        let said = format!("{line}\n{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        assert!(matches!(ran.status.code(), Some(0 | 3 | 4)), "{said}");
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
    let settings = &blocks(&page, "toml", "# Changing access")[0];
    let settings = rollcall::settings::Settings::parse(settings, "page".as_ref(), folder.path().to_owned()).unwrap();
    assert_eq!(settings.change.unwrap().protect.len(), 3);
}

/// The pages that a reader comes to from the front page.
const PAGES: [&str; 11] = [
    "README.md",
    ".docs/benchmarks.md",
    ".docs/changing-access.md",
    ".docs/evidence.md",
    ".docs/limits.md",
    ".docs/operating.md",
    ".docs/permissions.md",
    ".github/CONTRIBUTING.md",
    ".github/SECURITY.md",
    "expected/README.md",
    "tests/README.md",
];

/// A heading as GitHub makes an anchor of it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c)).collect::<String>().replace(' ', "-")
}

/// The links of a page that lead to nothing: to a file that is not there, or to a heading that its page does not have.
fn broken_links(page: &str, text: &str) -> Vec<String> {
    let folder = std::path::Path::new(page).parent().unwrap();
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let local = targets.filter(|target| !target.starts_with("http"));
    let broken = local.filter(|target| {
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let file = if file.is_empty() { root().join(page) } else { root().join(folder).join(file) };
        let has = |text: String| text.lines().any(|line| line.starts_with('#') && anchor(line) == heading);
        !file.exists() || !(heading.is_empty() || std::fs::read_to_string(file).is_ok_and(has))
    });
    broken.map(|target| format!("{page}: {target}")).collect()
}

#[test]
fn every_link_of_the_documents_leads_somewhere_and_the_front_page_is_short() {
    let broken: Vec<String> = PAGES.iter().flat_map(|page| broken_links(page, &read(page))).collect();
    assert_eq!(broken, Vec::<String>::new());
    assert_eq!(
        broken_links("README.md", "[a](.docs/none.md) [b](#none)"),
        ["README.md: .docs/none.md", "README.md: #none"]
    );
    assert!(read("README.md").lines().count() <= 150);
}

#[test]
fn every_claim_of_the_evidence_names_tests_that_exist() {
    let page = read(".docs/evidence.md");
    let (_, table) = page.split_once("| claim |").unwrap();
    let rows: Vec<&str> = table.lines().skip(2).filter(|line| line.starts_with("| ")).collect();
    assert!(rows.len() > 10);
    for row in rows {
        let cell = row.split(" | ").nth(2).unwrap();
        let names: Vec<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row}");
        let is_file = |name: &&&str| root().join(format!("tests/it/{name}.rs")).exists();
        let files: Vec<String> =
            names.iter().filter(is_file).map(|name| read(&format!("tests/it/{name}.rs"))).collect();
        for name in names.iter().filter(|name| !is_file(name)) {
            assert!(files.iter().any(|text| text.contains(&format!("fn {name}("))), "{name}: {row}");
        }
    }
}
