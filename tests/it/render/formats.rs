//! The same findings and counts in every format, the same bytes every time, and nothing that a name could do.

use base64::Engine as _;
use rollcall::model::*;
use rollcall::render::{self, FILES};
use rollcall::wording;
use sha2::{Digest as _, Sha256};

use crate::render::report_of_everything::{HOSTILE, finding, full, report, subjects, world};
use crate::story::Story;
use crate::support::audited::Audited;

pub type Render = fn(&Report<'_>, &mut dyn std::io::Write) -> std::io::Result<()>;

pub fn rendered(report: &Report<'_>, render: Render) -> String {
    let mut bytes = Vec::new();
    render(report, &mut bytes).expect("well-formed");
    String::from_utf8(bytes).expect("well-formed")
}

fn stripped(report: &Report<'_>) -> String {
    let mut clean = anstream::StripStream::new(Vec::new());
    render::text(report, None, &mut clean).expect("well-formed");
    String::from_utf8(clean.into_inner()).expect("well-formed")
}

pub fn sheet(report: &Report<'_>, render: Render) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = rendered(report, render);
    let mut reader = csv::Reader::from_reader(text.strip_prefix('\u{feff}').expect("well-formed").as_bytes());
    reader.deserialize().map(|row| row.expect("well-formed")).collect()
}

#[test]
fn the_same_findings_and_counts_stand_in_every_format() {
    let world = world();
    let report = full(&world);
    let json: serde_json::Value = serde_json::from_str(&rendered(&report, render::json)).expect("well-formed");
    let rows = sheet(&report, render::findings_csv);
    let html = rendered(&report, render::html);
    let text = stripped(&report);
    let in_json = json["findings"].as_array().expect("well-formed");
    assert_eq!((in_json.len(), rows.len(), html.matches("<article").count()), (29, 29, 29));
    assert_eq!(json["verdict"]["open"], 28);
    for ((finding, in_json), in_csv) in report.findings.iter().zip(in_json).zip(&rows) {
        let fingerprint = finding.fingerprint.as_str();
        let title = wording::title(&report, finding);
        assert_eq!((in_json["fingerprint"].as_str(), in_csv["fingerprint"].as_str()), (Some(fingerprint), fingerprint));
        assert_eq!((in_json["title"].as_str(), in_json["state"].as_str()), (Some(&*title), Some(&*in_csv["state"])));
        assert_eq!(in_csv["title"].trim_start_matches('\''), title);
        assert!(html.contains(&format!("id=\"f-{fingerprint}\"")));
        assert!(text.contains(fingerprint) || finding.waiver.is_some(), "{fingerprint}");
    }
    let gaps = sheet(&report, render::completeness_csv).iter().filter(|row| row["record"] == "gap").count();
    assert_eq!((gaps, json["gaps"].as_array().expect("well-formed").len()), (23, 23));
    let headline = wording::headline(&report);
    assert_eq!(json["verdict"]["headline"], *headline);
    assert!(html.contains(&headline));
    assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(&headline));
}

#[test]
fn ten_renderings_of_a_report_are_the_same_bytes() {
    let world = world();
    for file in FILES {
        let bytes = || {
            let mut bytes = Vec::new();
            (file.render)(&full(&world), &mut bytes).expect("well-formed");
            bytes
        };
        let once = bytes();
        (0..9).for_each(|_| assert!(bytes() == once, "{}", file.name));
    }
}

