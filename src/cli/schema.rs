//! `rollcall schema`: the JSON Schemas of what Rollcall reads and writes.

use clap::{Args, ValueEnum};

use super::{Exit, Failure, check, print};
use crate::pipeline;
use crate::settings::Settings;

/// Arguments of `rollcall schema`.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The format to describe.
    of: Of,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// `rollcall.toml`.
    Settings,
    /// `report.json`.
    Report,
    /// What `rollcall check --format json` prints.
    Check,
    /// What `rollcall explain --format json` prints.
    Explain,
    /// The file that `rollcall plan --out FILE` writes.
    Plan,
}

pub(super) fn run(arguments: &Schema) -> Result<Exit, Failure> {
    let schema = match arguments.of {
        Of::Settings => Settings::schema(),
        Of::Report => pipeline::report_schema(),
        Of::Check => check::schema(),
        Of::Explain => pipeline::explain_schema(),
        Of::Plan => pipeline::plan::schema(),
    };
    print(|out| out.write_all(schema.as_bytes()))
}
