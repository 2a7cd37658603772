//! Why a waiver does not accept a finding that it names, and what is wrong with a waiver.

use chrono::NaiveDate;

use crate::model::{Expectation, NotAccepted, RowRef, Waiver, WaiverFault, World};

use super::{row, visible};

/// Why a waiver does not accept a finding, in one sentence.
pub(super) fn not_accepted(world: &World, waiver: RowRef, on: Option<NaiveDate>, because: &[NotAccepted]) -> String {
    let at = row(&world.expectation, waiver);
    let is_valid = !because.iter().any(|one| one.fault().is_some());
    let by_name = because.iter().any(NotAccepted::is_by_name);
    let because: Vec<String> = because.iter().map(|one| reason(world, one)).collect();
    match on.filter(|_| is_valid) {
        Some(on) => format!("A waiver at `{at}` accepted it as it was on {on}: {}", because.join("; ")),
        None if by_name => format!(
            "A waiver at `{at}` names it but does not accept it: it does not record what was accepted, and by name \
             alone it accepts {}",
            because.join(", and ")
        ),
        None => format!("A waiver at `{at}` names it but does not accept it: {}", because.join("; ")),
    }
}

fn reason(world: &World, because: &NotAccepted) -> String {
    let id = |id: &Option<String>| id.as_ref().map_or("none".to_owned(), |id| format!("`{}`", visible(id)));
    match because {
        NotAccepted::Severity { was, is } => format!("it was `{was}` and is `{is}`"),
        NotAccepted::Principal { was, is } => format!(
            "the principal's AWS id was {} and is now {}: the principal was re-created, or another one has that name",
            id(was),
            id(is)
        ),
        NotAccepted::Content => "what it allows or holds changed since approval, or could not be read".to_owned(),
        NotAccepted::AboveRule(severity) => format!("nothing above `{severity}`"),
        NotAccepted::Administrative => "nothing that is or may be administrative".to_owned(),
        NotAccepted::Fault(fault) => waiver_fault(world, fault),
    }
}

/// A waiver that ends soon: `` until 2026-12-01: `missing-user` of `ivan` (`waivers.toml:12`), approved by `cy` ``.
#[must_use]
pub fn ending_waiver(expectation: &Expectation, waiver: &Waiver) -> String {
    let of = waiver.principal.as_ref().map(|principal| format!(" of `{}`", visible(principal))).unwrap_or_default();
    let account = waiver.account.map(|account| format!(" in account {account}")).unwrap_or_default();
    format!(
        "until {}: `{}`{of}{account} (`{}`), approved by `{}`",
        waiver.expires,
        visible(&waiver.rule),
        row(expectation, waiver.row),
        visible(&waiver.approved_by)
    )
}

/// What is wrong with a waiver, as a clause.
pub(super) fn waiver_fault(world: &World, fault: &WaiverFault) -> String {
    match fault {
        WaiverFault::TooLong(last) => format!(
            "it runs longer than the {} days that the settings allow (`rules.waiver_max`); its last day can be \
             {last} at the latest",
            world.policy.max_waiver.num_days()
        ),
        WaiverFault::WholeRule(severity) => format!(
            "it covers a whole rule with findings up to `{severity}`; it must name a finding, a principal or an \
             account"
        ),
        WaiverFault::OwnSubject(by) => {
            format!("it was approved by `{}`, the person it is about; another person must approve it", visible(by))
        }
    }
}
