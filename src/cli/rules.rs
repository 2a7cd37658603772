//! `rollcall rules`: what is looked for.

use clap::Args;

use super::{Exit, Failure, print};
use crate::model::Rule;
use crate::pipeline;

/// Arguments of `rollcall rules`.
#[derive(Debug, Args)]
pub(super) struct Rules {
    /// Only this rule.
    rule: Option<String>,
}

/// A rule that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("rule `{0}` does not exist")]
struct NoSuchRule(String);

pub(super) fn run(arguments: &Rules) -> Result<Exit, Failure> {
    let wanted: Vec<&Rule> = match &arguments.rule {
        None => pipeline::rules().to_vec(),
        Some(id) => {
            let found = pipeline::rules().iter().copied().find(|rule| rule.id.0 == id);
            let help = || Some("`rollcall rules` lists all rules".to_owned());
            vec![found.ok_or_else(|| Failure::new(Exit::Usage, NoSuchRule(id.clone()), help()))?]
        }
    };
    print(|out| {
        for (number, rule) in wanted.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            writeln!(out, "{} ({})\n  {}\n  {}", rule.id, rule.severity, rule.meaning, rule.advice)?;
        }
        Ok(())
    })
}
