//! The credential report: CSV with the columns of the IAM User Guide, the root user first.

use super::iam::{arn, instant};
use crate::world::{Account, BEGINNING, Credentials};

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
    password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
    access_key_1_last_used_region,access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,\
    cert_1_last_rotated,cert_2_active,cert_2_last_rotated";

/// The report of an account.
pub(super) fn csv(account: &Account) -> String {
    let mut report = HEADER.to_owned();
    let root = format!("arn:aws:iam::{}:root", account.id);
    line(&mut report, "<root_account>", &root, &account.iam.root, true);
    for user in &account.iam.users {
        line(&mut report, &user.name, &arn(account, "user", &user.path, &user.name), &user.credentials, false);
    }
    report
}

fn line(report: &mut String, name: &str, arn: &str, credentials: &Credentials, is_root: bool) {
    let at = |instant_: Option<i64>, otherwise: &str| instant_.map_or_else(|| otherwise.to_owned(), instant);
    // In the root user's line AWS does not say whether there is a password.
    let password = if is_root { "not_supported".to_owned() } else { credentials.password.to_string() };
    let never = if credentials.password || is_root { "no_information" } else { "N/A" };
    let changed = if is_root { "not_supported" } else { "N/A" };
    let mut cells = vec![
        name.to_owned(),
        arn.to_owned(),
        instant(BEGINNING),
        password,
        at(credentials.password_used, never),
        changed.to_owned(),
        changed.to_owned(),
        credentials.mfa.to_string(),
    ];
    for place in 0..2 {
        let key = credentials.keys.get(place);
        cells.push(key.is_some_and(|key| key.active).to_string());
        cells.push(at(key.map(|key| key.rotated), "N/A"));
        cells.push(at(key.and_then(|key| key.used), "N/A"));
        cells.extend(["N/A".to_owned(), "N/A".to_owned()]);
    }
    cells.extend(["false", "N/A", "false", "N/A"].map(str::to_owned));
    report.push('\n');
    report.push_str(&cells.join(","));
}
