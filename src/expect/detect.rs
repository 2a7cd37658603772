//! What a file is: the lists that are kept by hand by their names, exports by what is in them. What is not read is
//! refused with the way to a file that is.

use super::csv::header::{Header, column_key};
use super::error::Damage;
use super::exports::samba_tool::{self, NameList};
use super::exports::{aduc_list, entra_portal, staff_columns, staff_list};

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format<'a> {
    /// `people.csv`
    People,
    /// `assignments.csv`
    Assignments,
    /// `applications.csv`
    Applications,
    /// `entitlements.csv`
    Entitlements,
    /// `permission-sets.csv`
    PermissionSets,
    /// `iam-users.csv`
    IamUsers,
    /// `trusts.csv`
    Trusts,
    /// `waivers.toml`
    Waivers,
    /// What `Export-Csv` wrote.
    PowerShell,
    /// What `csvde` wrote.
    Csvde,
    /// What the portal of Entra ID wrote.
    Entra,
    /// What Microsoft Graph answered.
    MicrosoftGraph,
    /// What the console *Active Directory Users and Computers* exports.
    Console,
    /// People, from whatever knows their mail addresses.
    StaffList,
    /// What `ldapsearch`, `ldifde`, `ldbsearch` and `samba-tool` write.
    Ldif,
    /// One name a line, as `samba-tool group` writes them.
    Names(NameList<'a>),
    /// What `samba-tool group list --verbose` wrote.
    TableOfGroups,
}

const USE_GRAPH: &str = "save the output of `az rest --url \
                         'https://graph.microsoft.com/v1.0/users?$select=id,userPrincipalName,mail,displayName,accountEnabled,onPremisesImmutableId&$top=999'`, \
                         or, if it has more than one page, the output of `rollcall export-commands entra`";

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

/// The lists that are kept by hand, by their names.
const KEPT_BY_HAND: [(&str, Format<'static>); 8] = [
    ("people.csv", Format::People),
    ("assignments.csv", Format::Assignments),
    ("applications.csv", Format::Applications),
    ("entitlements.csv", Format::Entitlements),
    ("permission-sets.csv", Format::PermissionSets),
    ("iam-users.csv", Format::IamUsers),
    ("trusts.csv", Format::Trusts),
    ("waivers.toml", Format::Waivers),
];

/// The format of a list that is kept by hand, which its name says whatever folder it lies in.
pub(super) fn kept_by_hand(name: &str) -> Option<Format<'static>> {
    let file = name.rsplit('/').next().unwrap_or(name);
    KEPT_BY_HAND.into_iter().find(|(known, _)| *known == file).map(|(_, format)| format)
}

/// The list that is kept by hand whose name is nearly this one: `waiver.toml`, `Assignments.csv`, `iam_users.txt`.
fn meant(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next().unwrap_or(name).to_lowercase().replace(['_', ' '], "-");
    let stem = |name: &str| name.split_once('.').map_or(name, |(stem, _)| stem).to_owned();
    let nearly = |known: &str| strsim::damerau_levenshtein(&stem(known), &stem(&file)) <= 2;
    KEPT_BY_HAND.into_iter().map(|(known, _)| known).find(|known| nearly(known))
}

/// The format of a text.
pub(super) fn format<'a>(name: &'a str, text: &str) -> Result<Format<'a>, Damage> {
    if let Some(by_hand) = kept_by_hand(name) {
        return Ok(by_hand);
    }
    if text.trim().is_empty() {
        // `samba-tool` writes nothing of a group without members.
        return match samba_tool::by_name(name) {
            Some(list @ NameList::MembersOf(_)) => Ok(Format::Names(list)),
            Some(NameList::Groups) | None => Err(staff_list::without_rows(name, "it is empty")),
        };
    }
    if samba_tool::is_table(text) {
        return Ok(Format::TableOfGroups);
    }
    // A table of TOML begins as an array of JSON does.
    if text.trim_start().starts_with('[') && text.parse::<toml::Table>().is_ok() {
        return Err(unrecognized(name, text));
    }
    refuse_other_texts(text)?;
    if is_ldif(text) {
        return Ok(Format::Ldif);
    }
    if is_json(text) {
        return Ok(Format::MicrosoftGraph);
    }
    if let Some(format) = table(text)? {
        return Ok(format);
    }
    if let Some(list) = samba_tool::by_name(name) {
        return Ok(Format::Names(list));
    }
    Err(unrecognized(name, text))
}

