//! The sheet of administrators: every access that makes its holder one, or of which that is not known, and the root
//! user of each account that was read.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::POPULATION_ROWS;
use super::sheet::Sheet;
use crate::model::{Access, Administrative, IamAccount, Known, Report};
use crate::render::csv::{POPULATION, population_rows};
use crate::wording::{instant, thousands};

/// Columns of the population that the sheet has, in its own order.
const COLUMNS: [&str; 16] = [
    "account_id",
    "account_name",
    "principal_type",
    "user_name",
    "display_name",
    "mail",
    "entitlement_type",
    "entitlement",
    "path",
    "standing",
    "administrative",
    "administrative_by",
    "second_factor",
    "active_keys",
    "last_used",
    "owner",
];

const FIRST: [&str; 8] = [
    "user_name",
    "principal_type",
    "account_name",
    "entitlement",
    "administrative",
    "administrative_by",
    "standing",
    "owner",
];

/// Writes the sheet.
pub(super) fn write(report: &Report<'_>, worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    let mut sheet = Sheet::begin(worksheet, "Administrators", &COLUMNS, &FIRST)?;
    report.world.snapshot.iam.iter().try_for_each(|account| sheet.row(&root(report, account)))?;
    let may_administer = |access: &Access| {
        matches!(report.administrators.access(access), Some(Administrative::Yes(_) | Administrative::Unknown(_)))
    };
    let access: Vec<Access> = report.access().filter(may_administer).take(POPULATION_ROWS + 1).collect();
    if access.len() > POPULATION_ROWS {
        sheet.note(&format!(
            "More than {} rows are administrative: open `population.csv` and filter by `administrative`",
            thousands(POPULATION_ROWS as u64)
        ))?;
        return sheet.end();
    }
    let place = |column: &str| POPULATION.iter().position(|one| *one == column).expect("a column of the population");
    let places = COLUMNS.map(place);
    population_rows(report, &access, |cells| sheet.row(&places.map(|place| cells[place])))?;
    sheet.end()
}

/// The root user of an account.
fn root(report: &Report<'_>, account: &IamAccount) -> [String; 16] {
    let of = &report.world.snapshot.accounts[account.account];
    let known = account.root.is();
    let mfa = match &account.root {
        Known::Is(root) if root.mfa => "yes",
        Known::Is(_) => "no",
        Known::Unknown(_) => "unknown",
    };
    [
        of.id.to_string(),
        of.name.clone().unwrap_or_default(),
        "root".to_owned(),
        "root user".to_owned(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        String::new(),
        "yes".to_owned(),
        "the root user of an account can do everything".to_owned(),
        mfa.to_owned(),
        known.map(|root| root.active_keys.to_string()).unwrap_or_default(),
        known.and_then(|root| root.last_used).map(instant).unwrap_or_default(),
        String::new(),
    ]
}
