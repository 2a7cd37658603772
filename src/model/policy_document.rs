//! A policy document of IAM, as its grammar has it (IAM User Guide, "Grammar of the IAM JSON policy language").
//!
//! It knows how a document is written, not what it means. What does not fit the grammar is an error and never an
//! empty document: a policy that could not be read may allow anything.

use serde_json::{Map, Value};

use super::{OnceEach, quoted};

/// A policy document: of an identity, or the trust policy of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDocument {
    /// Its statements, in their order.
    pub statements: Vec<Statement>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whether it allows or denies.
    pub effect: Effect,
    /// Which actions: `iam:CreateUser`, `s3:*`.
    pub actions: Named,
    /// On which resources; `None` in a trust policy.
    pub resources: Option<Named>,
    /// Whose actions; `None` in a policy of an identity.
    pub principals: Option<Principals>,
    /// Under which conditions, all of which must hold.
    pub conditions: Vec<Condition>,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies, whatever else allows.
    Deny,
}

/// Actions or resources, as patterns with `*` and `?`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Those that a pattern fits (`Action`, `Resource`).
    Only(Vec<String>),
    /// Those that no pattern fits (`NotAction`, `NotResource`).
    AllBut(Vec<String>),
}

/// The principals of a trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// These: the type (`AWS`, `Service`, `Federated`) and the principal. `"Principal": "*"` is (`AWS`, `*`).
    Only(Vec<(String, String)>),
    /// All but some (`NotPrincipal`).
    AllBut,
}

/// One line of a condition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// How it compares: `StringEquals`, `ForAnyValue:StringLike`.
    pub operator: String,
    /// What it compares: `sts:ExternalId`.
    pub key: String,
    /// With what; any of these is enough.
    pub values: Vec<String>,
}

impl PolicyDocument {
    /// Reads a document.
    ///
    /// # Errors
    /// Where the text is not JSON, or says something that the grammar does not have: in words, fit to follow a colon.
    pub fn parse(text: &str) -> Result<Self, String> {
        let OnceEach(document) = serde_json::from_str(text).map_err(|error| format!("it is not JSON ({error})"))?;
        let Value::Object(elements) = document else { return Err("it is not a JSON object".to_owned()) };
        let mut statements = None;
        for (element, value) in elements {
            match element.to_ascii_lowercase().as_str() {
                "version" | "id" => {}
                "statement" => {
                    let read = one_or_many(value).map(self::statement).collect::<Result<_, _>>()?;
                    once(&mut statements, read, "`Statement`")?;
                }
                _ => return Err(format!("it has the unknown element {}", quoted(&element))),
            }
        }
        Ok(PolicyDocument { statements: statements.ok_or("it has no `Statement`")? })
    }
}

impl Named {
    /// Whether `text` is one of these.
    #[must_use]
    pub fn name(&self, text: &str) -> bool {
        match self {
            Named::Only(patterns) => patterns.iter().any(|pattern| fits(pattern, text)),
            Named::AllBut(patterns) => !patterns.iter().any(|pattern| fits(pattern, text)),
        }
    }
}

/// Whether a pattern fits a text: `*` stands for any characters, `?` for one; case does not matter, because IAM
/// ignores it in actions, and two resources that differ by case alone are nothing to rely on.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    if pattern.is_ascii() && text.is_ascii() {
        return fits_letters(pattern.as_bytes(), text.as_bytes(), |letter| letter.to_ascii_lowercase());
    }
    let letters = |text: &str| -> Vec<u32> { text.chars().map(u32::from).collect() };
    let lower = |letter: u32| u8::try_from(letter).map_or(letter, |byte| u32::from(byte.to_ascii_lowercase()));
    fits_letters(&letters(pattern), &letters(text), lower)
}

