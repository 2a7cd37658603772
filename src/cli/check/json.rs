//! What was checked, for machines: a versioned format with a published JSON Schema, apart from the internal types, so
//! that those may change.

mod schema;

use std::error::Error;
use std::io::{self, Write};

use chrono::{DateTime, Utc};

use super::{Checked, permissions};
use crate::cli::failure::said;
use crate::model::{
    DirectoryGroup, Expectation, Expires, Extent, Ix, Kind, Listing, Nesting, Person, Refusal, effective_members,
};
use crate::pipeline::{Access, CheckedList, CheckedStore, Completeness, RefusedList, Trial, Tried};
use crate::settings::Alerts;
use crate::wording;
use schema::{
    Directory, Document, Extents, JsonAccess, JsonAlerts, JsonCompleteness, JsonError, JsonExpiry, JsonFile, JsonGroup,
    JsonJob, JsonOutcome, JsonPermission, JsonRefusal, JsonStore, JsonUser, Known,
};

/// The version of the format. It changes where a reader of the old one would be misled; new fields do not change it.
const VERSION: u32 = 1;

pub(super) fn write(checked: &Checked, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(checked))?;
    out.write_all(b"\n")
}

/// The JSON Schema of the format.
pub(in crate::cli) fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    serde_json::to_string_pretty(&schema).expect("a schema is plain JSON") + "\n"
}

fn document(checked: &Checked) -> Document {
    let mut files: Vec<JsonFile> = checked.lists.lists.iter().map(file).collect();
    files.extend(checked.lists.refused.iter().map(refused_file));
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let jobs = checked.jobs().map(|(job, next)| JsonJob {
        name: job.name.clone(),
        cron: job.cron.clone(),
        zone: job.zone.clone(),
        next,
        alerts: match checked.settings.alerts(job) {
            Alerts::Off => JsonAlerts::Off,
            Alerts::Nowhere => JsonAlerts::NoChannel,
            Alerts::Topic => JsonAlerts::Sns,
            Alerts::Channels => JsonAlerts::Channels,
        },
    });
    Document {
        version: VERSION,
        rollcall: env!("CARGO_PKG_VERSION"),
        as_of: checked.as_of,
        expected: checked.at.to_string(),
        files,
        directory: directory(&checked.lists.expectation, checked.as_of),
        gaps: checked.lists.expectation.gaps.iter().map(|gap| wording::gap_line(gap)).collect(),
        jobs: jobs.collect(),
        aws: checked.access.as_ref().map(access),
        stores: checked.stores.iter().map(store).collect(),
    }
}

fn store(store: &CheckedStore) -> JsonStore {
    JsonStore {
        at: store.at.to_string(),
        object: store.tried.as_ref().map(ToString::to_string),
        strays: store.strays.among.iter().chain(&store.strays.replaced).cloned().collect(),
        error: store.error.as_ref().map(|error| json_error(error, error.help())),
    }
}

fn json_error(error: &dyn Error, help: Option<String>) -> JsonError {
    let causes = std::iter::successors(error.source(), |error| (*error).source()).map(said);
    JsonError { message: error.to_string(), causes: causes.collect(), help }
}

fn file(list: &CheckedList) -> JsonFile {
    let CheckedList { file, completeness, refused } = list;
    let (completeness, vouched_by, incomplete_because) = match completeness {
        Completeness::Complete { vouched_by } => (JsonCompleteness::Complete, Some(vouched_by.clone()), Vec::new()),
        Completeness::Partial { because } => (JsonCompleteness::Partial, None, because.clone()),
        Completeness::Unknown => (JsonCompleteness::Unknown, None, Vec::new()),
    };
    let refusal = |Refusal { row, reason, .. }: &Refusal| JsonRefusal { line: row.line, reason: reason.clone() };
    JsonFile {
        name: file.name.clone(),
        sha256: file.sha256.clone(),
        error: None,
        format: Some(wording::list_format(file.format).to_owned()),
        encoding: Some(file.encoding.clone()),
        rows_read: Some(file.rows_read),
        rows_used: Some(file.rows_used),
        rows_refused: Some(file.rows_refused),
        refused: refused.iter().map(refusal).collect(),
        completeness,
        vouched_by,
        incomplete_because,
        exported_at: file.exported.map(|exported| exported.at),
        exported_known_by: file.exported.map(|exported| exported.known_by.into()),
        ages: Some(file.ages),
        notes: file.notes.clone(),
    }
}

