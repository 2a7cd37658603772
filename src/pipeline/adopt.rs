//! Adopting and accepting: an audit that leaves no package, and then lists that are missing, or one row more.
//!
//! What is to be written is first judged in memory, together with the lists that are there: nothing is written that
//! our own reader would refuse, or that would not do what was asked.

mod edit_list;
mod look;
mod not_added;
mod seen;

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::adopt::{self, Acceptance, Administrative, Outcome, Proposal, Waiving};
use crate::compare::administrative::{self, Place};
use crate::compare::{self, compare};
use crate::expect::{self, Records};
use crate::model::{Administrative as Judged, Ix, PermissionSetPolicies, Report, Subject};
use crate::wording;

use super::list_files::Read;
use super::{Clock, PipelineError};
use seen::Seen;

pub use look::{EarlierRun, Look};
pub use not_added::NotAdded;

/// What adopting came to.
#[derive(Debug)]
pub struct Adopted {
    /// Every list that can be kept by hand.
    pub lists: Vec<Drafted>,
}

/// What became of one list.
#[derive(Debug)]
pub struct Drafted {
    /// Where it is, or would be.
    pub path: PathBuf,
    /// Its name.
    pub name: &'static str,
    /// What became of it.
    pub outcome: Outcome,
}

/// A row or a waiver that a list has more.
#[derive(Debug)]
pub struct Added {
    /// The list.
    pub path: PathBuf,
    /// What it has more.
    pub text: String,
    /// The finding that is accepted by it, as a sentence.
    pub title: String,
}

/// What is added for a finding.
#[derive(Debug, Clone, Copy)]
pub enum Addition<'a> {
    /// The row that it lacks.
    Row,
    /// A waiver.
    Waiver {
        /// Why it is accepted.
        reason: &'a str,
        /// Who accepted it.
        approved_by: &'a str,
        /// The last day on which it is.
        expires: NaiveDate,
    },
}

/// Writes the lists that are missing, from what AWS has now. `write` is whether they are really written.
///
/// # Errors
/// Where the lists or AWS cannot be read, or a list cannot be written.
pub async fn adopt(look: &Look, write: bool, clock: &Clock) -> Result<Adopted, PipelineError> {
    let seen = Seen::look(look, clock).await?;
    let proposals = propose(&compare(&seen.world));
    let mut files = look.files().await?;
    for Proposal { name, outcome } in &proposals {
        if let Outcome::Draft(draft) = outcome {
            files.push(Read::new(name, draft.text.clone().into_bytes()));
        }
    }
    refuse_misread(&seen.understand(&files)?, &proposals)?;
    let mut lists = Vec::new();
    for Proposal { name, outcome } in proposals {
        let path = look.expected.join(name);
        if let (Outcome::Draft(draft), true) = (&outcome, write) {
            let failed = |source| PipelineError::Write { path: path.clone(), source };
            edit_list::create(&path, draft.text.as_bytes()).map_err(failed)?;
        }
        lists.push(Drafted { path, name, outcome });
    }
    Ok(Adopted { lists })
}

/// What adopting a world would write.
#[must_use]
pub fn propose(report: &Report<'_>) -> Vec<Proposal> {
    adopt::propose(report, &administrative(report))
}

/// A draft whose rows are not read back as many as they are would say something else than was seen.
fn refuse_misread(records: &Records, proposals: &[Proposal]) -> Result<(), PipelineError> {
    for Proposal { name, outcome } in proposals {
        let Outcome::Draft(draft) = outcome else { continue };
        let used = records.files.iter().find(|file| file.name == *name).map(|file| file.rows_used as usize);
        if used != Some(draft.rows) {
            return Err(PipelineError::Misread { name });
        }
    }
    Ok(())
}

/// Adds to a list the row that a finding lacks. `write` is whether it is really written.
///
/// # Errors
/// See [`NotAdded`].
pub async fn accept(look: &Look, id: &str, write: bool, clock: &Clock) -> Result<Added, NotAdded> {
    add(look, id, Addition::Row, write, clock).await
}

/// Adds a waiver for a finding. `write` is whether it is really written.
///
/// # Errors
/// See [`NotAdded`].
pub async fn waive(look: &Look, id: &str, waiver: Addition<'_>, write: bool, clock: &Clock) -> Result<Added, NotAdded> {
    add(look, id, waiver, write, clock).await
}

