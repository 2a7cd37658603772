//! The formats of expected lists, in words.

use crate::model::ListFormat;

/// What a reader calls the format of a list.
#[must_use]
pub fn list_format(format: ListFormat) -> &'static str {
    match format {
        ListFormat::PowerShellUsers => "PowerShell CSV (`Get-ADUser`)",
        ListFormat::PowerShellGroups => "PowerShell CSV (`Get-ADGroup`)",
        ListFormat::PowerShellMembers => "PowerShell CSV (`Get-ADGroupMember`)",
        ListFormat::PowerShellMemberships => "PowerShell CSV (list of memberships)",
        ListFormat::Csvde => "CSV (`csvde`)",
        ListFormat::Ldif => "LDIF",
        ListFormat::LdifOfLdapsearch => "LDIF (`ldapsearch`)",
        ListFormat::LdifOfLdifde => "LDIF (`ldifde`)",
        ListFormat::LdifOfLdbsearch => "LDIF (`ldbsearch`)",
        ListFormat::LdifOfSambaTool => "LDIF (`samba-tool`)",
        ListFormat::SambaToolMembers => "list of members (`samba-tool group listmembers`)",
        ListFormat::SambaToolGroups => "list of groups (`samba-tool group list`)",
        ListFormat::SambaToolGroupTable => "table of groups (`samba-tool group list --verbose`)",
        ListFormat::ConsoleList => "CSV of one container (Active Directory Users and Computers)",
        ListFormat::EntraUsers => "CSV of users (Entra ID)",
        ListFormat::EntraGroups => "CSV of groups (Entra ID)",
        ListFormat::EntraMembers => "CSV of a group's members (Entra ID)",
        ListFormat::MicrosoftGraph => "JSON (Microsoft Graph)",
        ListFormat::StaffList => "CSV of people",
        ListFormat::People => "list of people",
        ListFormat::Assignments => "list of assignments",
        ListFormat::Applications => "list of applications",
        ListFormat::Entitlements => "list of entitlements",
        ListFormat::PermissionSets => "list of permission sets",
        ListFormat::IamUsers => "list of IAM users",
        ListFormat::Trusts => "list of trusts",
        ListFormat::Waivers => "list of waivers",
    }
}
