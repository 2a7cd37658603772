<#
Exports users, groups and group members of Active Directory as lists for Rollcall.

It reads the directory and changes nothing in it; any domain user may run it. It writes below the folder, into one
folder for each domain:

    users.csv     all users, whether the account is enabled, and when it expires
    groups.csv    the groups that the filter finds, and all groups inside them
    members.csv   the members of these groups; a group without members has a row with only its name

and next to each list NAME a sidecar NAME.export.json with the export time, the server, the filter, the command and the
number of rows. It first writes everything to a separate folder. If anything cannot be read, nothing is replaced. An
object that is deleted meanwhile is left out, with a warning.

Needs: Windows PowerShell 5.1 or PowerShell 7, and the module ActiveDirectory (RSAT).
Usage: powershell -NoProfile -ExecutionPolicy Bypass -File export-ad.ps1 -Folder C:\rollcall\expected
       As somebody else, or from a computer that is not in the domain:
       powershell -NoProfile -ExecutionPolicy Bypass -File export-ad.ps1 -Server dc1.corp.example -Credential CORP\reader
       -ExecutionPolicy Bypass holds for this one process. Where a policy of the domain allows signed scripts only, sign it.
#>
#Requires -Version 5.1
#Requires -Modules ActiveDirectory
[CmdletBinding()]
param(
    # Where the lists go. The folder is made if it is not there.
    [string]$Folder = @FOLDER@,
    # The domain controller, or the domain, that is asked; empty: a domain controller nearby.
    [string]$Server = @SERVER@,
    # The part of the domain in which users and groups are looked for; empty: all of it.
    # Members of these groups are exported wherever they are.
    [string]$SearchBase = @SEARCH_BASE@,
    # Which groups are exported: an LDAP filter (RFC 4515).
    [string]$GroupFilter = @GROUP_FILTER@,
    # Who asks, in every domain; empty: whoever runs it. Of a name alone, the password is asked for.
    [System.Management.Automation.Credential()]
    [pscredential]$Credential = [pscredential]::Empty
)

$ErrorActionPreference = 'Stop'

# The columns of the lists. All of them are always written, whether anybody has a value or not.
$userColumns = @(
    'ObjectGUID', 'SID', 'SamAccountName', 'UserPrincipalName', 'mail', 'DisplayName', 'Name', 'DistinguishedName',
    'ObjectClass', 'Enabled', 'userAccountControl', 'accountExpires',
    @{ Name = 'whenChanged'; Expression = { Format-Utc $_.whenChanged } }
)
$groupColumns = @(
    'ObjectGUID', 'SID', 'SamAccountName', 'Name', 'DistinguishedName', 'ObjectClass', 'GroupCategory', 'GroupScope',
    @{ Name = 'whenChanged'; Expression = { Format-Utc $_.whenChanged } }
)
$memberColumns = @(
    @{ Name = 'Group'; Expression = { $group.DistinguishedName } },
    'ObjectGUID', 'objectSid', 'SamAccountName', 'UserPrincipalName', 'mail', 'DisplayName', 'Name',
    'DistinguishedName', 'ObjectClass', 'userAccountControl', 'accountExpires'
)
$userProperties = @('mail', 'displayName', 'userAccountControl', 'accountExpires', 'whenChanged')
$groupProperties = @('member', 'whenChanged')
$memberProperties = @(
    'objectSid', 'sAMAccountName', 'userPrincipalName', 'mail', 'displayName', 'userAccountControl', 'accountExpires'
)

