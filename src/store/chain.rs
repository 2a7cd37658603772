//! The chain: one link a package, each naming the digest of the one before.
//!
//! A link is what makes a folder of files a package, and it is created last. Changing an old package, or taking one
//! out, would mean changing every link behind it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Body, Created, Digest, Key, Run, Shelf, StoreError, document};

const VERSION: u32 = 1;

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its number, counted from one.
    pub number: u32,
    /// The digest of the link before it; the first one has none.
    pub previous: Option<Digest>,
    /// Where the package's manifest lies.
    pub manifest: Key,
    /// The digest of the manifest, and so of all that it names.
    pub sha256: Digest,
    /// The run that left the package.
    pub run: Run,
    /// The digest of the link itself. Whoever noted it elsewhere can tell that this link, and all before it, are still
    /// the same.
    pub digest: Digest,
}

/// Format 1 of a link. Signatures will make it format 2.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    number: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<Digest>,
    manifest: Key,
    sha256: Digest,
    job: String,
    as_of: DateTime<Utc>,
    run: String,
    filtered: bool,
}

/// Appends a package to the chain. Whoever loses a race for a number reads the winner's link and tries the next one.
///
/// # Errors
/// Where the chain is broken, or the shelf fails.
pub async fn append(shelf: &Shelf, run: &Run, manifest: Key, sha256: Digest) -> Result<Link, StoreError> {
    let length = length(shelf).await?;
    let previous = match length {
        0 => None,
        last => Some(read(shelf, last).await?.digest),
    };
    let mut link = Link { number: length + 1, previous, manifest, sha256, run: run.clone(), digest: sha256 };
    loop {
        let bytes = link.encode();
        link.digest = Digest::of(&bytes);
        match shelf.create(&key(link.number), &Body::json(bytes)).await? {
            Created::Ours | Created::Same => return Ok(link),
            Created::Taken { object, .. } => {
                let winner = Link::decode(link.number, &object.bytes)?;
                // Two processes that deliver the same draft: one link is enough.
                if winner.manifest == link.manifest && winner.sha256 == link.sha256 {
                    return Ok(winner);
                }
                link.number += 1;
                link.previous = Some(winner.digest);
            }
        }
    }
}

/// The last link that is wanted, looking backwards from the end. Every link on the way is checked against the one
/// behind it.
///
/// # Errors
/// Where the chain is broken, or the shelf fails.
pub async fn last(shelf: &Shelf, wanted: impl Fn(&Link) -> bool) -> Result<Option<Link>, StoreError> {
    let mut announced = None;
    for number in (1..=length(shelf).await?).rev() {
        let link = read(shelf, number).await?;
        check_announced(number, announced, link.digest)?;
        if wanted(&link) {
            return Ok(Some(link));
        }
        announced = link.previous;
    }
    Ok(None)
}

/// All links, each checked against the one before it.
///
/// # Errors
/// Where the chain is broken, or the shelf fails.
pub async fn walk(shelf: &Shelf) -> Result<Vec<Link>, StoreError> {
    let mut links: Vec<Link> = Vec::new();
    for number in 1..=length(shelf).await? {
        let link = read(shelf, number).await?;
        if let Some(before) = links.last() {
            check_announced(before.number, link.previous, before.digest)?;
        }
        links.push(link);
    }
    Ok(links)
}

impl Link {
    fn encode(&self) -> Vec<u8> {
        document::encode(&Document {
            version: VERSION,
            number: self.number,
            previous: self.previous,
            manifest: self.manifest.clone(),
            sha256: self.sha256,
            job: self.run.job().to_owned(),
            as_of: self.run.as_of(),
            run: self.run.id().to_owned(),
            filtered: self.run.filtered(),
        })
    }

    fn decode(number: u32, bytes: &[u8]) -> Result<Self, StoreError> {
        let at = key(number);
        let document: Document = document::decode(at.as_str(), bytes, VERSION)?;
        if document.number != number {
            return Err(broken(number, format!("it says that it is link {}", document.number)));
        }
        if document.previous.is_none() != (number == 1) {
            return Err(broken(number, "every link but the first names the one before it".to_owned()));
        }
        Ok(Link {
            number,
            previous: document.previous,
            manifest: document.manifest,
            sha256: document.sha256,
            run: Run::new(&document.job, document.as_of, &document.run, document.filtered)?,
            digest: Digest::of(bytes),
        })
    }
}

async fn read(shelf: &Shelf, number: u32) -> Result<Link, StoreError> {
    let Some(object) = shelf.read(&key(number)).await? else {
        return Err(broken(number, "it is not there".to_owned()));
    };
    Link::decode(number, &object.bytes)
}

/// How many links there are: their numbers have no gap.
async fn length(shelf: &Shelf) -> Result<u32, StoreError> {
    let keys = shelf.list(&Key::known("chain".to_owned()), None).await?;
    let mut length = 0;
    for found in keys {
        if found != key(length + 1) {
            return Err(broken(length + 1, format!("`{found}` is in its place")));
        }
        length += 1;
    }
    Ok(length)
}

/// `announced` is the digest that the link behind `number` names, where that one was read.
fn check_announced(number: u32, announced: Option<Digest>, digest: Digest) -> Result<(), StoreError> {
    match announced {
        Some(announced) if announced != digest => {
            Err(broken(number, "its SHA-256 is not the one that the next link names".to_owned()))
        }
        Some(_) | None => Ok(()),
    }
}

fn key(number: u32) -> Key {
    Key::known(format!("chain/{number:08}.json"))
}

fn broken(number: u32, why: String) -> StoreError {
    StoreError::BrokenChain { at: key(number), why }
}
