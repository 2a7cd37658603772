//! What one reader makes of one file, before the files are put together.

use crate::model::quoted;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::records::{
    Affects, ApplicationRecord, Assignment, At, End, EntitlementRecord, Entry, EntryKind, Hole, IamUserRecord, Membership,
    PermissionSetRecord, Reference, Refused, Roll, Tells, TrustRecord, WaiverRecord,
};

/// What one reader makes of one file.
#[derive(Debug)]
pub(super) struct Reading {
    file: u32,
    pub(super) format: &'static str,
    pub(super) ages: bool,
    pub(super) lossy: bool,
    pub(super) rows_read: u32,
    pub(super) rows_used: u32,
    pub(super) rows_refused: u32,
    pub(super) rows_other: u32,
    pub(super) rows_unreviewed: u32,
    /// The lines that each reviewer signed.
    pub(super) reviewers: BTreeMap<String, Vec<u32>>,
    pub(super) tells: BTreeSet<Tells>,
    pub(super) end: End,
    pub(super) newest_change: Option<DateTime<Utc>>,
    pub(super) notes: Vec<String>,
    pub(super) entries: Vec<Entry>,
    pub(super) rolls: Vec<Roll>,
    pub(super) memberships: Vec<Membership>,
    pub(super) holes: Vec<Hole>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) applications: Vec<ApplicationRecord>,
    pub(super) entitlements: Vec<EntitlementRecord>,
    pub(super) permission_sets: Vec<PermissionSetRecord>,
    pub(super) iam_users: Vec<IamUserRecord>,
    pub(super) trusts: Vec<TrustRecord>,
    pub(super) waivers: Vec<WaiverRecord>,
    pub(super) refusals: Vec<Refused>,
}

impl Reading {
    /// A reading of the file with this number, of which nothing is known yet.
    pub(super) fn new(file: u32, format: &'static str) -> Self {
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
    pub(super) fn count(&mut self, kind: EntryKind) {
        self.rows_read += 1;
        match kind {
            EntryKind::Person | EntryKind::Group => self.rows_used += 1,
            EntryKind::Other => self.rows_other += 1,
        }
    }

    /// Takes down who reviewed a row.
    pub(super) fn review(&mut self, line: u32, reviewer: Option<&str>) {
        match reviewer {
            Some(reviewer) => self.reviewers.entry(reviewer.to_owned()).or_default().push(line),
            None => self.rows_unreviewed += 1,
        }
    }

    /// A note of groups whose plain names hold a comma: somebody may have joined several by it.
    pub(super) fn note_of_commas(&self) -> Option<String> {
        let names = self.memberships.iter().filter_map(|membership| match &membership.group {
            Reference::Name(name) if name.contains(',') => Some((membership.at.line, name)),
            Reference::Name(_) | Reference::Row(_) | Reference::Named(_) | Reference::Dn(_) | Reference::Account(_) => {
                None
            }
        });
        let (line, name) = names.min()?;
        Some(format!("{} in line {line} is taken for the name of one group; several are joined by `;`", quoted(name)))
    }

    /// Notes that an export of a whole directory was cut off before any group: they may have come after the cut.
    pub(super) fn note_groups_cut_off(&mut self) {
        if let End::Cut(detail) = &self.end
            && self.tells == BTreeSet::from([Tells::People])
        {
            let detail = format!("it was cut off before any group: {detail}");
            let at = self.at(self.rows_read);
            self.holes.push(Hole { at, affects: Affects::Groups, unseen: "groups".to_owned(), detail });
        }
    }

    /// Whether anybody in it is a person.
    pub(super) fn names_people(&self) -> bool {
        self.entries.iter().any(|entry| entry.kind == EntryKind::Person)
    }

    /// A line of this file.
    pub(super) fn at(&self, line: u32) -> At {
        At { file: self.file, line }
    }
}
