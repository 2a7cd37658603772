//! Plan files, read and written. What is read may have been edited by anybody: what is not understood is refused.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{ChangeId, Plan, Planned, SHELF_LIFE};
use crate::model::{OnceEach, excerpt, parser_words, quoted_excerpt};

/// The version of the format that is read and written.
pub const VERSION: u32 = 1;
/// The most changes that a plan has: no person reviews more.
pub const MOST_CHANGES: usize = 2_000;
/// The most bytes that a plan file has.
const MOST_BYTES: usize = 16 << 20;

/// Why a plan file cannot be used. What file it is, the caller says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// It is too long for a plan.
    #[error("it has {0} bytes; a plan has at most {MOST_BYTES}")]
    TooLong(usize),
    /// It is no JSON object.
    #[error("it is not a plan: {0}")]
    NotJson(String),
    /// Its version is not known here.
    #[error("this plan has format version {0}, but this version of Rollcall reads version {VERSION}")]
    Version(String),
    /// A part of it is not understood.
    #[error("{at}: {said}")]
    Malformed {
        /// Where.
        at: String,
        /// What is wrong.
        said: String,
    },
    /// It has more changes than anybody reviews.
    #[error("it has {0} changes; a plan has at most {MOST_CHANGES}")]
    TooMany(usize),
    /// Two changes have one id.
    #[error("two changes have the id `{0}`")]
    SameId(ChangeId),
    /// A change names another one that is not there, or that does not make what is named.
    #[error("change `{change}` needs change `{needs}`, {why}")]
    Needs {
        /// The change.
        change: ChangeId,
        /// The one that it needs.
        needs: ChangeId,
        /// What is wrong with that.
        why: &'static str,
    },
}

impl PlanError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            PlanError::TooLong(_) | PlanError::TooMany(_) => "split it into several plans",
            PlanError::NotJson(_) => "name a file that `rollcall plan … --out FILE` wrote",
            PlanError::Version(_) => {
                "make the plan again with this version of Rollcall, or use the version that \
                                      made it"
            }
            PlanError::Malformed { .. } => {
                "make the plan again; you may edit a plan only by deleting whole changes (`rollcall schema plan` has \
                 the format)"
            }
            PlanError::SameId(_) => "give each change its own id",
            PlanError::Needs { .. } => {
                "also delete the change that needs the other one, or make the plan again without it"
            }
        }
    }
}

/// The bytes of a plan: the same plan gives the same bytes.
///
/// # Panics
/// Never: a plan is JSON.
#[must_use]
pub fn write(plan: &Plan) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(plan).expect("a plan is JSON");
    bytes.push(b'\n');
    bytes
}

/// Reads a plan file. The digest of a plan is that of these bytes.
///
/// # Errors
/// [`PlanError`], for the first thing that is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Plan, PlanError> {
    if bytes.len() > MOST_BYTES {
        return Err(PlanError::TooLong(bytes.len()));
    }
    let not_json = |error: serde_json::Error| PlanError::NotJson(parser_words(&error));
    let OnceEach(value) = serde_json::from_slice(bytes).map_err(not_json)?;
    let Value::Object(mut fields) = value else {
        return Err(PlanError::NotJson("it is not a JSON object".to_owned()));
    };
    match fields.get("version") {
        Some(version) if version.as_u64() == Some(VERSION.into()) => {}
        Some(version) => return Err(PlanError::Version(excerpt(&version.to_string()))),
        None => return Err(PlanError::NotJson("it has no `version`".to_owned())),
    }
    // Changes are understood one by one, so that an error can say in which one it is.
    let entries = fields.insert("changes".to_owned(), Value::Array(Vec::new()));
    let mut plan: Plan = understood(Value::Object(fields), || "the plan".to_owned())?;
    let Some(Value::Array(entries)) = entries else {
        return Err(PlanError::Malformed { at: "the plan".to_owned(), said: "`changes` is not a list".to_owned() });
    };
    if entries.len() > MOST_CHANGES {
        return Err(PlanError::TooMany(entries.len()));
    }
    plan.changes = entries.into_iter().enumerate().map(entry).collect::<Result<_, _>>()?;
    check(&plan.changes)?;
    if plan.expires - plan.made.at > SHELF_LIFE {
        let said = format!("`expires` is more than {} hours after `made.at`", SHELF_LIFE.num_hours());
        return Err(PlanError::Malformed { at: "the plan".to_owned(), said });
    }
    Ok(plan)
}

