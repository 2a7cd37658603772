//! Programs run as a user would run them, but in an environment that holds only what the test says.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// What a program left behind.
pub struct Output {
    /// The exit code.
    pub code: i32,
    /// What it printed as data.
    pub stdout: String,
    /// What it said to its user.
    pub stderr: String,
}

/// Runs `rollcall` in the directory `cwd`, which is also its home, with these variables and no others but `PATH`.
pub fn rollcall(cwd: &Path, arguments: &[&str], environment: &[(String, String)]) -> Output {
    run(Command::new(env!("CARGO_BIN_EXE_rollcall")).args(arguments), cwd, environment)
}

/// Starts `rollcall` in the same way and does not wait for its end; what it prints is not kept.
pub fn start_rollcall(cwd: &Path, arguments: &[&str], environment: &[(String, String)]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rollcall"));
    prepared(command.args(arguments), cwd, environment)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Runs a program to its end; both outputs must be UTF-8, as all that we print is.
pub fn run(command: &mut Command, cwd: &Path, environment: &[(String, String)]) -> Output {
    let command = prepared(command, cwd, environment);
    let output = command.output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    Output {
        code: output.status.code().expect("the program ends by itself, not by a signal"),
        stdout: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
    }
}

fn prepared<'c>(command: &'c mut Command, cwd: &Path, environment: &[(String, String)]) -> &'c mut Command {
    #[expect(clippy::disallowed_methods, reason = "programs are found where the tests' own caller finds them")]
    let path = std::env::var_os("PATH").expect("the tests run with a PATH");
    command.current_dir(cwd).env_clear().env("PATH", path).env("HOME", cwd).envs(environment.iter().cloned())
}
