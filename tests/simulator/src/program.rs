//! The command line of the simulator.

use std::io::{Read, Write};
use std::time::Duration;

use crate::{Fault, Faults, Simulator, World};

/// Runs the simulator as a program does.
///
/// `--world small|large|careful|people:N [--rate 20] [--burst 20] [--seed 1] [--session 3600] [--latency 0.2]
/// [--fault WHAT[,on=OPERATION][,account=ID][,about=VALUE][,after=N][,every=N][,times=N]]…`
///
/// It says `LISTENING http://127.0.0.1:PORT` and ends when the input does, so that it never outlives whoever started
/// it.
///
/// # Errors
/// What is wrong with the arguments.
pub fn run(arguments: &[String], mut input: impl Read, mut out: impl Write) -> Result<(), String> {
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
            "--latency" => faults = faults.latency(Duration::from_secs_f64(number(value)?)),
            "--fault" => faults = faults.with(Fault::parse(value)?),
            _ => return Err(format!("there is no `{name}`")),
        }
    }
    if let Some(rate) = rate {
        faults = faults.rate(rate, burst);
    }
    let simulator = Simulator::start(world, faults);
    writeln!(out, "LISTENING {}", simulator.url()).and_then(|()| out.flush()).map_err(|error| error.to_string())?;
    input.read_to_end(&mut Vec::new()).map(drop).map_err(|error| error.to_string())
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
