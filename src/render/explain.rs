//! `rollcall explain`: all that one person, group, IAM user, permission set or account has, by which paths, and why it is
//! or is not expected.
//!
//! The explanation is a versioned format with a published JSON Schema; the text is printed from the same value, so that
//! both say the same.

mod find_person;
mod find_thing;
mod grants;
mod of_person;
mod of_thing;
mod schema;
mod text;

use std::io;

use schema::EarlierRun;

use crate::model::Report;
use find_person::Somebody;
use find_thing::Thing;

pub use find_thing::ThingKind;
pub use schema::Explanation;
pub use text::explain_text;

/// The version of the format. It changes where a reader of the old one would be misled; new fields do not change it.
const VERSION: u32 = 1;

/// What is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Whatever is called so.
    Anything,
    /// A person.
    Person,
    /// A thing of this kind.
    Thing(ThingKind),
}

/// What a name led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// One person or thing.
    One(Box<Explanation>),
    /// Several are called so: each with its kind and what tells it from the others.
    Several(Vec<(&'static str, String)>),
    /// Nothing that could be read is called so.
    Nobody {
        /// The names that are nearest.
        near: Vec<String>,
        /// What could not be read and may name it; where this is empty, nothing is called so.
        unseen: Vec<String>,
    },
}

/// Explains what is called so: a person by user name, mail address, `sAMAccountName` or display name; a thing by its name,
/// id or ARN.
#[must_use]
pub fn explain(report: &Report<'_>, name: &str, wanted: Wanted) -> Found {
    let people = if let Wanted::Thing(_) = wanted { Vec::new() } else { find_person::called(report, name) };
    let things = match wanted {
        Wanted::Person => Vec::new(),
        Wanted::Anything => find_thing::called(report, name, None),
        Wanted::Thing(kind) => find_thing::called(report, name, Some(kind)),
    };
    match (people.as_slice(), things.as_slice()) {
        ([], []) => nobody(report, name, wanted),
        ([one], []) => Found::One(Box::new(Explanation::Person(of_person::explanation(report, *one)))),
        ([], [one]) => Found::One(Box::new(Explanation::Thing(of_thing::explanation(report, *one)))),
        _ => Found::Several(labels(report, &people, &things)),
    }
}

fn labels(report: &Report<'_>, people: &[Somebody], things: &[Thing]) -> Vec<(&'static str, String)> {
    let people = people.iter().map(|who| ("person", find_person::label(report, *who)));
    people.chain(things.iter().map(|thing| (thing.kind().word(), thing.id(report)))).collect()
}

fn nobody(report: &Report<'_>, name: &str, wanted: Wanted) -> Found {
    let (mut near, mut unseen) = (Vec::new(), Vec::new());
    if !matches!(wanted, Wanted::Thing(_)) {
        near.extend(find_person::near(report, name));
        unseen.extend(find_person::unseen(report));
    }
    if wanted != Wanted::Person {
        let kind = if let Wanted::Thing(kind) = wanted { Some(kind) } else { None };
        near.extend(find_thing::near(report, name, kind));
        unseen.extend(find_thing::unseen(report, kind));
    }
    unseen.sort();
    unseen.dedup();
    Found::Nobody { near, unseen }
}

fn earlier_run(report: &Report<'_>) -> Option<EarlierRun> {
    let earlier = report.earlier()?;
    Some(EarlierRun { run_id: earlier.run_id.clone(), as_of: earlier.as_of })
}

/// Writes an explanation as JSON.
///
/// # Errors
/// Where `out` does.
pub fn explain_json(explanation: &Explanation, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, explanation)?;
    out.write_all(b"\n")
}

/// The JSON Schema of an explanation.
#[must_use]
pub fn explain_schema() -> String {
    let schema = schemars::schema_for!(Explanation);
    serde_json::to_string_pretty(&schema).expect("a schema is plain JSON") + "\n"
}
