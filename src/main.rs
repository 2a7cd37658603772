//! The program's entry: the runtime, the command line, the exit code.

use std::process::ExitCode;

/// What a thread of the runtime may stack up, in bytes: as much as the main thread has on Linux. The walk through AWS
/// is deep, and an unoptimized build needs more for it than the two MiB that threads have otherwise.
const STACK: usize = 8 << 20;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = runtime.expect("threads can be started");
    runtime.block_on(rollcall::cli::run()).into()
}
