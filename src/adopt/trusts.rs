//! `trusts.csv`: whom outside roles trust, with the digests of the conditions and of what the role may do. Who answers
//! for it is for people to say.

use std::collections::BTreeSet;

use crate::model::{AccountId, IamRole, Ix, Report, Subject, Trust, quoted};

use super::sheet::{Sheet, cell};
use super::{Administrative, Cells, Draft, Reason, gap, withheld};

pub(super) const NAME: &str = "trusts.csv";
const COLUMNS: [&str; 7] = ["account", "role", "trusted", "owner", "conditions", "digest", "reviewed_by"];

pub(super) fn draft(report: &Report<'_>, administrative: &Administrative) -> Result<Draft, BTreeSet<Reason>> {
    let snapshot = &report.world.snapshot;
    if snapshot.iam.is_empty() {
        return Err(withheld(Reason::OutOfScope));
    }
    let mut sheet = Sheet::default();
    for iam in &snapshot.iam {
        if let Some(reason) = gap(iam.roles.extent()) {
            sheet.leave_out(reason, format!("IAM roles of {}", snapshot.accounts[iam.account].id));
        }
    }
    for judged in &report.judged {
        let Subject::Trust(place, role, trust) = judged.subject else { continue };
        let iam = &snapshot.iam[place.number()];
        let (account, entry) = (snapshot.accounts[iam.account].id, &iam.roles[role]);
        let Some(trusts) = entry.trusts.is() else { continue };
        let trusted = trusts[trust.number()].trusted.name();
        match cells(account, entry, trust, &trusts[trust.number()].digest()) {
            Some(cells) if is_writable(&trusted) => {
                sheet.row(administrative.roles.contains(&(place, role)), cells);
            }
            Some(_) | None => sheet.leave_out(
                Reason::Unwritable("a list cannot name the trusted principal"),
                format!("role {} in {account}", quoted(&entry.name)),
            ),
        }
    }
    sheet.draft(&COLUMNS)
}

/// Whether the list can name them: providers by a host with a dot, all others by what AWS calls them.
fn is_writable(trusted: &str) -> bool {
    let is_id = trusted == "*" || trusted.starts_with("o-") || trusted.parse::<AccountId>().is_ok();
    let is_name = trusted.contains('.') || trusted.matches(':').count() >= 5;
    (is_id || is_name) && !trusted.contains(char::is_whitespace)
}

/// The row of a trust with its conditions, where it was read whom the role trusts.
pub(super) fn cells(account: AccountId, role: &IamRole, trust: Ix<Trust>, conditions: &str) -> Option<Cells> {
    let trusted = role.trusts.is()?[trust.number()].trusted.name();
    Some(vec![
        ("account", account.to_string()),
        ("role", cell(&role.name)),
        ("trusted", cell(&trusted)),
        ("conditions", cell(conditions)),
        ("digest", role.policies_digest().unwrap_or_default()),
    ])
}