#[test]
fn a_name_cannot_become_markup_in_the_page() {
    let world = world();
    let html = rendered(&full(&world), render::html);
    assert_eq!((html.matches("<script").count(), html.matches("</script").count()), (1, 1), "the page's own script");
    assert!(!html.contains("<b>GmbH") && !html.contains("<b>x"));
    let (_, script) = html.split_once("<script>").expect("the page's own script");
    let (script, _) = script.split_once("</script>").expect("the page's own script");
    let allowed = base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script));
    let policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-";
    assert!(html.contains(policy));
    let hash = html.split_once(policy).and_then(|(_, rest)| rest.split_once('\'')).expect("a hash").0;
    assert_eq!(hash.replace("&#43;", "+"), allowed, "the policy allows this script and no other");
    for outside in [" src=", "http://", "https://", "@import", "url(", "innerHTML", "eval("] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(!html.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn a_name_cannot_end_its_quotation_and_go_on_as_a_sentence_of_ours() {
    let mut world = world();
    let forged = "Team` has `ReadOnly` in `Sandbox` (999999999999), row `assignments.csv:3` expects it; group `X";
    let mut groups: Vec<Group> = world.snapshot.groups.seen().cloned().collect();
    groups[0].name = forged.to_owned();
    world.snapshot.groups = Listing::by_key(groups, world.snapshot.groups.extent().clone(), |_| 0);
    let assignment = Subject::Assignment(Ix::new(0), Ix::new(0), Principal::Group(Ix::new(0)));
    let report = report(&world, vec![finding(1, assignment, vec![], false)], vec![]);
    let shown = forged.replace('`', "ʼ");
    assert!(rendered(&report, render::html).contains(&format!("Look at group <code>{shown}</code> with <code>")));
    assert!(sheet(&report, render::findings_csv)[0]["title"].starts_with(&format!("Look at group `{shown}` with")));
    assert!(stripped(&report).replace("\n    ", " ").contains(&format!("Look at group `{shown}` with")));
}

#[test]
fn a_name_cannot_become_a_formula_in_a_sheet() {
    let world = world();
    let report = full(&world);
    for render in [render::findings_csv as Render, render::population_csv, render::completeness_csv] {
        for row in sheet(&report, render) {
            for (column, cell) in row {
                assert!(
                    !cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']),
                    "{column}: {cell}"
                );
                assert!(!cell.contains(char::is_control), "{column}: {cell}");
            }
        }
    }
}

/// The lines of all tables that are about a stranger of this name.
fn lines_about(name: &str) -> Vec<String> {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory");
    let mut files = story.saved_files();
    let name = serde_json::to_string(name).unwrap();
    for file in &mut files {
        file.text = file.text.replace("\"UserName\": \"mallory@corp.example.com\"", &format!("\"UserName\": {name}"));
        file.text = file.text.replace("Mallory Example", "Whoever");
    }
    let audited = Audited::from(&files, &story.expected_files());
    let report = audited.report();
    let tables = [render::findings_csv as Render, render::population_csv];
    let lines = tables.into_iter().flat_map(|table| {
        let table = rendered(&report, table);
        let about = table.lines().filter(|line| line.contains("Whoever") || line.contains(",unexpected-user,"));
        about.map(str::to_owned).collect::<Vec<_>>()
    });
    let lines: Vec<String> = lines.collect();
    assert!(lines.len() > 1, "{lines:?}");
    lines
}

#[test]
fn a_name_cannot_become_a_formula_behind_a_separator_either() {
    for name in ["mallory;=cmd|calc!A1", "mallory; +1", "mallory;;-1", "mallory;＝1"] {
        for line in lines_about(name) {
            for cell in line.split([';', ',']) {
                assert!(
                    !cell.trim_start_matches(['"', ' ']).starts_with(['=', '+', '-', '@', '＝']),
                    "{cell} in {line}"
                );
            }
        }
    }
}

#[test]
fn a_spreadsheet_that_splits_at_semicolons_too_sees_the_same_columns() {
    for line in lines_about("mallory; the third") {
        let columns = |line: &str| {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
            reader.records().next().unwrap().unwrap().len()
        };
        // In quotes, it is no separator; outside of them there must be none.
        let outside: String = line.split('"').step_by(2).collect();
        assert!(!outside.contains(';'), "{line}");
        assert!(columns(&line) > 5, "{line}");
    }
}

#[test]
fn an_id_of_digits_stays_what_it_is_in_a_spreadsheet() {
    let marked = ["011122223333", "00", "6818937325461508", "89865918806132e1", "1E5"];
    let bare = ["111122223333", "0", "681893732546150", "1e", "e5", "1e5x", "0x11"];
    for (ids, mark) in [(&marked[..], "'"), (&bare[..], "")] {
        for id in ids {
            let lines = lines_about(id);
            assert!(lines.iter().all(|line| line.contains(&format!(",{mark}{id},"))), "{id}: {lines:?}");
        }
    }
}

#[test]
fn a_name_cannot_drive_the_terminal_or_widen_a_line() {
    let world = world();
    let text = stripped(&full(&world));
    assert!(!text.contains(|c: char| c.is_control() && c != '\n') && !text.contains('\u{202e}'));
    let widest = text.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?}");
}

