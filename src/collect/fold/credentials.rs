//! How the IAM users and the root user of one account can sign in: the credential report, and what it does not hold.
//!
//! AWS makes the report at most every four hours, so it may not know the youngest users; what it does not know is
//! unknown. Second factors that are apps, the root user's state and passwords for single services are asked live.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::reader::{Reader, Wanted};
use super::summary::Summary;
use crate::collect::answer::{GetCredentialReport, ListServiceSpecificCredentials, ListVirtualMFADevices, Timestamp};
use crate::collect::page::{Operation, Parameters};
use crate::model::{AccountId, Credentials, Extent, Gap, Hides, Why};

/// The report of one account.
pub(super) struct CredentialReport {
    users: BTreeMap<String, Credentials>,
    as_of: Option<DateTime<Utc>>,
    unlisted: Arc<Gap>,
}

impl CredentialReport {
    pub(super) fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    /// The root user, which has a row of its own.
    pub(super) fn root(&self) -> Result<Credentials, Arc<Gap>> {
        self.of(ROOT)
    }

    pub(super) fn of(&self, user: &str) -> Result<Credentials, Arc<Gap>> {
        self.users.get(user).cloned().ok_or_else(|| Arc::clone(&self.unlisted))
    }
}

/// The root user's name in the report: no IAM user can have it.
const ROOT: &str = "<root_account>";

/// One line of the report, by the names in its header (IAM User Guide, "Getting credential reports").
#[derive(Deserialize)]
struct Line {
    user: String,
    password_enabled: String,
    password_last_used: String,
    mfa_active: String,
    access_key_1_active: String,
    #[serde(default)]
    access_key_1_last_rotated: String,
    access_key_1_last_used_date: String,
    access_key_2_active: String,
    #[serde(default)]
    access_key_2_last_rotated: String,
    access_key_2_last_used_date: String,
}

pub(super) fn read(
    reader: &mut Reader<'_>,
    account: AccountId,
    asked_of: Option<AccountId>,
    summary: Option<&Summary>,
) -> CredentialReport {
    let mut report = read_report(reader, account, asked_of);
    refused_a_new_one(reader, account);
    let second_factors = second_factors(reader, account, asked_of);
    let service_credentials = service_credentials(reader, account, asked_of);
    if !report.users.contains_key(ROOT) {
        report.users.extend(summary.and_then(Summary::root).map(|root| (ROOT.to_owned(), root)));
    }
    for (user, credentials) in &mut report.users {
        let active = |all: &BTreeMap<String, u16>| all.get(user).copied().unwrap_or_default();
        credentials.service_credentials = service_credentials.as_ref().map(active);
        if user == ROOT {
            // Nobody can make one for the root user.
            credentials.service_credentials = Some(0);
            summary.into_iter().for_each(|summary| summary.renew(credentials));
        }
        // One that is younger than the report.
        credentials.mfa |= second_factors.contains(user);
    }
    report
}

fn read_report(reader: &mut Reader<'_>, account: AccountId, asked_of: Option<AccountId>) -> CredentialReport {
    let wanted = Wanted::of(
        format!("passwords, keys and second factors of IAM users of {account}"),
        account.to_string(),
        Hides::Nothing,
    );
    let read = reader.read::<GetCredentialReport>(asked_of, Parameters::default(), &wanted);
    let answer = match (read.seen.into_iter().next(), read.extent) {
        (Some(answer), _) => answer,
        (None, Extent::Part(unlisted)) => return CredentialReport { users: BTreeMap::new(), as_of: None, unlisted },
        (None, Extent::Whole(_)) => unreachable!("a call that was read to its end has a page"),
    };
    let as_of = answer.generated_time.map(Timestamp::instant);
    let made = as_of.map(|made| format!("AWS, which made it at {}", made.format("%Y-%m-%d %H:%M:%S UTC")));
    if let Some(made) = made {
        reader.vouch::<GetCredentialReport>(&wanted, made);
    }
    match lines(&answer.content) {
        Ok(users) => CredentialReport { users, as_of, unlisted: unlisted(account) },
        Err(detail) => {
            let unlisted = reader.unreadable::<GetCredentialReport>(Some(account), &wanted, detail);
            CredentialReport { users: BTreeMap::new(), as_of, unlisted }
        }
    }
}