async fn add(look: &Look, id: &str, what: Addition<'_>, write: bool, clock: &Clock) -> Result<Added, NotAdded> {
    let mut seen = Seen::look(look, clock).await?;
    if matches!(one(&compare(&seen.world), id), Err(NotAdded::NotOne { near, .. }) if near.is_empty()) {
        seen.compare_with_earlier_run().await?;
    }
    let report = compare(&seen.world);
    let finding = one(&report, id)?;
    let title = wording::title(&report, finding);
    if let Some(waiver) = finding.waiver {
        let row = seen.world.expectation.waivers[waiver.number()].row;
        return Err(NotAdded::Waived { at: wording::row(&seen.world.expectation, row) });
    }
    let by_hand = |instead: String| NotAdded::ByHand { title: title.clone(), instead };
    let mut files = look.files().await?;
    let mut without_column = Vec::new();
    let (number, addition) = match what {
        Addition::Row => match adopt::accept(&report, finding, &administrative(&report)) {
            Acceptance::ByHand(instead) => return Err(by_hand(instead)),
            Acceptance::Row { list, cells } => {
                let number = edit_list::of(&mut files, list)?;
                let text = edit_list::text(&files[number])?;
                without_column = expect::cells_without_column(text, &cells);
                (number, expect::append_row(text, &cells).map_err(|damage| edit_list::damaged(look, list, damage))?)
            }
        },
        Addition::Waiver { .. } if matches!(finding.subject, Subject::Waiver(_)) => {
            return Err(by_hand("change `waivers.toml` directly".to_owned()));
        }
        Addition::Waiver { reason, approved_by, expires } => {
            let (principal, account) = compare::about(&seen.world, finding.subject);
            let accepted = compare::accepted(&report, finding);
            let waiving = Waiving { principal, account, reason, approved_by, expires, accepted };
            let number = edit_list::of(&mut files, edit_list::WAIVERS)?;
            edit_list::takes_tables(&files[number])?;
            let table = adopt::waiver(&report, finding, &waiving);
            (number, edit_list::apart(edit_list::text(&files[number])?, table))
        }
    };
    let before = files[number].bytes.clone();
    files[number].bytes.extend_from_slice(addition.as_bytes());
    let name = files[number].name.clone();
    match seen.refuse_useless(&files, &name, &finding.fingerprint, &title) {
        Err(NotAdded::Useless { name, title, because: None }) if !without_column.is_empty() => {
            return Err(NotAdded::NoColumn { name, columns: without_column, title });
        }
        judged => judged?,
    }
    let path = look.expected.join(&name);
    if write {
        let failed = |source| PipelineError::Write { path: path.clone(), source };
        edit_list::put(&path, &before, &files[number].bytes).map_err(failed)?;
    }
    Ok(Added { path, text: addition.trim().to_owned(), title })
}

/// The one finding that begins so.
fn one<'r>(report: &'r Report<'_>, id: &str) -> Result<&'r crate::model::Finding, NotAdded> {
    let wanted = id.to_ascii_lowercase();
    let found: Vec<_> =
        report.findings.iter().filter(|finding| finding.fingerprint.as_str().starts_with(&wanted)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        many => Err(NotAdded::NotOne {
            id: id.to_owned(),
            near: many
                .iter()
                .map(|finding| format!("{}  {}", finding.fingerprint, wording::title(report, finding)))
                .collect(),
            of: report.findings.len(),
        }),
    }
}

/// What makes its holders administrators.
fn administrative(report: &Report<'_>) -> Administrative {
    let snapshot = &report.world.snapshot;
    let mut administrative = Administrative::default();
    for (position, set) in snapshot.permission_sets.positions() {
        match administrative::permission_set(set, snapshot) {
            Judged::Yes(_) => drop(administrative.permission_sets.insert(position)),
            // Each account defines what a customer-managed policy allows, so nobody can promise that it stays harmless.
            Judged::No if set.policies.is().is_some_and(PermissionSetPolicies::is_self_contained) => {
                administrative.harmless.insert(position);
            }
            Judged::No | Judged::Unknown(_) => {}
        }
    }
    for (place, entitled) in snapshot.entitled.positions() {
        let held = entitled.entitlements.positions();
        let yes = held.filter(|(_, held)| administrative::entitlement(snapshot, entitled.account, held).is_yes());
        administrative.entitlements.extend(yes.map(|(position, _)| (place, position)));
    }
    for (number, iam) in snapshot.iam.iter().enumerate() {
        let place = Place::of(snapshot, iam.account);
        let roles = iam.roles.positions().filter(|(_, entry)| administrative::role(entry, place).is_yes());
        administrative.roles.extend(roles.map(|(role, _)| (Ix::new(number), role)));
        let users = iam.users.positions().filter(|(_, entry)| administrative::user(entry, place).is_yes());
        administrative.iam_users.extend(users.map(|(user, _)| (Ix::new(number), user)));
    }
    administrative
}
