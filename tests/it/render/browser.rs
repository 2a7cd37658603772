//! The report in a real browser: hostile names are text there, nothing runs, and nothing is fetched.

use std::fs;
use std::path::Path;
use std::process::Command;

use rollcall::render;

use crate::render::report_of_everything::{full, world};
use crate::story::{Story, user};
use crate::support::audited::Audited;

/// What the browser made of a page, after every script that it would have run.
fn dom(page: &Path) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium is there: tests/check.sh installs it");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn page(folder: &Path, text: &str) -> String {
    let path = folder.join("report.html");
    fs::write(&path, text).unwrap();
    dom(&path)
}

#[test]
fn hostile_names_are_text_in_a_browser_and_nothing_is_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let world = world();
    let mut html = Vec::new();
    render::html(&full(&world), &mut html).unwrap();
    let html = String::from_utf8(html).unwrap();
    let shown = page(folder.path(), &html);
    assert!(shown.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "the names are there");
    assert_eq!(shown.matches("<script").count(), 1, "the page's own");
    for tag in ["<img", "<iframe", "<object", "<form", "<base", "<link"] {
        assert!(!shown.contains(tag), "{tag}");
    }
    let tags = shown.split('<').filter_map(|tag| tag.split('>').next());
    let handlers = tags.flat_map(str::split_whitespace).filter(|word| word.starts_with("on") && word.contains("=\""));
    assert_eq!(handlers.collect::<Vec<_>>(), Vec::<&str>::new());
    let fetched = shown.split("src=\"").skip(1).chain(shown.split("url(").skip(1));
    assert_eq!(fetched.collect::<Vec<_>>(), Vec::<&str>::new());

    // The browser does run what a page that escapes nothing would have.
    let planted = html.replacen("</body>", "<script>document.title = 'ran'</script></body>", 1);
    let planted = planted.replace("http-equiv=\"Content-Security-Policy\"", "name=\"nothing\"");
    assert!(page(folder.path(), &planted).contains("<title>ran</title>"));
}

fn small_page() -> String {
    let mut story = Story::small();
    story.stranger("mallory").aws_member("AWS-Admins", "mallory").leaves("bob");
    story.aws_grant(user("carol"), "Audit", "dev");
    let audited = Audited::of(&story);
    let mut html = Vec::new();
    render::html(&audited.report(), &mut html).unwrap();
    String::from_utf8(html).unwrap()
}

/// What the browser makes of a page with this behind its address.
fn at(folder: &Path, html: &str, fragment: &str) -> String {
    let path = folder.join("report.html");
    fs::write(&path, html).unwrap();
    dom(&path.with_file_name(format!("report.html{fragment}")))
}

/// The opening tags of the findings that a filter shows, and of those that it hides.
fn shown_and_hidden(dom: &str) -> (usize, usize) {
    let cards = dom.split("<article class=\"finding ").skip(1).map(|card| card.split('"').next().unwrap());
    let (hidden, shown): (Vec<&str>, Vec<&str>) = cards.partition(|classes| classes.split(' ').any(|one| one == "out"));
    (shown.len(), hidden.len())
}

#[test]
fn a_search_in_the_address_shows_what_matches_and_a_link_into_what_is_hidden_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let html = small_page();
    let all = html.matches("<article").count();
    let dom = at(folder.path(), &html, "#q=mallory");
    let (shown, hidden) = shown_and_hidden(&dom);
    assert!(shown > 0 && hidden > 0 && shown + hidden == all, "{shown} shown, {hidden} hidden");
    assert!(dom.contains("rows match</span>"), "the number of matches is said");
    let head = dom.split("<tbody data-rows=\"\" class=\"group").skip(1).filter(|group| group.starts_with(" out"));
    assert!(head.count() > 0, "people who do not match are hidden with their rows");

    let dom = at(folder.path(), &html, "#severity=critical");
    let (shown, hidden) = shown_and_hidden(&dom);
    assert!(shown > 0 && hidden > 0, "{shown} shown, {hidden} hidden");
    assert_eq!(dom.matches("<article class=\"finding critical\"").count(), shown);

    let dom = at(folder.path(), &html, "");
    assert_eq!(shown_and_hidden(&dom), (all, 0));
    assert!(!dom.contains("id=\"tools\" hidden"), "the script shows its tools");

    let linked = html.split("<article class=\"finding low\" data-severity=\"low\" id=\"").nth(1);
    let linked = linked.or_else(|| html.split("<article").last()?.split("id=\"").nth(1)).unwrap();
    let linked = linked.split('"').next().unwrap();
    let follow = format!(
        "<script>location.hash = 'q=nothing-like-this'; setTimeout(() => location.hash = '{linked}', 100)</script></body>"
    );
    let open = html.replace("http-equiv=\"Content-Security-Policy\"", "name=\"nothing\"");
    let dom = at(folder.path(), &open.replacen("</body>", &follow, 1), "");
    assert_eq!(shown_and_hidden(&dom), (all, 0), "the link shows where it leads");
}