/// The same over letters of any sort. Policies are long, and are asked often: nothing is copied here.
fn fits_letters<L: Copy + PartialEq + From<u8>>(pattern: &[L], text: &[L], lower: impl Fn(L) -> L) -> bool {
    let (star_sign, any_one) = (L::from(b'*'), L::from(b'?'));
    let (mut at, mut place) = (0, 0);
    // Where the last `*` stands, and how far it reaches: only that one ever needs to reach further.
    let mut star: Option<(usize, usize)> = None;
    while place < text.len() {
        match pattern.get(at) {
            Some(letter) if *letter == star_sign => {
                star = Some((at, place));
                at += 1;
            }
            Some(letter) if *letter == any_one || lower(*letter) == lower(text[place]) => {
                at += 1;
                place += 1;
            }
            Some(_) | None => {
                let Some((before, reach)) = star else { return false };
                star = Some((before, reach + 1));
                at = before + 1;
                place = reach + 1;
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == star_sign)
}

fn statement(value: Value) -> Result<Statement, String> {
    let Value::Object(elements) = value else { return Err("a statement is not a JSON object".to_owned()) };
    let (mut effect, mut actions, mut resources, mut principals) = (None, None, None, None);
    let mut conditions = None;
    for (element, value) in elements {
        match element.to_ascii_lowercase().as_str() {
            "sid" => {}
            "effect" => once(&mut effect, self::effect(&value)?, "`Effect`")?,
            "action" => once(&mut actions, Named::Only(self::actions(value, &element)?), "actions")?,
            "notaction" => once(&mut actions, Named::AllBut(self::actions(value, &element)?), "actions")?,
            "resource" => once(&mut resources, Named::Only(texts(value, &element)?), "resources")?,
            "notresource" => once(&mut resources, Named::AllBut(texts(value, &element)?), "resources")?,
            "principal" => once(&mut principals, Principals::Only(self::principals(value)?), "principals")?,
            "notprincipal" => once(&mut principals, Principals::AllBut, "principals")?,
            "condition" => once(&mut conditions, self::conditions(value)?, "`Condition`")?,
            _ => return Err(format!("a statement has the unknown element {}", quoted(&element))),
        }
    }
    let effect = effect.ok_or("a statement has no `Effect`")?;
    let actions = actions.ok_or("a statement has neither `Action` nor `NotAction`")?;
    Ok(Statement { effect, actions, resources, principals, conditions: conditions.unwrap_or_default() })
}

/// Takes an element that can be said once: of two, nobody knows which one counts.
fn once<T>(element: &mut Option<T>, said: T, what: &str) -> Result<(), String> {
    match element.replace(said) {
        None => Ok(()),
        Some(_) => Err(format!("it names {what} twice")),
    }
}

fn effect(value: &Value) -> Result<Effect, String> {
    match value.as_str() {
        Some("Allow") => Ok(Effect::Allow),
        Some("Deny") => Ok(Effect::Deny),
        Some(_) | None => Err(format!("a statement has the unknown effect {value}")),
    }
}

fn principals(value: Value) -> Result<Vec<(String, String)>, String> {
    match value {
        Value::String(everyone) => Ok(vec![("AWS".to_owned(), everyone)]),
        Value::Object(types) => {
            let mut principals = Vec::new();
            for (kind, named) in types {
                principals.extend(texts(named, "Principal")?.into_iter().map(|name| (kind.clone(), name)));
            }
            Ok(principals)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
            Err("a `Principal` is neither text nor an object".to_owned())
        }
    }
}

fn conditions(value: Value) -> Result<Vec<Condition>, String> {
    let not_an_object = || "a `Condition` is not an object of objects".to_owned();
    let object = |value: Value| -> Result<Map<String, Value>, String> {
        if let Value::Object(map) = value { Ok(map) } else { Err(not_an_object()) }
    };
    let mut conditions = Vec::new();
    for (operator, compared) in object(value)? {
        for (key, values) in object(compared)? {
            let values = one_or_many(values).map(|value| match value {
                Value::String(text) => Ok(text),
                // IAM takes `true` and `1` for "true" and "1".
                Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
                Value::Null | Value::Array(_) | Value::Object(_) => Err(not_an_object()),
            });
            let values = values.collect::<Result<_, _>>()?;
            conditions.push(Condition { operator: operator.clone(), key, values });
        }
    }
    Ok(conditions)
}

/// Names of actions hold no blanks; what IAM makes of one that does, nobody knows.
fn actions(value: Value, element: &str) -> Result<Vec<String>, String> {
    let actions = texts(value, element)?;
    match actions.iter().find(|action| action.contains(char::is_whitespace)) {
        Some(odd) => Err(format!("a statement has the invalid action {}", quoted(odd))),
        None => Ok(actions),
    }
}

fn texts(value: Value, element: &str) -> Result<Vec<String>, String> {
    let texts = one_or_many(value).map(|value| match value {
        Value::String(text) => Ok(text),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(format!("{} is neither text nor a list of texts", quoted(element)))
        }
    });
    texts.collect()
}

/// A list's values, or the one value: the grammar lets the brackets of a list of one be left out.
fn one_or_many(value: Value) -> impl Iterator<Item = Value> {
    let values = if let Value::Array(values) = value { values } else { vec![value] };
    values.into_iter()
}
