# Windows PowerShell writes a byte order mark for UTF8, PowerShell 7 only if it is asked to.
$utf8 = if ($PSVersionTable.PSVersion.Major -ge 6) { 'utf8BOM' } else { 'UTF8' }

function Format-Utc($Time) {
    if ($null -ne $Time) {
        ([datetime]$Time).ToUniversalTime().ToString('yyyy-MM-ddTHH\:mm\:ss\Z', [cultureinfo]::InvariantCulture)
    }
}

# Writes what the block gives as a list, and its sidecar. A list without a row would say that nobody is expected.
function Export-List([string]$Name, [string]$Command, [string]$Filter, [scriptblock]$Rows) {
    $path = Join-Path $draft $Name
    $script:count = 0
    & $Rows | ForEach-Object { $script:count++; $_ } |
        Export-Csv -LiteralPath $path -NoTypeInformation -Encoding $utf8
    if ($script:count -eq 0) { throw "nothing was found for $Name ($Command, $Filter); nothing was replaced" }
    $sidecar = [ordered]@{
        exported_at = Format-Utc $started
        server      = $asked
        filter      = $Filter
        rows        = $script:count
        command     = $Command
        sha256      = (Get-FileHash -LiteralPath $path -Algorithm SHA256).Hash.ToLowerInvariant()
    }
    $text = ConvertTo-Json -InputObject $sidecar
    [IO.File]::WriteAllText("$path.export.json", $text, (New-Object Text.UTF8Encoding $false))
}

# Puts the lists in their places. While a list is replaced it has no sidecar, so that what is said of the one is never
# taken for the other.
function Publish-List([string]$Name) {
    $place = Join-Path $target $Name
    $sidecar = "$place.export.json"
    if (Test-Path -LiteralPath $sidecar) { Remove-Item -LiteralPath $sidecar }
    Move-Item -LiteralPath (Join-Path $draft $Name) -Destination $place -Force
    Move-Item -LiteralPath (Join-Path $draft "$Name.export.json") -Destination $sidecar -Force
    Write-Output "wrote $place"
}
