//! The program's entry: the runtime, the command line, the exit code.

fn main() {}