fn refused_file(list: &RefusedList) -> JsonFile {
    JsonFile {
        name: list.name.clone(),
        sha256: list.sha256.clone(),
        error: Some(json_error(&list.error, list.error.help())),
        format: None,
        encoding: None,
        rows_read: None,
        rows_used: None,
        rows_refused: None,
        refused: Vec::new(),
        completeness: JsonCompleteness::Unknown,
        vouched_by: None,
        incomplete_because: Vec::new(),
        exported_at: None,
        exported_known_by: None,
        ages: None,
        notes: Vec::new(),
    }
}

fn directory(expectation: &Expectation, as_of: DateTime<Utc>) -> Directory {
    let users = expectation.people.seen().map(|person| user(person, as_of));
    let groups = expectation.groups.positions().map(|(position, found)| group(expectation, position, found));
    let of = |kind: Kind, extent: &Extent, silent: &str| match expectation.speaks_for.contains(&kind) {
        true => known(extent),
        false => Known { whole: false, vouched_by: None, unknown_because: Some(silent.to_owned()) },
    };
    Directory {
        extents: Extents {
            users: of(Kind::User, expectation.people.extent(), "no expected list covers users"),
            groups: of(Kind::Group, expectation.groups.extent(), "no expected list covers groups"),
        },
        users: users.collect(),
        groups: groups.collect(),
    }
}

fn user(person: &Person, as_of: DateTime<Utc>) -> JsonUser {
    JsonUser {
        name: person.name.clone(),
        sam_account_name: person.sam.clone(),
        user_principal_name: person.user_name.clone(),
        guid: person.guid.map(|guid| guid.to_string()),
        sid: person.sid.clone(),
        domain: person.domain.clone(),
        mails: person.mails.clone(),
        enabled: person.enabled,
        expires: person.expires.at(),
        expiry: match person.expires {
            Expires::Never => JsonExpiry::Never,
            Expires::At(_) => JsonExpiry::At,
            Expires::Unsaid => JsonExpiry::NotSaid,
        },
        expired: person.expires.at().is_some_and(|expires| expires <= as_of),
    }
}

fn group(expectation: &Expectation, position: Ix<DirectoryGroup>, group: &DirectoryGroup) -> JsonGroup {
    let effective = effective_members(&expectation.groups, position, Nesting::Flatten);
    let direct = group.members.seen().map(|member| member.person);
    JsonGroup {
        name: group.name.clone(),
        names: group.names.clone(),
        guid: group.guid.map(|guid| guid.to_string()),
        domain: group.domain.clone(),
        direct_users: called(&expectation.people, direct),
        direct_groups: group.groups.seen().map(|&inner| expectation.groups[inner].name.clone()).collect(),
        direct_known: known(&group.members.extent().and(group.groups.extent())),
        effective_users: called(&expectation.people, effective.seen().map(|reach| reach.person)),
        effective_known: known(effective.extent()),
    }
}

/// What members are called by. Two of one name, of two domains, are there twice.
fn called(people: &Listing<Person>, members: impl Iterator<Item = Ix<Person>>) -> Vec<String> {
    let name = |person: &Person| person.sam.as_ref().or(person.user_name.as_ref()).unwrap_or(&person.name).clone();
    let mut names: Vec<String> = members.map(|member| name(&people[member])).collect();
    names.sort();
    names
}

fn known(extent: &Extent) -> Known {
    match extent {
        Extent::Whole(source) => Known { whole: true, vouched_by: source.vouched_by.clone(), unknown_because: None },
        Extent::Part(gap) => Known { whole: false, vouched_by: None, unknown_because: Some(wording::gap_line(gap)) },
    }
}

fn permissions(trials: &[Trial]) -> Vec<JsonPermission> {
    let permission = |group: permissions::Group<'_>| {
        let (outcome, code, because) = match group.tried {
            Tried::Granted => (JsonOutcome::Granted, None, None),
            Tried::Denied { code, message } => (JsonOutcome::Denied, Some(code.clone()), Some(message.clone())),
            Tried::Failed { code, message } => (JsonOutcome::Failed, Some(code.clone()), Some(message.clone())),
            Tried::NotTried { because } => (JsonOutcome::NotTried, None, Some((*because).to_owned())),
        };
        let accounts = group.accounts.iter().map(ToString::to_string).collect();
        JsonPermission { action: group.action.to_owned(), outcome, accounts, code, because }
    };
    permissions::groups(trials).into_iter().map(permission).collect()
}

fn access(access: &Access) -> JsonAccess {
    JsonAccess {
        caller_arn: access.caller.as_ref().map(|caller| caller.arn.clone()),
        account_id: access.caller.as_ref().map(|caller| caller.account.to_string()),
        gaps: access.gaps.iter().map(|gap| wording::gap_line(gap)).collect(),
        passed_over: access.passed_over.as_ref().map(ToString::to_string),
        redirected_to: access.redirected_to.clone(),
        permissions: access.trials.as_ref().map(|trials| permissions(trials)),
    }
}
