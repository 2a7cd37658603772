//! The program's entry: the runtime, the command line, the exit code.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use rollcall::cli::{self, Exit};

/// What a thread of the runtime may stack up, in bytes: as much as the main thread has on Linux. The walk through AWS
/// is deep, and an unoptimized build needs more for it than the two MiB that threads have otherwise.
const STACK: usize = 8 << 20;

/// How long work that was interrupted may take to end by itself: a disk that has stalled never answers it.
const AT_THE_END: Duration = Duration::from_secs(5);

#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::announce_panics();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = runtime.expect("threads can be started");
    // What panicked has said so. The exit code is one that is documented, and not the 101 of Rust.
    let ended = catch_unwind(AssertUnwindSafe(|| runtime.block_on(cli::run())));
    runtime.shutdown_timeout(AT_THE_END);
    ended.unwrap_or(Exit::NoAudit).into()
}
