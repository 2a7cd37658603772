//! Users from a CSV file.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::options::{path, shown};
use crate::cli::{Exit, Failure};
use crate::pipeline::plan::{CsvVerb, PlanFor};

#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// Create the users of a file. Columns: `username`, `givenname`, `familyname`; also `displayname`, `groupname`
    /// (several with `;`), `email`, `emailtype`, `primary`, `identitystoreid`.
    Create(Csv),
    /// Delete the users of a file. Column: `username`.
    Delete(Csv),
}

/// A file of users.
#[derive(Debug, Args)]
pub(super) struct Csv {
    /// The file.
    #[arg(long, value_name = "FILE", value_parser = path)]
    csv: PathBuf,
    /// Plan the valid rows, and list the invalid ones in the plan.
    #[arg(long)]
    skip_bad_rows: bool,
}

impl Users {
    /// What is to be planned.
    pub(super) fn what(&self) -> Result<PlanFor, Failure> {
        match self {
            Users::Create(csv) => bulk(csv, CsvVerb::Create),
            Users::Delete(csv) => bulk(csv, CsvVerb::Delete),
        }
    }
}

fn bulk(csv: &Csv, verb: CsvVerb) -> Result<PlanFor, Failure> {
    #[derive(Debug, thiserror::Error)]
    #[error("cannot read `{file}`")]
    struct NotRead {
        file: String,
        #[source]
        source: std::io::Error,
    }

    let file = shown(&csv.csv);
    let bytes = fs::read(&csv.csv).map_err(|source| {
        let help = "name a CSV file with one user a row".to_owned();
        Failure::new(Exit::Usage, NotRead { file: file.clone(), source }, Some(help))
    })?;
    Ok(PlanFor::Bulk { verb, file, bytes, skip_bad_rows: csv.skip_bad_rows })
}
