//! The formats of expected lists.

use serde::{Deserialize, Serialize};

/// The format of an expected list: the program that wrote it, or the list that is kept by hand.
///
/// Packages of earlier versions hold the words that a reader saw for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListFormat {
    /// Users, as `Get-ADUser | Export-Csv` writes them.
    #[serde(alias = "PowerShell CSV (`Get-ADUser`)")]
    PowerShellUsers,
    /// Groups, as `Get-ADGroup | Export-Csv` writes them.
    #[serde(alias = "PowerShell CSV (`Get-ADGroup`)")]
    PowerShellGroups,
    /// Members of one group, as `Get-ADGroupMember | Export-Csv` writes them.
    #[serde(alias = "PowerShell CSV (`Get-ADGroupMember`)")]
    PowerShellMembers,
    /// Members of many groups, as scripts around `Get-ADGroupMember` write them.
    #[serde(alias = "PowerShell CSV (list of memberships)")]
    PowerShellMemberships,
    /// What `csvde` writes.
    #[serde(alias = "CSV (`csvde`)")]
    Csvde,
    /// LDIF of a program that does not show.
    #[serde(alias = "LDIF")]
    Ldif,
    /// What `ldapsearch` writes.
    #[serde(alias = "LDIF (`ldapsearch`)")]
    LdifOfLdapsearch,
    /// What `ldifde` writes.
    #[serde(alias = "LDIF (`ldifde`)")]
    LdifOfLdifde,
    /// What `ldbsearch` writes.
    #[serde(alias = "LDIF (`ldbsearch`)")]
    LdifOfLdbsearch,
    /// What `samba-tool user show` and its like write.
    #[serde(alias = "LDIF (`samba-tool`)")]
    LdifOfSambaTool,
    /// What `samba-tool group listmembers` writes.
    #[serde(alias = "list of members (`samba-tool group listmembers`)")]
    SambaToolMembers,
    /// What `samba-tool group list` writes.
    #[serde(alias = "list of groups (`samba-tool group list`)")]
    SambaToolGroups,
    /// What `samba-tool group list --verbose` writes.
    #[serde(alias = "table of groups (`samba-tool group list --verbose`)")]
    SambaToolGroupTable,
    /// What the console *Active Directory Users and Computers* exports.
    #[serde(alias = "CSV of one container (Active Directory Users and Computers)")]
    ConsoleList,
    /// Users, as the portal of Entra ID exports them.
    #[serde(alias = "CSV of users (Entra ID)")]
    EntraUsers,
    /// Groups, as the portal of Entra ID exports them.
    #[serde(alias = "CSV of groups (Entra ID)")]
    EntraGroups,
    /// Members of one group, as the portal of Entra ID exports them.
    #[serde(alias = "CSV of a group's members (Entra ID)")]
    EntraMembers,
    /// Answers of Microsoft Graph.
    #[serde(alias = "JSON (Microsoft Graph)")]
    MicrosoftGraph,
    /// People, from whatever program knows their mail addresses.
    #[serde(alias = "CSV of people")]
    StaffList,
    /// `people.csv`
    #[serde(alias = "list of people")]
    People,
    /// `assignments.csv`
    #[serde(alias = "list of assignments")]
    Assignments,
    /// `applications.csv`
    #[serde(alias = "list of applications")]
    Applications,
    /// `entitlements.csv`
    #[serde(alias = "list of entitlements")]
    Entitlements,
    /// `permission-sets.csv`
    #[serde(alias = "list of permission sets")]
    PermissionSets,
    /// `iam-users.csv`
    #[serde(alias = "list of IAM users")]
    IamUsers,
    /// `trusts.csv`
    #[serde(alias = "list of trusts")]
    Trusts,
    /// `waivers.toml`
    #[serde(alias = "list of waivers")]
    Waivers,
}
