//! What one reader makes of one file, before the files are put together.

use crate::model::{ListFormat, What, quoted};
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::directory_records::{
    Affects, ApplicationRecord, Assignment, At, End, EntitlementRecord, Entry, EntryKind, Hole, IamUserRecord,
    Membership, PermissionSetRecord, Reference, Refused, Roll, Tells, TrustRecord, WaiverRecord,
};

/// What one reader makes of one file.
#[derive(Debug)]
pub(crate) struct Reading {
    file: u32,
    pub(crate) format: ListFormat,
    pub(crate) ages: bool,
    pub(crate) lossy: bool,
    pub(crate) rows_read: u32,
    pub(crate) rows_used: u32,
    pub(crate) rows_refused: u32,
    pub(crate) rows_other: u32,
    pub(crate) rows_unreviewed: u32,
    /// The lines that each reviewer signed.
    pub(crate) reviewers: BTreeMap<String, Vec<u32>>,
    pub(crate) tells: BTreeSet<Tells>,
    pub(crate) end: End,
    pub(crate) newest_change: Option<DateTime<Utc>>,
    pub(crate) notes: Vec<String>,
    pub(crate) entries: Vec<Entry>,
    pub(crate) rolls: Vec<Roll>,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) holes: Vec<Hole>,
    pub(crate) assignments: Vec<Assignment>,
    pub(crate) applications: Vec<ApplicationRecord>,
    pub(crate) entitlements: Vec<EntitlementRecord>,
    pub(crate) permission_sets: Vec<PermissionSetRecord>,
    pub(crate) iam_users: Vec<IamUserRecord>,
    pub(crate) trusts: Vec<TrustRecord>,
    pub(crate) waivers: Vec<WaiverRecord>,
    pub(crate) refusals: Vec<Refused>,
}

impl Reading {
    /// A reading of the file with this number, of which nothing is known yet.
    pub(crate) fn new(file: u32, format: ListFormat) -> Self {
        Reading {
            file,
            format,
            ages: false,
            lossy: false,
            rows_read: 0,
            rows_used: 0,
            rows_refused: 0,
            rows_other: 0,
            rows_unreviewed: 0,
            reviewers: BTreeMap::new(),
            tells: BTreeSet::new(),
            end: End::Unvouched,
            newest_change: None,
            notes: Vec::new(),
            entries: Vec::new(),
            rolls: Vec::new(),
            memberships: Vec::new(),
            holes: Vec::new(),
            assignments: Vec::new(),
            applications: Vec::new(),
            entitlements: Vec::new(),
            permission_sets: Vec::new(),
            iam_users: Vec::new(),
            trusts: Vec::new(),
            waivers: Vec::new(),
            refusals: Vec::new(),
        }
    }

    /// Counts a row that was read, by what it is about.
    pub(crate) fn count(&mut self, kind: EntryKind) {
        self.rows_read += 1;
        match kind {
            EntryKind::Person | EntryKind::Group => self.rows_used += 1,
            EntryKind::Other => self.rows_other += 1,
        }
    }

    /// Takes down who reviewed a row.
    pub(crate) fn review(&mut self, line: u32, reviewer: Option<&str>) {
        match reviewer {
            Some(reviewer) => self.reviewers.entry(reviewer.to_owned()).or_default().push(line),
            None => self.rows_unreviewed += 1,
        }
    }

    /// A note of groups whose plain names hold a comma: somebody may have joined several by it.
    pub(crate) fn note_of_commas(&self) -> Option<String> {
        let names = self.memberships.iter().filter_map(|membership| match &membership.group {
            Reference::Name(name) if name.contains(',') => Some((membership.at.line, name)),
            Reference::Name(_) | Reference::Row(_) | Reference::Named(_) | Reference::Dn(_) | Reference::Account(_) => {
                None
            }
        });
        let (line, name) = names.min()?;
        Some(format!("{} in line {line} is read as one group name; separate groups with `;`", quoted(name)))
    }

    /// Notes that an export of a whole directory was cut off before any group: they may have come after the cut.
    pub(crate) fn note_groups_cut_off(&mut self) {
        if let End::Cut(detail) = &self.end
            && self.tells == BTreeSet::from([Tells::People])
        {
            let detail = format!("it was cut off before the first group: {detail}");
            let at = self.at(self.rows_read);
            self.holes.push(Hole { at, affects: Affects::Groups, unseen: What::Groups.into(), detail });
        }
    }

    /// Whether anybody in it is a person.
    pub(crate) fn names_people(&self) -> bool {
        self.entries.iter().any(|entry| entry.kind == EntryKind::Person)
    }

    /// A line of this file.
    pub(crate) fn at(&self, line: u32) -> At {
        At { file: self.file, line }
    }
}
