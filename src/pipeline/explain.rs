//! What one person or thing has and why: what an audit reads and judges, and no package.

use std::io;

use crate::compare::compare;
use crate::expect;
use crate::model::{Estate, Stamp, World};
use crate::render::{self, Found, Wanted};
use crate::store::Location;

use super::collected::collect;
use super::order::Order;
use super::{Clock, PipelineError, as_of, earlier_runs, lists, panics};

/// The form of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainAs {
    /// For a person, with the colours of a terminal.
    Text,
    /// For a machine.
    Json,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explained {
    /// The explanation.
    Told(Vec<u8>),
    /// More than one is called so: each with its kind and what tells it from the others.
    Several(Vec<(&'static str, String)>),
    /// Nothing that could be read is called so.
    Nobody {
        /// The names that are nearest.
        near: Vec<String>,
        /// What could not be read and may name them; where this is empty, nothing is called so.
        unseen: Vec<String>,
    },
}

/// Reads and judges what the order says, beside the newest of these audits (each store with the name of a job), and tells
/// what one person or thing has and why. Nothing is written anywhere.
///
/// # Errors
/// Where the lists cannot be relied on, nothing could be collected, or a store cannot be read.
pub async fn explain(
    order: &Order,
    audits: &[(Location, String)],
    (name, wanted): (&str, Wanted),
    form: ExplainAs,
    clock: &Clock,
) -> Result<Explained, PipelineError> {
    let settings = &order.settings;
    as_of::check(order.as_of, settings, &order.source, clock)?;
    let records = lists::read(&order.expected, settings, clock).await?;
    let before = earlier_runs::newest(settings, audits).await?;
    let collected = collect(settings, &order.source, &records, &order.run_id, clock).await?;
    let as_of = as_of::of(order.as_of, settings, &order.source, collected.snapshot.window, clock)?;
    let stamp = Stamp {
        run_id: order.run_id.clone(),
        as_of,
        origin: Some(as_of::origin(&order.source)),
        job: None,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        organization: settings.organization.clone(),
    };
    let (policy, name, columns) = (settings.policy(), name.to_owned(), order.columns);
    panics::compute(move || {
        let expectation = expect::fold(&records, as_of, Some(&Estate::of(&collected.snapshot)));
        let (earlier, store_notes) = (before.earlier, before.notes);
        let world = World { snapshot: collected.snapshot, expectation, policy, earlier, store_notes, stamp };
        tell(&world, (&name, wanted), form, columns).map_err(PipelineError::Draft)
    })
    .await
}

fn tell(
    world: &World,
    (name, wanted): (&str, Wanted),
    form: ExplainAs,
    columns: Option<usize>,
) -> io::Result<Explained> {
    let report = compare(world);
    let explanation = match render::explain(&report, name, wanted) {
        Found::One(explanation) => explanation,
        Found::Several(called) => return Ok(Explained::Several(called)),
        Found::Nobody { near, unseen } => return Ok(Explained::Nobody { near, unseen }),
    };
    let mut told = Vec::new();
    match form {
        ExplainAs::Text => render::explain_text(&explanation, columns, &mut told)?,
        ExplainAs::Json => render::explain_json(&explanation, &mut told)?,
    }
    Ok(Explained::Told(told))
}

/// The JSON Schema of an explanation.
#[must_use]
pub fn schema() -> String {
    render::explain_schema()
}