/// Takes note that AWS did not let a new report be made: then there is an older one, or none.
fn refused_a_new_one(reader: &mut Reader<'_>, account: AccountId) {
    if let Some(why) = reader.failure(Operation::GenerateCredentialReport, account) {
        let wanted = Wanted::new(format!("a credential report of {account} that is made for this run"), Hides::Nothing);
        reader.gap(Operation::GenerateCredentialReport, Some(account), &wanted, why);
    }
}

/// Users with an app as second factor, by the names that the report has.
fn second_factors(reader: &mut Reader<'_>, account: AccountId, asked_of: Option<AccountId>) -> BTreeSet<String> {
    let wanted = Wanted::of(
        format!("second factors in {account} that are younger than its credential report"),
        account.to_string(),
        Hides::Nothing,
    );
    let assigned = Parameters::of([("AssignmentStatus", "Assigned")]);
    let read = reader.read::<ListVirtualMFADevices>(asked_of, assigned, &wanted);
    let devices = read.seen.into_iter().flat_map(|page| page.virtual_mfa_devices);
    let in_use = devices.filter(|device| device.enable_date.is_some()).filter_map(|device| device.user);
    let named = in_use.filter_map(|user| match user.arn {
        Some(arn) if arn.ends_with(":root") => Some(ROOT.to_owned()),
        Some(_) | None => user.user_name,
    });
    named.collect()
}

/// How many active passwords and API keys for single services each user has, where all of them are known.
fn service_credentials(
    reader: &mut Reader<'_>,
    account: AccountId,
    asked_of: Option<AccountId>,
) -> Option<BTreeMap<String, u16>> {
    let wanted = Wanted::of(
        format!("passwords and API keys of IAM users of {account} for single services"),
        account.to_string(),
        Hides::Nothing,
    );
    let of_all = Parameters::of([("AllUsers", "true")]);
    let read = reader.read::<ListServiceSpecificCredentials>(asked_of, of_all, &wanted);
    let mut active: BTreeMap<String, u16> = BTreeMap::new();
    for credential in read.seen.into_iter().flat_map(|page| page.service_specific_credentials) {
        // `Inactive` and `Expired` ones open nothing; a word that is not known may.
        if !matches!(credential.status.as_str(), "Inactive" | "Expired") {
            *active.entry(credential.user_name).or_default() += 1;
        }
    }
    matches!(read.extent, Extent::Whole(_)).then_some(active)
}

/// Why a user's credentials are unknown although the report was read: a fact about the user, no gap of the run.
fn unlisted(account: AccountId) -> Arc<Gap> {
    Arc::new(Gap {
        side: crate::model::Side::Aws,
        source: Operation::GetCredentialReport.api().to_owned(),
        account: Some(account),
        unseen: "credentials of users who are younger than the report".to_owned(),
        why: Why::Truncated { detail: "AWS makes the report at most every four hours".to_owned() },
        hides: Hides::Nothing,
    })
}

fn lines(content: &str) -> Result<BTreeMap<String, Credentials>, String> {
    let report = STANDARD.decode(content.trim()).map_err(|error| format!("the content is not base64: {error}"))?;
    let mut lines = csv::Reader::from_reader(report.as_slice());
    let lines = lines.deserialize::<Line>().map(|line| {
        let line = line.map_err(|error| format!("the content is not a credential report: {error}"))?;
        Ok((line.user.clone(), credentials(&line)))
    });
    lines.collect()
}

fn credentials(line: &Line) -> Credentials {
    // `N/A`, `no_information` and `not_supported` are no instants.
    let instant = |text: &String| text.parse::<DateTime<Utc>>().ok();
    let used = [&line.password_last_used, &line.access_key_1_last_used_date, &line.access_key_2_last_used_date];
    let keys = [
        (&line.access_key_1_active, &line.access_key_1_last_rotated, &line.access_key_1_last_used_date),
        (&line.access_key_2_active, &line.access_key_2_last_rotated, &line.access_key_2_last_used_date),
    ];
    let active = keys.into_iter().filter(|(active, ..)| *active == "true");
    Credentials {
        // `not_supported` may stand in the line of the root user.
        password: line.password_enabled.parse().ok(),
        active_keys: active.clone().map(|_| 1).sum(),
        service_credentials: None,
        mfa: line.mfa_active == "true",
        last_used: used.into_iter().filter_map(instant).max(),
        password_used: instant(&line.password_last_used),
        key_used: active.clone().filter_map(|(_, _, used)| instant(used)).max(),
        oldest_key: active.filter_map(|(_, made, _)| instant(made)).min(),
    }
}
