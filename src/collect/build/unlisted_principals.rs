//! Users and groups that were asked for by id because something names them and no listing has them.
//!
//! Whoever is there and is younger than the listing joined since, and counts like all others. Whoever is there and is
//! older should have been listed, so the listing is not whole. Whoever is not there is gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::cross_check::is_younger;
use super::lookups::ById;
use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::Answer;
use crate::collect::journal::page::Parameters;
use crate::model::{Extent, Gap, Hides, Why};

/// What was listed of one kind, and how far.
pub(super) struct Listed<T> {
    pub(super) entries: Vec<T>,
    pub(super) extent: Extent,
}

/// Adds to a listing, which the operation of `L` gave, whoever was asked for by id and is there. Gives back how many
/// entries are listed themselves; the others follow.
pub(super) fn added<L: Answer, D: ById, T>(
    reader: &mut Reader<'_>,
    store: &str,
    listed: &mut Listed<T>,
    entry: impl Fn(D) -> T,
    id: impl Fn(&T) -> &str,
    created: impl Fn(&T) -> Option<DateTime<Utc>>,
) -> usize {
    let there_were = listed.entries.len();
    let asked = reader.asked_of::<D>("IdentityStoreId", store);
    if asked.is_empty() {
        return there_were;
    }
    let ids: BTreeSet<&str> = listed.entries.iter().map(&id).collect();
    let unlisted = asked.into_iter().filter(|call| call.get(D::ID).is_some_and(|asked| !ids.contains(asked)));
    let unlisted: Vec<Parameters> = unlisted.collect();
    let (mut unknown, mut late) = (Vec::new(), Vec::new());
    for call in unlisted {
        let (found, ended) = reader.try_read::<D>(None, call.clone());
        late.extend(found.into_iter().map(&entry));
        unknown.extend(ended.err().map(|why| (call.get(D::ID).unwrap_or_default().to_owned(), why)));
    }
    let question = Parameters::of([("IdentityStoreId", store)]);
    let listing = reader.window(L::OPERATION, None, question);
    let older = late.iter().filter(|entry| !listing.is_some_and(|listing| is_younger(created(entry), listing)));
    let older: Vec<String> = older.map(|entry| id(entry).to_owned()).collect();
    listed.entries.extend(late);
    if let Extent::Part(_) = listed.extent {
        return there_were;
    }
    if !older.is_empty() {
        let wanted = Wanted::new(D::ALL, Hides::Grants);
        let why = Why::Disproved { by: D::OPERATION.api().to_owned(), shows: older };
        listed.extent = Extent::Part(reader.gap(L::OPERATION, None, &wanted, why));
    } else if let Some((first, why)) = unknown.first() {
        listed.extent = Extent::Part(exists::<D>(reader, first, unknown.len(), why.clone()));
    }
    there_were
}

/// The gap of those of whom nobody knows whether they joined since, or are gone.
pub(super) fn exists<D: ById>(reader: &mut Reader<'_>, first: &str, all: usize, why: Why) -> Arc<Gap> {
    let unseen = D::UNLISTED.of(first).number(all - 1);
    reader.gap(D::OPERATION, None, &Wanted::new(unseen, Hides::Grants), why)
}
