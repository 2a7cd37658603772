//! `rollcall plan show`: what a plan file says.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::failure::{Level, tell};
use crate::cli::options::path;
use crate::cli::{Exit, Failure, columns, now, print};
use crate::pipeline::plan::{NotAPlan, PlanDigest, PlanFile, aws_cli, markdown, read_plan, text, write_plan};

/// Arguments of `rollcall plan show`.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The plan.
    #[arg(value_parser = path)]
    file: PathBuf,
    /// How it is printed.
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For a person.
    Text,
    /// For a pull request.
    Markdown,
    /// As it is in the file.
    Json,
    /// As AWS CLI commands that make the same changes, without the guards.
    AwsCli,
}

/// A file that is no plan.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot use the plan `{}`", path.display())]
    Plan {
        path: PathBuf,
        #[source]
        source: NotAPlan,
    },
}

/// A plan that is past its time.
#[derive(Debug, thiserror::Error)]
#[error("this plan expired at {}", crate::wording::instant(*.0))]
struct Expired(chrono::DateTime<chrono::Utc>);

pub(super) fn run(arguments: &Show) -> Result<Exit, Failure> {
    let (plan, digest) = read(&arguments.file)?;
    print(|out| match arguments.format {
        Format::Text => text(&plan, &digest, columns(), out),
        Format::Markdown => markdown(&plan, &digest, out),
        Format::Json => out.write_all(&write_plan(&plan)),
        Format::AwsCli => aws_cli(&plan, &digest, out),
    })?;
    if now() >= plan.expires {
        tell(Level::Warning, &Expired(plan.expires), Some("make a new plan: AWS or the lists may have changed"));
    }
    Ok(Exit::InOrder)
}

/// A plan and the digest of its file.
pub(in crate::cli) fn read(path: &Path) -> Result<(PlanFile, PlanDigest), Failure> {
    let (plan, bytes) = read_file(path)?;
    Ok((plan, PlanDigest::of(&bytes)))
}

/// A plan and the bytes of its file.
pub(in crate::cli) fn read_file(path: &Path) -> Result<(PlanFile, Vec<u8>), Failure> {
    let bytes = fs::read(path).map_err(|source| {
        let help = "name a file that `rollcall plan … --out FILE` wrote".to_owned();
        Failure::new(Exit::Usage, Unusable::Read { path: path.to_owned(), source }, Some(help))
    })?;
    let plan = read_plan(&bytes).map_err(|source| {
        let help = source.help().to_owned();
        Failure::new(Exit::Usage, Unusable::Plan { path: path.to_owned(), source }, Some(help))
    })?;
    Ok((plan, bytes))
}
