//! `rollcall export-commands`: scripts that write expected lists, for whoever may read the directory.
//!
//! Most damage of directory exports is done when they are written: lost characters, missing columns, members that are
//! cut off at 1,500, half of a file. These scripts write what the readers of this stage read best, and a sidecar that
//! says when, from where and how many. They are plain ASCII, so that no shell can change them on the way to a file.

const AD: &str = include_str!("export_commands/ad.ps1");
const ENTRA: &str = include_str!("export_commands/entra.ps1");
/// How a list is written, whatever directory it comes from.
const LISTS: &str = include_str!("export_commands/lists.ps1");

/// What stands at the top of a script in place of its own defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActiveDirectory {
    /// The folder that the lists are written to.
    pub folder: String,
    /// The domain controller or the domain that is asked; one nearby where it is empty.
    pub server: String,
    /// The part of the domain that is looked at, as a distinguished name; all of it where it is empty.
    pub search_base: String,
    /// The groups, as an LDAP filter.
    pub group_filter: String,
}

/// What stands at the top of a script in place of its own defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntraId {
    /// The folder that the lists are written to.
    pub folder: String,
    /// The tenant to sign in to; whoever has signed in stays signed in where it is empty.
    pub tenant: String,
    /// The cloud, as `Get-MgEnvironment` names it; the one that is signed in to, else the commercial one, where it is
    /// empty.
    pub environment: String,
    /// The groups, as an OData filter.
    pub group_filter: String,
}

/// The `PowerShell` script that exports Active Directory.
///
/// # Panics
/// Never: the script has a place for each of its options.
#[must_use]
pub fn active_directory(options: &ActiveDirectory) -> String {
    let ActiveDirectory { folder, server, search_base, group_filter } = options;
    let values =
        [("@FOLDER@", folder), ("@SERVER@", server), ("@SEARCH_BASE@", search_base), ("@GROUP_FILTER@", group_filter)];
    script(AD, &values)
}

/// The `PowerShell` script that exports Entra ID.
///
/// # Panics
/// Never: the script has a place for each of its options.
#[must_use]
pub fn entra_id(options: &EntraId) -> String {
    let EntraId { folder, tenant, environment, group_filter } = options;
    let values =
        [("@FOLDER@", folder), ("@TENANT@", tenant), ("@ENVIRONMENT@", environment), ("@GROUP_FILTER@", group_filter)];
    script(ENTRA, &values)
}

/// A script with these values in their places, which come in this order.
fn script(template: &str, values: &[(&str, &String)]) -> String {
    let template = template.replace("@LISTS@", LISTS);
    let (mut script, mut rest) = (String::new(), template.as_str());
    for (place, value) in values {
        let (before, after) = rest.split_once(place).expect("the script has a place for each option, in this order");
        script.push_str(before);
        script.push_str(&quoted(value));
        rest = after;
    }
    script + rest
}

/// A text as an expression of `PowerShell`, in ASCII whatever it holds: `'OU=M' + [char]0x00FC + 'ller'`.
///
/// `PowerShell` takes typographic quotes for quotes too; they are not ASCII, so none is left.
fn quoted(text: &str) -> String {
    let is_plain = |char: &char| *char == ' ' || char.is_ascii_graphic();
    let literal = |text: String| format!("'{}'", text.replace('\'', "''"));
    if text.chars().all(|char| is_plain(&char)) {
        return literal(text.to_owned());
    }
    let mut parts = vec!["''".to_owned()];
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.peek() {
        if is_plain(next) {
            let mut plain = String::new();
            while let Some(char) = rest.next_if(is_plain) {
                plain.push(char);
            }
            parts.push(literal(plain));
        } else {
            let mut units = [0; 2];
            let char = rest.next().expect("it was seen");
            parts.extend(char.encode_utf16(&mut units).iter().map(|unit| format!("[char]0x{unit:04X}")));
        }
    }
    format!("({})", parts.join(" + "))
}
