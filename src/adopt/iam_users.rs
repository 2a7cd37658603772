//! `iam-users.csv`: every IAM user with its policies and the digest of what they allow now. Who answers for it is for
//! people to say.

use std::collections::BTreeSet;

use crate::model::{IamAccount, IamPolicy, IamUser, Ix, Report, quoted};

use super::sheet::{Sheet, cell, joined};
use super::{Administrative, Cells, Draft, Reason, gap, withheld};

pub(super) const NAME: &str = "iam-users.csv";
const COLUMNS: [&str; 6] = ["account", "user", "policies", "owner", "digest", "reviewed_by"];

pub(super) fn draft(report: &Report<'_>, administrative: &Administrative) -> Result<Draft, BTreeSet<Reason>> {
    let snapshot = &report.world.snapshot;
    if snapshot.iam.is_empty() {
        return Err(withheld(Reason::OutOfScope));
    }
    let mut sheet = Sheet::default();
    for (number, iam) in snapshot.iam.iter().enumerate() {
        let account: Ix<IamAccount> = Ix::new(number);
        if let Some(reason) = gap(iam.users.extent()) {
            sheet.leave_out(reason, format!("IAM users of {}", snapshot.accounts[iam.account].id));
            continue;
        }
        for (user, entry) in iam.users.positions() {
            match cells(report, account, user) {
                Some(cells) => sheet.row(administrative.iam_users.contains(&(account, user)), cells),
                // A row without a digest is met by whatever the policies turn out to allow.
                None => sheet.leave_out(
                    Reason::Unwritable("a policy was not read, so it cannot be approved"),
                    format!("IAM user {} in {}", quoted(&entry.name), snapshot.accounts[iam.account].id),
                ),
            }
        }
    }
    sheet.draft(&COLUMNS)
}

/// The row of an IAM user whose policies were all read.
pub(super) fn cells(report: &Report<'_>, account: Ix<IamAccount>, user: Ix<IamUser>) -> Option<Cells> {
    let snapshot = &report.world.snapshot;
    let iam = &snapshot.iam[account.number()];
    let user = &iam.users[user];
    let policies: BTreeSet<String> = user.policies.iter().map(IamPolicy::cell).collect();
    let digest = user.policies_digest()?;
    Some(vec![
        ("account", snapshot.accounts[iam.account].id.to_string()),
        ("user", cell(&user.name)),
        ("policies", joined(policies.iter().map(String::as_str))),
        ("digest", digest),
    ])
}
