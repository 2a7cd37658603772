//! Packages: published as a whole or not at all, read back and checked.

use std::collections::BTreeSet;

use super::draft::SealedDraft;
use super::manifest::{MANIFEST, Manifest};
use super::{Body, Created, Digest, Key, Shelf, StoreError, chain};
use chain::Link;

/// A package on the shelf, whose manifest is the one that its link names. There is none without a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Its link.
    pub link: Link,
    /// What it consists of.
    pub manifest: Manifest,
}

/// Publishes a draft: its files, then its manifest, then the link that makes it a package. What a failed attempt left
/// is taken up where it stopped, and publishing a package again gives the link that it has.
///
/// The future must be awaited to its end: what a dropped one leaves is no package, but takes room for ever.
///
/// # Errors
/// Where something else lies in the package's place, the chain is broken, or the shelf fails.
pub async fn publish(shelf: &Shelf, draft: &SealedDraft) -> Result<Link, StoreError> {
    let manifest = draft.manifest();
    let folder = Manifest::folder(&manifest.run);
    for file in &manifest.files {
        let path = draft.folder().join(file.name.as_str());
        let body = Body::file(path, file.sha256, file.bytes, &file.media_type);
        put(shelf, &folder.join(file.name.as_str())?, &body).await?;
    }
    let key = Manifest::key(&manifest.run);
    let sha256 = Digest::of(draft.manifest_bytes());
    let first_time = put(shelf, &key, &Body::json(draft.manifest_bytes().to_vec())).await?;
    // Only where the manifest was there before can there be a link already: it is always created after it.
    if !first_time && let Some(link) = chain::find(shelf, None, |link| link.manifest == key).await?.link {
        return Ok(link);
    }
    chain::append(shelf, &manifest.run, key, sha256).await
}

/// Creates an object, and says whether it is new.
async fn put(shelf: &Shelf, key: &Key, body: &Body) -> Result<bool, StoreError> {
    match shelf.create(key, body).await? {
        Created::Ours => Ok(true),
        Created::Same => Ok(false),
        Created::Taken { .. } => Err(StoreError::Occupied { key: key.clone() }),
    }
}

/// What a run is compared with, and what could not be.
#[derive(Debug, Default)]
pub struct Earlier {
    /// The package.
    pub package: Option<Package>,
    /// Later links and packages that cannot be relied on any more, each with why.
    pub passed_over: Vec<(Key, StoreError)>,
}

/// The last package of a job that was not filtered: what the next run is compared with. `below` is the number of a link
/// whose package turned out to be of no use. One that was changed, or is not there, is passed over for an older one.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub async fn earlier(shelf: &Shelf, job: &str, mut below: Option<u32>) -> Result<Earlier, StoreError> {
    let mut earlier = Earlier::default();
    loop {
        let found = chain::find(shelf, below, |link| link.is_whole_run_of(job)).await?;
        earlier.passed_over.extend(found.passed_over);
        let Some(link) = found.link else { return Ok(earlier) };
        below = Some(link.number);
        let manifest = link.manifest.clone();
        match Package::open(shelf, link).await {
            Ok(package) => {
                earlier.package = Some(package);
                return Ok(earlier);
            }
            Err(why) if why.is_damage() => earlier.passed_over.push((manifest, why)),
            Err(error) => return Err(error),
        }
    }
}

/// Reads every file of a package again, and compares it with its manifest, and the manifest with the link.
///
/// # Errors
/// For the first file that is missing, was changed, or is not named by the manifest; or where the shelf fails.
pub async fn verify(shelf: &Shelf, link: Link) -> Result<Package, StoreError> {
    let package = Package::open(shelf, link).await?;
    let folder = Manifest::folder(&package.manifest.run);
    let files = package.manifest.files.iter().map(|file| format!("{folder}/{}", file.name));
    let named: BTreeSet<String> = files.chain([package.link.manifest.to_string()]).collect();
    if let Some(name) = shelf.names(&folder).await?.into_iter().find(|name| !named.contains(name)) {
        return Err(StoreError::Unlisted { name });
    }
    for file in &package.manifest.files {
        package.read(shelf, &file.name).await?;
    }
    Ok(package)
}

/// What lies where packages lie: folders `packages/<job>/<run>`, and whatever else.
///
/// # Errors
/// Where the shelf fails.
pub async fn folders(shelf: &Shelf) -> Result<BTreeSet<String>, StoreError> {
    let names = shelf.names(&Key::known("packages".to_owned())).await?;
    // A name that ends in a slash is how consoles show an empty folder.
    let names = names.into_iter().filter(|name| !name.ends_with('/'));
    Ok(names
        .map(|name| match name.match_indices('/').nth(2) {
            Some((end, _)) => name[..end].to_owned(),
            None => name,
        })
        .collect())
}

/// The newest package of a job behind the one that is its last by the chain, if no link names it.
///
/// # Errors
/// Where the job's name cannot be a part of a key, the chain is broken, or the shelf fails.
pub async fn newest_unlinked(shelf: &Shelf, job: &str, last: Option<&Package>) -> Result<Option<Key>, StoreError> {
    let of_job = Key::known("packages".to_owned()).join(Key::part(job)?.as_str())?;
    let behind = shelf.list(&of_job, last.map(|last| &last.link.manifest)).await?;
    let Some(newest) = behind.into_iter().rfind(|key| key.as_str().ends_with(&format!("/{MANIFEST}"))) else {
        return Ok(None);
    };
    let linked = chain::find(shelf, None, |link| link.manifest == newest).await?.link.is_some();
    Ok((!linked).then_some(newest))
}

impl Package {
    /// The package of a link; only its manifest is read.
    ///
    /// # Errors
    /// Where the manifest is missing, was changed, or is another run's; or where the shelf fails.
    pub async fn open(shelf: &Shelf, link: Link) -> Result<Self, StoreError> {
        let named_by = || format!("link {}", link.number);
        let bytes = read(shelf, &link.manifest, link.sha256, named_by).await?;
        let manifest = Manifest::decode(link.manifest.as_str(), &bytes)?;
        if manifest.run != link.run || Manifest::key(&manifest.run) != link.manifest {
            return Err(StoreError::Changed { key: link.manifest.clone(), named_by: named_by() });
        }
        Ok(Package { link, manifest })
    }

    /// A file of the package, checked against its digest, or `None` where the package has no such file.
    ///
    /// # Errors
    /// Where the file is missing or was changed, or the shelf fails.
    pub async fn read(&self, shelf: &Shelf, name: &Key) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(file) = self.manifest.file(name) else {
            return Ok(None);
        };
        let key = Manifest::folder(&self.manifest.run).join(name.as_str())?;
        read(shelf, &key, file.sha256, || format!("`{}`", self.link.manifest)).await.map(Some)
    }
}

async fn read(shelf: &Shelf, key: &Key, sha256: Digest, named_by: impl Fn() -> String) -> Result<Vec<u8>, StoreError> {
    let Some(object) = shelf.read(key).await? else {
        return Err(StoreError::Missing { key: key.clone(), named_by: named_by() });
    };
    if Digest::of(&object.bytes) != sha256 {
        return Err(StoreError::Changed { key: key.clone(), named_by: named_by() });
    }
    Ok(object.bytes)
}