#[test]
fn the_report_is_no_wider_than_the_terminal_and_its_verdict_stands_below_a_long_list_too() {
    let world = world();
    let report = full(&world);
    let at = |columns| {
        let mut clean = anstream::StripStream::new(Vec::new());
        render::text(&report, Some(columns), &mut clean).expect("well-formed");
        String::from_utf8(clean.into_inner()).expect("well-formed")
    };
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!((70..=80).contains(&widest(&at(80))), "{}", widest(&at(80)));
    assert_eq!(at(400), stripped(&report));
    assert!(widest(&at(3)) <= 40);
    let end = at(80).split("\nVerdict\n").nth(1).expect("the verdict again").to_owned();
    assert_eq!(end.split_whitespace().collect::<Vec<_>>().join(" "), wording::headline(&report));
    let few = crate::render::report_of_everything::report(&world, vec![], vec![]);
    assert!(!stripped(&few).contains("\nVerdict\n"));
}

#[test]
fn json_keeps_names_as_they_are() {
    let world = world();
    let json: serde_json::Value = serde_json::from_str(&rendered(&full(&world), render::json)).expect("well-formed");
    let names =
        json["findings"].as_array().expect("well-formed").iter().map(|finding| &finding["subject"]["principal"]);
    assert!(names.into_iter().any(|name| name == HOSTILE));
}

#[test]
fn an_earlier_report_is_read_back_with_its_open_findings_and_gaps() {
    let world = world();
    let report = full(&world);
    let earlier = render::earlier(rendered(&report, render::json).as_bytes(), "abc").expect("well-formed");
    assert_eq!(
        (earlier.run_id.as_str(), earlier.manifest_sha256.as_str(), earlier.open.len()),
        ("0190-run", "abc", 28)
    );
    assert_eq!(earlier.as_of, world.stamp.as_of);
    assert_eq!(earlier.gaps, report.gaps.iter().map(|gap| gap.key()).collect());
    for open in report.open() {
        assert_eq!(earlier.open[&open.fingerprint].title, wording::title(&report, open));
    }
}

#[test]
fn a_report_of_another_version_is_refused() {
    let refused = render::earlier(br#"{"version": 3}"#, "abc").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the earlier `report.json` has format version 3, but this version of Rollcall reads versions 1 and 2"
    );
}

#[test]
fn a_path_shows_the_nested_directory_group() {
    let world = world();
    let rows = sheet(&full(&world), render::population_csv);
    assert_eq!(rows[0]["path"], "ann@example.com → Platform (directory) → AWS-Admins → AdministratorAccess → prod");
    assert_eq!(
        (rows[0]["standing"].as_str(), rows[0]["expected_by"].as_str()),
        ("unlisted", "users.csv:2; users.csv:12")
    );
}

#[test]
fn a_page_that_lists_fewer_says_how_many_more_and_where() {
    let world = world();
    let many = (0..3000).map(|number| finding(number, subjects()[0], vec![], false)).collect();
    let report = report(&world, many, vec![]);
    assert!(rendered(&report, render::html).contains("2,500 more findings</b>, in <code>findings.csv</code>"));
    assert!(stripped(&report).contains("2,900 more findings, in `findings.csv` and `report.json`"));
    assert_eq!(sheet(&report, render::findings_csv).len(), 3000);
}

#[test]
fn the_schema_names_every_field_of_a_report() {
    let schema: serde_json::Value = serde_json::from_str(&render::schema()).expect("well-formed");
    let world = world();
    let json: serde_json::Value = serde_json::from_str(&rendered(&full(&world), render::json)).expect("well-formed");
    for field in json.as_object().expect("well-formed").keys() {
        assert!(schema["properties"].get(field).is_some(), "{field}");
    }
}

/// Keeps all, and the size of the largest piece that it was given.
#[derive(Default)]
struct Largest {
    piece: usize,
    all: Vec<u8>,
}

