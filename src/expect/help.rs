//! What to do about expected lists that cannot be used.

use super::error::{Damage, ExpectError};
use super::exports::staff_status::{self, COMMON};

const EXPORT_AGAIN: &str =
    "export again with `Export-Csv -NoTypeInformation -Encoding UTF8` and do not edit the file in between";

impl ExpectError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> Option<String> {
        match self {
            ExpectError::NoLists => Some(format!("put at least one list there: {ACCEPTED}")),
            ExpectError::UnknownEncoding { .. } => Some(
                "use `cp437`, `cp850`, `cp852`, or a label of the WHATWG Encoding Standard, such as `windows-1252`"
                    .to_owned(),
            ),
            ExpectError::UnknownCulture { .. } => {
                Some("write it as PowerShell's `(Get-Culture).Name` does, such as `de-DE` or `en-US`".to_owned())
            }
            ExpectError::List { damage, .. } => damage.help(),
            ExpectError::Record { .. } | ExpectError::RecordFormat { .. } => {
                Some("read the package with the version of Rollcall that wrote it".to_owned())
            }
        }
    }
}

const ACCEPTED: &str = "`people.csv`, `assignments.csv`, `applications.csv`, `entitlements.csv`, `permission-sets.csv`, \
    `iam-users.csv`, `trusts.csv`, `waivers.toml`; of Active Directory, what PowerShell (`Get-ADUser … | Export-Csv`), \
    `csvde`, `ldapsearch`, `ldifde`, `ldbsearch` and `samba-tool` write; of Entra ID, what the portal and Microsoft Graph \
    give; a CSV of people with their mail addresses, or with their logins and states";

impl Damage {
    fn help(&self) -> Option<String> {
        let text = match self {
            Damage::Nobody { .. } => {
                "if that is true, leave the file out; if not, run the export again and look at its filter".to_owned()
            }
            Damage::NotAList { instead, .. } | Damage::NoLeavers { instead, .. } | Damage::Unusable { instead, .. } => {
                (*instead).to_owned()
            }
            Damage::Unrecognized { .. } => format!("accepted are {ACCEPTED}"),
            Damage::Undecodable { .. } => {
                "export again with `-Encoding UTF8`, or name the file's encoding (`expect.encoding = \"windows-1252\"`)"
                    .to_owned()
            }
            Damage::WrongEncoding { .. } => "export again with `-Encoding UTF8`, or name the encoding that it is in: \
                 `cp850` or `cp437` for what the console of Windows wrote, `windows-1252` for most else"
                .to_owned(),
            Damage::MixedEncoding { .. } => {
                "the file was probably appended to with another encoding; export all of it again".to_owned()
            }
            Damage::ByHand(damage) => return damage.help_by_hand(),
            Damage::Width { .. } | Damage::OpenQuote { .. } | Damage::RoundedNumber { .. } => EXPORT_AGAIN.to_owned(),
            Damage::StrayQuote { .. } => {
                "close the quote where it was opened, or take it out; or export again, and do not edit the file"
                    .to_owned()
            }
            Damage::DuplicateColumn { .. } => "remove one of the two columns".to_owned(),
            Damage::OtherHeader { .. } => "give the files one by one".to_owned(),
            Damage::MissingColumn { remedy, .. } => (*remedy).to_owned(),
            Damage::UnknownColumn { nearest, .. } => return nearest.map(|known| format!("did you mean `{known}`?")),
            Damage::Value { expected, .. } if *expected == staff_status::KNOWN => {
                format!("correct it where it comes from, and export again; for whether somebody is there, use {COMMON}")
            }
            Damage::Value { .. } => "correct it where it comes from, and export again".to_owned(),
            Damage::NamesNobody { .. } => {
                "export `ObjectGUID`, `SamAccountName` or `UserPrincipalName` of everybody, or \
                 leave the row out where it comes from"
                    .to_owned()
            }
            Damage::NamelessMember { .. } => "write the group into every row of the column `Group`".to_owned(),
            Damage::OtherCulture { .. } => "set `expect.culture` to what `(Get-Culture).Name` says where the list was \
                 exported, or export `accountExpires` too"
                .to_owned(),
            Damage::Json { .. } => "save the whole answer as it came; if it was cut off, ask again".to_owned(),
            Damage::Typeless { .. } => "ask without `$select`, or with `userPrincipalName` for users and \
                 `securityEnabled` for groups in it"
                .to_owned(),
            Damage::UnknownType { .. } => {
                "ask for users, and for the members of groups, with the version `v1.0` of Microsoft \
                 Graph; leave the object out of the answer if it is neither a user nor a group"
                    .to_owned()
            }
            Damage::Contradiction { .. } => "export the file again; the two come from one value".to_owned(),
            Damage::NamelessGroup => "name the file after the group, such as `AWS-Admins.csv`".to_owned(),
            Damage::Ldif { .. } => "write the file with `ldapsearch -LLL` and do not edit it".to_owned(),
            Damage::Changes { .. } => "export entries with `ldapsearch -LLL`".to_owned(),
            Damage::Kindless { .. } => {
                "export what says it: `objectClass` of Active Directory, `objectType` of Entra ID".to_owned()
            }
            Damage::Keyless => "export these attributes too".to_owned(),
            Damage::Waiver { nearest, .. } => return nearest.map(|known| format!("did you mean `{known}`?")),
            Damage::Sidecar { .. } => "write the instant in RFC 3339, with its offset".to_owned(),
            Damage::SidecarOfAnother { .. } => {
                "copy the list and its sidecar again, or export again; an exported list must not be edited".to_owned()
            }
            Damage::NoNewest { .. } => {
                "leave the older one out, or write the day of the export into both names (`users-2026-11-29.csv`)"
                    .to_owned()
            }
            Damage::SecondOfItsKind { .. } => {
                "keep the one that is in force, and move the other out of the folder of expected lists".to_owned()
            }
            Damage::NotYetExported { .. } => {
                "correct it; if a date in the name is not the day of the export, take it out \
                 of the name, and say in a sidecar when it was exported; if the date is right, set the clock"
                    .to_owned()
            }
            Damage::LoneSidecar => "copy the list again, or remove its sidecar".to_owned(),
        };
        Some(text)
    }

    fn help_by_hand(&self) -> Option<String> {
        if let Damage::Nobody { .. } = self {
            return Some("write its header, as `expected/README.md` has it".to_owned());
        }
        if let Damage::Width { .. } | Damage::OpenQuote { .. } = self {
            return Some(
                "give each row a cell for each column, and put quotes around a cell with a comma in it".to_owned(),
            );
        }
        self.help()
    }
}
