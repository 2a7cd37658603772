//! `report.html`: its sections say what the report holds, and its colours can be read.

use std::collections::BTreeMap;

use rollcall::render;

use crate::story::{Story, group, user};
use crate::support::audited::Audited;
use crate::support::read;

fn page(story: &Story) -> String {
    let audited = Audited::of(story);
    let mut html = Vec::new();
    render::html(&audited.report(), &mut html).unwrap();
    String::from_utf8(html).unwrap()
}

/// The text of a section, without tags, on one line.
fn section(page: &str, id: &str) -> String {
    let start = page.find(&format!("<section id=\"{id}\">")).unwrap_or_else(|| panic!("no section `{id}`"));
    let section = &page[start..];
    let section = &section[..section.find("</section>").unwrap()];
    let mut text = String::new();
    for (number, part) in section.split('<').enumerate() {
        let shown = if number == 0 { part } else { part.split_once('>').map_or("", |(_, rest)| rest) };
        text.push_str(shown);
        text.push(' ');
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn small_with_everything() -> Story {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory").leaves("bob");
    story.aws_iam_user("prod", "svc-root-like", &["AdministratorAccess"]);
    story.aws_grant(user("carol"), "Audit", "dev").waive("unexpected-assignment", "carol", "2026-12-31");
    story
}

#[test]
fn the_first_finding_stands_before_the_circumstances_and_is_linked() {
    let page = page(&small_with_everything());
    let worst = page.find("<section class=\"worst\"").unwrap();
    let first = page[worst..].find("href=\"#f-").unwrap() + worst;
    let id = page[first..].split('"').nth(1).unwrap().trim_start_matches('#');
    assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    assert!(first < page.find("<dl class=\"cover\">").unwrap());
}

#[test]
fn administrators_are_people_iam_users_and_root_users_and_counted_by_account() {
    let text = section(&page(&small_with_everything()), "administrators");
    assert!(text.contains("2 users of Identity Center and 1 IAM user are administrators"), "{text}");
    for said in [
        "Acme Production 222233334444 2 1",
        "alice@corp.example.com Admin by AWS-Admins Acme Production expected",
        "mallory@corp.example.com Admin by AWS-Admins Acme Production unintended",
        "svc-root-like Acme Production",
        "Root users",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("carol@"), "who may only read is no administrator: {text}");
}

#[test]
fn every_iam_user_says_how_it_signs_in_and_every_permission_set_what_it_allows() {
    let mut story = small_with_everything();
    let user = story.aws.iam.get_mut("prod").unwrap().get_mut("svc-root-like").unwrap();
    (user.keys, user.password) = (1, true);
    let page = page(&story);
    let credentials = section(&page, "credentials");
    for said in [
        "svc-root-like Acme Production yes, without MFA 1 2025-03-01 2026-11-18 none unintended",
        "svc-backup Acme Development",
    ] {
        assert!(credentials.contains(said), "{said}: {credentials}");
    }
    let sets = section(&page, "permission-sets");
    for said in [
        "Admin AdministratorAccess yes: AdministratorAccess allows everything 1 assignment in 1 account no use known",
        "Audit SecurityAudit no",
    ] {
        assert!(sets.contains(said), "{said}: {sets}");
    }
}

#[test]
fn a_former_employee_is_listed_with_the_row_that_says_so_and_nobody_else_is() {
    let text = section(&page(&small_with_everything()), "former");
    assert!(text.contains("bob@corp.example.com user of Identity Center") && text.contains(".csv:"), "{text}");
    assert!(!text.contains("alice@") && !text.contains("mallory@"), "{text}");
    assert!(section(&page(&Story::small()), "former").contains("None in what was read."));
}

#[test]
fn accounts_say_who_has_access_and_people_say_by_which_path() {
    let page = page(&small_with_everything());
    let accounts = section(&page, "accounts");
    assert!(
        accounts.contains("Admin permission set administrative group AWS-Admins alice@corp.example.com and mallory"),
        "{accounts}"
    );
    assert!(accounts.contains("IAM user svc-root-like"), "{accounts}");
    let people = section(&page, "people");
    assert!(people.contains("Audit permission set Acme Development assigned directly unintended"), "{people}");
    assert!(people.contains("ReadOnly permission set Acme Production by AWS-Readers"), "{people}");
}

#[test]
fn the_register_has_every_waiver_also_one_that_accepts_nothing() {
    let mut story = small_with_everything();
    story.waive("unexpected-user", "trent", "2026-12-31").waive("unexpected-user", "walter", "2026-01-31");
    let text = section(&page(&story), "waivers");
    assert!(text.contains("unexpected-assignment of carol agreed in the change board ciso@corp.example.com"), "{text}");
    assert!(text.contains("accepts nothing in this run") && text.contains("expired"), "{text}");
}

#[test]
fn a_page_of_many_people_and_accounts_is_capped_and_says_where_the_rest_is() {
    let mut story = Story::company();
    story.group("AWS-Everyone");
    for number in 0..1_500 {
        story.hire(&format!("person.n{number:04}"), &["AWS-Everyone"]);
    }
    for number in 0..400u64 {
        let key = format!("team-{number}");
        story.account(&key, &(500_000_000_000 + number).to_string(), &format!("Team {number}"));
        story.grant(group("AWS-Everyone"), "Admin", &key);
    }
    let page = page(&story);
    assert!(page.len() < 5_000_000, "{} bytes", page.len());
    let people = section(&page, "people");
    assert!(people.contains("800 more users , in population.csv"), "{}", &people[people.len() - 200..]);
    assert!(people.contains("and 394 more accounts"), "{}", &people[..400]);
    assert!(section(&page, "accounts").contains("153 more accounts , in population.csv"));
    assert!(section(&page, "administrators").contains("1,200 more rows , in population.csv"));
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.contains(&format!("id=\"{link}\"")), "`#{link}` leads nowhere");
    }
}

/// The colours of a block of the style sheet, by name.
fn colours(block: &str) -> BTreeMap<&str, [f64; 3]> {
    let lines = block.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"));
    let channel = |hex: &str, at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
    lines.map(|(name, hex)| (name, [0, 2, 4].map(|at| channel(hex, at)))).collect()
}

/// The relative luminance (WCAG 2.2).
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[test]
fn every_colour_of_text_has_the_contrast_of_level_aa_in_light_dark_and_print() {
    let sheet = read("templates/report/report.css");
    let blocks: Vec<&str> = sheet.split(":root {").skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let colours = colours(block);
        for text in ["text", "soft", "link", "good", "warn", "bad"] {
            for ground in ["page", "panel", "mark"] {
                let (a, b) = (luminance(colours[text]), luminance(colours[ground]));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
            }
        }
    }
}