fn entry((number, entry): (usize, Value)) -> Result<Planned, PlanError> {
    let id = entry.as_object().and_then(|fields: &Map<String, Value>| fields.get("id")?.as_str().map(quoted_excerpt));
    let at = match id {
        Some(id) => format!("change {} ({id})", number + 1),
        None => format!("change {}", number + 1),
    };
    understood(entry, || at)
}

fn understood<T: DeserializeOwned>(value: Value, at: impl FnOnce() -> String) -> Result<T, PlanError> {
    serde_json::from_value(value).map_err(|error| PlanError::Malformed { at: at(), said: parser_words(&error) })
}

/// Checks what holds between changes: each has an id of its own, and those that one needs are there and make what it
/// names, without a circle.
fn check(changes: &[Planned]) -> Result<(), PlanError> {
    let mut known: BTreeMap<&ChangeId, &Planned> = BTreeMap::new();
    for (number, planned) in changes.iter().enumerate() {
        let wrong = |said: &str| PlanError::Malformed { at: format!("change {}", number + 1), said: said.to_owned() };
        if !planned.id.is_valid() {
            return Err(wrong("its `id` must have at most 32 characters: letters, digits and `-`"));
        }
        if !has_one_identity(planned) {
            return Err(wrong("a user or a group needs either an `id` or `made_by`"));
        }
        if known.insert(&planned.id, planned).is_some() {
            return Err(PlanError::SameId(planned.id.clone()));
        }
    }
    for planned in changes {
        let needs = |needs: &ChangeId, why| PlanError::Needs { change: planned.id.clone(), needs: needs.clone(), why };
        if let Some(absent) = planned.after.iter().chain(planned.change.makers()).find(|id| !known.contains_key(id)) {
            return Err(needs(absent, "which is not in the plan"));
        }
        let user = planned.change.user().and_then(|user| user.made_by.as_ref().map(|by| (by, &user.name)));
        let group = planned.change.group().and_then(|group| group.made_by.as_ref().map(|by| (by, &group.name)));
        for (by, name, made) in [(user, made_user as Maker), (group, made_group)]
            .into_iter()
            .filter_map(|(named, made)| named.map(|(by, name)| (by, name, made)))
        {
            if made(known[by]) != Some(name) {
                return Err(needs(by, "which does not create the object that it names"));
            }
        }
    }
    match in_a_circle(changes, &known) {
        Some((change, after)) => Err(PlanError::Needs { change, needs: after, why: "which in turn needs it" }),
        None => Ok(()),
    }
}

/// The name of what a change makes.
type Maker = fn(&Planned) -> Option<&String>;

fn made_user(planned: &Planned) -> Option<&String> {
    if let super::Change::CreateUser { name, .. } = &planned.change { Some(name) } else { None }
}

fn made_group(planned: &Planned) -> Option<&String> {
    if let super::Change::CreateGroup { name, .. } = &planned.change { Some(name) } else { None }
}

/// Whether what a change names has an id, or a change that makes it, and not both.
fn has_one_identity(planned: &Planned) -> bool {
    let user = planned.change.user().is_none_or(|user| user.id.is_some() != user.made_by.is_some());
    user && planned.change.group().is_none_or(|group| group.id.is_some() != group.made_by.is_some())
}

/// A change that can never come first, because what it needs needs it.
fn in_a_circle(changes: &[Planned], known: &BTreeMap<&ChangeId, &Planned>) -> Option<(ChangeId, ChangeId)> {
    let mut done: BTreeSet<&ChangeId> = BTreeSet::new();
    loop {
        let open = || changes.iter().filter(|planned| !done.contains(&planned.id));
        let ready: Vec<&ChangeId> = open()
            .filter(|planned| planned.after.iter().chain(planned.change.makers()).all(|id| done.contains(id)))
            .map(|planned| &planned.id)
            .collect();
        if ready.is_empty() {
            let stuck = open().next()?;
            let needs = stuck.after.iter().chain(stuck.change.makers()).find(|id| !done.contains(id))?;
            return Some((stuck.id.clone(), known.get(needs).map_or_else(|| needs.clone(), |one| one.id.clone())));
        }
        done.extend(ready);
    }
}
