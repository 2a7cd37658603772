//! Records as JSON lines, with a header that names format and version, and back.
//!
//! Writing and reading back gives the same records, and the same records give the same bytes.

use std::io;

use serde::{Deserialize, Serialize, Serializer};

use super::directory_records::{
    ApplicationRecord, Assignment, EntitlementRecord, Entry, FileRecord, Hole, IamUserRecord, Membership,
    PermissionSetRecord, Records, Refused, Roll, TrustRecord, WaiverRecord,
};
use crate::expect::ExpectError;

const FORMAT: &str = "rollcall-expected";
const VERSION: u32 = 2;
/// The version before this one, in which a hole said by a phrase what is not seen.
const BEFORE: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Line {
    File(FileRecord),
    Entry(Entry),
    Roll(Roll),
    Membership(Membership),
    Hole(Hole),
    Assignment(Assignment),
    Application(ApplicationRecord),
    Entitlement(EntitlementRecord),
    PermissionSet(PermissionSetRecord),
    IamUser(IamUserRecord),
    Trust(TrustRecord),
    Waiver(WaiverRecord),
    Refused(Refused),
}

/// Writes records, one a line, behind a header.
///
/// # Errors
/// Where `out` cannot be written to.
pub fn write(records: &Records, out: &mut dyn io::Write) -> io::Result<()> {
    line(&Header { format: FORMAT.to_owned(), version: VERSION }, out)?;
    lines("file", &records.files, out)?;
    lines("entry", &records.entries, out)?;
    lines("roll", &records.rolls, out)?;
    lines("membership", &records.memberships, out)?;
    lines("hole", &records.holes, out)?;
    lines("assignment", &records.assignments, out)?;
    lines("application", &records.applications, out)?;
    lines("entitlement", &records.entitlements, out)?;
    lines("permission-set", &records.permission_sets, out)?;
    lines("iam-user", &records.iam_users, out)?;
    lines("trust", &records.trusts, out)?;
    lines("waiver", &records.waivers, out)?;
    lines("refused", &records.refusals, out)
}

fn lines<T: Serialize>(kind: &str, records: &[T], out: &mut dyn io::Write) -> io::Result<()> {
    records.iter().try_for_each(|record| line(&Named(kind, record), out))
}

/// A record under the name of its kind.
struct Named<'a, T>(&'a str, &'a T);

impl<T: Serialize> Serialize for Named<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(self.0, self.1)])
    }
}

fn line<T: Serialize>(value: &T, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

/// Reads back what [`write()`] wrote.
///
/// # Errors
/// Where the header names another format or version, or a line is no record.
pub fn parse(bytes: &[u8]) -> Result<Records, ExpectError> {
    let mut lines = bytes.split(|&byte| byte == b'\n').enumerate();
    let header = lines.next().map_or(&[][..], |(_, header)| header);
    let is_known = |header: Header| header.format == FORMAT && [BEFORE, VERSION].contains(&header.version);
    if !serde_json::from_slice(header).is_ok_and(is_known) {
        return Err(ExpectError::RecordFormat { header: String::from_utf8_lossy(header).chars().take(80).collect() });
    }
    let mut records = Records::default();
    for (number, text) in lines.filter(|(_, text)| !text.is_empty()) {
        match serde_json::from_slice(text).map_err(|cause| ExpectError::Record { line: number + 1, cause })? {
            Line::File(record) => records.files.push(record),
            Line::Entry(record) => records.entries.push(record),
            Line::Roll(record) => records.rolls.push(record),
            Line::Membership(record) => records.memberships.push(record),
            Line::Hole(record) => records.holes.push(record),
            Line::Assignment(record) => records.assignments.push(record),
            Line::Application(record) => records.applications.push(record),
            Line::Entitlement(record) => records.entitlements.push(record),
            Line::PermissionSet(record) => records.permission_sets.push(record),
            Line::IamUser(record) => records.iam_users.push(record),
            Line::Trust(record) => records.trusts.push(record),
            Line::Waiver(record) => records.waivers.push(record),
            Line::Refused(record) => records.refusals.push(record),
        }
    }
    Ok(records)
}
