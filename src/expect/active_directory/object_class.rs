//! What an object is, by the name of its class. What is neither known to be a person or a group nor known to be
//! something else may be anything: taken for no person, people would vanish from a list without a word.

use crate::expect::csv::header::column_key;
use crate::expect::records::directory_records::EntryKind;

/// What is expected of the class of something that may be an account.
pub(crate) const EXPECTED: &str = "a known class (`user`, `group`, `computer`, …), so this may or may not be a person";

/// Classes of Active Directory that are never users of AWS, though they may have a SID or a mail address, and some are
/// users to the directory. What has neither (an organizational unit, a container) need not be named here.
const NEVER_PEOPLE: [&str; 12] = [
    "builtindomain",
    "computer",
    "contact",
    "domaindns",
    "foreignsecurityprincipal",
    "msds-delegatedmanagedserviceaccount",
    "msds-groupmanagedserviceaccount",
    "msds-managedserviceaccount",
    "msexchdynamicdistributionlist",
    "publicfolder",
    "samserver",
    "trusteddomain",
];

/// What an object of Active Directory is, by its class, or by all of its classes joined in one cell; `None` where none
/// of them is known.
pub(crate) fn of_directory(classes: &str) -> Option<EntryKind> {
    let classes = classes.to_lowercase();
    let separates = |char: char| char.is_whitespace() || matches!(char, ';' | ',' | '|');
    let is = |known: &[&str]| classes.split(separates).any(|class| known.contains(&class));
    // To the directory, a computer is a user too.
    if is(&NEVER_PEOPLE) {
        Some(EntryKind::Other)
    } else if is(&["group"]) {
        Some(EntryKind::Group)
    } else if is(&["user", "inetorgperson"]) {
        Some(EntryKind::Person)
    } else {
        None
    }
}

/// What an object of Entra ID is, by its type as the portal or Microsoft Graph names it; `None` where it is not known.
pub(crate) fn of_entra(name: &str) -> Option<EntryKind> {
    match column_key(name.trim()).trim_start_matches("#microsoft.graph.") {
        // The user of an agent is in groups and signs in to applications as any user does.
        "user" | "agentuser" => Some(EntryKind::Person),
        "group" => Some(EntryKind::Group),
        "administrativeunit"
        | "agentidentity"
        | "agentidentityblueprintprincipal"
        | "application"
        | "contact"
        | "device"
        | "directoryrole"
        | "endpoint"
        | "orgcontact"
        | "serviceprincipal" => Some(EntryKind::Other),
        _ => None,
    }
}
