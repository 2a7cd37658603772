//! What AWS allows, with equal outcomes in many accounts in one line.

use std::io::{self, Write};

use crate::model::AccountId;
use crate::pipeline::{Access, Trial, Tried};
use crate::wording::{self, visible};

/// Accounts that a line names before it only counts.
const NAMED: usize = 3;

/// One action, and all accounts in which it ended in the same way.
pub(super) struct Group<'t> {
    pub(super) action: &'t str,
    pub(super) tried: &'t Tried,
    pub(super) accounts: Vec<AccountId>,
}

/// Equal outcomes together, in the order in which they came. What AWS says names the account, so only the code counts.
pub(super) fn groups(trials: &[Trial]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for Trial { action, account, tried } in trials {
        let same = groups.iter_mut().find(|group| group.action == action && kind(group.tried) == kind(tried));
        match same {
            Some(group) => group.accounts.extend(account),
            None => groups.push(Group { action, tried, accounts: account.iter().copied().collect() }),
        }
    }
    groups
}

/// Whether a permission is missing, or nobody can say whether it is.
pub(super) fn lacking(access: &Access) -> bool {
    let lacks = |trial: &Trial| matches!(trial.tried, Tried::Denied { .. } | Tried::Failed { .. });
    access.trials.iter().flatten().any(lacks)
}

pub(super) fn write(access: &Access, out: &mut dyn Write) -> io::Result<()> {
    for group in access.trials.iter().flat_map(|trials| groups(trials)) {
        let (word, _) = kind(group.tried);
        let because = match group.tried {
            Tried::Granted => String::new(),
            Tried::Denied { code, message } | Tried::Failed { code, message } => {
                format!(": `{}`: {}", visible(code), visible(message))
            }
            Tried::NotTried { because } => format!(": {because}"),
        };
        writeln!(out, "  {word:<9}  {}{}{because}", group.action, places(&group))?;
    }
    if lacking(access) {
        writeln!(out, "  to do: allow the denied actions; `rollcall policy` prints all required permissions")?;
    }
    if assumed_nowhere(access.trials.iter().flatten()) {
        // AWS answers the same where the role does not exist.
        writeln!(
            out,
            "  to do: check the name of the member role (`aws.member_role`), its trust policy and `aws.external_id`; no account let Rollcall assume it"
        )?;
    }
    Ok(())
}

/// Whether the member role was refused in every account that it was tried in.
fn assumed_nowhere<'t>(trials: impl Iterator<Item = &'t Trial>) -> bool {
    let tried: Vec<&Tried> =
        trials.filter(|trial| trial.action == "sts:AssumeRole").map(|trial| &trial.tried).collect();
    !tried.is_empty() && tried.iter().all(|tried| matches!(tried, Tried::Denied { .. }))
}

fn places(group: &Group<'_>) -> String {
    let all = group.accounts.len();
    if all == 0 {
        return String::new();
    }
    if *group.tried == Tried::Granted {
        return format!(" in {}", wording::count(all, "account"));
    }
    let mut named: Vec<String> = group.accounts.iter().take(NAMED).map(ToString::to_string).collect();
    if all > NAMED {
        named.push(format!("{} more", wording::thousands((all - NAMED) as u64)));
    }
    format!(" in {}", wording::list(&named))
}

/// The word for an outcome, and the code of its error.
fn kind(tried: &Tried) -> (&'static str, &str) {
    match tried {
        Tried::Granted => ("granted", ""),
        Tried::Denied { code, .. } => ("denied", code),
        Tried::Failed { code, .. } => ("unknown", code),
        Tried::NotTried { because } => ("not tried", because),
    }
}
