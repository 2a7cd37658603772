//! The chain: one link a package, each naming the digest of the one before.
//!
//! A link is what makes a folder of files a package, and it is created last. Changing an old package, or taking one
//! out, would mean changing every link behind it. What else lies in `chain/` is no link, and ends no run.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::run::instant;
use super::{Body, Created, Digest, Key, Run, Shelf, StoreError, document};

const VERSION: u32 = 1;

/// How far back a package is looked for that was published for the same instant: so many links, and so many of the job.
/// What is looked for was published after that instant, so it is among the last.
const LOOKED_BACK: (usize, usize) = (1_000, 8);

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

/// What lies in `chain/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// How many links there are: their numbers have no gap.
    pub length: u32,
    /// The names of all that is no link, in the order of their bytes.
    pub others: Vec<String>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    due: Option<DateTime<Utc>>,
}

/// Appends a package to the chain. Whoever loses a race for a number reads the winner's link and tries the next one.
///
/// # Errors
/// [`StoreError::DoneBefore`] where the chain has a package for the instant at which the run was due; else where the
/// chain is broken, or the shelf fails.
pub async fn append(shelf: &Shelf, run: &Run, manifest: Key, sha256: Digest) -> Result<Link, StoreError> {
    let length = contents(shelf).await?.length;
    if let Some(due) = run.due()
        && let Some(link) = among(shelf, length, run.job(), due).await?
    {
        return Err(done_before(run.job(), due, &link));
    }
    let previous = match length {
        0 => None,
        last => Some(bytes(shelf, last).await.map(|bytes| Digest::of(&bytes))?),
    };
    let number = next(length)?;
    let mut link = Link { number, previous, manifest, sha256, run: run.clone(), digest: sha256 };
    loop {
        let encoded = link.encode();
        link.digest = Digest::of(&encoded);
        let body = Body::json(encoded);
        match shelf.create(&key(link.number), &body).await? {
            Created::Ours | Created::Same => {
                shelf.keeps(&key(link.number), &body).await?;
                return Ok(link);
            }
            Created::Taken { object, .. } => {
                if let Ok(winner) = Link::decode(link.number, &object.bytes) {
                    // Two processes that deliver the same draft: one link is enough.
                    if winner.manifest == link.manifest && winner.sha256 == link.sha256 {
                        return Ok(winner);
                    }
                    if let Some(due) = run.due().filter(|_| winner.is_of(run.job(), run.due())) {
                        return Err(done_before(run.job(), due, &winner));
                    }
                }
                link.previous = Some(Digest::of(&object.bytes));
                link.number = next(link.number)?;
            }
        }
    }
}

/// The link of the package that was published for this instant at which the job was due, if one was.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub async fn done(shelf: &Shelf, job: &str, due: DateTime<Utc>) -> Result<Option<Link>, StoreError> {
    let length = contents(shelf).await?.length;
    among(shelf, length, job, due).await
}

/// The same, looking backwards from a link.
async fn among(shelf: &Shelf, from: u32, job: &str, due: DateTime<Utc>) -> Result<Option<Link>, StoreError> {
    let mut of_job = 0;
    for number in (1..=from).rev().take(LOOKED_BACK.0) {
        // A link that cannot be understood is told of by `verify`, and says nothing here.
        let Ok(link) = try_read(shelf, number).await? else { continue };
        if link.is_of(job, Some(due)) {
            return Ok(Some(link));
        }
        of_job += usize::from(link.run.job() == job && link.run.due().is_some());
        if of_job == LOOKED_BACK.1 {
            break;
        }
    }
    Ok(None)
}

/// A link that was looked for, and what was met on the way to it.
#[derive(Debug, Default)]
pub struct Found {
    /// The link.
    pub link: Option<Link>,
    /// Links that say nothing any more, each with why: they were changed, or cannot be understood.
    pub passed_over: Vec<(Key, StoreError)>,
}

/// The last link that is wanted, looking backwards from the end, or from the link before `below`. Every link on the way
/// is checked against the one behind it; one that was changed is passed over.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub async fn find(shelf: &Shelf, below: Option<u32>, wanted: impl Fn(&Link) -> bool) -> Result<Found, StoreError> {
    let length = contents(shelf).await?.length;
    let mut found = Found::default();
    let mut announced = None;
    for number in (1..=length).rev() {
        let link = try_read(shelf, number).await?;
        let link = link.and_then(|link| check_announced(number, announced, link.digest).map(|()| link));
        announced = link.as_ref().ok().and_then(|link| link.previous);
        match link {
            // The link behind the one that is looked from only says what that must be.
            _ if below.is_some_and(|below| number >= below) => {}
            Ok(link) if wanted(&link) => {
                found.link = Some(link);
                break;
            }
            Ok(_) => {}
            Err(why) => found.passed_over.push((key(number), why)),
        }
    }
    Ok(found)
}

/// That the shelf would not put another link in the place of the last one.
///
/// # Errors
/// [`StoreError::Replaces`] where it does; or where links are missing, or the shelf fails.
pub async fn is_kept(shelf: &Shelf) -> Result<(), StoreError> {
    match contents(shelf).await?.length {
        0 => Ok(()),
        last => shelf.keeps(&key(last), &Body::json(bytes(shelf, last).await?)).await,
    }
}

/// The link of the last run of a job that looked at everything, whatever can be said of those before it.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub async fn last_run(shelf: &Shelf, job: &str) -> Result<Option<Link>, StoreError> {
    Ok(find(shelf, None, |link| link.is_whole_run_of(job)).await?.link)
}

