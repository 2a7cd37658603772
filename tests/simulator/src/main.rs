//! The simulator as a program, for clients in other languages.
//!
//! `rollcall-simulator --world small|large|careful|people:N [--rate 20] [--burst 20] [--seed 1] [--session 3600]
//! [--fault WHAT[,on=OPERATION][,account=ID][,about=VALUE][,after=N][,every=N][,times=N]]…`
//!
//! It prints `LISTENING http://127.0.0.1:PORT` and ends when its standard input does.

use std::io::{Read, Write};
use std::process::ExitCode;

use rollcall_simulator::{Fault, Faults, Simulator, World};

#[expect(clippy::print_stderr, reason = "this is the edge of a program")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("error: {wrong}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let (mut world, mut faults) = (World::small(), Faults::none());
    let (mut rate, mut burst) = (None, 20);
    for pair in arguments.chunks(2) {
        let [name, value] = pair else { return Err(format!("`{}` needs a value", pair[0])) };
        match name.as_str() {
            "--world" => world = named(value)?,
            "--rate" => rate = Some(number(value)?),
            "--burst" => burst = number(value)?,
            "--seed" => faults = faults.seed(number(value)?),
            "--session" => faults = faults.sessions_last(number(value)?),
            "--fault" => faults = faults.with(Fault::parse(value)?),
            _ => return Err(format!("there is no `{name}`")),
        }
    }
    if let Some(rate) = rate {
        faults = faults.rate(rate, burst);
    }
    let simulator = Simulator::start(world, faults);
    let mut out = std::io::stdout();
    writeln!(out, "LISTENING {}", simulator.url()).and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    // It never outlives whoever started it, however that ends.
    std::io::stdin().read_to_end(&mut Vec::new()).map(drop).map_err(|error| error.to_string())
}

fn named(name: &str) -> Result<World, String> {
    match name.split_once(':') {
        None if name == "small" => Ok(World::small()),
        None if name == "large" => Ok(World::large()),
        None if name == "careful" => Ok(World::careful()),
        Some(("people", users)) => Ok(World::people(number(users)?)),
        _ => Err(format!("there is no world `{name}`")),
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}
