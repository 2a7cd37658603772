//! What lies in a store and is none of its own: it is named, and passed over.
//!
//! Packages and links are evidence, so what was put among them is said. What lies beside them at the top can be anything
//! that its owner keeps there. Claims, records and probes are no evidence, and not looked at.

use super::folder::BEING_WRITTEN;
use super::{EntryKind, Key, LEADS_ELSEWHERE, Shelf, StoreError, chain};

/// The folders of a store.
const OWN: [&str; 9] =
    ["acknowledged", "chain", "changes", "claims", "failures", "packages", "probes", "sent", "watched"];

/// What lies in a store and is none of its own, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Strays {
    /// Among the links, and in the folders above packages.
    pub among: Vec<String>,
    /// Folders of the store that are none: a link to somewhere else, or a file.
    pub replaced: Vec<String>,
    /// At the top, beside the folders of the store.
    pub beside: Vec<String>,
    /// Among the links and packages, the beginning of a file whose writer was killed.
    pub begun: Vec<String>,
}

/// What a run of this job passes over: strays among the links, and in the folders above its packages.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub async fn of_job(shelf: &Shelf, job: &str) -> Result<Vec<String>, StoreError> {
    let mut among = chain::contents(shelf).await?.others;
    let packages = Key::known("packages".to_owned());
    among.extend(files(shelf, &packages).await?);
    among.extend(files(shelf, &packages.join(Key::short(job)?.as_str())?).await?);
    among.retain(|name| !is_begun(name));
    Ok(among)
}

/// All strays of a store.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub async fn of_store(shelf: &Shelf) -> Result<Strays, StoreError> {
    let mut strays = Strays::default();
    for entry in shelf.entries(None).await? {
        match (OWN.contains(&entry.name.as_str()), entry.kind) {
            (true, EntryKind::Folder) => {}
            (true, EntryKind::File) => strays.replaced.push(entry.name),
            (true, EntryKind::Elsewhere) => strays.replaced.push(format!("{}{LEADS_ELSEWHERE}", entry.name)),
            (false, EntryKind::File | EntryKind::Folder) => strays.beside.push(entry.name),
            (false, EntryKind::Elsewhere) => strays.beside.push(format!("{}{LEADS_ELSEWHERE}", entry.name)),
        }
    }
    let packages = Key::known("packages".to_owned());
    let mut among = chain::contents(shelf).await?.others;
    among.extend(files(shelf, &packages).await?);
    for entry in shelf.entries(Some(&packages)).await? {
        if entry.kind == EntryKind::Folder
            && let Ok(job) = entry.name.parse()
        {
            among.extend(files(shelf, &job).await?);
        }
    }
    (strays.begun, strays.among) = among.into_iter().partition(|name| is_begun(name));
    Ok(strays)
}

/// What lies in a folder in which only folders belong.
async fn files(shelf: &Shelf, folder: &Key) -> Result<Vec<String>, StoreError> {
    let entries = shelf.entries(Some(folder)).await?;
    Ok(entries
        .into_iter()
        .filter_map(|entry| match entry.kind {
            EntryKind::Folder => None,
            EntryKind::File => Some(entry.name),
            EntryKind::Elsewhere => Some(format!("{}{LEADS_ELSEWHERE}", entry.name)),
        })
        .collect())
}

fn is_begun(name: &str) -> bool {
    name.rsplit_once('/').is_some_and(|(_, last)| last.starts_with(BEING_WRITTEN))
}
