//! `rollcall export-commands`: the script that exports a directory. It is printed and not run: whoever may read the
//! directory reads it first.

use clap::{Args, Subcommand};

use super::{Exit, Failure, print};
use crate::pipeline::export_commands::{ActiveDirectory, EntraId, active_directory, entra_id};

/// Arguments of `rollcall export-commands`.
#[derive(Debug, Args)]
pub(super) struct ExportCommands {
    #[command(subcommand)]
    of: Of,
}

#[derive(Debug, Subcommand)]
enum Of {
    /// Active Directory: for PowerShell with the module ActiveDirectory.
    Ad(Ad),
    /// Entra ID: for PowerShell with the module Microsoft.Graph.Authentication.
    Entra(Entra),
}

#[derive(Debug, Args)]
struct Ad {
    /// The default folder that the script writes to.
    #[arg(long, value_name = "DIR", default_value = "expected")]
    folder: String,
    /// The domain controller or the domain to query. Default: one nearby.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    server: String,
    /// The part of the domain to export: OU=Staff,DC=corp,DC=example. Default: all of it.
    #[arg(long, value_name = "DN", default_value = "", hide_default_value = true, value_parser = search_base)]
    search_base: String,
    /// The groups to export, with all groups inside them: an LDAP filter.
    #[arg(long, value_name = "FILTER", default_value = "(name=AWS-*)", value_parser = ldap_filter)]
    group_filter: String,
}

#[derive(Debug, Args)]
struct Entra {
    /// The default folder that the script writes to.
    #[arg(long, value_name = "DIR", default_value = "expected")]
    folder: String,
    /// The tenant to sign in to, by its id or a domain. Default: keep the current sign-in.
    #[arg(long, value_name = "ID", default_value = "", hide_default_value = true)]
    tenant: String,
    /// The cloud: `USGov`, `USGovDoD`, `China`, or another one that `Get-MgEnvironment` lists. Default: the commercial
    /// cloud.
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    environment: String,
    /// The groups to export: an OData filter.
    #[arg(long, value_name = "FILTER", default_value = "startswith(displayName,'AWS-')")]
    group_filter: String,
}

/// What is certainly no distinguished name is refused here; the directory judges the rest.
fn search_base(text: &str) -> Result<String, &'static str> {
    let is_name = text.is_empty() || text.contains('=');
    if is_name { Ok(text.to_owned()) } else { Err("write a distinguished name, like `OU=Staff,DC=corp,DC=example`") }
}

/// The same for an LDAP filter.
fn ldap_filter(text: &str) -> Result<String, &'static str> {
    let depth = text.chars().try_fold(0_u32, |depth, char| match char {
        '(' => Some(depth + 1),
        ')' => depth.checked_sub(1),
        _ => Some(depth),
    });
    let is_filter = text.starts_with('(') && depth == Some(0);
    if is_filter { Ok(text.to_owned()) } else { Err("put the LDAP filter in parentheses, like `(name=AWS-*)`") }
}

pub(super) fn run(arguments: &ExportCommands) -> Result<Exit, Failure> {
    let script = match &arguments.of {
        Of::Ad(Ad { folder, server, search_base, group_filter }) => active_directory(&ActiveDirectory {
            folder: folder.clone(),
            server: server.clone(),
            search_base: search_base.clone(),
            group_filter: group_filter.clone(),
        }),
        Of::Entra(Entra { folder, tenant, environment, group_filter }) => entra_id(&EntraId {
            folder: folder.clone(),
            tenant: tenant.clone(),
            environment: environment.clone(),
            group_filter: group_filter.clone(),
        }),
    };
    print(|out| out.write_all(script.as_bytes()))
}
