//! Records in, one [`Expectation`] out: whoever is a person, whoever is in which group, and how far each list was read.

mod address_book;
pub(crate) mod addresses;
mod applications;
mod assignments;
mod coverage;
mod disputed_members;
mod employee_numbers;
mod entitlements;
mod extent_of_lists;
mod groups;
mod leavers;
mod members;
mod names_alike;
mod newest_member_list;
pub(crate) mod nodes;
pub(crate) mod object_graph;
mod people;
mod people_without_groups;
mod people_without_key;
mod principals_by_dn;
mod statements;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::records::directory_records::{self, Affects, End, EntryKind, FileRecord, Records, Tells};
use crate::model::{
    Accepted, Concerns, Estate, Expectation, ExpectedFile, IamUserRow, Ix, Kind, Listing, NameKey, PermissionSetRow,
    Refusal, Source, TrustRow, Waiver, What, Why,
};
use coverage::Coverage;
use extent_of_lists::{Extents, Gaps, hole_gap, source};
use groups::groups;
use members::Members;
use object_graph::Graph;
use people::People;

/// The rows that were refused, each told once, and what else a row may have spoken of.
fn refusals(records: &Records, gaps: &mut Gaps) -> (Vec<Refusal>, Vec<Refusal>) {
    let again = |number: usize| number > 0 && records.refusals[number - 1].at == records.refusals[number].at;
    let all = records.refusals.iter().map(|refused| refusal(records, refused, gaps)).enumerate();
    let (further, refused): (Vec<_>, Vec<_>) = all.partition(|(number, _)| again(*number));
    let those = |all: Vec<(usize, Refusal)>| all.into_iter().map(|(_, refusal)| refusal).collect();
    (those(refused), those(further))
}

/// Folds records into an expectation. Whether an account or a row has expired is judged at `as_of`. `estate` is what
/// the patterns of rows are held against; without one, rows with patterns expect nothing.
#[must_use]
pub fn fold(records: &Records, as_of: DateTime<Utc>, estate: Option<&Estate>) -> Expectation {
    let records = &*principals_by_dn::named(records);
    let mut gaps = Gaps::default();
    let graph = Graph::of(records);
    let members = Members::of(records, &graph);
    let sources: Vec<Arc<Source>> = records.files.iter().map(|file| Arc::new(source(file))).collect();
    let extents = Extents { records, sources: &sources };
    let read = extents.of(&[Tells::People, Tells::SomePeople, Tells::Members], &What::People.into(), &mut gaps);
    let roster = |anybody_there| Coverage::of(records, anybody_there).extent(Kind::User, read, What::AllUsers);
    let People { people, places, gone, anybody_there } = people::people(records, &graph, as_of, roster);
    let coverage = Coverage::of(records, anybody_there);
    let groups = groups(&graph, &members, &extents, (&places, &gone), &coverage, &mut gaps);
    let expanded = assignments::expand(records, estate, &groups, as_of.date_naive(), &mut gaps);
    let by_convention = records.assignments.iter().any(|row| row.principal.contains('{'));
    let assignments_extent = extents.of(&[Tells::Assignments], &What::ExpectedAssignments.into(), &mut gaps);
    let assignments_extent = if by_convention { assignments_extent.and(groups.extent()) } else { assignments_extent };
    let applications = applications::rows(records, as_of.date_naive());
    let applications_extent = extents.of(&[Tells::Applications], &What::ExpectedApplications.into(), &mut gaps);
    let entitlements = entitlements::expand(records, estate, as_of.date_naive(), &mut gaps);
    let entitlements_extent = extents.of(&[Tells::Entitlements], &What::ExpectedEntitlements.into(), &mut gaps);
    let permission_sets = records.permission_sets.iter().map(permission_set).collect();
    let permission_sets_extent = extents.of(&[Tells::PermissionSets], &What::ExpectedPermissionSets.into(), &mut gaps);
    let iam_users = records.iam_users.iter().map(iam_user).collect();
    let iam_users_extent = extents.of(&[Tells::IamUsers], &What::ExpectedIamUsers.into(), &mut gaps);
    let trusts = records.trusts.iter().map(trust).collect();
    let trusts_extent = extents.of(&[Tells::Trusts], &What::ExpectedTrusts.into(), &mut gaps);
    for hole in records.holes.iter().filter(|hole| hole.affects == Affects::Employment) {
        hole_gap(&extents, hole, &mut gaps);
    }
    let (refused, undecided) = refusals(records, &mut gaps);
    let undecided = undecided.into_iter().chain(expanded.undecided).chain(entitlements.undecided).collect();
    let refused = refused.into_iter().chain(expanded.refused).chain(entitlements.refused).collect();
    let counted = sources.iter().zip(&records.files).filter(|(_, file)| file.set_aside.is_none());
    let counted = counted.map(|(source, _)| Arc::clone(source));
    let without_key = people_without_key::notes(&people);
    let notes = |file: u32| {
        let of_people = without_key.get(&Ix::new(file as usize)).map(String::as_str);
        members.note(file).into_iter().chain(of_people)
    };
    Expectation {
        files: (0..)
            .zip(&records.files)
            .zip(domains(records))
            .map(|((number, record), domains)| file(record, notes(number), domains))
            .collect(),
        groups_by_people: coverage.by_people.then(|| groups::nested(&extents)),
        speaks_for: coverage.speaks_for,
        speaks_in_part: coverage.in_part,
        people,
        groups,
        assignments: Listing::by_key(expanded.in_force, assignments_extent.clone(), |row| row.row),
        lapsed: Listing::by_key(expanded.lapsed, assignments_extent, |row| row.row),
        applications: Listing::by_key(applications, applications_extent, |row| row.row),
        entitlements: Listing::by_key(entitlements.rows, entitlements_extent, |row| row.row),
        permission_sets: Listing::by_key(permission_sets, permission_sets_extent, |row| row.row),
        iam_users: Listing::by_key(iam_users, iam_users_extent, |row| row.row),
        trusts: Listing::by_key(trusts, trusts_extent, |row| row.row),
        waivers: records.waivers.iter().map(waiver).collect(),
        idle: [expanded.idle, entitlements.idle].concat(),
        refused,
        undecided,
        gaps: gaps.all(),
        sources: counted.collect(),
    }
}

