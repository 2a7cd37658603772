//! How the IAM users and the root user of one account can sign in: the credential report, and what it does not hold.
//!
//! AWS makes the report at most every four hours, so it may not know the youngest users; what it does not know is
//! unknown. That it lacks a user who is older is a gap, and like a report that could not be read it could hide access:
//! a key of the root user, or of somebody who has left. Virtual MFA devices, the root user's state and
//! passwords for single services are asked live.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::account_summary::Summary;
use super::mfa_devices::{self, ROOT};
use super::page_reader::{Reader, Wanted};
use crate::collect::api::responses::{
    Answer as _, GetAccountSummary, GetCredentialReport, ListServiceSpecificCredentials, Timestamp,
};
use crate::collect::journal::page::{Operation, Parameters};
use crate::model::{AccountId, Credentials, Extent, Gap, Hides, What, Why, Window};

/// The report of one account.
pub(super) struct CredentialReport {
    users: BTreeMap<String, Credentials>,
    as_of: Option<DateTime<Utc>>,
    /// How many access keys of the root user it knows, active or not.
    root_keys: u8,
    /// How many signing certificates of the root user it knows, active or not.
    root_certificates: u8,
    /// Why somebody is not in it: nobody is, or the youngest are not.
    unlisted: Arc<Gap>,
    /// Users of whom it does not say what it should: those who are not in it, and those of whom it says something that is
    /// not understood; with the gap of all of each.
    unsaid: Vec<(BTreeSet<String>, Arc<Gap>)>,
    /// The names of users that each answer shows; of the report also when each user was made.
    shown: Shown,
}

/// Users whom answers about credentials name.
#[derive(Default)]
struct Shown {
    by_report: BTreeMap<String, Option<DateTime<Utc>>>,
    by_devices: BTreeSet<String>,
    by_service_credentials: BTreeSet<String>,
}

/// How much older than the listing of users the report must be, so that a user whom it names may be deleted since:
/// clocks differ.
const CLEARLY_OLDER: TimeDelta = TimeDelta::minutes(5);
/// How old a report may be when it is asked for. AWS keeps one for four hours.
const STALE: TimeDelta = TimeDelta::days(1);
/// How far after the answer the time of a report may lie: clocks differ.
const IN_THE_FUTURE: TimeDelta = TimeDelta::hours(1);

impl CredentialReport {
    pub(super) fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    /// The root user, which has a row of its own.
    pub(super) fn root(&self) -> Result<Credentials, Arc<Gap>> {
        self.of(ROOT)
    }

    pub(super) fn of(&self, user: &str) -> Result<Credentials, Arc<Gap>> {
        let unsaid = self.unsaid.iter().find(|(users, _)| users.contains(user)).map(|(_, gap)| gap);
        match unsaid {
            Some(gap) => Err(Arc::clone(gap)),
            None => self.users.get(user).cloned().ok_or_else(|| Arc::clone(&self.unlisted)),
        }
    }

    /// Users whom the answers show and the listing lacks, with the first answer that shows some. Whoever was made after
    /// the listing began joined since; whoever stands in an older report alone may have been deleted since.
    pub(super) fn unlisted<T>(
        &self,
        listed: &BTreeMap<String, T>,
        listing: Option<Window>,
    ) -> Option<(Operation, Vec<String>)> {
        let listing = listing?;
        let is_older = self.as_of.is_some_and(|made| listing.from - made > CLEARLY_OLDER);
        let joined = |user: &str| {
            let made = self.shown.by_report.get(user).copied().flatten();
            made.is_some_and(|made| made >= listing.from)
        };
        let lacking = |users: &mut dyn Iterator<Item = &String>| {
            users.filter(|user| !listed.contains_key(*user) && !joined(user)).cloned().collect::<Vec<String>>()
        };
        let by_report = lacking(&mut self.shown.by_report.keys().filter(|_| !is_older));
        let found = [
            (Operation::GetCredentialReport, by_report),
            (Operation::ListServiceSpecificCredentials, lacking(&mut self.shown.by_service_credentials.iter())),
            (Operation::ListVirtualMFADevices, lacking(&mut self.shown.by_devices.iter())),
        ];
        found.into_iter().find(|(_, users)| !users.is_empty())
    }

