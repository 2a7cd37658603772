//! What policies together allow of one action: on all that it must be allowed on, on some of it, or not at all.
//!
//! A denial counts only where it takes the action away from everything and under no condition: otherwise there is a
//! time or a thing for which it is allowed.

use crate::model::{Effect, Named, Statement, fits, quoted};

use super::ways::{Need, Over};

/// A statement, and the policy that it stands in, for a reader.
pub(super) struct Held<'a> {
    pub(super) policy: &'a str,
    pub(super) statement: &'a Statement,
}

/// How far an action is allowed.
pub(super) enum Reach<'a> {
    /// On all that it must be allowed on: by which policy, and in which words.
    All { policy: &'a str, words: String },
    /// On some of it, or under a condition that limits what may be done: why, for a reader.
    Some(String),
    /// Not at all.
    None,
}

/// Conditions on how and from where somebody calls. Whoever meets them is an administrator all the same; all other
/// conditions limit what may be done, and how far nobody can say in general.
const OF_THE_CALLER: [&str; 9] = [
    "aws:MultiFactorAuthPresent",
    "aws:MultiFactorAuthAge",
    "aws:PrincipalOrgID",
    "aws:SecureTransport",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:UserAgent",
    "aws:VpcSourceIp",
];

/// What these statements allow of what a way needs.
pub(super) fn of<'a>(held: &[Held<'a>], need: &Need) -> Reach<'a> {
    if held.iter().any(|held| takes_away(held.statement, need.action)) {
        return Reach::None;
    }
    let mut some = None;
    for Held { policy, statement } in held {
        let Some(words) = allowing(statement, need) else { continue };
        let limits = statement
            .conditions
            .iter()
            .find(|condition| !OF_THE_CALLER.iter().any(|key| condition.key.eq_ignore_ascii_case(key)));
        let action = need.action;
        match (width(statement, need.over), limits) {
            (Width::All, None) => return Reach::All { policy, words },
            (Width::All, Some(condition)) => {
                some.get_or_insert_with(|| {
                    format!(
                        "{policy} allows {action} under a condition on {}",
                        quoted(&condition.key),
                        action = quoted(action)
                    )
                });
            }
            (Width::Some, _) => {
                some.get_or_insert_with(|| format!("{policy} allows {} on some resources", quoted(action)));
            }
            (Width::Oneself, _) => {}
        }
    }
    some.map_or(Reach::None, Reach::Some)
}

/// Whether a statement denies an action on everything, whatever the circumstances.
fn takes_away(statement: &Statement, action: &str) -> bool {
    let everything =
        matches!(&statement.resources, Some(Named::Only(patterns)) if patterns.iter().any(|one| one == "*"));
    statement.effect == Effect::Deny && statement.conditions.is_empty() && everything && statement.actions.name(action)
}

/// The words by which a statement allows the action, where it does.
fn allowing(statement: &Statement, need: &Need) -> Option<String> {
    if statement.effect != Effect::Allow || !statement.actions.name(need.action) {
        return None;
    }
    match &statement.actions {
        Named::AllBut(_) if need.over == Over::EverythingByName => None,
        Named::AllBut(_) => Some(format!("all but a few actions, {} not among them", quoted(need.action))),
        Named::Only(patterns) => {
            let mut fitting = patterns.iter().filter(|pattern| fits(pattern, need.action));
            let pattern = match need.over {
                Over::EverythingByName => fitting.find(|pattern| names_service(pattern))?,
                Over::All(_) | Over::AllOrOneself(_) | Over::Something => fitting.next()?,
            };
            Some(match pattern.as_str() {
                "*" | "*:*" => "everything".to_owned(),
                pattern => quoted(pattern),
            })
        }
    }
}

/// Whether a pattern says which service it means.
fn names_service(pattern: &str) -> bool {
    pattern.split_once(':').is_some_and(|(service, _)| !service.contains(['*', '?']))
}

/// How much of what an action must be allowed on a statement speaks of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Width {
    Oneself,
    Some,
    All,
}

fn width(statement: &Statement, over: Over) -> Width {
    let patterns = match (&statement.resources, over) {
        (_, Over::Something) => return Width::All,
        (Some(Named::Only(patterns)), _) => patterns,
        // All but some resources, or none said: which is left, nobody can say in general.
        (Some(Named::AllBut(_)) | None, _) => return Width::Some,
    };
    patterns.iter().map(|pattern| width_of(pattern, over)).max().unwrap_or(Width::Some)
}

fn width_of(pattern: &str, over: Over) -> Width {
    if pattern.chars().all(|letter| letter == '*') {
        return Width::All;
    }
    let (resource, oneself) = match over {
        Over::All(resource) => (resource, Width::Oneself),
        Over::AllOrOneself(resource) => (resource, Width::All),
        Over::EverythingByName | Over::Something => return Width::Some,
    };
    // A name that no pattern fits but one that fits every name.
    let any_name = format!("{resource}/\u{1}");
    let parts: Vec<&str> = pattern.splitn(6, ':').collect();
    let (fits_all, name) = match parts.as_slice() {
        [_, _, service, _, _, name] => (fits(service, "iam") && fits(name, &any_name), *name),
        _ => (fits(pattern, &format!("arn:aws:iam::\u{1}:{any_name}")), pattern),
    };
    if fits_all {
        Width::All
    } else if name.to_ascii_lowercase().ends_with("/${aws:username}") {
        oneself
    } else {
        Width::Some
    }
}