fn unrecognized(name: &str, text: &str) -> Damage {
    let beginning = text.trim_start().lines().next().unwrap_or_default().to_owned();
    Damage::Unrecognized { beginning, meant: meant(name) }
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
    if start.starts_with(['{', '[']) && !is_json(text) {
        return refused("JSON, but not an answer of Microsoft Graph", USE_GRAPH);
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
    if is_padded(start, text) {
        return refused("a table for the screen (`dsquery *`)", USE_EXPORT_CSV);
    }
    if is_blocks(start) {
        return refused("a list for the screen (`Format-List`)", USE_EXPORT_CSV);
    }
    Ok(())
}

/// Microsoft Graph says of each answer what it is about; of a failure, only that it is one.
fn is_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('{') && (text.contains("\"@odata.context\"") || text.contains("\"innerError\""))
}

/// Whether every line is indented and has its cells padded with blanks: `dsquery * -attr`, `dsget`.
fn is_padded(start: &str, text: &str) -> bool {
    let header = start.lines().next().unwrap_or_default().trim();
    let names = header.split("  ").map(column_key).filter(|name| COLUMNS.contains(&name.as_str()) || name == "samid");
    let indented = |line: &str| line.starts_with("  ") || line.trim().is_empty();
    names.count() >= 1 && !header.contains([',', ';']) && text.lines().take(20).all(indented)
}

/// Whether the text is blocks of `Name : value`.
fn is_blocks(start: &str) -> bool {
    let name = start.lines().next().and_then(|line| line.split_once(':')).map(|(name, _)| name);
    name.is_some_and(|name| name.ends_with(' ') && COLUMNS.contains(&column_key(name).as_str()))
}

fn is_ldif(text: &str) -> bool {
    let begins = |line: &str, with: &str| line.get(..with.len()).is_some_and(|head| head.eq_ignore_ascii_case(with));
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with(['#', ' ']));
    let ldap = ["# extended LDIF", "#\n# LDAPv3", "# record 1"].iter().any(|start| text.starts_with(start));
    ldap || first.is_some_and(|line| begins(line, "dn:") || begins(line, "version:"))
}

/// Columns by which an export of Active Directory is recognised.
const COLUMNS: [&str; 17] = [
    "distinguishedname",
    "samaccountname",
    "userprincipalname",
    "objectguid",
    "objectsid",
    "sid",
    "emailaddress",
    "memberof",
    "groupscope",
    "mail",
    "enabled",
    "disabled",
    "accountdisabled",
    "useraccountcontrol",
    "accountexpires",
    "accountexpirationdate",
    "objectclass",
];

/// Columns that name the members in a list of memberships.
const MEMBER: [&str; 3] = ["user", "username", "member"];

/// The format of a table, by the columns that its header names.
fn table<'n>(text: &str) -> Result<Option<Format<'n>>, Damage> {
    let keys = Header::of(text).keys;
    let has = |names: &[&str]| keys.iter().any(|key| names.contains(&key.as_str()));
    let known = keys.iter().filter(|key| COLUMNS.contains(&key.as_str())).count();
    let group = has(&["group", "groupname"]);
    if group && has(&["permissionset"]) {
        return Err(Damage::NotAList {
            what: "one list of people, groups and permission sets",
            instead: "write memberships into `people.csv` (`user`, `groups`) and assignments into `assignments.csv`",
        });
    }
    // What a list of people may have of these too says nothing about where it comes from.
    let shared = ["emailaddress", "mail", "enabled", "disabled"];
    let directory = keys.iter().any(|key| COLUMNS.contains(&key.as_str()) && !shared.contains(&key.as_str()));
    Ok(if keys.first().is_some_and(|first| first == "dn") && !has(&["enabled"]) {
        Some(Format::Csvde)
    } else if entra_portal::is_header(&keys) {
        Some(Format::Entra)
    } else if aduc_list::is_header(&keys) {
        Some(Format::Console)
    } else if !directory && !group && staff_columns::is_header(&keys) {
        Some(Format::StaffList)
    } else if known >= 2 || (group && (known == 1 || has(&MEMBER))) {
        Some(Format::PowerShell)
    } else if !group && staff_columns::is_header(&keys) {
        // One column of an account among those of a list of people.
        Some(Format::StaffList)
    } else {
        None
    })
}
