//! No file of the crate needs a file that needs it: whoever reads one reads down, never in a circle.
//!
//! An import through a re-export counts for the file that has the item. Parents that only name their children's items
//! (`pub use`) need nothing, and neither do those that call their children by name (`child::of(…)`): they are their
//! table of contents.

use std::collections::{BTreeMap, BTreeSet};

use super::NOTHING;
use crate::support::source::{File, code, files_below, paths};

/// A file's module, from the top: `["collect", "build"]`.
type Module = Vec<String>;

/// The files of the crate, what each re-exports, and what each names.
struct Crate {
    /// What a module's names stand for elsewhere: `Gap` of `model` is `model::gap::Gap`.
    exported: BTreeMap<Module, BTreeMap<String, Module>>,
    /// The paths in a module's code, from the top.
    named: BTreeMap<Module, BTreeSet<Module>>,
}

fn module_of(path: &str) -> Module {
    let inside = path.strip_prefix("src/").expect("a source file").trim_end_matches(".rs");
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    match inside {
        "lib" | "main" => Module::new(),
        _ => inside.split('/').map(str::to_owned).collect(),
    }
}

/// A path in a module, from the top; `None` where it is of another crate.
fn from_the_top(path: &str, module: &Module, children: &BTreeSet<String>) -> Option<Module> {
    let mut segments = path.split("::").map(str::to_owned).peekable();
    let mut top = match segments.peek()?.as_str() {
        "crate" => Module::new(),
        "self" | "super" => module.clone(),
        child if children.contains(child) => return Some(module.iter().cloned().chain(segments).collect()),
        _ => return None,
    };
    while let Some(word) = segments.next_if(|word| ["crate", "self", "super"].contains(&word.as_str())) {
        if word == "super" {
            top.pop()?;
        }
    }
    top.extend(segments);
    Some(top)
}

/// The statements of a file that begin with `use` or `pub use`, and the rest of its code.
fn uses(code: &str) -> (Vec<(bool, String)>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    for statement in code.split_inclusive(';') {
        let at = statement.rfind("use ").filter(|&at| {
            let before = statement[..at].trim_end();
            before.is_empty() || before.ends_with([';', '}', ')', ']']) || before.ends_with("pub")
        });
        match at.filter(|_| statement.ends_with(';')) {
            Some(at) => {
                let is_public = statement[..at].trim_end().ends_with([')', 'b']);
                uses.push((is_public, statement[at + "use ".len()..].to_owned()));
                rest.push_str(&statement[..at]);
            }
            None => rest.push_str(statement),
        }
    }
    (uses, rest)
}

impl Crate {
    fn of(files: &[File]) -> Self {
        let modules: BTreeSet<Module> = files.iter().map(|file| module_of(&file.path)).collect();
        let (mut exported, mut named) = (BTreeMap::new(), BTreeMap::new());
        for file in files.iter().filter(|file| file.path != "src/main.rs") {
            let module = module_of(&file.path);
            let is_child = |other: &&Module| other.len() == module.len() + 1 && other.starts_with(&module);
            let children: BTreeSet<String> =
                modules.iter().filter(is_child).filter_map(|child| child.last().cloned()).collect();
            let top = |path: &String| from_the_top(path, &module, &children);
            let (uses, rest) = uses(&code(&file.text));
            let none = BTreeSet::new();
            let mut needs: BTreeSet<Module> = paths(&rest)
                .iter()
                .filter(|path| path.contains("::"))
                .filter_map(|path| from_the_top(path, &module, &none))
                .collect();
            let mut names = BTreeMap::new();
            for (is_public, path) in
                uses.iter().flat_map(|(is, text)| paths(text).into_iter().map(move |path| (*is, path)))
            {
                let Some(path) = top(&path) else { continue };
                match path.last() {
                    Some(name) if is_public => _ = names.insert(name.clone(), path),
                    _ => _ = needs.insert(path),
                }
            }
            exported.insert(module.clone(), names);
            named.insert(module, needs);
        }
        Crate { exported, named }
    }

    /// The file that has what a path names.
    fn owner(&self, path: &Module) -> Option<Module> {
        let mut path = path.clone();
        for _ in 0..10 {
            let depth = (0..=path.len()).rev().find(|&depth| self.named.contains_key(&path[..depth]))?;
            let elsewhere = path.get(depth).and_then(|name| self.exported[&path[..depth]].get(name));
            match elsewhere {
                Some(there) => path = there.iter().chain(&path[depth + 1..]).cloned().collect(),
                None => return Some(path[..depth].to_vec()),
            }
        }
        None
    }

    /// Which files each file needs.
    fn needs(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let of = |module: &Module, paths: &BTreeSet<Module>| {
            let owners = paths.iter().filter_map(|path| self.owner(path));
            owners.filter(|owner| owner != module && !owner.is_empty()).collect()
        };
        self.named.iter().map(|(module, paths)| (module, of(module, paths))).collect()
    }
}

/// Every file that needs itself by way of others, with the file by which it begins.
fn circles(files: &[File]) -> Vec<String> {
    let whole = Crate::of(files);
    let needs = whole.needs();
    let reaches = |from: &Module, to: &Module| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(module) = next.pop() {
            if module == to {
                return true;
            }
            if seen.insert(module) {
                next.extend(needs.get(module).into_iter().flatten());
            }
        }
        false
    };
    let mut found = Vec::new();
    for (module, direct) in &needs {
        let back = direct.iter().filter(|other| reaches(other, module));
        found.extend(back.map(|other| format!("`{}` needs `{}`, which needs it", module.join("::"), other.join("::"))));
    }
    found
}

#[test]
fn no_file_needs_a_file_that_needs_it() {
    assert_eq!(circles(&files_below("src")), NOTHING);
}

#[test]
fn a_circle_is_seen_by_whatever_way_it_goes() {
    let file = |path: &str, text: &str| File { path: path.to_owned(), text: text.to_owned() };
    let of = |inner: &str, other: &str| {
        circles(&[
            file("src/lib.rs", "pub mod room;\nmod plain;\n"),
            file("src/room/mod.rs", "mod inner;\nmod other;\npub use other::Thing;\n"),
            file("src/room/inner.rs", inner),
            file("src/room/other.rs", other),
            file("src/plain.rs", "pub struct Plain;\n"),
        ])
    };
    let inner = "pub struct Inner;\nfn of(_: super::Thing) {}\n";
    let back = "use super::inner::Inner;\npub struct Thing(Inner);\n";
    let circle =
        ["`room::inner` needs `room::other`, which needs it", "`room::other` needs `room::inner`, which needs it"];
    assert_eq!(of(inner, back), circle);
    assert_eq!(of("use crate::room::{Thing};\npub struct Inner;\n", back), circle);
    assert_eq!(of(inner, "use crate::plain::Plain;\npub struct Thing(Plain);\n"), NOTHING);
    assert_eq!(of("pub struct Inner;\n", back), NOTHING);
}