/// By file: the domains of the accounts that it lists, where it is a list of all people of a source.
fn domains(records: &Records) -> Vec<Option<BTreeSet<String>>> {
    let is_roster = |file: &FileRecord| file.tells.contains(&Tells::People);
    let mut domains: Vec<Option<BTreeSet<String>>> =
        records.files.iter().map(|file| is_roster(file).then(BTreeSet::new)).collect();
    for entry in records.entries.iter().filter(|entry| entry.kind == EntryKind::Person) {
        let Some(domains) = &mut domains[entry.at.file as usize] else { continue };
        let of_name = entry.user_name.as_deref().and_then(|name| Some(name.rsplit_once('@')?.1));
        domains.extend(entry.domain.as_deref().into_iter().chain(of_name).map(str::to_lowercase));
    }
    domains
}

fn file<'n>(
    record: &'n FileRecord,
    notes: impl Iterator<Item = &'n str>,
    domains: Option<BTreeSet<String>>,
) -> ExpectedFile {
    // What is wrong with a file that says nothing is wrong with nothing.
    let counts = record.set_aside.is_none();
    ExpectedFile {
        name: record.name.clone(),
        format: record.format,
        encoding: record.encoding.clone(),
        sha256: record.sha256.clone(),
        rows_read: record.rows_read,
        rows_used: record.rows_used,
        rows_refused: record.rows_refused,
        rows_unreviewed: record.rows_unreviewed,
        reviewers: record.reviewers.clone(),
        cut: match &record.end {
            End::Cut(how) if counts => Some(how.clone()),
            End::Cut(_) | End::Vouched(_) | End::Unvouched => None,
        },
        lossy: record.lossy && counts,
        exported: record.exported,
        ages: record.ages && counts,
        notes: record.notes.iter().map(String::as_str).chain(notes).map(str::to_owned).collect(),
        set_aside: record.set_aside.clone(),
        domains,
    }
}

fn permission_set(row: &directory_records::PermissionSetRecord) -> PermissionSetRow {
    PermissionSetRow {
        name: row.name.clone(),
        administrative: row.administrative,
        digest: row.digest.clone(),
        row: row.at.into(),
    }
}

fn iam_user(row: &directory_records::IamUserRecord) -> IamUserRow {
    IamUserRow {
        account: row.account,
        name: row.user.clone(),
        policies: row.policies.clone(),
        administrative: row.administrative,
        owner: row.owner.clone(),
        digest: row.digest.clone(),
        unreviewed: row.unreviewed,
        row: row.at.into(),
    }
}

fn trust(row: &directory_records::TrustRecord) -> TrustRow {
    TrustRow {
        account: row.account,
        role: row.role.clone(),
        trusted: row.trusted.clone(),
        owner: row.owner.clone(),
        conditions: row.conditions.clone(),
        administrative: row.administrative,
        digest: row.digest.clone(),
        row: row.at.into(),
    }
}

fn waiver(record: &directory_records::WaiverRecord) -> Waiver {
    Waiver {
        rule: record.rule.clone(),
        principal: record.principal.clone(),
        account: record.account,
        finding: record.finding.clone(),
        reason: record.reason.clone(),
        approved_by: record.approved_by.clone(),
        expires: record.expires,
        accepted: record.accepted.as_ref().map(|accepted| Accepted {
            on: accepted.on,
            severity: accepted.severity,
            principal_id: accepted.principal_id.clone(),
            digest: accepted.digest.clone(),
        }),
        row: record.at.into(),
    }
}

fn refusal(records: &Records, refused: &directory_records::Refused, gaps: &mut Gaps) -> Refusal {
    let why = Why::Refused { line: refused.at.line, reason: refused.reason.clone() };
    let file = &records.files[refused.at.file as usize].name;
    Refusal {
        row: refused.at.into(),
        reason: refused.reason.clone(),
        concerns: Concerns {
            kind: refused.kind,
            principal: refused.principal.as_deref().map(NameKey::of),
            account: refused.account,
            what: refused.what.as_deref().map(NameKey::of),
        },
        gap: gaps.add(file, What::RefusedRow.into(), why),
    }
}