    fn unread(unlisted: Arc<Gap>) -> Self {
        let (users, shown) = (BTreeMap::new(), Shown::default());
        CredentialReport { users, as_of: None, root_keys: 0, root_certificates: 0, unlisted, unsaid: Vec::new(), shown }
    }
}

/// One line of the report, by the names in its header (IAM User Guide, "Getting credential reports").
#[derive(Deserialize)]
struct Line {
    user: String,
    #[serde(default)]
    user_creation_time: String,
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
    #[serde(default)]
    cert_1_active: String,
    #[serde(default)]
    cert_1_last_rotated: String,
    #[serde(default)]
    cert_2_active: String,
    #[serde(default)]
    cert_2_last_rotated: String,
}

/// An IAM user who was listed.
#[derive(Clone, Copy)]
pub(super) struct ListedUser<'u> {
    pub(super) name: &'u str,
    /// Its unique id, where AWS says it.
    pub(super) id: Option<&'u str>,
    /// When it was made, where AWS says it.
    pub(super) created: Option<DateTime<Utc>>,
}

/// `listed` are the users of the account.
pub(super) fn read<'u>(
    reader: &mut Reader<'_>,
    account: AccountId,
    asked_of: Option<AccountId>,
    summary: Option<&Summary>,
    listed: impl Iterator<Item = ListedUser<'u>> + Clone,
) -> CredentialReport {
    let ids: BTreeMap<&str, &str> = listed.clone().filter_map(|user| Some((user.name, user.id?))).collect();
    let created = listed.map(|user| (user.name, user.created));
    let knows_root = summary.is_some_and(Summary::knows_root);
    let root = (!knows_root).then_some((ROOT, None));
    let mut report = read_report(reader, account, asked_of, created.chain(root));
    refused_a_new_one(reader, account);
    let mfa_devices = mfa_devices::read(reader, account, asked_of);
    let (service_credentials, owners) = service_credentials(reader, account, asked_of);
    if knows_root {
        // Where the report says nothing of it, all is put in below.
        report.users.entry(ROOT.to_owned()).or_default();
    }
    let mut contradicted = Vec::new();
    for (user, credentials) in &mut report.users {
        let active = |all: &BTreeMap<String, u16>| all.get(user).copied().unwrap_or_default();
        credentials.service_credentials = service_credentials.as_ref().map(active);
        if user == ROOT {
            // Nobody can make one for the root user.
            credentials.service_credentials = Some(0);
            contradicted = summary.map(|summary| summary.contradicts(credentials)).unwrap_or_default();
            let reported = (report.root_keys, report.root_certificates);
            summary.into_iter().for_each(|summary| summary.renew(credentials, reported));
        }
        // One that is younger than the report.
        credentials.mfa |= mfa_devices.has(user, ids.get(user.as_str()).copied());
    }
    report.shown.by_devices = mfa_devices.users();
    report.shown.by_service_credentials = owners;
    for what in contradicted {
        // It may have been deleted since the report was made; the next report shows that.
        let wanted = Wanted::new(what.in_account(account), Hides::Grants);
        let detail = "it counts none, and the credential report has an active one".to_owned();
        reader.unreadable::<GetAccountSummary>(Some(account), &wanted, detail);
    }
    report
}

