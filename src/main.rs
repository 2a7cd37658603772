//! The program's entry: the runtime, the command line, the exit code.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    rollcall::cli::run().await.into()
}
