<#
Writes who is in Entra ID, and who is in which group, as lists that Rollcall compares AWS with.

It reads the directory by Microsoft Graph and changes nothing in it. It writes below the folder, into one folder for
the tenant:

    users.csv     everybody, and whether the account is enabled
    groups.csv    the groups that the filter finds
    members.csv   who is in each of these groups; of a group without members, a row that names only the group

and beside each list NAME a sidecar NAME.export.json: when it was exported, from where, how, and how many rows it has.
All of it is written to a folder of its own first. If anything cannot be read, nothing is replaced.

Entra ID provisions the direct members of a group and not those of groups inside it, so the settings of Rollcall need
nested_groups = "direct" in [expect]. ObjectGUID is the object id of Entra ID, which Identity Center keeps as the
external id where provisioning maps objectId to externalId.

Needs: PowerShell 7 or Windows PowerShell 5.1, and the module Microsoft.Graph.Authentication.
Usage: pwsh -NoProfile -File export-entra.ps1 -Folder expected
#>
#Requires -Version 5.1
#Requires -Modules Microsoft.Graph.Authentication
[CmdletBinding()]
param(
    # Where the lists go. The folder is made if it is not there.
    [string]$Folder = @FOLDER@,
    # The tenant to sign in to, by its id or one of its domains; empty: whoever has signed in with Connect-MgGraph stays
    # signed in, which is how it runs unattended.
    [string]$Tenant = @TENANT@,
    # Which groups are exported: an OData filter on groups.
    [string]$GroupFilter = @GROUP_FILTER@
)

$ErrorActionPreference = 'Stop'

# The columns of the lists. All of them are always written, whether anybody has a value or not.
$objectColumns = @(
    @{ Name = 'ObjectGUID'; Expression = { $_['id'] } },
    @{ Name = 'UserPrincipalName'; Expression = { $_['userPrincipalName'] } },
    @{ Name = 'mail'; Expression = { $_['mail'] } },
    @{ Name = 'DisplayName'; Expression = { $_['displayName'] } },
    @{ Name = 'Enabled'; Expression = { $_['accountEnabled'] } }
)
$userColumns = $objectColumns + @(
    @{ Name = 'ObjectClass'; Expression = { 'user' } }
)
$groupColumns = @(
    @{ Name = 'ObjectGUID'; Expression = { $_['id'] } },
    @{ Name = 'Name'; Expression = { $_['displayName'] } },
    @{ Name = 'ObjectClass'; Expression = { 'group' } },
    @{ Name = 'GroupCategory'; Expression = { if ($_['securityEnabled']) { 'Security' } else { 'Distribution' } } }
)
$memberColumns = @(
    @{ Name = 'Group'; Expression = { $group['displayName'] } }
) + $objectColumns + @(
    @{ Name = 'ObjectClass'; Expression = { if ($_['@odata.type']) { $_['@odata.type'] -replace '^#microsoft\.graph\.', '' } } }
)

@LISTS@
# Everything that an address of Microsoft Graph answers, page by page to the last.
function Read-All([string]$Address) {
    while ($Address) {
        $page = Invoke-MgGraphRequest -Method GET -Uri $Address -OutputType Hashtable
        $page['value']
        $Address = $page['@odata.nextLink']
    }
}

$started = Get-Date
$signIn = @{ Scopes = @('User.Read.All', 'GroupMember.Read.All'); NoWelcome = $true }
if ($Tenant) { $signIn['TenantId'] = $Tenant }
if ($Tenant -or -not (Get-MgContext)) { Connect-MgGraph @signIn }
$asked = (Get-MgContext).TenantId

$Folder = (New-Item -ItemType Directory -Force -Path $Folder).FullName
$target = Join-Path $Folder $asked
$draft = Join-Path $Folder ('.rollcall-' + [guid]::NewGuid().ToString('N'))
[void](New-Item -ItemType Directory -Path $draft)
try {
    $graph = 'https://graph.microsoft.com/v1.0'
    $facts = 'id,userPrincipalName,mail,displayName,accountEnabled'
    Export-List 'users.csv' 'GET /users' '' {
        Read-All ($graph + '/users?$top=999&$select=' + $facts) | Select-Object -Property $userColumns
    }

    $filter = '&$filter=' + [uri]::EscapeDataString($GroupFilter)
    $groups = @(Read-All ($graph + '/groups?$top=999&$select=id,displayName,securityEnabled' + $filter))
    Export-List 'groups.csv' 'GET /groups' $GroupFilter {
        $groups | Select-Object -Property $groupColumns
    }
    Export-List 'members.csv' 'GET /groups/{id}/members' $GroupFilter {
        foreach ($group in $groups) {
            $members = @(Read-All ($graph + '/groups/' + $group['id'] + '/members?$top=999&$select=' + $facts))
            if ($members.Count -eq 0) { $members = @(@{}) }
            $members | Select-Object -Property $memberColumns
        }
    }

    [void](New-Item -ItemType Directory -Force -Path $target)
    Publish-List 'users.csv'
    Publish-List 'groups.csv'
    Publish-List 'members.csv'
} finally {
    Remove-Item -LiteralPath $draft -Recurse -Force
}
