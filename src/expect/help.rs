//! What to do about expected lists that cannot be used.

use super::error::{Damage, ExpectError};
use super::exports::staff_status::{self, COMMON};

const EXPORT_AGAIN: &str = "export again with `Export-Csv -NoTypeInformation -Encoding UTF8` and do not edit the file";

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
            ExpectError::UnknownCulture { .. } => Some(
                "write it as in the output of PowerShell's `(Get-Culture).Name`, such as `de-DE` or `en-US`".to_owned(),
            ),
            ExpectError::List { damage, .. } => damage.help(),
            ExpectError::Record { .. } | ExpectError::RecordFormat { .. } => {
                Some("read the package with the version of Rollcall that wrote it".to_owned())
            }
        }
    }
}

const ACCEPTED: &str = "`people.csv`, `assignments.csv`, `applications.csv`, `entitlements.csv`, \
                        `permission-sets.csv`, `iam-users.csv`, `trusts.csv`, `waivers.toml`; Active Directory \
                        exports by PowerShell (`Get-ADUser … | Export-Csv`), `csvde`, `ldapsearch`, `ldifde`, \
                        `ldbsearch` and `samba-tool`; Entra ID exports by the portal and Microsoft Graph; a CSV of \
                        people with email addresses, or with logins and states";

impl Damage {
    fn help(&self) -> Option<String> {
        let text = match self {
            Damage::Nobody { .. } => {
                "if that is correct, leave the file out; otherwise run the export again and check its filter".to_owned()
            }
            Damage::NotAList { instead, .. } | Damage::NoLeavers { instead, .. } | Damage::Unusable { instead, .. } => {
                (*instead).to_owned()
            }
            Damage::Unrecognized { meant: Some(list), .. } => format!("if it is that list, rename it to `{list}`"),
            Damage::Unrecognized { meant: None, .. } => format!("use one of these: {ACCEPTED}"),
            Damage::Undecodable { .. } => {
                "export again with `-Encoding UTF8`, or set the file's encoding (`expect.encoding = \
                 \"windows-1252\"`)"
                    .to_owned()
            }
            Damage::WrongEncoding { .. } => "export again with `-Encoding UTF8`, or set the actual encoding: `cp850` \
                                             or `cp437` for the Windows console, `windows-1252` for most other \
                                             programs"
                .to_owned(),
            Damage::MixedEncoding { .. } => {
                "the file was probably appended to with another encoding; export all of it again".to_owned()
            }
            Damage::ByHand(damage) => return damage.help_by_hand(),
            Damage::Width { .. } | Damage::OpenQuote { .. } | Damage::RoundedNumber { .. } => EXPORT_AGAIN.to_owned(),
            Damage::StrayQuote { .. } => {
                "close or remove the quote; or export again, and do not edit the file".to_owned()
            }
            Damage::DuplicateColumn { .. } => "remove one of the two columns".to_owned(),
            Damage::OtherHeader { .. } => "provide the files separately".to_owned(),
            Damage::MissingColumn { remedy, .. } => (*remedy).to_owned(),
            Damage::UnknownColumn { nearest, .. } => return nearest.map(|known| format!("did you mean `{known}`?")),
            Damage::Value { expected, .. } if *expected == staff_status::KNOWN => {
                format!("correct it at its source and export again; known words are {COMMON}")
            }
            Damage::Value { .. } => "correct it at its source and export again".to_owned(),
            Damage::NamesNobody { .. } => {
                "export `ObjectGUID`, `SamAccountName` or `UserPrincipalName` of everyone, or remove the row at its \
                 source"
                    .to_owned()
            }
            Damage::NamelessMember { .. } => "fill the column `Group` in every row".to_owned(),
            Damage::OtherCulture { .. } => "set `expect.culture` to the output of `(Get-Culture).Name` on the \
                                            exporting computer, or export `accountExpires` too"
                .to_owned(),
            Damage::Json { .. } => "save the complete answer unchanged; if it was cut off, query again".to_owned(),
            Damage::Typeless { .. } => "query without `$select`, or include `userPrincipalName` for users and \
                                        `securityEnabled` for groups in it"
                .to_owned(),
            Damage::UnknownType { .. } => {
                "query users and group members with version `v1.0` of Microsoft Graph; remove the object from the \
                 answer if it is neither a user nor a group"
                    .to_owned()
            }
            Damage::Contradiction { .. } => "export the file again; both columns come from one value".to_owned(),
            Damage::NamelessGroup => "name the file after the group, such as `AWS-Admins.csv`".to_owned(),
            Damage::Ldif { .. } => "write the file with `ldapsearch -LLL` and do not edit it".to_owned(),
            Damage::Changes { .. } => "export entries with `ldapsearch -LLL`".to_owned(),
            Damage::Kindless { .. } => {
                "export the type too: `objectClass` from Active Directory, `objectType` from Entra ID".to_owned()
            }
            Damage::Keyless => "export these attributes too".to_owned(),
            Damage::Waiver { nearest, .. } => return nearest.map(|known| format!("did you mean `{known}`?")),
            Damage::Sidecar { .. } => "write the time in RFC 3339 with its UTC offset".to_owned(),
            Damage::SidecarOfAnother { .. } => {
                "copy the list and its sidecar again, or export again; an exported list must not be edited".to_owned()
            }
            Damage::NoNewest { .. } => {
                "leave the older one out, or put the export date into both names (`users-2026-11-29.csv`)".to_owned()
            }
            Damage::SecondOfItsKind { .. } => {
                "keep the one that is in force, and move the other out of the folder of expected lists".to_owned()
            }
            Damage::NotYetExported { .. } => {
                "correct the date. If the date in the name is not the export date, remove it from the name, and give \
                 the export time in a sidecar. If the date is right, correct this computer's clock"
                    .to_owned()
            }
            Damage::LoneSidecar => "copy the list again, or remove its sidecar".to_owned(),
        };
        Some(text)
    }

    fn help_by_hand(&self) -> Option<String> {
        if let Damage::Nobody { .. } = self {
            return Some("write its header as shown in `expected/README.md`".to_owned());
        }
        if let Damage::Width { .. } | Damage::OpenQuote { .. } = self {
            return Some("give each row one cell for each column, and quote cells that contain a comma".to_owned());
        }
        self.help()
    }
}
