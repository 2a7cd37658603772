//! The report in a real browser: hostile names are text there, nothing runs, and nothing is fetched.

use std::fs;
use std::path::Path;
use std::process::Command;

use rollcall::render;

use crate::render::report_of_everything::{full, world};

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
    for tag in ["<script", "<img", "<iframe", "<object", "<form", "<base", "<link"] {
        assert!(!shown.contains(tag), "{tag}");
    }
    let attributes = shown.split('<').filter(|tag| tag.split('>').next().is_some_and(|tag| tag.contains(" on")));
    assert_eq!(attributes.filter(|tag| tag.split('>').next().unwrap().contains("=\"")).count(), 0, "no handlers");
    let fetched = shown.split("src=\"").skip(1).chain(shown.split("url(").skip(1));
    assert_eq!(fetched.collect::<Vec<_>>(), Vec::<&str>::new());

    // The browser does run what a page that escapes nothing would have.
    let planted = html.replacen("</body>", "<script>document.title = 'ran'</script></body>", 1);
    let planted = planted.replace("http-equiv=\"Content-Security-Policy\"", "name=\"nothing\"");
    assert!(page(folder.path(), &planted).contains("<title>ran</title>"));
}
