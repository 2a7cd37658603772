//! The simulator as a program, for clients in other languages; [`rollcall_simulator::run`] says how to call it.

use std::process::ExitCode;

#[expect(clippy::print_stderr, reason = "this is the edge of a program")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match rollcall_simulator::run(&arguments, std::io::stdin(), std::io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("error: {wrong}");
            ExitCode::FAILURE
        }
    }
}