fn read_report<'u>(
    reader: &mut Reader<'_>,
    account: AccountId,
    asked_of: Option<AccountId>,
    created: impl Iterator<Item = (&'u str, Option<DateTime<Utc>>)>,
) -> CredentialReport {
    let wanted = Wanted::of(What::Credentials.in_account(account), account.to_string(), Hides::Grants);
    let read = reader.read::<GetCredentialReport>(asked_of, Parameters::default(), &wanted);
    let answer = match (read.seen.into_iter().next(), read.extent) {
        (Some(answer), _) => answer,
        (None, Extent::Part(unlisted)) => return CredentialReport::unread(unlisted),
        (None, Extent::Whole(_)) => unreachable!("a call that was read to its end has a page"),
    };
    let as_of = answer.generated_time.map(Timestamp::instant);
    if let Some(detail) =
        untimely(as_of, reader.window(GetCredentialReport::OPERATION, asked_of, Parameters::default()))
    {
        reader.gap(GetCredentialReport::OPERATION, Some(account), &wanted, Why::Untimely { detail });
    }
    let made = as_of.map(|made| format!("generated by AWS at {}", made.format("%Y-%m-%d %H:%M:%S UTC")));
    if let Some(made) = made {
        reader.vouch::<GetCredentialReport>(&wanted, made);
    }
    let lines = match lines(&answer.content) {
        Ok(lines) => lines,
        Err(detail) => {
            let unlisted = reader.unreadable::<GetCredentialReport>(Some(account), &wanted, detail);
            return CredentialReport { as_of, ..CredentialReport::unread(unlisted) };
        }
    };
    let odd: BTreeSet<String> =
        lines.iter().filter(|line| !line.is_understood()).map(|line| line.user.clone()).collect();
    let root_keys = lines.iter().filter(|line| line.user == ROOT).map(Line::keys).fold(0, u8::saturating_add);
    let of_root = lines.iter().filter(|line| line.user == ROOT);
    let root_certificates = of_root.map(Line::certificates).fold(0, u8::saturating_add);
    let by_users = lines.iter().filter(|line| line.user != ROOT);
    let by_report = by_users.map(|line| (line.user.clone(), instant(&line.user_creation_time))).collect();
    let users: BTreeMap<String, Credentials> =
        lines.into_iter().map(|line| (line.user.clone(), credentials(&line))).collect();
    // Where either time is unknown, nobody can say that the user is younger.
    let is_younger =
        |created: Option<DateTime<Utc>>| as_of.zip(created).is_some_and(|(as_of, created)| created >= as_of);
    let left_out: BTreeSet<String> = created
        .filter(|(user, created)| !users.contains_key(*user) && !is_younger(*created))
        .map(|(user, _)| user.to_owned())
        .collect();
    let mut unsaid = Vec::new();
    let mut take_note = |users: BTreeSet<String>, detail: &str| {
        let Some(first) = users.first().cloned() else { return };
        let gap = unsaid_of(reader, account, &first, users.len(), detail.to_owned());
        unsaid.push((users, gap));
    };
    take_note(left_out, "the report has no line for them, and they may be older than the report");
    take_note(odd, "their line in the report has an unknown value");
    let shown = Shown { by_report, ..Shown::default() };
    CredentialReport { users, as_of, root_keys, root_certificates, unlisted: unlisted(account), unsaid, shown }
}

/// Why the time of a report does not fit that of the answer, where it does not.
fn untimely(made: Option<DateTime<Utc>>, asked: Option<Window>) -> Option<String> {
    let Some(made) = made else { return Some("the report does not say when AWS made it".to_owned()) };
    let asked = asked?;
    let at = made.format("%Y-%m-%d %H:%M:%S UTC");
    if asked.from - made > STALE {
        return Some(format!("AWS generated the report at {at}, more than a day before it was requested"));
    }
    (made - asked.to > IN_THE_FUTURE)
        .then(|| format!("the report says that AWS generated it at {at}, after the request for it"))
}

/// The gap of users of whom the report does not say what it should.
fn unsaid_of(reader: &mut Reader<'_>, account: AccountId, first: &str, users: usize, detail: String) -> Arc<Gap> {
    let unseen = What::CredentialsOf.of(first).number(users - 1).in_account(account);
    let wanted = Wanted::new(unseen, Hides::Grants);
    reader.gap(Operation::GetCredentialReport, Some(account), &wanted, Why::Truncated { detail })
}

/// Takes note that AWS did not let a new report be made: then there is an older one, or none.
fn refused_a_new_one(reader: &mut Reader<'_>, account: AccountId) {
    if let Some(why) = reader.failure(Operation::GenerateCredentialReport, account) {
        let wanted = Wanted::new(What::NewCredentialReport.in_account(account), Hides::Nothing);
        reader.gap(Operation::GenerateCredentialReport, Some(account), &wanted, why);
    }
}

