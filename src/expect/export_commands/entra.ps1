<#
Exports users, groups and group members of Entra ID as lists for Rollcall.

It reads the directory by Microsoft Graph and changes nothing in it. It writes below the folder, into one folder for
the tenant:

    users.csv     all users, and whether the account is enabled
    groups.csv    the groups that the filter finds
    members.csv   the members of these groups; a group without members has a row with only its name

and next to each list NAME a sidecar NAME.export.json with the export time, the source, the filter, the command and the
number of rows. It first writes everything to a separate folder. If anything cannot be read, nothing is replaced. A
group that is deleted meanwhile is left out, with a warning.

Entra ID provisions the direct members of a group and not those of groups inside it, so the settings of Rollcall need
nested_groups = "direct" in [expect]. ObjectGUID is the object id of Entra ID, which Identity Center keeps as the
external id where provisioning maps objectId to externalId.

Needs: PowerShell 7 or Windows PowerShell 5.1, and the module Microsoft.Graph.Authentication.
Permissions of Microsoft Graph: User.Read.All and GroupMember.Read.All, and Member.Read.Hidden where the membership of
a group is hidden. All of them only read; an administrator of the tenant consents to them.
Usage: pwsh -NoProfile -File export-entra.ps1 -Folder expected
       Windows PowerShell: powershell -NoProfile -ExecutionPolicy Bypass -File export-entra.ps1 -Folder expected
Signing in, one of:
       nothing more: whoever has signed in with Connect-MgGraph in this session stays signed in (in whatever way: a
       managed identity, a secret), else a browser asks
       -DeviceCode: with a code, on another device
       -Tenant ... -ClientId ... -CertificateThumbprint ...: unattended, as an application that has these permissions
       and this certificate
Other clouds: -Environment USGov, USGovDoD or China.
#>
#Requires -Version 5.1
#Requires -Modules Microsoft.Graph.Authentication
[CmdletBinding()]
param(
    # Where the lists go. The folder is made if it is not there.
    [string]$Folder = @FOLDER@,
    # The tenant to sign in to, by its id or one of its domains; empty: the one of whoever signs in.
    [string]$Tenant = @TENANT@,
    # The cloud, as Get-MgEnvironment names it; empty: the one that is signed in to already, else Global.
    [string]$Environment = @ENVIRONMENT@,
    # The application to sign in as, with this certificate of the user's or the computer's store.
    [string]$ClientId = '',
    [string]$CertificateThumbprint = '',
    # Sign in with a code, where no browser can be opened.
    [switch]$DeviceCode,
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
# Signs in, unless somebody is signed in and nothing else is asked for. Versions of the module differ in their
# parameters: those before 2.4 have no NoWelcome, those before 2 another name for the code.
function Connect-Directory {
    $context = Get-MgContext
    $other = $Environment -and $context -and $context.Environment -ne $Environment
    if ($context -and -not ($Tenant -or $ClientId -or $DeviceCode -or $other)) { return }
    $parameters = (Get-Command Connect-MgGraph).Parameters
    $signIn = @{}
    if ($parameters.ContainsKey('NoWelcome')) { $signIn['NoWelcome'] = $true }
    if ($Environment) { $signIn['Environment'] = $Environment }
    if ($Tenant) { $signIn['TenantId'] = $Tenant }
    if ($ClientId) { $signIn['ClientId'] = $ClientId }
    if ($CertificateThumbprint) {
        $signIn['CertificateThumbprint'] = $CertificateThumbprint
    } else {
        $signIn['Scopes'] = @('User.Read.All', 'GroupMember.Read.All')
        $byCode = if ($parameters.ContainsKey('UseDeviceCode')) { 'UseDeviceCode' } else { 'UseDeviceAuthentication' }
        if ($DeviceCode) { $signIn[$byCode] = $true }
    }
    Connect-MgGraph @signIn
}

# Where Microsoft Graph is in the cloud that is signed in to.
function Get-GraphAddress {
    $cloud = (Get-MgContext).Environment
    if (-not $cloud) { $cloud = if ($Environment) { $Environment } else { 'Global' } }
    $known = Get-MgEnvironment | Where-Object { $_.Name -eq $cloud }
    if (-not $known) { throw "Get-MgEnvironment knows no cloud called $cloud" }
    ([string]$known.GraphEndpoint).TrimEnd('/') + '/v1.0'
}

# Everything that an address of Microsoft Graph answers, page by page to the last.
function Read-All([string]$Address) {
    while ($Address) {
        $page = Invoke-MgGraphRequest -Method GET -Uri $Address -OutputType Hashtable
        $page['value']
        $Address = $page['@odata.nextLink']
    }
}

$started = Get-Date
Connect-Directory
$asked = (Get-MgContext).TenantId

$Folder = (New-Item -ItemType Directory -Force -Path $Folder).FullName
$target = Join-Path $Folder $asked
$draft = Join-Path $Folder ('.rollcall-' + [guid]::NewGuid().ToString('N'))
[void](New-Item -ItemType Directory -Path $draft)
try {
    $graph = Get-GraphAddress
    $facts = 'id,userPrincipalName,mail,displayName,accountEnabled'
    Export-List 'users.csv' 'GET /users' '' {
        Read-All ($graph + '/users?$top=999&$select=' + $facts) | Select-Object -Property $userColumns
    }

    $filter = '&$filter=' + [uri]::EscapeDataString($GroupFilter)
    $groups = @(Read-All ($graph + '/groups?$top=999&$select=id,displayName,securityEnabled' + $filter))
    $listed = New-Object 'System.Collections.Generic.List[object]'
    Export-List 'members.csv' 'GET /groups/{id}/members' $GroupFilter {
        foreach ($group in $groups) {
            try {
                $members = @(Read-All ($graph + '/groups/' + $group['id'] + '/members?$top=999&$select=' + $facts))
            } catch {
                if (@('NotFound', '404') -notcontains [string]$_.Exception.Response.StatusCode) { throw }
                Write-Warning "deleted while this ran, and left out: $($group['displayName'])"
                continue
            }
            $listed.Add($group)
            if ($members.Count -eq 0) { $members = @(@{}) }
            $members | Select-Object -Property $memberColumns
        }
    }
    Export-List 'groups.csv' 'GET /groups' $GroupFilter {
        $listed | Select-Object -Property $groupColumns
    }

    [void](New-Item -ItemType Directory -Force -Path $target)
    Publish-List 'users.csv'
    Publish-List 'groups.csv'
    Publish-List 'members.csv'
} finally {
    Remove-Item -LiteralPath $draft -Recurse -Force
}
