//! Rust source as the walls' tests read it: files, code without comments and literals, and the paths in it.

use std::fs;
use std::path::Path;

use super::root;

/// A source file: its path from the repository's root, with `/`, and its text.
pub struct File {
    /// Such as `src/collect/iam.rs`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Every Rust file below a folder of the repository, in the order of their paths.
pub fn files_below(folder: &str) -> Vec<File> {
    let mut files = Vec::new();
    gather(&root().join(folder), folder, &mut files);
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

fn gather(folder: &Path, name: &str, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let entry = entry.expect("its entries can be read");
        let path = format!("{name}/{}", entry.file_name().to_str().expect("names are UTF-8"));
        if entry.path().is_dir() {
            gather(&entry.path(), &path, files);
        } else if path.ends_with(".rs") {
            files.push(File { text: fs::read_to_string(entry.path()).expect("source is UTF-8"), path });
        }
    }
}

/// The code alone: comments are gone, and text and character literals are empty. Line ends stay where they are.
pub fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(end) = literal(rest, code.chars().next_back()) {
            code.push_str("\"\"");
            end
        } else {
            code.push(next);
            rest = &rest[next.len_utf8()..];
            continue;
        };
        code.extend(rest[..skipped].chars().filter(|&skipped| skipped == '\n'));
        rest = &rest[skipped..];
    }
    code
}

/// Where the literal that `rest` begins with ends, if it begins with one.
fn literal(rest: &str, before: Option<char>) -> Option<usize> {
    if rest.starts_with('"') {
        return Some(closing(rest, 1, '"'));
    }
    if let Some(inner) = rest.strip_prefix('\'') {
        // `'a` without a closing quote is a lifetime.
        let character = inner.chars().next()?;
        let is_literal = character == '\\' || inner[character.len_utf8()..].starts_with('\'');
        return is_literal.then(|| closing(rest, 1, '\''));
    }
    // The `r` of `for"` would be the end of a word, not the beginning of a raw string.
    let is_raw = rest.starts_with('r') && !before.is_some_and(|before| before.is_alphanumeric() && before != 'b');
    let hashes = is_raw.then(|| rest[1..].bytes().take_while(|&byte| byte == b'#').count())?;
    let opening = hashes + 1;
    if !rest[opening..].starts_with('"') {
        return None;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    rest[opening + 1..].find(&end).map(|found| opening + 1 + found + end.len())
}

fn closing(rest: &str, mut at: usize, quote: char) -> usize {
    while let Some(next) = rest[at..].chars().next() {
        at += next.len_utf8();
        if next == '\\' {
            at += rest[at..].chars().next().map_or(0, char::len_utf8);
        } else if next == quote {
            break;
        }
    }
    at
}

/// Every path in code, whether in a `use` line or not, with groups taken apart: `a::{b, c::d}` is `a::b` and `a::c::d`.
pub fn paths(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while !rest.is_empty() {
        rest = match one_path("", rest, &mut found) {
            after if after.len() < rest.len() => after,
            same => &same[same.chars().next().map_or(0, char::len_utf8)..],
        };
    }
    found
}

/// Reads the path that `rest` begins with, if it does, and gives what follows it.
fn one_path<'t>(prefix: &str, rest: &'t str, found: &mut Vec<String>) -> &'t str {
    let end = rest.find(|next: char| !(next.is_alphanumeric() || next == '_')).unwrap_or(rest.len());
    if end == 0 {
        return rest;
    }
    let path = format!("{prefix}{}", &rest[..end]);
    let after = &rest[end..];
    let Some(inner) = after.strip_prefix("::") else {
        found.push(path);
        return after;
    };
    if let Some(group) = inner.strip_prefix('{') {
        return one_group(&format!("{path}::"), group, found);
    }
    match one_path(&format!("{path}::"), inner, found) {
        same if same.len() == inner.len() => {
            found.push(path);
            inner
        }
        after => after,
    }
}

fn one_group<'t>(prefix: &str, mut rest: &'t str, found: &mut Vec<String>) -> &'t str {
    loop {
        rest = rest.trim_start_matches(|next: char| next.is_whitespace() || next == ',');
        if let Some(after) = rest.strip_prefix('}') {
            return after;
        }
        let after = one_path(prefix, rest, found);
        // A glob or a renaming: the path before it has been told.
        let renaming = after.find([',', '}']).unwrap_or(after.len());
        rest = &after[renaming..];
        if rest.is_empty() {
            return rest;
        }
    }
}

/// Whether a path has these segments one after the other: `chrono::Utc::now` has `Utc::now`.
pub fn has(path: &str, segments: &str) -> bool {
    format!("::{path}::").contains(&format!("::{segments}::"))
}
