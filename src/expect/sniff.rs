//! What a file is: the lists that are kept by hand by their names, exports by what is in them. What is not read is
//! refused with the way to a file that is.

use super::error::Damage;
use super::table::column_key;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// `people.csv`
    People,
    /// `assignments.csv`
    Assignments,
    /// `permission-sets.csv`
    PermissionSets,
    /// `iam-users.csv`
    IamUsers,
    /// `waivers.toml`
    Waivers,
    /// What `Export-Csv` wrote.
    PowerShell,
    /// What `ldapsearch` wrote.
    Ldif,
}

const USE_EXPORT_CSV: &str = "export with `Get-ADUser -Filter * | Export-Csv -NoTypeInformation -Encoding UTF8`";

/// Refuses what is no text, by its first bytes.
pub(super) fn refuse_binary(bytes: &[u8]) -> Result<(), Damage> {
    let kinds: [(&[u8], &str, &str); 4] = [
        (
            b"PK\x03\x04",
            "a spreadsheet or an archive",
            "save the sheet as `CSV UTF-8`, or export again with `Export-Csv`",
        ),
        (b"\xD0\xCF\x11\xE0", "an old spreadsheet", "save the sheet as `CSV UTF-8`, or export again with `Export-Csv`"),
        (b"%PDF", "a PDF", USE_EXPORT_CSV),
        (b"\x1F\x8B", "a compressed file", "unpack it first"),
    ];
    match kinds.into_iter().find(|(beginning, ..)| bytes.starts_with(beginning)) {
        Some((_, what, instead)) => Err(Damage::NotAList { what, instead }),
        None => Ok(()),
    }
}

/// The format of a text.
pub(super) fn format(name: &str, text: &str) -> Result<Format, Damage> {
    match name.rsplit('/').next().unwrap_or(name) {
        "people.csv" => return Ok(Format::People),
        "assignments.csv" => return Ok(Format::Assignments),
        "permission-sets.csv" => return Ok(Format::PermissionSets),
        "iam-users.csv" => return Ok(Format::IamUsers),
        "waivers.toml" => return Ok(Format::Waivers),
        _ => {}
    }
    if text.trim().is_empty() {
        return Err(Damage::Nobody { what: "it is empty" });
    }
    refuse_other_texts(text)?;
    if is_ldif(text) {
        return Ok(Format::Ldif);
    }
    if is_table(text) {
        return Ok(Format::PowerShell);
    }
    let beginning = text.trim_start().lines().next().unwrap_or_default().chars().take(60).collect();
    Err(Damage::Unrecognized { beginning })
}

fn refuse_other_texts(text: &str) -> Result<(), Damage> {
    let start = text.trim_start();
    let lower: String = start.chars().take(200).collect::<String>().to_lowercase();
    let refused = |what, instead| Err(Damage::NotAList { what, instead });
    if lower.contains("<objs ") {
        return refused("CLIXML (`Export-Clixml`)", USE_EXPORT_CSV);
    }
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return refused("a web page", "download the list itself; the page was probably a sign-in form");
    }
    if start.starts_with(['{', '[']) {
        return refused("JSON", USE_EXPORT_CSV);
    }
    let lines = || start.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    if lines().nth(1).is_some_and(|line| line.contains("---") && line.chars().all(|char| matches!(char, '-' | ' '))) {
        return refused("a table for the screen (`Format-Table`)", USE_EXPORT_CSV);
    }
    if lines().next_back().is_some_and(|line| line.eq_ignore_ascii_case("dsget succeeded")) {
        return refused("output of `dsget`", USE_EXPORT_CSV);
    }
    if lines().all(|line| line.to_ascii_lowercase().starts_with("\"cn=")) {
        return refused("a list of names (`dsquery`)", USE_EXPORT_CSV);
    }
    if lower.starts_with("dn,") {
        return refused("output of `csvde`", USE_EXPORT_CSV);
    }
    Ok(())
}

fn is_ldif(text: &str) -> bool {
    let begins = |line: &str, with: &str| line.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with(['#', ' ']));
    let ldap = text.starts_with("# extended LDIF") || text.starts_with("#\n# LDAPv3");
    ldap || first.is_some_and(|line| begins(line, "dn:") || begins(line, "version:"))
}

/// Columns by which an export of Active Directory is recognised.
const COLUMNS: [&str; 11] = [
    "distinguishedname",
    "samaccountname",
    "userprincipalname",
    "objectguid",
    "objectsid",
    "sid",
    "emailaddress",
    "memberof",
    "groupscope",
    "enabled",
    "objectclass",
];

/// Whether one of the first lines names two columns of an export, or one and a group.
fn is_table(text: &str) -> bool {
    let header = text.lines().find(|line| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with("#TYPE") && !line.starts_with("\"#TYPE") && !line.starts_with("sep=")
    });
    let names = header.unwrap_or_default().split([',', ';', '\t', '|']).map(|name| column_key(name.trim_matches('"')));
    let known = names.filter(|name| COLUMNS.contains(&name.as_str()) || matches!(name.as_str(), "group" | "groupname"));
    known.count() >= 2
}
