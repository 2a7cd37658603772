//! How far the lists were read, and the gaps that they leave.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::expect::records::directory_records::{End, FileRecord, Hole, Records, Tells};
use crate::model::{Extent, Gap, Hides, ListRead, Side, Source, Unseen, Why};

/// The gaps that were found, each once.
#[derive(Default)]
pub(super) struct Gaps {
    all: BTreeSet<Arc<Gap>>,
}

impl Gaps {
    /// The gap of this list; the one that is known already, if there is one.
    pub(super) fn add(&mut self, source: &str, unseen: Unseen, why: Why) -> Arc<Gap> {
        let gap = gap(source, unseen, why);
        if let Some(known) = self.all.get(&gap) {
            return Arc::clone(known);
        }
        let gap = Arc::new(gap);
        self.all.insert(Arc::clone(&gap));
        gap
    }

    /// Takes note of a gap that was made elsewhere.
    pub(super) fn keep(&mut self, gap: &Arc<Gap>) {
        self.all.insert(Arc::clone(gap));
    }

    /// All of them, in report order.
    pub(super) fn all(self) -> Vec<Arc<Gap>> {
        self.all.into_iter().collect()
    }
}

/// A gap of a list.
pub(super) fn gap(source: &str, unseen: Unseen, why: Why) -> Gap {
    Gap { side: Side::Expected, source: source.to_owned(), account: None, unseen, why, hides: Hides::Grants }
}

/// How far the lists of a kind were read.
pub(super) struct Extents<'a> {
    pub(super) records: &'a Records,
    pub(super) sources: &'a [Arc<Source>],
}

impl Extents<'_> {
    pub(super) fn any_tells(&self, tells: Tells) -> bool {
        self.records.files.iter().any(|file| file.tells.contains(&tells))
    }

    /// The extent of all files that tell of one of these together.
    pub(super) fn of(&self, tells: &[Tells], unseen: &Unseen, gaps: &mut Gaps) -> Extent {
        let telling = |file: &&FileRecord| tells.iter().any(|tells| file.tells.contains(tells));
        let files: Vec<&FileRecord> = self.records.files.iter().filter(telling).collect();
        for file in &files {
            if let End::Cut(detail) = &file.end {
                let why = Why::Truncated { detail: detail.clone() };
                return Extent::Part(gaps.add(&file.name, unseen.clone(), why));
            }
        }
        let name = match files.as_slice() {
            [] => "the expected lists".to_owned(),
            [one] => one.name.clone(),
            [first, rest @ ..] => format!("{} and {} more", first.name, rest.len()),
        };
        let vouchers: BTreeSet<&str> = files.iter().filter_map(|file| vouched_by(file)).collect();
        let vouched = files.iter().all(|file| vouched_by(file).is_some()) && !vouchers.is_empty();
        let vouched_by = vouched.then(|| vouchers.into_iter().collect::<Vec<_>>().join(", "));
        let lists = files.into_iter().map(list_read).collect();
        Extent::Whole(Arc::new(Source { name, of: None, vouched_by, lists }))
    }
}

fn vouched_by(file: &FileRecord) -> Option<&str> {
    match &file.end {
        End::Vouched(by) => Some(by),
        // Whoever keeps a list by hand vouches for it.
        End::Unvouched if !file.ages => Some("maintained by hand"),
        End::Unvouched | End::Cut(_) => None,
    }
}

/// A file as a source.
pub(super) fn source(file: &FileRecord) -> Source {
    let list = list_read(file);
    Source { name: list.name.clone(), of: None, vouched_by: list.vouched_by.clone(), lists: vec![list] }
}

fn list_read(file: &FileRecord) -> ListRead {
    ListRead { name: file.name.clone(), vouched_by: vouched_by(file).map(str::to_owned) }
}

/// The gap that a hole in a file leaves.
pub(super) fn hole_gap(extents: &Extents<'_>, hole: &Hole, gaps: &mut Gaps) -> Arc<Gap> {
    let file = &extents.records.files[hole.at.file as usize].name;
    gaps.add(file, hole.unseen.clone(), Why::Unreadable { detail: hole.detail.clone() })
}
