//! Sources that were read to their end, and who or what vouches for it.

use crate::model::{Expectation, ListRead, Source};

use super::{count, list, phrase, visible};

/// Lists that a sentence names before it only counts.
const NAMED: usize = 3;

/// What does not have something, and why that can be relied on: `` Not in `users.csv`, which was read to its end
/// (nobody vouches that it is complete) ``.
pub(super) fn not_in(source: &Source) -> String {
    let unvouched: Vec<&ListRead> = source.lists.iter().filter(|list| list.vouched_by.is_none()).collect();
    let read = match (source.lists.as_slice(), unvouched.as_slice(), &source.vouched_by) {
        ([], _, Some(by)) | ([_], _, Some(by)) => {
            format!("(complete: {})", phrase(by))
        }
        ([] | [_], _, None) => "(no proof that it is complete)".to_owned(),
        ([_, _, ..], [], _) => "(all complete)".to_owned(),
        (all, lacking, _) if all.len() == lacking.len() => "(no proof that they are complete)".to_owned(),
        (_, [one], _) => {
            format!("(no proof that `{}` is complete)", visible(&one.name))
        }
        (_, lacking, _) => format!(
            "(no proof that {} of them are complete: {})",
            lacking.len(),
            some_of(lacking.iter().map(|list| list.name.as_str()))
        ),
    };
    format!("Not in {} {read}", named(source))
}

/// The source by its names, each as code.
pub(super) fn named(source: &Source) -> String {
    match (source.lists.as_slice(), &source.of) {
        ([], Some(of)) => format!("`{}` of {}", source.name, phrase(of)),
        ([], None) => format!("`{}`", visible(&source.name)),
        (lists, _) => some_of(lists.iter().map(|list| list.name.as_str())),
    }
}

/// The source by its name, for a file whose format escapes what a name may hold.
#[must_use]
pub fn source_in_file(source: &Source) -> String {
    match &source.of {
        Some(of) => format!("{} of {of}", source.name),
        None => source.name.clone(),
    }
}

/// Whether more than one list was read.
pub(super) fn is_several(source: &Source) -> bool {
    source.lists.len() > 1
}

/// Lists that say nothing, because a newer export of the same source was read.
pub(super) fn set_aside(expectation: &Expectation) -> Option<String> {
    let older = expectation.files.iter().filter_map(|file| Some((&file.name, file.set_aside.as_ref()?)));
    let named: Vec<String> =
        older.map(|(older, newer)| format!("`{}` (newer: `{}`)", visible(older), visible(newer))).collect();
    let mut shown = named[..named.len().min(NAMED)].to_vec();
    if named.len() > NAMED {
        shown.push(format!("{} more", named.len() - NAMED));
    }
    let were = if named.len() == 1 { "was" } else { "were" };
    let lists = count(named.len(), "list");
    (!named.is_empty())
        .then(|| format!("{lists} {were} set aside for newer exports of the same source: {}", list(&shown)))
}

fn some_of<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    let all = names.len();
    let mut shown: Vec<String> = names.take(NAMED).map(|name| format!("`{}`", visible(name))).collect();
    if all > NAMED {
        shown.push(format!("{} more", all - NAMED));
    }
    list(&shown)
}