/// How many active passwords and API keys for single services each user has, where all of them are known; and all users
/// who have any, active or not.
fn service_credentials(
    reader: &mut Reader<'_>,
    account: AccountId,
    asked_of: Option<AccountId>,
) -> (Option<BTreeMap<String, u16>>, BTreeSet<String>) {
    let wanted = Wanted::of(What::ServiceCredentials.in_account(account), account.to_string(), Hides::Grants);
    let of_all = Parameters::of([("AllUsers", "true")]);
    let read = reader.read::<ListServiceSpecificCredentials>(asked_of, of_all, &wanted);
    let (mut active, mut owners) = (BTreeMap::<String, u16>::new(), BTreeSet::new());
    for credential in read.seen.into_iter().flat_map(|page| page.service_specific_credentials) {
        owners.insert(credential.user_name.clone());
        // `Inactive` and `Expired` ones open nothing; a word that is not known may.
        if !matches!(credential.status.as_str(), "Inactive" | "Expired") {
            let number = active.entry(credential.user_name).or_default();
            *number = number.saturating_add(1);
        }
    }
    (matches!(read.extent, Extent::Whole(_)).then_some(active), owners)
}

/// Why a user's credentials are unknown although the report was read: a fact about the user, no gap of the run.
fn unlisted(account: AccountId) -> Arc<Gap> {
    Arc::new(Gap {
        side: crate::model::Side::Aws,
        source: Operation::GetCredentialReport.api().to_owned(),
        account: Some(account),
        unseen: What::CredentialsOfNewUsers.into(),
        why: Why::Truncated { detail: "AWS generates the report at most every four hours".to_owned() },
        hides: Hides::Nothing,
    })
}

fn lines(content: &str) -> Result<Vec<Line>, String> {
    let report = STANDARD.decode(content.trim()).map_err(|error| format!("the content is not base64: {error}"))?;
    let mut lines = csv::Reader::from_reader(report.as_slice());
    let lines = lines
        .deserialize()
        .map(|line| line.map_err(|error: csv::Error| format!("the content is not a credential report: {error}")));
    lines.collect()
}

impl Line {
    /// Whether every word that says yes or no is one of AWS's: what another one means, nobody knows.
    fn is_understood(&self) -> bool {
        // What the report does not say of the root user, the account's summary may.
        let password = self.user == ROOT && self.password_enabled == "not_supported";
        let keys = [&self.access_key_1_active, &self.access_key_2_active];
        // Older reports go without certificates.
        let certificates = [&self.cert_1_active, &self.cert_2_active].into_iter().filter(|word| !word.is_empty());
        let words = keys.into_iter().chain(certificates).chain([&self.mfa_active]);
        words.chain((!password).then_some(&self.password_enabled)).all(|word| matches!(word.as_str(), "true" | "false"))
    }

    /// How many access keys there are, active or not.
    fn keys(&self) -> u8 {
        present([
            (&self.access_key_1_active, &self.access_key_1_last_rotated),
            (&self.access_key_2_active, &self.access_key_2_last_rotated),
        ])
    }

    /// How many signing certificates there are, active or not.
    fn certificates(&self) -> u8 {
        present([(&self.cert_1_active, &self.cert_1_last_rotated), (&self.cert_2_active, &self.cert_2_last_rotated)])
    }
}

/// How many are there: those that are active, and those of which it is known when they were made.
fn present(all: [(&String, &String); 2]) -> u8 {
    all.into_iter().map(|(active, made)| u8::from(active == "true" || instant(made).is_some())).sum()
}

/// `N/A`, `no_information` and `not_supported` are no instants.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    text.parse().ok()
}

fn credentials(line: &Line) -> Credentials {
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
        active_certificates: [&line.cert_1_active, &line.cert_2_active]
            .map(|word| u8::from(word == "true"))
            .iter()
            .sum(),
        service_credentials: None,
        mfa: line.mfa_active == "true",
        last_used: used.into_iter().filter_map(|used| instant(used)).max(),
        password_used: instant(&line.password_last_used),
        key_used: active.clone().filter_map(|(_, _, used)| instant(used)).max(),
        oldest_key: active.filter_map(|(_, made, _)| instant(made)).min(),
    }
}