@LISTS@
# A text inside an LDAP filter (RFC 4515, section 3).
function Format-FilterValue([string]$Text) {
    $Text.Replace('\', '\5c').Replace('*', '\2a').Replace('(', '\28').Replace(')', '\29').Replace([string][char]0, '\00')
}

# Whom to ask about an object: of DC=corp,DC=example, that is corp.example.
function Get-ServerOf([string]$DistinguishedName) {
    $parts = [regex]::Matches($DistinguishedName, '(?i)(?<!\\),DC=([^,]+)') | ForEach-Object { $_.Groups[1].Value }
    $name = $parts -join '.'
    if ($name -eq $domain.DNSRoot) { $asked } else { $name }
}

# Whether an error says that an object is not there. The type of the exception is not known in every version.
function Test-NotThere($ErrorRecord) {
    $said = @([string]$ErrorRecord.FullyQualifiedErrorId, [string]$ErrorRecord.CategoryInfo.Reason)
    [bool]($said -match 'ADIdentityNotFoundException')
}

# Everybody and everything that is itself in a group.
#
# Active Directory gives 1,500 values of an attribute at a time, and Get-ADGroupMember stops at 5,000 members. A search
# for the objects whose memberOf is the group comes in pages and has no such limit. It finds the members of the group's
# own domain; whoever the group names besides is asked for in the domain that the name says.
#
# Who is not there any more was deleted or moved since the group was read, and then the group as it is now does not name
# them. If it still does, whoever runs this may not see them, and half of a group is not written.
function Get-MembersOf($Group) {
    $filter = '(memberOf=' + (Format-FilterValue $Group.DistinguishedName) + ')'
    $server = Get-ServerOf $Group.DistinguishedName
    $found = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::OrdinalIgnoreCase)
    Get-ADObject -LDAPFilter $filter -Server $server -ResultPageSize 500 -Properties $memberProperties @access |
        ForEach-Object { [void]$found.Add($_.DistinguishedName); $_ }
    $names = @($Group.member)
    for ($round = 1; $round -le 4; $round++) {
        $notThere = @()
        foreach ($name in $names) {
            if ($found.Contains($name)) { continue }
            try {
                Get-ADObject -Identity $name -Server (Get-ServerOf $name) -Properties $memberProperties @access
                [void]$found.Add($name)
            } catch {
                if (-not (Test-NotThere $_)) { throw }
                $notThere += $name
            }
        }
        if ($notThere.Count -eq 0) { return }
        try {
            $names = @((Get-ADGroup -Identity $Group.ObjectGUID -Server $server -Properties member @access).member)
        } catch {
            if (-not (Test-NotThere $_)) { throw }
            $names = @()
        }
        foreach ($name in $notThere) {
            if ($names -notcontains $name) { Write-Warning "deleted or moved while this ran, and left out: $name" }
        }
    }
    throw "members of $($Group.DistinguishedName) cannot be read, though the group names them: $($notThere -join '; ')"
}

$started = Get-Date
$access = @{}
if ($Credential -ne [pscredential]::Empty) { $access['Credential'] = $Credential }
$asked = $Server
if (-not $asked) { $asked = [string](Get-ADDomainController -Discover -Service ADWS).HostName }
$domain = Get-ADDomain -Server $asked @access
$base = $SearchBase
if (-not $base) { $base = $domain.DistinguishedName }

$Folder = (New-Item -ItemType Directory -Force -Path $Folder).FullName
$target = Join-Path $Folder $domain.DNSRoot
$draft = Join-Path $Folder ('.rollcall-' + [guid]::NewGuid().ToString('N'))
[void](New-Item -ItemType Directory -Path $draft)
try {
    Export-List 'users.csv' 'Get-ADUser' "* below $base" {
        Get-ADUser -Filter * -SearchBase $base -Server $asked -ResultPageSize 500 -Properties $userProperties @access |
            Select-Object -Property $userColumns
    }

    # Groups inside the groups that were found are exported too, and each group once.
    $groups = New-Object 'System.Collections.Generic.List[object]'
    $waiting = New-Object 'System.Collections.Generic.Queue[object]'
    $known = New-Object 'System.Collections.Generic.HashSet[string]' ([StringComparer]::OrdinalIgnoreCase)
    Get-ADGroup -LDAPFilter $GroupFilter -SearchBase $base -Server $asked -ResultPageSize 500 `
        -Properties $groupProperties @access | ForEach-Object {
            if ($known.Add($_.DistinguishedName)) { $waiting.Enqueue($_) }
        }
    Export-List 'members.csv' 'Get-ADObject (memberOf=...)' "$GroupFilter below $base" {
        while ($waiting.Count -gt 0) {
            $group = $waiting.Dequeue()
            $groups.Add($group)
            $members = @(Get-MembersOf $group)
            if ($members.Count -eq 0) { $members = @([pscustomobject]@{ ObjectClass = $null }) }
            $members | Select-Object -Property $memberColumns
            foreach ($member in $members) {
                if ($member.ObjectClass -eq 'group' -and $known.Add($member.DistinguishedName)) {
                    $server = Get-ServerOf $member.DistinguishedName
                    try {
                        $waiting.Enqueue((Get-ADGroup -Identity $member.ObjectGUID -Server $server `
                            -Properties $groupProperties @access))
                    } catch {
                        if (-not (Test-NotThere $_)) { throw }
                        Write-Warning "deleted while this ran, so its members are not listed: $($member.DistinguishedName)"
                    }
                }
            }
        }
    }
    Export-List 'groups.csv' 'Get-ADGroup' "$GroupFilter below $base" {
        $groups | Select-Object -Property $groupColumns
    }

    [void](New-Item -ItemType Directory -Force -Path $target)
    Publish-List 'users.csv'
    Publish-List 'groups.csv'
    Publish-List 'members.csv'
} finally {
    Remove-Item -LiteralPath $draft -Recurse -Force
}
