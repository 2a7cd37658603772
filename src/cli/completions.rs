//! `rollcall completions`: what a shell needs to complete the command line.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::{Exit, Failure, Rollcall, print};

/// Arguments of `rollcall completions`.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    shell: Shell,
}

pub(super) fn run(arguments: &Completions) -> Result<Exit, Failure> {
    // Into memory first: the generator panics where its reader has gone away.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Rollcall::command(), "rollcall", &mut script);
    print(|out| out.write_all(&script))
}