/// The links of a job behind the one of this number, in their order. What cannot be understood is left out: `verify` tells
/// of it.
///
/// # Errors
/// Where links are missing, or the shelf fails.
pub async fn after(shelf: &Shelf, number: u32, job: &str) -> Result<Vec<Link>, StoreError> {
    let mut links = Vec::new();
    for number in number + 1..=contents(shelf).await?.length {
        links.extend(try_read(shelf, number).await?.ok().filter(|link| link.run.job() == job));
    }
    Ok(links)
}

/// All links, each checked against the one before it.
///
/// # Errors
/// Where the chain is broken, or the shelf fails.
pub async fn walk(shelf: &Shelf) -> Result<Vec<Link>, StoreError> {
    let mut links: Vec<Link> = Vec::new();
    for number in 1..=contents(shelf).await?.length {
        let link = read(shelf, number).await?;
        if let Some(before) = links.last() {
            check_announced(before.number, link.previous, before.digest)?;
        }
        links.push(link);
    }
    Ok(links)
}

/// What lies in `chain/`: how many links, and what else.
///
/// # Errors
/// Where a link is missing between others, or the shelf fails.
pub async fn contents(shelf: &Shelf) -> Result<Contents, StoreError> {
    let mut numbers = BTreeSet::new();
    let mut others = Vec::new();
    for name in shelf.names(&Key::known("chain".to_owned())).await? {
        // A link to a file elsewhere can be read as a link of the chain, and is said all the same.
        let (plain, is_itself) = match name.strip_suffix(super::LEADS_ELSEWHERE) {
            Some(plain) => (plain, false),
            None => (name.as_str(), true),
        };
        // A name that ends in a slash is how consoles show an empty folder.
        if plain.ends_with('/') {
            continue;
        }
        let number = number_of(plain);
        numbers.extend(number);
        if number.is_none() || !is_itself {
            others.push(name);
        }
    }
    let mut length = 0;
    for number in numbers {
        if number != length + 1 {
            return Err(broken(length + 1, format!("it is missing; the next one is `{}`", key(number))));
        }
        length = number;
    }
    Ok(Contents { length, others })
}

impl Link {
    /// The link of this number, checked in itself.
    ///
    /// # Errors
    /// Where it is not there, cannot be understood, or says that it is another one; or where the shelf fails.
    pub async fn read(shelf: &Shelf, number: u32) -> Result<Self, StoreError> {
        read(shelf, number).await
    }

    /// Whether it is the package of this job for this instant.
    #[must_use]
    pub fn is_of(&self, job: &str, due: Option<DateTime<Utc>>) -> bool {
        self.run.job() == job && due.is_some() && self.run.due() == due
    }

    /// Whether it is of a run of this job that looked at everything.
    #[must_use]
    pub fn is_whole_run_of(&self, job: &str) -> bool {
        self.run.job() == job && !self.run.filtered()
    }

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
            due: self.run.due(),
        })
    }

    fn decode(number: u32, bytes: &[u8]) -> Result<Self, StoreError> {
        let at = key(number);
        let document: Document = document::decode(at.as_str(), bytes, VERSION)?;
        if document.number != number {
            return Err(broken(number, format!("it says that it is link {}", document.number)));
        }
        if document.previous.is_none() != (number == 1) {
            return Err(broken(number, "every link except the first must name the previous one".to_owned()));
        }
        let run = Run::new(&document.job, document.as_of, &document.run, document.filtered)?;
        let link = Link {
            number,
            previous: document.previous,
            manifest: document.manifest,
            sha256: document.sha256,
            run: run.because_due(document.due),
            digest: Digest::of(bytes),
        };
        // Nothing names the digest of the last link, so its bytes must follow from what it says.
        if link.encode() != bytes {
            return Err(broken(number, "its bytes are not as they were written".to_owned()));
        }
        Ok(link)
    }
}

async fn read(shelf: &Shelf, number: u32) -> Result<Link, StoreError> {
    Link::decode(number, &bytes(shelf, number).await?)
}

/// The same; the inner result says what is wrong with the link, and the outer one with the shelf.
async fn try_read(shelf: &Shelf, number: u32) -> Result<Result<Link, StoreError>, StoreError> {
    match read(shelf, number).await {
        Err(error) if !error.is_damage() => Err(error),
        link => Ok(link),
    }
}

async fn bytes(shelf: &Shelf, number: u32) -> Result<Vec<u8>, StoreError> {
    match shelf.read(&key(number)).await? {
        Some(object) => Ok(object.bytes),
        None => Err(broken(number, "it is missing".to_owned())),
    }
}

/// `announced` is the digest that the link behind `number` names, where that one was read.
fn check_announced(number: u32, announced: Option<Digest>, digest: Digest) -> Result<(), StoreError> {
    match announced {
        Some(announced) if announced != digest => {
            Err(broken(number, "its SHA-256 differs from the one in the next link".to_owned()))
        }
        Some(_) | None => Ok(()),
    }
}

fn key(number: u32) -> Key {
    Key::known(format!("chain/{number:08}.json"))
}

/// The number of the link that has this name.
fn number_of(name: &str) -> Option<u32> {
    let number = name.strip_prefix("chain/")?.strip_suffix(".json")?.parse().ok()?;
    (number > 0 && key(number).as_str() == name).then_some(number)
}

fn next(number: u32) -> Result<u32, StoreError> {
    number.checked_add(1).ok_or_else(|| broken(number, "there is no higher number".to_owned()))
}

fn broken(number: u32, why: String) -> StoreError {
    StoreError::BrokenChain { at: key(number), why }
}

fn done_before(job: &str, due: DateTime<Utc>, link: &Link) -> StoreError {
    StoreError::DoneBefore { job: job.to_owned(), due: instant(due), link: link.number }
}