#[test]
fn a_head_of_a_table_sorts_it_and_nothing_is_lost_without_the_script() {
    let folder = tempfile::tempdir().unwrap();
    let html = small_page();
    let click = "<script>document.querySelectorAll('#administrators table')[1].querySelector('thead button').click();\
                 document.querySelectorAll('#administrators table')[1].querySelector('thead button').click();</script></body>";
    let open = html.replace("http-equiv=\"Content-Security-Policy\"", "name=\"nothing\"");
    let dom = at(folder.path(), &open.replacen("</body>", click, 1), "");
    let table = dom.split("People (users of Identity Center)").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(table.contains("aria-sort=\"descending\""), "{table}");
    assert!(table.find("mallory@").unwrap() < table.find("alice@").unwrap(), "{table}");

    // Another hash than the script's: the browser does not run it, as where scripts are switched off.
    let without = html.replace("script-src 'sha256-", "script-src 'sha256-x");
    let dom = at(folder.path(), &without, "#q=mallory");
    assert_eq!(shown_and_hidden(&dom), (html.matches("<article").count(), 0));
    assert!(dom.contains("id=\"tools\" hidden") && dom.contains("id=\"severities\" class=\"tool\" hidden"));
}

#[test]
fn the_first_finding_is_on_the_first_screen_and_nothing_is_wider_than_it() {
    let folder = tempfile::tempdir().unwrap();
    let measure = |width: u32, height: u32| {
        let frame = small_page().replace('&', "&amp;").replace('"', "&quot;");
        let script = "addEventListener('load', () => { const d = document.querySelector('iframe').contentDocument; \
                      document.title = d.documentElement.scrollWidth + ' ' + \
                      Math.ceil(d.querySelector('.worst li').getBoundingClientRect().bottom); })";
        let page = format!(
            "<!doctype html><title>unmeasured</title><body style=\"margin:0\"><script>{script}</script>\
             <iframe style=\"border:0;width:{width}px;height:{height}px\" srcdoc=\"{frame}\"></iframe>"
        );
        let path = folder.path().join("frame.html");
        fs::write(&path, page).unwrap();
        let shown = dom(&path);
        let title = shown.split("<title>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let numbers: Vec<u32> = title.split(' ').map(|number| number.parse().expect("measured")).collect();
        (numbers[0], numbers[1])
    };
    for (width, height) in [(380, 800), (1280, 800)] {
        let (wide, first) = measure(width, height);
        assert!(wide <= width, "{wide} of {width} pixels");
        assert!(first <= height, "the first finding ends at {first} of {height} pixels");
    }
}

#[test]
fn the_printed_page_is_whole_also_where_a_filter_hides_rows_on_the_screen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    fs::write(&path, small_page()).unwrap();
    let printed = |fragment: &str| {
        let pdf = folder.path().join("report.pdf");
        let profile = tempfile::tempdir().unwrap();
        let output = Command::new("chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--virtual-time-budget=2000",
                "--no-pdf-header-footer",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("--print-to-pdf={}", pdf.display()))
            .arg(format!("file://{}{fragment}", path.display()))
            .output()
            .expect("chromium is there: tests/check.sh installs it");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let pages = fs::read(&pdf).unwrap();
        pages.windows(11).filter(|bytes| bytes == b"/Type /Page").count()
    };
    let whole = printed("");
    assert!(whole > 2);
    assert_eq!(printed("#q=nothing-like-this"), whole);
}
