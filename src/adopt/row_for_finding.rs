//! What accepts one finding: a row that an expected list lacks, an edit that only its owner should make, or a waiver.

use chrono::NaiveDate;

use crate::model::{
    Accepted, Account, AccountId, Evidence, Finding, IamAccount, IamPolicy, IamRole, IamUser, Ix, Kind, NameKey,
    Principal, Report, RowRef, Subject, Trust,
};
use crate::wording::{self, visible};

use super::{
    Administrative, Cells, Reason, applications, assignments, entitlements, iam_users, people, permission_sets, trusts,
};

/// What accepts a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// A row more in this list.
    Row {
        /// The list's name.
        list: &'static str,
        /// The row.
        cells: Cells,
    },
    /// Something that no new row can say: what to do, as a sentence.
    ByHand(String),
}

/// What accepts this finding.
#[must_use]
pub fn accept(report: &Report<'_>, finding: &Finding, administrative: &Administrative) -> Acceptance {
    let row = |list, cells| Acceptance::Row { list, cells };
    let changed = finding.evidence.iter().find_map(|evidence| {
        if let Evidence::Lapsed(row, last) = evidence {
            return Some(format!("{} expired on {last}: set a later date in `expires`", place(report, *row)));
        }
        if let Evidence::ToApprove(column, cell) = evidence {
            let row = place(report, finding.evidence.iter().find_map(Evidence::row)?);
            return Some(format!("review what it allows now, then set `{column}` of {row} to `{}`", visible(cell)));
        }
        let Evidence::Digest { now, .. } = evidence else { return None };
        let row = place(report, finding.evidence.iter().find_map(Evidence::row)?);
        Some(format!("review what it allows now, then set `digest` of {row} to {now}"))
    });
    if let Some(edit) = changed {
        return Acceptance::ByHand(edit);
    }
    match (finding.rule.0, finding.subject) {
        ("unexpected-assignment", Subject::Assignment(account, set, principal)) => {
            assignment(report, account, set, principal)
        }
        ("unexpected-application", Subject::Application(application, holder)) => {
            let snapshot = &report.world.snapshot;
            written(applications::NAME, applications::row(snapshot, &snapshot.applications[application], holder))
        }
        ("unexpected-entitlement", Subject::Entitlement(entitled, entitlement)) => {
            let snapshot = &report.world.snapshot;
            let entitled = &snapshot.entitled[entitled];
            let cells = entitlements::row(snapshot, entitled, &entitled.entitlements[entitlement]);
            written(entitlements::NAME, cells)
        }
        ("unexpected-permission-set", Subject::PermissionSet(set)) => {
            match permission_sets::cells(report, set, administrative) {
                Some(cells) => row(permission_sets::NAME, cells),
                None => Acceptance::ByHand("its policies were not read, so nothing can be approved yet".to_owned()),
            }
        }
        ("unexpected-iam-user", Subject::IamUser(account, user)) => match iam_users::cells(report, account, user) {
            Some(cells) => row(iam_users::NAME, cells),
            None => Acceptance::ByHand("a policy was not read, so nothing can be approved yet".to_owned()),
        },
        ("unexpected-policy", Subject::Policy(account, user, policy)) => {
            Acceptance::ByHand(add_policy(report, account, user, policy))
        }
        ("unexpected-user", Subject::User(user)) if lists_people(report) => {
            row(people::NAME, people::cells(&report.world.snapshot, user))
        }
        ("outside-trust", Subject::Trust(account, role, trust)) => accept_trust(report, finding, account, role, trust),
        ("unlisted-administrative-access", _) => Acceptance::ByHand(
            "no expected list covers it: `rollcall adopt` drafts one from what AWS has now".to_owned(),
        ),
        _ => Acceptance::ByHand(elsewhere(report, finding)),
    }
}

fn assignment(
    report: &Report<'_>,
    account: Ix<Account>,
    set: Ix<crate::model::PermissionSet>,
    principal: Principal,
) -> Acceptance {
    written(assignments::NAME, assignments::row(&report.world.snapshot, account, set, principal))
}

fn written(list: &'static str, row: Result<Cells, Reason>) -> Acceptance {
    match row {
        Ok(cells) => Acceptance::Row { list, cells },
        Err(Reason::Unwritable(why)) => Acceptance::ByHand(format!("no row can express it: {why}")),
        Err(Reason::Unseen(_) | Reason::OutOfScope | Reason::Nobody | Reason::Gone) => {
            Acceptance::ByHand("its principal is not listed, so no row can name it: delete the assignment".to_owned())
        }
    }
}

