//! What policies together allow of one action: on all that it must be allowed on, on some of it, or not at all.
//!
//! A denial counts only where it takes the action away from everything and under no condition: otherwise there is a
//! time or a thing for which it is allowed.

use crate::model::{Condition, Effect, Named, Statement, fits, quoted};

use super::escalation_paths::{Need, Over};
use super::management_account::Place;
use super::{denied, passed_services};

/// A statement, and the policy that it stands in, for a reader.
pub(super) struct Held<'a> {
    pub(super) policy: &'a str,
    pub(super) statement: &'a Statement,
}

/// All statements that somebody has, and where.
pub(super) struct Holding<'a> {
    pub(super) statements: Vec<Held<'a>>,
    pub(super) place: Place,
}

impl Holding<'_> {
    /// Whether all that a pattern of actions may mean is denied.
    pub(super) fn denies(&self, pattern: &str) -> bool {
        self.statements.iter().any(|held| denied::denies(held.statement, pattern))
    }

    fn allows(&self, action: &str) -> bool {
        let allows = |held: &Held<'_>| held.statement.effect == Effect::Allow && held.statement.actions.name(action);
        self.statements.iter().any(allows) && !self.denies(action)
    }

    /// How much it is to be allowed an action by a statement that does not name its service, where the action gains
    /// something only in some accounts. "All but IAM and AWS Organizations", which is how AWS writes `PowerUserAccess`,
    /// counts where it is had in the account that manages the organization, because Identity Center is not left out.
    fn unnamed(&self) -> Width {
        let power_user = !self.allows("iam:CreateUser") && !self.allows("organizations:AttachPolicy");
        match self.place {
            Place::Management => Width::All,
            Place::Member if power_user => Width::Oneself,
            Place::Member | Place::Unsaid => Width::Some,
        }
    }
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

/// The conditions of a statement that limit what may be done.
pub(super) fn limits(statement: &Statement) -> impl Iterator<Item = &Condition> {
    let of_the_caller =
        |condition: &&Condition| OF_THE_CALLER.iter().any(|key| condition.key.eq_ignore_ascii_case(key));
    statement.conditions.iter().filter(move |condition| !of_the_caller(condition))
}

/// What these statements allow of what a way needs.
pub(super) fn of<'a>(holding: &'a Holding<'_>, need: &Need) -> Reach<'a> {
    if holding.denies(need.action) {
        return Reach::None;
    }
    let mut some = None;
    for Held { policy, statement } in &holding.statements {
        let Some(allowed) = allowing(statement, need) else { continue };
        if need.action == "iam:PassRole" && passed_services::for_one_purpose(&statement.conditions) {
            continue;
        }
        let action = quoted(need.action);
        let width = width(statement, need.over);
        let width = if allowed.names_service { width } else { width.min(holding.unnamed()) };
        match (width, limits(statement).next()) {
            (Width::All, None) => return Reach::All { policy, words: allowed.words },
            (Width::All, Some(condition)) => {
                let under = || format!("{policy} allows {action} under a condition on {}", quoted(&condition.key));
                some.get_or_insert_with(under);
            }
            (Width::Some, _) if !allowed.names_service => {
                let words = if allowed.words == EVERYTHING { "everything that is not denied" } else { &allowed.words };
                some.get_or_insert_with(|| format!("{policy} allows {words}"));
            }
            (Width::Some, _) => {
                some.get_or_insert_with(|| format!("{policy} allows {action} on some resources"));
            }
            (Width::Oneself, _) => {}
        }
    }
    some.map_or(Reach::None, Reach::Some)
}

const EVERYTHING: &str = "everything";

/// The words by which a statement allows an action.
struct Allowed {
    words: String,
    /// Whether it counts as naming the action's service; only some ways ask for that.
    names_service: bool,
}

fn allowing(statement: &Statement, need: &Need) -> Option<Allowed> {
    if statement.effect != Effect::Allow || !statement.actions.name(need.action) {
        return None;
    }
    let by_name = match need.over {
        Over::EverythingByName => true,
        Over::All(_) | Over::AllOrOneself(_) | Over::Something => false,
    };
    match &statement.actions {
        Named::AllBut(_) => {
            let words = format!("almost all actions, including {}", quoted(need.action));
            Some(Allowed { words, names_service: !by_name })
        }
        Named::Only(patterns) => {
            let fitting: Vec<&String> = patterns.iter().filter(|pattern| fits(pattern, need.action)).collect();
            let named = fitting.iter().find(|pattern| names_service(pattern));
            let pattern = if by_name { named.or(fitting.first())? } else { fitting.first()? };
            let words = match pattern.as_str() {
                "*" | "*:*" => EVERYTHING.to_owned(),
                pattern => quoted(pattern),
            };
            Some(Allowed { words, names_service: !by_name || named.is_some() })
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

/// Services of whose resources no action is part of a way: an ARN of theirs is none that such an action can be allowed
/// on.
const OF_NO_WAY: [&str; 6] = ["dynamodb", "kinesis", "logs", "s3", "sns", "sqs"];

fn width_of(pattern: &str, over: Over) -> Width {
    if pattern.chars().all(|letter| letter == '*') {
        return Width::All;
    }
    let service = pattern.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(1));
    if service.is_some_and(|service| OF_NO_WAY.contains(&service)) {
        return Width::Oneself;
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
    let name = name.to_ascii_lowercase();
    if fits_all {
        Width::All
    } else if name.ends_with("/${aws:username}") {
        oneself
    } else if name.starts_with("role/aws-service-role/") {
        // Of these AWS decides what they may do, and which service uses them.
        Width::Oneself
    } else {
        Width::Some
    }
}