impl std::io::Write for Largest {
    fn write(&mut self, piece: &[u8]) -> std::io::Result<usize> {
        self.piece = self.piece.max(piece.len());
        self.all.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_population_is_written_in_its_order_and_piece_by_piece() {
    let mut world = world();
    let one = world.snapshot.users.seen().next().expect("a user").clone();
    let users = (0..20_000).map(|number| User { user_name: format!("user-{number:05}"), ..one.clone() }).collect();
    let extent = world.snapshot.users.extent().clone();
    world.snapshot.users = Listing::by_key(users, extent, |user| user.user_name.clone());
    let mut out = Largest::default();
    render::population_csv(&full(&world), &mut out).expect("well-formed");
    assert!(out.all.len() > 1_000_000 && out.piece <= 200_000, "{} bytes, {} at once", out.all.len(), out.piece);
    let text = String::from_utf8(out.all).expect("UTF-8");
    let rows = text.lines().filter_map(|row| row.split(',').nth(3)).filter(|name| name.starts_with("user-"));
    let expected: Vec<String> = (0..20_000).map(|number| format!("user-{number:05}")).collect();
    let mut rows: Vec<&str> = rows.collect();
    rows.dedup();
    assert!(rows == expected, "{} users, from {:?} to {:?}", rows.len(), rows.first(), rows.last());
}

#[test]
fn a_page_of_many_findings_begins_with_how_many_each_rule_has() {
    let world = world();
    let many = (0..600).map(|number| finding(number, subjects()[0], vec![], false)).collect();
    let html = rendered(&report(&world, many, vec![]), render::html);
    let overview = html.split("Open findings by rule, with").nth(1).and_then(|rest| rest.split("</table>").next());
    let overview = overview.expect("a table");
    assert!(overview.contains(">unexpected-user</a>") && overview.matches(">120</td>").count() == 5, "{overview}");
    let target = overview.split("href=\"#").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
    assert!(html.contains(&format!("id=\"{target}\"")));
    let few = vec![finding(1, subjects()[0], vec![], false)];
    assert!(!rendered(&report(&world, few, vec![]), render::html).contains("Open findings by rule"));
}

#[test]
fn the_page_counts_what_is_still_open_and_lists_what_came_and_went() {
    let mut world = world();
    let before = rendered(&full(&world), render::json);
    world.earlier = Some(render::earlier(before.as_bytes(), "abc").expect("well-formed"));
    let mut report = full(&world);
    report.changes.still_open = report.open().skip(1).map(|finding| finding.fingerprint.clone()).collect();
    report.changes.new = report.open().take(1).map(|finding| finding.fingerprint.clone()).collect();
    let html = rendered(&report, render::html);
    let section =
        html.split("id=\"changes\"").nth(1).and_then(|rest| rest.split("</section>").next()).expect("a section");
    assert!(section.contains("<p>1 new, ") && section.contains(&format!("{} still open.", 27)), "{section}");
    assert!(section.contains(">new</td>") && !section.contains(">still-open</td>"), "{section}");
}

#[test]
fn a_total_is_the_sum_of_its_row_and_a_list_that_is_kept_by_hand_has_no_time_of_export() {
    let mut world = world();
    for file in &mut world.expectation.files {
        file.ages = false;
        file.exported = Some(Exported { at: world.stamp.as_of, known_by: ExportClock::Modified });
    }
    let html = rendered(&full(&world), render::html);
    let files = html.split("id=\"files\"").nth(1).and_then(|rest| rest.split("</section>").next()).expect("a section");
    assert!(files.contains("<td>maintained by hand</td>") && !files.contains("modification"), "{files}");
    let number = |cell: &str| cell.split('<').next().and_then(|cell| cell.replace(',', "").parse::<usize>().ok());
    let rows = html.split("id=\"coverage\"").nth(1).and_then(|rest| rest.split("</tbody>").next()).expect("a table");
    for row in rows.split("<tr>").skip(2) {
        let cells: Vec<usize> =
            row.split("class=\"n").skip(1).filter_map(|cell| number(cell.split_once('>')?.1)).collect();
        assert_eq!(cells.len(), 8, "{row}");
        assert_eq!(cells[0], cells[1..].iter().sum::<usize>(), "{row}");
    }
}

#[test]
fn an_operation_is_broken_between_its_words() {
    let world = world();
    let gaps = vec![crate::render::report_of_everything::gap(Why::NotAsked, Hides::Grants)];
    let html = rendered(&report(&world, vec![], gaps), render::html);
    assert!(html.contains("<code>identitystore:<wbr>List<wbr>Users</code>"));
}

#[test]
fn what_can_be_scrolled_can_be_reached_and_has_a_name() {
    let world = world();
    let html = rendered(&full(&world), render::html);
    let wide: Vec<&str> = html.split("<div class=\"wide\"").skip(1).collect();
    assert!(wide.len() >= 6);
    for region in wide {
        assert!(region.starts_with(" tabindex=\"0\" role=\"region\" aria-label=\""), "{}", &region[..80]);
    }
}

#[test]
fn a_waived_finding_says_what_to_do_when_the_waiver_ends() {
    let world = world();
    let html = rendered(&full(&world), render::html);
    let cards = |section: &str| {
        let rest = html.split(&format!("<section id=\"{section}\"")).nth(1).unwrap();
        rest.split("</section>").next().unwrap()
    };
    assert!(cards("waived").contains("When the waiver ends:") && !cards("waived").contains("What to do:"));
    assert!(cards("findings").contains("What to do:</b>") && !cards("findings").contains("When the waiver"));
}