/// A row more, or what has to be in the one that is there.
fn accept_trust(
    report: &Report<'_>,
    finding: &Finding,
    account: Ix<IamAccount>,
    role: Ix<IamRole>,
    trust: Ix<Trust>,
) -> Acceptance {
    let to_approve = finding
        .evidence
        .iter()
        .find_map(|evidence| if let Evidence::ToApprove(_, cell) = evidence { Some(cell) } else { None });
    let Some(conditions) = to_approve else {
        let why = "no row can accept that everyone becomes an administrator: narrow the role's trust policy";
        return Acceptance::ByHand(why.to_owned());
    };
    let snapshot = &report.world.snapshot;
    let iam = &snapshot.iam[account.number()];
    match trusts::cells(snapshot.accounts[iam.account].id, &iam.roles[role], trust, conditions) {
        Some(cells) => Acceptance::Row { list: trusts::NAME, cells },
        None => Acceptance::ByHand("the role's trust policy was not read, so nothing can be approved yet".to_owned()),
    }
}

/// A row that people wrote is theirs to change.
fn add_policy(report: &Report<'_>, account: Ix<IamAccount>, user: Ix<IamUser>, policy: Ix<IamPolicy>) -> String {
    let snapshot = &report.world.snapshot;
    let iam = &snapshot.iam[account.number()];
    let (id, user) = (snapshot.accounts[iam.account].id, &iam.users[user]);
    let same = |name: &str| NameKey::of(name) == NameKey::of(&user.name);
    let row = report.world.expectation.iam_users.seen().find(|row| row.account == id && same(&row.name));
    let policy = user.policies[policy.number()].cell();
    let policy = visible(&policy);
    let Some(row) = row else { return format!("add `{policy}` to `policies` of its row") };
    let mut policies: Vec<&str> = row.policies.iter().flatten().map(String::as_str).collect();
    policies.push(&policy);
    let digest = row.digest.as_ref().and(user.policies_digest()).map(|digest| format!(", and `digest` to {digest}"));
    format!(
        "set `policies` of {} to `{}`{}",
        place(report, row.row),
        visible(&policies.join(";")),
        digest.unwrap_or_default()
    )
}

/// Where it has to be changed, if it is to be as it is.
fn elsewhere(report: &Report<'_>, finding: &Finding) -> String {
    // An export says what the directory says, and the next one would say it again.
    let is_export = |row: &RowRef| report.world.expectation.files[row.file.number()].ages;
    if let Some(row) = wording::row_of(report, finding).filter(|row| !is_export(row)) {
        return format!("change or delete {}", place(report, row));
    }
    match finding.subject.kind() {
        Some(Kind::User | Kind::Group | Kind::Membership) if lists_people(report) => {
            format!("change `{}`: add the group to `groups` of each member", people::NAME)
        }
        Some(Kind::User | Kind::Group | Kind::Membership) => {
            "change it in the source directory and export again".to_owned()
        }
        Some(
            Kind::Assignment
            | Kind::Application
            | Kind::Entitlement
            | Kind::PermissionSet
            | Kind::IamUser
            | Kind::Policy
            | Kind::Trust,
        )
        | None => wording::advice(report, finding).to_string(),
    }
}

/// Whether people are kept by hand: then no directory has the last word.
fn lists_people(report: &Report<'_>) -> bool {
    let is_people = |name: &str| name.rsplit('/').next() == Some(people::NAME);
    report.world.expectation.files.iter().any(|file| is_people(&file.name))
}

fn place(report: &Report<'_>, row: RowRef) -> String {
    wording::row(&report.world.expectation, row)
}

/// What a waiver of one finding says besides the finding itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiving<'a> {
    /// Whose it is, for a reader.
    pub principal: Option<&'a str>,
    /// In which account it is, for a reader.
    pub account: Option<AccountId>,
    /// Why it is accepted.
    pub reason: &'a str,
    /// Who accepted it.
    pub approved_by: &'a str,
    /// The last day on which it is.
    pub expires: NaiveDate,
    /// What the finding is, so that the waiver ends with it.
    pub accepted: Accepted,
}

/// A basic string of TOML. JSON escapes the same, but for DEL, which only TOML forbids.
fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// The table of `waivers.toml` that accepts this finding, and no other.
#[must_use]
pub fn waiver(report: &Report<'_>, finding: &Finding, waiving: &Waiving<'_>) -> String {
    let mut table = format!("# {}\n[[waiver]]\n", wording::title(report, finding));
    table += &format!("rule = {}\n", text(finding.rule.0));
    table.extend(waiving.principal.map(|principal| format!("principal = {}\n", text(principal))));
    table.extend(waiving.account.map(|account| format!("account = \"{account}\"\n")));
    table += &format!("finding = \"{}\"\n", finding.fingerprint);
    table += &format!("reason = {}\napproved_by = {}\n", text(waiving.reason), text(waiving.approved_by));
    table += &format!("expires = {}\n", waiving.expires);
    let Accepted { on, severity, principal_id, digest } = &waiving.accepted;
    table += "# What was accepted. The waiver ends if the finding gets worse, changes or gets another principal.\n";
    table += &format!("accepted_on = {on}\nseverity = \"{severity}\"\n");
    table.extend(principal_id.as_ref().map(|id| format!("principal_id = {}\n", text(id))));
    table += &format!("digest = \"{digest}\"\n");
    table
}
