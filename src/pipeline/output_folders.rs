//! Whether what a run writes lies apart from the expected lists. The next run would read it as lists.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::PipelineError;
use super::order::{Order, Source};
use crate::store::Location;

/// Refuses a run that writes packages or journals into the folder of the expected lists, or below it.
///
/// # Errors
/// [`PipelineError::InsideLists`].
pub(super) fn are_apart(order: &Order) -> Result<(), PipelineError> {
    if let (Source::Live, Some(journals)) = (&order.source, &order.settings.collect.journals) {
        is_apart("`collect.journals`", &order.settings.path(journals), &order.expected)?;
    }
    store_is_apart(&order.to, &order.expected)
}

/// Refuses a place for packages in the folder of the expected lists, or below it.
///
/// # Errors
/// [`PipelineError::InsideLists`].
pub(super) fn store_is_apart(to: &Location, lists: &Location) -> Result<(), PipelineError> {
    match to {
        Location::Folder(to) => is_apart("`report.to`, or `--to`,", to, lists),
        Location::Bucket { .. } => Ok(()),
    }
}

fn is_apart(setting: &'static str, place: &Path, lists: &Location) -> Result<(), PipelineError> {
    match lists {
        Location::Folder(lists) if is_read_with(place, lists) => {
            Err(PipelineError::InsideLists { setting, place: place.to_owned(), lists: lists.clone() })
        }
        Location::Folder(_) | Location::Bucket { .. } => Ok(()),
    }
}

/// Whether files in `place` are read as expected lists. Links are followed. A name that begins with a dot is passed over
/// when lists are read, so what lies below one is no list.
fn is_read_with(place: &Path, lists: &Path) -> bool {
    let (place, lists) = (resolved(place), resolved(lists));
    let Ok(below) = place.strip_prefix(&lists) else { return false };
    !below.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
}

/// A path without links, as far as it exists; the rest as it is written.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut rest = Vec::new();
    let mut there = absolute.as_path();
    loop {
        if let Ok(found) = fs::canonicalize(there) {
            return rest.iter().rev().fold(found, |found, part: &Component<'_>| match part {
                Component::ParentDir => found.parent().map_or_else(|| found.clone(), Path::to_owned),
                Component::Prefix(_) | Component::RootDir | Component::CurDir | Component::Normal(_) => {
                    found.join(part)
                }
            });
        }
        let (Some(parent), Some(part)) = (there.parent(), there.components().next_back()) else { return absolute };
        rest.push(part);
        there = parent;
    }
}
